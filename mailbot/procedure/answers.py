"""Answers by reply, once their sender is proven: understood by the rows of config/procedure.toml, never guessed.

What is unclear is asked again; what comes from somebody who was not asked is held and shown to the IG Team.
"""

import re
from datetime import datetime
from typing import NamedTuple

from mailbot.incident import AuditEntry, Discharge, Duty, Incident, Role
from mailbot.procedure.answerers import may_answer, who_answers
from mailbot.procedure.calendar import day_of
from mailbot.procedure.decision import Answered, Decision, Notice
from mailbot.procedure.duties import end_duty, is_met
from mailbot.procedure.effects import Given, Problem, apply
from mailbot.procedure.people import contact_for
from mailbot.procedure.rows import AnswerRule, Effect, Reason
from mailbot.procedure.rules import Rules, plain_key

_BECAUSE = re.compile(r"\bbecause\b|\bas\b|\bsince\b|\bdue to\b", re.IGNORECASE)
_LEADING = " \t\"'“”‘’:;,.–—-"

NOT_ASKED = "this person was not asked"


class Understood(NamedTuple):
    """A row of the file with the verb found in the answer and what was written after it."""

    rule: AnswerRule
    verb: str
    rest: str


def understand(value: str, rows: tuple[AnswerRule, ...]) -> Understood | None:
    """The first row whose verb begins the answer, forgiving in case, spacing and punctuation; None where none does."""
    words = " ".join(value.split()).strip(_LEADING)
    for rule in rows:
        for verb in sorted(rule.verbs, key=len, reverse=True):
            rest = words[len(verb) :]
            if words.lower().startswith(verb) and not rest[:1].isalnum():
                return Understood(rule, verb, rest.strip(_LEADING))
        if not rule.verbs and any(sign.isalnum() for sign in words):
            return Understood(rule, "", words)
    return None


def answered(incident: Incident, event: Answered, now: datetime, rules: Rules) -> Decision:
    """Records an answer, holds it, or asks again; the caller settles what follows from it."""
    kind = rules.procedure.kind_answered_by(event.key)
    if kind is not None:
        event = event.but(duty_kind=kind)
    rows = rules.procedure.answers_to(event.key)
    person = who_answers(event, rules.organisation)
    if kind == "" and event.by.lower() == incident.reporter.address.lower():
        return _a_fact(incident, event, now)
    if not may_answer(person or event.by.lower(), event, rows, incident, rules):
        return _held(incident, event, now, rules)
    if person is None:
        return _unclear(incident, event, Problem.NOT_SIGNED, now)
    understood = understand(event.value, rows)
    if understood is None:
        return _unclear(incident, event, Problem.NOT_UNDERSTOOD if rows else Problem.UNKNOWN_KEY, now)
    return _acted_upon(incident, event, understood, person=person, now=now, rules=rules)


def _acted_upon(
    incident: Incident, event: Answered, understood: Understood, *, person: str, now: datetime, rules: Rules
) -> Decision:
    rule, verb, rest = understood
    duty = incident.duty(event.duty_kind)
    named = event.moment if rule.names_moment else None
    done_at = named or event.received_at or now
    problem = _problem(rule, rest, done_at, duty, now)
    if problem is not None:
        return _unclear(incident, event, problem, now)
    given = Given(by=person, verb=verb, words=_reason(rest), moment=named, now=now)
    changed = apply(rule.effect, incident, given, rules)
    if isinstance(changed, Problem):
        return _unclear(incident, event, changed, now)
    history = [_recorded(event, person, incident, now)]
    if rule.discharges and duty is not None and duty.is_open:
        discharge = Discharge(
            at=min(done_at, now), by=person, how=rule.how or verb, reason=rest, met=is_met(duty, done_at)
        )
        changed, ended = end_duty(changed, duty, discharge, now, rules)
        history += ended
    return Decision(incident=changed, notices=_receipt(incident, event, understood, duty), audit=tuple(history))


