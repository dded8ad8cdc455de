"""Takes one message in: keep its bytes, read, decide, and one commit of email, incident, duties, history and outbox.

The bytes are stored before anything reads them. From then on the message needs no mailbox any more: whatever kills its
reader, its commit or the bot, and whoever deletes it meanwhile, it is taken in from what was kept. It is filed after the commit.
"""

import logging

from mailbot.app import App
from mailbot.errors import ConflictError, MailboxRefusedError, MessageGoneError
from mailbot.jobs.likenesses import keep_likeness
from mailbot.jobs.recall import recall
from mailbot.jobs.record import record_decision
from mailbot.jobs.waiting import DONE, begun, failed, note
from mailbot.mail import Handling, MessageHead, MessageKey, RawEmail
from mailbot.parse.reading import Reading
from mailbot.pipeline.decide import decide
from mailbot.store import Unit
from mailbot.store.values import LedgerEntry, LedgerOutcome

log = logging.getLogger(__name__)

ATTEMPTS = 5
"""How often a decision is made again because another bot changed the same incident in between."""


def take_in(app: App, head: MessageHead) -> bool:
    """Takes in one message that is ours; True when it was committed. Whatever fails is put off, with its reason.

    Raises ``MailboxError`` when the mailbox itself fails: the cursor has not moved, so the next poll comes here again.
    """
    try:
        raw = app.mailboxes[head.key.mailbox].fetch(head.key)
    except MessageGoneError:
        note(app, head, LedgerOutcome.GONE, "a person moved or deleted it before it could be read")
        return False
    entry = _keep(app, raw)
    if entry is None or not _try(app, entry, raw):
        return False
    _file_unless_left(app, raw.key)
    return True


def take_up(app: App, mailbox: str) -> int:
    """Takes in what was fetched before and is due; returns how many were committed. Raises ``MailboxError`` as above.

    No server is asked, not even where the message still lies there: a UID under its UIDVALIDITY names the same bytes
    for ever (RFC 3501 §2.3.1.1). So a deleted message, a folder numbered anew and one that is no longer watched are no
    cases of their own; a message that was moved meets what came of its bytes by its digest.
    """
    with app.store.reading() as unit:
        due = unit.kept.due(mailbox, app.clock.now())
    taken_in = [key for key in due if not app.stopping.is_set() and _try_again(app, key)]
    # Only now, for it may fail without a server: none of them waits for another's being filed.
    for key in taken_in:
        _file_unless_left(app, key)
    return len(taken_in)


def _keep(app: App, raw: RawEmail) -> LedgerEntry | None:
    """Stores a message before anything reads it; None where another bot has taken it in meanwhile."""
    with app.store.unit() as unit:
        before = unit.ledger.entry(raw.key)
        if before and before.outcome in DONE:
            return None
        entry = begun(before, raw.key, raw.received_at, app.clock.now())
        unit.ledger.put(entry)
        unit.kept.put(raw)
    return entry


def _try_again(app: App, key: MessageKey) -> bool:
    """Whether a message that was kept before was taken in now; not where another bot has done it meanwhile."""
    with app.store.unit() as unit:
        before = unit.ledger.entry(key)
        if before is None or before.outcome in DONE:
            return False
        entry = begun(before, key, before.received_at, app.clock.now())
        unit.ledger.put(entry)
    return _try(app, entry)


def _try(app: App, entry: LedgerEntry, fetched: RawEmail | None = None) -> bool:
    """Whether a kept message was taken in. One bad message never stops the round: it waits, and IG's digest shows it."""
    try:
        raw = fetched or _kept(app, entry.key)
        _commit(app, raw, app.reader.read(raw.content, raw.received_at))
    except Exception as error:
        log.exception("mailbox %s: message %d could not be taken in", entry.key.mailbox, entry.key.uid)
        _put_off(app, failed(entry, f"it could not be recorded ({type(error).__name__})", app.clock.now()))
        return False
    return True


def _kept(app: App, key: MessageKey) -> RawEmail:
    with app.store.reading() as unit:
        raw = unit.kept.get(key)
    if raw is None:
        raise ConflictError("another bot took it in meanwhile")
    return raw


def _put_off(app: App, entry: LedgerEntry) -> None:
    with app.store.unit() as unit:
        now = unit.ledger.entry(entry.key)
        if now is None or now.outcome not in DONE:
            unit.ledger.put(entry)


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
    for further in outcome.further:
        record_decision(app, unit, further)
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


def _file_unless_left(app: App, key: MessageKey) -> None:
    if app.settings.mailbox(key.mailbox).handled is not Handling.LEAVE:
        _file(app, key)


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
