"""An answer once it was understood, as its effect is given it."""

from datetime import datetime

from mailbot.assessment import Classification
from mailbot.terms import Reference
from mailbot.value import Value


class Given(Value):
    """Whose answer, which verb, in which words, and the moment it names.

    ``words`` are without the "because" before them, ``whole`` is everything after the verb.
    ``arrived_at``: when the reply reached its mailbox. ``counts_as``: what it classifies, for an answer that does.
    ``known_references``: the incidents named in it that exist.
    """

    by: str
    verb: str
    words: str
    moment: datetime | None
    now: datetime
    whole: str = ""
    counts_as: Classification | None = None
    known_references: tuple[Reference, ...] = ()
    arrived_at: datetime | None = None

    @property
    def done_at(self) -> datetime:
        """When it was done: the moment it names, else the arrival of the reply, which an outage may have left unread."""
        return self.moment or min(self.arrived_at or self.now, self.now)
