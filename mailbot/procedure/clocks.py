"""Which moment starts which clock, and when a duty falls due. Every moment is a UTC instant; hours are real hours.

An incident's four times are never mixed (mailbot.incident). The regulator's 72 hours run from ``aware_at``, by
default the earliest defensible moment (paras 12, 70); a doubtful date does not count before IG has confirmed it.
"""

from datetime import datetime, timedelta

from mailbot.incident import Incident
from mailbot.procedure.calendar import WorkingCalendar, day_of
from mailbot.procedure.conditions import holds
from mailbot.procedure.lengths import Length, Unit
from mailbot.procedure.rows import Anchor, DutyRule
from mailbot.procedure.rules import ClockRules

DISCOVERY_DOUBTFUL = "The date of discovery is doubtful and does not count until the IG Team confirms it."
OCCURRENCE_DOUBTFUL = "The date of the incident itself is doubtful and does not count until the IG Team confirms it."
OCCURRENCE_UNKNOWN = "When the incident happened is not known: the ten days of para 51 are counted from its discovery."
ARRIVAL_DOUBTFUL = "The mailbox's date of arrival disagrees with the mail's own Received lines: it may have been moved."

DOUBTS_OF_DATES = (DISCOVERY_DOUBTFUL, OCCURRENCE_DOUBTFUL, ARRIVAL_DOUBTFUL)
"""The doubts that IG lifts with ``Dates: confirmed``."""

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
) -> tuple[str, ...]:
    """What is doubtful about the dates of a report, in words that hold nothing of its content.

    ``doubtful`` are the names of fields the reader was unsure of. A date in the future, a discovery before the
    incident or longer ago than the rules believe, and an arrival that the Received lines contradict are doubtful.
    """
    agrees = real_time(rules.arrival_agrees_within)
    latest = received_at + agrees
    doubts = {
        DISCOVERY_DOUBTFUL: discovered_at is not None
        and (
            bool({"discovered_at", "discovered_date"} & set(doubtful))
            or discovered_at > latest
            or discovered_at < received_at - real_time(rules.believed_within)
            or (occurred_at is not None and discovered_at < occurred_at <= latest)
        ),
        OCCURRENCE_DOUBTFUL: occurred_at is not None
        and (bool({"occurred_at", "occurred_date", "occurred_time"} & set(doubtful)) or occurred_at > latest),
        OCCURRENCE_UNKNOWN: occurred_at is None,
        ARRIVAL_DOUBTFUL: received_lines_at is not None and abs(received_at - received_lines_at) > agrees,
    }
    return tuple(doubt for doubt, stands in doubts.items() if stands)


def aware_of(incident: Incident, told_at: datetime | None = None) -> tuple[datetime, str]:
    """The earliest defensible moment of awareness, and what it rests on: ``discovered``, ``call``, ``received``.

    ``told_at`` is the time of a telephone call to a desk. What somebody outside discovered, the council did not know.
    """
    moments = [(incident.received_at, "received")]
    if told_at is not None and told_at < incident.received_at:
        moments.append((told_at, "call"))
    if _discovery_counts(incident) and incident.discovered_at is not None:
        moments.append((incident.discovered_at, "discovered"))
    return min(moments)


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
            return incident.ratings[-1].at
        case Anchor.START:
            return started_at
        case Anchor.RECEIVED:
            return incident.received_at


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
    return min(own, incident.aware_at + real_time(rule.capped_by))


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
