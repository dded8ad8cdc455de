"""The vocabulary of mail: what a mailbox hands over and what a mail server is given. No library's types."""

from datetime import UTC, datetime
from enum import StrEnum

from mailbot.value import Instant, Value


class MessageKey(Value):
    """Where a message lies: the key of the ledger. A UID means nothing without its UIDVALIDITY (RFC 3501 §2.3.1.1)."""

    mailbox: str
    folder: str
    uidvalidity: int
    uid: int


class FolderState(Value):
    """What a server says of a folder when it is opened."""

    uidvalidity: int
    uidnext: int


class PartHead(Value):
    """One MIME part as the server lists it, not fetched: ``section`` is what FETCH BODY.PEEK[section] takes."""

    section: str
    content_type: str
    name: str
    size: int
    encoding: str


ARRIVAL_UNKNOWN = datetime(1970, 1, 1, tzinfo=UTC)


class MessageHead(Value):
    """What is looked at before a message is fetched whole: its raw header block and the list of its parts.

    ``received_at`` is the server's INTERNALDATE, ``ARRIVAL_UNKNOWN`` beside a ``problem`` where even that cannot be had.
    ``parts`` is empty where the server's list could not be read. ``problem`` says why nothing else could be fetched: such a message is to be tried again, not judged.
    """

    key: MessageKey
    received_at: Instant
    size: int
    header: bytes
    parts: tuple[PartHead, ...] = ()
    problem: str = ""


class RawEmail(Value):
    """A whole message as the server stores it, byte for byte."""

    key: MessageKey
    received_at: Instant
    content: bytes


class Handling(StrEnum):
    r"""What is done to a message of ours after the commit. Never the ``\Seen`` flag: people share the mailbox."""

    LEAVE = "leave"
    FLAG = "flag"
    MOVE = "move"


class FrozenEmail(Value):
    """An outgoing message as it will cross the wire: one recipient, exact bytes, a Message-ID that never changes."""

    message_id: str
    envelope_from: str
    recipient: str
    content: bytes


class Outcome(StrEnum):
    """What became of handing a message to the mail server. Two kinds of failure only."""

    ACCEPTED = "accepted"
    TEMPORARY = "temporary"
    PERMANENT = "permanent"


class Delivery(Value):
    """The mail server's answer for one recipient; ``code`` is 0 where the connection failed before an answer."""

    outcome: Outcome
    code: int = 0
    text: str = ""
