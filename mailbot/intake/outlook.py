"""Outlook's own way of keeping a message (MAPI properties), turned into a mail like any other.

Files saved by Outlook (.msg) and its packets (winmail.dat) hold the same properties; ``msg`` and ``tnef`` find them.
MS-OXCMSG and MS-OXPROPS name them; MS-OXRTFCP says how their rich text is packed.
"""

from datetime import UTC, datetime, timedelta
from email.message import Message
from email.utils import format_datetime
from enum import IntEnum

from mailbot.intake.headers import Mail, decode_bytes, tidy
from mailbot.intake.rich_text import plain_rich_text

LARGEST_TEXT = 4_000_000
LONGEST_LINE = 1000

Properties = dict[int, bytes]
"""A property's number and its bytes: texts as UTF-8, numbers and moments as little-endian whole numbers."""


class Tag(IntEnum):
    """The numbers of the properties that are read."""

    SUBJECT = 0x0037
    SUBMITTED_AT = 0x0039
    SENT_FOR_NAME = 0x0042
    SENT_FOR_ADDRESS = 0x0065
    HEADERS = 0x007D
    SENDER_NAME = 0x0C1A
    RECIPIENT_TYPE = 0x0C15
    SENDER_ADDRESS = 0x0C1F
    DELIVERED_AT = 0x0E06
    BODY = 0x1000
    RICH_TEXT = 0x1009
    HTML = 0x1013
    MESSAGE_ID = 0x1035
    IN_REPLY_TO = 0x1042
    DISPLAY_NAME = 0x3001
    ADDRESS = 0x3003
    DATA = 0x3701
    FILE_NAME = 0x3704
    LONG_FILE_NAME = 0x3707
    SMTP_ADDRESS = 0x39FE
    SENDER_SMTP = 0x5D01
    SENT_FOR_SMTP = 0x5D02


class OutlookMessage:
    """A message as its properties: its own, its recipients' and its attachments' (each with an attached message or bytes)."""

    def __init__(self, own: Properties) -> None:
        self.own = own
        self.recipients: list[Properties] = []
        self.files: list[tuple[Properties, OutlookMessage | None]] = []


def as_mail(message: OutlookMessage) -> Mail:
    """The message as a MIME tree: headers, body in every form it has, attachments, attached messages."""
    mail = _headers(message)
    mail["Content-Type"] = "multipart/mixed"
    body = Message()
    body["Content-Type"] = "multipart/alternative"
    body.set_payload([_part(kind, content) for kind, content in bodies_of(message.own)])
    mail.set_payload([body, *(_attached(own, inner) for own, inner in message.files)])
    return mail


def bodies_of(own: Properties) -> list[tuple[str, bytes]]:
    """The body as content type and UTF-8 text: plain, HTML, and rich text as plain where it stands alone."""
    found = []
    if own.get(Tag.BODY, b"").strip(b"\0 \r\n"):
        found.append(("text/plain", own[Tag.BODY]))
    if own.get(Tag.HTML, b"").strip(b"\0 \r\n"):
        found.append(("text/html", own[Tag.HTML]))
    if not found and Tag.RICH_TEXT in own:
        text = plain_rich_text(unpacked_rich_text(own[Tag.RICH_TEXT]))
        found += [("text/plain", text.encode("utf-8", "replace"))] if text else []
    return found


def file_name(own: Properties) -> str:
    """What an attachment is called: its long name, else its short one, else the name it is shown by."""
    names = (_text(own, tag) for tag in (Tag.LONG_FILE_NAME, Tag.FILE_NAME, Tag.DISPLAY_NAME))
    return next((name for name in names if name), "")


def _headers(message: OutlookMessage) -> Mail:
    """The headers that came over the wire where they were kept, completed from the properties."""
    mail = Message()
    for name, value in _kept_headers(message.own.get(Tag.HEADERS, b"")):
        mail[name] = value
    at = _moment(message.own.get(Tag.SUBMITTED_AT, b"")) or _moment(message.own.get(Tag.DELIVERED_AT, b""))
    for name, value in (
        ("From", _sender(message.own)),
        ("To", ", ".join(_person(one) for one in message.recipients if _number(one.get(Tag.RECIPIENT_TYPE)) != 2)),  # noqa: PLR2004 - a copy's
        ("Cc", ", ".join(_person(one) for one in message.recipients if _number(one.get(Tag.RECIPIENT_TYPE)) == 2)),  # noqa: PLR2004
        ("Subject", _text(message.own, Tag.SUBJECT)),
        ("Date", format_datetime(at) if at else ""),
        ("Message-ID", _text(message.own, Tag.MESSAGE_ID)),
        ("In-Reply-To", _text(message.own, Tag.IN_REPLY_TO)),
    ):
        if value and name not in mail:
            mail[name] = value
    return mail


