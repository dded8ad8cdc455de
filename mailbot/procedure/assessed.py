"""A severity assessment that came back as a form: the same as if it had been typed, with every factor (paras 39, 40, 43).

It comes from whoever may rate, or it is held; it is taken whole, or asked again and nothing of it is recorded.
"""

from datetime import datetime

from mailbot.assessment import Classified
from mailbot.incident import AuditEntry, Discharge, Incident
from mailbot.procedure.answer_rows import AnswerRule
from mailbot.procedure.answerers import may_answer, who_answers
from mailbot.procedure.decision import Answered, AssessmentReturned, Decision, Notice
from mailbot.procedure.duties import end_duty, is_met
from mailbot.procedure.effect import Effect
from mailbot.procedure.form_answers import FormProblem, Trouble, Understood, understand_form
from mailbot.procedure.given import Given
from mailbot.procedure.grammar import Problem
from mailbot.procedure.rating import rated
from mailbot.procedure.recorded import history_of, recorded_words
from mailbot.procedure.rules import Rules
from mailbot.procedure.sent_back import held, may_write_to, reply, unclear

BY_FORM = "by the assessment form"


def assessment_returned(incident: Incident, event: AssessmentReturned, now: datetime, rules: Rules) -> Decision:
    """Records what the form says, holds it, or asks again; the caller settles what follows from it."""
    rows = tuple(one for rule in rules.procedure.duties for one in rule.answers if one.effect is Effect.RATE)
    answer = _as_answer(event, rows, rules)
    found = _understood(event, incident, rules)
    signed = event.signed or (found.signed if isinstance(found, Understood) else "")
    answer = answer.but(signed=signed)
    person = who_answers(answer, rules.organisation)
    if not may_answer(person or event.by.lower(), answer, rows, incident, rules):
        return held(incident, answer, now, rules)
    if isinstance(found, Trouble):
        return unclear(incident, answer, found.problem, now, rules, about=found.question)
    if person is None:
        return unclear(incident, answer, Problem.NOT_SIGNED, now, rules)
    return _recorded(incident, answer.but(value=_said(found)), found, person=person, now=now, rules=rules)


def _understood(event: AssessmentReturned, incident: Incident, rules: Rules) -> Understood | Trouble:
    if len(event.forms) > 1:
        return Trouble(FormProblem.SEVERAL)
    if event.also_typed:
        return Trouble(FormProblem.TYPED_TOO)
    return understand_form(event.forms[0], incident, rules)


def _as_answer(event: AssessmentReturned, rows: tuple[AnswerRule, ...], rules: Rules) -> Answered:
    key = rows[0].key if rows else ""
    kind = rules.procedure.kind_answered_by(key) or ""
    return Answered(duty_kind=kind, key=key, value=BY_FORM, by=event.by, received_at=event.received_at)


def _said(found: Understood) -> str:
    because = f", because {found.reason}" if found.reason else ""
    return f"{found.severity.words} ({BY_FORM}){because}"


def _recorded(
    incident: Incident, answer: Answered, found: Understood, *, person: str, now: datetime, rules: Rules
) -> Decision:
    given = Given(by=person, verb="", words=found.reason, moment=None, now=now)
    changed = rated(incident, found.severity, given, found.reason, found.assessment)
    if isinstance(changed, Problem):
        return unclear(incident, answer, changed, now, rules)
    changed = _counted(changed, found, person, now)
    history = [_entry(incident, changed, answer, person, now)]
    duty = incident.duty(answer.duty_kind)
    if duty is not None and duty.is_open:
        done_at = min(answer.received_at or now, now)
        discharge = Discharge(
            at=done_at, by=person, how=found.severity.words, reason=found.reason, met=is_met(duty, done_at)
        )
        changed, ended = end_duty(changed, duty, discharge, now, rules)
        history += ended
    return Decision(incident=changed, notices=_receipt(incident, changed, answer, rules), audit=tuple(history))


def _counted(incident: Incident, found: Understood, person: str, now: datetime) -> Incident:
    """What the form counts it under; the bot's reasons stay where its proposal was confirmed."""
    said = {}
    for one, value in found.counted.items():
        standing = incident.classified.get(one)
        kept = standing.reasons if standing and standing.value == value else ()
        said[one] = Classified(value=value, reasons=kept, by=person, at=now)
    return incident.but(classified=incident.classified | said)


def _entry(before: Incident, after: Incident, answer: Answered, person: str, now: datetime) -> AuditEntry:
    assessment = after.ratings[-1].assessment
    factors = assessment.factors if assessment else ()
    details = {
        "duty": answer.duty_kind,
        "key": answer.key,
        "value": answer.value,
        "from": answer.by,
        "severity before": before.severity.value,
        "score": f"{assessment.score:g}" if assessment else "",
        "factors": "; ".join(f"{one.name}: {one.points:g}" for one in factors),
    }
    return AuditEntry(at=now, action="answered", by=person, details=details | history_of(before, after))


def _receipt(before: Incident, after: Incident, answer: Answered, rules: Rules) -> tuple[Notice, ...]:
    if not may_write_to(answer.by, before):
        return ()
    mentions = {"key": answer.key.capitalize(), "recorded": after.severity.words} | recorded_words(before, after)
    why = "you sent a severity assessment of this incident"
    return (reply("receipt", why, before, answer, mentions=mentions, rules=rules),)