def _problem(rule: AnswerRule, rest: str, done_at: datetime, duty: Duty | None, now: datetime) -> Problem | None:
    if rule.reason is Reason.REQUIRED and not any(sign.isalnum() for sign in _reason(rest)):
        return Problem.REASON_MISSING
    if duty is None or not rule.discharges:
        return None
    if done_at > now:
        return Problem.TIME_IN_FUTURE
    if rule.names_moment and day_of(done_at) < day_of(duty.anchored_at):
        return Problem.TIME_TOO_EARLY
    late = duty.is_open and duty.due_at is not None and done_at > duty.due_at
    unexplained = rule.because_if_late and late and not _BECAUSE.search(rest)
    return Problem.REASON_FOR_LATENESS_MISSING if unexplained else None


def _reason(rest: str) -> str:
    return re.sub(r"^because\b", "", rest, flags=re.IGNORECASE).strip(_LEADING)


def _recorded(event: Answered, person: str, before: Incident, now: datetime) -> AuditEntry:
    details = {
        "duty": event.duty_kind,
        "key": plain_key(event.key),
        "value": event.value,
        "from": event.by,
        "severity before": before.severity.value,
        "queue before": before.queue.value,
        "aware at before": before.aware_at.isoformat(),
    }
    return AuditEntry(at=now, action="answered", by=person, details=details)


def _receipt(incident: Incident, event: Answered, understood: Understood, duty: Duty | None) -> tuple[Notice, ...]:
    rule, verb, _ = understood
    if not _may_write_to(event.by, incident):
        return ()
    mentions = {"key": rule.key.capitalize(), "recorded": rule.how or verb}
    if duty is not None and duty.discharged is not None and rule.effect is Effect.NONE:
        mentions["already"] = duty.discharged.how
    return (_reply("receipt", "you answered a request about this incident", incident, event, mentions),)


def _unclear(incident: Incident, event: Answered, problem: Problem, now: datetime) -> Decision:
    details = {"key": event.key, "value": event.value, "problem": problem.value}
    entry = AuditEntry(at=now, action="answer unclear", by=event.by, details=details)
    if not _may_write_to(event.by, incident):
        return Decision(incident=incident, audit=(entry,))
    why = "your answer about this incident was not clear to the bot"
    notice = _reply("answer_unclear", why, incident, event, {"problem": problem.value})
    return Decision(incident=incident, notices=(notice,), audit=(entry,))


def _may_write_to(address: str, incident: Incident) -> bool:
    """An outside reporter is written to only where the gateway vouched for the address (DESIGN §8)."""
    reporter = incident.reporter
    return address.lower() != reporter.address.lower() or reporter.may_be_written_to


def _reply(template: str, why: str, incident: Incident, event: Answered, mentions: dict[str, str]) -> Notice:
    duty = incident.duty(event.duty_kind)
    return Notice(
        template=template,
        recipient=event.by.lower(),
        role=_role_of(event, incident, duty),
        why=why,
        duty_id=duty.id if duty else None,
        duty_kind=event.duty_kind or None,
        mentions=mentions,
    )


def _role_of(event: Answered, incident: Incident, duty: Duty | None) -> Role:
    if event.by.lower() == incident.reporter.address.lower():
        return Role.REPORTER
    return duty.holder if duty else Role.QUEUE_TEAM


def _a_fact(incident: Incident, event: Answered, now: datetime) -> Decision:
    """A reporter who writes "Group: Housing" states a fact of the report, not a decision: nothing is held for it."""
    details = {"key": event.key, "value": event.value}
    return Decision(incident=incident, audit=(AuditEntry(at=now, action="stated", by=event.by, details=details),))


def _held(incident: Incident, event: Answered, now: datetime, rules: Rules) -> Decision:
    """Somebody answered who was not asked: nothing changes, and the IG Team sees it (DESIGN §8)."""
    contact = contact_for(Role.IG_TEAM, incident, rules)
    notice = Notice(
        template="answer_held",
        recipient=contact.address,
        role=contact.role,
        why="somebody answered for this incident who was not asked",
        duty_kind=event.duty_kind or None,
        mentions={"sender": event.by, "because": NOT_ASKED},
    )
    details = {"duty": event.duty_kind, "key": event.key, "value": event.value}
    entry = AuditEntry(at=now, action="answer held", by=event.by, details=details)
    return Decision(incident=incident, notices=(notice,), audit=(entry,))
