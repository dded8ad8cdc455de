"""Follows the ladders: what is due now becomes notices, one for each duty and reader, and is recorded as sent.

After an outage, or where a duty was found late, one notice stands for every step it missed and names them.
"""

from collections.abc import Iterator
from datetime import datetime

from mailbot.incident import AuditEntry, Duty, Incident, SentStep
from mailbot.procedure.calendar import day_of
from mailbot.procedure.clocks import real_time
from mailbot.procedure.decision import Notice, Priority
from mailbot.procedure.duties import replace_duty, with_sent
from mailbot.procedure.ladder import PlannedStep, due_steps, is_late, next_step_at
from mailbot.procedure.people import Contact
from mailbot.procedure.rows import DutyRule, Target
from mailbot.procedure.rules import Rules
from mailbot.procedure.standing import recipient_of
from mailbot.terms import MAILBOT, Role


def follow_ladders(incident: Incident, now: datetime, rules: Rules) -> tuple[Incident, list[Notice], list[AuditEntry]]:
    """Every step due by ``now``, recorded in its duty and turned into notices, duty by duty in the file's order."""
    notices: list[Notice] = []
    history: list[AuditEntry] = []
    kinds = {duty.kind for duty in incident.open_duties}
    for plain in (one for one in rules.procedure.duties if one.kind in kinds):
        rule = plain.for_incident(incident)
        for duty in incident.open_duties:
            if duty.kind == rule.kind:
                followed, written = follow_duty(rule, duty, incident, now, rules)
                incident = replace_duty(incident, followed)
                notices += written
                history += _sent(followed, duty, now)
    return incident, notices, history


def follow_duty(
    rule: DutyRule, duty: Duty, incident: Incident, now: datetime, rules: Rules
) -> tuple[Duty, list[Notice]]:
    """The duty with its due steps recorded and its next look planned, and the notices these steps make."""
    prompt = now - real_time(rules.procedure.clock.late_after)
    by_reader: dict[str, list[tuple[PlannedStep, Contact, bool]]] = {}
    for step in due_steps(rule, duty, now, rules.calendar):
        contact = recipient_of(_to(step, duty), duty, incident, rules, occurrence=step.occurrence, on=day_of(now))
        late = is_late(step, rule, duty, rules.calendar, prompt)
        by_reader.setdefault(contact.address, []).append((step, contact, late))
    notices = [_notice(rule, duty, steps) for steps in by_reader.values()]
    sent = (
        SentStep(
            plan_version=duty.plan_version,
            step=step.rule.name,
            occurrence=step.occurrence,
            recipient=contact.address,
            at=now,
            late=late,
            role=duty.holder if _to(step, duty) is Target.HOLDER else contact.role,
        )
        for steps in by_reader.values()
        for step, contact, late in steps
    )
    followed = with_sent(duty, sent)
    return followed.but(next_step_at=next_step_at(rule, followed, now, rules.calendar)), notices


def _to(step: PlannedStep, duty: Duty) -> Target | Role:
    """Whom a step goes to. What lay before its holder had the duty goes to that holder: nobody is passed over unasked.

    Urgent steps are not held up by that: the on-call rota is told however late the incident was found.
    """
    return Target.HOLDER if step.at < duty.asked_from and not step.rule.urgent else step.rule.to


def _notice(rule: DutyRule, duty: Duty, steps: list[tuple[PlannedStep, Contact, bool]]) -> Notice:
    """One notice for one reader: the latest step speaks, and names the late ones that it stands for."""
    step, contact, _ = steps[-1]
    late = dict.fromkeys(one.rule.name for one, _, is_late_one in steps if is_late_one)
    return Notice(
        template=step.rule.template,
        recipient=contact.address,
        role=contact.role,
        why=why(rule, duty, _to(step, duty), contact),
        duty_id=duty.id,
        duty_kind=duty.kind,
        step=step.rule.name,
        occurrence=step.occurrence,
        late=tuple(late),
        priority=Priority.URGENT if step.rule.urgent else Priority.CLOCK,
        wanted="duty_open",
        asks=(duty.kind,),
        mentions=_only(duty, _to(step, duty), contact),
    )


def _only(duty: Duty, to: Target | Role, contact: Contact) -> dict[str, str]:
    """Who alone can answer, for a reader who is to see that it is done but was not asked to do it (``may_answer``)."""
    if to is Target.HOLDER or contact.role in {duty.holder, Role.DPO}:
        return {}
    return {"only": duty.holder.words}


def why(rule: DutyRule, duty: Duty, to: Target | Role, contact: Contact) -> str:
    """Completes "You get this because …" for a step of a duty."""
    task = rule.title[0].lower() + rule.title[1:]
    if to is not Target.HOLDER:
        return f"the {duty.holder.words} was asked to {task}, and it is not done yet"
    if contact.role is not duty.holder:
        return f"it is not known yet who the {duty.holder.words} is, who would be asked to {task}"
    if duty.person and contact.address != duty.person:
        return f"you stand in for the {duty.holder.words}, who is asked to {task}"
    return f"the procedure asks the {duty.holder.words} to {task}"


def _sent(followed: Duty, before: Duty, now: datetime) -> Iterator[AuditEntry]:
    for step in followed.sent[len(before.sent) :]:
        details = {
            "duty": followed.kind,
            "step": step.step,
            "occurrence": str(step.occurrence),
            "recipient": step.recipient,
            "late": "yes" if step.late else "no",
        }
        yield AuditEntry(at=now, action="step sent", by=MAILBOT, details=details)
