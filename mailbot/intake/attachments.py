"""What kind of file some bytes are, told from the bytes: neither the name nor the declared type is believed. Pure."""

import hashlib
import io
import zipfile

from mailbot.intake.email import Attachment, Document
from mailbot.intake.parts import Leaf, Place
from mailbot.intake.rules import IntakeLimits

MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"{\\rtf", "rtf"),
    (b"\x78\x9f\x3e\x22", "tnef"),
)
BROKEN_OFF: tuple[tuple[bytes, str], ...] = ((b"word/", "word/"), (b"xl/", "xl/"), (b"content.xml", "content.xml"))
"""What an archive without its list of contents still shows of the document it was."""
OFFICE_97 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PDF_WITHIN = 1024
TEXT_SAMPLE = 4096
PICTURES = frozenset({"png", "jpg"})

LOCKED: tuple[tuple[str, str], ...] = (
    (".rpmsg", "is a protected (encrypted) message that the bot cannot open"),
    (".p7m", "is a signed or encrypted message that the bot cannot open"),
)


def type_of(content: bytes) -> str:
    """docx, pdf, odt, xlsx, doc, rtf, png, jpg, zip, msg, tnef, text or other."""
    for magic, name in MAGIC:
        if content.startswith(magic):
            return name
    if content.startswith(b"PK\x03\x04"):
        return _zip_type(content)
    if content.startswith(OFFICE_97):
        return _office_97_type(content)
    if b"%PDF-" in content[:PDF_WITHIN]:
        return "pdf"
    return "text" if _is_text(content[:TEXT_SAMPLE]) else "other"


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
        outcome = _first_outcome(leaf, kind)
        listed.append(Attachment(name=name, size=len(leaf.content), sha256=digest, type=kind, outcome=outcome))
        problems += [
            f"«{name}» {why}; a person must open it." for ending, why in LOCKED if name.lower().endswith(ending)
        ]
        if not is_message and kind not in PICTURES and leaf.content:
            documents.append(Document(number=number, name=name, type=kind, content=leaf.content))
    return tuple(listed), tuple(documents), tuple(problems)


def _first_outcome(leaf: Leaf, kind: str) -> str:
    if leaf.content_type == "message/rfc822":
        return "opened: its text and attachments are read with this mail"
    if not leaf.content:
        return "empty"
    return "a picture: kept, not read" if kind in PICTURES else ""


def _zip_type(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except Exception:  # noqa: BLE001 - half a document is still known by the names in what has arrived of it
        names = [name for mark, name in BROKEN_OFF if mark in content]
    if any(name.startswith("word/") for name in names):
        return "docx"
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    is_text_document = "content.xml" in names and b"opendocument.text" in content[:200]
    return "odt" if is_text_document else "zip"


def _office_97_type(content: bytes) -> str:
    if "__substg1.0_".encode("utf-16-le") in content:
        return "msg"
    return "doc" if "WordDocument".encode("utf-16-le") in content else "other"


def _is_text(sample: bytes) -> bool:
    if b"\x00" in sample:
        return False
    control = sum(1 for one in sample if one < 32 and one not in b"\t\n\r\f\x1b")  # noqa: PLR2004 - below the space
    return control * 50 <= len(sample)
