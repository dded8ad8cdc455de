"""The council's own directory as a value: who is who, who stands in, who is awake. Pure look-ups only.

``config/organisation.toml`` and ``config/staff.csv`` become one ``Organisation`` in ``settings``. No one is
ever guessed from a name alone: people are found by address, or not at all (DESIGN: same-name mistakes).
"""

from datetime import date

from mailbot.terms import Queue, Role
from mailbot.value import Value


class Person(Value):
    """Somebody in the council's directory."""

    address: str
    name: str
    phone: str = ""


class Absence(Value):
    """Days on which a person does not answer; their deputy does."""

    address: str
    from_on: date
    until_on: date


class Group(Value):
    """A group of the council with the people para 67 names; ``aliases`` are its older or other names."""

    name: str
    directorate: str
    group_manager: str
    service_director: str
    aliases: tuple[str, ...] = ()
    health_or_social_care: bool = False


class Desk(Value):
    """One of the two desks of para 28: its shared address, its telephone and the people who may answer for it."""

    queue: Queue
    address: str
    phone: str
    members: tuple[str, ...] = ()
    hours: str = ""


class StaffEntry(Value):
    """One row of ``staff.csv``. ``line_manager`` is an address, empty for councillors and some agency staff."""

    address: str
    name: str
    group: str = ""
    line_manager: str = ""
    phone: str = ""


class OnCall(Value):
    """An urgent address (a text gateway, a duty desk): gets a reference and a telephone number, nothing else."""

    address: str
    name: str
    phone: str = ""


class Regulator(Value):
    """Whom a serious breach is reported to, and when somebody answers the telephone there.

    ``health_route``: where incidents with health or social care data are reported besides. ``complaints`` and
    ``address`` are for people who complain about the council (UK GDPR Article 77); an empty address is not printed.
    """

    name: str = "Information Commissioner's Office"
    phone: str = "0303 123 1113"
    hours: str = "9am to 5pm, Monday to Friday"
    online: str = "ico.org.uk/for-organisations/report-a-breach"
    health_route: str = "the incident reporting tool of the NHS Data Security and Protection Toolkit"
    complaints: str = "ico.org.uk/make-a-complaint"
    address: tuple[str, ...] = ()


class Complaints(Value):
    """Who in the council takes a complaint about personal data: their name, telephone, email and post."""

    name: str
    phone: str
    email: str
    address: tuple[str, ...] = ()


class Organisation(Value):
    """The council: its domains, desks, groups, named roles, deputies, absences, rota and staff.

    Addresses are kept in lower case. ``roles`` holds one address per named role (DPO, SIRO, Caldicott
    Guardian, IT Security Team, HR). ``whom_instead`` is the address told where a person has no line manager.
    ``address`` is the council's own by post, a line each: letters bear it. ``complaints``: None where not configured.
    """

    council: str
    domains: tuple[str, ...]
    desks: tuple[Desk, Desk]
    roles: dict[Role, str]
    groups: tuple[Group, ...] = ()
    people: dict[str, StaffEntry] = {}
    deputies: dict[str, str] = {}
    absences: tuple[Absence, ...] = ()
    on_call: tuple[OnCall, ...] = ()
    whom_instead: str = ""
    regulator: Regulator = Regulator()
    address: tuple[str, ...] = ()
    complaints: Complaints | None = None

    def is_inside(self, address: str) -> bool:
        """Whether an address lies in one of the council's own domains or a subdomain of it."""
        domain = address.rpartition("@")[2].lower()
        return any(domain == own or domain.endswith("." + own) for own in self.domains)

    def desk(self, queue: Queue) -> Desk:
        return next(desk for desk in self.desks if desk.queue is queue)

    def staff(self, address: str) -> StaffEntry | None:
        """The directory's entry for an address, None for a stranger."""
        return self.people.get(address.lower())

    def person(self, address: str) -> Person:
        """That address with the directory's name and telephone, or its local part where it is not listed."""
        entry = self.staff(address)
        if entry:
            return Person(address=entry.address, name=entry.name, phone=entry.phone)
        return Person(address=address.lower(), name=address.partition("@")[0])

    def group(self, name: str) -> Group | None:
        """The group of that name or alias, in any letter case; None where it is unknown."""
        wanted = " ".join(name.lower().split())
        for group in self.groups:
            if wanted in {one.lower() for one in (group.name, *group.aliases)}:
                return group
        return None

    def line_manager_of(self, address: str) -> str | None:
        """The line manager's address; ``whom_instead`` for staff without one; None for somebody not listed."""
        entry = self.staff(address)
        if entry is None:
            return None
        return entry.line_manager or self.whom_instead or None

    def deputy_of(self, address: str) -> str | None:
        return self.deputies.get(address.lower())

    def is_away(self, address: str, on: date) -> bool:
        """Whether an absence covers that day (London)."""
        return any(one.address == address.lower() and one.from_on <= on <= one.until_on for one in self.absences)

    def is_on_call(self, address: str) -> bool:
        """Whether an address belongs to the rota, or to a gateway of it: behind that are telephones, not mailboxes."""
        address = address.lower()
        rota = {one.address.lower() for one in self.on_call}
        gateways = {one.rpartition("@")[2] for one in rota} - {domain.lower() for domain in self.domains}
        return address in rota or address.rpartition("@")[2] in gateways
