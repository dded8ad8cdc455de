"""What happens when a mail does not get through: tried again for as long as it makes sense, then a person is told."""

import logging
from datetime import datetime, timedelta

from mailbot.app import App
from mailbot.incident import Queue
from mailbot.jobs.record import record_decision
from mailbot.mail import Delivery, Outcome
from mailbot.notify.compose import ALARM, compose_alarm
from mailbot.notify.views import OperatorView
from mailbot.procedure.decision import Misaddressed
from mailbot.procedure.machine import advance
from mailbot.store import OutboxRow, Unit

log = logging.getLogger(__name__)

WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 20, 30))
"""The wait after each temporary failure; the last one again and again."""

REFUSED_FOR = timedelta(hours=4)
"""So long a mail server may put one recipient off before a person is told: well inside the seventy-two hours."""


def retry_at(row: OutboxRow, delivery: Delivery, now: datetime) -> datetime | None:
    """When a mail that did not get through is tried again, None when it is given up. Pure.

    A server that cannot be reached (code 0) is tried for ever: nothing is wrong with the mail, and ``check`` and the
    heartbeat show it. A server that answers "not now" for one recipient is believed for four hours.
    """
    if delivery.outcome is not Outcome.TEMPORARY:
        return None
    first_tried_by = row.email.not_before or row.email.created_at
    if delivery.code and now - first_tried_by >= REFUSED_FOR:
        return None
    return now + WAITS[min(max(row.tries, 1), len(WAITS)) - 1]


def tell_undelivered(app: App, unit: Unit, row: OutboxRow, delivery: Delivery) -> None:
    """A mail was given up: its duty's deputy is written to, and whoever keeps the bot is told. Never about an alarm."""
    email = row.email
    log.warning("mail %s (%s) was given up: %d", email.id, email.template, delivery.code)
    incident = unit.incidents.get(email.incident_id) if email.incident_id else None
    if incident:
        event = Misaddressed(
            duty_id=email.duty_id, recipient=email.recipient, because="the mail server refused the address"
        )
        record_decision(app, unit, advance(incident, event, app.clock.now(), app.rules))
    if email.template != ALARM:
        _alarm(app, unit, row, delivery)


def _alarm(app: App, unit: Unit, row: OutboxRow, delivery: Delivery) -> None:
    view = OperatorView(
        what="A mail could not be delivered",
        advice="Ring the person if it matters now. Correct the address, then let it go with “mailbot release”.",
        reference=row.email.reference,
        template=row.email.template,
        recipient=row.email.recipient if app.settings.organisation.is_inside(row.email.recipient) else None,
        tries=row.tries,
        code=delivery.code or None,
        at=app.clock.now(),
    )
    desk = app.settings.organisation.desk(Queue.IG)
    unit.outbox.add(compose_alarm(view, desk.address, app.notify, app.clock.now(), app.ids.new()))
