"""How times, lengths of time and numbers are said in a mail. Pure; every moment is shown in Europe/London."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

HOURS_FROM = timedelta(hours=2)
DAYS_FROM = timedelta(days=4)
"""From here on a length is said in hours, in days: 72 hours are always said in hours."""

BANDS = (
    (1, "1 person"),
    (10, "2 to 10 people"),
    (100, "11 to 100 people"),
    (1_000, "101 to 1,000 people"),
    (10_000, "1,001 to 10,000 people"),
)


def clock(at: datetime) -> str:
    """The time of day in London: ``4:30pm``, ``9am``, ``12 noon``, ``12 midnight``. Seconds are cut off, never rounded up."""
    local = at.astimezone(LONDON)
    if local.minute == 0 and local.hour in {0, 12}:
        return "12 noon" if local.hour else "12 midnight"
    minutes = f":{local.minute:02d}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{local:%p}".lower()


def day(on: date) -> str:
    """``9 February 2024``; of a moment, its day in London."""
    if isinstance(on, datetime):
        on = on.astimezone(LONDON).date()
    return f"{on.day} {on:%B %Y}"


def moment(at: datetime) -> str:
    """``9 February 2024, 4:30pm``."""
    return f"{day(at)}, {clock(at)}"


def written_moment(iso: str) -> str:
    """The same for a moment that is mentioned in ISO 8601: ``9 February 2024, 4:30pm``."""
    return moment(datetime.fromisoformat(iso))


def deadline(at: datetime) -> str:
    """A moment with its weekday, for things somebody must do by then: ``Friday 9 February 2024, 4:30pm``."""
    return f"{at.astimezone(LONDON):%A} {moment(at)}"


def length(within: timedelta) -> str:
    """A length of time, rounded down to what matters: ``3 days``, ``25 hours``, ``40 minutes``, ``less than a minute``."""
    minutes = int(within.total_seconds() // 60)
    if minutes < 1:
        return "less than a minute"
    if within < HOURS_FROM:
        return counted(minutes, "minute")
    return counted(minutes // 60, "hour") if within < DAYS_FROM else counted(within.days, "day")


def time_left(due_at: datetime, now: datetime) -> str:
    """``10 hours left`` or ``2 days overdue``; real hours, so that a change of the clocks is counted."""
    left = due_at - now
    return f"{length(left)} left" if left >= timedelta(0) else f"{length(-left)} overdue"


def counted(number: int, noun: str) -> str:
    """``1 hour``, ``2 hours``, ``1,200 hours``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def band(people: str) -> str:
    """How many people, as a band that points to nobody; ``not known yet`` where the text is not a number."""
    digits = people.strip().replace(",", "")
    if not re.fullmatch(r"[0-9]{1,9}", digits):
        return "not known yet"
    number = int(digits)
    if number == 0:
        return "nobody"
    return next((words for top, words in BANDS if number <= top), "more than 10,000 people")


def sentence(words: str) -> str:
    """The words with a capital at the beginning and nothing else changed: ``NHS`` stays ``NHS``."""
    return words[:1].upper() + words[1:]


def listed(words: Sequence[str]) -> str:
    """``a, b and c``."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
