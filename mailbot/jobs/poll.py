"""Looks into the mailboxes and takes in what is ours: each message in one commit, filed only afterwards.

The ledger (mailbox, folder, UIDVALIDITY, UID) says what was handled; no flag on the server is ever read. A crash
between any two lines of this module repeats nothing: what was committed is known, what was fetched is taken in from
what was kept of it, what was not is looked at again.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from mailbot.app import App
from mailbot.errors import MailboxError, MailboxRefusedError, MessageGoneError
from mailbot.intake.recognise import Recognition, Verdict, names_ours, recognise
from mailbot.jobs.folder import Folder, start
from mailbot.jobs.marks import FAILING, POLLED
from mailbot.jobs.take_in import file_handled, take_in, take_up
from mailbot.jobs.waiting import close, note, put_off
from mailbot.mail import MessageHead
from mailbot.store.values import LedgerEntry, LedgerOutcome
from mailbot.transport.encoding import decode_part
from mailbot.value import Value

log = logging.getLogger(__name__)

BATCH = 50
"""Heads asked for at once: more gains nothing and costs memory (measured)."""

LEASE = timedelta(minutes=5)


class PollReport(Value):
    """What one poll of one mailbox did, for the log and for ``mailbot poll``."""

    mailbox: str
    looked_at: int = 0
    taken_in: int = 0
    problem: str = ""

    def plus(self, looked_at: int, taken_in: int) -> "PollReport":
        return self.but(looked_at=self.looked_at + looked_at, taken_in=self.taken_in + taken_in)


def poll_mailboxes(app: App, since: datetime | None = None) -> tuple[PollReport, ...]:
    """Polls every configured mailbox in turn; ``since`` also answers mail that a first look would only look at."""
    return tuple(poll_mailbox(app, name, since) for name in app.mailboxes)


def poll_mailbox(app: App, name: str, since: datetime | None = None) -> PollReport:
    """One look into every folder of a mailbox. Whatever goes wrong becomes the report's ``problem``.

    It is remembered too, so that a person is told when it lasts (``health``). Raises ``StoreError`` where the database
    cannot be written to: nothing can be remembered then.
    """
    lease = f"mailbox:{name}"
    with app.store.unit() as unit:
        if not unit.leases.take(lease, app.holder, LEASE):
            return PollReport(mailbox=name, problem="another bot is polling it")
    try:
        return _poll(app, name, lease, since)
    except MailboxError as error:
        return _failed(app, name, str(error))
    except Exception as error:
        log.exception("mailbox %s: the look into it ended early", name)
        return _failed(app, name, f"mailbox {name}: the look into it ended early ({type(error).__name__})")
    finally:
        with app.store.unit() as unit:
            unit.leases.release(lease, app.holder)


def _poll(app: App, name: str, lease: str, since: datetime | None) -> PollReport:
    # Before the server is asked for anything: what was fetched already waits for no connection.
    report = PollReport(mailbox=name).plus(0, take_up(app, name))
    for folder_name in app.settings.mailbox(name).folders:
        folder = start(app, name, folder_name, since)
        report = report.plus(0, _retry(app, folder))
        for uids in folder.batches(BATCH):
            report, folder = _look(app, folder, uids, report)
            if app.stopping.is_set():
                return report
            with app.store.unit() as unit:
                if not unit.leases.take(lease, app.holder, LEASE):
                    return report.but(problem="it took so long that another bot has taken over")
        folder.looked_through(app)
    file_handled(app, name)
    with app.store.unit() as unit:
        unit.marks.put(POLLED + name, "", app.clock.now())
        unit.marks.clear(FAILING + name)
    return report


def _look(app: App, folder: Folder, uids: Sequence[int], report: PollReport) -> tuple[PollReport, Folder]:
    """Looks at some messages and moves the cursor on; told to stop, it ends after the one in hand."""
    looked_at = uids[-1]
    heads = folder.mailbox.heads(folder.name, uids)
    with app.store.reading() as unit:
        known = unit.ledger.entries([head.key for head in heads])
    for head in heads:
        report = report.plus(1, _consider(app, folder, head, known.get(head.key)))
        if app.stopping.is_set():
            looked_at = head.key.uid
            break
    return report, folder.advanced_to(app, looked_at)


def _consider(app: App, folder: Folder, head: MessageHead, entry: LedgerEntry | None) -> bool:
    """Whether this message was taken in; one that the ledger knows is left alone."""
    if entry and not folder.reopens(entry):
        return False
    return _attempt(app, folder, head)


def _attempt(app: App, folder: Folder, head: MessageHead) -> bool:
    """Whether this message was taken in. Whatever fails on one message waits in the ledger; the round goes on."""
    try:
        if head.problem:
            put_off(app, head, head.problem)
            return False
        return _take_if_ours(app, folder, head)
    except MessageGoneError:
        log.info("mailbox %s: message %d went away while it was looked at", head.key.mailbox, head.key.uid)
    except MailboxRefusedError as error:
        put_off(app, head, str(error))
    except MailboxError:
        raise
    except Exception as error:
        log.exception("mailbox %s: message %d could not be looked at", head.key.mailbox, head.key.uid)
        put_off(app, head, f"it could not be looked at ({type(error).__name__})")
    return False


def _take_if_ours(app: App, folder: Folder, head: MessageHead) -> bool:
    found = _screened(app, folder, head)
    if found.is_ours and folder.is_before_watch(head):
        note(app, head, LedgerOutcome.BEFORE_WATCH, found.because)
    elif found.is_ours:
        return take_in(app, head)
    elif found.verdict is Verdict.NEAR_MISS or found.near_miss:
        note(app, head, LedgerOutcome.NOT_OURS, found.because)
    return False


def _screened(app: App, folder: Folder, head: MessageHead) -> Recognition:
    """Screens by headers and list of parts; looks into a part only where that could decide, and only into that part."""
    found = recognise(head, app.settings.intake, folder.is_own, app.tokens.is_ours)
    for part in (part for part in head.parts if part.section in found.sections):
        content = decode_part(folder.mailbox.part(head.key, part.section), part.encoding)
        if app.reader.is_report_form(content):
            return Recognition(verdict=Verdict.OURS, because="an attached document is a report form by its content")
        if names_ours(content, app.tokens.is_ours):
            return Recognition(verdict=Verdict.OURS, because="it returns a message of the bot")
    return found


def _retry(app: App, folder: Folder) -> int:
    """Takes up what failed before and is due again; closes the entries of messages that are no longer there."""
    with app.store.reading() as unit:
        due = unit.ledger.retries_due(folder.mailbox.name, app.clock.now())
    entries = [one for one in due if one.key.folder == folder.name]
    present = [one for one in entries if one.key.uidvalidity == folder.cursor.uidvalidity]
    heads = folder.mailbox.heads(folder.name, [one.key.uid for one in present]) if present else ()
    there = {head.key for head in heads}
    for entry in entries:
        if entry.key not in there:
            close(app, entry, renumbered=entry not in present)
    return sum(_take_again(app, folder, head) for head in heads)


def _take_again(app: App, folder: Folder, head: MessageHead) -> bool:
    taken_in = _attempt(app, folder, head)
    with app.store.reading() as unit:
        entry = unit.ledger.entry(head.key)
    if entry and entry.outcome is LedgerOutcome.RETRY and entry.retry_at and entry.retry_at <= app.clock.now():
        # It was neither taken in nor put off once more: it can be read now, and it is none of ours.
        note(app, head, LedgerOutcome.OWN_MAIL, "it could be read at last, and is nothing to act upon")
    return taken_in


def _failed(app: App, name: str, problem: str) -> PollReport:
    """Lets go of the connection, and remembers since when the mailbox fails."""
    log.warning("%s", problem)
    app.mailboxes[name].close()
    with app.store.unit() as unit:
        if unit.marks.get(FAILING + name) is None:
            unit.marks.put(FAILING + name, problem, app.clock.now())
    return PollReport(mailbox=name, problem=problem)
