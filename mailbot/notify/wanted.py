"""Asked once more just before a mail leaves: is it still wanted? A table of named conditions, each answers, none acts."""

from collections.abc import Callable
from datetime import datetime

from mailbot.incident import Incident
from mailbot.notify.email import OutgoingEmail
from mailbot.terms import Severity

Condition = Callable[[OutgoingEmail, Incident, datetime], str]


def _always(email: OutgoingEmail, incident: Incident, now: datetime) -> str:  # noqa: ARG001  one signature for all
    return ""


def _duty_open(email: OutgoingEmail, incident: Incident, now: datetime) -> str:  # noqa: ARG001
    duty = next((duty for duty in incident.duties if duty.id == email.duty_id), None)
    if duty is None:
        return "the duty no longer exists"
    return "" if duty.is_open else "the duty was done in the meantime"


def _incident_open(email: OutgoingEmail, incident: Incident, now: datetime) -> str:  # noqa: ARG001
    return "the incident was closed in the meantime" if incident.closed_at else ""


def _still_missing(email: OutgoingEmail, incident: Incident, now: datetime) -> str:  # noqa: ARG001
    return "" if incident.missing else "the missing facts arrived in the meantime"


def _still_medium_or_above(email: OutgoingEmail, incident: Incident, now: datetime) -> str:
    if incident.severity.at_least(Severity.MEDIUM):
        return _incident_open(email, incident, now)
    return f"the severity is now {incident.severity.words}"


def _still_high_or_above(email: OutgoingEmail, incident: Incident, now: datetime) -> str:
    if incident.severity.at_least(Severity.HIGH):
        return _incident_open(email, incident, now)
    return f"the severity is now {incident.severity.words}"


def _told_before(email: OutgoingEmail, incident: Incident, now: datetime) -> str:  # noqa: ARG001
    """Whether its reader was told of the incident by anything else: what told them may have been taken back."""
    told = any(one.recipient == email.recipient and one.template != email.template for one in incident.told)
    return "" if told else "its reader was not told of the incident before"


def _told_before_and_open(email: OutgoingEmail, incident: Incident, now: datetime) -> str:
    return _incident_open(email, incident, now) or _told_before(email, incident, now)


CONDITIONS: dict[str, Condition] = {
    "always": _always,
    "duty_open": _duty_open,
    "incident_open": _incident_open,
    "told_before": _told_before,
    "told_before_and_open": _told_before_and_open,
    "still_missing": _still_missing,
    "still_medium_or_above": _still_medium_or_above,
    "still_high_or_above": _still_high_or_above,
}
"""What ``Notice.wanted`` may say."""


def hangs_on_incident(email: OutgoingEmail) -> bool:
    """Whether ``still_wanted`` needs the incident to say so; what is always wanted is so whatever became of it."""
    return CONDITIONS.get(email.wanted, _always) is not _always


def still_wanted(email: OutgoingEmail, incident: Incident | None, now: datetime) -> str:
    """Empty when the mail is to be sent, else the reason why it is withdrawn.

    A condition the table does not know counts as fulfilled: a mail too many harms less than a duty missed in silence.
    """
    condition = CONDITIONS.get(email.wanted, _always)
    if incident is None:
        return "" if condition is _always else "the incident no longer exists"
    return condition(email, incident, now)
