import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.intake.absence import LONGEST, is_absence, is_absence_subject
from mailbot.intake.email import Kind
from mailbot.intake.kinds import kind_of
from mailbot.intake.message import read_opened
from mailbot.intake.mime import open_message
from tests.intake.mails import PDF, RULES, mail, mail_with

AWAY = "Thank you for your email.\n\nI am out of the office until Monday 23 November. If it is urgent please contact pat@council.example."


def kind(content: bytes) -> Kind:
    message, _ = open_message(content)
    return kind_of(message, read_opened(message, RULES)[0], RULES)


@pytest.mark.parametrize(
    "words",
    [
        AWAY,
        "I am out of office and will be back on Tuesday 9:00.",
        "Hello,\n\nI'm currently on annual leave, returning on 1 December.\n\nKind regards\nPat",
        "I am on maternity leave. Please contact Sam on 01632 960123 in my absence.",
        "Hi\n\nI will be away from my desk this week with limited access to email. I will reply when I am back.",
        "I do not work on Fridays. Your email will be read when I return on Monday.",
        "Dear sender, I no longer work for the council. Please email housing@council.example.",
        "Ich bin bis 1.12. nicht im Büro. Please contact Sam in the meantime.",
        "I am on sick leave and my email is not monitored.\nFor emergencies ring 01632 960123.",
    ],
)
def test_absence_is_known_when_the_whole_mail_sounds_so(words: str) -> None:
    assert is_absence(words)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "Approved. I am out of the office until Monday.",
        "I am out of the office until Monday.\nSeverity: high",
        "I am on leave until Monday, but yes: I agree with the rating.\nYes, go ahead.",
        "I am on annual leave. My laptop was stolen from the car. It held the files of thirty families. I rang the police.",
        "I'm away from my desk and just noticed that a letter went to the wrong house. The family opened it. It named a child.",
        "While Pat was on holiday somebody read her mailbox. Two letters were printed. They lay on the desk.",
        "Thank you for your email. I will look into it.",
        AWAY + " And so on." * LONGEST,
    ],
)
def test_person_is_not_taken_for_absent_when_something_else_is_said(words: str) -> None:
    assert not is_absence(words)


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Automatic reply: Urgent Data Incident", True),
        ("RE: Automatic Reply", True),
        ("Auto-Reply: x", True),
        ("Out of office", True),
        ("Out of Office: Re: x", True),
        ("On leave - back on Monday", True),
        ("Abwesenheitsnotiz: x", True),
        ("Ateb awtomatig: x", True),
        ("Out of office laptop stolen: Urgent Data Incident", False),
        ("On holiday photos sent to the wrong list", False),
        ("Vacation home address disclosed", False),
        ("Urgent Data Incident", False),
        ("", False),
    ],
)
def test_absence_is_told_from_a_subject_when_nobody_would_write_it(subject: str, expected: bool) -> None:
    assert is_absence_subject(subject) is expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (mail(AWAY, Subject="Re: [DB2026014 k7f3q2] Contain the incident"), Kind.AUTO_REPLY),
        (mail(AWAY, Subject="Re: Urgent Data Incident", In_Reply_To="<one@council.example>"), Kind.AUTO_REPLY),
        (mail(AWAY, Subject="Arbitrary words"), Kind.AUTO_REPLY),
        (mail(AWAY), Kind.REPORT),
        (mail_with(("incident report form.pdf", PDF), body=AWAY, Subject="x"), Kind.REPORT),
        (mail(AWAY + "\n\nApproved.", Subject="Re: [DB2026014 k7f3q2] Rate the incident"), Kind.ANSWER),
        (mail("My laptop is gone.", Subject="Out of office laptop stolen: Urgent Data Incident"), Kind.REPORT),
    ],
)
def test_mail_without_automatic_headers_is_told_from_its_words(content: bytes, expected: Kind) -> None:
    assert kind(content) is expected


@given(st.text())
def test_any_text_gets_an_answer(text: str) -> None:
    assert is_absence(text) in {True, False}
    assert is_absence_subject(text) in {True, False}
