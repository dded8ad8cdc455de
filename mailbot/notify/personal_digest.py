"""What one person or team is asked at one moment, in one mail: pure functions from requests and incidents to its view.

The first has the least time left: overdue, then due, then what has no deadline, the oldest first (para 80).
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from mailbot.incident import Duty, Incident
from mailbot.notify.asked import ask_of
from mailbot.notify.email import OutgoingEmail
from mailbot.notify.gathered_views import AwaitedView, OpenView, PersonalDigestView, ReplyView, RequestView
from mailbot.notify.gathering import kinds_asked
from mailbot.notify.look import contact, duty_view
from mailbot.notify.rules import NotifyRules
from mailbot.notify.tokens import Tokens
from mailbot.notify.views import ContactView
from mailbot.terms import Queue, Role

ESCALATION = "escalation"
NEVER = datetime.max.replace(tzinfo=UTC)
MOST_OPEN = 15
MOST_AWAITED = 2
"""So much is listed besides what is asked: it is read on a telephone."""


def personal_digest(  # noqa: PLR0917  what is asked, of what, by which words
    emails: Sequence[OutgoingEmail],
    incidents: Mapping[str, Incident],
    also: Sequence[Incident],
    rules: NotifyRules,
    tokens: Tokens,
    now: datetime,
) -> PersonalDigestView:
    """The digest of the requests that these mails (all to one reader) make.

    ``incidents``: by id, those the mails are about, as they now are; ``also``: others in which something is open with
    the reader. Restricted ones among them are left out.
    """
    reader = emails[0].recipient
    every = reversed(list(_asked(emails, incidents)))
    asked = {(incident.id, duty.id): (email, incident, duty) for email, incident, duty in every}
    requests = sorted((_request(*one, rules, tokens) for one in asked.values()), key=_time_left)
    about = list(dict.fromkeys(one.reference for one in requests))
    named = {one.reference: one for one in incidents.values()}
    return PersonalDigestView(
        council=rules.organisation.council,
        name=rules.name_of(reader) or None,
        requests=tuple(requests),
        overdue=sum(1 for one in requests if one.due_at and one.due_at <= now),
        several=len(about) > 1,
        also_open=_also_open(reader, {one.id: one for one in (*also, *incidents.values())}, asked, rules),
        awaited=tuple(filter(None, (_awaited(named[one], reader, asked, rules) for one in about))),
        contact=contact_of(incidents.values(), rules),
    )


def asked_duties(email: OutgoingEmail, incident: Incident) -> tuple[Duty, ...]:
    """The open duties of an incident that one mail asks for: its own, and those that share the mail with it."""
    own = next((duty for duty in incident.open_duties if duty.id == email.duty_id), None)
    others = (incident.duty(kind) for kind in kinds_asked(email) if kind != email.duty_kind)
    return tuple(duty for duty in (own, *others) if duty and duty.is_open)


def reply_view(email: OutgoingEmail, duty_kind: str | None, tokens: Tokens) -> ReplyView:
    """Where an answer for one duty goes that a mail asks for among others."""
    to = tokens.reply_to(email.but(duty_kind=duty_kind))
    return ReplyView(address=to.address, subject=to.subject)


def contact_of(incidents: Iterable[Incident], rules: NotifyRules) -> ContactView:
    """The desk to ring: the one that handles them all, else the IG Team, which keeps the log of every incident."""
    desks = {one.queue for one in incidents}
    return contact(rules, desks.pop() if len(desks) == 1 else Queue.IG)


def _asked(
    emails: Sequence[OutgoingEmail], incidents: Mapping[str, Incident]
) -> Iterator[tuple[OutgoingEmail, Incident, Duty]]:
    for email in emails:
        incident = incidents[email.incident_id or ""]
        yield from ((email, incident, duty) for duty in asked_duties(email, incident))


def _request(email: OutgoingEmail, incident: Incident, duty: Duty, rules: NotifyRules, tokens: Tokens) -> RequestView:
    ask, steps_in = ask_of(duty, incident, rules), email.template == ESCALATION
    mentions = email.values.get("mentions")
    return RequestView(
        reference=incident.reference,
        severity=incident.severity,
        provisional=incident.severity_is_provisional,
        title=ask.title,
        words=ask.words,
        started_at=ask.started_at,
        due_at=ask.due_at,
        again=sum(1 for sent in duty.sent if sent.recipient == email.recipient) > 1,
        late=bool(email.values.get("late")),
        steps_in=steps_in,
        holder=ask.holder,
        person=ask.person,
        only=mentions.get("only") if isinstance(mentions, dict) else None,
        may_escalate=steps_in and email.role is Role.DPO,
        reply=reply_view(email, duty.kind, tokens),
    )


def _time_left(one: RequestView | OpenView) -> tuple[datetime, datetime, str]:
    return (one.due_at or NEVER, one.started_at, one.reference)


def _also_open(
    reader: str, incidents: Mapping[str, Incident], asked: Container[tuple[str, str]], rules: NotifyRules
) -> tuple[OpenView, ...]:
    """What is open with the reader besides, and is not chased now."""
    found = [
        open_view(duty, incident, rules)
        for incident in incidents.values()
        if not incident.restricted
        for duty in incident.open_duties
        if (incident.id, duty.id) not in asked and _is_readers(duty, reader)
    ]
    return tuple(sorted(found, key=_time_left)[:MOST_OPEN])


def _is_readers(duty: Duty, reader: str) -> bool:
    """Whether the reader was asked for it in the holder's place; an escalation asks nobody to answer."""
    return duty.person == reader or any(one.recipient == reader and one.role is duty.holder for one in duty.sent)


def _awaited(
    incident: Incident, reader: str, asked: Container[tuple[str, str]], rules: NotifyRules
) -> AwaitedView | None:
    """Whom else we wait for in an incident; None where nobody."""
    others = [
        one for one in incident.open_duties if (incident.id, one.id) not in asked and not _is_readers(one, reader)
    ]
    views = sorted((open_view(one, incident, rules) for one in others), key=_time_left)
    if not views:
        return None
    listed = tuple(views[:MOST_AWAITED])
    return AwaitedView(reference=incident.reference, duties=listed, more=len(views) - len(listed))


def open_view(duty: Duty, incident: Incident, rules: NotifyRules) -> OpenView:
    """An open duty in one line."""
    seen = duty_view(duty, rules)
    line = {name: getattr(seen, name) for name in OpenView.model_fields if name != "reference"}
    return OpenView(reference=incident.reference, **line)
