"""Mails from which the fuzzing starts, one of each sort, and what must hold of every reading whatever was sent."""

from datetime import UTC, datetime

from mailbot.reader import read
from tests.intake.mails import PDF, delivery_report, mail, mail_with, receipt
from tests.parse.papers import form, odt
from tests.test_reader import FORM_TEXT, RULES_ALL

AT = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)
MOST_OUTPUT = 4_000_000

HTML = (
    "<p>Yes</p><table><tr><td>Name</td><td>Sam</td></tr></table><div class='gmail_quote'><div class='gmail_attr'>On Friday "
    "Mailbot wrote:</div><blockquote>Which?</blockquote>The second.</div><div id='divRplyFwdMsg'>From: x</div>"
)
THREAD = (
    "The second.\n\nKind regards\nSam\n\n-----Original Message-----\nFrom: Mailbot <mailbot@council.example>\n"
    "Sent: 20 November 2026 19:30\nTo: Sam\nSubject: x\n\n> On Fri, 20 Nov 2026 at 19:30, Sam <s@x.example> wrote:\n>> Which?\n"
)
RICH_TEXT = rb"{\rtf1\ansi\trowd\cellx1\cellx2 Name\cell Sam\cell\row \'e9\u233? end}"

DOCUMENTS: tuple[bytes, ...] = (
    form(("What happened", "A letter went astray"), ("When", "last night")),
    odt("<text:p>What happened: a letter went astray</text:p>"),
    FORM_TEXT,
    PDF,
    RICH_TEXT,
    HTML.encode(),
    b"\x78\x9f\x3e\x22\x01\x00\x01\x06\x90\x08\x00\x04\x00\x00\x00",
    b"What happened,A letter went astray\nWhen,last night\n",
)
"""Attachments from which the fuzzing of documents starts: a package, plain text, rich text, Outlook's packet."""

SEEDS: tuple[bytes, ...] = (
    mail("What happened: my phone was taken\nWhen: last night about 7pm"),
    mail(THREAD, Subject="Re: [DB2026014 k7f3q2] x", In_Reply_To="<other@council.example>"),
    mail(THREAD, Subject="FW: Urgent Data Incident"),
    mail(HTML, Content_Type="text/html; charset=utf-8"),
    mail("=C3=A9=\n", Content_Transfer_Encoding="quoted-printable", Content_Type="text/plain; charset=iso-8859-1"),
    mail("begin 644 form.txt\n#86)C\n`\nend\n"),
    mail("I am out of the office until Monday. Please contact Pat.", Subject="=?utf-8?Q?Out_of_office?="),
    mail(
        From='"Reporter, Sam" <sam@council.example> (x)', To="Team: a@b.example, c@d.example;", References="<a@b> <c@d>"
    ),
    delivery_report("failed"),
    receipt("automatic-action/MDN-sent-automatically; deleted"),
    *(mail_with(("incident report form", one)) for one in DOCUMENTS),
)


def check(content: bytes) -> None:
    """Reads a mail and fails where a promise of the reader does not hold."""
    reading = read(content, AT, RULES_ALL)
    written = reading.model_dump_json()
    assert type(reading).model_validate_json(written) == reading
    assert len(written) < MOST_OUTPUT
    assert "\\u0000" not in written.replace("\\\\", "")
    assert not any("\ud800" <= letter <= "\udfff" for letter in written)
    assert len(reading.email.digest) == 64


def check_document(content: bytes) -> None:
    """The same for a mail with the content attached."""
    check(mail_with(("incident report form", content)))
