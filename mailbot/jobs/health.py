"""The bot's own health: a heartbeat for a monitor, and alarms when a mailbox or a message in it cannot be read."""

import logging
from datetime import timedelta
from pathlib import Path
from urllib.request import Request, urlopen

from mailbot.app import App
from mailbot.errors import SettingsError
from mailbot.jobs.marks import ALARMED, FAILING, STUCK, TICKED
from mailbot.mail import MessageKey
from mailbot.notify.compose import compose_alarm
from mailbot.notify.views import OperatorView
from mailbot.store import LedgerEntry, Unit
from mailbot.terms import Queue

log = logging.getLogger(__name__)

ALARM_AFTER = timedelta(minutes=15)
ANSWER_WITHIN = 5
FAILED = "A mailbox cannot be read"
RECOVERED = "A mailbox can be read again"
UNREAD = "A message cannot be read: it may be a report"


def beat(app: App) -> None:
    """Called at every tick: tells the monitor, raises or ends alarms, takes a changed directory into use.

    Never raises: a heartbeat that stops the heart would be no help.
    """
    now = app.clock.now()
    with app.store.unit() as unit:
        unit.marks.put(TICKED, "", now)
        for name in app.mailboxes:
            _watch_over(app, unit, name)
        _tell_stuck(app, unit)
    _reread(app)
    _tell_monitor(app)


def _watch_over(app: App, unit: Unit, name: str) -> None:
    """One alarm when a mailbox has failed for a while, one word when it is well again."""
    failing, alarmed = unit.marks.get(FAILING + name), unit.marks.get(ALARMED + name)
    now = app.clock.now()
    if failing and not alarmed and now - failing.at >= ALARM_AFTER:
        unit.marks.put(ALARMED + name, "", now)
        advice = (
            f"Mailbox {name}: reports in it are not read, so look into it by hand. “mailbot check” says what is wrong."
        )
        _alarm(app, unit, FAILED, advice, app.settings.organisation.desk(Queue.IG).address)
    elif alarmed and not failing:
        unit.marks.clear(ALARMED + name)
        advice = f"Mailbox {name}: what came meanwhile is being taken in now."
        _alarm(app, unit, RECOVERED, advice, app.settings.organisation.desk(Queue.IG).address)


def _tell_stuck(app: App, unit: Unit) -> None:
    """One alarm for all the messages that have newly waited for a while: the desk's, and whoever is on call.

    Nobody can say of an unread message that it is no report. What lay there before the watch waits for the digest.
    """
    now = app.clock.now()
    waiting = unit.ledger.stuck(now - ALARM_AFTER)
    new = [one for one in waiting if not unit.marks.get(_stuck(one.key)) and not _is_before_watch(unit, one)]
    if not new:
        return
    for one in new:
        unit.marks.put(_stuck(one.key), "", now)
    lying = ", ".join(sorted({f"{one.key.mailbox}/{one.key.folder}" for one in new}))
    advice = (
        f"{len(new)} in {lying}: look there by hand for a data incident report."
        " “mailbot held” says which and why; with “--save” it writes out what was fetched before."
    )
    organisation = app.settings.organisation
    for address in (organisation.desk(Queue.IG).address, *(one.address for one in organisation.on_call)):
        _alarm(app, unit, UNREAD, advice, address)


def _stuck(key: MessageKey) -> str:
    return f"{STUCK}{key.mailbox}/{key.folder}/{key.uidvalidity}/{key.uid}"


def _is_before_watch(unit: Unit, entry: LedgerEntry) -> bool:
    cursor = unit.ledger.cursor(entry.key.mailbox, entry.key.folder)
    return cursor is not None and cursor.is_before_watch(entry.key.uid, entry.received_at)


def _alarm(app: App, unit: Unit, what: str, advice: str, address: str) -> None:
    now = app.clock.now()
    view = OperatorView(what=what, advice=advice, at=now)
    unit.outbox.add(compose_alarm(view, address, app.notify, now, app.ids.new()))


def _reread(app: App) -> None:
    try:
        if app.reread_directory():
            log.info("the directory changed and is in use")
    except SettingsError as error:
        log.warning("the changed directory is not used, the one of before stays: %s", error)


def _tell_monitor(app: App) -> None:
    settings = app.settings
    try:
        if settings.heartbeat_file:
            Path(settings.heartbeat_file).write_text(app.clock.now().isoformat() + "\n", encoding="ascii")
        if settings.heartbeat_url:
            with urlopen(Request(settings.heartbeat_url, method="GET"), timeout=ANSWER_WITHIN):  # noqa: S310  the operator's own URL
                pass
    except OSError as error:
        log.warning("the monitor could not be told that the bot lives: %s", error)
