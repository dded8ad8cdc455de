"""The named conditions of config/procedure.toml: each one question about an incident, answered, never acted upon.

The file says *when* by these names; a rule there may put ``not`` before a name.
"""

from collections.abc import Callable, Iterable

from mailbot.assessment import Classification
from mailbot.incident import Incident
from mailbot.investigation import Investigation
from mailbot.procedure.doubts import DOUBTS_OF_DATES
from mailbot.terms import Queue, Severity

INVOLVED = "A manager is named in the report as involved and has not been told: the IG Team decides."
"""The doubt that holds back a manager's notice until IG has said so (DESIGN §5)."""

INVOLVED_TOLD = "involved_told"
"""The fact that IG has said to tell a manager in spite of that."""

SENIOR_NOTICE = "senior_notice"
INVESTIGATE, WAIVED = "investigate", "not needed"
"""The duty to investigate, and how it ends where nobody need (para 45)."""

LAST_DUTIES = frozenset({"close", "final_status", "reach_on_call"})
"""What waits for everything else: the final status (62) and the closing (65)."""


def _at_least(severity: Severity) -> Callable[[Incident], bool]:
    return lambda incident: incident.severity.at_least(severity)


def _line_manager_unknown(incident: Incident) -> bool:
    return incident.line_manager is None and not incident.reporter.outside


def _people_unknown(incident: Incident) -> bool:
    return incident.group is None or incident.responsible_line_manager is None or _line_manager_unknown(incident)


def _type_open(incident: Incident) -> bool:
    classified = incident.classified.get(Classification.INCIDENT_TYPE)
    return classified is None or not classified.is_confirmed


def _dates_doubtful(incident: Incident) -> bool:
    return any(doubt in DOUBTS_OF_DATES for doubt in incident.doubts)


def _something_doubtful(incident: Incident) -> bool:
    return _dates_doubtful(incident) or INVOLVED in incident.doubts or incident.personal_data is None


def _data_subjects_in_question(incident: Incident) -> bool:
    """High risk (41, 72), or recommended at whatever rating (44); never while another organisation is the controller."""
    in_question = incident.severity.at_least(Severity.HIGH) or incident.subjects_recommended
    return in_question and not _is_processor(incident)


def _is_processor(incident: Incident) -> bool:
    return bool(incident.processing and incident.processing.is_for_another)


def _investigation_waived(incident: Incident) -> bool:
    duty = incident.duty(INVESTIGATE)
    return bool(duty and duty.discharged and duty.discharged.how == WAIVED)


def _report_wanted(incident: Incident) -> bool:
    """Whether a report is still to come: none did, or the last one was sent back; nobody has said since that none is needed."""
    report = incident.investigation
    if report is None:
        return not _investigation_waived(incident)
    return report.is_sent_back and not (_investigation_waived(incident) and _waived_since(report, incident))


def _waived_since(report: Investigation, incident: Incident) -> bool:
    duty = incident.duty(INVESTIGATE)
    sent_back = [ruling.at for ruling in (report.reviewed, report.cleared) if ruling and not ruling.accepted]
    return bool(duty and duty.started_at >= max(sent_back))


def _ico_open(incident: Incident) -> bool:
    return bool(incident.ico and incident.ico.reported and not incident.ico.final)


def _all_else_done(incident: Incident) -> bool:
    """Whether nothing is open but what ends an incident."""
    return incident.closed_at is None and not any(duty.kind not in LAST_DUTIES for duty in incident.open_duties)


def _to_say(one: Classification, *, proposed: bool) -> Callable[[Incident], bool]:
    """Whether a classification still wants a person's word before the incident is closed, with or without a proposal."""

    def wanted(incident: Incident) -> bool:
        found = incident.classified.get(one)
        is_said = found is not None and found.is_confirmed
        return _all_else_done(incident) and not is_said and bool(found and found.value) is proposed

    return wanted


def _report(test: Callable[[Investigation], bool]) -> Callable[[Incident], bool]:
    return lambda incident: incident.investigation is not None and test(incident.investigation)


