"""Which moment starts which clock, and when a duty falls due. Every moment is a UTC instant; hours are real hours.

An incident's four times are never mixed (mailbot.incident). The regulator's 72 hours run from ``aware_at``, by
default the earliest defensible moment (paras 12, 70); a doubtful date does not count before IG has confirmed it.
"""

from datetime import datetime, time, timedelta
from itertools import takewhile

from mailbot.incident import Incident
from mailbot.procedure.calendar import WorkingCalendar, at_time, day_of
from mailbot.procedure.conditions import holds
from mailbot.procedure.doubts import (
    ARRIVAL_AHEAD,
    ARRIVAL_DOUBTFUL,
    DISCOVERY_DOUBTFUL,
    OCCURRENCE_DOUBTFUL,
    OCCURRENCE_UNKNOWN,
)
from mailbot.procedure.lengths import Length, Unit
from mailbot.procedure.rows import Anchor, DutyRule
from mailbot.procedure.rules import ClockRules

_REAL = {Unit.MINUTES: timedelta(minutes=1), Unit.HOURS: timedelta(hours=1), Unit.DAYS: timedelta(days=1)}


def real_time(length: Length) -> timedelta:
    """A length in minutes, hours or days as real time. Raises KeyError for working days."""
    return _REAL[length.unit] * length.amount


def date_doubts(
    *,
    received_at: datetime,
    received_lines_at: datetime | None,
    occurred_at: datetime | None,
    discovered_at: datetime | None,
    doubtful: tuple[str, ...],
    rules: ClockRules,
    now: datetime | None = None,
) -> tuple[str, ...]:
    """What is doubtful about the dates of a report, in words that hold nothing of its content.

    ``received_at`` is what the mailbox says; where ``now`` is given, an arrival later than it is doubtful. ``doubtful``
    are the names of fields the reader was unsure of. A date in the future, a discovery before the incident or longer
    ago than the rules believe, and an arrival that the Received lines contradict are doubtful. A date without a time
    is compared as a day.
    """
    agrees = real_time(rules.arrival_agrees_within)
    seen_at = min(received_at, now) if now else received_at
    latest = seen_at + agrees
    doubts = {
        DISCOVERY_DOUBTFUL: discovered_at is not None
        and (
            bool({"discovered_at", "discovered_date"} & set(doubtful))
            or discovered_at > latest
            or discovered_at < seen_at - real_time(rules.believed_within)
            or (occurred_at is not None and occurred_at <= latest and _is_before(discovered_at, occurred_at))
        ),
        OCCURRENCE_DOUBTFUL: occurred_at is not None
        and (bool({"occurred_at", "occurred_date", "occurred_time"} & set(doubtful)) or occurred_at > latest),
        OCCURRENCE_UNKNOWN: occurred_at is None,
        ARRIVAL_DOUBTFUL: received_lines_at is not None and abs(received_at - received_lines_at) > agrees,
        ARRIVAL_AHEAD: received_at > latest,
    }
    return tuple(doubt for doubt, stands in doubts.items() if stands)


def _is_before(one: datetime, other: datetime) -> bool:
    """Whether one moment is before another; where either is a day without a time, whether its day is."""
    if _is_a_day(one) or _is_a_day(other):
        return day_of(one) < day_of(other)
    return one < other


def lie_apart(one: datetime, other: datetime) -> bool:
    """Whether two moments cannot be the same one; a day without a time is as good as any moment of it."""
    return _is_before(one, other) or _is_before(other, one)


def latest_of(moment: datetime) -> datetime:
    """The end of the day, for a day without a time; any other moment as it is."""
    return at_time(day_of(moment) + timedelta(days=1), time(0)) if _is_a_day(moment) else moment


def _is_a_day(moment: datetime) -> bool:
    """Whether a moment is the beginning of a London day: how a date without a time is read (``parse.dates``)."""
    return moment == at_time(day_of(moment), time(0))


def arrived_at(received_at: datetime, received_lines_at: datetime | None, rules: ClockRules) -> datetime:
    """The earliest defensible moment of a report's arrival: the mailbox's or that of its newest Received line.

    A mail that is moved, or that a server kept back, may carry a later date of arrival than it deserves. A line longer
    ago than the rules believe counts for nothing: anybody can write one.
    """
    if received_lines_at is None or received_lines_at < received_at - real_time(rules.believed_within):
        return received_at
    return min(received_at, received_lines_at)


