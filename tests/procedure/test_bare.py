"""One word by text message: it counts where it is all that was written, and only for whoever is on call."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.procedure.bare import understand_bare
from tests.procedure.conftest import RULES

ON_CALL = RULES.procedure.duty("reach_on_call").answers


def taken(text: str) -> bool:
    return understand_bare(text, ON_CALL) is not None


@pytest.mark.parametrize(
    "text",
    [
        "Reached",
        "reached.",
        "  TAKEN!  ",
        "ok",
        "Ok, thanks",
        "ok thanks Jo",
        "Yes - thank you",
        "“Reached”",
        "Reached 02:15",
        "rang at 2.15am, thanks",
        "Reached\n\nSent by the text gateway of the council. To stop, reply STOP.",
        "I have rung",
        "On it",
        "ringing now",
    ],
)
def test_one_word_is_an_answer(text: str) -> None:
    assert taken(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "Who is this?",
        "ok?",
        "ok who is this",
        "ok, but I cannot ring",
        "OK: message accepted for delivery",
        "yes and no",
        "Reached nobody",
        "reached\nnobody answers there",
        "Rang, no answer",
        "not reached",
        "okra",
        "yes, thanks?",
        "Taken ill, please ring somebody else",
        "called 3 times, no answer",
        "Delivered",
    ],
)
def test_more_words_might_take_it_back_and_are_no_answer(text: str) -> None:
    assert not taken(text)


def test_a_word_alone_answers_no_other_duty() -> None:
    bare = {rule.kind for rule in RULES.procedure.duties for one in rule.answers if one.bare}

    assert bare == {"reach_on_call"}


@given(st.text(max_size=60))
def test_whatever_stands_after_a_denial_is_no_answer(text: str) -> None:
    assert not taken(f"nobody {text}")
