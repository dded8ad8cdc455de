"""Small mails to read: written as on the wire, nothing clever."""

from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

from mailbot.intake.rules import IntakeRules

RULES = IntakeRules(
    bot_address="mailbot@council.example",
    domains=("council.example",),
    desks=("itservicedesk@council.example", "data.protection@council.example"),
    authserv_ids=("mx.council.example",),
)

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n"
HEADERS = {
    "From": "Sam Reporter <sam.reporter@council.example>",
    "To": "data.protection@council.example",
    "Subject": "Urgent Data Incident",
    "Date": "Fri, 20 Nov 2026 19:30:00 +0000",
    "Message-ID": "<one@council.example>",
}


def mail(body: str = "My work phone was taken.", **headers: str) -> bytes:
    """A plain mail; ``In_Reply_To="…"`` sets In-Reply-To, an empty value leaves a header out."""
    named = HEADERS | {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{name}: {value}" for name, value in named.items() if value]
    return ("\r\n".join(lines) + "\r\n\r\n" + body.replace("\n", "\r\n")).encode("utf-8")


def mail_with(*parts: tuple[str, bytes], body: str = "Please see the form.", **headers: str) -> bytes:
    """A mail with attachments, each a name and its bytes."""
    message = MIMEMultipart()
    for name, value in (HEADERS | {name.replace("_", "-"): value for name, value in headers.items()}).items():
        if value:
            message[name] = value
    message.attach(MIMEText(body, "plain", "utf-8"))
    for name, content in parts:
        part = MIMEApplication(content)
        part.add_header("Content-Disposition", "attachment", filename=name)
        message.attach(part)
    return message.as_bytes()


def delivery_report(
    action: str, recipient: str = "gone@council.example", original: str = "<ours@council.example>"
) -> bytes:
    """A delivery report as RFC 3464 has it."""
    return (
        f"From: MAILER-DAEMON@mx.council.example\r\nTo: mailbot@council.example\r\nSubject: Report\r\n"
        f'Return-Path: <>\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        f"--b\r\nContent-Type: text/plain\r\n\r\nAbout your mail.\r\n"
        f"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.council.example\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: 5.1.1\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nFrom: mailbot@council.example\r\nMessage-ID: {original}\r\n\r\n--b--\r\n"
    ).encode()


def receipt(
    disposition: str, subject: str = "Read: x", report_type: str = "report-type=disposition-notification; "
) -> bytes:
    """A receipt as RFC 8098 has it."""
    return (
        f"From: Pat Example <pat@council.example>\r\nTo: mailbot@council.example\r\nSubject: {subject}\r\n"
        f'Content-Type: multipart/report; {report_type}boundary="b"\r\n\r\n'
        f"--b\r\nContent-Type: text/plain\r\n\r\nAbout your mail.\r\n"
        f"--b\r\nContent-Type: message/disposition-notification\r\n\r\nFinal-Recipient: rfc822; pat@council.example\r\n"
        f"Original-Message-ID: <ours@council.example>\r\nDisposition: {disposition}\r\n\r\n--b--\r\n"
    ).encode()
