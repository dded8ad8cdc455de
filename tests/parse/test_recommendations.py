"""Recommendations typed into a reply, and the days by which they are to be done."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.parse.due import understand_due
from mailbot.parse.recommendations import addresses_in, read_recommendations
from mailbot.parse.returned import Shortcoming

FRIDAY = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)
JO = "jo.fenn@council.example"
DECEMBER = date(2026, 12, 12)


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (f"Recommendation 1: Train the team, owner {JO}, by 12 December 2026", "Train the team"),
        (f"recommendation 1 - Train the team; owner: {JO}; by 12/12/2026", "Train the team"),
        (f"Rec 1. Train the team. Owner: Jo Fenn <{JO}>. Due: 12 December 2026.", "Train the team"),
        (f"R1: Train the team (owner {JO}, by 12 Dec)", "Train the team"),
        (f"Recommendation no. 1: Train the team owner {JO} by 12 Dec 2026", "Train the team"),
        (f"Recommendation 1: Train the team, by 12 December 2026, owner {JO}", "Train the team"),
        (f"Recommendation 1: Train the team\nOwner: {JO}\nBy: 12 December 2026", "Train the team"),
        (f"Recommendation 1: Train the team\nand the post room, owner {JO}, deadline 12 December 2026", "Train the team\nand the post room"),
        (f"Recommendation 1: Cut errors by half, owner {JO}, by 12 December 2026", "Cut errors by half"),
        (f"Recommendation 1: Check what was sent by 1 March 2026, owner {JO}, by 12 December 2026", "Check what was sent by 1 March 2026"),
        (f"Recommendation 1: Make clear who is the owner of the list, owner {JO}, to be done by 12 December 2026", "Make clear who is the owner of the list"),
    ],
)  # fmt: skip
def test_a_line_is_taken_apart_into_what_who_and_when(line: str, text: str) -> None:
    read = read_recommendations(line, FRIDAY)

    found = [(one.number, one.text, one.owner, one.due_on) for one in read.recommendations]
    assert found == [(1, text, JO, DECEMBER)]
    assert read.problems == ()


@pytest.mark.parametrize(
    ("line", "text", "problems"),
    [
        (
            f"Recommendation 2: Train the team, by changing the course, owner {JO}",
            "Train the team, by changing the course",
            [Shortcoming.DUE_MISSING],
        ),
        (
            "Recommendation 2: Train the team, owner Jo Fenn, by 12 December 2026",
            "Train the team",
            [Shortcoming.OWNER_WITHOUT_ADDRESS],
        ),
        (
            f"Recommendation 2: Train the team, owner {JO}, due as soon as possible",
            "Train the team",
            [Shortcoming.DUE_NOT_UNDERSTOOD],
        ),
        (
            f"Recommendation 2: Train the team ({JO}, 12 December 2026)",
            f"Train the team ({JO}, 12 December 2026)",
            [Shortcoming.OWNER_MISSING, Shortcoming.DUE_MISSING],
        ),
        (f"Recommendation 2: , owner {JO}, by 12 December 2026", "", [Shortcoming.TEXT_MISSING]),
    ],
)
def test_what_a_line_lacks_is_asked_for_and_nothing_is_lost(line: str, text: str, problems: list[Shortcoming]) -> None:
    read = read_recommendations(line, FRIDAY)

    assert [one.text for one in read.recommendations] == ([text] if text else [])
    assert [(one.what, one.number) for one in read.problems] == [(one, 2) for one in problems]


@pytest.mark.parametrize(
    "reply",
    [
        "Recommendation 2: rejected, because the system is replaced by March",
        "Recommendation 1: accept\nRecommendation 2: reject, too costly",
        "1: accept\n2: reject",
        "I have read recommendation 1: it is good.",
        "Please see the attached form.",
        "",
    ],
)
def test_an_answer_about_recommendations_makes_none(reply: str) -> None:
    read = read_recommendations(reply, FRIDAY)

    assert (read.recommendations, read.problems) == ((), ())


def test_the_same_number_twice_is_asked_about() -> None:
    line = f"Recommendation 1: Train, owner {JO}, by 12 December 2026"

    read = read_recommendations(f"{line}\n{line}", FRIDAY)

    assert [(one.what, one.number) for one in read.problems] == [(Shortcoming.SAME_NUMBER, 1)]


def test_an_empty_line_ends_a_recommendation() -> None:
    read = read_recommendations(f"Recommendation 1: Train, owner {JO}, by 12/12/26\n\nBest wishes\nJo", FRIDAY)

    assert read.recommendations[0].owner_as_written == JO
    assert read.recommendations[0].due_on == DECEMBER


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("12 December 2026", DECEMBER),
        ("Saturday 12th December 2026", DECEMBER),
        ("12/12/26", DECEMBER),
        ("12.12.2026", DECEMBER),
        ("2026-12-12", DECEMBER),
        ("Dec 12, 2026", DECEMBER),
        ("by the 12th of December", DECEMBER),
        ("12/12", DECEMBER),
        ("no later than 12 Dec, 5pm", DECEMBER),
        ("1/2/2027", date(2027, 2, 1)),
        ("3 January", date(2027, 1, 3)),
        ("20 November", date(2026, 11, 20)),
        ("19 November 2026", date(2026, 11, 19)),
        ("end of January", date(2027, 1, 31)),
        ("the end of December", date(2026, 12, 31)),
        ("end of November", date(2026, 11, 30)),
        ("end Feb 2028", date(2028, 2, 29)),
        ("the end of the year", date(2026, 12, 31)),
        ("within two weeks", date(2026, 12, 4)),
        ("in 3 months", date(2027, 2, 20)),
        ("tomorrow", date(2026, 11, 21)),
        ("Monday", date(2026, 11, 23)),
        ("29 February 2028", date(2028, 2, 29)),
    ],
)
def test_a_deadline_is_the_one_day_it_names(said: str, day: date) -> None:
    assert understand_due(said, FRIDAY) == day


@pytest.mark.parametrize(
    "said",
    [
        "", "ASAP", "immediately", "ongoing", "done", "December 2026", "by March", "Q1 2027", "next Friday", "Friday", "3 working days",
        "12-14 December 2026", "12 or 13 December 2026", "between 1 and 5 December 2026", "about 12 December 2026", "12 December 2026?",
        "week of 7 December", "Friday 12 December 2026", "Monday 12 December", "31 November 2026", "29 February 2027", "12/25/2026", "12th",
        "12 December 2062", "19 November", "start of December", "after 12 December 2026", "12 December 2026, 14 January 2027",
    ],
)  # fmt: skip
def test_a_deadline_that_leaves_a_choice_is_none(said: str) -> None:
    assert understand_due(said, FRIDAY) is None


@pytest.mark.parametrize(
    ("received_at", "day"),
    [
        (datetime(2026, 6, 30, 22, 59, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 6, 30, 23, 0, tzinfo=UTC), date(2026, 7, 2)),
    ],
)
def test_tomorrow_is_told_by_london_s_clock(received_at: datetime, day: date) -> None:
    assert understand_due("tomorrow", received_at) == day


@given(
    st.dates(date(2021, 11, 20), date(2031, 11, 19)),
    st.sampled_from(["%d %B %Y", "%d/%m/%Y", "%Y-%m-%d", "%A %d %b %Y"]),
)
def test_a_whole_date_is_always_that_day(day: date, written: str) -> None:
    assert understand_due(day.strftime(written), FRIDAY) == day


@given(st.integers(0, 300), st.sampled_from(["%d %B", "%d/%m"]))
def test_a_day_without_a_year_is_the_next_one(ahead: int, written: str) -> None:
    day = FRIDAY.date() + timedelta(days=ahead)

    assert understand_due(day.strftime(written), FRIDAY) == day


@given(st.text(max_size=200))
def test_no_text_makes_the_reading_fail(said: str) -> None:
    read_recommendations(said, FRIDAY)
    read_recommendations(f"Recommendation 1: {said}, owner {said} by {said}", FRIDAY)
    understand_due(said, FRIDAY)


def test_each_address_counts_once_and_in_lower_case() -> None:
    assert addresses_in(f"Jo <{JO.upper()}>, {JO}.") == (JO,)
