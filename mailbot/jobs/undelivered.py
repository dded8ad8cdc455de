"""What happens when a mail does not get through: tried again for as long as it makes sense, then a person is told."""

import logging
from datetime import datetime, timedelta

from mailbot.app import App
from mailbot.jobs.marks import UNWRITTEN
from mailbot.jobs.record import record_decision
from mailbot.mail import Delivery, Outcome
from mailbot.notify.compose import ALARM, compose_alarm
from mailbot.notify.email import OutgoingEmail
from mailbot.notify.views import OperatorView
from mailbot.procedure.decision import Misaddressed
from mailbot.procedure.machine import advance
from mailbot.store import OutboxRow, Unit
from mailbot.terms import Queue

log = logging.getLogger(__name__)

WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 20, 30))
"""The wait after each temporary failure; the last one again and again."""

TOLD_AGAIN_AFTER = timedelta(hours=1)

REFUSED_FOR = timedelta(hours=4)
"""So long a mail server may put one recipient off before a person is told: well inside the seventy-two hours."""


def retry_at(row: OutboxRow, delivery: Delivery, now: datetime) -> datetime | None:
    """When a mail that did not get through is tried again, None when it is given up. Pure.

    A server that cannot be reached (code 0) is tried for ever: nothing is wrong with the mail, and ``check`` and the
    heartbeat show it. A server that answers "not now" for one recipient is believed for four hours, and once more
    when it says so for the first time after it could not be reached for so long.
    """
    if delivery.outcome is not Outcome.TEMPORARY:
        return None
    first_tried_by = row.email.not_before or row.email.created_at
    refused_before = row.delivery is not None and row.delivery.code != 0
    if delivery.code and refused_before and now - first_tried_by >= REFUSED_FOR:
        return None
    return now + WAITS[min(max(row.tries, 1), len(WAITS)) - 1]


def tell_undelivered(app: App, unit: Unit, row: OutboxRow, delivery: Delivery) -> None:
    """A mail was given up: its duty's deputy is written to, and whoever keeps the bot is told. Never about an alarm."""
    email = row.email
    log.warning("mail %s (%s) was given up: %d", email.id, email.template, delivery.code)
    # What stands in a digest was sent with it: every duty it asked for hears that it did not arrive.
    for lost in (email, *(one.email for one in unit.gathered.members(email.id))):
        _tell_its_duty(app, unit, lost)
    advice = "Ring the person if it matters now. Correct the address, then let it go with “mailbot release”."
    _alarm(app, unit, row, "A mail could not be delivered", advice, code=delivery.code or None)


def _tell_its_duty(app: App, unit: Unit, email: OutgoingEmail) -> None:
    incident = unit.incidents.get(email.incident_id) if email.incident_id else None
    if incident:
        event = Misaddressed(
            duty_id=email.duty_id, recipient=email.recipient, because="the mail server refused the address"
        )
        record_decision(app, unit, advance(incident, event, app.clock.now(), app.rules))


def tell_unwritten(app: App, unit: Unit, row: OutboxRow) -> None:
    """A mail is held because it could not be written: whoever keeps the bot is told, once an hour for each template."""
    name, now = UNWRITTEN + row.email.template, app.clock.now()
    told = unit.marks.get(name)
    if told and now - told.at < TOLD_AGAIN_AFTER:
        return
    unit.marks.put(name, "", now)
    advice = (
        "It is held. “mailbot held” says what is wrong with it; correct that, then let it go with “mailbot release”."
    )
    _alarm(app, unit, row, "A mail could not be written", advice)


def _alarm(app: App, unit: Unit, row: OutboxRow, what: str, advice: str, *, code: int | None = None) -> None:
    """Never about an alarm. Of a restricted incident it names nothing: those who read alarms are not its handlers."""
    if row.email.template == ALARM:
        return
    incident = unit.incidents.get(row.email.incident_id) if row.email.incident_id else None
    view = OperatorView(what=what, advice=advice, code=code, at=app.clock.now())
    if incident is None or not incident.restricted:
        is_inside = app.settings.organisation.is_inside(row.email.recipient)
        view = view.but(
            reference=row.email.reference,
            template=row.email.template,
            recipient=row.email.recipient if is_inside else None,
            tries=row.tries,
        )
    desk = app.settings.organisation.desk(Queue.IG)
    unit.outbox.add(compose_alarm(view, desk.address, app.notify, app.clock.now(), app.ids.new()))
