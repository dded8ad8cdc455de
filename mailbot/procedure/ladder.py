"""A duty's ladder: which mails are planned when, which are due now, and when to look again.

Pure look-ups over a rule and a duty; who gets a step is ``people``'s business, writing it ``follow``'s.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from mailbot.incident import Duty
from mailbot.procedure.calendar import WorkingCalendar
from mailbot.procedure.clocks import step_after
from mailbot.procedure.lengths import Base, Length, Offset
from mailbot.procedure.rows import DutyRule, Hours, StepRule


class PlannedStep(NamedTuple):
    """One occurrence of a step and the moment it is planned for."""

    rule: StepRule
    occurrence: int
    at: datetime


def planned_steps(rule: DutyRule, duty: Duty, calendar: WorkingCalendar) -> list[PlannedStep]:
    """Every step of the duty's present plan, in order of time (in the file's order where times are equal)."""
    planned = [step for one in rule.steps for step in _occurrences(one, rule.hours_of(one), duty, calendar)]
    return sorted(planned, key=lambda step: step.at)


def _occurrences(step: StepRule, hours: Hours, duty: Duty, calendar: WorkingCalendar) -> Iterator[PlannedStep]:
    """What is counted on from a deadline is counted from when its mail could leave.

    Otherwise a deadline on a Saturday would bring reminder, second reminder and escalation together on Monday at nine.
    Whoever has a duty only since its deadline is chased from then on: theirs is the whole ladder, and not its end.
    """
    base = {Base.START: duty.asked_from, Base.ANCHOR: duty.anchored_at, Base.DUE: duty.due_at}[step.when.base]
    if base is None:
        return
    if step.when.base is Base.DUE and step.when.length.amount >= 0:
        base = max(base, duty.asked_from)
    rhythm = Rhythm(step.when, step.every, step.times, hours is Hours.OFFICE)
    for occurrence, at in enumerate(_moments(rhythm, base, calendar)):
        yield PlannedStep(step, occurrence, at)


class Rhythm(NamedTuple):
    """When a step is due after its base, how often and how far apart, and whether it keeps office hours."""

    when: Offset
    every: Length | None
    times: int
    in_office: bool


@lru_cache(maxsize=4096)
def _moments(rhythm: Rhythm, base: datetime, calendar: WorkingCalendar) -> tuple[datetime, ...]:
    """The moments of a step, kept in mind: a ladder is gone through each time its incident is looked at."""
    when, every, times, in_office = rhythm
    if in_office and when.base is Base.DUE and when.length.amount > 0:
        base = calendar.next_office_moment(base)
    at = step_after(when.length, base, calendar) if when.length.amount else base
    moments = []
    for _ in range(times):
        moments.append(at)
        if every is not None:
            at = step_after(every, calendar.next_office_moment(at) if in_office else at, calendar)
    return tuple(moments)


def may_leave_at(hours: Hours, moment: datetime, due_at: datetime | None, calendar: WorkingCalendar) -> datetime:
    """The first moment, from ``moment`` on, at which a step may leave.

    Office-hours steps wait for the office, unless the duty would lapse before it opens (DESIGN §5, Clocks).
    """
    if hours is Hours.ANY:
        return moment
    opening = calendar.next_office_moment(moment)
    lapses_before = due_at is not None and moment < due_at <= opening
    return moment if lapses_before else opening


def unsent_steps(rule: DutyRule, duty: Duty, calendar: WorkingCalendar) -> list[PlannedStep]:
    """The steps of the present plan that are still to be sent."""
    sent = {(one.step, one.occurrence) for one in duty.sent if one.plan_version == duty.plan_version}
    return [one for one in planned_steps(rule, duty, calendar) if (one.rule.name, one.occurrence) not in sent]


def due_steps(rule: DutyRule, duty: Duty, now: datetime, calendar: WorkingCalendar) -> list[PlannedStep]:
    """The unsent steps that may leave now, in order of time."""
    return [
        step
        for step in unsent_steps(rule, duty, calendar)
        if step.at <= now and may_leave_at(rule.hours_of(step.rule), now, duty.due_at, calendar) <= now
    ]


def next_step_at(rule: DutyRule, duty: Duty, now: datetime, calendar: WorkingCalendar) -> datetime | None:
    """When the next unsent step may leave, never before ``now``; None when the ladder is at rest."""
    return min(
        (
            may_leave_at(rule.hours_of(step.rule), max(step.at, now), duty.due_at, calendar)
            for step in unsent_steps(rule, duty, calendar)
        ),
        default=None,
    )


def is_late(
    step: PlannedStep, rule: DutyRule, duty: Duty, calendar: WorkingCalendar, still_prompt_at: datetime
) -> bool:
    """Whether a step should have left before ``still_prompt_at``, or lay before its holder had the duty."""
    if step.at < duty.asked_from:
        return True
    return may_leave_at(rule.hours_of(step.rule), step.at, duty.due_at, calendar) < still_prompt_at
