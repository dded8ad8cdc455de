"""Duties of which an incident has one for each of something: each accepted recommendation has an owner and a date (52, 61)."""

from datetime import datetime
from enum import StrEnum

from mailbot.incident import Incident
from mailbot.investigation import Recommendation
from mailbot.procedure.calendar import WorkingCalendar


class Each(StrEnum):
    """What there is one duty for."""

    RECOMMENDATION = "recommendation"


def subjects_of(each: Each | None, incident: Incident) -> tuple[str, ...]:
    """What duties are about: one empty word for a plain duty, the numbers of what is still to be done otherwise."""
    if each is None:
        return ("",)
    report = incident.investigation
    waiting = (one for one in report.recommendations if one.is_to_be_done and one.done is None) if report else ()
    return tuple(str(one.number) for one in waiting)


def recommendation_of(about: str, incident: Incident) -> Recommendation | None:
    """The recommendation a duty is about, None for a plain duty."""
    report = incident.investigation
    return report.recommendation(int(about)) if report and about.isdigit() else None


def own_person(about: str, incident: Incident) -> str | None:
    """The owner whom the report names, None where the directory does not know them."""
    found = recommendation_of(about, incident)
    return (found.owner or None) if found else None


def own_due_at(about: str, incident: Incident, calendar: WorkingCalendar) -> datetime | None:
    """The close of the office on its own day, None where the report names none."""
    found = recommendation_of(about, incident)
    return calendar.close_of(found.due_on) if found and found.due_on else None