def _kept_headers(block: bytes) -> list[tuple[str, str]]:
    """Each header of a block but those that speak of a MIME tree which is no more."""
    found: list[tuple[str, str]] = []
    for line in decode_bytes(block[:200_000]).replace("\r\n", "\n").split("\n"):
        if line[:1] in {" ", "\t"} and found:
            found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip()}")
        elif ":" in line:
            name, _, value = line.partition(":")
            found.append((name.strip(), tidy(value).strip()))
    return [one for one in found if one[0] and not one[0].lower().startswith(("content-", "mime-"))]


def _sender(own: Properties) -> str:
    for name, *addresses in (
        (Tag.SENT_FOR_NAME, Tag.SENT_FOR_SMTP, Tag.SENT_FOR_ADDRESS),
        (Tag.SENDER_NAME, Tag.SENDER_SMTP, Tag.SENDER_ADDRESS),
    ):
        address = next((_text(own, tag) for tag in addresses if "@" in _text(own, tag)), "")
        if address:
            return _named(_text(own, name), address)
    return _text(own, Tag.SENT_FOR_NAME) or _text(own, Tag.SENDER_NAME)


def _person(own: Properties) -> str:
    address = next((_text(own, tag) for tag in (Tag.SMTP_ADDRESS, Tag.ADDRESS) if "@" in _text(own, tag)), "")
    return _named(_text(own, Tag.DISPLAY_NAME), address)


def _named(name: str, address: str) -> str:
    quoted = name.replace("\\", "").replace('"', "")
    return f'"{quoted}" <{address}>' if name and name != address else address


def _attached(own: Properties, inner: OutlookMessage | None) -> Mail:
    if inner is None:
        return _part("application/octet-stream", own.get(Tag.DATA, b""), file_name(own) or "attachment")
    part = Message()
    part["Content-Type"] = "message/rfc822"
    part.set_payload([as_mail(inner)])
    return part


def _part(content_type: str, content: bytes, name: str = "") -> Mail:
    part = Message()
    part["Content-Type"] = content_type if name else f"{content_type}; charset=utf-8"
    part["Content-Transfer-Encoding"] = "8bit"
    if name:
        part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", name.replace('"', "'")))
    part.set_payload(content.decode("ascii", "surrogateescape"))
    return part


def _text(own: Properties, tag: Tag) -> str:
    return " ".join(tidy(decode_bytes(own.get(tag, b"")[:LONGEST_LINE])).replace("\0", "").split())


def _number(content: bytes | None) -> int:
    return int.from_bytes((content or b"")[:8], "little")


def _moment(content: bytes) -> datetime | None:
    """A moment counted in tenths of a microsecond from 1601; None for the beginning, which stands for no moment."""
    count = _number(content)
    try:
        return datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=count // 10) if count else None
    except OverflowError:
        return None


_DICTIONARY = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans SerifSymbolArialTimes New Roman"
    rb"Courier{\colortbl\red0\green0\blue0" + b"\r\n" + rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_RING = 4096


def unpacked_rich_text(packed: bytes) -> bytes:
    """Rich text out of its compressed form (MS-OXRTFCP 3.1); what is broken off is unpacked as far as it goes."""
    if packed[8:12] == b"MELA":
        return packed[16 : 16 + LARGEST_TEXT]
    if packed[8:12] != b"LZFu":
        return b""
    most = min(int.from_bytes(packed[4:8], "little"), LARGEST_TEXT)
    ring, at, out, position = bytearray(_DICTIONARY.ljust(_RING, b"\0")), len(_DICTIONARY), bytearray(), 16
    while position < len(packed) and len(out) < most:
        control = packed[position]
        position += 1
        for bit in range(8):
            if position >= len(packed):
                break
            if not control >> bit & 1:
                taken, position = packed[position : position + 1], position + 1
            else:
                word = int.from_bytes(packed[position : position + 2], "big")
                position += 2
                if word >> 4 == at:
                    return bytes(out[:most])
                taken = _copied(ring, word >> 4, (word & 15) + 2, at)
            for one in taken:
                ring[at] = one
                at = (at + 1) % _RING
            out += taken
    return bytes(out[:most])


def _copied(ring: bytearray, start: int, length: int, at: int) -> bytes:
    """A stretch of the ring; one that reaches into what it is just writing repeats itself."""
    distance = (at - start) % _RING or _RING
    seen = bytes(ring[(start + step) % _RING] for step in range(min(length, distance)))
    return (seen * (length // len(seen) + 1))[:length]
