"""What people and machines write to the council during a story, as the exact bytes that arrive.

Message-IDs and MIME boundaries come from the place of a mail in the story: the same weekend gives the same bytes.
"""

from collections.abc import Callable
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from mailbot.demo.filling import can_fill_in, filled_in
from mailbot.demo.forms import Answers, content_controls_form, damaged, legacy_fields_form, pdf_form, table_form
from mailbot.demo.letterbox import Asked, documents
from mailbot.demo.script import Answer, Automatic, Enclosure, Mail
from mailbot.terms import DIGEST

COUNCIL = "council.example"
GATEWAY = f"mx.{COUNCIL}"
ADDRESSES = {
    "it": f"itservicedesk@{COUNCIL}",
    "ig": f"data.protection@{COUNCIL}",
    "bot": f"mailbot@{COUNCIL}",
}
DOCX = ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document")
PDF = ("application", "pdf")


def _damaged_table(answers: Answers) -> bytes:
    return damaged(table_form(answers))


DOCUMENTS: dict[str, tuple[Callable[[Answers], bytes], tuple[str, str]]] = {
    "table": (table_form, DOCX),
    "content_controls": (content_controls_form, DOCX),
    "legacy_fields": (legacy_fields_form, DOCX),
    "pdf": (pdf_form, PDF),
    "damaged": (_damaged_table, DOCX),
    "minutes": (lambda rows: table_form(rows, title="Visitors"), DOCX),
}


def arriving(mail: Mail, name: str) -> bytes:
    """A mail of the story; ``name`` makes its Message-ID."""
    message = _message(mail.sender, mail.subject, mail.at, name)
    message["To"] = ", ".join(ADDRESSES[one] for one in mail.to)
    _vouch(message, mail.sender, vouched=mail.vouched)
    message.set_content(mail.text.lstrip())
    return _closed(message, mail, name)


def answering(answer: Answer, asked: Asked, name: str) -> bytes:
    """An answer to a mail of the bot: a reply that quotes it, as mail programs do it, or what its link starts."""
    request = message_from_bytes(asked.content)
    if answer.taps and asked.offer:
        message = _message(answer.by, asked.offer.subject, answer.at, name)
        message["To"], body = asked.offer.to, answer.words.strip()
    else:
        message = _message(answer.by, f"Re: {_header(request, 'Subject')}", answer.at, name)
        message["To"], body = _header(request, "Reply-To"), _quoting(answer, request)
        message["In-Reply-To"] = message["References"] = _header(request, "Message-ID")
    _vouch(message, answer.by, vouched=True)
    message.set_content(f"{body}\n")
    return _closed(message, answer, name, asked.content)


def _quoting(answer: Answer, request: Message) -> str:
    quoted = "\n".join(f"> {line}".rstrip() for line in _text(request).splitlines())
    when = f"{answer.at:%d %B %Y} at {answer.at:%H:%M}"
    # A digest asks about several incidents: whoever replies to it names the one that is meant.
    named = f"{answer.about}: " if DIGEST in _header(request, "Subject") else ""
    return f"{named}{answer.words.strip()}\n\nOn {when}, {_header(request, 'From')} wrote:\n{quoted}"


def out_of_office(machine: Automatic, received: bytes, at: datetime, name: str) -> bytes:
    """The automatic reply of somebody who is away (RFC 3834)."""
    request = message_from_bytes(received)
    message = _message(machine.address, f"Automatic reply: {_header(request, 'Subject')}", at, name)
    message["To"] = _header(request, "Reply-To")
    message["In-Reply-To"] = _header(request, "Message-ID")
    message["Auto-Submitted"] = "auto-replied"
    _vouch(message, machine.address, vouched=True)
    message.set_content(machine.words + "\n")
    return message.as_bytes()


def bounce(machine: Automatic, received: bytes, at: datetime, name: str) -> bytes:
    """The report of a mail server that knows no such address (RFC 3464)."""
    request = message_from_bytes(received)
    boundary = f"=_{name}"
    head = (
        f"Return-Path: <>\r\nFrom: Mail Delivery System <postmaster@{COUNCIL}>\r\nTo: {ADDRESSES['bot']}\r\n"
        f"Subject: Undelivered Mail Returned to Sender\r\nDate: {format_datetime(at)}\r\n"
        f"Message-ID: <{name}@{GATEWAY}>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="{boundary}"\r\n\r\n'
    )
    words = f"Your message to {machine.address} could not be delivered: there is no such mailbox here.\r\n"
    status = (
        f"Reporting-MTA: dns; {GATEWAY}\r\n\r\nFinal-Recipient: rfc822; {machine.address}\r\nAction: failed\r\n"
        "Status: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 No such mailbox\r\n"
    )
    returned = f"Message-ID: {_header(request, 'Message-ID')}\r\nSubject: {_header(request, 'Subject')}\r\n"
    parts = (("text/plain", words), ("message/delivery-status", status), ("text/rfc822-headers", returned))
    body = "".join(f"--{boundary}\r\nContent-Type: {kind}\r\n\r\n{content}\r\n" for kind, content in parts)
    return f"{head}{body}--{boundary}--\r\n".encode()


def _message(sender: str, subject: str, at: datetime, name: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP.clone(max_line_length=998))
    message["From"] = sender
    message["Subject"] = subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{name}@{parseaddr(sender)[1].rpartition('@')[2]}>"
    return message


def _vouch(message: EmailMessage, sender: str, *, vouched: bool) -> None:
    """What the council's gateway found out about the sender (RFC 8601)."""
    domain = parseaddr(sender)[1].rpartition("@")[2]
    verdict = "pass" if vouched else "fail"
    message["Authentication-Results"] = f"{GATEWAY}; dmarc={verdict} header.from={domain}"


def _closed(message: EmailMessage, enclosure: Enclosure, name: str, asked: bytes = b"") -> bytes:
    if enclosure.form:
        make, (kind, subtype) = DOCUMENTS.get(enclosure.form, (None, DOCX))
        content = make(enclosure.answers) if make else _own_form(enclosure, asked)
        message.add_attachment(content, maintype=kind, subtype=subtype, filename=enclosure.form_name)
        message.set_boundary(f"=_{name}")
    return message.as_bytes()


def _own_form(enclosure: Enclosure, asked: bytes) -> bytes:
    """The bot's own form, filled in, out of the mail that is answered."""
    fitting = (one for one in documents(message_from_bytes(asked)) if can_fill_in(one, enclosure.answers))
    return filled_in(next(fitting), enclosure.answers, enclosure.rows)


def _header(message: Message, name: str) -> str:
    return " ".join(str(message[name] or "").split())


def _text(message: Message) -> str:
    """The plain text of a mail of the bot."""
    parts = [one for one in message.walk() if one.get_content_type() == "text/plain"]
    content = parts[0].get_payload(decode=True) if parts else b""
    return content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
