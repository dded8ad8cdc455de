"""Bytes → ``Reading``: the steps intake and parse, one after the other. Runs in a process of its own (transport.sandbox).

It stands apart from ``pipeline`` so that the process that reads what strangers sent loads nothing else of the bot.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from mailbot.intake.bounce import read_bounce
from mailbot.intake.containers import A_PERSON
from mailbot.intake.email import Attachment, Document, InboundEmail, Kind
from mailbot.intake.filetypes import type_of
from mailbot.intake.headers import Mail
from mailbot.intake.kinds import has_form, is_call_log, is_titled, kind_of
from mailbot.intake.message import read_headers, read_opened
from mailbot.intake.mime import open_message
from mailbot.intake.rules import IntakeRules
from mailbot.parse.answers import read_answers
from mailbot.parse.assessment_form import is_assessment, read_assessment
from mailbot.parse.assessment_rules import AssessmentForm
from mailbot.parse.document import read_document
from mailbot.parse.investigation_form import is_investigation, read_investigation, read_typed, together
from mailbot.parse.investigation_rules import InvestigationForm
from mailbot.parse.reading import DocumentReading, Reading, ReportedIncident
from mailbot.parse.report_form import read_report
from mailbot.parse.returned import ReturnedInvestigation
from mailbot.parse.returned_assessment import ReturnedAssessment
from mailbot.parse.rules import FormRules
from mailbot.parse.scan import Recogniser
from mailbot.value import Value

PAIRING = -1
"""The number announced before the answers of all documents are put together, after the documents' own numbers."""

RETURNED = frozenset({Kind.BOUNCE, Kind.DELAY, Kind.DELIVERED})
INVESTIGATION_BY_LOOKS = ", but it is a picture: ask for the file itself"
NOT_SKIPPED: Mapping[int, str] = MappingProxyType({})


class ReadingRules(Value):
    """All that a reader must know: whom the bot serves, what a report form asks, and what the bot's other forms do."""

    intake: IntakeRules
    form: FormRules
    investigation: InvestigationForm | None = None
    assessment: AssessmentForm | None = None


class ReadDocument(NamedTuple):
    """One document read: as any other, and what it says as an investigation report or an assessment where it is one."""

    reading: DocumentReading
    investigation: ReturnedInvestigation | None = None
    assessment: ReturnedAssessment | None = None


def unheard(_number: int) -> None:
    """An announcement that nobody listens to."""


def read(
    content: bytes,
    received_at: datetime,
    rules: ReadingRules,
    on_document: Callable[[int], None] = unheard,
    skip: Mapping[int, str] = NOT_SKIPPED,
    *,
    recogniser: Recogniser | None = None,
) -> Reading:
    """What a raw message says. Never raises for what a stranger sent.

    ``received_at`` (aware) anchors "last night". Each document's number is announced by ``on_document`` before it is
    opened, and ``PAIRING`` before their answers are put together; what ``skip`` names is left out for the reason it
    gives, which is said in the attachment's outcome and in the problems. ``recogniser`` reads writing in pictures.
    """
    message, problems = open_message(content)
    email, documents = read_opened(message, rules.intake, problems)
    kind = kind_of(message, email, rules.intake)
    if kind.is_machine:
        return _machine_reading(kind, message, email)
    read_it = _reader_of(rules, received_at, recogniser)
    opened = [_read_one(one, read_it, on_document, skip) for one in documents]
    found = tuple(one.reading for one in opened)
    email = _with_outcomes(email, documents, found, skip)
    on_document(PAIRING)
    typed = read_typed(email.reply, received_at) if rules.investigation and PAIRING not in skip else None
    investigation = together([one.investigation for one in opened if one.investigation], typed)
    assessments = tuple(one.assessment for one in opened if one.assessment)
    return Reading(
        kind=_kind_by_content(kind, found, bool(assessments or (investigation and investigation.reference))),
        email=email,
        report=_report(email, found, received_at, rules.form, skip),
        answers=read_answers(email.reply),
        investigation=investigation,
        assessments=assessments,
        call_log=is_call_log(email, rules.intake),
        titled=is_titled(email.subject, rules.intake) or has_form(email, rules.intake),
        problems=email.problems,
    )


def read_headers_only(content: bytes, rules: ReadingRules, because: str) -> Reading:
    """What the headers alone say, for a message whose body cannot be read; ``because`` is said in the problems."""
    head = content[: rules.intake.limits.header_block].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    message, _ = open_message(head + b"\n\n")
    email = read_headers(message, rules.intake).but(problems=(because,))
    kind = kind_of(message, email, rules.intake)
    if kind in {Kind.OTHER, Kind.FOLLOW_UP}:
        kind = Kind.REPORT  # nobody can say that it is none, so a person must see it
    return Reading(kind=kind, email=email, report=ReportedIncident(), problems=(because,))


