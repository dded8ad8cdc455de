"""The council's working calendar: office hours, bank holidays, closures, and the arithmetic of working days.

Pure: the holidays are worked out once, by ``build_calendar``, and carried as data. Every moment that goes in or
comes out is an aware UTC instant; days are London's days. DOMAIN: England's bank holidays (``holidays``, ENG).
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
from pydantic import model_validator

from mailbot.value import Value

LONDON = ZoneInfo("Europe/London")
SATURDAY = 5
DAY = timedelta(days=1)


class CalendarRules(Value):
    """The [calendar] table of config/procedure.toml.

    ``closed_on``: the council's own closures and any royal holiday proclaimed since this version of the bot.
    ``open_on``: bank holidays on which the council works after all. ``morning_ends``: what "the next working
    morning" means for the duties that are due then.
    """

    opens: time = time(9)
    closes: time = time(17)
    morning_ends: time = time(12)
    subdivision: str = "ENG"
    closed_on: tuple[date, ...] = ()
    open_on: tuple[date, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> "CalendarRules":
        if not self.opens < self.morning_ends <= self.closes:
            raise ValueError("the office must open before its morning ends, and not close before then")
        if self.subdivision not in holidays.country_holidays("GB").subdivisions:
            raise ValueError(f"“{self.subdivision}” is no part of the United Kingdom: write ENG, WLS, SCT or NIR")
        return self


class WorkingCalendar(Value):
    """Office hours and the days on which the council is shut, known up to and including ``known_until``."""

    opens: time
    closes: time
    morning_ends: time
    shut_on: frozenset[date]
    known_until: date

    def is_working_day(self, day: date) -> bool:
        """Whether the council works on that day: no weekend, no bank holiday, no closure."""
        return day.weekday() < SATURDAY and day not in self.shut_on

    def add_working_days(self, day: date, count: int) -> date:
        """The ``count``-th working day after ``day`` (before it, where negative); ``day`` itself is day 0."""
        step = DAY if count >= 0 else -DAY
        for _ in range(abs(count)):
            day += step
            while not self.is_working_day(day):
                day += step
        return day

    def opening_of(self, day: date) -> datetime:
        return at_time(day, self.opens)

    def close_of(self, day: date) -> datetime:
        return at_time(day, self.closes)

    def close_of_working_day(self, moment: datetime, count: int) -> datetime:
        """The close of the ``count``-th working day after the London day of ``moment``, which is day 0."""
        return self.close_of(self.add_working_days(day_of(moment), count))

    def next_working_morning(self, moment: datetime) -> datetime:
        """The end of the first working morning that begins after ``moment``.

        What comes in at three on a Monday night is due that Monday morning; what comes in at ten, on Tuesday.
        """
        return at_time(day_of(self._next_opening(moment)), self.morning_ends)

    def is_open(self, moment: datetime) -> bool:
        """Whether the office is open: from ``opens`` up to, not including, ``closes`` on a working day."""
        local = moment.astimezone(LONDON)
        return self.is_working_day(local.date()) and self.opens <= local.time() < self.closes

    def next_office_moment(self, moment: datetime) -> datetime:
        """The moment itself while the office is open, otherwise its next opening."""
        return moment if self.is_open(moment) else self._next_opening(moment)

    def _next_opening(self, moment: datetime) -> datetime:
        today = day_of(moment)
        if self.is_working_day(today) and moment < self.opening_of(today):
            return self.opening_of(today)
        return self.opening_of(self.add_working_days(today, 1))


def build_calendar(rules: CalendarRules, years: Iterable[int]) -> WorkingCalendar:
    """The working calendar for those years (at least one): England's bank holidays, closures added, open days removed."""
    wanted = sorted(set(years))
    bank = holidays.country_holidays("GB", subdiv=rules.subdivision, years=wanted)
    shut = (set(bank) | set(rules.closed_on)) - set(rules.open_on)
    return WorkingCalendar(
        opens=rules.opens,
        closes=rules.closes,
        morning_ends=rules.morning_ends,
        shut_on=frozenset(shut),
        known_until=date(wanted[-1], 12, 31),
    )


def day_of(moment: datetime) -> date:
    """The London day of a moment."""
    return moment.astimezone(LONDON).date()


def at_time(day: date, clock: time) -> datetime:
    """That time of that London day, as a UTC instant. Office times never fall into the hour a clock change repeats."""
    return datetime.combine(day, clock, tzinfo=LONDON).astimezone(UTC)
