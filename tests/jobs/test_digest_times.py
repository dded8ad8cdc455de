from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.jobs.digests import next_digest_at
from mailbot.procedure.calendar import CalendarRules, at_time, build_calendar
from tests.house import LONDON

CALENDAR = build_calendar(CalendarRules(), range(2025, 2029))
EIGHT = time(8, 0)


def london(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (london(11, 20, 7, 59), london(11, 20, 8)),
        (london(11, 20, 8), london(11, 23, 8)),
        (london(11, 21, 12), london(11, 23, 8)),
        (london(12, 24, 9), london(12, 29, 8)),  # Christmas Day, the weekend, Boxing Day's substitute
        (london(3, 28, 9), london(3, 30, 8)),  # the clocks go forward in between
        (london(10, 23, 9), london(10, 26, 8)),  # and back
    ],
)
def test_the_next_digest_is_on_the_next_working_day_at_eight_in_london(after: datetime, expected: datetime) -> None:
    assert next_digest_at(after, CALENDAR, EIGHT) == expected


@given(st.timedeltas(timedelta(0), timedelta(days=700)).map(lambda length: datetime(2026, 1, 1, tzinfo=UTC) + length))
def test_the_next_digest_always_lies_ahead_on_a_working_day_and_none_lies_between(after: datetime) -> None:
    found = next_digest_at(after, CALENDAR, EIGHT)

    day = found.astimezone(LONDON).date()
    assert found > after
    assert CALENDAR.is_working_day(day)
    assert found.astimezone(LONDON).time() == EIGHT
    between = (day - timedelta(days=days) for days in range(1, (day - after.astimezone(LONDON).date()).days + 1))
    assert not [one for one in between if is_digest_after(one, after)]


def is_digest_after(day: date, after: datetime) -> bool:
    return CALENDAR.is_working_day(day) and at_time(day, EIGHT) > after
