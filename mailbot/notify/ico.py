"""Builds the DPO's page on the regulator: what is known, what is missing, who was consulted, how to report."""

from mailbot.incident import Duty, Incident
from mailbot.notify.asked import listed_name
from mailbot.notify.ico_view import ConsultedView, IcoView
from mailbot.notify.look import internal_view
from mailbot.notify.rules import NotifyRules
from mailbot.procedure.decision import Notice

CONSULTED = ("consult_siro", "consult_caldicott")


def ico_view(notice: Notice, incident: Incident, rules: NotifyRules) -> IcoView:
    """The page as things stand."""
    regulator = rules.organisation.regulator
    contained = incident.duty("contain")
    own = {
        "regulator": regulator.name,
        "regulator_phone": regulator.phone,
        "regulator_hours": regulator.hours,
        "regulator_online": regulator.online,
        "health_route": regulator.health_route,
        "consulted": tuple(_consulted(duty, rules) for duty in incident.duties if duty.kind in CONSULTED),
        "contained": _done(contained, "contained"),
        "subjects_notified": incident.data_subjects.notify if incident.data_subjects else None,
    }
    return IcoView.model_validate(internal_view(notice, incident, rules).model_dump() | own)


def _consulted(duty: Duty, rules: NotifyRules) -> ConsultedView:
    """What somebody consulted answered, by the words of the file; their reasons are in the history."""
    how = duty.discharged.how if duty.discharged else ""
    return ConsultedView(
        role=duty.holder,
        person=listed_name(duty.person, rules),
        asked_at=duty.started_at,
        view=how if how in rules.answer_words else None,
        is_open=duty.is_open,
    )


def _done(duty: Duty | None, how: str) -> bool | None:
    if duty is None or duty.discharged is None:
        return None
    return duty.discharged.how == how
