"""Sends the outbox: claim, ask once more whether it is wanted, freeze, commit, send, record.

At least once, always with the same Message-ID and the same bytes: a crash between sending and recording sends the
frozen bytes again when the claim's lease has run out.
"""

import logging
from collections.abc import Sequence
from datetime import timedelta

from mailbot.app import App
from mailbot.errors import ConflictError, MailbotError, StoreError
from mailbot.jobs.gather import contents_of, gather_waiting, is_digest, says, take_apart
from mailbot.jobs.marks import PAUSED
from mailbot.jobs.undelivered import retry_at, tell_undelivered, tell_unwritten
from mailbot.jobs.withdrawn import withdraw
from mailbot.mail import Delivery, FrozenEmail, Outcome
from mailbot.notify.email import OutgoingEmail
from mailbot.notify.message import freeze
from mailbot.notify.render import render
from mailbot.notify.wanted import hangs_on_incident, still_wanted
from mailbot.store import OutboxRow, Unit

log = logging.getLogger(__name__)

ATTEMPTS = 5
"""How often a failure is written down again because another bot changed the same incident in between."""

LEASE = timedelta(minutes=10)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def send_outbox(app: App) -> int:
    """Sends what is due, most urgent first, within the rate limit; returns how many messages were accepted.

    Never raises for a mail server's or a recipient's fault. Does nothing while sending is paused.
    """
    accepted = 0
    while not app.stopping.is_set() and (batch := _claim(app)):
        frozen = _frozen(app, batch)
        deliveries = app.sender.send([email for _, email in frozen])
        _record(app, [(row, delivery) for (row, _), delivery in zip(frozen, deliveries, strict=True)])
        accepted += sum(one.outcome is Outcome.ACCEPTED for one in deliveries)
        if any(_server_is_gone(one) for one in deliveries):
            break
    return accepted


def _server_is_gone(delivery: Delivery) -> bool:
    return delivery.outcome is Outcome.TEMPORARY and delivery.code == 0


def _claim(app: App) -> tuple[OutboxRow, ...]:
    """A batch as large as the connections and both rate limits allow; they are counted in the store, so they survive."""
    gather_waiting(app)
    now, limits = app.clock.now(), app.settings.limits
    with app.store.unit() as unit:
        if unit.marks.get(PAUSED):
            return ()
        room = min(
            app.settings.smtp.connections,
            app.settings.smtp.per_minute - unit.outbox.sent_since(now - MINUTE),
            limits.total_per_hour - unit.outbox.sent_since(now - HOUR),
        )
        return unit.outbox.claim(now, app.holder, room, LEASE) if room > 0 else ()


def _frozen(app: App, batch: Sequence[OutboxRow]) -> list[tuple[OutboxRow, FrozenEmail]]:
    """Those of a batch that are to leave, with their exact bytes, which one commit keeps before the first is sent."""
    with app.store.unit() as unit:
        return [(row, email) for row in batch if (email := _frozen_alone(app, unit, row))]


def _frozen_alone(app: App, unit: Unit, row: OutboxRow) -> FrozenEmail | None:
    """As ``_freeze``; none where another bot changed the incident just now, or where it cannot be asked at all.

    It is asked again when the claim runs out, and those that were claimed with it leave meanwhile.
    """
    try:
        with unit.apart():
            return _freeze(app, unit, row)
    except ConflictError:
        log.info("mail %s: its incident was changed by another bot; it waits", row.email.id)
    except Exception:
        log.exception("mail %s cannot be made ready; it is tried again when its claim has run out", row.email.id)
    return None


