"""What the ledger says of messages that were not taken in: passed over, waiting for their next try, or gone."""

import logging
from datetime import datetime, timedelta

from mailbot.app import App
from mailbot.mail import MessageHead, MessageKey
from mailbot.store.values import LedgerEntry, LedgerOutcome

log = logging.getLogger(__name__)

FIRST_WAIT = timedelta(minutes=1)
FIRST_WAIT_AFTER_A_STOP = timedelta(seconds=5)
"""A bot that is stopped a few times in the midst of one message is more often unlucky than hurt by it."""
LONGEST_WAIT = timedelta(hours=1)
DONE = frozenset({LedgerOutcome.HANDLED, LedgerOutcome.KNOWN, LedgerOutcome.HELD})
UNDER_WAY = frozenset({LedgerOutcome.KEPT, LedgerOutcome.RETRY})


def begun(before: LedgerEntry | None, key: MessageKey, received_at: datetime, now: datetime) -> LedgerEntry:
    """The entry of a message while it is being taken in, written first: should the bot die of it, this is what remains.

    After a first try it is taken up at once. From the second on it has to wait before it is tried again, so that a
    message of which the bot dies each time does not keep it from all others.
    """
    if before is None or before.outcome not in UNDER_WAY:
        because, outcome = "it is being taken in", LedgerOutcome.KEPT
        return LedgerEntry(
            key=key, outcome=outcome, because=because, received_at=received_at, tries=1, retry_at=now, noted_at=now
        )
    because = "it is being taken in once more, unless the bot stopped in the midst of it"
    tried = before.but(received_at=received_at, tries=before.tries + 1)
    return _waiting(tried, because, now, FIRST_WAIT_AFTER_A_STOP * 4 ** min(max(before.tries - 3, 0), 10))


def failed(entry: LedgerEntry, because: str, now: datetime) -> LedgerEntry:
    """The entry of a message that could not be taken in: it waits, a little longer each time, since its first failure."""
    return _waiting(entry, because, now, FIRST_WAIT * 2 ** min(entry.tries - 1, 10))


def _waiting(entry: LedgerEntry, because: str, now: datetime, wait: timedelta) -> LedgerEntry:
    since = entry.noted_at if entry.outcome is LedgerOutcome.RETRY else now
    retry_at = now + min(wait, LONGEST_WAIT)
    return entry.but(outcome=LedgerOutcome.RETRY, because=because, retry_at=retry_at, noted_at=since)


def note(app: App, head: MessageHead, outcome: LedgerOutcome, because: str) -> None:
    """Writes into the ledger what became of a message that was not taken in."""
    received_at, now = head.received_at, app.clock.now()
    entry = LedgerEntry(key=head.key, outcome=outcome, because=because, received_at=received_at, noted_at=now)
    with app.store.unit() as unit:
        unit.ledger.put(entry)


def put_off(app: App, head: MessageHead, because: str) -> None:
    """Has a message that could not be fetched tried again later; it is never given up."""
    log.warning("mailbox %s: message %d waits: %s", head.key.mailbox, head.key.uid, because)
    now = app.clock.now()
    with app.store.unit() as unit:
        before = unit.ledger.entry(head.key)
        if before is None or before.outcome not in DONE:
            unit.ledger.put(failed(begun(before, head.key, head.received_at, now), because, now))


def close(app: App, entry: LedgerEntry, *, renumbered: bool) -> None:
    """Ends the waiting for a message that is not there any more, or that stands there under another number."""
    now = app.clock.now()
    if renumbered:
        # Every message of the folder was looked at again under its new number; nothing is left to file under the old.
        because = "the folder was numbered anew, and the message was looked at under its new number"
        closed = entry.but(outcome=LedgerOutcome.KNOWN, because=because, retry_at=None, filed_at=now, noted_at=now)
    else:
        because = f"a person moved or deleted it before it could be read; it had waited because {entry.because}"
        closed = entry.but(outcome=LedgerOutcome.GONE, because=because, retry_at=None, noted_at=now)
    with app.store.unit() as unit:
        unit.ledger.put(closed)
