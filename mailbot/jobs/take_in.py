"""Takes one message in: read, decide, and one commit of email, incident, duties, history and outbox; then file it."""

import logging
from datetime import timedelta

from mailbot.app import App
from mailbot.errors import ConflictError, MailboxRefusedError, MessageGoneError
from mailbot.jobs.likenesses import keep_likeness
from mailbot.jobs.recall import recall
from mailbot.jobs.record import record_decision
from mailbot.mail import Handling, MessageHead, MessageKey, RawEmail
from mailbot.parse.reading import Reading
from mailbot.pipeline.decide import decide
from mailbot.store import Unit
from mailbot.store.values import LedgerEntry, LedgerOutcome

log = logging.getLogger(__name__)

ATTEMPTS = 5
"""How often a decision is made again because another bot changed the same incident in between."""

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
DONE = frozenset({LedgerOutcome.HANDLED, LedgerOutcome.KNOWN, LedgerOutcome.HELD})


def take_in(app: App, head: MessageHead) -> bool:
    """Takes in one message that is ours; True when it was committed. Whatever fails is put off, with its reason.

    Raises ``MailboxError`` when the mailbox itself fails: the cursor has not moved, so the next poll comes here again.
    """
    try:
        raw = app.mailboxes[head.key.mailbox].fetch(head.key)
    except MessageGoneError:
        note(app, head, LedgerOutcome.GONE, "a person moved or deleted it before it could be read")
        return False
    try:
        _commit(app, raw, app.reader.read(raw.content, raw.received_at))
    except Exception as error:
        # One bad message never stops the round; it waits, and IG's digest shows that it does.
        log.exception("mailbox %s: message %d could not be taken in", head.key.mailbox, head.key.uid)
        put_off(app, head, f"it could not be recorded ({type(error).__name__})")
        return False
    if app.settings.mailbox(raw.key.mailbox).handled is not Handling.LEAVE:
        _file(app, raw.key)
    return True


def note(app: App, head: MessageHead, outcome: LedgerOutcome, because: str) -> None:
    """Writes into the ledger what became of a message that was not taken in."""
    with app.store.unit() as unit:
        unit.ledger.put(_entry(app, head, outcome, because))


def _entry(app: App, head: MessageHead, outcome: LedgerOutcome, because: str) -> LedgerEntry:
    received_at, now = head.received_at, app.clock.now()
    return LedgerEntry(key=head.key, outcome=outcome, because=because, received_at=received_at, noted_at=now)


def put_off(app: App, head: MessageHead, because: str) -> None:
    """Has a message tried again later, a little later each time, and never gives it up."""
    log.warning("mailbox %s: message %d waits: %s", head.key.mailbox, head.key.uid, because)
    with app.store.unit() as unit:
        before = unit.ledger.entry(head.key)
        tries = before.tries + 1 if before else 1
        wait = min(FIRST_WAIT * 2 ** min(tries - 1, 10), LONGEST_WAIT)
        entry = _entry(app, head, LedgerOutcome.RETRY, because)
        since = before.noted_at if before and before.outcome is LedgerOutcome.RETRY else entry.noted_at
        unit.ledger.put(entry.but(tries=tries, retry_at=app.clock.now() + wait, noted_at=since))


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


def file_handled(app: App, mailbox_name: str) -> None:
    """Files what a crash or a lost connection left committed but not yet flagged or moved."""
    while True:
        with app.store.reading() as unit:
            unfiled = unit.ledger.unfiled(mailbox_name)
        if not unfiled:
            return
        for entry in unfiled:
            _file(app, entry.key)


def _commit(app: App, raw: RawEmail, reading: Reading) -> None:
    for attempt in range(ATTEMPTS):
        try:
            with app.store.unit() as unit:
                _record(app, unit, raw, reading)
        except ConflictError:
            if attempt == ATTEMPTS - 1:
                raise
        else:
            return


def _record(app: App, unit: Unit, raw: RawEmail, reading: Reading) -> None:
    entry = unit.ledger.entry(raw.key)
    if entry and entry.outcome in DONE:
        return
    outcome = decide(raw, reading, recall(app, unit, raw, reading), app.writing.deciding, app.clock.now())
    incident = outcome.decision and record_decision(app, unit, outcome.decision, is_new=outcome.is_new)
    email_id, incident_id = app.ids.new(), incident.id if incident else None
    is_left = app.settings.mailbox(raw.key.mailbox).handled is Handling.LEAVE
    unit.emails.add(email_id, raw, reading, incident_id)
    if outcome.is_new and incident_id:
        keep_likeness(unit, incident_id, raw, reading)
    unit.ledger.put(
        LedgerEntry(
            key=raw.key,
            outcome=LedgerOutcome(outcome.fate.value),
            because=outcome.because,
            received_at=raw.received_at,
            incident_id=incident_id,
            email_id=email_id,
            filed_at=app.clock.now() if is_left else None,
            noted_at=app.clock.now(),
        )
    )


def _file(app: App, key: MessageKey) -> None:
    """Flags or moves a committed message as configured. A refusal is logged: the ledger, not the flag, is the truth."""
    settings = app.settings.mailbox(key.mailbox)
    if settings.handled is not Handling.LEAVE:
        try:
            app.mailboxes[key.mailbox].file(key, settings.handled, settings.handled_target)
        except MailboxRefusedError as error:
            log.warning("%s; the message stays where it is", error)
    with app.store.unit() as unit:
        entry = unit.ledger.entry(key)
        if entry and not entry.filed_at:
            unit.ledger.put(entry.but(filed_at=app.clock.now()))
