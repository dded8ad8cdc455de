"""One message with everything that bears on it, as the questions of ``decide`` see it."""

from datetime import datetime

from mailbot.incident import Incident, Original, OriginalFile
from mailbot.mail import RawEmail
from mailbot.parse.reading import Reading
from mailbot.pipeline.outcome import Deciding, Known
from mailbot.procedure.decision import Decision, Event
from mailbot.procedure.machine import advance

MOST_FILES = 50
"""So many attachments of one mail are listed to people."""


class Message:
    """One message with everything that bears on it."""

    def __init__(self, raw: RawEmail, reading: Reading, known: Known, by: Deciding, now: datetime) -> None:
        self.raw = raw
        self.reading = reading
        self.known = known
        self.by = by
        self.now = now

    @property
    def sender(self) -> str:
        return self.reading.email.sender.address.lower()

    @property
    def original(self) -> Original:
        key, email = self.raw.key, self.reading.email
        return Original(
            mailbox=key.mailbox,
            folder=key.folder,
            uid=key.uid,
            sender=self.sender,
            received_at=self.raw.received_at,
            files=tuple(OriginalFile(name=one.name, outcome=one.outcome) for one in email.attachments[:MOST_FILES]),
            problems=self.reading.problems,
        )

    def advance(self, incident: Incident, event: Event) -> Decision:
        return advance(incident, event, self.now, self.by.rules)
