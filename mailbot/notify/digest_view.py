"""What the triage digest says: every open incident by the time left, what went wrong, and that the bot lives.

It goes to a shared mailbox, so like the internal view it has no field for anything a report says.
"""

from mailbot.notify.known import Known
from mailbot.notify.views import ContactView
from mailbot.terms import Queue, Reference, Role, Severity, Stage
from mailbot.value import Instant, Value


class DigestAsk(Value):
    """One open duty of an incident: what is asked, of whom, until when (None: as soon as practical)."""

    title: Known
    holder: Role
    person: Known | None
    started_at: Instant
    due_at: Instant | None


class DigestItem(Value):
    """One open incident. ``next_due_at`` is the first of its clocks to run out; the items stand in that order."""

    reference: Reference
    queue: Queue
    severity: Severity
    provisional: bool
    stage: Stage
    incident_type: Known | None
    group: Known | None
    people_affected: Known
    received_at: Instant
    is_new: bool
    ico_due_at: Instant | None
    next_due_at: Instant | None
    asks: tuple[DigestAsk, ...]
    safety: bool
    doubts: int


class DigestProblem(Value):
    """Something a person must look at: what, how many, since when, and what to do about it."""

    what: Known
    count: int
    since: Instant | None = None
    advice: Known = ""


class MailboxHealth(Value):
    """When a mailbox was last read; None where it never was."""

    name: Known
    last_read_at: Instant | None
    is_late: bool


class Health(Value):
    """How the bot itself is."""

    mailboxes: tuple[MailboxHealth, ...] = ()
    waiting_to_send: int = 0
    oldest_waiting_at: Instant | None = None
    sending_paused: bool = False


class DigestView(Value):
    """The whole digest. ``since`` is the moment of the one before it, None for the first."""

    council: Known
    desk: Known
    written_at: Instant
    since: Instant | None
    next_digest_at: Instant
    items: tuple[DigestItem, ...]
    restricted_elsewhere: int
    problems: tuple[DigestProblem, ...]
    health: Health
    audit_head: Known
    contact: ContactView
