"""Answers by reply, once their sender is proven: understood by the rows of config/procedure.toml, never guessed.

What is unclear is asked again; what comes from somebody who was not asked is held and shown to the IG Team.
"""

from datetime import datetime

from mailbot.incident import AuditEntry, Discharge, Duty, Incident
from mailbot.procedure.answer_rows import AnswerRule
from mailbot.procedure.answerers import may_answer, who_answers
from mailbot.procedure.answers_ahead import with_answer_ahead
from mailbot.procedure.clocks import latest_of
from mailbot.procedure.contradicted import contradicted
from mailbot.procedure.corrected import as_meant, confirmed, effect_of, recorded_beside, rows_with_settlers
from mailbot.procedure.decision import Answered, Decision, Notice
from mailbot.procedure.duties import end_duty, is_met
from mailbot.procedure.effect import Effect
from mailbot.procedure.effects import apply
from mailbot.procedure.given import Given
from mailbot.procedure.grammar import Problem, Understood, reason_in, understand
from mailbot.procedure.lacking import lacks, lacks_in_time
from mailbot.procedure.recorded import history_of, recorded_words
from mailbot.procedure.resolution import missing_for_closing, waiting_duties
from mailbot.procedure.ruled import ruled
from mailbot.procedure.rules import Rules, plain_key
from mailbot.procedure.sent_back import held, may_write_to, reply, unclear
from mailbot.procedure.settled import ADDING, Settled, says_otherwise, settled_before, takes_the_place


def answered(incident: Incident, event: Answered, now: datetime, rules: Rules) -> Decision:
    """Records an answer, holds it, or asks again; the caller settles what follows from it."""
    if effect_of(event, rules) is Effect.STANDS:
        return confirmed(incident, event, now, rules)
    event = as_meant(event, rules)
    kind = rules.procedure.kind_answered_by(event.key)
    if kind is not None:
        event = event.but(duty_kind=kind)
    ruling = rules.procedure.ruling_of(event.duty_kind)
    rows = (ruling,) if ruling else rules.procedure.answers_to(event.key)
    person = who_answers(event, rules.organisation)
    entitling = rows_with_settlers(rows) if event.corrects else rows
    if not may_answer(person or event.by.lower(), event, entitling, incident, rules):
        states_a_fact = kind == "" and event.by.lower() == incident.reporter.address.lower()
        return _a_fact(incident, event, now, rules) if states_a_fact else held(incident, event, now, rules)
    if person is None:
        return unclear(incident, event, Problem.NOT_SIGNED, now, rules)
    if ruling:
        return ruled(incident, event, ruling, person=person, now=now, rules=rules)
    understood = understand(event.value, rows)
    if understood is None:
        problem = Problem.NOT_UNDERSTOOD if rows else Problem.UNKNOWN_KEY
        return unclear(incident, event, problem, now, rules)
    return _acted_upon(incident, event, understood, person=person, now=now, rules=rules)


def _acted_upon(
    incident: Incident, event: Answered, understood: Understood, *, person: str, now: datetime, rules: Rules
) -> Decision:
    settled = settled_before(understood.rule, event.duty_kind, incident, rules)
    otherwise = settled is not None and says_otherwise(settled, understood, event, incident, rules)
    done_at = _done_at(incident, event, understood, settled, now)
    problem = lacks(event, understood, rules) or lacks_in_time(incident, event, understood, done_at, now)
    if problem is not None:
        return unclear(incident, event, problem, now, rules)
    if settled is not None and not otherwise and (event.corrects or understood.rule.effect not in ADDING):
        return _said_before(incident, event, understood, person=person, now=now, rules=rules)
    if settled is not None and otherwise and not event.corrects:
        return contradicted(incident, event, understood, settled, person, now, rules)
    return _recorded(incident, event, understood, done_at, settled, person=person, now=now, rules=rules)


def _recorded(
    incident: Incident,
    event: Answered,
    understood: Understood,
    done_at: datetime,
    settled: Settled | None,
    *,
    person: str,
    now: datetime,
    rules: Rules,
) -> Decision:
    rule, verb, rest = understood
    duty = incident.duty(event.duty_kind)
    if duty is None and _is_out_of_turn(rule, event, incident):
        return unclear(incident, event, Problem.NOT_ASKED_YET, now, rules)
    changed = apply(rule.effect, incident, _given(event, understood, person, now), rules)
    if changed is Problem.NOT_REPORTED and duty is not None and duty.discharged is not None:
        # Nobody is asked any more: to ask again would bring the same answer for ever.
        return _said_late(incident, event, understood, duty.discharged.how, person, now, rules)
    if isinstance(changed, Problem):
        return unclear(incident, event, changed, now, rules, about=_what_is_open(changed, incident, rules))
    history = [_entry(event, person, incident, changed, now)]
    done_at = min(done_at, now)
    ending = Discharge(
        at=done_at, by=person, how=rule.how or verb, reason=rest, met=is_met(duty, done_at) if duty else None
    )
    if duty is not None:
        corrects = (event.corrects and settled is not None) or takes_the_place(
            rule, verb, event.duty_kind, incident, rules
        )
        changed, ended = _ended(changed, duty, ending, rule, now, rules, corrects=corrects)
        history += ended
    changed = with_answer_ahead(changed, event.duty_kind, rule, ending, rules)
    return Decision(
        incident=changed, notices=_receipt(incident, changed, event, understood, rules), audit=tuple(history)
    )


def _is_out_of_turn(rule: AnswerRule, event: Answered, incident: Incident) -> bool:
    """Whether nobody was asked for an answer, and it neither changes anything now, nor counts later, nor takes that back."""
    changes = rule.effect is not Effect.NONE or any(one.kind == event.duty_kind for one in incident.ahead)
    return bool(event.duty_kind) and not (changes or rule.counts_ahead)