CONDITIONS: dict[str, Callable[[Incident], bool]] = {
    **{f"{one.value}_to_confirm": _to_say(one, proposed=True) for one in Classification},
    **{f"{one.value}_to_say": _to_say(one, proposed=False) for one in Classification},
    "always": lambda _: True,
    "something_missing": lambda incident: bool(incident.missing),
    "stolen": lambda incident: incident.stolen and not incident.fact("police_reference"),
    "allegation": lambda incident: incident.allegation,
    # False only once a person has said so: until then the clocks run (DESIGN §5, "unclear: both run").
    "personal_data_possible": lambda incident: incident.personal_data is not False,
    "health_or_social_care": lambda incident: incident.health_or_social_care,
    "medium_or_above": _at_least(Severity.MEDIUM),
    "high_or_above": _at_least(Severity.HIGH),
    "rating_confirmed": lambda incident: not incident.severity_is_provisional,
    "type_proposed": lambda incident: bool(incident.incident_type) and _type_open(incident),
    "type_open": _type_open,
    "safety": lambda incident: bool(incident.safety),
    "urgent": lambda incident: bool(incident.safety) or incident.severity.at_least(Severity.HIGH),
    "restricted": lambda incident: bool(incident.restricted),
    "it_acts": lambda incident: incident.queue is Queue.IT,
    "other_desk_too": lambda incident: any(queue is not incident.queue for queue in incident.also_tell),
    "reporter_inside": lambda incident: not incident.reporter.outside,
    "reporter_reachable": lambda incident: incident.reporter.may_be_written_to,
    "manager_involved": lambda incident: INVOLVED in incident.doubts,
    "group_unknown": lambda incident: incident.group is None,
    "responsible_manager_unknown": lambda incident: incident.responsible_line_manager is None,
    "line_manager_unknown": _line_manager_unknown,
    "people_unknown": _people_unknown,
    "dates_doubtful": _dates_doubtful,
    "personal_data_unclear": lambda incident: incident.personal_data is None,
    "personal_data_confirmed": lambda incident: incident.personal_data is True,
    "something_doubtful": _something_doubtful,
    "investigation_recommended": lambda incident: incident.investigation_recommended is True,
    "investigation_refused": lambda incident: incident.investigation_recommended is False,
    "investigation_waived": _investigation_waived,
    "lead_unknown": lambda incident: incident.incident_lead is None,
    "support_officer_unknown": lambda incident: incident.support_officer is None,
    "report_wanted": _report_wanted,
    "report_to_review": _report(lambda report: report.reviewed is None),
    "report_to_clear": _report(lambda report: report.cleared is None and not report.is_sent_back),
    "report_to_sign": _report(lambda report: report.is_ready_to_sign),
    "rejection_to_review": _report(lambda report: any(one.awaits_review for one in report.recommendations)),
    "ico_open": _ico_open,
    "ico_to_update": lambda incident: _ico_open(incident) and bool(incident.ico and incident.ico.needs_update),
    "council_is_processor": _is_processor,
    "data_subjects_in_question": _data_subjects_in_question,
    "data_subjects_to_be_told": lambda incident: bool(incident.data_subjects and incident.data_subjects.notify),
    "data_subjects_undecided": lambda incident: incident.data_subjects is None,
    "summary_wanted": lambda incident: _all_else_done(incident) or incident.investigation is not None,
    # Asked with the first mail, before anything was decided: later an exit is still taken, but not offered each time.
    "fresh": lambda incident: not incident.queue_confirmed and incident.severity_is_provisional,
    "escalated": lambda incident: incident.escalated,
    "all_else_done": _all_else_done,
    "senior_staff_told": lambda incident: any(told.template == SENIOR_NOTICE for told in incident.told),
}


def holds(condition: str, incident: Incident) -> bool:
    """Whether one condition, perhaps with ``not`` before it, holds. Raises KeyError for an unknown name."""
    name = condition.removeprefix("not ")
    return CONDITIONS[name](incident) is (name == condition)


def all_hold(conditions: Iterable[str], incident: Incident) -> bool:
    """Whether every condition holds; an empty list always does."""
    return all(holds(condition, incident) for condition in conditions)


def unknown_conditions(conditions: Iterable[str]) -> tuple[str, ...]:
    """Those that are no known condition, for a clear refusal of the file."""
    return tuple(one for one in conditions if one.removeprefix("not ") not in CONDITIONS)
