"""The exact bytes that people and machines send to the council in a rehearsed year. Same words, same moment, same bytes."""

from datetime import datetime
from email.header import Header
from email.utils import format_datetime, formataddr

from mailbot.value import Value

OUTSIDE = "public.example"


class Letter(Value):
    """A mail of a person or a machine; ``name`` makes its Message-ID, ``answers`` is the Message-ID it replies to."""

    name: str
    sender: str
    sender_name: str
    to: str
    subject: str
    text: str
    at: datetime
    answers: str = ""
    automatic: bool = False


def written(letter: Letter, gateway: str) -> bytes:
    """The letter as the council's own mail gateway delivers it; an empty ``gateway`` vouches for nobody."""
    domain = letter.sender.rpartition("@")[2]
    headers = {
        "Authentication-Results": f"{gateway}; dmarc=pass header.from={domain}" if gateway else "",
        "From": formataddr((letter.sender_name, letter.sender)),
        "To": letter.to,
        "Subject": letter.subject
        if letter.subject.isascii()
        else Header(letter.subject, "utf-8").encode(linesep="\r\n"),
        "Date": format_datetime(letter.at),
        "Message-ID": f"<{letter.name}@{domain}>",
        "In-Reply-To": letter.answers,
        "References": letter.answers,
        "Auto-Submitted": "auto-replied" if letter.automatic else "",
        "MIME-Version": "1.0",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": "8bit",
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items() if value)
    return f"{head}\r\n{_crlf(letter.text)}\r\n".encode()


def bounce(address: str, message_id: str, bot: str, name: str, at: datetime) -> bytes:
    """The report of a mail server that knows no such address (any more; RFC 3464)."""
    domain = address.rpartition("@")[2]
    boundary = f"=_{name}"
    head = (
        f"Return-Path: <>\r\nFrom: Mail Delivery System <postmaster@{domain}>\r\nTo: {bot}\r\n"
        f"Subject: Undelivered Mail Returned to Sender\r\nDate: {format_datetime(at)}\r\n"
        f"Message-ID: <{name}@{domain}>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="{boundary}"\r\n\r\n'
    )
    parts = (
        ("text/plain", f"Your message to {address} could not be delivered: there is no such mailbox here.\r\n"),
        (
            "message/delivery-status",
            (
                f"Reporting-MTA: dns; {domain}\r\n\r\nFinal-Recipient: rfc822; {address}\r\nAction: failed\r\n"
                "Status: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 No such mailbox\r\n"
            ),
        ),
        ("text/rfc822-headers", f"Message-ID: {message_id}\r\n"),
    )
    body = "".join(f"--{boundary}\r\nContent-Type: {kind}\r\n\r\n{content}\r\n" for kind, content in parts)
    return f"{head}{body}--{boundary}--\r\n".encode()


def _crlf(text: str) -> str:
    return text.rstrip("\n").replace("\n", "\r\n")
