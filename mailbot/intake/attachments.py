"""The attachments as people see them, and the documents among them. Pure."""

import hashlib

from mailbot.intake.containers import A_PERSON
from mailbot.intake.email import Attachment, Document
from mailbot.intake.filetypes import type_of
from mailbot.intake.parts import Leaf, Place
from mailbot.intake.rules import IntakeLimits


def list_attachments(
    leaves: tuple[Leaf, ...], limits: IntakeLimits
) -> tuple[tuple[Attachment, ...], tuple[Document, ...], tuple[str, ...]]:
    """Attachments as people see them, the documents among them for parse, and problems in plain words."""
    attached = [one for one in leaves if one.place is Place.ATTACHMENT]
    listed, documents, problems = [], [], []
    if len(attached) > limits.attachments:
        problems.append(
            f"The message has {len(attached)} attachments; only the first {limits.attachments} were listed."
        )
    for number, leaf in enumerate(attached[: limits.attachments]):
        is_message = leaf.content_type == "message/rfc822"
        kind = "message" if is_message else type_of(leaf.content)
        name = leaf.name or f"attachment {number + 1}"
        digest = hashlib.sha256(leaf.content).hexdigest()
        outcome = _first_outcome(leaf)
        listed.append(Attachment(name=name, size=len(leaf.content), sha256=digest, type=kind, outcome=outcome))
        if outcome.endswith(A_PERSON):
            problems.append(f"«{name}» {outcome}.")
        if not outcome:
            documents.append(Document(number=number, name=name, type=kind, content=leaf.content))
    return tuple(listed), tuple(documents), tuple(problems)


def _first_outcome(leaf: Leaf) -> str:
    """What is known of an attachment before anybody reads it as a document; empty for one that is to be read."""
    if leaf.content_type == "message/rfc822":
        return "opened: its text and attachments are read with this mail"
    return leaf.outcome if leaf.content else "empty"
