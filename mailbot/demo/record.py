"""What the play leaves behind: values from which the pages are made."""

from mailbot.incident import AuditEntry, Incident
from mailbot.parse.reading import Reading
from mailbot.store import OutboxRow
from mailbot.value import Instant, Value


class Arrived(Value):
    """A message that lay in one of the council's mailboxes; ``shows`` says what to look out for."""

    mailbox: str
    uid: int
    at: Instant
    sender: str
    subject: str
    content: bytes
    shows: str


class Received(Value):
    """A message that the bot took in, as it came and as it was read; ``number`` is its place among all that arrived."""

    number: int
    mail: Arrived
    reading: Reading


class Sent(Value):
    """A mail of the bot, numbered in the order in which they left."""

    number: int
    row: OutboxRow


class Story(Value):
    """All there is about one incident."""

    incident: Incident
    history: tuple[AuditEntry, ...]
    received: tuple[Received, ...]
    sent: tuple[Sent, ...]


class BoxLine(Value):
    """One message in one mailbox: what became of it (the ledger's words), and what was done to it on the server.

    ``is_own``: the bot itself sent it. ``looked_into``: one part of it was read to see whether it is a report form.
    """

    mail: Arrived
    is_own: bool
    outcome: str
    because: str
    reference: str
    fetched: bool
    looked_into: bool
    filed: bool
    flags: tuple[str, ...]

    @property
    def is_untouched(self) -> bool:
        """Neither fetched whole, nor flagged, nor moved."""
        return not (self.fetched or self.filed or self.flags)


class ActRecord(Value):
    """A whole story played: the incidents with their mail, the mails about the bot itself, and every mailbox."""

    at: Instant
    stories: tuple[Story, ...]
    of_the_bot: tuple[Sent, ...]
    boxes: tuple[BoxLine, ...]
