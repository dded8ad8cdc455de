import io
import zipfile
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.mail import FrozenEmail
from mailbot.notify.email import OutgoingEmail
from mailbot.notify.enclosure import Enclosure
from mailbot.notify.forms.docx import TYPE
from mailbot.notify.forms.form import Form, Question, Section
from mailbot.notify.message import freeze
from mailbot.notify.render import Rendered
from mailbot.notify.rules import Identity
from mailbot.notify.tokens import Tokens
from mailbot.procedure.decision import Priority
from mailbot.terms import Reference, Role

BOT = Identity(name="Data incident mailbot", address="mailbot@council.example", council="Exampleshire")
TOKENS = Tokens(b"k" * 32, BOT)
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
TEXT = "Ring 01632 960300. It’s “urgent”.\n"
RENDERED = Rendered(subject="Please contain DB2026014", text=TEXT, html="<p>Ring 01632 960300.</p>\n")


def outgoing(**fields: object) -> OutgoingEmail:
    return OutgoingEmail.model_validate(
        {
            "id": "0123456789abcdef" * 2,
            "recipient": "lin.manager@council.example",
            "recipient_name": "Lin Manager",
            "role": Role.LINE_MANAGER,
            "template": "reminder",
            "template_version": "1",
            "values": {},
            "priority": Priority.CLOCK,
            "reference": Reference("DB2026014"),
            "duty_kind": "contain",
            "created_at": NOW,
        }
        | fields
    )


def frozen(rendered: Rendered = RENDERED, **fields: object) -> FrozenEmail:
    return freeze(outgoing(**fields), rendered, BOT, TOKENS, NOW)


def parsed(rendered: Rendered = RENDERED, **fields: object) -> Message:
    return message_from_bytes(frozen(rendered, **fields).content)


def subject_of(message: Message) -> str:
    return str(make_header(decode_header(message["Subject"])))


def body_of(part: Message) -> str:
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode("utf-8").replace("\r\n", "\n")


def test_it_goes_to_one_recipient_and_has_no_copies() -> None:
    message = parsed()

    assert parseaddr(message["To"]) == ("Lin Manager", "lin.manager@council.example")
    assert len(message.get_all("To", [])) == 1
    assert message["Cc"] is None
    assert message["Bcc"] is None
    assert frozen().recipient == "lin.manager@council.example"


def test_sender_and_reply_address_are_the_bots_own() -> None:
    message = parsed()

    assert parseaddr(message["From"]) == ("Data incident mailbot", "mailbot@council.example")
    assert parseaddr(message["Reply-To"])[1].startswith("mailbot+db2026014-contain-")
    assert frozen().envelope_from == "mailbot@council.example"


def test_it_says_that_a_machine_wrote_it_without_silencing_absence_or_failure() -> None:
    message = parsed()

    assert message["Auto-Submitted"] == "auto-generated"
    assert set(message["X-Auto-Response-Suppress"].split(", ")) == {"RN", "NRN", "AutoReply"}


def test_the_subject_carries_the_code_and_the_message_id_is_ours() -> None:
    message = parsed()

    assert subject_of(message).startswith("Please contain DB2026014 [DB2026014 ")
    assert TOKENS.is_ours(message["Message-ID"])
    assert frozen().message_id == message["Message-ID"]


def test_a_mail_without_an_incident_has_no_code_and_no_thread() -> None:
    message = parsed(reference=None, duty_kind=None)

    assert subject_of(message) == "Please contain DB2026014"
    assert message["Thread-Topic"] is None


def test_the_thread_is_named_in_one_unbroken_line_however_long() -> None:
    thread = f"<{'A1b2' * 60}@{'mail' * 20}.council.example>"
    content = frozen(thread=thread).content

    assert f"\r\nReferences: {thread}\r\n".encode() in content
    assert f"\r\nIn-Reply-To: {thread}\r\n".encode() in content


def test_the_first_mail_of_a_thread_answers_nothing() -> None:
    assert parsed()["References"] is None
    assert parsed(thread=frozen().message_id)["In-Reply-To"] is None


def test_text_comes_before_html_and_both_are_whole() -> None:
    message = parsed()
    assert message.get_content_type() == "multipart/alternative"
    parts = message.get_payload()
    assert isinstance(parts, list)

    assert [part.get_content_type() for part in parts if isinstance(part, Message)] == ["text/plain", "text/html"]
    assert [body_of(part) for part in parts if isinstance(part, Message)] == [RENDERED.text, RENDERED.html]


def test_an_urgent_address_gets_plain_text_alone() -> None:
    message = parsed(RENDERED.but(html=""))

    assert message.get_content_type() == "text/plain"
    assert body_of(message) == TEXT