def _ended(  # noqa: PLR0917  what, how, by which row
    incident: Incident, duty: Duty, ending: Discharge, rule: AnswerRule, now: datetime, rules: Rules, *, corrects: bool
) -> tuple[Incident, list[AuditEntry]]:
    """What an answer makes of its duty: it ends, or gets a corrected record beside the frozen one."""
    if duty.is_open:
        return end_duty(incident, duty, ending, now, rules) if rule.discharges else (incident, [])
    if not corrects:
        return incident, []
    return recorded_beside(incident, duty, ending, now, rules, is_open=not rule.discharges)


def _given(event: Answered, understood: Understood, person: str, now: datetime) -> Given:
    rule, verb, rest = understood
    return Given(
        by=person,
        verb=verb,
        words=reason_in(rest),
        moment=event.moment if rule.names_moment else None,
        now=now,
        arrived_at=event.received_at,
        whole=rest,
        counts_as=rule.counts_as,
        known_references=event.known_references,
    )


def _done_at(
    incident: Incident, event: Answered, understood: Understood, settled: Settled | None, now: datetime
) -> datetime:
    """When it was done: the moment it names, else when the reply arrived; a mere correction of words moves no moment.

    A day without a time is taken at its latest, never after the reply: it must not make up for a missed hour.
    """
    arrived_at = event.received_at or now
    if understood.rule.names_moment and event.moment is not None:
        return max(event.moment, min(latest_of(event.moment), arrived_at))
    duty = incident.duty(event.duty_kind)
    is_same = settled is not None and settled.how == (understood.rule.how or understood.verb)
    if event.corrects and is_same and duty is not None and duty.discharged is not None:
        return duty.discharged.at
    return arrived_at


def _said_before(
    incident: Incident, event: Answered, understood: Understood, *, person: str, now: datetime, rules: Rules
) -> Decision:
    """The same once more: it stands in the history, and its writer is told that it was on record."""
    entry = _entry(event, person, incident, incident, now).but(action="answered again")
    receipt = (
        one.but(mentions=one.mentions | {"same": "1"}) for one in _receipt(incident, incident, event, understood, rules)
    )
    return Decision(incident=incident, notices=tuple(receipt), audit=(entry,))


def _said_late(  # noqa: PLR0917  what, after which end
    incident: Incident, event: Answered, understood: Understood, ended: str, person: str, now: datetime, rules: Rules
) -> Decision:
    """An answer to what is asked no more: it stands in the history, and its writer is told how the matter ended."""
    entry = _entry(event, person, incident, incident, now).but(action="answered late")
    receipts = _receipt(incident, incident, event, understood, rules)
    told = tuple(one.but(mentions=one.mentions | {"already": ended}) for one in receipts)
    return Decision(incident=incident, notices=told, audit=(entry,))


def _what_is_open(problem: Problem, incident: Incident, rules: Rules) -> str:
    """What keeps an incident from being closed, one a line, in the configuration's words."""
    if problem is Problem.DUTIES_OPEN:
        return "\n".join(
            rules.procedure.duty(kind).title for kind in waiting_duties(incident) if rules.procedure.find(kind)
        )
    if problem is Problem.FACTS_MISSING:
        return "\n".join(one.capitalize() for one in missing_for_closing(incident))
    return ""


def _entry(event: Answered, person: str, before: Incident, after: Incident, now: datetime) -> AuditEntry:
    details = {
        "duty": event.duty_kind,
        "key": plain_key(event.key),
        "value": event.value,
        "from": event.by,
        "severity before": before.severity.value,
        "queue before": before.queue.value,
        "aware at before": before.aware_at.isoformat(),
    } | history_of(before, after)
    return AuditEntry(at=now, action="answered", by=person, details=details)


def _receipt(
    incident: Incident, changed: Incident, event: Answered, understood: Understood, rules: Rules
) -> tuple[Notice, ...]:
    rule, verb, _ = understood
    duty = incident.duty(event.duty_kind)
    if not may_write_to(event.by, incident):
        return ()
    if rules.organisation.is_on_call(event.by):
        return _text(incident, event, rules) if duty is not None and duty.is_open else ()
    mentions = {"key": rule.key.capitalize(), "recorded": rule.how or verb} | recorded_words(incident, changed)
    if duty is not None and duty.discharged is not None and rule.effect is Effect.NONE and not event.corrects:
        mentions["already"] = duty.discharged.how
    return (
        reply("receipt", "you answered a request about this incident", incident, event, mentions=mentions, rules=rules),
    )


def _text(incident: Incident, event: Answered, rules: Rules) -> tuple[Notice, ...]:
    """Thanks by text message, once: who answers the thanks gets none again."""
    return (reply("on_call_noted", "you answered our call", incident, event, mentions={}, rules=rules),)


def _a_fact(incident: Incident, event: Answered, now: datetime, rules: Rules) -> Decision:
    """A reporter who writes "Group: Housing" states a fact of the report, not a decision: nothing is held for it."""
    entry = AuditEntry(at=now, action="stated", by=event.by, details={"key": event.key, "value": event.value})
    if not may_write_to(event.by, incident):
        return Decision(incident=incident, audit=(entry,))
    mentions = {"key": plain_key(event.key).capitalize()}
    why = "you wrote to us about the incident you reported"
    receipt = reply("receipt", why, incident, event, mentions=mentions, rules=rules)
    return Decision(incident=incident, notices=(receipt,), audit=(entry,))
