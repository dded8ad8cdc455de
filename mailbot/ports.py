"""The few things the bot asks of the world, as Protocols. ``app`` names the adapters; ``testing`` ships the doubles.

Both the double and the real adapter of each port pass the same contract tests (tests/contract).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from mailbot.letters.sheet import Printed, Sheet
from mailbot.mail import Delivery, FolderState, FrozenEmail, Handling, MessageHead, MessageKey, RawEmail
from mailbot.parse.reading import Reading


class Mailbox(Protocol):
    """One mailbox account on one connection, used by one thread at a time.

    Every method raises ``MailboxLostError`` when the connection is gone or too slow (call ``close``, back off, call
    again: the next call connects anew), ``MailboxRefusedError`` when the server says no (login, folder, command).
    """

    @property
    def name(self) -> str: ...

    def open(self, folder: str) -> FolderState:
        """Opens a folder and says its UIDVALIDITY and UIDNEXT."""

    def uids(self, folder: str, above: int, received_since: datetime | None = None) -> tuple[int, ...]:
        """The UIDs above a UID, ascending; with ``received_since`` only those of that day or later (IMAP SINCE)."""

    def heads(self, folder: str, uids: Sequence[int]) -> tuple[MessageHead, ...]:
        """Headers, size, arrival and list of parts; never sets a flag. Vanished messages are left out."""

    def part(self, key: MessageKey, part: str) -> bytes:
        """One part's transfer-encoded bytes, with PEEK; raises ``MessageGoneError`` when it is no longer there."""

    def fetch(self, key: MessageKey) -> RawEmail:
        """The whole message with PEEK; raises ``MessageGoneError`` when it is no longer there."""

    def file(self, key: MessageKey, handling: Handling, target: str) -> None:
        """Flags with, or moves to, ``target``. Done twice it does no harm; a vanished message is no error."""

    def wait(self, folder: str, within: timedelta) -> bool:
        """Waits for news of a folder (IDLE) for at most ``within``; True when something changed. The poll is the truth.

        Returns False at once where the server has no IDLE.
        """

    def close(self) -> None:
        """Lets go of the connection; never raises."""


class Sender(Protocol):
    """The way out. Never raises for what a mail server says: the answer is a value."""

    def send(self, emails: Sequence[FrozenEmail]) -> tuple[Delivery, ...]:
        """Hands over each message, as many at once as connections are configured; one answer each, in order."""

    def check(self) -> str:
        """Connects, greets and logs in, without sending; one line that says what was found. Raises ``SenderError``."""

    def close(self) -> None:
        """Lets go of all connections; never raises."""


class Reader(Protocol):
    """Reads what strangers sent, apart from everything else (transport.sandbox). Never raises for a message."""

    def read(self, content: bytes, received_at: datetime) -> Reading:
        """What the message says. A message that kills or outlasts the reader costs its attachment, never the mail."""

    def is_report_form(self, content: bytes) -> bool:
        """Whether a document's own text shows it to be a report form, whatever it is called."""

    def start(self) -> None:
        """Gets ready ahead of the first message; not needed before ``read``."""

    def close(self) -> None:
        """Stops the workers; never raises."""


class Press(Protocol):
    """Where letters become PDF, tagged for screen readers. Used by one thread at a time."""

    @property
    def characters(self) -> frozenset[str]:
        """Every character it can print: ask ``letters.printable`` before handing over a sheet."""

    def press(self, sheets: Sequence[Sheet], *, duplex: bool = False) -> Printed:
        """All of these sheets as one document, each beginning on a page of its own, with ``duplex`` on an odd one.

        The same sheets give the same bytes. Raises ``LetterError`` where a sheet cannot be printed (with one sheet
        it is that one), ``PressError`` where nothing can.
        """

    def close(self) -> None:
        """Lets go of files; never raises."""


class Clock(Protocol):
    """The one place where time comes from."""

    def now(self) -> datetime:
        """This moment, aware, in UTC."""


class Ids(Protocol):
    """Where identifiers come from; the demo's are the same each time."""

    def new(self) -> str:
        """A new identifier: 32 lower-case hexadecimal digits."""
