"""What an answer changes in an incident beside its duty. Each effect is pure; it answers the changed incident, or a
``Problem`` where the answer cannot be acted upon and is asked again.
"""

from collections.abc import Callable

from mailbot.incident import FieldValue, Incident, Told
from mailbot.notifications import ExitKind
from mailbot.procedure import external, resolution
from mailbot.procedure.clocks import aware_of
from mailbot.procedure.conditions import INVOLVED_TOLD
from mailbot.procedure.counting import classify, confirm_classified
from mailbot.procedure.doubts import DOUBTS_OF_DATES
from mailbot.procedure.effect import Effect
from mailbot.procedure.given import Given
from mailbot.procedure.grammar import Problem
from mailbot.procedure.opening import PERSONAL_DATA_UNSURE
from mailbot.procedure.rating import confirm, rate, rate_by_grid
from mailbot.procedure.rules import Rules
from mailbot.terms import Queue, Role


def apply(effect: Effect, incident: Incident, given: Given, rules: Rules) -> Incident | Problem:
    """The incident as the answer changes it."""
    return EFFECTS[effect](incident, given, rules)


def _none(incident: Incident, _given: Given, _rules: Rules) -> Incident:
    return incident


def _confirm_queue(incident: Incident, _given: Given, _rules: Rules) -> Incident:
    return incident.but(queue_confirmed=True)


def _refer_to(queue: Queue) -> Callable[[Incident, Given, Rules], Incident]:
    """Refers to a desk (para 29). It is told as the desk that acts, however it was told before; the other knows."""

    def refer(incident: Incident, given: Given, rules: Rules) -> Incident:
        if incident.queue is queue:
            return incident.but(queue_confirmed=True)
        address = rules.organisation.desk(queue).address
        other = rules.organisation.desk(incident.queue).address
        told = [one for one in incident.told if (one.role, one.person) != (Role.QUEUE_TEAM, address)]
        told.append(Told(template="queue_notice", role=Role.OTHER_DESK, person=other, recipient=other, at=given.now))
        return incident.but(queue=queue, queue_confirmed=True, told=tuple(told))

    return refer


def _personal_data(incident: Incident, _given: Given, _rules: Rules) -> Incident:
    return _without_doubt(incident.but(personal_data=True), PERSONAL_DATA_UNSURE)


def _no_personal_data(incident: Incident, _given: Given, _rules: Rules) -> Incident:
    return _without_doubt(incident.but(personal_data=False), PERSONAL_DATA_UNSURE)


def _without_doubt(incident: Incident, *settled: str) -> Incident:
    return incident.but(doubts=tuple(doubt for doubt in incident.doubts if doubt not in settled))


def _police_reference(incident: Incident, given: Given, _rules: Rules) -> Incident:
    return _with_fact(incident, "police_reference", given.words, given)


def _substantiated(incident: Incident, _given: Given, _rules: Rules) -> Incident:
    return incident.but(allegation=False)


def _name_group(incident: Incident, given: Given, rules: Rules) -> Incident | Problem:
    group = rules.organisation.group(given.words.strip(" .\"'“”"))
    return incident.but(group=group.name) if group else Problem.UNKNOWN_GROUP


def _tell_involved(incident: Incident, given: Given, _rules: Rules) -> Incident:
    return _with_fact(incident, INVOLVED_TOLD, "yes", given)


def _release(incident: Incident, _given: Given, _rules: Rules) -> Incident:
    return incident.but(restricted=())


def _confirm_dates(incident: Incident, _given: Given, _rules: Rules) -> Incident:
    incident = _without_doubt(incident, *DOUBTS_OF_DATES)
    if incident.aware_because == "dpo":
        return incident
    at, because = min((incident.aware_at, incident.aware_because), aware_of(incident))
    return incident.but(aware_at=at, aware_because=because)


def _move_aware(incident: Incident, given: Given, _rules: Rules) -> Incident | Problem:
    """Only the DPO moves this clock, with a reason; the history keeps the old value (DESIGN §4)."""
    if given.moment is None:
        return Problem.MOMENT_MISSING
    if given.moment > given.now:
        return Problem.TIME_IN_FUTURE
    return incident.but(aware_at=given.moment, aware_because="dpo")


