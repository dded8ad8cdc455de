"""Lists a message's parts as an IMAP server would, cutting its bytes at the boundaries."""

import re
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesHeaderParser

from mailbot.mail import PartHead
from mailbot.transport.bodystructure import clean_name


def header_of(content: bytes) -> bytes:
    """The header block with the empty line that ends it."""
    return content[: len(content) - len(_body(content))]


def parts_of(content: bytes) -> tuple[tuple[PartHead, bytes], ...]:
    """Each part with its transfer-encoded bytes, numbered as RFC 3501 §6.4.5 has it; containers left out.

    Lines end in CRLF.
    """
    return tuple(_walk(content, ""))


def _walk(content: bytes, section: str) -> Iterator[tuple[PartHead, bytes]]:
    header, body = _header(content), _body(content)
    if header.get_content_maintype() == "multipart":
        parts = list(_split(body, header.get_boundary(""))) or [b""]  # Dovecot lists an empty part where there is none
        for number, part in enumerate(parts, start=1):
            yield from _walk(part, f"{section}.{number}".lstrip("."))
        return
    section = section or "1"
    yield _head(header, section, len(body)), body
    if header.get_content_type() == "message/rfc822":
        yield from _walk(body, section if _header(body).get_content_maintype() == "multipart" else f"{section}.1")


def _split(body: bytes, boundary: str) -> Iterator[bytes]:
    """The parts between the delimiter lines (RFC 2046 §5.1.1); the line end before a delimiter belongs to it."""
    delimiter = re.compile(rb"(?:\A|\r\n)--" + re.escape(boundary.encode()) + rb"(--)?[ \t]*(?:\r\n|\Z)")
    found = delimiter.search(body)
    while found and not found[1]:
        # The line end of one delimiter may begin the next: an empty part.
        start = found.end()
        found = delimiter.search(body, max(start - 2, 0))
        yield body[start : max(start, found.start()) if found else len(body)]


def _header(content: bytes) -> Message:
    return BytesHeaderParser().parsebytes(content[: len(content) - len(_body(content))])


def _body(content: bytes) -> bytes:
    if content.startswith(b"\r\n"):
        return content[2:]
    return content.partition(b"\r\n\r\n")[2]


def _head(header: Message, section: str, size: int) -> PartHead:
    return PartHead(
        section=section,
        content_type=header.get_content_type(),
        name=clean_name(header.get_filename() or ""),
        size=size,
        encoding=str(header.get("Content-Transfer-Encoding", "7bit")).strip().lower(),
    )
