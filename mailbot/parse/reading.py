"""What the reader answers for one message: the mail, what it reports, what it answers, what it failed to read."""

from mailbot.incident import FieldValue
from mailbot.intake.email import Bounce, InboundEmail, Kind
from mailbot.parse.returned import ReturnedInvestigation
from mailbot.parse.returned_assessment import ReturnedAssessment
from mailbot.value import Instant, Value

REFERENCE = "external_ref"


class ReportedIncident(Value):
    """What a report says, field by field (names in config/form.toml), every value with source and confidence.

    ``missing`` lists the required fields without an answer; ``doubtful`` those whose pairing or date is unsure.
    Dates are understood in Europe/London, day first, with the mail's arrival as anchor.
    """

    fields: dict[str, FieldValue] = {}
    missing: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()
    occurred_at: Instant | None = None
    discovered_at: Instant | None = None


class AnswerLine(Value):
    """One ``Key: value`` line of a reply, key in lower case, in the sender's own words."""

    key: str
    value: str


class Reading(Value):
    """Everything understood of one message. Carries no secret and is kept (sealed) with the raw mail.

    ``report`` is there for every message whose kind is a report or may carry facts (an answer with a form).
    ``call_log``: the true reporter named in a call logged by a desk (paras 30, 35), with the time of the call.
    ``titled``: the subject says the title of para 32, or an attachment is called like a report form.
    ``investigation``: an investigation report of ours that came back, or recommendations typed into the mail.
    ``assessments``: the severity assessments of ours that came back.
    """

    kind: Kind
    email: InboundEmail
    report: ReportedIncident
    answers: tuple[AnswerLine, ...] = ()
    bounce: Bounce | None = None
    investigation: ReturnedInvestigation | None = None
    assessments: tuple[ReturnedAssessment, ...] = ()
    call_log: bool = False
    titled: bool = False
    problems: tuple[str, ...] = ()

    @property
    def reference(self) -> str:
        """What stands where a form asks for a reference: on a form of ours, the incident's with its code."""
        fact = self.report.fields.get(REFERENCE)
        on_form = self.investigation.reference if self.investigation else ""
        on_form = on_form or next((one.reference for one in self.assessments if one.reference), "")
        return on_form or (fact.raw if fact else "")


class Row(Value):
    """One question of a document with what stands in the place for its answer, which may be nothing.

    ``field`` is the name the label matched, empty where none did; ``confidence`` tells how well (0 to 1).
    ``section`` is the heading above it.
    """

    label: str
    answer: str
    source: str
    field: str = ""
    confidence: float = 1.0
    section: str = ""


class DocumentReading(Value):
    """What was read of one document. ``outcome`` says it in plain words, shown to people beside its name.

    ``rows`` are its questions in order; ``text`` is everything written in it, ``loose`` what belongs to no question.
    ``is_form``: it asks what only an incident report asks. ``by_looks``: it was made out in a picture.
    """

    number: int
    name: str
    outcome: str
    rows: tuple[Row, ...] = ()
    text: str = ""
    loose: str = ""
    is_form: bool = False
    by_looks: bool = False
