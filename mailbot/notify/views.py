"""What each audience may be shown. A template sees the fields of its view and nothing else (para 69).

``Known`` marks words that come from the configuration or the council's directory, never from a mail. The views of
everybody but the handling desk hold enums, moments, numbers, references and ``Known`` words only: they have no field
that could take a report's words, a subject or the name of a file. mailbot.notify.look builds them.
"""

from mailbot.notify.assessed_view import AssessmentView, ClassifiedView, RepeatCountView, RepeatView
from mailbot.notify.known import Known
from mailbot.terms import Queue, Reference, Role, Severity, Stage
from mailbot.value import Instant, Value


class ContactView(Value):
    """A desk to telephone or write to."""

    name: Known
    phone: Known
    address: Known
    hours: Known = ""


class QuestionView(Value):
    """A fact that is still missing: the key to answer under and the question in plain English."""

    key: Known
    question: Known


class AskView(Value):
    """What the reader is asked: the duty, the words to answer with, and until when.

    ``due_at`` is None where neither law nor procedure names a number; ``started_at`` then shows how long it has run.
    """

    kind: Known
    title: Known
    para: Known
    words: tuple[Known, ...]
    holder: Role
    person: Known | None
    started_at: Instant
    due_at: Instant | None
    is_open: bool
    discharged_at: Instant | None


class DutyView(Value):
    """A duty as others see it: whose it is and how it stands."""

    title: Known
    holder: Role
    person: Known | None
    started_at: Instant
    due_at: Instant | None
    is_open: bool
    met: bool | None


class OnCallView(Value):
    """For urgent addresses, which may be a telephone's screen: a reference and a number to ring."""

    reference: Reference
    phone: Known


class OutsideView(Value):
    """For a reporter outside the council: nothing of the report."""

    reference: Reference
    council: Known
    received_at: Instant
    contact: ContactView


class _Letterhead(Value):
    """``ask`` is the duty the mail is about; ``asks`` every open duty that its reader has in this incident, that one first.

    ``may_say``: what the reader may answer about the incident as a whole besides, word for word.
    """

    reference: Reference
    council: Known
    name: Known | None
    role: Role
    why: Known
    received_at: Instant
    ico_due_at: Instant | None
    contact: ContactView
    ask: AskView | None
    asks: tuple[AskView, ...]
    may_say: tuple[Known, ...]
    late: tuple[Known, ...]
    questions: tuple[QuestionView, ...]
    mentions: dict[Known, Known]


class ReporterView(_Letterhead):
    """For a reporter inside the council: their reference and what is missing, nothing of what they wrote.

    ``form_attached``: the council's own form comes with the mail.
    """

    it_desk: ContactView
    ig_desk: ContactView
    stolen: bool
    safety: bool
    restricted: bool
    called: bool
    form_attached: bool


class InternalView(_Letterhead):
    """For everybody with a duty or a right to know: no field able to hold data of the people affected.

    ``rated_by`` is set where a person rated it; their own words are the handling desk's. ``severity_reasons`` and
    ``type_reasons`` are the configuration's.
    """

    queue: Queue
    also_tell: tuple[Queue, ...]
    severity: Severity
    provisional: bool
    severity_reasons: tuple[Known, ...]
    rated_by: Known | None
    stage: Stage
    incident_type: Known | None
    type_reasons: tuple[Known, ...]
    people_affected: Known
    occurred_at: Instant | None
    discovered_at: Instant | None
    aware_at: Instant
    group: Known | None
    reporter: Known | None
    reporter_outside: bool
    line_manager: Known | None
    responsible_line_manager: Known | None
    personal_data: bool | None
    health_or_social_care: bool
    stolen: bool
    allegation: bool
    safety: bool
    restricted: bool
    duties: tuple[DutyView, ...]


class FactView(Value):
    """One answer of the report, as the desk that handles it may read it."""

    label: Known
    value: str
    source: str
    doubtful: bool


class FileView(Value):
    """A file that lies with the report, and what the reader made of it."""

    name: str
    outcome: str


class OriginalView(Value):
    """Where the report lies, so that nobody needs to send it again, and what of it a person must open."""

    mailbox: Known
    folder: Known
    sender: str
    received_at: Instant
    files: tuple[FileView, ...]
    problems: tuple[str, ...]


class AlikeView(Value):
    """Another incident that reads like this one."""

    reference: Reference
    because: Known


class DeskView(InternalView):
    """For the desk that handles the incident: may quote the report. ``rating_reason``: what a person wrote for theirs."""

    reporter_address: str
    facts: tuple[FactView, ...]
    reasons: tuple[str, ...]
    rating_reason: str | None
    assessment: AssessmentView | None
    classified: tuple[ClassifiedView, ...]
    repeats: tuple[RepeatView, ...]
    repeat_counts: tuple[RepeatCountView, ...]
    doubts: tuple[str, ...]
    flags: tuple[str, ...]
    originals: tuple[OriginalView, ...]
    alike: tuple[AlikeView, ...]


class OperatorView(Value):
    """For whoever keeps the bot running: what failed, for which mail, and what the mail server said in numbers."""

    what: Known
    advice: Known
    council: Known = ""
    reference: Reference | None = None
    template: Known | None = None
    recipient: str | None = None
    tries: int | None = None
    code: int | None = None
    at: Instant
