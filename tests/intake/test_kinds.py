import base64

import pytest

from mailbot.intake.bounce import read_bounce
from mailbot.intake.email import Bounce, Kind
from mailbot.intake.kinds import kind_of, subject_codes
from mailbot.intake.message import read_opened
from mailbot.intake.mime import open_message
from tests.intake.mails import PDF, RULES, delivery_report, mail, mail_with, receipt

OURS = "<DB2026014.contain.0f1e2d.abcdef@council.example>"


RETURNED_TEXT = "Your message could not be delivered to\ngone@x.example\n"


def kind(content: bytes) -> Kind:
    message, _ = open_message(content)
    return kind_of(message, read_opened(message, RULES)[0], RULES)


def automatic(content: bytes) -> bool:
    return read_opened(open_message(content)[0], RULES)[0].automatic


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (mail(), Kind.REPORT),
        (mail_with(("Data Incident Report Form.pdf", PDF), Subject="help"), Kind.REPORT),
        (mail(Subject="Incident call log", From="data.protection@council.example"), Kind.REPORT),
        (mail(Subject="Incident call log"), Kind.OTHER),
        (mail(Subject="Lunch?"), Kind.OTHER),
        (mail(Subject="Re: anything", In_Reply_To=OURS), Kind.ANSWER),
        (mail(Subject="Re: anything", References=f"<x@y.example> {OURS}"), Kind.ANSWER),
        (mail(Subject="Re: digest", In_Reply_To="<0.0.0f1e2d.abcdef@council.example>"), Kind.ANSWER),
        (mail(Subject="Re: [DB2026014 k7f3q2] Contain the incident"), Kind.ANSWER),
        (mail(Subject="answer", To="mailbot+db2026014-contain-k7f3q2@council.example"), Kind.ANSWER),
        (mail(Subject="answer", Delivered_To="mailbot+db2026014@council.example"), Kind.ANSWER),
        (mail(Subject="Re: Lunch?", In_Reply_To="<lunch.1.2@council.example>"), Kind.OTHER),
        (mail(Subject="About DB2026014"), Kind.FOLLOW_UP),
        (mail(Subject="Re: Urgent Data Incident", In_Reply_To="<one@council.example>"), Kind.FOLLOW_UP),
        (mail_with(("incident report form.pdf", PDF), In_Reply_To="<one@council.example>"), Kind.REPORT),
        (mail(Subject="Automatic reply: [DB2026014 k7f3q2]", Auto_Submitted="auto-replied"), Kind.AUTO_REPLY),
        (mail(Subject="Automatic reply: Urgent Data Incident"), Kind.AUTO_REPLY),
        (mail(Subject="Out of Office: Re: x"), Kind.AUTO_REPLY),
        (mail(Subject="Re: x", X_Autoreply="yes"), Kind.AUTO_REPLY),
        (mail(Subject="Re: x", Precedence="auto_reply"), Kind.AUTO_REPLY),
        (mail(Auto_Submitted="auto-generated"), Kind.REPORT),
        (mail(Auto_Submitted="auto-generated", In_Reply_To=OURS), Kind.AUTO_REPLY),
        (mail_with(("incident report form.pdf", PDF), Auto_Submitted="auto-replied"), Kind.REPORT),
        (mail(Auto_Submitted="no"), Kind.REPORT),
        (mail(Precedence="bulk", List_Id="<staff.council.example>"), Kind.REPORT),
        (mail(X_Auto_Response_Suppress="All"), Kind.REPORT),
        (mail(Subject="Data was undelivered to the archive: Urgent Data Incident"), Kind.REPORT),
        (delivery_report("failed"), Kind.BOUNCE),
        (delivery_report("delayed"), Kind.DELAY),
        (delivery_report("delivered"), Kind.DELIVERED),
        (delivery_report("relayed"), Kind.DELIVERED),
        (mail(Content_Type="multipart/report; report-type=feedback-report; boundary=b"), Kind.FEEDBACK),
        (mail(Content_Type="multipart/report; report-type=disposition-notification; boundary=b"), Kind.DELIVERED),
        (delivery_report("failed").replace(b"report-type=delivery-status; ", b""), Kind.BOUNCE),
        (delivery_report("failed").replace(b"Action: failed\r\n", b""), Kind.BOUNCE),
        (delivery_report("x").replace(b"Action: x\r\nStatus: 5", b"Status: 4"), Kind.DELAY),
        (delivery_report("failed").replace(b"message/delivery", b"message/global-delivery"), Kind.BOUNCE),
        (receipt("manual-action/MDN-sent-manually; displayed"), Kind.DELIVERED),
        (receipt("manual-action/MDN-sent-manually; displayed", report_type=""), Kind.DELIVERED),
        (receipt("automatic-action/MDN-sent-automatically; deleted", "Not read: x"), Kind.DELIVERED),
        (receipt("automatic-action/MDN-sent-automatically; deleted", "Automatically rejected mail"), Kind.BOUNCE),
        (mail("no such user", From="Mail Delivery <postmaster@x.example>", Subject="Undeliverable: x"), Kind.BOUNCE),
        (mail("It will be retried.", From="mailer-daemon@x.example", Subject="Undelivered mail"), Kind.DELAY),
        (mail("You do not need to resend it.", From="postmaster@x.example", Subject="Delivery report"), Kind.DELAY),
        (mail("Your message could not be delivered to\ngone@x.example", Subject="delivery failed: x"), Kind.BOUNCE),
        (mail(RETURNED_TEXT, Subject="FW: Undeliverable: payroll list"), Kind.OTHER),
        (mail(RETURNED_TEXT, Subject="Urgent Data Incident: returned mail"), Kind.REPORT),
        (mail(RETURNED_TEXT, Subject="Undeliverable: Urgent Data Incident", Return_Path="<>"), Kind.BOUNCE),
        (mail(RETURNED_TEXT, Subject="Undeliverable: payroll list"), Kind.BOUNCE),
        (mail("The parcel could not be delivered.", Subject="delivery failed: x"), Kind.OTHER),
        (mail("still trying", From="mailer-daemon@x.example", Subject="Warning: message delayed"), Kind.DELAY),
    ],
)
def test_kind_is_told_from_headers_and_form(content: bytes, expected: Kind) -> None:
    assert kind(content) is expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (mail(), False),
        (mail(Auto_Submitted="no"), False),
        (mail(X_Auto_Response_Suppress="All"), False),
        (mail(Auto_Submitted="auto-generated; x=y"), True),
        (mail(Precedence="list"), True),
        (mail(List_Id="<a.b>"), True),
        (mail(Return_Path="<>"), True),
        (mail(From="MAILER-DAEMON@x.example"), True),
        (mail(From="mailbot+x@council.example"), True),
        (mail(From=""), True),
    ],
)
def test_mail_is_automatic_when_nothing_may_be_sent_in_answer(content: bytes, expected: bool) -> None:
    assert automatic(content) is expected


