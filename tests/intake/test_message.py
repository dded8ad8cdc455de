import base64
import hashlib
from datetime import UTC, datetime
from email import message_from_bytes
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailbot.intake.message import read_message
from mailbot.intake.rules import IntakeLimits
from tests.intake.mails import HEADERS, PDF, RULES, mail, mail_with


def test_plain_mail_is_read_whole() -> None:
    email, documents = read_message(mail(Received="from x by y; Fri, 20 Nov 2026 19:31:00 +0000"), RULES)

    assert (email.sender.address, email.sender.name) == ("sam.reporter@council.example", "Sam Reporter")
    assert email.subject == "Urgent Data Incident"
    assert email.date == datetime(2026, 11, 20, 19, 30, tzinfo=UTC)
    assert email.received_lines_at == datetime(2026, 11, 20, 19, 31, tzinfo=UTC)
    assert email.message_id == "one@council.example"
    assert email.text == email.reply == "My work phone was taken."
    assert (email.problems, documents) == ((), ())


def test_attachment_is_told_from_its_content_when_its_name_says_otherwise() -> None:
    email, documents = read_message(mail_with(("form.docx", PDF), ("../../etc/passwd", b"\x89PNG\r\n\x1a\n")), RULES)

    assert [(one.name, one.type) for one in email.attachments] == [("form.docx", "pdf"), ("passwd", "png")]
    assert email.attachments[0].sha256 == hashlib.sha256(PDF).hexdigest()
    assert [(one.number, one.type) for one in documents] == [(0, "pdf"), (1, "png")]
    assert documents[0].content == PDF


def test_charset_is_guessed_when_the_declared_one_is_wrong() -> None:
    content = mail("", Content_Type="text/plain; charset=no-such") + "café – £5".encode("cp1252")
    assert read_message(content, RULES)[0].text == "café – £5"


def test_html_is_read_as_text_and_pasted_forms_keep_their_labels() -> None:
    html = "<p>Hello &amp; sorry</p><table><tr><td>Name</td><td>Sam</td></tr></table><img src='http://x.example/a.png'><script>x()</script>"
    email, _ = read_message(mail(html, Content_Type="text/html; charset=utf-8"), RULES)
    assert "Hello & sorry" in email.text
    assert " ".join(email.text.split("\n")[-1].split()) == "Name: Sam"
    assert "x.example" not in email.text
    assert "x()" not in email.text


@pytest.mark.parametrize(("plain", "text"), [("plain words", "plain words"), ("  \n", "rich words")])
def test_plain_text_wins_over_html_unless_it_is_empty(plain: str, text: str) -> None:
    message = MIMEMultipart("alternative")
    message.attach(MIMEText(plain, "plain"))
    message.attach(MIMEText("<p>rich words</p>", "html"))
    assert read_message(message.as_bytes(), RULES)[0].text == text


def test_attached_message_is_opened_with_its_attachments() -> None:
    outer = MIMEMultipart()
    outer["Subject"] = "FW"
    outer.attach(MIMEText("See attached.", "plain"))
    outer.attach(MIMEMessage(message_from_bytes(mail_with(("form.pdf", PDF), body="Name: Sam"))))
    email, documents = read_message(outer.as_bytes(), RULES)

    assert email.text == "See attached.\n\n[Attached message: Urgent Data Incident]\n\nName: Sam"
    assert email.reply == "See attached."
    assert [one.type for one in email.attachments] == ["message", "pdf"]
    assert [one.number for one in documents] == [1]


def test_attached_message_is_opened_when_a_gateway_encoded_it() -> None:
    inner = base64.encodebytes(mail("Name: Sam")).decode()
    content = mail(
        f"--b\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n{inner}\n--b--\n",
        Content_Type="multipart/mixed; boundary=b",
    )
    assert "Name: Sam" in read_message(content, RULES)[0].text


def test_text_holds_no_nul_and_no_surrogates_when_sent_so() -> None:
    body = base64.b64encode(b"a\x00b" + "\ud800".encode("utf-16-le", "surrogatepass")).decode()
    email, _ = read_message(mail(body, Content_Transfer_Encoding="base64", Subject="x\x00y"), RULES)
    assert email.text.startswith("ab")
    assert "\x00" not in email.text + email.subject


