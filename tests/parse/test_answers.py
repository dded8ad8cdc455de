import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.parse.answers import read_answers


@pytest.mark.parametrize(
    ("reply", "answers"),
    [
        ("ICO: not required, because no risk", [("ico", "not required, because no risk")]),
        ("  severity :  High ", [("severity", "High")]),
        ("- Incident  Lead: Kim Lead\n* By: Sam", [("incident lead", "Kim Lead"), ("by", "Sam")]),
        ("Reason: the system\nis being replaced\n\nThanks", [("reason", "the system is being replaced")]),
        ("approved", []),
        ("I think that we should say the following: no", []),
        ("see https://council.example/x", []),
        (": nothing", []),
        ("Key:", []),
    ],
)
def test_answers_are_the_lines_with_a_key_of_up_to_four_words(reply: str, answers: list[tuple[str, str]]) -> None:
    assert [(one.key, one.value) for one in read_answers(reply)] == answers


@given(st.text())
def test_answers_have_key_and_value_whatever_was_written(text: str) -> None:
    assert all(one.key == one.key.lower() and one.key and one.value for one in read_answers(text))


def test_answers_stay_few_when_a_reply_is_endless() -> None:
    assert len(read_answers("a: b\n" * 100_000 + "x" * 1_000_000)) == 200
