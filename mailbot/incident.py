"""The vocabulary of an incident: the procedure's own words, as values.

Nothing here reads a clock, a file or a database. A name ending in ``_at`` is an aware UTC instant,
``_on`` a date, ``_within`` a length of time. Four times are kept apart and never mixed:
``occurred_at`` (starts the ten days of para 51), ``discovered_at``, ``received_at`` (when a mailbox of
the council took the report) and ``aware_at`` (starts the regulator's 72 hours, paras 12 and 70).
"""

import re
from datetime import date
from enum import StrEnum
from typing import NewType

from mailbot.value import Instant, Value

Reference = NewType("Reference", str)
"""An incident's public number, such as ``DB2026014``: prefix, year of receipt in London, three or more digits."""


def make_reference(prefix: str, year: int, number: int) -> Reference:
    """``make_reference("DB", 2026, 14)`` is ``DB2026014``; the thousandth of a year simply grows a digit."""
    return Reference(f"{prefix}{year}{number:03d}")


def references_in(text: str, prefix: str) -> tuple[Reference, ...]:
    """Every reference named in a text, upper-cased, in order, each once."""
    found = re.findall(rf"\b{re.escape(prefix)}20\d\d\d{{3,6}}\b", text, re.IGNORECASE)
    return tuple(dict.fromkeys(Reference(one.upper()) for one in found))


class Queue(StrEnum):
    """The desk that acts: the two columns of para 28."""

    IT = "it"
    IG = "ig"

    @property
    def desk(self) -> str:
        """The desk's name as people say it."""
        return "IT Service Desk" if self is Queue.IT else "Information Governance Team"