def aware_of(
    incident: Incident, told_at: datetime | None = None, arrived: datetime | None = None
) -> tuple[datetime, str]:
    """The earliest defensible moment of awareness, and what it rests on: ``discovered``, ``call``, ``received``.

    ``told_at`` is the time of a telephone call to a desk, ``arrived`` that of an arrival before ``received_at``. What
    somebody outside discovered, the council did not know.
    """
    moments = [(min(incident.received_at, arrived or incident.received_at), "received")]
    if told_at is not None and told_at < incident.received_at:
        moments.append((told_at, "call"))
    if _discovery_counts(incident) and incident.discovered_at is not None:
        moments.append((_discovery(incident, incident.discovered_at), "discovered"))
    return min(moments)


def _discovery(incident: Incident, discovered_at: datetime) -> datetime:
    """The moment of discovery; of a day without a time, not before the incident itself."""
    occurred_at = incident.occurred_at
    if occurred_at is None or OCCURRENCE_DOUBTFUL in incident.doubts:
        return discovered_at
    is_same_day = day_of(occurred_at) == day_of(discovered_at)
    return max(discovered_at, occurred_at) if is_same_day and _is_a_day(discovered_at) else discovered_at


def _discovery_counts(incident: Incident) -> bool:
    return not incident.reporter.outside and DISCOVERY_DOUBTFUL not in incident.doubts


def anchored_at(anchor: Anchor, incident: Incident, started_at: datetime) -> datetime:
    """The moment that starts a duty's clock; an unknown or doubtful occurrence falls back on discovery, then receipt."""
    match anchor:
        case Anchor.AWARE:
            return incident.aware_at
        case Anchor.OCCURRED:
            return _occurrence(incident)
        case Anchor.RATING:
            return _rated_at(incident)
        case Anchor.RETURNED:
            return incident.investigation.returned_at if incident.investigation else started_at
        case Anchor.START:
            return started_at
        case Anchor.RECEIVED:
            return incident.received_at


def _rated_at(incident: Incident) -> datetime:
    """When the rating that stands was first given: whoever confirms it once more puts off nothing."""
    ratings = incident.ratings
    key = (ratings[-1].severity, ratings[-1].provisional)
    older = takewhile(lambda one: (one.severity, one.provisional) == key, reversed(ratings))
    return min(one.at for one in older)


def _occurrence(incident: Incident) -> datetime:
    if incident.occurred_at is not None and OCCURRENCE_DOUBTFUL not in incident.doubts:
        return incident.occurred_at
    if incident.discovered_at is not None and _discovery_counts(incident):
        return incident.discovered_at
    return incident.received_at


def due_at(rule: DutyRule, incident: Incident, anchor: datetime, calendar: WorkingCalendar) -> datetime | None:
    """When a duty falls due, None where neither law nor procedure gives a number.

    Working-day limits must not outrun the 72 hours: while personal data may be involved, the cap applies.
    """
    if rule.limit is None:
        return None
    own = limit_after(rule.limit, anchor, calendar)
    if rule.capped_by is None or not holds("personal_data_possible", incident):
        return own
    cap = incident.aware_at + real_time(rule.capped_by)
    return min(own, max(cap, anchor + real_time(rule.at_least)) if rule.at_least else cap)


def limit_after(limit: Length, anchor: datetime, calendar: WorkingCalendar) -> datetime:
    """The end of a limit. Days end at the close of the office on the last one; the anchor's London day is day 0."""
    match limit.unit:
        case Unit.WORKING_DAYS:
            return calendar.close_of_working_day(anchor, limit.amount)
        case Unit.WORKING_MORNINGS:
            return calendar.next_working_morning(anchor)
        case Unit.DAYS:
            return calendar.close_of(day_of(anchor) + timedelta(days=limit.amount))
        case _:
            return anchor + real_time(limit)


def step_after(length: Length, moment: datetime, calendar: WorkingCalendar) -> datetime:
    """So long after a moment (before, where negative), for a reminder: days lead to the opening of the office."""
    match length.unit:
        case Unit.WORKING_DAYS:
            return calendar.opening_of(calendar.add_working_days(day_of(moment), length.amount))
        case Unit.DAYS:
            return calendar.opening_of(day_of(moment) + timedelta(days=length.amount))
        case _:
            return moment + real_time(length)
