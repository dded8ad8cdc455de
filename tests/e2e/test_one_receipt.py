"""However many questions a reply answers, its sender gets one mail back."""

from email.message import EmailMessage

import pytest

from tests.e2e.conversation import answer, discharge_of, mail_of
from tests.house import DPO, IG_DESK, House, html_of, text_of

MEMBER = "sofia.marlow@council.example"


def answered(house: House, body: str, sender: str = MEMBER) -> list[str]:
    """The templates of what came back to whoever answered the desk's notice."""
    before = len(house.rows_to(sender))
    answer(house, mail_of(house, IG_DESK, "queue_notice"), body, sender)
    return [row.email.template for row in house.rows_to(sender)[before:]]


def plain(mail: EmailMessage) -> str:
    return " ".join(text_of(mail).split())


def test_three_answers_in_one_reply_get_one_receipt_that_lists_them(reported: House) -> None:
    came = answered(
        reported,
        "Queue: confirmed\nSeverity: high, because health data is involved\nPersonal data: yes\nDates: confirmed",
    )
    mail = mail_of(reported, MEMBER, "receipt")

    assert came == ["receipt"]
    for line in ("Queue: confirmed", "Severity: high", "Personal data: personal data", "Dates: confirmed"):
        assert f"- {line}" in plain(mail)
    assert "The severity of the incident is now high" in plain(mail)
    assert html_of(mail).count("<h1") == 1


def test_a_single_answer_gets_the_receipt_that_names_its_question(reported: House) -> None:
    assert answered(reported, "Queue: confirmed") == ["receipt"]
    assert "It counts for: Confirm which desk acts" in plain(mail_of(reported, MEMBER, "receipt"))


def test_what_was_not_clear_is_asked_again_in_the_mail_that_says_what_was_recorded(reported: House) -> None:
    came = answered(reported, "Severity: lowish\nQueue: confirmed\nDates: confirmed")
    mail = mail_of(reported, MEMBER, "answer_unclear")

    assert came == ["answer_unclear"]
    assert "- Queue: confirmed - Dates: confirmed" in plain(mail)
    assert "One more we could not be sure of" in plain(mail)
    assert "Severity: low, because …" in plain(mail)
    assert "nothing has been recorded" not in plain(mail)
    assert discharge_of(reported.incident(), "triage")
    assert not discharge_of(reported.incident(), "assess")


def test_two_questions_are_asked_again_in_two_mails_of_which_the_first_says_what_was_recorded(reported: House) -> None:
    came = answered(reported, "Queue: confirmed\nSeverity: lowish\nContained: hm")
    first, second = [one for one in reported.sent_to(MEMBER) if "not sure" in str(one["Subject"])]

    assert came == ["answer_unclear", "answer_unclear"]
    assert "- Queue: confirmed" in plain(first)
    assert "nothing has been recorded" in plain(second)


@pytest.mark.parametrize("times", [2, 3])
def test_the_same_answer_twice_says_that_there_was_one_before(reported: House, times: int) -> None:
    for _ in range(times):
        answered(reported, "Contained: not possible, because the letter is lost\nQueue: confirmed")

    assert "Contained: not possible. There was an answer before, “not possible”" in plain(
        mail_of(reported, MEMBER, "receipt")
    )


def test_nobody_elses_mail_is_lost_where_receipts_become_one(reported: House) -> None:
    before = reported.templates_to(DPO)
    answered(reported, "Severity: very high, because many children are named\nQueue: confirmed")

    assert "severity_changed" in reported.templates_to(DPO)[len(before) :]
