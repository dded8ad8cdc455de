"""What the shipped double offers beyond the contract (tests/contract/test_sender.py)."""

from mailbot.mail import Outcome
from mailbot.testing import RecordingSender
from tests.servers.scripted_smtp import an_email


def test_the_next_messages_are_refused_whoever_they_are_for() -> None:
    sender = RecordingSender()
    sender.refuse_next(2)

    answers = sender.send([an_email(f"{name}@council.example") for name in "abc"])

    assert [one.outcome for one in answers] == [Outcome.TEMPORARY, Outcome.TEMPORARY, Outcome.ACCEPTED]
    assert [one.recipient for one in sender.sent] == ["c@council.example"]
    assert len(sender.offered) == 3


def test_the_next_message_is_refused_for_good_when_told_so() -> None:
    sender = RecordingSender()
    sender.refuse_next(1, permanent=True)

    assert sender.send([an_email()])[0].outcome is Outcome.PERMANENT


def test_what_one_person_got_is_found_whatever_the_case_of_the_address() -> None:
    sender = RecordingSender()
    sender.send([an_email("A.Person@council.example", number=1), an_email("b.person@council.example", number=2)])

    assert [one.message_id for one in sender.sent_to("a.person@council.example")] == ["<1.test@council.example>"]
