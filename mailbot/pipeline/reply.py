"""What a proven reply says: facts of the report, answers to duties, or words that must be asked about again. Pure."""

from collections.abc import Iterator
from datetime import datetime

from mailbot.incident import FieldValue, Incident
from mailbot.parse.dates import understand_date
from mailbot.parse.reading import REFERENCE, AnswerLine, Reading
from mailbot.parse.returned import MAIL
from mailbot.pipeline.answer_lines import SIGNED, as_stated, in_order, rates
from mailbot.pipeline.proof import Proof
from mailbot.procedure.answer_rows import AnswerRule
from mailbot.procedure.answerers import may_answer
from mailbot.procedure.bare import understand_bare
from mailbot.procedure.conditions import INVESTIGATE
from mailbot.procedure.decision import Answered, AssessmentReturned, Event, FactsArrived, InvestigationReturned
from mailbot.procedure.effect import Effect
from mailbot.procedure.rules import Rules
from mailbot.terms import Reference, references_in

LABELLED = 0.5
"""Up to this confidence a field holds the reply's own running words (its story, its unknown labels), not an answer."""

IN_MAIL = "mail, "
"""How the source of a fact begins that stood in the text of a mail and in no document."""

NAMING = frozenset({Effect.NAME_GROUP, Effect.NAME_LINE_MANAGER, Effect.NAME_RESPONSIBLE_LINE_MANAGER})

STORY = "description"
REPORTERS_DUTY = "complete_report"


class ReplyContext:
    """A reply with the incident it is about, what its sender has proven, and when it arrived.

    ``known_references``: the incidents named in it that exist.
    """

    def __init__(
        self,
        reading: Reading,
        incident: Incident,
        proof: Proof,
        received_at: datetime,
        known_references: tuple[Reference, ...] = (),
    ) -> None:
        self.reading = reading
        self.known_references = known_references
        self.incident = incident
        self.proof = proof
        self.received_at = received_at

    @property
    def sender(self) -> str:
        return self.reading.email.sender.address.lower()

    @property
    def is_reporters(self) -> bool:
        return self.sender == self.incident.reporter.address.lower()


def events_of(reply: ReplyContext, rules: Rules) -> tuple[Event, ...]:
    """The events a proven reply brings about, facts first; none where it says nothing that anybody asked."""
    facts = _facts(reply, rules) if _may_supply_facts(reply, rules) else {}
    events: list[Event] = [_facts_arrived(reply, facts)] if facts else []
    events += _assessments(reply, rules)
    events += _investigation(reply, rules)
    events += _ruling(reply, rules)
    events += _answers(reply, facts, rules)
    if not events:
        events += _bare(reply, rules)
    if not events and _must_be_understood(reply, rules):
        events.append(_answered(reply, AnswerLine(key="", value=reply.reading.email.reply)))
    return tuple(events)


def _bare(reply: ReplyContext, rules: Rules) -> Iterator[Answered]:
    """The one word that somebody on call wrote instead of a whole line, whatever they were rung for."""
    on_call = rules.organisation.is_on_call(reply.sender)
    kinds = [duty.kind for duty in reply.incident.duties] if on_call else [reply.proof.duty_kind]
    for kind in dict.fromkeys(kinds):
        rule = rules.procedure.find(kind)
        found = understand_bare(reply.reading.email.reply, rule.answers) if rule else None
        if found is not None:
            yield _answered(reply, AnswerLine(key=found.rule.key, value=found.verb)).but(duty_kind=kind)


def _must_be_understood(reply: ReplyContext, rules: Rules) -> bool:
    """Whether somebody was asked to act and wrote something that is no answer: they are asked again.

    Not by text message: the next call asks again, and the desk is shown what was written.
    """
    kind = reply.proof.duty_kind
    asked_to_act = kind not in {"", REPORTERS_DUTY} and reply.incident.duty(kind) is not None
    by_mail = not reply.is_reporters and not rules.organisation.is_on_call(reply.sender)
    return asked_to_act and by_mail and bool(reply.reading.email.reply.strip())


def _may_supply_facts(reply: ReplyContext, rules: Rules) -> bool:
    members = {member for desk in rules.organisation.desks for member in (desk.address, *desk.members)}
    return reply.is_reporters or reply.sender in members


def _facts(reply: ReplyContext, rules: Rules) -> dict[str, FieldValue]:
    """The labelled answers. A reply's running words are a fact only where nobody has said yet what happened.

    What a desk adds bears its name: it is not sent to the Reporter as if it were theirs. Our own number is no news.
    """
    fields = _stated(reply, rules)
    if references_in(reply.reading.reference, rules.procedure.reference.prefix):
        fields.pop(REFERENCE, None)  # it may stand on a form that states no facts
    own_answers = _given_as_answers(reply, rules)
    story_is_asked = STORY in reply.incident.missing and reply.is_reporters
    by = "" if reply.is_reporters else reply.sender
    return {
        name: fact.but(by=by)
        for name, fact in fields.items()
        if (fact.confidence > LABELLED or (name == STORY and story_is_asked))
        and not (fact.source.startswith(IN_MAIL) and _in_one_line(fact.raw) in own_answers)
    }