@pytest.mark.parametrize(("action", "permanent"), [("failed", True), ("delayed", False)])
def test_bounce_names_the_recipient_and_our_message_when_the_report_is_machine_readable(
    action: str, permanent: bool
) -> None:
    message, _ = open_message(delivery_report(action, "Gone@Council.example", OURS))
    bounce = read_bounce(message, read_opened(message, RULES)[0])
    assert bounce == Bounce(
        recipients=("gone@council.example",), original_message_id=OURS.strip("<>"), permanent=permanent
    )


def test_failed_recipients_are_found_when_the_report_is_encoded() -> None:
    fields = (
        b"Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; gone@x.example\nAction: failed\nStatus: 5.1.1\n"
    )
    content = mail(
        "--b\nContent-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n"
        f"{base64.encodebytes(fields).decode()}\n--b--\n",
        Content_Type='multipart/report; report-type=delivery-status; boundary="b"',
    )
    message, _ = open_message(content)
    assert kind(content) is Kind.BOUNCE
    assert read_bounce(message, read_opened(message, RULES)[0]).recipients == ("gone@x.example",)


def test_refused_mail_is_a_bounce_when_a_receipt_says_that_a_machine_deleted_it() -> None:
    content = receipt("automatic-action/MDN-sent-automatically; deleted", "Rejected mail")
    message, _ = open_message(content)
    bounce = read_bounce(message, read_opened(message, RULES)[0])
    assert bounce == Bounce(
        recipients=("pat@council.example",), original_message_id="ours@council.example", permanent=True
    )


def test_bounce_names_our_message_when_it_stands_only_in_the_text() -> None:
    text = f"  ----- The following addresses had permanent errors -----\n<gone@x.example>\n\n> Message-ID: {OURS}\n"
    message, _ = open_message(mail(text, From="mailer-daemon@x.example", Subject="Returned mail: User unknown"))
    bounce = read_bounce(message, read_opened(message, RULES)[0])
    assert bounce.original_message_id == OURS.strip("<>")
    assert bounce.permanent


def test_subject_codes_are_found_when_typed_carelessly() -> None:
    assert subject_codes("RE: [db2026014  K7F3Q2] and [DB20261000 aaaaaa]", RULES) == (
        ("DB2026014", "k7f3q2"),
        ("DB20261000", "aaaaaa"),
    )
    assert subject_codes("[DB2026014] [CB2026014 k7f3q2]", RULES) == ()
