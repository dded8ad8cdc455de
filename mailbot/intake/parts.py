"""The leaves of a message's tree: body texts, attachments, what machines say to machines. Bounded in depth and number.

Attached messages are opened and their leaves stand in the same list, with ``within`` naming the message they lie in.
What lies in archives and Outlook's packets is listed after them, as "winmail.dat › form.docx".
Nothing is fetched, executed or written; a part that cannot be decoded is kept as it stands. Nothing raises.
"""

from enum import StrEnum

from mailbot.intake.addresses import read_addresses
from mailbot.intake.archives import File
from mailbot.intake.containers import Opened, open_container
from mailbot.intake.email import Address, Forwarded
from mailbot.intake.headers import Mail, moment, raw_value, split_parameters, value_of
from mailbot.intake.mime import attached_message, decoded, flat, name_of, open_message, parts_of
from mailbot.intake.rules import IntakeLimits
from mailbot.intake.uuencoded import split_uuencoded
from mailbot.value import Value

BODY_TYPES = ("text/plain", "text/html", "text/enriched", "text/richtext")
MACHINE_TYPES = ("message/delivery-status", "message/disposition-notification", "message/feedback-report")


class Place(StrEnum):
    """What a leaf is to the reader."""

    BODY = "body"
    ATTACHMENT = "attachment"
    MACHINE = "machine"


class Leaf(Value):
    """One part without parts of its own: what it claims to be, and its decoded bytes.

    ``within`` is the subject of the attached message it lies in, empty for the message itself. ``outcome`` says in
    plain words what was made of an attachment that holds other things, and is empty for all others.
    """

    place: Place
    content_type: str
    name: str = ""
    charset: str = ""
    content: bytes = b""
    within: str = ""
    outcome: str = ""


class Leaves(Value):
    """All leaves in order, the messages attached to this one (without their text), and in plain words what was not read."""

    found: tuple[Leaf, ...] = ()
    attached: tuple[Forwarded, ...] = ()
    problems: tuple[str, ...] = ()


def leaves_of(message: Mail, limits: IntakeLimits) -> Leaves:
    """Every leaf of a message, within the limits."""
    walk = _Walk(limits)
    walk.step(message, 0, "")
    if not any(one.place is Place.BODY and not one.within for one in walk.leaves):
        walk.leaves[:0] = [one for one in walk.spare if one.content_type == _readable(walk.spare)]
    return Leaves(found=tuple(walk.leaves), attached=tuple(walk.attached), problems=tuple(dict.fromkeys(walk.problems)))


class _Walk:
    def __init__(self, limits: IntakeLimits) -> None:
        self.limits = limits
        self.leaves: list[Leaf] = []
        self.spare: list[Leaf] = []
        self.attached: list[Forwarded] = []
        self.unpacked = 0
        self.problems: list[str] = []
        self.seen = 0

    def step(self, part: Mail, depth: int, within: str) -> None:
        if not self._may_go_on(depth):
            return
        content_type, parameters = split_parameters(raw_value(part, "Content-Type"))
        content_type = content_type if content_type.count("/") == 1 else "text/plain"
        if content_type == "message/rfc822" and part.is_multipart():
            self._attached_message(part, depth, within)
        elif part.is_multipart() and not content_type.startswith("message/"):
            self._children(parts_of(part), content_type, depth, within)
        else:
            self._leaf(part, content_type, parameters, depth, within)

    def _may_go_on(self, depth: int) -> bool:
        self.seen += 1
        may = self.seen <= self.limits.parts and depth <= self.limits.depth
        if not may:
            self.problems.append(
                "The message has more parts, or parts within parts, than are read; the rest was left out."
            )
        return may

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
        inner = attached_message(part)
        if inner is None:
            return
        subject = value_of(inner, "Subject") or "no subject"
        name = name_of(part) or f"{subject}.eml"
        self.leaves.append(
            Leaf(place=Place.ATTACHMENT, content_type="message/rfc822", name=name, content=flat(inner), within=within)
        )
        self._enter(inner, depth, within)

    def _enter(self, inner: Mail, depth: int, within: str) -> None:
        """Goes on into an attached message."""
        if not within:
            self.attached.append(_heading(inner))
        self.step(inner, depth + 1, value_of(inner, "Subject") or "no subject")

    def _leaf(self, part: Mail, content_type: str, parameters: dict[str, str], depth: int, within: str) -> None:
        disposition, _ = split_parameters(raw_value(part, "Content-Disposition"))
        name = name_of(part)
        if content_type in MACHINE_TYPES or content_type == "text/rfc822-headers":
            place = Place.MACHINE
        elif content_type in BODY_TYPES and disposition != "attachment" and not name:
            place = Place.BODY
        else:
            place = Place.ATTACHMENT
        content = decoded(part)
        files: tuple[File, ...] = ()
        if place is Place.BODY and content_type == "text/plain":
            content, files = split_uuencoded(content)
        charset = parameters.get("charset", "")
        leaf = Leaf(place=place, content_type=content_type, name=name, charset=charset, content=content, within=within)
        if place is Place.ATTACHMENT:
            self._attachment(leaf, depth)
        elif content.strip():
            self.leaves.append(leaf)
        self._files(files, "", depth, within)

    def _attachment(self, leaf: Leaf, depth: int) -> None:
        """An attachment, and behind it whatever it holds."""
        left = self.limits.unpacked - self.unpacked
        opened = open_container(leaf.name, leaf.content_type, leaf.content, self.limits.attachments, max(0, left))
        if opened is None:
            self.leaves.append(leaf)
            return
        self.leaves.append(leaf.but(outcome=opened.outcome))
        self._files(opened.files, f"{leaf.name or 'attachment'} › ", depth, leaf.within)
        self._mails(opened, depth, leaf.within)
        if not leaf.within:
            self.spare += [
                Leaf(place=Place.BODY, content_type=kind, charset="utf-8", content=content)
                for kind, content in opened.bodies
            ]

    def _files(self, files: tuple[File, ...], before: str, depth: int, within: str) -> None:
        for file in files:
            self.unpacked += len(file.content)
            if self._may_go_on(depth):
                name = f"{before}{file.name}"
                self._attachment(
                    Leaf(
                        place=Place.ATTACHMENT,
                        content_type="application/octet-stream",
                        name=name,
                        content=file.content,
                        within=within,
                    ),
                    depth + 1,
                )

    def _mails(self, opened: Opened, depth: int, within: str) -> None:
        for mail in opened.mails:
            self._enter(mail, depth, within)
        if opened.raw and opened.unwrapped:
            self.step(open_message(opened.raw)[0], depth + 1, within)
        elif opened.raw:
            self._enter(open_message(opened.raw)[0], depth, within)


def _heading(message: Mail) -> Forwarded:
    sender = read_addresses(raw_value(message, "From"))
    return Forwarded(
        sender=sender[0] if sender else Address(address=""),
        date=moment(raw_value(message, "Date")),
        subject=value_of(message, "Subject"),
        attached=True,
    )


def _readable(alternatives: list[Leaf]) -> str:
    for wanted in ("text/plain", "text/html"):
        if any(one.content_type == wanted and one.content.strip() for one in alternatives):
            return wanted
    return "text/enriched"
