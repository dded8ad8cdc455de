"""Notice → OutgoingEmail: one mail to one person, its values limited to the view its template's audience may have."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from mailbot.incident import Incident
from mailbot.notify.email import OutgoingEmail
from mailbot.notify.enclosed import enclosed
from mailbot.notify.enclosed_report import report_enclosed
from mailbot.notify.looks import LOOKS
from mailbot.notify.rules import NotifyRules
from mailbot.notify.views import OperatorView
from mailbot.procedure.decision import Notice, Priority
from mailbot.terms import Role

ALARM = "alarm"


def compose(  # noqa: PLR0917  the order in which a decision is written down
    notices: Sequence[Notice],
    incident: Incident,
    rules: NotifyRules,
    now: datetime,
    new_id: Callable[[], str],
    threads: Mapping[str, str] | None = None,
) -> tuple[OutgoingEmail, ...]:
    """One mail for the outbox per notice, in order.

    ``threads`` has, by address, the Message-ID of the incident's first mail to that person. Never raises: a notice
    whose template does not exist is refused when it is rendered, where a person sees it, not when an incident is taken in.
    """
    written = (_written(notice, incident, rules, now) for notice in notices)
    known = threads or {}
    return tuple(email.but(id=new_id(), thread=known.get(email.recipient, "")) for email in written)


def compose_alarm(
    view: OperatorView, recipient: str, rules: NotifyRules, now: datetime, email_id: str
) -> OutgoingEmail:
    """A mail to whoever keeps the bot running; belongs to no incident's thread, so that its answers change nothing."""
    template = rules.templates.messages.get(ALARM)
    return OutgoingEmail(
        id=email_id,
        recipient=recipient,
        recipient_name=rules.name_of(recipient),
        role=Role.IG_TEAM,
        template=ALARM,
        template_version=template.version if template else "",
        values=view.but(council=rules.organisation.council).model_dump(mode="json"),
        priority=Priority.CLOCK,
        created_at=now,
    )


def _written(notice: Notice, incident: Incident, rules: NotifyRules, now: datetime) -> OutgoingEmail:
    template = rules.templates.messages.get(notice.template)
    look = LOOKS.get(template.audience if template else "", LOOKS["internal"])
    return OutgoingEmail(
        id="",
        recipient=notice.recipient,
        recipient_name=rules.name_of(notice.recipient),
        role=notice.role,
        template=notice.template,
        template_version=template.version if template else "",
        values=look(notice, incident, rules).model_dump(mode="json"),
        priority=notice.priority,
        wanted=notice.wanted,
        incident_id=incident.id,
        reference=incident.reference,
        duty_id=notice.duty_id,
        duty_kind=notice.duty_kind,
        step=notice.step,
        created_at=now,
        not_before=notice.not_before,
        enclosures=(*enclosed(notice, incident, rules), *report_enclosed(notice, incident, rules)),
    )
