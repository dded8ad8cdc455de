"""Whoever is on call answers by text message: in one word, and gets no long mail back."""

from datetime import timedelta

import pytest

from mailbot.incident import Incident
from tests.e2e.conversation import answer, discharge_of, go_to, mail_of
from tests.e2e.test_graver import DANGER, ROTA
from tests.house import IG_DESK, House, report, text_of

PHONE, DUTY_DESK = ROTA
VERDICT = "mx.council.example; dmarc=pass header.from=sms.council.example"


@pytest.fixture
def rung(house: House) -> House:
    house.deliver(report(DANGER))
    house.round()
    return house


def texted(house: House, words: str) -> Incident:
    """The incident after the duty phone has answered its text message."""
    return answer(house, mail_of(house, PHONE, "on_call_notice"), words, PHONE, Authentication_Results=VERDICT)


@pytest.mark.parametrize("word", ["Reached", "ok", "Taken.", "On call: reached"])
def test_one_word_by_text_message_stops_the_ringing(rung: House, word: str) -> None:
    start = rung.clock.now()
    incident = texted(rung, word)

    assert discharge_of(incident, "reach_on_call").startswith("reached")
    assert rung.templates_to(PHONE) == ["on_call_notice", "on_call_noted"]
    assert "DB2026001" in text_of(mail_of(rung, PHONE, "on_call_noted"))
    go_to(rung, start + timedelta(hours=3))
    assert rung.templates_to(DUTY_DESK) == []


@pytest.mark.parametrize("words", ["Who is this?", "ok, but I cannot ring", "On call: perhaps"])
def test_other_words_get_no_text_back_and_the_ringing_goes_on(rung: House, words: str) -> None:
    start = rung.clock.now()
    incident = texted(rung, words)

    assert discharge_of(incident, "reach_on_call") == ""
    assert rung.templates_to(PHONE) == ["on_call_notice"]
    go_to(rung, start + timedelta(hours=1, minutes=1))
    assert rung.templates_to(DUTY_DESK) == ["on_call_notice"]


def test_the_desk_is_shown_what_somebody_on_call_wrote_instead(rung: House) -> None:
    before = len(rung.rows_to(IG_DESK))
    texted(rung, "I am ill, please ring somebody else")

    shown = [row.email for row in rung.rows_to(IG_DESK)[before:]]
    assert [one.template for one in shown] == ["follow_up_notice"]
    assert PHONE in text_of(mail_of(rung, IG_DESK, "follow_up_notice"))