class Severity(StrEnum):
    """The rating of para 39, from the least to the gravest."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    VERY_HIGH = "very_high"

    @property
    def rank(self) -> int:
        return list(Severity).index(self)

    def at_least(self, other: "Severity") -> bool:
        return self.rank >= other.rank

    @property
    def words(self) -> str:
        return self.value.replace("_", " ")


class Stage(StrEnum):
    """The six stages of para 24."""

    REPORTING = "reporting"
    CONTAINMENT = "containment"
    ASSESSMENT = "assessment"
    INVESTIGATION = "investigation"
    RESOLUTION = "resolution"
    CLOSURE = "closure"


class Role(StrEnum):
    """Who holds a duty or is told. Two line managers, not one: see paras 26 and 36."""

    REPORTER = "reporter"
    LINE_MANAGER = "line_manager"
    RESPONSIBLE_LINE_MANAGER = "responsible_line_manager"
    GROUP_MANAGER = "group_manager"
    SERVICE_DIRECTOR = "service_director"
    INCIDENT_LEAD = "incident_lead"
    SUPPORT_OFFICER = "support_officer"
    IG_TEAM = "ig_team"
    IT_SERVICE_DESK = "it_service_desk"
    IT_SECURITY_TEAM = "it_security_team"
    QUEUE_TEAM = "queue_team"
    OTHER_DESK = "other_desk"
    DPO = "dpo"
    SIRO = "siro"
    CALDICOTT_GUARDIAN = "caldicott_guardian"
    HR = "hr"
    CONTRACT_MANAGER = "contract_manager"
    ON_CALL = "on_call"

    @property
    def words(self) -> str:
        return ROLE_WORDS[self]


ROLE_WORDS = {
    Role.REPORTER: "Reporter",
    Role.LINE_MANAGER: "Reporter's Line Manager",
    Role.RESPONSIBLE_LINE_MANAGER: "Line Manager of the person responsible",
    Role.GROUP_MANAGER: "Group Manager",
    Role.SERVICE_DIRECTOR: "Service Director",
    Role.INCIDENT_LEAD: "Incident Lead",
    Role.SUPPORT_OFFICER: "Investigation Support Officer",
    Role.IG_TEAM: "IG Team",
    Role.IT_SERVICE_DESK: "IT Service Desk",
    Role.IT_SECURITY_TEAM: "IT Security Team",
    Role.QUEUE_TEAM: "queue team",
    Role.OTHER_DESK: "other desk",
    Role.DPO: "Data Protection Officer",
    Role.SIRO: "SIRO",
    Role.CALDICOTT_GUARDIAN: "Caldicott Guardian",
    Role.HR: "HR",
    Role.CONTRACT_MANAGER: "contract manager",
    Role.ON_CALL: "on call",
}


class FieldValue(Value):
    """One answer of a report: what it means, how it was written, where it stood, how sure the reader is.

    ``by``: the address of whoever added it, where that was not the Reporter.
    """

    value: str
    raw: str
    source: str
    confidence: float
    by: str = ""


class Reporter(Value):
    """The person who reported, as far as the mail shows it.

    ``outside``: the address is in none of the council's domains. ``proven``: the council's own gateway
    vouches that the mail came from that address (Authentication-Results), so it may be written to.
    ``called``: they telephoned, and a desk wrote down what they said, which they are asked to check (para 31).
    ``reachable``: False for a machine, a list, an empty address or a caller without one: nothing is sent there.
    """

    address: str
    name: str = ""
    outside: bool = False
    proven: bool = False
    reachable: bool = True
    called: bool = False

    @property
    def may_be_written_to(self) -> bool:
        """Whether a mail to the address answers a person, and no forged stranger (no backscatter)."""
        return self.reachable and (self.proven or not self.outside)


class OriginalFile(Value):
    """A file that lies with a report, and in plain words what the reader made of it."""

    name: str
    outcome: str


class Original(Value):
    """Where a report lies, so that it can be pointed to instead of sent again (para 69).

    ``files``: what is attached to it. ``problems``: what of it could not be read, and what to do about it.
    """

    mailbox: str
    folder: str
    uid: int
    sender: str
    received_at: Instant
    files: tuple[OriginalFile, ...] = ()
    problems: tuple[str, ...] = ()


class Alike(Value):
    """Another incident that reads like this one, and why; whether they are one is for a person to say."""

    reference: Reference
    because: str


class SentStep(Value):
    """One step of a duty's ladder that was put in the outbox. Unique within a duty's plan.

    ``role``: in whose place it was received, the duty's holder's where it was to ask them; an escalation has another.
    """

    plan_version: int
    step: str
    occurrence: int
    recipient: str
    at: Instant
    late: bool = False
    role: Role | None = None


class Discharge(Value):
    """How a duty ended. ``met`` is frozen here and never computed again; None where nothing was due."""

    at: Instant
    by: str
    how: str
    reason: str = ""
    met: bool | None = None


class Duty(Value):
    """Something the procedure demands of somebody by some time: one row per incident, kind and holder.

    ``due_at`` is None for a duty to which neither law nor procedure gives a number ("without undue
    delay"); its mails show the time elapsed since ``anchored_at`` instead. ``next_step_at`` is the next
    moment at which a mail about it is due, None when its ladder is at rest.
    """

    id: str
    kind: str
    para: str
    holder: Role
    person: str | None
    anchored_at: Instant
    started_at: Instant
    due_at: Instant | None
    plan_version: int = 1
    next_step_at: Instant | None = None
    sent: tuple[SentStep, ...] = ()
    discharged: Discharge | None = None

    @property
    def is_open(self) -> bool:
        return self.discharged is None


class Told(Value):
    """Somebody who was told of an incident, in which capacity and by which template: nobody is told twice.

    ``person`` is whom the procedure names, ``recipient`` who got the mail: the deputy, where that person is away.
    """

    template: str
    role: Role
    person: str
    recipient: str
    at: Instant


class Rating(Value):
    """One entry of an incident's severity history. ``by`` is "mailbot" for the provisional one (para 40)."""

    severity: Severity
    at: Instant
    by: str
    provisional: bool
    reasons: tuple[str, ...] = ()


class Incident(Value):
    """An incident with its duties: what the machine reads and returns. ``version`` guards against lost updates.

    ``personal_data`` is False only once a person has said so. ``tell_next_at`` is when somebody not told yet
    is next to be told; ``unreachable`` are addresses whose mail came back or met an out-of-office. ``alike`` are
    the incidents that read like this one.
    """

    id: str
    reference: Reference
    version: int = 1
    queue: Queue
    also_tell: tuple[Queue, ...] = ()
    queue_reasons: tuple[str, ...] = ()
    queue_confirmed: bool = False
    incident_type: str = ""
    ratings: tuple[Rating, ...]
    stage: Stage = Stage.REPORTING
    received_at: Instant
    discovered_at: Instant | None = None
    occurred_at: Instant | None = None
    aware_at: Instant
    aware_because: str = "received"
    reporter: Reporter
    group: str | None = None
    line_manager: str | None = None
    responsible_line_manager: str | None = None
    personal_data: bool | None = None
    health_or_social_care: bool = False
    stolen: bool = False
    allegation: bool = False
    safety: tuple[str, ...] = ()
    restricted: tuple[str, ...] = ()
    facts: dict[str, FieldValue] = {}
    missing: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    originals: tuple[Original, ...] = ()
    alike: tuple[Alike, ...] = ()
    duties: tuple[Duty, ...] = ()
    told: tuple[Told, ...] = ()
    tell_next_at: Instant | None = None
    unreachable: tuple[str, ...] = ()
    closed_at: Instant | None = None

    @property
    def severity(self) -> Severity:
        return self.ratings[-1].severity

    @property
    def severity_is_provisional(self) -> bool:
        return self.ratings[-1].provisional

    @property
    def open_duties(self) -> tuple[Duty, ...]:
        return tuple(duty for duty in self.duties if duty.is_open)

    @property
    def next_step_at(self) -> Instant | None:
        """The earliest moment at which this incident wants a mail sent, None when all is at rest."""
        moments = [duty.next_step_at for duty in self.open_duties]
        return min((moment for moment in (*moments, self.tell_next_at) if moment), default=None)

    def duty(self, kind: str) -> Duty | None:
        """The latest duty of that kind, open or not: one that ended because it did not apply may start anew."""
        return next((duty for duty in reversed(self.duties) if duty.kind == kind), None)

    def fact(self, name: str) -> str:
        """The value of a form field, or an empty text."""
        return self.facts[name].value if name in self.facts else ""


class AuditEntry(Value):
    """One line of an incident's history: what happened, by whom, with the details that may hold personal data."""

    at: Instant
    action: str
    by: str
    details: dict[str, str] = {}


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
