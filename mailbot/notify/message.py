"""Rendered mail → the exact bytes that cross the wire. Same mail, same moment, same bytes.

Written by hand rather than through ``email.message``: its folding turns long Message-IDs into encoded words, which
break threads in Outlook, and its boundaries come from chance.
"""

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, formataddr

from mailbot.mail import FrozenEmail
from mailbot.notify.email import OutgoingEmail
from mailbot.notify.forms.docx import TYPE, docx_of
from mailbot.notify.render import Rendered
from mailbot.notify.rules import Identity
from mailbot.notify.tokens import Tokens
from mailbot.value import Value

SUPPRESSED = "RN, NRN, AutoReply"
"""Read receipts, non-read receipts and automatic replies. Never OOF or NDR: who is away or unreachable has a deputy."""

Headers = Sequence[tuple[str, str]]

STANDING: Headers = (
    ("Auto-Submitted", "auto-generated"),
    ("X-Auto-Response-Suppress", SUPPRESSED),
    ("Content-Language", "en-GB"),
    ("MIME-Version", "1.0"),
)


def freeze(email: OutgoingEmail, rendered: Rendered, identity: Identity, tokens: Tokens, now: datetime) -> FrozenEmail:
    """The message to its one recipient: multipart/alternative in UTF-8, or plain text alone where there is no HTML.

    What is enclosed follows as files.

    ``now`` becomes its Date. The Message-ID follows from the mail alone, so that a mail frozen again keeps it.
    """
    message_id = tokens.message_id(email.reference, email.duty_kind, email.id, email.recipient)
    subject = _subject(email, rendered, tokens)
    who = (("From", mailbox_of(identity.name, identity.address)), *_addressed(email, identity, tokens))
    about = _about(subject, now, message_id)
    content_type, body = _with_files(email, *_body(email.id, rendered), _files(email, tokens))
    content = _lines((*who, *about, *STANDING, *_thread(email, message_id), *content_type)) + b"\r\n" + body
    return FrozenEmail(
        message_id=message_id, envelope_from=identity.address, recipient=email.recipient, content=content
    )


class Envelope(Value):
    """Who a message is from and for: the envelope's two addresses, and the headers From, To and Reply-To."""

    sender: str
    recipient: str
    headers: tuple[tuple[str, str], ...]


def freeze_plain(email_id: str, envelope: Envelope, rendered: Rendered, message_id: str, now: datetime) -> FrozenEmail:
    """A message that belongs to no conversation and encloses nothing, with the same standing headers and body."""
    content_type, body = _body(email_id, rendered)
    headers = (*envelope.headers, *_about(rendered.subject, now, message_id), *STANDING, *content_type)
    return FrozenEmail(
        message_id=message_id,
        envelope_from=envelope.sender,
        recipient=envelope.recipient,
        content=_lines(headers) + b"\r\n" + body,
    )


def mailbox_of(name: str, address: str) -> str:
    """``Name <address>`` as a header has it, with nothing in it that could begin another header."""
    return formataddr((_one_line(name), _one_line(address)))


def _about(subject: str, now: datetime, message_id: str) -> Headers:
    return (("Subject", _encoded(subject, "Subject")), ("Date", format_datetime(now)), ("Message-ID", message_id))


def _addressed(email: OutgoingEmail, identity: Identity, tokens: Tokens) -> Headers:
    answers_to = tokens.reply_to(email).address
    return (
        ("To", mailbox_of(email.recipient_name, email.recipient)),
        ("Reply-To", mailbox_of(identity.name, answers_to)),
    )


def _thread(email: OutgoingEmail, message_id: str) -> Headers:
    topic = (("Thread-Topic", f"Incident {email.reference}"),) if email.reference else ()
    if not email.thread or email.thread == message_id:
        return topic
    # Never folded and never encoded: Outlook drops a reference it finds broken into words.
    return (*topic, ("In-Reply-To", _one_line(email.thread)), ("References", _one_line(email.thread)))


def _subject(email: OutgoingEmail, rendered: Rendered, tokens: Tokens) -> str:
    if not email.reference:
        return rendered.subject
    return f"{rendered.subject} {tokens.subject_code(email.reference, email.duty_kind, email.recipient)}"


def _body(email_id: str, rendered: Rendered) -> tuple[Headers, bytes]:
    text = _part_headers("plain")
    if not rendered.html:
        return text, _quoted_printable(rendered.text)
    # An underscore and an equals sign together cannot occur in quoted-printable, so no text can hold the boundary.
    boundary = f"=_mailbot_{email_id}"
    parts = ((text, rendered.text), (_part_headers("html"), rendered.html))
    body = b"".join(
        b"--%s\r\n%s\r\n%s\r\n" % (boundary.encode(), _lines(headers), _quoted_printable(content))
        for headers, content in parts
    )
    return (("Content-Type", f'multipart/alternative; boundary="{boundary}"'),), body + f"--{boundary}--\r\n".encode()


def _files(email: OutgoingEmail, tokens: Tokens) -> list[tuple[str, bytes]]:
    """Each enclosure as a name and a Word file that bears the code of this mail, so that it may come back without it."""
    code = tokens.subject_code(email.reference, email.duty_kind, email.recipient) if email.reference else ""
    return [(_one_line(one.name), docx_of(one.form, code)) for one in email.enclosures]


def _with_files(
    email: OutgoingEmail, headers: Headers, body: bytes, files: Sequence[tuple[str, bytes]]
) -> tuple[Headers, bytes]:
    if not files:
        return headers, body
    boundary = f"=_mailbot_files_{email.id}"
    parts = [(headers, body), *((_file_headers(name), _base64(content)) for name, content in files)]
    whole = b"".join(b"--%s\r\n%s\r\n%s\r\n" % (boundary.encode(), _lines(head), part) for head, part in parts)
    return (("Content-Type", f'multipart/mixed; boundary="{boundary}"'),), whole + f"--{boundary}--\r\n".encode()


def _file_headers(name: str) -> Headers:
    # Encoded words within quotation marks are against the letter of RFC 2047, and what every mail program writes and reads.
    shown = _encoded(name, "Content-Disposition").replace("\r\n ", " ").replace('"', "'")
    return (
        ("Content-Type", f'{TYPE}; name="{shown}"'),
        ("Content-Disposition", f'attachment; filename="{shown}"'),
        ("Content-Transfer-Encoding", "base64"),
    )


def _base64(content: bytes) -> bytes:
    return base64.encodebytes(content).replace(b"\n", b"\r\n")


def _part_headers(subtype: str) -> Headers:
    return (
        ("Content-Type", f'text/{subtype}; charset="utf-8"'),
        ("Content-Transfer-Encoding", "quoted-printable"),
    )


def _lines(headers: Headers) -> bytes:
    return b"".join(f"{name}: {value}\r\n".encode("ascii") for name, value in headers)


def _quoted_printable(text: str) -> bytes:
    lines = text.rstrip("\n").encode("utf-8", "replace").split(b"\n")
    return b"\n".join([binascii.b2a_qp(line, istext=True) for line in lines]).replace(b"\n", b"\r\n") + b"\r\n"


def _encoded(text: str, name: str) -> str:
    """A header's text, as encoded words where it is not plain ASCII."""
    text = _one_line(text)
    return text if text.isascii() else Header(text, "utf-8", header_name=name).encode(linesep="\r\n")


def _one_line(text: str) -> str:
    """Without anything that could begin another header."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())
