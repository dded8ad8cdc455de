"""What the store hands out and takes in beside the vocabulary: cursors, ledger entries, outbox rows, marks."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import Field

from mailbot.intake.email import Kind
from mailbot.mail import Delivery, FrozenEmail, MessageKey
from mailbot.notify.email import OutgoingEmail
from mailbot.parse.reading import Reading
from mailbot.terms import Reference
from mailbot.value import Instant, Value


class Cursor(Value):
    """How far a folder was looked at.

    ``watched_from`` is the moment from which mail is answered, ``first_uidnext`` the number that the server would have
    given to the next message at the first look into the folder under this UIDVALIDITY. A message is before the watch
    only where both say so: a number from ``first_uidnext`` on came later, whatever date it carries.
    """

    mailbox: str
    folder: str
    uidvalidity: int
    last_uid: int
    watched_from: Instant
    first_uidnext: int

    def is_before_watch(self, uid: int, received_at: datetime) -> bool:
        """Whether a message (its number, its date of arrival, aware) lay there before the bot began to watch."""
        return uid < self.first_uidnext and received_at < self.watched_from


class LedgerOutcome(StrEnum):
    """What became of a message that was looked at. ``KEPT``: it was fetched and is being taken in for the first time."""

    HANDLED = "handled"
    KNOWN = "known"
    NOT_OURS = "not_ours"
    BEFORE_WATCH = "before_watch"
    OWN_MAIL = "own_mail"
    KEPT = "kept"
    RETRY = "retry"
    HELD = "held"
    GONE = "gone"


def _when_received(fields: dict[str, Any]) -> Any:
    # Absent where it was refused; pydantic says so itself.
    return fields.get("received_at")


class LedgerEntry(Value):
    """One line of the ledger: the message, what became of it and why.

    ``retry_at`` is set while the outcome is KEPT or RETRY; ``filed_at`` once the message was flagged or moved after the
    commit. ``noted_at`` is when the bot first knew this outcome, by default when the message was received: a message
    dragged in from elsewhere keeps an old date of arrival. Of the messages that are not ours only near misses are
    worth an entry.
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
    noted_at: Instant = Field(default_factory=_when_received)


class NamedIncident(Value):
    """An incident's reference, and whether nobody but its handlers may hear of it."""

    reference: Reference
    restricted: bool


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
    """Where an outgoing mail stands. Only WAITING and CLAIMED rows are still on their way.

    GATHERED: a digest takes its place, and what becomes of the digest becomes of it.
    """

    WAITING = "waiting"
    CLAIMED = "claimed"
    GATHERED = "gathered"
    SENT = "sent"
    WITHDRAWN = "withdrawn"
    HELD = "held"
    GIVEN_UP = "given_up"


class OutboxRow(Value):
    """An outgoing mail with its fate.

    ``tries`` counts the claims, a running one included. ``ready_at``: the earliest next try while waiting, the end
    of the lease while claimed, else None. ``frozen`` holds the exact bytes once they were made: the same again at
    every try. ``because`` says why it was withdrawn or held. ``ended_at``: when it was sent, withdrawn or given up.
    ``gathered_into``: the id of the digest that takes its place.
    """

    email: OutgoingEmail
    state: OutboxState
    tries: int = 0
    ready_at: Instant | None = None
    claimed_by: str | None = None
    gathered_into: str | None = None
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
