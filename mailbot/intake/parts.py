"""The leaves of a message's tree: body texts, attachments, what machines say to machines. Bounded in depth and number.

Attached messages are opened and their leaves stand in the same list, with ``within`` naming the message they lie in.
Nothing is fetched, executed or written; a part that cannot be decoded is kept as it stands. Nothing raises.
"""

from email import message_from_bytes
from email.message import Message
from email.parser import BytesHeaderParser
from enum import StrEnum

from mailbot.intake.headers import Mail, raw_value, split_parameters, tidy, value_of
from mailbot.intake.rules import IntakeLimits
from mailbot.value import Value

LONGEST_NAME = 200
ENCODINGS = ("base64", "quoted-printable", "7bit", "8bit", "binary", "x-uuencode", "uuencode", "uue", "x-uue")
BODY_TYPES = ("text/plain", "text/html", "text/enriched", "text/richtext")
MACHINE_TYPES = ("message/delivery-status", "message/disposition-notification", "message/feedback-report")


class Place(StrEnum):
    """What a leaf is to the reader."""

    BODY = "body"
    ATTACHMENT = "attachment"
    MACHINE = "machine"


class Leaf(Value):
    """One part without parts of its own: what it claims to be, and its decoded bytes.

    ``within`` is the subject of the attached message it lies in, empty for the message itself.
    """

    place: Place
    content_type: str
    name: str = ""
    charset: str = ""
    content: bytes = b""
    within: str = ""


class Leaves(Value):
    """All leaves in order, and in plain words what was not read."""

    found: tuple[Leaf, ...] = ()
    problems: tuple[str, ...] = ()


def open_message(content: bytes) -> tuple[Mail, tuple[str, ...]]:
    """The message parsed tolerantly, with problems; where its body cannot be parsed at all, its headers alone."""
    try:
        return message_from_bytes(content), ()
    except (Exception, RecursionError):  # noqa: BLE001 - whatever a stranger built, its headers are still read
        head = content[:65536].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
        return BytesHeaderParser().parsebytes(head + b"\n\n"), (
            "The message is built so oddly that only its headers were read.",
        )


def leaves_of(message: Mail, limits: IntakeLimits) -> Leaves:
    """Every leaf of a message, within the limits."""
    walk = _Walk(limits)
    walk.step(message, 0, "")
    return Leaves(found=tuple(walk.leaves), problems=tuple(dict.fromkeys(walk.problems)))


class _Walk:
    def __init__(self, limits: IntakeLimits) -> None:
        self.limits = limits
        self.leaves: list[Leaf] = []
        self.problems: list[str] = []
        self.seen = 0

    def step(self, part: Mail, depth: int, within: str) -> None:
        self.seen += 1
        if self.seen > self.limits.parts or depth > self.limits.depth:
            self.problems.append(
                "The message has more parts, or parts within parts, than are read; the rest was left out."
            )
            return
        content_type, parameters = split_parameters(raw_value(part, "Content-Type"))
        content_type = content_type if content_type.count("/") == 1 else "text/plain"
        children = part.get_payload()
        if content_type == "message/rfc822" and isinstance(children, list):
            self._attached_message(part, depth, within)
        elif isinstance(children, list) and not content_type.startswith("message/"):
            self._children([one for one in children if isinstance(one, Message)], content_type, depth, within)
        else:
            self._leaf(part, content_type, parameters, within)

    def _children(self, children: list[Mail], content_type: str, depth: int, within: str) -> None:
        if content_type != "multipart/alternative":
            for child in children:
                self.step(child, depth + 1, within)
            return
        before = len(self.leaves)
        for child in children:
            self.step(child, depth + 1, within)
        alternatives = self.leaves[before:]
        chosen = _readable(alternatives)
        self.leaves[before:] = [
            one for one in alternatives if one.place is not Place.BODY or one.content_type == chosen
        ]

    def _attached_message(self, part: Mail, depth: int, within: str) -> None:
        inner = _inner_message(part)
        if inner is None:
            return
        subject = value_of(inner, "Subject") or "no subject"
        name = name_of(part) or f"{subject}.eml"
        self.leaves.append(
            Leaf(place=Place.ATTACHMENT, content_type="message/rfc822", name=name, content=_flat(inner), within=within)
        )
        self.step(inner, depth + 1, subject)

    def _leaf(self, part: Mail, content_type: str, parameters: dict[str, str], within: str) -> None:
        disposition, _ = split_parameters(raw_value(part, "Content-Disposition"))
        name = name_of(part)
        if content_type in MACHINE_TYPES or content_type == "text/rfc822-headers":
            place = Place.MACHINE
        elif content_type in BODY_TYPES and disposition != "attachment" and not name:
            place = Place.BODY
        else:
            place = Place.ATTACHMENT
        content = decoded(part)
        if content.strip() or place is Place.ATTACHMENT:
            charset = parameters.get("charset", "")
            self.leaves.append(
                Leaf(place=place, content_type=content_type, name=name, charset=charset, content=content, within=within)
            )


def name_of(part: Mail) -> str:
    """A part's file name without any folder, from Content-Disposition or else Content-Type; empty where it has none."""
    for header, parameter in (("Content-Disposition", "filename"), ("Content-Type", "name")):
        name = split_parameters(raw_value(part, header))[1].get(parameter, "")
        name = " ".join(tidy(name).split()).replace("\\", "/").rpartition("/")[2]
        if name.strip("."):
            return name[:LONGEST_NAME]
    return ""


def decoded(part: Mail) -> bytes:
    """A leaf's bytes without their transfer encoding; as they stand where the encoding is broken or unknown."""
    encoding = raw_value(part, "Content-Transfer-Encoding").lower().strip(" ;\"'").partition(";")[0].strip()
    if encoding in ENCODINGS and encoding != str(part.get("Content-Transfer-Encoding", "")):
        del part["Content-Transfer-Encoding"]
        part["Content-Transfer-Encoding"] = encoding
    if isinstance(part.get_payload(), list):
        return _flat_children(part)
    try:
        content = part.get_payload(decode=True)
    except Exception:  # noqa: BLE001 - a broken encoding is the sender's; the letters themselves are kept
        content = str(part.get_payload()).encode("utf-8", "surrogateescape")
    return content if isinstance(content, bytes) else b""


def _readable(alternatives: list[Leaf]) -> str:
    for wanted in ("text/plain", "text/html"):
        if any(one.content_type == wanted and one.content.strip() for one in alternatives):
            return wanted
    return "text/enriched"


def _inner_message(part: Mail) -> Mail | None:
    payload = part.get_payload()
    inner = payload[0] if isinstance(payload, list) and payload else None
    if not isinstance(inner, Message):
        return None
    encoding = raw_value(part, "Content-Transfer-Encoding").lower()
    if not inner.keys() and encoding in {"base64", "quoted-printable"}:
        inner["Content-Transfer-Encoding"] = encoding  # against RFC 2045 §6.4, and yet some gateways do it
        return open_message(decoded(inner))[0]
    return inner


def _flat(message: Mail) -> bytes:
    try:
        return message.as_bytes()
    except Exception:  # noqa: BLE001 - flattening what was broken may fail; the original mail is kept elsewhere
        return b""


def _flat_children(part: Mail) -> bytes:
    payload = part.get_payload()
    return b"\n".join(_flat(one) for one in payload if isinstance(one, Message)) if isinstance(payload, list) else b""
