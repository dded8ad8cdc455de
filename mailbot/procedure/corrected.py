"""A correction: "Correct: ICO: not required, because …" puts a later answer in the place of an earlier one, and says so.

How the duty ended stays as it was frozen; the correction is a second record beside it. It may own up to a missed
deadline, and never undoes one. "Stands: ICO" confirms what is on record.
"""

from datetime import datetime

from mailbot.incident import AuditEntry, Discharge, Duty, Incident
from mailbot.procedure.answer_rows import AnswerRule
from mailbot.procedure.answerers import may_answer, who_answers
from mailbot.procedure.decision import Answered, Decision
from mailbot.procedure.duties import is_met, start_duty
from mailbot.procedure.effect import Effect
from mailbot.procedure.grammar import Problem
from mailbot.procedure.rules import Rules, plain_key
from mailbot.procedure.sent_back import held, may_write_to, reply, unclear
from mailbot.procedure.settled import settled_before


def as_meant(event: Answered, rules: Rules) -> Answered:
    """The answer that a line "Correct: Key: value" gives, marked as a correction; any other answer as it is."""
    if effect_of(event, rules) is not Effect.CORRECT:
        return event
    key, _, value = event.value.partition(":")
    return event.but(key=key.strip(" \t\"'“”"), value=value.strip(), duty_kind="", corrects=True)


def effect_of(event: Answered, rules: Rules) -> Effect:
    """What the first row of an answer's key does; nothing where the file has no such key."""
    rows = rules.procedure.answers_to(event.key)
    return rows[0].effect if rows else Effect.NONE


def rows_with_settlers(rows: tuple[AnswerRule, ...]) -> tuple[AnswerRule, ...]:
    """The rows of a key as they are answered by a correction: whoever settles it may give it too."""
    return tuple(row.but(by=(*row.by, row.settled_by)) if row.settles_once else row for row in rows)


def confirmed(incident: Incident, event: Answered, now: datetime, rules: Rules) -> Decision:
    """What is on record stays ("Stands: ICO"), and the history says who looked into it."""
    rows = rows_with_settlers(_rows_named(event.value, rules))
    kind = (rules.procedure.kind_answered_by(rows[0].key) or "") if rows else ""
    event = event.but(duty_kind=kind)
    person = who_answers(event, rules.organisation)
    if not may_answer(person or event.by.lower(), event, rows, incident, rules):
        return held(incident, event, now, rules)
    if person is None:
        return unclear(incident, event, Problem.NOT_SIGNED, now, rules)
    found = (settled_before(row, kind, incident, rules) for row in rows)
    standing = next((one for one in found if one), None)
    if standing is None:
        return unclear(incident, event, Problem.NOTHING_ON_RECORD, now, rules)
    details = {"duty": kind, "key": rows[0].key, "value": event.value, "from": event.by, "on record": standing.how}
    entry = AuditEntry(at=now, action="answer confirmed", by=person, details=details)
    if not may_write_to(event.by, incident):
        return Decision(incident=incident, audit=(entry,))
    mentions = {"key": rows[0].key.capitalize(), "recorded": standing.how, "same": "1"}
    why = "you said which answer about this incident stands"
    return Decision(
        incident=incident,
        notices=(reply("receipt", why, incident, event, mentions=mentions, rules=rules),),
        audit=(entry,),
    )


def _rows_named(words: str, rules: Rules) -> tuple[AnswerRule, ...]:
    """The rows of the key with which the words begin, the longest that fits."""
    said = plain_key(words)
    every = (*rules.procedure.answers, *(row for duty in rules.procedure.duties for row in duty.answers))
    fitting = {
        row.key for row in every if said == row.key or said.startswith((f"{row.key}:", f"{row.key},", f"{row.key} "))
    }
    return rules.procedure.answers_to(max(fitting, key=len)) if fitting else ()


def recorded_beside(
    incident: Incident, duty: Duty, ending: Discharge, now: datetime, rules: Rules, *, is_open: bool
) -> tuple[Incident, list[AuditEntry]]:
    """The incident with the corrected record of a duty that had ended: ended in another way, or open again after all."""
    rule = rules.procedure.duty(duty.kind)
    beside = start_duty(rule, incident, now, rules, duty.about)
    if not is_open:
        kept = {"person": duty.person, "anchored_at": duty.anchored_at, "due_at": duty.due_at}
        beside = beside.but(**kept, next_step_at=None, discharged=ending.but(met=_never_better(duty, ending)))
    before = duty.discharged.how if duty.discharged else ""
    details = {"duty": duty.kind, "on record": before, "corrected to": ending.how, "reason": ending.reason}
    entry = AuditEntry(at=now, action="corrected", by=ending.by, details=details)
    return incident.but(duties=(*incident.duties, beside)), [entry]


def _never_better(duty: Duty, ending: Discharge) -> bool | None:
    """Whether it counts as met: not where either record says otherwise."""
    was_met = duty.discharged.met if duty.discharged else None
    return was_met and is_met(duty, ending.at)
