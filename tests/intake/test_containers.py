"""Attachments that hold other things: saved mail, Outlook's packets, archives, signatures, and what stays closed."""

import io
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from mailbot.intake.email import InboundEmail
from mailbot.intake.message import read_message
from mailbot.intake.outlook import Tag
from mailbot.intake.rules import IntakeLimits
from mailbot.intake.signed import signed_content
from tests.intake.compound import compound
from tests.intake.mails import RULES, mail, mail_with
from tests.intake.outlook_files import FROM_SAM, Properties, msg, packed_rich_text, winmail

FORM = b"Data incident report form\nWhat happened: a letter went to a wrong house\n"
FORM_NAME = "incident report form.txt"


def archive(*files: tuple[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in files:
            opened.writestr(name, content)
    return target.getvalue()


def locked_archive() -> bytes:
    """The flag that says a file is encrypted, set in both places where an archive keeps it."""
    content = bytearray(archive(("form.txt", FORM)))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def signed(content: bytes) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sam")])
    at = datetime(2026, 11, 20, tzinfo=UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, at, at + timedelta(days=1))
    certificate = builder.sign(key, hashes.SHA256())
    message = pkcs7.PKCS7SignatureBuilder().set_data(content).add_signer(certificate, key, hashes.SHA256())
    return message.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])


def names(email: InboundEmail) -> list[str]:
    return [one.name for one in email.attachments]


def test_a_saved_message_is_read_like_any_mail() -> None:
    to: Properties = {
        Tag.DISPLAY_NAME: "IG",
        Tag.SMTP_ADDRESS: "data.protection@council.example",
        Tag.RECIPIENT_TYPE: 1,
    }
    copy: Properties = {Tag.SMTP_ADDRESS: "jo@council.example", Tag.RECIPIENT_TYPE: 2}
    attached: Properties = {Tag.LONG_FILE_NAME: FORM_NAME, Tag.DATA: FORM}
    email, documents = read_message(msg(FROM_SAM, [(attached, None)], [to, copy]), RULES)

    assert (email.sender.address, email.sender.name) == ("sam.reporter@council.example", "Sam Reporter")
    assert [one.address for one in email.to] == ["data.protection@council.example"]
    assert [one.address for one in email.cc] == ["jo@council.example"]
    assert (email.subject, email.message_id) == ("Urgent Data Incident", "saved@council.example")
    assert email.date == datetime(2026, 11, 20, 19, 30, tzinfo=UTC)
    assert email.text == "My work laptop was stolen last night.\n\nSam"
    assert [(one.name, one.content) for one in documents] == [(FORM_NAME, FORM)]


def test_the_headers_of_the_wire_win_when_a_saved_message_kept_them() -> None:
    headers = "From: Lee <lee@council.example>\r\nSubject: as sent\r\nContent-Type: multipart/x;\r\n boundary=b\r\nDate: Fri, 20 Nov 2026 18:00:00 +0000\r\n"
    email, _ = read_message(msg({**FROM_SAM, Tag.HEADERS: headers}), RULES)

    assert (email.sender.address, email.subject) == ("lee@council.example", "as sent")
    assert email.date == datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
    assert email.text.startswith("My work laptop")


@pytest.mark.parametrize(
    ("own", "text"),
    [
        ({Tag.HTML: b"<p>Rich &amp; short</p>"}, "Rich & short"),
        ({Tag.RICH_TEXT: packed_rich_text(rb"{\rtf1\ansi Packed {\b words}\par}")}, "Packed words"),
        ({Tag.RICH_TEXT: b"\0\0\0\0\0\0\0\0MELA\0\0\0\0{\\rtf1 Not packed}"}, "Not packed"),
        ({Tag.RICH_TEXT: packed_rich_text(rb"{\rtf1\ansi\fromhtml1 {\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 From a page\htmlrtf \par}\htmlrtf0}")}, "From a page"),
    ],
)  # fmt: skip
def test_the_body_is_found_in_whatever_form_a_saved_message_has_it(own: dict[int, bytes], text: str) -> None:
    bare = {tag: value for tag, value in FROM_SAM.items() if tag != Tag.BODY}

    assert read_message(msg({**bare, **own}), RULES)[0].text == text


