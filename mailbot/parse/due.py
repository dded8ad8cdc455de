"""The day by which something is to be done, as people write it. It looks ahead, and never guesses between two days. Pure.

"12 December 2026", "12/12/26", "by 12 December" (the next one), "end of January", "Friday", "within two weeks".
"""

import re
import unicodedata
from calendar import monthrange
from datetime import date, datetime, timedelta

from mailbot.parse.dates import LONDON
from mailbot.parse.days import find_day

MOST_YEARS = 5
"""A day further ahead is a slip of the hand."""

_LONGEST = 120
_AHEAD_BY, _BACK_BY = timedelta(days=363), timedelta(days=800)
_SOON = timedelta(days=300)
"""A day without a year that is further ahead has just passed: which one is meant, nobody can say."""
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTH = rf"({'|'.join(_MONTHS)})[a-z]*\.?"
_OPENING = re.compile(
    r"^(?:(?:to be )?(?:done|completed?|finished|in place)\b\s*)?(?:by|before|on|no later than|not later than|until|due)?\b\s*"
)
_OPEN_END = re.compile(
    r"\b(?:or|either|between|to|from|after|until|maybe|perhaps|about|around|approx\w*|circa|early|mid|late|start|beginning|tbc|tba"
    r"|week|weeks|month|months|q[1-4]|quarter|last|ago)\b|[?~]"
)
_TIME = re.compile(
    r"\b\d{1,2}(?:[:.]\d\d)?\s?(?:[ap]\.?m\b\.?|hrs?\b|noon\b)|\b\d{1,2}:\d\d\b|\bclose of (?:play|business)\b|\bcob\b"
)
_MONTH_END = re.compile(rf"^(?:the )?end (?:of )?{_MONTH}(?: (\d{{4}}))?$")
_YEAR_END = re.compile(r"^(?:the )?end of (?:the )?year$|^year end$")
_AHEAD = re.compile(
    r"^(?:with)?in (?:the next )?(\d{1,2}|an?|one|two|three|four|six|eight|twelve) (day|week|month)s?(?: time)?$"
)
_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "six": 6, "eight": 8, "twelve": 12}


def understand_due(text: str, anchor: datetime) -> date | None:
    """The one day that a text names as a limit; None where it names none, or leaves a choice.

    ``anchor`` (aware) is when it was written: a day without a year is the next one. The day may have passed.
    """
    today = anchor.astimezone(LONDON).date()
    folded = unicodedata.normalize("NFKC", text[:_LONGEST]).lower().replace("’", "'")
    plain = " ".join(_TIME.sub(" ", folded).split()).strip(" .,;:()")
    plain = _OPENING.sub("", plain).removeprefix("the ").strip(" .,;:")
    found = _in_words(plain, today) or _on_the_calendar(plain, anchor.astimezone(LONDON))
    is_near = found is not None and abs(found.year - today.year) <= MOST_YEARS
    return found if is_near else None


def _in_words(plain: str, today: date) -> date | None:
    if plain in {"today", "tomorrow"}:
        return today + timedelta(days=plain == "tomorrow")
    if plain.removeprefix("this ") in _WEEKDAYS:
        days = (_WEEKDAYS.index(plain.removeprefix("this ")) - today.weekday()) % 7
        return today + timedelta(days=days) if days else None  # today, or in a week
    ahead, month_end = _AHEAD.match(plain), _MONTH_END.match(plain)
    if ahead:
        return _ahead(today, _COUNTS.get(ahead[1]) or int(ahead[1]), ahead[2])
    if month_end:
        return _end_of(_MONTHS.index(month_end[1]) + 1, month_end[2], today)
    return date(today.year, 12, 31) if _YEAR_END.match(plain) else None


def _ahead(today: date, count: int, unit: str) -> date:
    if unit != "month":
        return today + timedelta(days=count * (7 if unit == "week" else 1))
    years, month = divmod(today.month - 1 + count, 12)
    year = today.year + years
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def _end_of(month: int, year: str | None, today: date) -> date:
    of = int(year) if year else today.year + (month < today.month)
    return date(of, month, monthrange(of, month)[1])


def _on_the_calendar(plain: str, here: datetime) -> date | None:
    """A day by its number. One that is the same whenever it was written is told with its year; another is the next such."""
    if not any(sign.isdigit() for sign in plain) or _OPEN_END.search(plain):
        return None
    later, earlier = find_day(plain, here + _AHEAD_BY), find_day(plain, here - _BACK_BY)
    if later is None or earlier is None or any(sign.isdigit() for sign in later.rest):
        return None
    if later.on == earlier.on:
        return None if later.doubtful else later.on
    named = {_WEEKDAYS.index(day) for day in _WEEKDAYS if re.search(rf"\b{day[:3]}(?:\b|{day[3:]}\b)", plain)}
    is_ahead = here.date() <= later.on <= here.date() + _SOON
    return later.on if is_ahead and named <= {later.on.weekday()} else None
