from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.intake.digest import same_mail
from mailbot.intake.email import Address, Attachment, InboundEmail

FRIDAY = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)
WORDS = "On Friday a letter about another family was sent to the wrong house. The family rang us at 7pm."
BANNER = "CAUTION: This email originated from outside of the council. Do not click links or open attachments unless you recognise the sender."
DISCLAIMER = "This email and any attachments are confidential and intended solely for the addressee. If you have received it in error, please notify the sender."
FORM = Attachment(name="form.docx", size=3, sha256="a" * 64, type="docx")
MAIL = InboundEmail(
    sender=Address(address="sam.reporter@council.example", name="Sam Reporter"),
    subject="Urgent Data Incident",
    date=FRIDAY,
    message_id="one@council.example",
    text=WORDS,
    attachments=(FORM,),
    digest="1" * 64,
)


def copy(**changed: object) -> InboundEmail:
    return MAIL.but(digest="2" * 64, **changed)


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"text": f"{BANNER}\n\n{WORDS}"},
        {"text": f"{WORDS}\n\n{DISCLAIMER}"},
        {"text": f"{BANNER}\n{WORDS}\n\n{DISCLAIMER}"},
        {"text": f"{WORDS}\n\nAnytown Council: working together for a better place."},
        {"text": WORDS.replace(" ", "\n")},
        {"subject": "[EXTERNAL] Urgent Data Incident"},
        {"subject": "EXTERNAL: Urgent Data Incident"},
        {"date": FRIDAY.replace(microsecond=5)},
        {"sender": Address(address="Sam.Reporter@Council.Example")},
    ],
)
def test_copies_are_one_mail_when_a_gateway_wrote_in_one(changed: dict[str, object]) -> None:
    assert same_mail(MAIL, copy(**changed))
    assert same_mail(copy(**changed), MAIL)


@pytest.mark.parametrize(
    "changed",
    [
        {"text": WORDS.replace("wrong", "right")},
        {"text": f"{WORDS} {'And there was more of it. ' * 50}"},
        {"text": "Something else altogether happened in the library last week."},
        {"attachments": ()},
        {"attachments": (FORM.but(sha256="b" * 64),)},
        {"attachments": (FORM, FORM)},
        {"subject": "Urgent Data Incident, the second"},
        {"message_id": "two@council.example"},
        {"message_id": ""},
        {"date": FRIDAY + timedelta(seconds=1)},
        {"date": None},
        {"sender": Address(address="pat.reporter@council.example")},
    ],
)
def test_mails_are_two_when_content_sender_or_moment_differ(changed: dict[str, object]) -> None:
    assert not same_mail(MAIL, copy(**changed))
    assert not same_mail(copy(**changed), MAIL)


def test_links_rewritten_by_a_gateway_make_no_other_mail() -> None:
    before, after = ("see https://a.example/file now", "see https://links.gateway.example/?url=a%2Eexample now")
    assert same_mail(copy(text=before), MAIL.but(text=after))


def test_mails_without_text_are_two_when_nothing_is_attached_and_one_of_them_speaks() -> None:
    assert not same_mail(MAIL.but(text="", attachments=()), copy(attachments=()))
    assert same_mail(MAIL.but(text="", attachments=()), copy(text="", attachments=()))


@given(st.text(), st.text())
def test_sameness_does_not_depend_on_the_order(one: str, other: str) -> None:
    assert same_mail(MAIL.but(text=one), copy(text=other)) == same_mail(copy(text=other), MAIL.but(text=one))


@given(st.text())
def test_a_mail_is_the_same_as_itself(text: str) -> None:
    assert same_mail(MAIL.but(text=text), copy(text=text))
