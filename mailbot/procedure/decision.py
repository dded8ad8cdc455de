"""What the machine is told and what it answers: events in, a decision out. Values only."""

from enum import IntEnum

from pydantic import Field

from mailbot.incident import AuditEntry, FieldValue, Incident, Original
from mailbot.parse.returned import ReturnedInvestigation
from mailbot.parse.returned_assessment import ReturnedAssessment
from mailbot.terms import Queue, Reference, Role
from mailbot.triage.triage import Triage
from mailbot.value import Instant, Value


class Priority(IntEnum):
    """The order in which the outbox leaves: safety, then clocks, then receipts, digests, mass letters."""

    URGENT = 0
    CLOCK = 10
    NOTICE = 20
    DIGEST = 30
    LETTER = 40


class Notice(Value):
    """One message to one person, decided but not yet written: which template, why, for which duty and step.

    ``why`` completes "You get this because …". ``late`` names the steps this mail stands for that an outage or a
    late start skipped. ``wanted`` is the condition asked again just before it is sent (notify.wanted).
    ``mentions`` are extra values for the template, free of affected people's data. ``asks``: the kinds of duty whose
    request this mail makes, the first being ``duty_kind``: one mail may ask a desk for several things at once.
    """

    template: str
    recipient: str
    role: Role
    why: str
    duty_id: str | None = None
    duty_kind: str | None = None
    step: str | None = None
    occurrence: int = 0
    late: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    priority: Priority = Priority.NOTICE
    not_before: Instant | None = None
    wanted: str = "always"
    mentions: dict[str, str] = {}


class Decision(Value):
    """The incident as it now is, who is told, and what is written into its history."""

    incident: Incident
    notices: tuple[Notice, ...] = ()
    audit: tuple[AuditEntry, ...] = ()


class ReportedAgain(Value):
    """The same report lies in another mailbox too, or was sent again: the other desk is told, nothing is doubled."""

    original: Original
    queue: Queue | None


class FactsArrived(Value):
    """The reporter (or a desk) supplied facts by reply or form; ``missing`` is what is still unanswered.

    ``doubtful``: the fields the reader was unsure of. ``found``: what triage finds in old and new words together, its
    flags only those that the old words did not show.
    """

    facts: dict[str, FieldValue]
    missing: tuple[str, ...]
    by: str
    doubtful: tuple[str, ...] = ()
    found: Triage | None = None
    occurred_at: Instant | None = None
    discovered_at: Instant | None = None


class Answered(Value):
    """A proven answer: key and value as config/procedure.toml names them (``ico: not required, because …``).

    ``duty_kind`` is empty where the answer is about the whole incident, or where only its key tells the duty.
    ``by`` is the address it came from; ``signed`` what a ``By:`` line says (a shared mailbox needs one).
    ``moment`` is the date and time the answer itself names, ``received_at`` when the reply reached its mailbox.
    ``known_references``: the incidents named in the reply that exist. ``corrects``: it says outright that it is to
    stand in the place of an earlier answer.
    """

    duty_kind: str
    key: str
    value: str
    by: str
    signed: str = ""
    moment: Instant | None = None
    received_at: Instant | None = None
    known_references: tuple[Reference, ...] = ()
    corrects: bool = False


class InvestigationReturned(Value):
    """An investigation report came back with a proven answer, as our form or as typed recommendations (51, 52).

    ``by``, ``signed`` and ``received_at`` as in ``Answered``.
    """

    report: ReturnedInvestigation
    by: str
    signed: str = ""
    received_at: Instant | None = None


class AssessmentReturned(Value):
    """Severity assessments of ours came back with a proven answer; only one counts, and only without a typed rating.

    ``by``, ``signed`` and ``received_at`` as in ``Answered``.
    """

    forms: tuple[ReturnedAssessment, ...] = Field(min_length=1)
    by: str
    signed: str = ""
    also_typed: bool = False
    received_at: Instant | None = None


class Misaddressed(Value):
    """A required notice did not reach its reader: it bounced, was given up, or met an out-of-office."""

    duty_id: str | None
    recipient: str
    because: str


class TimePassed(Value):
    """Nothing happened but time: whatever is due by now is due."""


Event = ReportedAgain | FactsArrived | Answered | AssessmentReturned | InvestigationReturned | Misaddressed | TimePassed
