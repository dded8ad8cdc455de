"""An incident and what belongs to it: its report, its ratings, its duties, who was told.

Nothing here reads a clock, a file or a database. A name ending in ``_at`` is an aware UTC instant,
``_on`` a date, ``_within`` a length of time. Four times are kept apart and never mixed:
``occurred_at`` (starts the ten days of para 51), ``discovered_at``, ``received_at`` (when a mailbox of
the council took the report) and ``aware_at`` (starts the regulator's 72 hours, paras 12 and 70).
"""

from mailbot.assessment import Assessment, Classification, Classified, Repeat, RepeatCount
from mailbot.investigation import Investigation
from mailbot.notifications import Exit, IcoDecision, Processing, SubjectsDecision
from mailbot.terms import Queue, Reference, Role, Severity, Stage
from mailbot.value import Instant, Value


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


class Ahead(Value):
    """An answer that came before anybody was asked for it: it ends a duty of that kind as soon as one starts."""

    kind: str
    ending: Discharge


class Duty(Value):
    """Something the procedure demands of somebody by some time: one row per incident, kind and holder.

    ``due_at`` is None for a duty to which neither law nor procedure gives a number ("without undue
    delay"); its mails show the time elapsed since ``anchored_at`` instead. ``next_step_at`` is the next
    moment at which a mail about it is due, None when its ladder is at rest. ``held_since``: since when its present holder has
    it, where another had it before. ``about``: the number of the recommendation
    it is about, where there is one duty for each.
    """

    id: str
    kind: str
    about: str = ""
    para: str
    holder: Role
    person: str | None
    anchored_at: Instant
    started_at: Instant
    held_since: Instant | None = None
    due_at: Instant | None
    plan_version: int = 1
    next_step_at: Instant | None = None
    sent: tuple[SentStep, ...] = ()
    discharged: Discharge | None = None

    @property
    def is_open(self) -> bool:
        return self.discharged is None

    @property
    def asked_from(self) -> Instant:
        """Since when its present holder could know of it: nobody is chased, or told on, for what they had not yet."""
        return self.held_since or self.started_at


class Told(Value):
    """Somebody who was told of an incident, in which capacity and by which template: nobody is told twice.

    ``person`` is whom the procedure names, ``recipient`` who got the mail: the deputy, where that person is away.
    ``rating``: the newest rating they know of, counted from 1; 0 where that was not noted, and the moment tells.
    """

    template: str
    role: Role
    person: str
    recipient: str
    at: Instant
    rating: int = 0


class Rating(Value):
    """One entry of an incident's severity history. ``by`` is "mailbot" for the provisional one (para 40).

    ``assessment``: how it was worked out, None where a person only named it. ``reasons`` are words of the configuration
    for the bot's own, a person's words otherwise.
    """

    severity: Severity
    at: Instant
    by: str
    provisional: bool
    reasons: tuple[str, ...] = ()
    assessment: Assessment | None = None


class Incident(Value):
    """An incident with its duties: what the machine reads and returns. ``version`` guards against lost updates.

    ``personal_data`` is False only once a person has said so. ``tell_next_at`` is when somebody not told yet
    is next to be told; ``unreachable`` are addresses whose mail came back or met an out-of-office. ``alike`` are
    the incidents that read like this one, ``repeats`` the newest of the same team or person before it, ``repeat_counts``
    how many there are by team, type and person (para 54). ``classified`` holds what it is counted under, as proposed or confirmed;
    ``data_types`` and ``subject_types`` what data of whom, in the regulator's words, as proposed.

    ``ahead``: answers to what nobody was asked for yet. ``incident_lead``, ``support_officer``: addresses, once named. ``investigation_recommended``: what the IG Team said
    (47). ``subjects_recommended``: somebody recommended telling the people affected, whatever the rating (44).
    ``escalated``: the DPO took it to the SIRO (80). ``publishable_summary`` and ``lessons`` were written by a person for
    the quarterly report (63).
    """

    id: str
    reference: Reference
    version: int = 1
    queue: Queue
    also_tell: tuple[Queue, ...] = ()
    queue_reasons: tuple[str, ...] = ()
    queue_confirmed: bool = False
    classified: dict[Classification, Classified] = {}
    data_types: tuple[str, ...] = ()
    subject_types: tuple[str, ...] = ()
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
    repeats: tuple[Repeat, ...] = ()
    repeat_counts: tuple[RepeatCount, ...] = ()
    duties: tuple[Duty, ...] = ()
    ahead: tuple[Ahead, ...] = ()
    told: tuple[Told, ...] = ()
    tell_next_at: Instant | None = None
    unreachable: tuple[str, ...] = ()
    incident_lead: str | None = None
    support_officer: str | None = None
    investigation_recommended: bool | None = None
    investigation: Investigation | None = None
    ico: IcoDecision | None = None
    data_subjects: SubjectsDecision | None = None
    subjects_recommended: bool = False
    processing: Processing | None = None
    escalated: bool = False
    publishable_summary: str = ""
    lessons: str = ""
    exit: Exit | None = None
    closed_at: Instant | None = None

    @property
    def incident_type(self) -> str:
        """The regulator's type of incident as it stands, empty where nobody could say."""
        return self.counted_under(Classification.INCIDENT_TYPE)

    def counted_under(self, classification: Classification) -> str:
        """What the incident is counted under, proposed or confirmed; empty where neither is so."""
        classified = self.classified.get(classification)
        return classified.value if classified else ""

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

    def duty(self, kind: str, about: str | None = None) -> Duty | None:
        """The latest duty of that kind (about that), open or not: one that ended because it did not apply may start anew."""
        same = (duty for duty in reversed(self.duties) if duty.kind == kind)
        return next((duty for duty in same if about is None or duty.about == about), None)

    def fact(self, name: str) -> str:
        """The value of a form field, or an empty text."""
        return self.facts[name].value if name in self.facts else ""


class AuditEntry(Value):
    """One line of an incident's history: what happened, by whom, with the details that may hold personal data."""

    at: Instant
    action: str
    by: str
    details: dict[str, str] = {}
