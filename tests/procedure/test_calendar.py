"""Working days, on both sides of every boundary: weekends, bank holidays, closures, clock changes."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from mailbot.procedure.calendar import CalendarRules, WorkingCalendar, build_calendar, day_of
from tests.procedure.conftest import london

PLAIN = build_calendar(CalendarRules(), range(2025, 2029))


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("Fri 2026-11-20", 1, "Mon 2026-11-23"),
        ("Thu 2026-11-19", 1, "Fri 2026-11-20"),
        ("Sat 2026-11-21", 1, "Mon 2026-11-23"),
        ("Sun 2026-11-22", 1, "Mon 2026-11-23"),
        ("Thu 2026-04-02", 1, "Tue 2026-04-07"),  # Good Friday and Easter Monday lie between
        ("Thu 2026-04-02", 5, "Mon 2026-04-13"),
        ("Fri 2026-05-01", 1, "Tue 2026-05-05"),
        ("Fri 2026-12-18", 10, "Wed 2027-01-06"),  # Boxing Day is kept on Monday 28
        ("Thu 2026-12-24", 1, "Tue 2026-12-29"),
        ("Fri 2027-12-24", 1, "Wed 2027-12-29"),  # both days are kept on Monday and Tuesday
        ("Fri 2026-03-27", 1, "Mon 2026-03-30"),  # the clocks go forward in between
        ("Fri 2026-10-23", 1, "Mon 2026-10-26"),  # and back
    ],
)
def test_weekends_and_bank_holidays_are_no_working_days(start: str, count: int, end: str) -> None:
    first, last = (london(f"{one} 12:00") for one in (start, end))

    assert PLAIN.add_working_days(day_of(first), count) == day_of(last)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("Fri 2026-11-20 16:50", "Mon 2026-11-23 17:00"),
        ("Fri 2026-11-20 17:01", "Mon 2026-11-23 17:00"),
        ("Mon 2026-11-23 00:01", "Tue 2026-11-24 17:00"),
        ("Sun 2026-11-22 23:59", "Mon 2026-11-23 17:00"),
        ("Fri 2026-03-27 16:50", "Mon 2026-03-30 17:00"),
    ],
)
def test_a_working_day_ends_at_the_close_of_the_office_when_the_day_of_receipt_is_day_0(
    received: str, due: str
) -> None:
    assert PLAIN.close_of_working_day(london(received), 1) == london(due)


def test_london_decides_the_day_when_utc_is_still_in_the_day_before() -> None:
    just_past_midnight_in_summer = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)

    assert day_of(just_past_midnight_in_summer) == date(2026, 7, 1)
    assert PLAIN.opening_of(date(2026, 7, 1)) == datetime(2026, 7, 1, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        ("Fri 2026-11-20 08:59", "Fri 2026-11-20 09:00"),
        ("Fri 2026-11-20 09:00", "Fri 2026-11-20 09:00"),
        ("Fri 2026-11-20 16:59", "Fri 2026-11-20 16:59"),
        ("Fri 2026-11-20 17:00", "Mon 2026-11-23 09:00"),
        ("Thu 2026-04-02 17:00", "Tue 2026-04-07 09:00"),
        ("Sat 2026-03-28 10:00", "Mon 2026-03-30 09:00"),
        ("Sat 2026-10-24 10:00", "Mon 2026-10-26 09:00"),
    ],
)
def test_the_next_office_moment_is_now_or_the_next_opening(moment: str, opening: str) -> None:
    assert PLAIN.next_office_moment(london(moment)) == london(opening)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("Mon 2026-11-23 03:00", "Mon 2026-11-23 12:00"),
        ("Mon 2026-11-23 08:59", "Mon 2026-11-23 12:00"),
        ("Mon 2026-11-23 09:00", "Tue 2026-11-24 12:00"),
        ("Fri 2026-11-20 18:50", "Mon 2026-11-23 12:00"),
        ("Thu 2026-12-24 18:00", "Tue 2026-12-29 12:00"),
    ],
)
def test_the_next_working_morning_is_the_first_that_begins_after_receipt(received: str, due: str) -> None:
    assert PLAIN.next_working_morning(london(received)) == london(due)


def test_closures_are_added_and_open_days_removed_when_the_council_says_so() -> None:
    rules = CalendarRules(closed_on=(date(2026, 12, 29),), open_on=(date(2026, 8, 31),))
    calendar = build_calendar(rules, [2026])

    assert not calendar.is_working_day(date(2026, 12, 29))
    assert calendar.is_working_day(date(2026, 8, 31))
    assert calendar.known_until == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"opens": time(18)}, "office must open"),
        ({"morning_ends": time(18)}, "office must open"),
        ({"subdivision": "WALES"}, "write ENG"),
    ],
)
def test_impossible_hours_and_unknown_countries_are_refused(wrong: dict[str, object], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        CalendarRules.model_validate(wrong)


DAYS = st.dates(date(2025, 2, 1), date(2028, 11, 1))


@given(DAYS, st.integers(1, 30))
def test_so_many_working_days_forward_and_back_pass_so_many_working_days(day: date, count: int) -> None:
    later = PLAIN.add_working_days(day, count)
    passed = [one for n in range((later - day).days) if PLAIN.is_working_day(one := day + timedelta(days=n + 1))]

    assert len(passed) == count
    assert passed[-1] == later
    assert PLAIN.add_working_days(later, -count) <= day or not PLAIN.is_working_day(day)


@given(st.datetimes(datetime(2025, 2, 1), datetime(2028, 11, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_the_next_office_moment_is_never_earlier_and_always_in_office_hours(moment: datetime) -> None:
    opening = PLAIN.next_office_moment(moment)

    assert opening >= moment
    assert PLAIN.is_open(opening)
    assert opening == moment or not PLAIN.is_open(moment)


def test_the_shipped_calendar_works_with_every_weekday_of_a_plain_week(calendar: WorkingCalendar) -> None:
    week = [date(2026, 11, 16) + timedelta(days=n) for n in range(7)]

    assert [calendar.is_working_day(day) for day in week] == [True] * 5 + [False] * 2
