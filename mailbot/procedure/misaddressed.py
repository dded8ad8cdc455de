"""A required notice did not reach its reader: their deputy gets it at once, and the reader does not count as told."""

from datetime import datetime

from mailbot.incident import AuditEntry, Duty, Incident, SentStep
from mailbot.procedure.calendar import day_of
from mailbot.procedure.decision import Decision, Misaddressed, Notice, Priority
from mailbot.procedure.duties import replace_duty, with_sent
from mailbot.procedure.people import Contact, chain_of, contact_for
from mailbot.procedure.rules import Rules
from mailbot.procedure.standing import on_call, standing_in
from mailbot.terms import MAILBOT, Role


def misaddressed(incident: Incident, event: Misaddressed, now: datetime, rules: Rules) -> Decision:
    """The incident with the address marked as unreachable, and what it missed sent to whoever stands in.

    An address this incident never wrote to changes nothing, and one known as unreachable only what was not redirected
    yet: however many bounces come, each request moves on once. Where nobody is left to ask, the desk that acts is told.
    """
    lost = event.recipient.lower()
    known = lost in incident.unreachable
    duties = [duty for duty in incident.open_duties if _last_step(duty, lost) and _is_meant(duty, event)]
    duties = [duty for duty in duties if not (known and _moved_on(duty, lost))]
    told = [one for one in incident.told if one.recipient.lower() == lost and not known]
    details = {"recipient": event.recipient, "because": event.because, "duty id": event.duty_id or ""}
    history = [AuditEntry(at=now, action="not reached", by=MAILBOT, details=details)]
    if not duties and not told:
        return Decision(incident=incident, audit=tuple(history))
    incident = incident.but(unreachable=tuple(dict.fromkeys((*incident.unreachable, lost))))
    if _is_shut_out(lost, incident, rules):
        return Decision(incident=incident, audit=tuple(history))
    if lost == incident.reporter.address.lower():
        notices = () if known else _desk_told(incident, now, rules)
        return Decision(incident=incident, notices=notices, audit=tuple(history))
    incident, instead = _told_instead(incident, lost, now, rules)
    carried = {kind for notice in instead for kind in notice.asks}
    for duty in duties:
        incident, asked = _asked_instead(incident, duty, lost, now, rules)
        instead += [] if duty.kind in carried else asked
    history += [_instead(notice, lost, now) for notice in instead]
    return Decision(incident=incident, notices=tuple(instead), audit=tuple(history))


def _is_shut_out(lost: str, incident: Incident, rules: Rules) -> bool:
    """Whether whoever did not get the mail may not hear of it any more, and nobody in their place: it was restricted since."""
    if not incident.restricted or lost == incident.reporter.address.lower():
        return False
    open_to_all = {one.address.lower() for one in rules.organisation.on_call} | {rules.organisation.roles.get(Role.HR)}
    return lost not in chain_of(incident, rules.organisation) | open_to_all


def _is_meant(duty: Duty, event: Misaddressed) -> bool:
    return event.duty_id is None or duty.id == event.duty_id


def _last_step(duty: Duty, recipient: str) -> SentStep | None:
    steps = [
        sent for sent in duty.sent if sent.recipient.lower() == recipient and sent.plan_version == duty.plan_version
    ]
    return steps[-1] if steps else None


def _moved_on(duty: Duty, lost: str) -> bool:
    """Whether the request that did not arrive was made to somebody else already."""
    step = _last_step(duty, lost)
    return step is not None and any(
        (one.plan_version, one.step, one.occurrence) == (step.plan_version, step.step, step.occurrence)
        and one.recipient.lower() != lost
        for one in duty.sent
    )


def _told_instead(incident: Incident, lost: str, now: datetime, rules: Rules) -> tuple[Incident, list[Notice]]:
    """Whoever stands in is told instead, once, by the first mail the lost reader had; the record names the new reader."""
    mine = [one for one in incident.told if one.recipient.lower() == lost]
    if not mine:
        return incident, []
    first = mine[0]
    contact = standing_in(Contact(first.recipient, first.role), incident, rules.organisation, day_of(now))
    told = tuple(one.but(recipient=contact.address) if one.recipient.lower() == lost else one for one in incident.told)
    if contact.address == lost:
        return incident, list(_desk_told(incident, now, rules))
    if any(one.recipient == contact.address for one in incident.told):
        return incident.but(told=told), []
    rule = next((one for one in rules.procedure.told if one.template == first.template), None)
    asked = [duty for duty in incident.open_duties if rule and duty.kind in rule.carries and _last_step(duty, lost)]
    notice = Notice(
        template=first.template,
        recipient=contact.address,
        role=first.role,
        why=f"the mail to the {first.role.words} did not arrive, and you stand in",
        duty_id=asked[0].id if asked else None,
        duty_kind=asked[0].kind if asked else None,
        asks=tuple(duty.kind for duty in asked),
    )
    return incident.but(told=told), [notice]


def _asked_instead(
    incident: Incident, duty: Duty, lost: str, now: datetime, rules: Rules
) -> tuple[Incident, list[Notice]]:
    step = _last_step(duty, lost)
    if step is None:
        return incident, []
    contact = _instead_of(lost, duty, step, incident, now=now, rules=rules)
    asked = with_sent(duty, [step.but(recipient=contact.address, at=now)])
    if asked == duty:
        return incident, []
    return replace_duty(incident, asked), [_same_request(duty, step, contact, rules)]


def _instead_of(lost: str, duty: Duty, step: SentStep, incident: Incident, *, now: datetime, rules: Rules) -> Contact:
    if lost in {one.address for one in rules.organisation.on_call}:
        return on_call(incident, rules, step.occurrence, day_of(now))
    return standing_in(Contact(lost, step.role or duty.holder), incident, rules.organisation, day_of(now))


def _same_request(duty: Duty, step: SentStep, contact: Contact, rules: Rules) -> Notice:
    rule = rules.procedure.find(duty.kind)
    templates = {one.name: one.template for one in rule.steps} if rule else {}
    return Notice(
        template=templates.get(step.step, "reminder"),
        recipient=contact.address,
        role=contact.role,
        why=f"the mail to the {duty.holder.words} did not arrive, and you stand in",
        duty_id=duty.id,
        duty_kind=duty.kind,
        step=step.step,
        occurrence=step.occurrence,
        asks=(duty.kind,),
        priority=Priority.URGENT if contact.role is Role.ON_CALL else Priority.CLOCK,
        wanted="duty_open",
        mentions={} if contact.role in {duty.holder, Role.DPO} else {"only": duty.holder.words},
    )


def _desk_told(incident: Incident, now: datetime, rules: Rules) -> tuple[Notice, ...]:
    """The desk that acts is told that a person cannot be reached by mail, as long as anything is open: it can telephone."""
    contact = standing_in(contact_for(Role.QUEUE_TEAM, incident, rules), incident, rules.organisation, day_of(now))
    asked = sorted(incident.open_duties, key=lambda duty: duty.holder is not Role.REPORTER)
    notices = (
        Notice(
            template="escalation",
            recipient=contact.address,
            role=contact.role,
            why="somebody who must be told cannot be reached by mail; please telephone",
            duty_id=duty.id,
            duty_kind=duty.kind,
            asks=(duty.kind,),
            priority=Priority.CLOCK,
            wanted="duty_open",
        )
        for duty in asked
    )
    return tuple(notices)[:1]


def _instead(notice: Notice, lost: str, now: datetime) -> AuditEntry:
    details = {"instead of": lost, "recipient": notice.recipient, "template": notice.template}
    return AuditEntry(at=now, action="told instead", by=MAILBOT, details=details)
