"""Delivery reports (RFC 3464 and what mail servers wrote before it): who was not reached, by which message. Pure."""

import re
from email import message_from_bytes

from mailbot.intake.addresses import read_addresses
from mailbot.intake.email import Bounce, InboundEmail
from mailbot.intake.headers import Mail, message_ids, raw_value, raw_values, split_parameters, tidy
from mailbot.intake.mime import decoded, parts_of
from mailbot.value import Value

MOST_RECIPIENTS = 100
MOST_PARTS = 300
LONGEST_TEXT = 200_000

REPORTS = {
    "message/delivery-status": "delivery-status",
    "message/global-delivery-status": "delivery-status",
    "message/disposition-notification": "disposition-notification",
    "message/global-disposition-notification": "disposition-notification",
    "message/feedback-report": "feedback-report",
}
ACTIONS = {
    "failed": "failed",
    "delayed": "delayed",
    "delivered": "delivered",
    "relayed": "delivered",
    "expanded": "delivered",
}
STATES = {"5": "failed", "4": "delayed", "2": "delivered"}
"""What the first digit of a status says where the action is missing (RFC 3463)."""

_ID_LINE = re.compile(r"^[>\s]*Message-ID:\s*(<[^<>\s]{1,995}>)", re.IGNORECASE | re.MULTILINE)


class Failures(Value):
    """Whom a delivery report names: not reached for good, not reached yet, reached."""

    permanent: tuple[str, ...] = ()
    temporary: tuple[str, ...] = ()
    delivered: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        return bool(self.permanent or self.temporary or self.delivered)


def failures_of(message: Mail) -> Failures:
    """The recipients of a delivery report: its machine-readable part first, the heuristics of flufl.bounce after it."""
    stated = _stated(message)
    return stated if stated.known else _guessed(message)


def reported_as(message: Mail) -> str:
    """What a report is about (RFC 6522): delivery-status, disposition-notification, feedback-report; empty for no report.

    Some servers forget the parameter or the multipart around it, so the parts right below the top are looked at too.
    """
    content_type, parameters = split_parameters(raw_value(message, "Content-Type"))
    if content_type in REPORTS:
        return REPORTS[content_type]
    stated = parameters.get("report-type", "").lower()
    if content_type != "multipart/report" or stated in REPORTS.values():
        return stated if content_type == "multipart/report" else ""
    types = (split_parameters(raw_value(one, "Content-Type"))[0] for one in parts_of(message)[:MOST_PARTS])
    return next((REPORTS[one] for one in types if one in REPORTS), "delivery-status")


def read_bounce(message: Mail, email: InboundEmail) -> Bounce:
    """A bounce or delay as a value; ``recipients`` are in lower case, ``original_message_id`` without its brackets."""
    failures = failures_of(message)
    recipients = failures.permanent or failures.temporary or failures.delivered
    return Bounce(
        recipients=recipients[:MOST_RECIPIENTS],
        original_message_id=_original_id(message)
        or email.in_reply_to
        or (email.references[-1] if email.references else ""),
        permanent=bool(failures.permanent) or not failures.known,
    )


def _stated(message: Mail) -> Failures:
    found: dict[str, list[str]] = {"failed": [], "delayed": [], "delivered": []}
    for part in _parts(message):
        report = REPORTS.get(split_parameters(raw_value(part, "Content-Type"))[0], "")
        for block in _blocks(part)[:MOST_PARTS] if report else ():
            address = _recipient(block)
            action = _receipt(block) if report == "disposition-notification" else _action(block)
            if address and action:
                found[action].append(address)
    failed, delayed, delivered = (tuple(dict.fromkeys(one)) for one in found.values())
    return Failures(permanent=failed, temporary=delayed, delivered=delivered)


def _blocks(part: Mail) -> list[Mail]:
    """The groups of fields of a report's part; the parser splits them only where it knows the type and nothing is encoded."""
    blocks = parts_of(part)
    encoding = raw_value(part, "Content-Transfer-Encoding").lower()
    rest = next((_body(one, encoding) for one in blocks if not one.is_multipart()), b"")
    more = (
        message_from_bytes(one + b"\n\n") for one in re.split(rb"\r?\n[ \t]*\r?\n", rest)[:MOST_PARTS] if one.strip()
    )
    return [*blocks, *more]


def _body(block: Mail, encoding: str) -> bytes:
    if encoding in {"base64", "quoted-printable"} and not block.keys():
        block["Content-Transfer-Encoding"] = encoding
    return decoded(block)[:LONGEST_TEXT]


def _action(block: Mail) -> str:
    written = raw_value(block, "Action").partition(" ")[0].lower().strip(".;")
    return ACTIONS.get(written, "") if written else STATES.get(raw_value(block, "Status")[:1], "")


def _receipt(block: Mail) -> str:
    """A message that a machine deleted was refused (a full mailbox, a filter); every other receipt says that it arrived."""
    disposition = raw_value(block, "Disposition").lower()
    return "failed" if "automatic-action" in disposition and "deleted" in disposition else "delivered"


def _recipient(block: Mail) -> str:
    for name in ("Original-Recipient", "Final-Recipient"):
        _, _, address = raw_value(block, name).rpartition(";")
        found = read_addresses(address)
        if found:
            return found[0].address.lower()
    return ""


def _guessed(message: Mail) -> Failures:
    from flufl.bounce import all_failures  # noqa: PLC0415 - costs 60 ms and few mails are bounces

    named = (one for line in raw_values(message, "X-Failed-Recipients") for one in read_addresses(line))
    try:
        temporary, permanent = all_failures(_beginning(message))
    except Exception:  # noqa: BLE001 - a heuristic that stumbles over hostile mail has simply found nothing
        temporary, permanent = frozenset(), frozenset()
    for_good = (*_addresses(permanent), *(one.address.lower() for one in named))
    return Failures(permanent=tuple(dict.fromkeys(for_good)), temporary=_addresses(temporary))


def _beginning(message: Mail) -> Mail:
    """A message's beginning, where it is long: servers say first what happened, and the heuristics take their time."""
    whole = message.as_bytes()
    return message_from_bytes(whole[:LONGEST_TEXT]) if len(whole) > LONGEST_TEXT else message


def _addresses(found: "frozenset[bytes] | set[bytes]") -> tuple[str, ...]:
    return tuple(sorted(tidy(one.decode("utf-8", "replace")).strip().lower() for one in found if one))


def _original_id(message: Mail) -> str:
    own = message_ids(raw_value(message, "Message-ID"))
    parts = list(_parts(message))
    for part in parts[1:]:
        for name in ("Original-Message-ID", "Message-ID"):
            found = message_ids(raw_value(part, name))
            if found and found != own:
                return found[0]
    for part in parts:
        if not part.is_multipart():
            line = _ID_LINE.search(decoded(part)[:LONGEST_TEXT].decode("utf-8", "replace"))
            if line and message_ids(line[1]) != own:
                return message_ids(line[1])[0]
    return ""


def _parts(message: Mail) -> list[Mail]:
    """The message and its parts, depth first, at most three hundred."""
    found: list[Mail] = []
    waiting: list[Mail] = [message]
    while waiting and len(found) < MOST_PARTS:
        part = waiting.pop()
        found.append(part)
        waiting.extend(reversed(parts_of(part)))
    return found
