"""Dates as people write them. The anchor is Friday 20 November 2026, 19:30 in London."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.parse.dates import understand_date, understand_time

LONDON = ZoneInfo("Europe/London")
FRIDAY_EVENING = datetime(2026, 11, 20, 19, 30, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("Fri 20/11 about 7pm", "2026-11-20T19:00:00+00:00"),
        ("Wednesday 3 January 2024 02:52", "2024-01-03T02:52:00+00:00"),
        ("30.09.23 02:33", "2023-09-30T02:33:00+01:00"),
        ("2023-09-08 19:53", "2023-09-08T19:53:00+01:00"),
        ("2026-11-20T18:02:00Z", "2026-11-20T18:02:00+00:00"),
        ("2026-07-20T18:02:00Z", "2026-07-20T19:02:00+01:00"),
        ("2026-11-20T18:02+02:00", "2026-11-20T16:02:00+00:00"),
        ("14 July 2026, 6.45pm BST", "2026-07-14T18:45:00+01:00"),
        ("14 July 2026, 17:45 GMT", "2026-07-14T18:45:00+01:00"),
        ("yesterday at 16.45", "2026-11-19T16:45:00+00:00"),
        ("this lunchtime at noon", "2026-11-20T12:00:00+00:00"),
        ("19th of November at half past three p.m.", "2026-11-19T15:30:00+00:00"),
        ("Nov 19, 2026 4pm", "2026-11-19T16:00:00+00:00"),
        ("Tues 17.11 9am", "2026-11-17T09:00:00+00:00"),
        ("20/11/2026 (approx 1630 hrs)", "2026-11-20T16:30:00+00:00"),
        ("Thursday at 11:59 pm", "2026-11-19T23:59:00+00:00"),
        ("12am on 20/11/26", "2026-11-20T00:00:00+00:00"),
        ("2 hours ago", "2026-11-20T17:30:00+00:00"),
        ("Sunday 25 October 2026, 01:30", "2026-10-25T01:30:00+01:00"),
        ("Sunday 25 October 2026, 02:30", "2026-10-25T02:30:00+00:00"),
        ("Sunday 29 March 2026, 00:59", "2026-03-29T00:59:00+00:00"),
        ("Sunday 29 March 2026, 02:00", "2026-03-29T02:00:00+01:00"),
    ],
)
def test_a_moment_is_understood_without_doubt_when_day_and_time_are_told(text: str, iso: str) -> None:
    found = understand_date(text, FRIDAY_EVENING)

    assert (found.iso, found.date_only, found.doubtful) == (iso, False, False)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("20.11.26", "2026-11-20"),
        ("20/11/2026", "2026-11-20"),
        ("03/04/2026", "2026-04-03"),
        ("3 - 4 - 2026", "2026-04-03"),
        ("1st Sept 2026", "2026-09-01"),
        ("20-Nov-26", "2026-11-20"),
        ("19 Nov", "2026-11-19"),
        ("Friday", "2026-11-20"),
        ("last Friday", "2026-11-13"),
        ("on Saturday", "2026-11-14"),
        ("yesterday", "2026-11-19"),
        ("three days ago", "2026-11-17"),
        ("the day before yesterday", "2026-11-18"),
        ("29 February 2024", "2024-02-29"),
    ],
)
def test_only_the_day_is_known_when_no_time_is_told(text: str, day: str) -> None:
    found = understand_date(text, FRIDAY_EVENING)

    assert (found.iso[:19], found.date_only, found.doubtful) == (f"{day}T00:00:00", True, False)


@pytest.mark.parametrize(
    "text",
    [
        "last night",
        "this morning",
        "some time last week",
        "over the weekend",
        "11/20/2026",
        "20/11/2026 - 22/11/2026",
        "between 9 and 10am on 19/11/26",
        "19 or 20 November 2026",
        "7pm",
        "Thursday 20 November 2026",
        "Monday or Tuesday",
        "21/11/2026",
        "20/11/2026 21:00",
        "31/12",
        "20/11/1926",
        "Sunday 29 March 2026, 01:30",
    ],
    ids=[
        "evening",
        "morning",
        "week",
        "weekend",
        "American",
        "range",
        "span",
        "choice",
        "time alone",
        "wrong weekday",
        "two days",
        "tomorrow",
        "later today",
        "half a year back",
        "a century ago",
        "hour that was skipped",
    ],
)
def test_a_date_is_doubtful_when_the_words_leave_a_choice(text: str) -> None:
    found = understand_date(text, FRIDAY_EVENING)

    assert found.at is not None
    assert found.doubtful


@pytest.mark.parametrize(
    "text", ["Not known", "n/a", "31/02/2026", "32/13/2026", "see above", "0000-00-00", "99/99/9999"]
)
def test_no_moment_is_understood_when_none_is_named(text: str) -> None:
    assert understand_date(text, FRIDAY_EVENING).at is None


def test_last_night_is_the_evening_before_the_mail_came() -> None:
    assert understand_date("last night", FRIDAY_EVENING).at == datetime(2026, 11, 19, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("7pm", time(19)),
        ("02:52", time(2, 52)),
        ("0730 hrs", time(7, 30)),
        ("quarter to six pm", time(17, 45)),
        ("midnight", time(0)),
        ("18h15", time(18, 15)),
        ("later", None),
    ],
)
def test_a_time_of_day_is_understood_alone(text: str, at: time | None) -> None:
    assert understand_time(text) == at


FORMATS = [
    "%d/%m/%Y %H:%M",
    "%d.%m.%y %H:%M",
    "%Y-%m-%d %H:%M",
    "%A %d %B %Y %H:%M",
    "%d %b %Y, %I:%M %p",
    "%H:%M on %d-%m-%Y",
]


@given(st.integers(0, 3000), st.integers(0, 1439), st.sampled_from(FORMATS))
def test_every_moment_of_the_last_years_is_understood_in_every_usual_format(
    days: int, minutes: int, written: str
) -> None:
    moment = datetime(2026, 11, 19, tzinfo=LONDON) - timedelta(days=days) + timedelta(minutes=minutes)

    found = understand_date(moment.strftime(written), FRIDAY_EVENING)

    assert found.iso[:16] == moment.astimezone(UTC).astimezone(LONDON).isoformat()[:16]
    assert not found.date_only


@given(st.text(max_size=80) | st.from_regex(r"[0-9/.: -]{1,30}", fullmatch=True))
def test_nothing_is_raised_whatever_is_written(text: str) -> None:
    found = understand_date(text, FRIDAY_EVENING)

    assert found.at is None or found.at.tzinfo is not None
    understand_time(text)
