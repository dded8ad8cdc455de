"""Every step that a ladder owes, worked out again from the rows of config/procedure.toml in the simplest way.

It shares no line with the code it checks (``procedure.ladder``, ``procedure.clocks``, ``procedure.calendar``): only the
rows themselves and the list of days on which the council is shut.
"""

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from mailbot.notify.words import LONDON
from mailbot.procedure.lengths import Base, Length, Unit
from mailbot.procedure.rows import DutyRule, Hours, StepRule

SATURDAY = 5
DAY = timedelta(days=1)
REAL = {Unit.MINUTES: timedelta(minutes=1), Unit.HOURS: timedelta(hours=1)}


class OfficeDays(NamedTuple):
    """The days and hours in which the council works."""

    opens: time
    closes: time
    shut_on: Collection[date]

    def works_on(self, day: date) -> bool:
        """Whether the council works on that day."""
        return day.weekday() < SATURDAY and day not in self.shut_on

    def is_open(self, moment: datetime) -> bool:
        """Whether the office is open at that moment."""
        there = moment.astimezone(LONDON)
        return self.works_on(there.date()) and self.opens <= there.time() < self.closes

    def open_from(self, moment: datetime) -> datetime:
        """The moment itself while the office is open, its next opening otherwise."""
        if self.is_open(moment):
            return moment
        day = moment.astimezone(LONDON).date()
        while not self.works_on(day) or self.opening(day) < moment:
            day += DAY
        return self.opening(day)

    def opening(self, day: date) -> datetime:
        """When the office opens on that day, as a UTC instant."""
        return datetime.combine(day, self.opens, tzinfo=LONDON).astimezone(UTC)

    def after(self, moment: datetime, length: Length) -> datetime:
        """So long after a moment (before, where negative); days lead to the opening of the office."""
        if length.unit in REAL:
            return moment + length.amount * REAL[length.unit]
        day = moment.astimezone(LONDON).date()
        step = DAY if length.amount >= 0 else -DAY
        left = abs(length.amount)
        while left:
            day += step
            left -= length.unit is Unit.DAYS or self.works_on(day)
        return self.opening(day)


class Owed(NamedTuple):
    """One step of a ladder and the moment for which it is planned."""

    step: str
    occurrence: int
    at: datetime
    in_office: bool
    conditions: tuple[str, ...]


def owed_steps(
    rule: DutyRule, started_at: datetime, anchored_at: datetime, due_at: datetime | None, days: OfficeDays
) -> Iterator[Owed]:
    """Every step of a duty's whole ladder, whether or not its conditions hold."""
    bases = {Base.START: started_at, Base.ANCHOR: anchored_at, Base.DUE: due_at}
    for step in rule.steps:
        base = bases[step.when.base]
        if base is not None and step.when.base is Base.DUE and step.when.length.amount >= 0:
            base = max(base, started_at)
        if base is not None:
            yield from _turns(step, base, _in_office(rule, step), days)


def _turns(step: StepRule, base: datetime, in_office: bool, days: OfficeDays) -> Iterator[Owed]:  # noqa: FBT001
    later_than_due = step.when.base is Base.DUE and step.when.length.amount > 0
    at = days.open_from(base) if in_office and later_than_due else base
    if step.when.length.amount:
        at = days.after(at, step.when.length)
    for turn in range(step.times):
        yield Owed(step.name, turn, at, in_office, step.conditions)
        if step.every is not None:
            at = days.after(days.open_from(at) if in_office else at, step.every)


def _in_office(rule: DutyRule, step: StepRule) -> bool:
    asks_at_once = step.when.base is Base.START and not step.when.length.amount
    return (step.hours or (Hours.ANY if asks_at_once else rule.hours)) is Hours.OFFICE