def test_parts_within_parts_are_cut_and_said_so_when_too_deep() -> None:
    deep = "".join(f"--b{n}\nContent-Type: multipart/mixed; boundary=b{n + 1}\n\n" for n in range(2000))
    email, _ = read_message(mail(deep, Content_Type="multipart/mixed; boundary=b0"), RULES)
    assert email.subject == "Urgent Data Incident"
    assert email.problems


def test_parts_are_cut_and_said_so_when_too_many() -> None:
    rules = RULES.but(limits=IntakeLimits(attachments=2, text_length=10))
    email, documents = read_message(
        mail_with(*((f"{n}.pdf", PDF) for n in range(5)), body="a text of many words"), rules
    )
    assert len(email.attachments) == len(documents) == 2
    assert email.text == "a text of "
    assert len(email.problems) == 2


def test_protected_message_is_said_to_need_a_person() -> None:
    email, _ = read_message(mail_with(("message.rpmsg", b"\x76\xe8\x04\x60")), RULES)
    assert any("message.rpmsg" in one and "a person must open it" in one for one in email.problems)


def test_sender_is_said_to_be_missing_when_there_is_none() -> None:
    email, _ = read_message(mail(From=""), RULES)
    assert email.sender.address == ""
    assert "The mail names no sender's address." in email.problems


@pytest.mark.parametrize(
    "header",
    [
        "Message-ID: <>",
        "Message-ID: <[anu10]ZZ@x.example>",
        "From: a@[",
        'To: "',
        "To: (c):",
        "Date: Fri, 32 Foo 99999 99:99:99 +9999",
        "Content-Type: text/plain; charset=utf-7\x00",
        "Content-Type: text/plain; charset*=utf-8''ascii%00",
        "Content-Type: text/plain; charset*0*=''%00; charset*1=x\r\nSubject: caf\u00e9",
        "Content-Type: multipart/mixed",
        "Content-Type: message/rfc822",
        "Content-Type: message/delivery-status",
        "Content-Type: text/html",
        "Content-Transfer-Encoding: x-uuencode",
        "Content-Disposition: attachment; filename*5*=x''%FF",
        "Subject: " + "=?utf-8?B?w6k=?= " * 20000,
        "To: " + "a@b.example, " * 20000,
    ],
)
def test_nothing_raises_when_a_header_is_hostile(header: str) -> None:
    email, _ = read_message(f"{header}\r\n\r\nbody {'x' * 100} \u00e9\r\n".encode(), RULES)
    assert len(email.digest) == 64


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from(["multipart/mixed; boundary=b", "text/html", "message/rfc822", "text/plain; charset=utf-16"]),
)
def test_nothing_raises_when_a_body_is_noise(noise: bytes, content_type: str) -> None:
    for content in (
        noise,
        mail("", Content_Type=content_type) + noise,
        mail("", Content_Type=content_type) + b"--b\r\n" + noise,
    ):
        email, _ = read_message(content, RULES)
        assert email.model_validate_json(email.model_dump_json()) == email


def test_digest_is_the_same_when_two_mailboxes_hold_copies() -> None:
    plain = mail("Caf\u00e9 and more\n", Content_Type="text/plain; charset=utf-8")
    encoded = mail(
        base64.encodebytes("Caf\u00e9 and more\n".encode()).decode(),
        Received="from a by b; Fri, 20 Nov 2026 19:31:00 +0000",
        Content_Type="text/plain; charset=utf-8",
        Content_Transfer_Encoding="base64",
        Delivered_To="itservicedesk@council.example",
        Date="Fri, 20 Nov 2026 20:30:00 +0100",
    )
    assert read_message(plain, RULES)[0].digest == read_message(encoded, RULES)[0].digest


@pytest.mark.parametrize(
    "other",
    [
        mail("Another phone."),
        mail(Message_ID="<two@council.example>"),
        mail(From="kim@council.example"),
        mail(Date="Fri, 20 Nov 2026 19:30:01 +0000"),
        mail_with(("form.pdf", PDF), body="My work phone was taken."),
    ],
)
def test_digest_differs_when_sender_time_id_or_content_differ(other: bytes) -> None:
    assert read_message(mail(), RULES)[0].digest != read_message(other, RULES)[0].digest


def test_digest_tells_forms_apart_when_only_the_attachment_differs() -> None:
    one, other = mail_with(("form.pdf", PDF)), mail_with(("form.pdf", PDF + b" "))
    assert read_message(one, RULES)[0].digest != read_message(other, RULES)[0].digest
    assert HEADERS["Message-ID"].encode() in one