def test_the_date_is_the_moment_of_freezing() -> None:
    assert parsedate_to_datetime(parsed()["Date"]) == NOW


def test_the_bytes_are_the_same_each_time_and_the_message_id_at_any_time() -> None:
    later = freeze(outgoing(), RENDERED, BOT, TOKENS, NOW + timedelta(hours=1))

    assert frozen() == frozen()
    assert later.message_id == frozen().message_id
    assert later.content != frozen().content


SNAPSHOT_HEAD = (
    b"From: Data incident mailbot <mailbot@council.example>\r\n"
    b"To: Lin Manager <lin.manager@council.example>\r\n"
    b"Reply-To: Data incident mailbot <mailbot+db2026014-contain-"
)


def test_the_head_is_exactly_as_expected() -> None:
    assert frozen().content.startswith(SNAPSHOT_HEAD)


@pytest.mark.parametrize(
    "name", ["Zoë Öberg", 'A "quoted" name', "Name, With Comma", "evil\r\nBcc: x@elsewhere.example"]
)
def test_a_name_can_add_no_header_and_reads_back(name: str) -> None:
    message = parsed(recipient_name=name)

    assert message["Bcc"] is None
    shown, address = parseaddr(message["To"])
    assert str(make_header(decode_header(shown))) == " ".join(name.split())
    assert address == "lin.manager@council.example"


@given(st.text(max_size=100), st.text(max_size=300))
def test_whatever_the_text_every_line_is_short_and_ends_with_crlf(subject: str, text: str) -> None:
    one_line = " ".join("".join(one if one.isprintable() else " " for one in subject).split())
    text = "".join(one for one in text if one not in "\r\ud800\udfff" and not "\ud800" <= one <= "\udfff")
    content = frozen(Rendered(subject=subject, text=text, html=text and f"<p>{text}</p>")).content
    lines = content.split(b"\r\n")

    assert content.isascii()
    assert all(len(line) <= 998 and b"\n" not in line and b"\r" not in line for line in lines)
    message = message_from_bytes(content)
    assert subject_of(message).startswith(one_line[:20].strip())
    first = message.get_payload(0) if message.is_multipart() else message
    assert isinstance(first, Message)
    assert body_of(first) == text.rstrip("\n") + "\n"


FORM = Form(
    title="Incident report form",
    council="Exampleshire",
    reference="DB2026014",
    sections=(Section(title="All", questions=(Question(field="subjects", question="How many?", answer="40"),)),),
)
ENCLOSED: tuple[Enclosure, ...] = (Enclosure(name="DB2026014 incident report form.docx", form=FORM),)


def parts_of(message: Message) -> list[Message]:
    return [part for part in message.get_payload() if isinstance(part, Message)]


def content_of(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload


def test_what_is_enclosed_follows_the_text_as_a_word_file() -> None:
    text, file = parts_of(parsed(enclosures=ENCLOSED))

    assert text.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in parts_of(text)] == ["text/plain", "text/html"]
    assert (file.get_content_type(), file.get_filename()) == (TYPE, "DB2026014 incident report form.docx")
    assert file.get_content_disposition() == "attachment"
    assert content_of(file).startswith(b"PK")


def test_the_enclosed_form_bears_the_code_of_its_mail() -> None:
    _, file = parts_of(parsed(enclosures=ENCLOSED))
    code = TOKENS.subject_code(Reference("DB2026014"), "contain", "lin.manager@council.example")
    with zipfile.ZipFile(io.BytesIO(content_of(file))) as package:
        assert code in package.read("word/document.xml").decode()


def test_a_mail_with_an_enclosure_is_the_same_bytes_each_time_and_fits_the_wire() -> None:
    once = frozen(enclosures=ENCLOSED).content
    assert once == frozen(enclosures=ENCLOSED).content
    assert max(map(len, once.split(b"\r\n"))) <= 998
    assert b"\n" not in once.replace(b"\r\n", b"")


def test_a_text_alone_stands_beside_its_enclosure_when_there_is_no_html() -> None:
    text, _ = parts_of(parsed(RENDERED.but(html=""), enclosures=ENCLOSED))
    assert text.get_content_type() == "text/plain"


@given(st.text(max_size=120))
def test_no_name_of_a_file_makes_a_header_of_its_own(name: str) -> None:
    _, file = parts_of(parsed(enclosures=(Enclosure(name=name, form=FORM),)))
    assert set(file.keys()) == {"Content-Type", "Content-Disposition", "Content-Transfer-Encoding"}
