"""The heart: an incident, an event and the time → what the incident now is, who is told, what history says.

``open_incident`` and ``advance`` are pure and total. Each changes what the event itself changes, then *settles*: it
tells whoever must know by now, starts, ends or plans anew the duties that the facts ask for, and follows every ladder.
Nothing is remembered elsewhere, so that settling again a moment later says nothing twice.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from mailbot.incident import AuditEntry, Incident, Original, Reporter
from mailbot.parse.reading import Reading
from mailbot.procedure.answers import answered
from mailbot.procedure.assessed import assessment_returned
from mailbot.procedure.decision import (
    Answered,
    AssessmentReturned,
    Decision,
    Event,
    FactsArrived,
    InvestigationReturned,
    Misaddressed,
    Notice,
    ReportedAgain,
    TimePassed,
)
from mailbot.procedure.duties import keep_duties
from mailbot.procedure.ended import ended_early
from mailbot.procedure.external import noted_for_the_regulator
from mailbot.procedure.facts import facts_arrived, with_involved
from mailbot.procedure.follow import follow_ladders
from mailbot.procedure.misaddressed import misaddressed
from mailbot.procedure.opening import Opening, opened
from mailbot.procedure.people import contact_for
from mailbot.procedure.returned_report import investigation_returned
from mailbot.procedure.rules import Rules
from mailbot.procedure.told import tell
from mailbot.procedure.told_anew import Telling
from mailbot.terms import MAILBOT, Reference, Role
from mailbot.triage.triage import Triage

SHOWN_TO_DESK = "follow_up_notice"
"""The mail by which the desk sees what facts came (``pipeline.shown``); it names a graver rating too."""

NOBODY_ELSE: Mapping[str, str] = MappingProxyType({})

__all__ = ["Rules", "advance", "open_incident"]


def open_incident(
    *,
    reading: Reading,
    triage: Triage,
    original: Original,
    reporter: Reporter,
    reference: Reference,
    incident_id: str,
    now: datetime,
    rules: Rules,
) -> Decision:
    """Opens an incident for a report: its clocks, its duties, and everybody who is told at once.

    ``incident_id`` is 32 hexadecimal digits; the ids of duties follow from it. ``now`` is aware; what lay before it
    (a discovery two days ago, the ten days already over) is counted, and what is overdue is said to be.
    """
    opening = Opening(
        reading=reading,
        triage=triage,
        original=original,
        reporter=reporter,
        reference=reference,
        incident_id=incident_id,
    )
    incident, history = opened(opening, now, rules)
    return settle(Decision(incident=incident, audit=history), now, MAILBOT, rules)


def advance(incident: Incident, event: Event, now: datetime, rules: Rules) -> Decision:
    """What an event, or nothing but time, makes of an incident."""
    decision = _decided(incident, event, now, rules)
    after = noted_for_the_regulator(incident, decision.incident)
    by = MAILBOT if isinstance(event, (Misaddressed, ReportedAgain, TimePassed)) else event.by
    ended = ended_early(incident, after, by, now, rules)
    return settle(
        decision.but(incident=after, notices=(*decision.notices, *ended)),
        now,
        by,
        rules,
        _shown(incident, event, rules),
    )


def _decided(incident: Incident, event: Event, now: datetime, rules: Rules) -> Decision:
    """What the event itself changes, before everything that follows from it."""
    decision = Decision(incident=incident)
    match event:
        case FactsArrived():
            decision = facts_arrived(incident, event, now, rules)
        case Answered():
            decision = answered(incident, event, now, rules)
        case AssessmentReturned():
            decision = assessment_returned(incident, event, now, rules)
        case InvestigationReturned():
            decision = investigation_returned(incident, event, now, rules)
        case Misaddressed():
            decision = misaddressed(incident, event, now, rules)
        case ReportedAgain():
            decision = _reported_again(incident, event, now)
    return decision


def _shown(incident: Incident, event: Event, rules: Rules) -> Mapping[str, str]:
    """The mail by which the desk sees a graver rating anyway, beside the decision's own notices."""
    if not isinstance(event, FactsArrived):
        return NOBODY_ELSE
    return {contact_for(Role.QUEUE_TEAM, incident, rules).address: SHOWN_TO_DESK}


def _reported_again(incident: Incident, event: ReportedAgain, now: datetime) -> Decision:
    """The report lies in one more place; a desk that has not heard of it is told as the other desk (para 28)."""
    is_new_desk = event.queue is not None and event.queue not in {incident.queue, *incident.also_tell}
    details = {"mailbox": event.original.mailbox, "folder": event.original.folder, "uid": str(event.original.uid)}
    changed = incident.but(
        originals=tuple(dict.fromkeys((*incident.originals, event.original))),
        also_tell=(*incident.also_tell, event.queue) if is_new_desk else incident.also_tell,
    )
    return Decision(incident=changed, audit=(AuditEntry(at=now, action="reported again", by=MAILBOT, details=details),))


def settle(
    decision: Decision, now: datetime, by: str, rules: Rules, informed: Mapping[str, str] = NOBODY_ELSE
) -> Decision:
    """Everything that follows from the incident as it now is, by ``now``. ``by`` is who caused the change.

    ``informed``: address → template of a mail that tells a new severity there, beside the decision's own notices.
    """
    incident = with_involved(decision.incident, rules.organisation)
    receipts = {one.recipient: one.template for one in decision.notices if "rating" in one.mentions}
    incident, tellings, told = tell(incident, now, rules, dict(informed) | receipts)
    incident, kept = keep_duties(incident, now, by, rules)
    incident, reminders, sent = follow_ladders(incident, now, rules)
    notices = merged(tellings, reminders)
    return Decision(
        incident=incident,
        notices=(*decision.notices, *notices),
        audit=(*decision.audit, *told, *kept, *sent),
    )


def merged(tellings: list[Telling], reminders: list[Notice]) -> list[Notice]:
    """One mail per person at a time, where it can be.

    What a telling carries is asked there and not once more; reminders of one kind to one person become one.
    """
    told = {one.notice.recipient: one for one in tellings}
    carried: dict[str, list[Notice]] = {}
    others: dict[tuple[str, str], list[Notice]] = {}
    for reminder in reminders:
        telling = told.get(reminder.recipient)
        if telling is not None and reminder.duty_kind in telling.carries:
            carried.setdefault(reminder.recipient, []).append(reminder)
        else:
            others.setdefault((reminder.recipient, reminder.template), []).append(reminder)
    first = [_carrying(one, carried.get(one.notice.recipient, [])) for one in tellings]
    return first + [_together(same) for same in others.values()]


def _carrying(telling: Telling, asked: list[Notice]) -> Notice:
    if not asked:
        return telling.notice
    asked = sorted(asked, key=lambda one: telling.carries.index(one.duty_kind or ""))
    first = asked[0]
    return telling.notice.but(
        duty_id=first.duty_id,
        duty_kind=first.duty_kind,
        step=first.step,
        occurrence=first.occurrence,
        asks=tuple(kind for one in asked for kind in one.asks),
        late=tuple(dict.fromkeys(name for one in asked for name in one.late)),
    )


def _together(same: list[Notice]) -> Notice:
    """Several reminders as one, about the first duty and asking for all; wanted until the incident is closed."""
    first = same[0]
    if len(same) == 1:
        return first
    return first.but(
        asks=tuple(kind for one in same for kind in one.asks),
        late=tuple(dict.fromkeys(name for one in same for name in one.late)),
        priority=min(one.priority for one in same),
        wanted="incident_open",
    )
