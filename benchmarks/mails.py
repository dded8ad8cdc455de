"""The mails that every benchmark measures with: invented reports of each form, no two with the same words."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime

from mailbot.demo.forms import Answers, pdf_form, table_form
from tests.house import IG_DESK, SAM, VERDICT

SENT = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
PLACES = ("a care home", "a former address", "another family", "the wrong solicitor", "a supplier", "a parent")
SIGNATURE = "Sam Porter\nBlue badge team\nExampleshire County Council\nTelephone 01632 960114\n"

Form = Callable[[Answers], bytes]


def body_report(number: int) -> bytes:
    """A report whose answers stand in the mail itself."""
    lines = "\n".join(f"{label}: {answer}" for label, answer in answers(number).items())
    return mail(number, MIMEText(f"Hello,\n\n{lines}\n\n{SIGNATURE}", "plain", "utf-8"))


def docx_report(number: int) -> bytes:
    """A report with its form in Word, a table of questions and answers."""
    return form_report(number, "Data incident report form.docx", table_form)


def pdf_report(number: int) -> bytes:
    """A report with its form as a PDF with fields (AcroForm)."""
    return form_report(number, "Data incident report form.pdf", pdf_form)


def mixed_report(number: int) -> bytes:
    """Half of them with a Word form, a quarter with a PDF, a quarter without a form."""
    return (docx_report, body_report, docx_report, pdf_report)[number % 4](number)


def form_report(number: int, name: str, form: Form) -> bytes:
    """A short letter with a form attached."""
    message = MIMEMultipart()
    message.attach(MIMEText(f"Hello,\n\nplease find the form attached.\n\n{SIGNATURE}", "plain", "utf-8"))
    attached = MIMEApplication(form(answers(number)))
    attached.add_header("Content-Disposition", "attachment", filename=name)
    message.attach(attached)
    return mail(number, message)


def mail(number: int, message: MIMEText | MIMEMultipart) -> bytes:
    """The message with the headers of a council's gateway, as bytes with CRLF."""
    headers = {
        "Received": f"from mx.council.example by mail.council.example; {format_datetime(SENT)}",
        "Authentication-Results": VERDICT,
        "From": f"Sam Porter <{SAM}>",
        "To": IG_DESK,
        "Subject": "Urgent Data Incident",
        "Date": format_datetime(SENT + timedelta(minutes=number)),
        "Message-ID": f"<benchmark-{number}@mail.council.example>",
    }
    for name, value in headers.items():
        message[name] = value
    return b"\r\n".join(message.as_bytes().splitlines()) + b"\r\n"


def answers(number: int) -> Answers:
    """The answers of one reporter, by the questions of a form."""
    place = PLACES[number % len(PLACES)]
    return {
        "Your name": "Sam Porter",
        "Email": SAM,
        "Telephone": "01632 960114",
        "Service": "Blue badges",
        "Line manager": "Jo Fenn",
        "Date of incident": "20 November 2026",
        "Time of incident": "16:10",
        "When was it discovered": "20 November 2026 17:45",
        "What happened": f"Letter number {number} with a client's review was sent to {place}. " * 3,
        "How many people are affected": str(number % 90 + 1),
        "What kind of data": "names, addresses and reasons for a blue badge",
        "What has been done to contain it": f"We rang {place} and asked for letter {number} back.",
    }
