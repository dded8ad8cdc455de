"""The time of day in what people write: "02:52", "7pm", "half past nine", "1630 hrs", "in the evening"."""

import re
from collections.abc import Callable
from datetime import time
from typing import NamedTuple


class ToldTime(NamedTuple):
    """A time of day; ``vague`` where only a part of the day was named."""

    at: time
    vague: bool = False


_CLOCK = re.compile(
    r"(?<![\d:.])([01]?\d|2[0-3])[:.]([0-5]\d)(?:[:.]([0-5]\d))?(?:\.\d+)?(?!\d|[.:/]\d)\s?(a\.?m\b|p\.?m\b)?"
)
_HOUR = re.compile(
    r"(?<![\d:.])(1[0-2]|0?[1-9])\s?(a\.?m\b|p\.?m\b|o'clock(?: in the (?:morning|afternoon|evening)| at night)?)"
)
_MILITARY = re.compile(r"(?<!\d)([01]\d|2[0-3])([0-5]\d)\s?(?:h|hrs?|hours)\b")
_FRENCH = re.compile(r"(?<!\d)([01]?\d|2[0-3])h([0-5]\d)\b")
_PAST = re.compile(
    r"\b(half past|quarter past|quarter to) (\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b(?:.{0,3}?([ap])\.?m)?"
)
_HOURS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBERS = {name: number for number, name in enumerate(_HOURS, start=1)}
_PARTS = (
    ("midnight", time(0), False),
    ("midday", time(12), False),
    ("noon", time(12), False),
    ("lunchtime", time(12, 30), True),
    ("morning", time(9), True),
    ("afternoon", time(14), True),
    ("evening", time(18), True),
    ("tonight", time(18), True),
    ("last night", time(18), True),
    ("overnight", time(18), True),
    ("at night", time(18), True),
)


def find_time(plain: str) -> ToldTime | None:
    """The first time of day named in a lower-case text, None where there is none."""
    return next((told for find in _WAYS if (told := find(plain)) is not None), None)


def _afternoon(hour: int, half: str) -> int:
    if half.startswith("p"):
        return hour % 12 + 12
    return hour % 12 if half.startswith("a") else hour


def _clock(plain: str) -> ToldTime | None:
    found = _CLOCK.search(plain)
    if not found:
        return None
    hour, half = int(found[1]), found[4] or ""
    return ToldTime(time(_afternoon(hour, half) if hour <= 12 else hour, int(found[2]), int(found[3] or 0)))  # noqa: PLR2004


def _hour(plain: str) -> ToldTime | None:
    found = _HOUR.search(plain)
    if not found:
        return None
    hour, half = int(found[1]), found[2]
    if half.startswith("o'clock"):
        late = "afternoon" in half or "evening" in half or "night" in half
        return ToldTime(time(_afternoon(hour, "p") if late else hour % 24), vague=half == "o'clock")
    return ToldTime(time(_afternoon(hour, half)))


def _military(plain: str) -> ToldTime | None:
    found = _MILITARY.search(plain) or _FRENCH.search(plain)
    return ToldTime(time(int(found[1]), int(found[2]))) if found else None


def _past(plain: str) -> ToldTime | None:
    found = _PAST.search(plain)
    if not found:
        return None
    hour = int(found[2]) if found[2].isdigit() else _NUMBERS[found[2]]
    if not 1 <= hour <= 12:  # noqa: PLR2004
        return None
    hour = _afternoon(hour, found[3] or "")
    minute = {"half past": 30, "quarter past": 15, "quarter to": 45}[found[1]]
    return ToldTime(time((hour - (minute == 45)) % 24, minute), vague=not found[3])  # noqa: PLR2004


def _part_of_day(plain: str) -> ToldTime | None:
    return next((ToldTime(at, vague) for words, at, vague in _PARTS if re.search(rf"\b{words}\b", plain)), None)


_WAYS: tuple[Callable[[str], ToldTime | None], ...] = (_clock, _hour, _military, _past, _part_of_day)
