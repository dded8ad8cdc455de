from datetime import UTC, datetime, timedelta

import pytest

from mailbot.notify.words import band, clock, day, deadline, length, listed, moment, time_left


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (datetime(2024, 2, 9, 16, 30, tzinfo=UTC), "9 February 2024, 4:30pm"),
        (datetime(2024, 2, 9, 9, 0, tzinfo=UTC), "9 February 2024, 9am"),
        (datetime(2024, 2, 9, 12, 0, tzinfo=UTC), "9 February 2024, 12 noon"),
        (datetime(2024, 2, 9, 0, 0, tzinfo=UTC), "9 February 2024, 12 midnight"),
        (datetime(2024, 2, 9, 0, 1, tzinfo=UTC), "9 February 2024, 12:01am"),
        (datetime(2024, 2, 9, 12, 59, 59, tzinfo=UTC), "9 February 2024, 12:59pm"),
        (datetime(2026, 7, 1, 23, 30, tzinfo=UTC), "2 July 2026, 12:30am"),
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "29 March 2026, 12:59am"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "29 March 2026, 2am"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "25 October 2026, 1:30am"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "25 October 2026, 1:30am"),
    ],
)
def test_a_moment_is_said_in_london_time_whatever_the_season(at: datetime, said: str) -> None:
    assert moment(at) == said


def test_a_deadline_names_its_weekday_in_london() -> None:
    assert deadline(datetime(2026, 7, 5, 23, 30, tzinfo=UTC)) == "Monday 6 July 2026, 12:30am"


def test_a_day_of_a_late_summer_evening_is_the_next_one_in_london() -> None:
    assert day(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == "2 July 2026"
    assert clock(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == "12:30am"


@pytest.mark.parametrize(
    ("within", "said"),
    [
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=119, seconds=59), "119 minutes"),
        (timedelta(hours=2), "2 hours"),
        (timedelta(hours=72), "72 hours"),
        (timedelta(hours=95, minutes=59), "95 hours"),
        (timedelta(hours=96), "4 days"),
    ],
)
def test_a_length_is_rounded_down(within: timedelta, said: str) -> None:
    assert length(within) == said


def test_time_left_counts_real_hours_when_the_clocks_go_back() -> None:
    saturday_noon = datetime(2026, 10, 24, 11, 0, tzinfo=UTC)
    sunday_noon = datetime(2026, 10, 25, 12, 0, tzinfo=UTC)

    assert time_left(sunday_noon, saturday_noon) == "25 hours left"


def test_time_left_turns_to_overdue_after_the_moment_itself() -> None:
    due_at = datetime(2026, 11, 23, 16, 30, tzinfo=UTC)

    assert time_left(due_at, due_at) == "less than a minute left"
    assert time_left(due_at, due_at + timedelta(hours=3)) == "3 hours overdue"


@pytest.mark.parametrize(
    ("people", "said"),
    [
        ("0", "nobody"),
        ("1", "1 person"),
        ("2", "2 to 10 people"),
        ("10", "2 to 10 people"),
        ("11", "11 to 100 people"),
        ("1,000", "101 to 1,000 people"),
        ("10001", "more than 10,000 people"),
        ("", "not known yet"),
        ("Mr Jo Bloggs and his wife", "not known yet"),
        ("٣", "not known yet"),
        ("9" * 10_000, "not known yet"),
    ],
)
def test_the_number_of_people_is_said_as_a_band_and_words_are_not_repeated(people: str, said: str) -> None:
    assert band(people) == said


@pytest.mark.parametrize(
    ("words", "said"), [((), ""), (("a",), "a"), (("a", "b"), "a and b"), (("a", "b", "c"), "a, b and c")]
)
def test_a_list_reads_as_a_sentence_does(words: tuple[str, ...], said: str) -> None:
    assert listed(words) == said