def _with_fact(incident: Incident, name: str, value: str, given: Given) -> Incident:
    fact = FieldValue(value=value, raw=value, source=f"answer from {given.by}", confidence=1.0, by=given.by)
    return incident.but(facts=incident.facts | {name: fact})


EFFECTS: dict[Effect, Callable[[Incident, Given, Rules], Incident | Problem]] = {
    Effect.NONE: _none,
    Effect.CONFIRM_QUEUE: _confirm_queue,
    Effect.REFER_TO_IT: _refer_to(Queue.IT),
    Effect.REFER_TO_IG: _refer_to(Queue.IG),
    Effect.RATE: rate,
    Effect.CONFIRM_RATING: confirm,
    Effect.RATE_BY_GRID: rate_by_grid,
    Effect.CLASSIFY: classify,
    Effect.CONFIRM_CLASSIFIED: confirm_classified,
    Effect.PERSONAL_DATA: _personal_data,
    Effect.NO_PERSONAL_DATA: _no_personal_data,
    Effect.POLICE_REFERENCE: _police_reference,
    Effect.SUBSTANTIATED: _substantiated,
    Effect.NAME_RESPONSIBLE_LINE_MANAGER: resolution.name_by("responsible_line_manager"),
    Effect.NAME_LINE_MANAGER: resolution.name_by("line_manager"),
    Effect.NAME_GROUP: _name_group,
    Effect.TELL_INVOLVED: _tell_involved,
    Effect.RELEASE: _release,
    Effect.CONFIRM_DATES: _confirm_dates,
    Effect.MOVE_AWARE: _move_aware,
    Effect.RECOMMEND_INVESTIGATION: resolution.recommend_investigation(wanted=True),
    Effect.RECOMMEND_NO_INVESTIGATION: resolution.recommend_investigation(wanted=False),
    Effect.NAME_INCIDENT_LEAD: resolution.name_by("incident_lead"),
    Effect.NAME_SUPPORT_OFFICER: resolution.name_by("support_officer"),
    Effect.ICO_REPORTED: external.ico_reported,
    Effect.ICO_NOT_REQUIRED: external.ico_not_required,
    Effect.ICO_UPDATED: external.ico_updated,
    Effect.ICO_FINAL: external.ico_final,
    Effect.NOTIFY_DATA_SUBJECTS: external.decide_data_subjects(notify=True),
    Effect.DATA_SUBJECTS_NOT_REQUIRED: external.decide_data_subjects(notify=False),
    Effect.RECOMMEND_DATA_SUBJECTS: external.recommend_data_subjects,
    Effect.FOR_A_CONTROLLER: external.for_a_controller,
    Effect.FOR_ITSELF: external.for_itself,
    Effect.ESCALATE: external.escalate,
    Effect.STEP_IN: external.step_in,
    Effect.REPORT_RETURNED: resolution.report_returned,
    Effect.ACCEPT_REPORT: resolution.review(accepted=True),
    Effect.SEND_REPORT_BACK: resolution.review(accepted=False),
    Effect.CLEAR_REPORT: resolution.clear,
    Effect.REPORT_NOT_CLEAR: resolution.not_clear,
    Effect.SUMMARISE: resolution.summarise,
    Effect.LEARN: resolution.learn,
    Effect.CLOSE: resolution.close,
    Effect.REOPEN: external.reopen,
    Effect.ICO_UNDECIDED: external.ico_undecided,
    Effect.DATA_SUBJECTS_UNDECIDED: external.data_subjects_undecided,
    Effect.CORRECT: _none,
    Effect.STANDS: _none,
    Effect.LEAVE_NOT_AN_INCIDENT: external.leave(ExitKind.NOT_AN_INCIDENT),
    Effect.LEAVE_NEAR_MISS: external.leave(ExitKind.NEAR_MISS),
    Effect.LEAVE_DUPLICATE: external.leave(ExitKind.DUPLICATE),
    Effect.LEAVE_PART: external.leave(ExitKind.PART),
}
