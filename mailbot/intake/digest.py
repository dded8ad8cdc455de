"""Whether two messages are one: by a fingerprint where they are alike to the letter, by ``same_mail`` where a gateway wrote in one.

The fingerprint is taken over From, Date, Message-ID and the decoded parts. Not over Received lines, other headers,
transfer encodings or boundaries: two copies of one mail differ in all of these. The same Message-ID with other content
is another mail. Pure.
"""

import hashlib
import re
from collections import Counter

from mailbot.intake.addresses import read_addresses
from mailbot.intake.disclaimers import without_disclaimers
from mailbot.intake.email import InboundEmail
from mailbot.intake.headers import Mail, decode_bytes, message_ids, moment, raw_value
from mailbot.intake.parts import Leaf

MOST_ADDED = 200
"""Words that a gateway's banner and footer may add to a copy."""

_LINK = re.compile(r"<?\b(?:https?://|www\.)\S+", re.IGNORECASE)
_TAG = re.compile(r"\[[^\[\]]{1,40}\]|^\W*(?:external|caution)\s*:", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")


def digest_of(message: Mail, leaves: tuple[Leaf, ...]) -> str:
    """64 lower-case hexadecimal digits."""
    sender = read_addresses(raw_value(message, "From"))
    date = raw_value(message, "Date")
    at = moment(date)
    ids = message_ids(raw_value(message, "Message-ID"))
    taken = hashlib.sha256()
    for piece in (
        sender[0].address.lower() if sender else "",
        at.isoformat() if at else date,
        ids[0] if ids else raw_value(message, "Message-ID"),
    ):
        _add(taken, piece.encode("utf-8", "replace"))
    for leaf in leaves:
        _add(taken, leaf.name.encode("utf-8", "replace"))
        _add(taken, _same_everywhere(leaf))
    return taken.hexdigest()


def same_mail(one: InboundEmail, other: InboundEmail) -> bool:
    """Whether two messages are copies of one, though a gateway put a banner, a footer or other links into one of them.

    Sender, Message-ID, date (to the second) and attachments must be the same, and the words of one must stand unbroken
    in the other. A single word exchanged ("approved", "rejected") is another mail.
    """
    if one.digest and one.digest == other.digest:
        return True
    if not one.message_id or one.date is None or other.date is None:
        return False
    return (
        one.message_id == other.message_id
        and one.sender.address.lower() == other.sender.address.lower()
        and one.date.replace(microsecond=0) == other.date.replace(microsecond=0)
        and _words(_TAG.sub(" ", one.subject)) == _words(_TAG.sub(" ", other.subject))
        and Counter(file.sha256 for file in one.attachments) == Counter(file.sha256 for file in other.attachments)
        and _same_words(one, other)
    )


def _same_words(one: InboundEmail, other: InboundEmail) -> bool:
    shorter, longer = sorted((_said(one.text), _said(other.text)), key=len)
    if not shorter and not one.attachments:
        return not longer
    unbroken = f" {' '.join(shorter)} " in f" {' '.join(longer)} " if shorter else True
    return unbroken and len(longer) - len(shorter) <= MOST_ADDED


def _said(text: str) -> list[str]:
    return _words("\n".join(without_disclaimers(_LINK.sub(" ", text).split("\n"))))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _add(taken: "hashlib._Hash", piece: bytes) -> None:
    taken.update(len(piece).to_bytes(8, "big") + piece)


def _same_everywhere(leaf: Leaf) -> bytes:
    if leaf.content_type == "message/rfc822":
        return b""  # its own leaves follow; flattening it again would bring its headers and encodings back
    if not leaf.content_type.startswith("text/"):
        return leaf.content
    lines = decode_bytes(leaf.content, leaf.charset).splitlines()
    return "\n".join(line.rstrip() for line in lines).strip().encode("utf-8", "replace")
