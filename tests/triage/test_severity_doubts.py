"""What makes an incident less grave counts only where the report says it outright, and of everything that is gone (para 25)."""

import pytest

from mailbot.terms import Severity
from tests.triage.conftest import Sort

LAPTOP = "My laptop with the case files of clients was stolen from the car."
MISSENT = "I emailed a client's care plan by mistake to"


@pytest.mark.parametrize(
    "told",
    [
        "Was the device encrypted? Not known.",
        "Encrypted? No.",
        "Encrypted: no",
        "It was encrypted. At least I think so.",
        "It is encrypted, as far as I know.",
        "It was encrypted, but not the memory stick in the bag.",
        "It was encrypted, but the password was on a note.",
        "It wasn't one of the encrypted ones.",
        "I never got round to having it encrypted.",
        "Encryption had not been set up.",
        "Encryption was due to be installed next week.",
        "It dates from before encryption came in.",
        "I sent this report encrypted.",
        "The laptop was encrypted. The bag also held a notebook about the clients.",
    ],
)
def test_encryption_that_is_doubtful_or_covers_only_a_part_protects_nothing(told: str, sort: Sort) -> None:
    assert sort(f"{LAPTOP} {told}").severity is Severity.VERY_HIGH


@pytest.mark.parametrize(
    "told",
    [
        "The laptop was stolen, but it was encrypted.",
        "My encrypted laptop was stolen and I reported it to the police.",
        "I thought that it was in the boot. It was encrypted.",
        "I do not know where it is now. The laptop is encrypted.",
    ],
)
def test_encryption_that_is_stated_protects_whatever_else_is_in_doubt(told: str, sort: Sort) -> None:
    assert sort(f"{LAPTOP} {told}").severity is Severity.LOW


@pytest.mark.parametrize("answer", ["Yes, I think", "Encrypted?", "Yes, but not the stick"])
def test_a_doubtful_answer_on_the_form_protects_nothing(answer: str, sort: Sort) -> None:
    assert sort(LAPTOP, encrypted=answer).severity is Severity.VERY_HIGH


@pytest.mark.parametrize(
    "told",
    [
        "I think she deleted it.",
        "I hope it was deleted.",
        "Has it been deleted? I do not know.",
        "We are waiting to hear whether it has been destroyed.",
        "I have deleted it from my own sent items.",
    ],
)
def test_what_may_have_been_deleted_is_not_contained(told: str, sort: Sort) -> None:
    assert sort(f"{MISSENT} a colleague. {told}").severity is Severity.MEDIUM


@pytest.mark.parametrize(
    "told",
    [
        "It was probably not opened.",
        "The letter is unopened as far as we know.",
        "We do not know if it was not opened.",
        "The first was returned unopened, the second had been read.",
        "The email bounced for two of them but went to ten others.",
        "I did not read the address properly.",
        "I never opened the attachment before sending it.",
    ],
)
def test_what_somebody_may_have_read_does_not_count_as_unread(told: str, sort: Sort) -> None:
    assert sort(f"{MISSENT} the wrong person. {told}").severity is Severity.VERY_HIGH


@pytest.mark.parametrize(
    "told",
    [
        "I got a phishing email. I did not click the link but I replied with my password.",
        "A bogus caller rang. I did not give my password, but I let him onto my computer.",
        "A phishing email came: my colleague did not open it, but I did.",
        "My mailbox is sending phishing mails to everybody, and I have not clicked on anything.",
    ],
)
def test_an_attempt_that_had_a_success_is_more_than_an_attempt(told: str, sort: Sort) -> None:
    assert sort(told).severity.at_least(Severity.MEDIUM)


def test_a_trusted_recipient_of_one_thing_protects_nothing_that_was_stolen(sort: Sort) -> None:
    story = (
        "My laptop with care plans was stolen. Separately, I emailed a letter to the wrong care home, who deleted it."
    )

    assert sort(story).severity.at_least(Severity.HIGH)


def test_what_is_in_doubt_is_asked_for(sort: Sort) -> None:
    found = sort(f"{LAPTOP} I think it was encrypted.").assessment

    assert found is not None
    assert ("encrypted", Severity.LOW) in [(one.field, one.severity) for one in found.would_change]