def test_a_saved_message_that_is_attached_is_opened_with_its_own_attachments() -> None:
    inner = msg(FROM_SAM, [({Tag.LONG_FILE_NAME: FORM_NAME, Tag.DATA: FORM}, None)])
    email, documents = read_message(mail_with(("urgent.msg", inner), Subject="please look"), RULES)

    assert names(email) == ["urgent.msg", FORM_NAME]
    assert "My work laptop was stolen" in email.text
    assert email.reply == "Please see the form."
    assert [one.name for one in documents] == [FORM_NAME]


def test_a_message_within_a_saved_message_is_opened_too() -> None:
    shown_as: Properties = {Tag.DISPLAY_NAME: "the first mail"}
    inner: Properties = {**FROM_SAM, Tag.BODY: "innermost words"}

    assert (
        "innermost words" in read_message(msg({**FROM_SAM, Tag.SUBJECT: "as told"}, [(shown_as, inner)]), RULES)[0].text
    )


def test_a_broken_saved_message_is_said_to_be_broken() -> None:
    email, _ = read_message(mail_with(("a.msg", msg(FROM_SAM)[:1700])), RULES)

    assert "damaged" in email.attachments[0].outcome
    assert any("a person must open it" in one for one in email.problems)
    assert read_message(msg(FROM_SAM)[:1700], RULES)[0].problems


def test_a_mail_saved_under_a_wrong_type_is_opened() -> None:
    email, documents = read_message(mail_with(("report.eml", mail_with((FORM_NAME, FORM), body="inside"))), RULES)

    assert names(email) == ["report.eml", FORM_NAME]
    assert "inside" in email.text
    assert [one.name for one in documents] == [FORM_NAME]


def test_outlooks_packet_is_opened_and_its_text_read_only_where_the_mail_has_none() -> None:
    packet = winmail({Tag.RICH_TEXT: packed_rich_text(rb"{\rtf1\ansi In the packet}")}, [(FORM_NAME, FORM)])
    without, documents = read_message(mail_with(("winmail.dat", packet), body=""), RULES)

    assert without.text == "In the packet"
    assert names(without) == ["winmail.dat", f"winmail.dat › {FORM_NAME}"]
    assert [one.content for one in documents] == [FORM]
    assert read_message(mail_with(("winmail.dat", packet)), RULES)[0].text == "Please see the form."


def test_an_archive_is_opened_and_paths_in_it_mean_nothing() -> None:
    content = archive(
        ("../../etc/passwd", b"x"), ("C:\\forms\\" + FORM_NAME, FORM), ("__MACOSX/._f", b"y"), ("f/", b"")
    )
    email, documents = read_message(mail_with(("forms.zip", content)), RULES)

    assert names(email) == ["forms.zip", "forms.zip › passwd", f"forms.zip › {FORM_NAME}"]
    assert email.attachments[0].outcome == "opened: it holds 2 files"
    assert [one.name for one in documents][-1] == f"forms.zip › {FORM_NAME}"


def test_an_archive_within_an_archive_is_opened_until_it_is_too_deep() -> None:
    content = archive((FORM_NAME, FORM))
    for _ in range(20):
        content = archive(("more.zip", content))
    email, _ = read_message(mail_with(("a.zip", content)), RULES)

    assert len(email.attachments) <= RULES.limits.depth + 2
    assert any("parts within parts" in one for one in email.problems)


