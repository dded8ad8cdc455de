"""What kind of file some bytes are, told from the bytes: neither the name nor the declared type is believed. Pure."""

import io
import re
import zipfile

MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\x00", "tif"),
    (b"MM\x00*", "tif"),
    (b"{\\rtf", "rtf"),
    (b"\x78\x9f\x3e\x22", "tnef"),
    (b"Rar!\x1a\x07", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b\x08", "archive"),
)
OFFICE_97 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
STREAMS: tuple[tuple[str, str], ...] = (
    ("EncryptedPackage", "locked"),
    ("__substg1.0_", "msg"),
    ("WordDocument", "doc"),
)
"""What the streams of an Office 97 file are called, in the order in which they are looked for."""

BROKEN_OFF: tuple[tuple[bytes, str], ...] = ((b"word/", "word/"), (b"xl/", "xl/"), (b"content.xml", "content.xml"))
"""What an archive without its list of contents still shows of the document it was."""

BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")
PDF_WITHIN = 1024
TEXT_SAMPLE = 4096
HEADER_LINES = 3
"""So many lines of a mail's own headers at the top of a text make it a mail saved as a file."""

_HTML = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_HEADER = re.compile(
    rb"^(?:return-path|received|from|to|subject|date|message-id|mime-version|x-[\w-]+):", re.IGNORECASE | re.MULTILINE
)


def type_of(content: bytes) -> str:
    """docx, pdf, odt, xlsx, doc, rtf, html, png, jpg, gif, tif, zip, archive, msg, message, tnef, locked, text or other.

    ``locked`` is an Office document under a password, ``archive`` one of a kind that is not opened, ``message`` a
    mail saved as a file.
    """
    for magic, name in MAGIC:
        if content.startswith(magic):
            return name
    if content.startswith(b"PK\x03\x04"):
        return _zip_type(content)
    if content.startswith(OFFICE_97):
        return next((name for mark, name in STREAMS if mark.encode("utf-16-le") in content), "other")
    if b"%PDF-" in content[:PDF_WITHIN]:
        return "pdf"
    return _text_type(content[:TEXT_SAMPLE]) if _is_text(content[:TEXT_SAMPLE]) else "other"


def _text_type(sample: bytes) -> str:
    if _HTML.match(sample):
        return "html"
    head = sample.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    names = {one[0].lower() for one in _HEADER.finditer(head)}
    is_mail = len(names) >= HEADER_LINES and _HEADER.match(head) and names & {b"message-id:", b"mime-version:"}
    return "message" if is_mail else "text"


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


def _is_text(sample: bytes) -> bool:
    if sample.startswith(BYTE_ORDER_MARKS):
        return True
    if b"\x00" in sample:
        return False
    control = sum(1 for one in sample if one < 32 and one not in b"\t\n\r\f\x1b")  # noqa: PLR2004 - below the space
    return control * 50 <= len(sample)
