"""The day that people name: in figures, in words, by its weekday, or counted back from today. Day first, as in Britain."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import NamedTuple

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "mon monday",
            "tue tues tuesday",
            "wed weds wednesday",
            "thu thur thurs thursday",
            "fri friday",
            "sat saturday",
            "sun sunday",
        )
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY = "|".join(sorted(_WEEKDAYS, key=len, reverse=True))


class Day(NamedTuple):
    """A day found in a text, what is left of the text, and whether there was a choice."""

    on: date
    rest: str
    doubtful: bool = False


def find_day(plain: str, here: datetime) -> Day | None:
    """The first way of writing a day that fits, in the order of how much it says; weekdays are checked against it."""
    for find in _WAYS:
        day = find(plain, here)
        if day is not None:
            return day if find in _NAMELESS else _checked(day)
    return None


def _checked(day: Day) -> Day:
    """A weekday written beside a date must be the date's, and a second date in the text leaves a choice."""
    named = {_WEEKDAYS[found] for found in re.findall(rf"\b({_DAY})\b", day.rest)}
    second = _NUMBERS.search(day.rest) or _ISO.search(day.rest) or _WRITTEN.search(day.rest)
    return day._replace(doubtful=day.doubtful or bool(second) or (bool(named) and day.on.weekday() not in named))


def _made(year: int, month: int, day: int) -> date | None:
    """The date, None where there is no such day or nobody living could mean it."""
    if not 1900 <= year <= 2200:  # noqa: PLR2004
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _without(plain: str, found: re.Match[str]) -> str:
    return f"{plain[: found.start()]} ; {plain[found.end() :]}"


def _full_year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)  # noqa: PLR2004


def _latest(day: int, month: int, here: datetime) -> Day | None:
    """A day without a year is the last one that has been, tomorrow allowed for clocks that differ."""
    for year in range(here.year + 1, here.year - 5, -1):
        on = _made(year, month, day)
        if on is not None and on <= here.date() + timedelta(days=1):
            return Day(on, "", doubtful=(here.date() - on).days > 180)  # noqa: PLR2004 - half a year back: which year is a guess
    return None


_ISO = re.compile(r"\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:t(?=\d)|\b)")


def _iso(plain: str, here: datetime) -> Day | None:  # noqa: ARG001 - one signature for all ways
    found = _ISO.search(plain)
    on = _made(int(found[1]), int(found[2]), int(found[3])) if found else None
    return Day(on, _without(plain, found)) if found and on else None


_NUMBERS = re.compile(r"(?<![\d.:/-])(\d{1,2})(?:\s?[/.-]\s?)(\d{1,2})(?:\s?[/.-]\s?)(\d{4}|\d{2})(?![\d/-]|:\d)")


def _numbers(plain: str, here: datetime) -> Day | None:  # noqa: ARG001
    """Day, month, year; a month above twelve betrays the American order, which is doubtful."""
    found = _NUMBERS.search(plain)
    if not found:
        return None
    day, month, year = int(found[1]), int(found[2]), _full_year(found[3])
    on, swapped = _made(year, month, day), _made(year, day, month)
    if on:
        return Day(on, _without(plain, found))
    return Day(swapped, _without(plain, found), doubtful=True) if swapped else None


_WRITTEN = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?(?:\s+|-|/|\.\s?)({_MONTH})\b\.?(?:(?:,?\s+|-|/)(?:in\s+)?'?(\d{{4}}|\d{{2}})(?![\d:.]|\s?[ap]\.?m|\s?h))?"
)
_WRITTEN_MONTH_FIRST = re.compile(
    rf"\b({_MONTH})\.?\s+(?:the\s+)?(\d{{1,2}})(?:st|nd|rd|th)?\b(?![:.]\d)(?:,?\s+(\d{{4}}))?"
)


def _written(plain: str, here: datetime) -> Day | None:
    found = _WRITTEN.search(plain)
    if found:
        return _named_month(found, (found[1], found[2], found[3]), here)
    found = _WRITTEN_MONTH_FIRST.search(plain)
    return _named_month(found, (found[2], found[1], found[3]), here) if found else None


def _named_month(found: re.Match[str], named: tuple[str, str, str | None], here: datetime) -> Day | None:
    """A day, the name of a month and perhaps a year, taken out of the text they stood in."""
    day, month, year = int(named[0]), _MONTHS[named[1]], named[2]
    rest = _without(found.string, found)
    if year:
        on = _made(_full_year(year), month, day)
        return Day(on, rest) if on else None
    latest = _latest(day, month, here)
    return latest._replace(rest=rest) if latest else None


_SHORT = re.compile(r"(?<![\d.:/])(\d{1,2})(/|\.|-)(\d{1,2})(?![\d/:]|\.\d|\s?[ap]\.?m)")


def _short(plain: str, here: datetime) -> Day | None:
    """Day and month alone: with a slash, or with a weekday beside it (12.30 alone is a time)."""
    for found in _SHORT.finditer(plain):
        is_date = found[2] == "/" or re.search(rf"\b({_DAY})\b", plain[: found.start()])
        latest = _latest(int(found[1]), int(found[3]), here) if is_date else None
        if latest:
            return latest._replace(rest=_without(plain, found))
    return None


_WORDS = re.compile(
    r"\b(day before yesterday|yesterday|last night|overnight|today|tonight|this (?:morning|afternoon|evening|lunchtime)|earlier on|earlier|(?:(\d{1,2})|an?|one|two|three|four|five|six|seven) days? ago|last week|the weekend|this week|last month|a week ago)\b"
)
_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7}


def _relative(plain: str, here: datetime) -> Day | None:
    found = _WORDS.search(plain)
    if not found:
        return None
    words, today = found[1], here.date()
    if words.endswith("ago") and "day" in words:
        back = int(found[2]) if found[2] else _COUNTS[words.split()[0]]
        return Day(today - timedelta(days=back), _without(plain, found))
    if words in {"last week", "a week ago", "last month", "this week", "the weekend"}:
        back = {"last month": 30, "this week": here.weekday(), "the weekend": (here.weekday() - 5) % 7}.get(words, 7)
        return Day(today - timedelta(days=back), _without(plain, found), doubtful=True)
    back = {"day before yesterday": 2, "yesterday": 1, "last night": 1, "overnight": 1}.get(words, 0)
    rest = _without(plain, found) if "day" in words else f"{_without(plain, found)} ; {words}"
    return Day(today - timedelta(days=back), rest)


_WEEKDAY = re.compile(rf"\b(last |this |on )?({_DAY})\b")


def _weekday(plain: str, here: datetime) -> Day | None:
    """The last such day that has been; today's own name means today."""
    found = _WEEKDAY.search(plain)
    if not found:
        return None
    back = (here.weekday() - _WEEKDAYS[found[2]]) % 7
    is_last = (found[1] or "").strip() == "last"
    several = len({_WEEKDAYS[name] for name in re.findall(rf"\b({_DAY})\b", plain)}) > 1
    return Day(here.date() - timedelta(days=back or (7 if is_last else 0)), _without(plain, found), doubtful=several)


_WAYS: tuple[Callable[[str, datetime], Day | None], ...] = (_iso, _numbers, _written, _short, _relative, _weekday)
_NAMELESS = frozenset({_relative, _weekday})