def test_no_more_is_unpacked_than_is_allowed_when_an_archive_is_a_bomb() -> None:
    rules = RULES.but(limits=IntakeLimits(unpacked=100_000))
    bomb = archive(*((f"{number}.txt", b"0" * 60_000) for number in range(50)))
    email, documents = read_message(mail_with(("a.zip", bomb), ("b.zip", bomb)), rules)

    assert sum(len(one.content) for one in documents) <= 100_000
    assert "far more than a report needs: a person must open it" in email.attachments[0].outcome
    assert any(one.name == "b.zip" and "far more" in one.outcome for one in email.attachments)


def test_files_written_into_the_text_are_taken_out_of_it() -> None:
    encoded = "begin 644 form.txt\n%:&5L;&\\\n`\nend\n"
    email, documents = read_message(mail(f"Before.\n{encoded}After."), RULES)

    assert email.text == "Before.\n\nAfter."
    assert [(one.name, one.content) for one in documents] == [("form.txt", b"hello")]


def test_words_that_only_begin_like_an_encoded_file_stay() -> None:
    text = "begin 644 times and never end\nas people do\nend\nof story"

    assert read_message(mail(text), RULES)[0].text == text


def test_a_mail_inside_its_signature_is_read() -> None:
    inside = b"Content-Type: text/plain; charset=utf-8\r\n\r\nSigned words."
    email, _ = read_message(mail_with(("smime.p7m", signed(inside)), body=""), RULES)

    assert email.text == "Signed words."
    assert "signature was not checked" in email.attachments[0].outcome
    assert email.problems == ()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("smime.p7m", b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03\xa0", "is encrypted (S/MIME)"),
        ("message.rpmsg", b"\x76\xe8\x04\x60\xc4\x11\xe3\x86rest", "is a protected message (Microsoft encryption)"),
        ("encrypted.asc", b"-----BEGIN PGP MESSAGE-----\n\nxx\n-----END PGP MESSAGE-----", "is encrypted (PGP)"),
        (
            "form.docx",
            compound({"EncryptedPackage": b"x" * 5000, "EncryptionInfo": b"y"}),
            "is protected by a password",
        ),
        ("forms.zip", locked_archive(), "it is protected by a password"),
        ("forms.rar", b"Rar!\x1a\x07\x00" + bytes(40), "is an archive of a kind that the bot does not open"),
    ],
)
def test_a_person_is_asked_when_an_attachment_cannot_be_opened(name: str, content: bytes, said: str) -> None:
    email, documents = read_message(mail_with((name, content)), RULES)

    assert said in email.attachments[0].outcome
    assert [
        one for one in email.problems if f"«{name}»" in one and said in one and one.endswith("a person must open it.")
    ]
    assert documents == ()


def test_a_person_is_asked_when_the_text_itself_is_encrypted() -> None:
    email, _ = read_message(mail("-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----"), RULES)

    assert [one for one in email.problems if "text of the mail is encrypted" in one]


@settings(max_examples=60, deadline=None)
@given(
    which=st.sampled_from(["msg", "tnef", "zip", "p7m", "rtf"]),
    flips=st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), max_size=12),
    cut=st.integers(1, 6000),
)
def test_nothing_is_raised_whatever_happened_to_a_container(which: str, flips: list[tuple[int, int]], cut: int) -> None:
    whole = bytearray(CONTAINERS[which])
    for position, value in flips:
        whole[position % len(whole)] = value
    email, _ = read_message(mail_with((f"a.{which}", bytes(whole[:cut]))), RULES)

    assert email.attachments
    assert len(signed_content(bytes(whole))) <= len(whole)


CONTAINERS = {
    "msg": msg(FROM_SAM, [({Tag.LONG_FILE_NAME: FORM_NAME, Tag.DATA: FORM}, None)]),
    "tnef": winmail({Tag.RICH_TEXT: packed_rich_text(rb"{\rtf1 words}")}, [(FORM_NAME, FORM)]),
    "zip": archive((FORM_NAME, FORM)),
    "p7m": signed(b"Content-Type: text/plain\r\n\r\nwords"),
    "rtf": packed_rich_text(rb"{\rtf1 words}"),
}
