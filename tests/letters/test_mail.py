"""A letter by email: to one person, from the council, answered by the contact."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from mailbot.errors import LetterError
from mailbot.letter import Channel, Recipient
from mailbot.letters.mail import freeze_letter
from mailbot.mail import FrozenEmail
from mailbot.notify.rules import Identity
from mailbot.notify.tokens import Tokens
from tests.letters.letters import DEV, ROSIE, WORDING, written

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
IDENTITY = Identity(name="Data incident mailbot", address="bot@council.example", council="Exampleshire County Council")
TOKENS = Tokens(b"t" * 32, IDENTITY)


def frozen(recipient: Recipient = DEV) -> FrozenEmail:
    return freeze_letter(written(recipient), "0" * 31 + "1", IDENTITY, TOKENS, NOW)


def opened(email: FrozenEmail) -> EmailMessage:
    return message_from_bytes(email.content, policy=policy.default)


def test_it_has_one_recipient_and_is_answered_by_the_contact() -> None:
    email = frozen()
    mail = opened(email)

    assert email.recipient == "dev.pillai@mail.example"
    assert mail["To"] == "Dev Pillai <dev.pillai@mail.example>"
    assert mail["From"] == "Exampleshire County Council <bot@council.example>"
    assert mail["Reply-To"] == "Callum Reeve <callum.reeve@council.example>"
    assert not {"Cc", "Bcc"} & set(mail.keys())


def test_nothing_in_it_invites_an_answer_to_the_bot() -> None:
    mail = opened(frozen())

    assert "[" not in mail["Subject"]
    assert "+" not in mail["Reply-To"]
    assert "above this line" not in mail.as_string()


def test_a_bounce_finds_it_by_its_message_id_as_a_letter() -> None:
    email = frozen()

    carrier = TOKENS._carrier_of_message_id(email.message_id)

    assert carrier is not None
    assert (carrier.reference, carrier.duty_kind) == ("DB2026014", "letter")
    assert email.envelope_from == "bot@council.example"


def test_it_says_in_text_and_page_what_the_letter_says() -> None:
    mail = opened(frozen())
    text, page = mail.get_body(("plain",)), mail.get_body(("html",))

    assert text is not None
    assert page is not None
    assert text.get_content().split() == written(DEV).text().split()
    assert "01632 960 311" in page.get_content()
    assert mail["Subject"] == written(DEV).subject


def test_the_same_letter_is_the_same_bytes() -> None:
    assert frozen() == frozen()


def test_a_name_cannot_begin_a_header() -> None:
    mail = opened(frozen(DEV.but(name="Dev\r\nBcc: all@council.example")))

    assert mail["Bcc"] is None
    assert mail["To"].addresses[0].addr_spec == "dev.pillai@mail.example"


def test_a_childs_letter_is_addressed_to_its_carer() -> None:
    carer = ROSIE.but(channel=Channel.EMAIL, email="elif.vane@mail.example")

    assert opened(frozen(carer))["To"] == "Elif Vane <elif.vane@mail.example>"


@pytest.mark.parametrize(
    ("draft", "recipient", "why"),
    [
        (True, DEV, "a draft is never sent"),
        (False, ROSIE, "does not go by email"),
        (False, DEV.but(email=""), "does not go by email"),
    ],
)
def test_what_must_not_go_by_email_is_refused(draft: bool, recipient: Recipient, why: str) -> None:
    with pytest.raises(LetterError, match=why):
        freeze_letter(written(recipient, draft=draft), "1", IDENTITY, TOKENS, NOW)


def test_a_letter_whose_contact_has_no_address_is_not_even_written() -> None:
    with pytest.raises(LetterError, match="email address of the person to ask"):
        written(DEV, WORDING.but(contact=WORDING.contact.but(email="")))