def _freeze(app: App, unit: Unit, row: OutboxRow) -> FrozenEmail | None:
    """The exact bytes to send, as they are kept; None where the mail is not to leave after all."""
    now, email = app.clock.now(), row.email
    incident = unit.incidents.get(email.incident_id) if email.incident_id and hangs_on_incident(email) else None
    if because := still_wanted(email, incident, now):
        withdraw(app, unit, row, incident, because, now)
        return None
    contents = contents_of(app, unit, row) if is_digest(email) else None
    if contents is not None and not contents.emails:
        return None
    if row.frozen:
        return row.frozen
    if because := _looks_like_a_loop(app, unit, row):
        unit.outbox.hold(email.id, because)
        return None
    try:
        frozen = _written(app, says(app, email, contents) if contents else email)
    except Exception as error:  # noqa: BLE001
        # One mail that cannot be written never stops those behind it; it is held, and IG's digest shows that it is.
        _not_written(app, unit, row, _said(error))
        return None
    unit.outbox.freeze(email.id, frozen, now)
    return frozen


def _written(app: App, email: OutgoingEmail) -> FrozenEmail:
    """Rendered and frozen. In shadow mode it goes to the one address configured, and says for whom it was meant."""
    now, writing = app.clock.now(), app.writing
    rendered = render(email, app.settings.templates, app.tokens.reply_to(email), now)
    frozen = freeze(email, rendered, writing.identity, app.tokens, now)
    return frozen.but(recipient=app.settings.shadow_to) if app.settings.shadow_to else frozen


def _not_written(app: App, unit: Unit, row: OutboxRow, because: str) -> None:
    """It is held, and whoever keeps the bot is told; what a digest stands for leaves by itself instead."""
    if is_digest(row.email):
        log.error("digest %s is taken apart: %s", row.email.id, because)
        take_apart(app, unit, row, f"its mails leave one by one: {because}")
        return
    log.error("mail %s (%s) is held: %s", row.email.id, row.email.template, because)
    unit.outbox.hold(row.email.id, because)
    tell_unwritten(app, unit, row)


def _said(error: Exception) -> str:
    """Our own errors explain themselves; another's text may quote what a stranger wrote."""
    return str(error) if isinstance(error, MailbotError) else f"it could not be written ({type(error).__name__})"


def _looks_like_a_loop(app: App, unit: Unit, row: OutboxRow) -> str:
    """Why this answer to a mail is held: its reader got too many within the hour, as only a loop brings about.

    Duties are never capped: only what is sent because a mail came in can take part in a loop.
    """
    limits = app.settings.limits
    if row.email.template not in limits.answers:
        return ""
    sent = unit.outbox.sent_to_since(row.email.recipient, app.clock.now() - HOUR, limits.answers)
    if sent < limits.per_address_per_hour:
        return ""
    return f"{sent} answers went to this address within an hour, which looks like a loop of machines"


def _record(app: App, delivered: Sequence[tuple[OutboxRow, Delivery]]) -> None:
    """Writes down what became of the mails that left together, in one commit; none keeps the others from being written.

    What cannot be written is sent once more, with the same bytes, when the claim has run out.
    """
    for _ in range(ATTEMPTS):
        try:
            with app.store.unit() as unit:
                left = [(row, delivery) for row, delivery in delivered if not _is_recorded(app, unit, row, delivery)]
        except ConflictError:
            continue
        except StoreError:
            log.exception("what became of %d mails that left together could not be written down", len(delivered))
            # What was refused for all may be refused for one of them only.
            for one in delivered if len(delivered) > 1 else ():
                _record(app, [one])
            return
        if not left:
            return
        delivered = left
    for row, _ in delivered:
        log.warning("mail %s: its incident is changed all the time; what became of it waits", row.email.id)


def _is_recorded(app: App, unit: Unit, row: OutboxRow, delivery: Delivery) -> bool:
    """Whether what became of a mail needs not be written down again; False where another bot changed its incident."""
    try:
        with unit.apart():
            _record_once(app, unit, row, delivery)
    except ConflictError:
        return False
    except Exception:
        log.exception("mail %s: what became of it could not be written down", row.email.id)
    return True


def _record_once(app: App, unit: Unit, row: OutboxRow, delivery: Delivery) -> None:
    now = app.clock.now()
    again = retry_at(row, delivery, now)
    unit.outbox.record(row.email.id, delivery, now, again)
    if delivery.outcome is not Outcome.ACCEPTED and again is None:
        tell_undelivered(app, unit, row, delivery)
