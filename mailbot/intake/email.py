"""What a message is once it has been read: addresses, text, attachments, verdicts. Values only."""

from enum import StrEnum

from mailbot.value import Instant, Value


class Kind(StrEnum):
    """What a message is to us. ``REPORT`` and ``FOLLOW_UP`` are people's; the machine kinds never get an answer."""

    REPORT = "report"
    ANSWER = "answer"
    FOLLOW_UP = "follow_up"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    DELAY = "delay"
    DELIVERED = "delivered"
    FEEDBACK = "feedback"
    OTHER = "other"

    @property
    def is_machine(self) -> bool:
        return self in MACHINE_KINDS


MACHINE_KINDS = frozenset({Kind.AUTO_REPLY, Kind.BOUNCE, Kind.DELAY, Kind.DELIVERED, Kind.FEEDBACK})


class Address(Value):
    """A mailbox address as written, in lower case where it is used to compare; ``name`` decoded."""

    address: str
    name: str = ""


class Attachment(Value):
    """One attachment as listed to people: never its bytes. ``outcome`` says in plain words what the reader made of it.

    ``type`` is told from the content, not from the name or the declared type. ``sha256`` is of the decoded bytes.
    """

    name: str
    size: int
    sha256: str
    type: str
    outcome: str = ""


class Document(Value):
    """The decoded bytes of an attachment, on their way from intake to parse inside the reader; never stored as such.

    ``number`` is its place in ``InboundEmail.attachments``; ``type`` is told from the content by ``filetypes.type_of``.
    """

    number: int
    name: str
    type: str
    content: bytes


class Bounce(Value):
    """What a delivery report says (RFC 3464): who was not reached, by which message of ours, for good or for now."""

    recipients: tuple[str, ...] = ()
    original_message_id: str = ""
    permanent: bool = True


class Forwarded(Value):
    """The mail that somebody sent on: who had written it, when by their own claim, and their own words in it.

    ``attached``: it came as an attachment, otherwise its heading and text stand in the text of the mail.
    """

    sender: Address
    date: Instant | None = None
    subject: str = ""
    text: str = ""
    attached: bool = False


class InboundEmail(Value):
    """A message read. Text holds neither NUL nor lone surrogates. ``date`` is the sender's own claim.

    ``reply`` is the sender's own words without quotation. ``authenticated`` is the verdict of the council's own
    gateway for the From domain (DMARC pass under the configured authserv-id, or Exchange's internal-mail header);
    ``received_lines_at`` the time of the newest Received line. ``digest`` recognises the same message in another
    mailbox or after a change of UIDVALIDITY: it is taken over From, Date, Message-ID and the decoded parts.
    ``delivered_to``: the addresses of Delivered-To, X-Original-To and Envelope-To, which may hold a token.
    ``automatic``: a machine or a list sent it, so nothing is sent in answer; it may be a report all the same.
    ``forwarded``: the report that the sender only passed on.
    """

    sender: Address
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    subject: str = ""
    date: Instant | None = None
    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    delivered_to: tuple[str, ...] = ()
    text: str = ""
    reply: str = ""
    attachments: tuple[Attachment, ...] = ()
    forwarded: Forwarded | None = None
    authenticated: bool = False
    automatic: bool = False
    received_lines_at: Instant | None = None
    digest: str = ""
    problems: tuple[str, ...] = ()
