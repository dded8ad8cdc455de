"""One MIME part: parsed, named, without its transfer encoding. A part that cannot be decoded is kept as it stands.

Nothing is fetched, executed or written, and nothing raises.
"""

import re
from email import message_from_bytes
from email.message import Message
from email.parser import BytesHeaderParser
from itertools import islice

from mailbot.intake.filetypes import type_of
from mailbot.intake.headers import Mail, raw_value, split_parameters, tidy
from mailbot.intake.msg import BrokenMessageError, read_msg
from mailbot.intake.rules import IntakeLimits

LONGEST_NAME = 200
MOST_SEPARATORS = 20_000
"""Lines that may part a message: the parser's time grows with their number, not with the size."""

_SEPARATOR = re.compile(rb"\n--")
ENCODINGS = ("base64", "quoted-printable", "7bit", "8bit", "binary", "x-uuencode", "uuencode", "uue", "x-uue")


def open_message(content: bytes) -> tuple[Mail, tuple[str, ...]]:
    """The message parsed tolerantly, with problems; where its body cannot be parsed at all, its headers alone.

    A message saved by Outlook (.msg) is read like any other.
    """
    try:
        if type_of(content) == "msg":
            return read_msg(content, IntakeLimits().unpacked), ()
    except BrokenMessageError:
        return Message(), ("The saved message is damaged; a person must open it.",)
    content, problems = _within_reason(content)
    try:
        return message_from_bytes(content), problems
    except (Exception, RecursionError):  # noqa: BLE001 - whatever a stranger built, its headers are still read
        head = content[:65536].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
        return BytesHeaderParser().parsebytes(head + b"\n\n"), (
            "The message is built so oddly that only its headers were read.",
        )


def _within_reason(content: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The message up to the separator after which it has more of them than any mail has, and the problem that this is."""
    beyond = next(islice(_SEPARATOR.finditer(content), MOST_SEPARATORS, None), None)
    if beyond is None:
        return content, ()
    return content[: beyond.start()], (
        f"The message is cut into more than {MOST_SEPARATORS:,} parts; the rest was left out.",
    )


def name_of(part: Mail) -> str:
    """A part's file name without any folder, from Content-Disposition or else Content-Type; empty where it has none."""
    for header, parameter in (("Content-Disposition", "filename"), ("Content-Type", "name")):
        name = split_parameters(raw_value(part, header))[1].get(parameter, "")
        name = " ".join(tidy(name).split()).replace("\\", "/").rpartition("/")[2]
        if name.strip("."):
            return name[:LONGEST_NAME]
    return ""


def parts_of(part: Mail) -> list[Mail]:
    """The parts right below one. A leaf is never asked for its payload here: that decodes it by whatever charset it names."""
    payload = part.get_payload() if part.is_multipart() else None
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def decoded(part: Mail) -> bytes:
    """A leaf's bytes without their transfer encoding; as they stand where the encoding is broken or unknown."""
    encoding = raw_value(part, "Content-Transfer-Encoding").lower().strip(" ;\"'").partition(";")[0].strip()
    if encoding in ENCODINGS and encoding != str(part.get("Content-Transfer-Encoding", "")):
        del part["Content-Transfer-Encoding"]
        part["Content-Transfer-Encoding"] = encoding
    if part.is_multipart():
        return b"\n".join(flat(one) for one in parts_of(part))
    try:
        content = part.get_payload(decode=True)
    except Exception:  # noqa: BLE001 - a broken encoding is the sender's; the letters themselves are kept
        content = flat(part).partition(b"\n\n")[2]
    return content if isinstance(content, bytes) else b""


def attached_message(part: Mail) -> Mail | None:
    """The message in a message/rfc822 part, None where there is none."""
    inner = next(iter(parts_of(part)), None)
    if inner is None:
        return None
    encoding = raw_value(part, "Content-Transfer-Encoding").lower()
    if not inner.keys() and encoding in {"base64", "quoted-printable"}:
        inner["Content-Transfer-Encoding"] = encoding  # against RFC 2045 §6.4, and yet some gateways do it
        return open_message(decoded(inner))[0]
    return inner


def flat(message: Mail) -> bytes:
    """A message as bytes again, empty where it is too broken for that."""
    try:
        return message.as_bytes()
    except Exception:  # noqa: BLE001 - flattening what was broken may fail; the original mail is kept elsewhere
        return b""
