"""Who reported: the sender, the writer of the report he passed on, or the caller a desk names (paras 30, 31). Pure."""

import re

from mailbot.incident import Reporter
from mailbot.organisation import Organisation
from mailbot.parse.reading import Reading

ADDRESS_FIELDS = ("reporter_email", "reporter_contact", "reporter")
_ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")


def reporter_of(reading: Reading, organisation: Organisation) -> Reporter:
    """The Reporter of a report, with whether anything may be sent to them.

    Nothing is sent in answer to a machine, a list or a mail without a way back; its incident is opened all the same.
    """
    if reading.call_log:
        return _caller(reading, organisation)
    writer = _writer(reading, organisation)
    if writer is not None:
        return writer
    email = reading.email
    address = email.sender.address.lower()
    return Reporter(
        address=address,
        name=email.sender.name,
        outside=not organisation.is_inside(address),
        proven=email.authenticated,
        reachable=not email.automatic and _is_a_persons(address, organisation, proven=email.authenticated),
    )


def _is_a_persons(address: str, organisation: Organisation, *, proven: bool) -> bool:
    """Whether somebody reads mail there. Anybody can put an address of the council on a mail: it is listed, or proven.

    Behind the rota's gateways are telephones: whoever names one must not be able to have it called.
    """
    if not address or organisation.is_on_call(address):
        return False
    return proven or not organisation.is_inside(address) or organisation.staff(address) is not None


def _writer(reading: Reading, organisation: Organisation) -> Reporter | None:
    """Whoever wrote a report that a manager or a desk only passed on.

    The heading above a forwarded text can be typed by anybody, so it is believed only where the gateway vouches for
    a forwarder of the council, and only of somebody in the council's own domains.
    """
    email, forwarded = reading.email, reading.email.forwarded
    if forwarded is None or not email.authenticated or not organisation.is_inside(email.sender.address):
        return None
    address = forwarded.sender.address.lower()
    if not organisation.is_inside(address) or address == email.sender.address.lower():
        return None
    listed = organisation.staff(address)
    name = listed.name if listed else forwarded.sender.name
    return Reporter(address=address, name=name, reachable=_is_a_persons(address, organisation, proven=False))


def _caller(reading: Reading, organisation: Organisation) -> Reporter:
    """Whoever telephoned, by the address the desk wrote down: nobody is guessed from a name.

    Without an address the desk stands for them, and is not written to as if it had reported. A caller from outside
    the council is never written to on the word of a log (para 34).
    """
    fields = reading.report.fields
    name = fields["reporter"].value if "reporter" in fields else ""
    address = _named_address(reading)
    if not address:
        return Reporter(address=reading.email.sender.address.lower(), name=name, reachable=False, called=True)
    listed = organisation.staff(address)
    # The log is the desk's word: it may be followed only where the gateway vouches for the desk.
    is_ours = reading.email.authenticated and organisation.is_inside(address) and not organisation.is_on_call(address)
    return Reporter(
        address=address,
        name=listed.name if listed else name,
        outside=not organisation.is_inside(address),
        reachable=is_ours,
        called=True,
    )


def _named_address(reading: Reading) -> str:
    """The one address written where the log asks for the caller's; none where two differ."""
    said = (reading.report.fields[field] for field in ADDRESS_FIELDS if field in reading.report.fields)
    found = {address.lower() for one in said for address in _ADDRESS.findall(f"{one.value} {one.raw}")}
    return found.pop() if len(found) == 1 else ""