def _stated(reply: ReplyContext, rules: Rules) -> dict[str, FieldValue]:
    """The labelled fields; what a desk answers below one of them, in the same reply, is no part of it."""
    fields = dict(reply.reading.report.fields)
    if reply.is_reporters:
        return fields
    return {name: as_stated(one, rules) if one.source.startswith(IN_MAIL) else one for name, one in fields.items()}


def _names_somebody(rows: tuple[AnswerRule, ...]) -> bool:
    """Whether an answer says who or where: that is a fact of the incident as well."""
    return any(row.effect in NAMING for row in rows)


def _given_as_answers(reply: ReplyContext, rules: Rules) -> set[str]:
    """What somebody wrote who may answer it: "Action: training" is what a desk counts, not what was done at the time."""
    given = set()
    for line in reply.reading.answers:
        rows = rules.procedure.answers_to(line.key)
        if rows and not _names_somebody(rows):
            # What the report still lacks is a fact all the same.
            lacking = reply.is_reporters or line.key.replace(" ", "_") in reply.incident.missing
            kind = "" if lacking else rules.procedure.kind_answered_by(line.key) or ""
            event = _answered(reply, line).but(duty_kind=kind)
            given |= (
                {_in_one_line(line.value)} if may_answer(reply.sender, event, rows, reply.incident, rules) else set()
            )
    return given


def _in_one_line(text: str) -> str:
    return " ".join(text.split())


def _facts_arrived(reply: ReplyContext, facts: dict[str, FieldValue]) -> FactsArrived:
    report = reply.reading.report
    return FactsArrived(
        facts=facts,
        missing=tuple(
            name for name in reply.incident.missing if name not in facts and (name in report.missing or name == STORY)
        ),
        by=reply.sender,
        doubtful=report.doubtful,
        occurred_at=report.occurred_at,
        discovered_at=report.discovered_at,
    )


def _assessments(reply: ReplyContext, rules: Rules) -> Iterator[AssessmentReturned]:
    """The severity assessments that came with a reply, and whether it rates the incident in its words too."""
    if reply.reading.assessments:
        yield AssessmentReturned(
            forms=reply.reading.assessments,
            by=reply.sender,
            signed=_signed(reply),
            also_typed=any(rates(line, rules) for line in reply.reading.answers),
            received_at=reply.received_at,
        )


def _investigation(reply: ReplyContext, rules: Rules) -> Iterator[InvestigationReturned]:
    """The report that came back as our form, or typed by whoever was asked to investigate."""
    report = reply.reading.investigation
    if report is not None and (report.source != MAIL or _may_list(reply, rules)):
        yield InvestigationReturned(
            report=report, by=reply.sender, signed=_signed(reply), received_at=reply.received_at
        )


def _may_list(reply: ReplyContext, rules: Rules) -> bool:
    """Whether "Recommendation 1: …" in a reply can be the investigator's list: in a decision on them it is something else."""
    kind, duty = reply.proof.duty_kind, reply.incident.duty(INVESTIGATE)
    is_asked = (
        duty is not None and duty.is_open and reply.sender in {duty.person, *(one.recipient for one in duty.sent)}
    )
    return kind == INVESTIGATE or (is_asked and rules.procedure.ruling_of(kind) is None)


def _ruling(reply: ReplyContext, rules: Rules) -> Iterator[Answered]:
    """The whole of a reply to a request about numbered recommendations: people answer those in their own words."""
    kind = reply.proof.duty_kind
    said = reply.reading.email.reply
    if rules.procedure.ruling_of(kind) and said.strip() and reply.incident.duty(kind) is not None:
        yield _answered(reply, AnswerLine(key="", value=said))


def _signed(reply: ReplyContext) -> str:
    return next((one.value for one in reply.reading.answers if one.key == SIGNED), "")


def _answers(reply: ReplyContext, facts: dict[str, FieldValue], rules: Rules) -> Iterator[Answered]:
    for line in in_order(reply.reading.answers, rules):
        kind = rules.procedure.kind_answered_by(line.key)
        if kind is None or (reply.reading.assessments and rates(line, rules)):
            continue
        if _is_read_already(kind, reply, rules):
            continue
        event = _answered(reply, line).but(duty_kind=kind)
        if not _is_only_a_fact(reply, event, facts, rules):
            yield event


def _is_read_already(kind: str, reply: ReplyContext, rules: Rules) -> bool:
    """Whether a line belongs to what was taken as a whole: a decision on recommendations, or the report itself."""
    if kind == INVESTIGATE:
        return next(_investigation(reply, rules), None) is not None
    return kind == reply.proof.duty_kind and rules.procedure.ruling_of(kind) is not None


def _is_only_a_fact(reply: ReplyContext, event: Answered, facts: dict[str, FieldValue], rules: Rules) -> bool:
    """What the Reporter writes under a question of the form is a fact, though a desk is asked under the same name."""
    is_stated = event.key.replace(" ", "_") in facts or any(fact.raw == event.value for fact in facts.values())
    if not is_stated or not reply.is_reporters:
        return False
    return not may_answer(reply.sender, event, rules.procedure.answers_to(event.key), reply.incident, rules)


def _answered(reply: ReplyContext, line: AnswerLine) -> Answered:
    return Answered(
        duty_kind=reply.proof.duty_kind,
        key=line.key,
        value=line.value,
        by=reply.sender,
        signed=_signed(reply),
        moment=understand_date(line.value, reply.received_at).at,
        received_at=reply.received_at,
        known_references=reply.known_references,
    )