def is_form(content: bytes, rules: ReadingRules) -> bool:
    """Whether a document's own text shows it to be a report form, or another form of ours, whatever it is called."""
    document = Document(number=1, name="", type=type_of(content), content=content)
    read = read_document(document, rules.form)
    is_assessed = bool(rules.assessment and is_assessment(read.text, rules.assessment))
    return read.is_form or is_assessed or bool(rules.investigation and is_investigation(read.text, rules.investigation))


def _machine_reading(kind: Kind, message: Mail, email: InboundEmail) -> Reading:
    bounce = read_bounce(message, email) if kind in RETURNED else None
    return Reading(kind=kind, email=email, report=ReportedIncident(), bounce=bounce, problems=email.problems)


def _kind_by_content(
    kind: Kind,
    found: tuple[DocumentReading, ...],
    comes_back: bool,  # noqa: FBT001 - a plain question
) -> Kind:
    """What a mail is that says nothing of itself: people send forms back in mails of their own."""
    if kind is not Kind.OTHER:
        return kind
    if any(one.is_form for one in found):
        return Kind.REPORT
    return Kind.ANSWER if comes_back else Kind.OTHER


def _reader_of(
    rules: ReadingRules, received_at: datetime, recogniser: Recogniser | None
) -> Callable[[Document], ReadDocument]:
    def read_it(document: Document) -> ReadDocument:
        reading = read_document(document, rules.form, recogniser)
        return _as_what_it_is(document, reading, rules, received_at)

    return read_it


def _read_one(
    document: Document,
    read_it: Callable[[Document], ReadDocument],
    on_document: Callable[[int], None],
    skip: Mapping[int, str],
) -> ReadDocument:
    if document.number in skip:
        return _unread(document, f"not read: {skip[document.number]}")
    on_document(document.number)
    try:
        return read_it(document)
    except MemoryError:
        return _unread(document, "could not be read: it needs too much memory")
    except Exception as error:  # noqa: BLE001 - one attachment that trips a reader must not cost the mail
        return _unread(document, f"could not be read: its content is damaged ({type(error).__name__})")


def _as_what_it_is(
    document: Document, reading: DocumentReading, rules: ReadingRules, received_at: datetime
) -> ReadDocument:
    """An investigation report, or an assessment, is no incident report: what stands in it is no fact of one."""
    if rules.assessment and is_assessment(reading.text, rules.assessment):
        bare = DocumentReading(number=document.number, name=document.name, outcome="read: a severity assessment")
        return ReadDocument(
            bare, assessment=read_assessment(document, rules.assessment, rules.form.folded_placeholders)
        )
    own = rules.investigation
    if own is None or not is_investigation(reading.text, own):
        return ReadDocument(reading)
    outcome = f"read: an investigation report{INVESTIGATION_BY_LOOKS if reading.by_looks else ''}"
    bare = DocumentReading(number=document.number, name=document.name, outcome=outcome)
    return ReadDocument(bare, read_investigation(document, own, rules.form, received_at))


def _unread(document: Document, outcome: str) -> ReadDocument:
    return ReadDocument(DocumentReading(number=document.number, name=document.name, outcome=outcome))


def _with_outcomes(
    email: InboundEmail, documents: tuple[Document, ...], found: tuple[DocumentReading, ...], skip: Mapping[int, str]
) -> InboundEmail:
    attachments = list(email.attachments)
    problems = list(email.problems)
    for document, reading in zip(documents, found, strict=True):
        attachments[document.number] = attachments[document.number].but(outcome=reading.outcome)
        problem = _problem(attachments[document.number], skip.get(document.number, ""))
        problems += [problem] if problem else []
    if PAIRING in skip:
        problems.append(
            f"The reader stopped while putting the answers together: {skip[PAIRING]}. A person must read the mail."
        )
    return email.but(attachments=tuple(attachments), problems=tuple(problems))


def _problem(attachment: Attachment, skipped_because: str) -> str:
    if skipped_because:
        return f"The reader stopped while reading «{attachment.name}»: {skipped_because}. A person must open it."
    if attachment.outcome.startswith("could not be read"):
        return f"«{attachment.name}» {attachment.outcome}. A person must open it."
    if attachment.outcome.endswith(A_PERSON):
        return f"«{attachment.name}» {attachment.outcome}."
    return ""


def _report(
    email: InboundEmail,
    found: tuple[DocumentReading, ...],
    received_at: datetime,
    rules: FormRules,
    skip: Mapping[int, str],
) -> ReportedIncident:
    if PAIRING in skip:
        return ReportedIncident()
    try:
        return read_report(email, found, received_at, rules)
    except Exception:  # noqa: BLE001 - an unreadable report is still a report: its incident opens with nothing filled in
        return ReportedIncident(missing=tuple(name for name, field in rules.fields.items() if field.required))
