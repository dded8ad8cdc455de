"""What the store hands out and takes in beside the vocabulary: cursors, ledger entries, outbox rows, marks."""

from enum import StrEnum

from mailbot.intake.email import Kind
from mailbot.mail import Delivery, FrozenEmail, MessageKey
from mailbot.notify.email import OutgoingEmail
from mailbot.parse.reading import Reading
from mailbot.value import Instant, Value


class Cursor(Value):
    """How far a folder was looked at. ``watched_from`` is the moment of the first look: earlier mail is only counted."""

    mailbox: str
    folder: str
    uidvalidity: int
    last_uid: int
    watched_from: Instant


class LedgerOutcome(StrEnum):
    """What became of a message that was looked at."""

    HANDLED = "handled"
    KNOWN = "known"
    NOT_OURS = "not_ours"
    BEFORE_WATCH = "before_watch"
    OWN_MAIL = "own_mail"
    RETRY = "retry"
    HELD = "held"
    GONE = "gone"


class LedgerEntry(Value):
    """One line of the ledger: the message, what became of it and why.

    ``retry_at`` is set while the outcome is RETRY; ``filed_at`` once the message was flagged or moved after the
    commit. Of the messages that are not ours only near misses are worth an entry.
    """

    key: MessageKey
    outcome: LedgerOutcome
    because: str = ""
    received_at: Instant
    incident_id: str | None = None
    email_id: str | None = None
    tries: int = 0
    retry_at: Instant | None = None
    filed_at: Instant | None = None


class DutyDue(Value):
    """An open duty with its deadline, without the incident it belongs to."""

    incident_id: str
    duty_id: str
    due_at: Instant


class StoredEmail(Value):
    """A received message of an incident as it was read; its bytes are asked for apart (``Emails.raw``)."""

    id: str
    incident_id: str | None
    key: MessageKey
    received_at: Instant
    kind: Kind
    reading: Reading


class OutboxState(StrEnum):
    """Where an outgoing mail stands. Only WAITING and CLAIMED rows are still on their way."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    SENT = "sent"
    WITHDRAWN = "withdrawn"
    HELD = "held"
    GIVEN_UP = "given_up"


class OutboxRow(Value):
    """An outgoing mail with its fate.

    ``tries`` counts the claims, a running one included. ``ready_at``: the earliest next try while waiting, the end
    of the lease while claimed, else None. ``frozen`` holds the exact bytes once they were made: the same again at
    every try. ``because`` says why it was withdrawn or held. ``ended_at``: when it was sent, withdrawn or given up.
    """

    email: OutgoingEmail
    state: OutboxState
    tries: int = 0
    ready_at: Instant | None = None
    claimed_by: str | None = None
    frozen: FrozenEmail | None = None
    frozen_at: Instant | None = None
    delivery: Delivery | None = None
    sent_at: Instant | None = None
    ended_at: Instant | None = None
    because: str = ""


class Mark(Value):
    """A small named fact about the bot itself (paused, last poll), never about a person."""

    name: str
    value: str
    at: Instant
