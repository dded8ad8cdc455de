"""Mail as it arrives in the council's mailboxes: reports, machines' messages, and what is none of ours."""

from email.message import EmailMessage

from tests.house import SAM, report, text_of

BOT = "mailbot@council.example"
OUTSIDER = "r.tallow@home.example"
OUTSIDE_VERDICT = "mx.council.example; spf=pass smtp.mailfrom=home.example; dmarc=pass header.from=home.example"

WRONG_CARE_HOME = """Hello,
What happened: A list of clients went to the wrong care home by email
When did it happen: today, 6pm
When was it discovered: today, 6.30pm
How many people: 40
What information: names and care plans
Line manager: Jo Fenn
Group: Community Care North
Actions: I asked them to delete it
Thanks, Sam"""

SHORT = "I sent a list of 40 clients and their care plans to the wrong care home this evening."


def second_copy(content: bytes, by: bytes = b"second.council.example") -> bytes:
    """The same message as another mailbox got it: delivered by other servers, in other bytes."""
    return b"Received: from a.example by " + by + b"; Fri, 20 Nov 2026 19:29:30 +0000\r\n" + content


def with_attachment(name: str, content: bytes, body: str = SHORT, subject: str = "Urgent Data Incident") -> bytes:
    """A report with a file."""
    email = EmailMessage()
    email["From"], email["To"], email["Subject"] = f"Sam Porter <{SAM}>", "data.protection@council.example", subject
    email["Date"], email["Message-ID"] = "Fri, 20 Nov 2026 19:29:00 +0000", "<attached@mail.council.example>"
    email.set_content(body)
    email.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return email.as_bytes().replace(b"\n", b"\r\n")


def bounce_of(email: EmailMessage, *, status: str = "5.1.1", action: str = "failed") -> bytes:
    """A mail server's delivery report (RFC 3464) about a mail of the bot."""
    recipient = str(email["To"].addresses[0].addr_spec)
    lines = [
        "Return-Path: <>",
        "From: MAILER-DAEMON@mail.council.example",
        f"To: {BOT}",
        "Subject: Undelivered Mail Returned to Sender",
        "Date: Fri, 20 Nov 2026 19:40:00 +0000",
        f"Message-ID: <bounce-{status}-{recipient}>",
        "Auto-Submitted: auto-replied",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
        "MIME-Version: 1.0",
        "",
        "--b",
        "Content-Type: text/plain",
        "",
        "The message could not be delivered.",
        "--b",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mail.council.example",
        "",
        f"Final-Recipient: rfc822; {recipient}",
        f"Action: {action}",
        f"Status: {status}",
        "",
        "--b",
        "Content-Type: text/rfc822-headers",
        "",
        f"Message-ID: {email['Message-ID']}",
        f"Subject: {email['Subject']}",
        "",
        "--b--",
        "",
    ]
    return "\r\n".join(lines).encode()


def out_of_office(email: EmailMessage, sender: str) -> bytes:
    """An automatic reply to a mail of the bot."""
    return report(
        "I am away until Monday week.",
        sender=sender,
        subject=f"Automatic reply: {email['Subject']}",
        message_id=f"<away-{sender}>",
        to=BOT,
        Auto_Submitted="auto-replied",
        In_Reply_To=str(email["Message-ID"]),
    )


def bare_answer(
    body: str, sender: str, *, to: str = BOT, subject: str = "About it", message_id: str = "<bare@mail.council.example>"
) -> bytes:
    """An answer without any thread, as a ``mailto:`` link makes it."""
    return report(body, sender=sender, subject=subject, message_id=message_id, to=to)


def whole(email: EmailMessage) -> str:
    """Everything a reader sees of a mail, and everything a machine sees of its headers."""
    html = email.get_body(("html",))
    return "\n".join(
        (*(f"{name}: {value}" for name, value in email.items()), text_of(email), html.get_content() if html else "")
    )
