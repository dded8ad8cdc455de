"""The triage digest for the Information Governance Team: pure functions from open incidents to one mail.

It is sent each working morning even when it is empty (its absence is an alarm), and at once when a clock would run out before the
next one.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from mailbot.incident import Duty, Incident
from mailbot.notify.digest_view import DigestAsk, DigestItem, DigestProblem, DigestView, Health
from mailbot.notify.email import OutgoingEmail
from mailbot.notify.look import contact, duty_view, listed_group, listed_type
from mailbot.notify.rules import ICO_DUTY, NotifyRules
from mailbot.notify.words import band
from mailbot.procedure.decision import Priority
from mailbot.terms import Queue, Role

TEMPLATE = "triage_digest"
URGENT_TEMPLATE = "triage_digest_urgent"
FLOOD_TEMPLATE = "flood_notice"
NEVER = datetime.max.replace(tzinfo=UTC)


def digest_needed_now(
    incidents: Sequence[Incident], now: datetime, next_digest_at: datetime, said: Collection[str] = ()
) -> tuple[Incident, ...]:
    """The open incidents with a duty that falls due before the next digest would speak of it.

    ``said`` holds the ids of duties an urgent digest has already named. What is overdue is the ladder's business:
    the digest warns before, not after.
    """
    return tuple(one for one in incidents if running_out(one, now, next_digest_at, said))


def running_out(
    incident: Incident, now: datetime, next_digest_at: datetime, said: Collection[str] = ()
) -> tuple[Duty, ...]:
    """The open duties of an incident that fall due after ``now`` and not after ``next_digest_at``."""
    if incident.restricted or incident.closed_at:
        return ()
    return tuple(
        duty
        for duty in incident.open_duties
        if duty.due_at and now < duty.due_at <= next_digest_at and duty.id not in said
    )


def triage_digest(
    incidents: Sequence[Incident],
    rules: NotifyRules,
    now: datetime,
    next_digest_at: datetime,
    *,
    since: datetime | None = None,
    problems: Sequence[DigestProblem] = (),
    health: Health | None = None,
    audit_head: str = "",
) -> DigestView:
    """Everything IG should know, ordered by the time left.

    Restricted incidents are not listed, only counted: they are for the DPO alone.
    """
    shown = [one for one in incidents if one.closed_at is None and not one.restricted]
    items = [_item(one, rules, since) for one in shown]
    return DigestView(
        council=rules.organisation.council,
        desk=Queue.IG.desk,
        written_at=now,
        since=since,
        next_digest_at=next_digest_at,
        items=tuple(sorted(items, key=_time_left)),
        restricted_elsewhere=sum(1 for one in incidents if one.closed_at is None and one.restricted),
        problems=tuple(problems),
        health=health or Health(),
        audit_head=audit_head,
        contact=contact(rules, Queue.IG),
    )


def compose_digest(
    view: DigestView, recipient: str, rules: NotifyRules, now: datetime, email_id: str, *, urgent: bool = False
) -> OutgoingEmail:
    """The digest as a mail for the outbox; ``urgent`` goes before everything but safety."""
    name = URGENT_TEMPLATE if urgent else TEMPLATE
    return OutgoingEmail(
        id=email_id,
        recipient=recipient,
        recipient_name=rules.name_of(recipient) or Queue.IG.desk,
        role=Role.IG_TEAM,
        template=name,
        template_version=rules.templates.message(name).version,
        values=view.model_dump(mode="json"),
        priority=Priority.CLOCK if urgent else Priority.DIGEST,
        created_at=now,
    )


def compose_flood(  # noqa: PLR0917  as compose_digest
    view: DigestView, recipient: str, role: Role, rules: NotifyRules, now: datetime, email_id: str
) -> OutgoingEmail:
    """The list of what came in a flood as a mail to one reader in that role: a desk, or the DPO."""
    email = compose_digest(view.but(desk=role.words), recipient, rules, now, email_id, urgent=True)
    name = rules.name_of(recipient) or role.words
    version = rules.templates.message(FLOOD_TEMPLATE).version
    return email.but(template=FLOOD_TEMPLATE, template_version=version, role=role, recipient_name=name)


def _time_left(item: DigestItem) -> tuple[datetime, datetime, str]:
    """The regulator's clock counts before all others, however long a desk's own duty is overdue."""
    return (item.ico_due_at or NEVER, item.next_due_at or NEVER, item.reference)


def _item(incident: Incident, rules: NotifyRules, since: datetime | None) -> DigestItem:
    ico = incident.duty(ICO_DUTY)
    asks = sorted(incident.open_duties, key=lambda duty: (duty.due_at or NEVER, duty.started_at))
    return DigestItem(
        reference=incident.reference,
        queue=incident.queue,
        severity=incident.severity,
        provisional=incident.severity_is_provisional,
        stage=incident.stage,
        incident_type=listed_type(incident, rules),
        group=listed_group(incident, rules),
        people_affected=band(incident.fact("subjects")),
        received_at=incident.received_at,
        is_new=since is None or incident.received_at > since,
        ico_due_at=ico.due_at if ico and ico.is_open else None,
        next_due_at=min((duty.due_at for duty in asks if duty.due_at), default=None),
        asks=tuple(_ask(duty, rules) for duty in asks),
        safety=bool(incident.safety),
        doubts=len(incident.doubts),
    )


def _ask(duty: Duty, rules: NotifyRules) -> DigestAsk:
    seen = duty_view(duty, rules)
    return DigestAsk.model_validate({name: getattr(seen, name) for name in DigestAsk.model_fields})
