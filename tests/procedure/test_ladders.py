"""Duties over time: steps, office hours, outages, late discoveries, escalation."""

from datetime import datetime, timedelta

import pytest

from mailbot.incident import Duty, Incident
from mailbot.procedure.decision import Answered, Decision, Notice, TimePassed
from mailbot.procedure.machine import advance
from mailbot.terms import Severity
from tests.procedure.conftest import (
    DAN,
    DORA,
    GWEN,
    IG_DESK,
    IGOR,
    LIAM,
    RITA,
    ROTA,
    RULES,
    SIMON,
    a_report,
    a_triage,
    london,
    opened_at,
    recipients,
)

FRIDAY = london("Fri 2026-11-20 18:50")


def at(incident: Incident, moment: datetime) -> Decision:
    return advance(incident, TimePassed(), moment, RULES)


def duty_of(incident: Incident, kind: str) -> Duty:
    duty = incident.duty(kind)
    assert duty is not None
    return duty


def about(decision: Decision, kind: str) -> list[Notice]:
    return [one for one in decision.notices if kind in one.asks]


def lived_until(incident: Incident, end: datetime) -> list[tuple[datetime, Notice]]:
    """Every notice of an incident that a ticking bot follows until ``end``, with its moment."""
    seen = []
    while incident.next_step_at and incident.next_step_at <= end:
        moment = incident.next_step_at
        decision = at(incident, moment)
        incident = decision.incident
        seen += [(moment, notice) for notice in decision.notices]
    return seen


def test_the_dpo_is_reminded_at_each_step_of_the_72_hours_at_any_hour() -> None:
    life = lived_until(opened_at(FRIDAY).incident, FRIDAY + timedelta(hours=73))
    steps = {(moment - FRIDAY) // timedelta(hours=1): one.recipient for moment, one in life if one.step == "68 hours"}
    moments = {(moment - FRIDAY) // timedelta(hours=1) for moment, one in life if "decide_ico" in one.asks}

    assert moments == {24, 48, 60, 68, 71, 72}
    assert steps == {68: DORA}


def test_only_ico_and_safety_duties_climb_to_the_siro_and_the_rota() -> None:
    life = lived_until(opened_at(FRIDAY).incident, FRIDAY + timedelta(days=14))

    assert {one.duty_kind for _, one in life if one.recipient == SIMON and one.template == "escalation"} == {
        "decide_ico"
    }
    assert {one.duty_kind for _, one in life if one.recipient in ROTA} == {"decide_ico"}
    assert DAN in {one.recipient for _, one in life if one.duty_kind == "decide_ico"}


def test_the_reporter_is_chased_three_times_in_the_daytime_and_then_their_line_manager() -> None:
    incident = opened_at(FRIDAY, report=a_report(missing=("subjects",))).incident
    life = [
        (moment, one.recipient)
        for moment, one in lived_until(incident, FRIDAY + timedelta(days=30))
        if "complete_report" in one.asks
    ]

    assert life == [
        (london("Mon 2026-11-23 09:00"), RITA),
        (london("Tue 2026-11-24 09:00"), RITA),
        (london("Wed 2026-11-25 09:00"), RITA),
        (london("Thu 2026-11-26 09:00"), LIAM),
    ]


def test_a_step_leaves_at_night_when_the_duty_would_lapse_before_the_morning() -> None:
    incident = opened_at(FRIDAY).incident

    assert about(at(incident, london("Sat 2026-11-21 14:49")), "triage") == []
    assert [one.step for one in about(at(incident, london("Sat 2026-11-21 14:50")), "triage")] == ["reminder"]


def test_a_deadline_on_a_saturday_brings_one_reminder_a_working_day_and_escalates_on_tuesday() -> None:
    life = lived_until(opened_at(FRIDAY).incident, london("Wed 2026-11-25 12:00"))
    overdue = [
        (moment, one.recipient)
        for moment, one in life
        if one.step in {"overdue", "escalation"} and "triage" in one.asks
    ]

    assert [moment for moment, to in overdue if to == IG_DESK] == [
        london("Mon 2026-11-23 09:00"),
        london("Tue 2026-11-24 09:00"),
        london("Wed 2026-11-25 09:00"),
    ]
    assert min(moment for moment, to in overdue if to == DORA) == london("Tue 2026-11-24 09:00")


def test_a_step_waits_for_the_office_when_the_duty_has_lapsed_already() -> None:
    incident = at(opened_at(FRIDAY).incident, london("Sat 2026-11-21 14:50")).incident

    assert about(at(incident, london("Sun 2026-11-22 12:00")), "triage") == []
    assert about(at(incident, london("Mon 2026-11-23 08:59")), "triage") == []
    assert IG_DESK in {one.recipient for one in about(at(incident, london("Mon 2026-11-23 09:00")), "triage")}


def test_a_step_waits_for_the_office_after_an_outage_that_ends_at_night() -> None:
    incident = opened_at(FRIDAY, report=a_report(missing=("subjects",))).incident

    assert RITA not in recipients(at(incident, london("Tue 2026-11-24 02:00")))
    assert RITA in recipients(at(incident, london("Tue 2026-11-24 09:00")))


def test_one_late_mail_stands_for_every_step_that_an_outage_skipped() -> None:
    incident = opened_at(FRIDAY).incident

    back = at(incident, FRIDAY + timedelta(hours=65))
    (mail,) = [one for one in back.notices if one.recipient == DORA and one.duty_kind == "decide_ico"]

    assert mail.step == "60 hours"
    assert mail.late == ("24 hours", "48 hours", "60 hours")
    sent = {one.step: one.late for one in duty_of(back.incident, "decide_ico").sent}
    assert sent == {
        "asked": False, "24 hours": True, "48 hours": True, "48 hours, deputy": True, "60 hours": True,
        "60 hours, SIRO": True,
    }  # fmt: skip
    assert at(back.incident, FRIDAY + timedelta(hours=65)).notices == ()


@pytest.mark.parametrize(("minutes", "late"), [(0, ()), (30, ()), (31, ("24 hours",))])
def test_a_step_says_that_it_is_late_when_it_leaves_more_than_half_an_hour_after_its_time(
    minutes: int, late: tuple[str, ...]
) -> None:
    back = at(opened_at(FRIDAY).incident, FRIDAY + timedelta(hours=24, minutes=minutes))

    assert [one.late for one in about(back, "decide_ico")] == [late]


@pytest.mark.parametrize(("monday", "late"), [("Mon 2026-11-23 09:10", ()), ("Mon 2026-11-23 10:00", ("reminder",))])
def test_waiting_for_the_office_is_not_being_late(monday: str, late: tuple[str, ...]) -> None:
    incident = opened_at(london("Fri 2026-11-20 18:50"), report=a_report(missing=("subjects",))).incident
    (mail,) = [one for one in at(incident, london(monday)).notices if one.recipient == RITA]

    assert mail.late == late


def test_an_investigation_found_overdue_is_asked_for_in_one_mail_that_says_so() -> None:
    opened = opened_at(FRIDAY, report=a_report(occurred_at=london("Mon 2026-11-02 09:00")))
    monday = at(opened.incident, london("Mon 2026-11-23 09:00"))
    asked = about(monday, "investigate")

    assert about(opened, "investigate") == []
    assert [one.recipient for one in asked] == [GWEN]
    assert "three days left" in asked[0].late
    assert duty_of(opened.incident, "investigate").due_at == london("Thu 2026-11-12 17:00")


def test_the_dpo_is_told_once_when_the_discovery_was_days_ago() -> None:
    opened = opened_at(FRIDAY, report=a_report(discovered_at=FRIDAY - timedelta(hours=50)))
    (mail,) = [one for one in opened.notices if one.recipient == DORA]

    assert mail.template == "dpo_notice"
    assert mail.late == ("24 hours", "48 hours", "48 hours, deputy")


def test_the_rota_is_called_at_once_when_the_72_hours_are_nearly_over_at_the_report() -> None:
    opened = opened_at(FRIDAY, report=a_report(discovered_at=FRIDAY - timedelta(hours=70)))

    assert ROTA[0] in recipients(opened)


def test_reminders_of_one_kind_to_one_person_become_one_mail() -> None:
    monday = at(at(opened_at(FRIDAY).incident, london("Sat 2026-11-21 14:50")).incident, london("Mon 2026-11-23 09:00"))
    (mail,) = [one for one in monday.notices if one.recipient == IG_DESK and one.template == "reminder"]

    assert mail.asks == ("triage", "contain", "assess")
    assert mail.wanted == "incident_open"


def test_below_medium_the_responsible_line_manager_investigates_and_the_queue_is_asked_who_that_is() -> None:
    low = opened_at(FRIDAY, triage=a_triage(severity=Severity.LOW)).incident
    monday = at(low, london("Mon 2026-11-23 09:00"))

    assert {one.recipient for one in about(monday, "investigate")} == {IG_DESK}


def test_a_new_holder_is_asked_at_once_and_from_the_start_when_the_desk_names_one() -> None:
    incident = at(opened_at(FRIDAY).incident, london("Mon 2026-11-23 09:00")).incident
    answer = Answered(duty_kind="", key="responsible manager", value="resa.responsible@council.example", by=IGOR)

    named = advance(incident, answer, london("Mon 2026-11-23 10:00"), RULES)

    (mail,) = [one for one in named.notices if one.recipient == "resa.responsible@council.example"]
    assert (mail.template, mail.asks) == ("line_manager_notice", ("contain",))
    assert duty_of(named.incident, "contain").plan_version == 2


def test_nothing_is_planned_anew_when_nothing_changes() -> None:
    incident = opened_at(FRIDAY).incident
    later = at(incident, FRIDAY + timedelta(hours=1))

    assert later.incident == incident
    assert (later.notices, later.audit) == ((), ())


def test_nothing_is_sent_and_nothing_starts_when_the_incident_is_closed() -> None:
    incident = opened_at(FRIDAY).incident.but(duties=(), closed_at=FRIDAY)

    later = at(incident, FRIDAY + timedelta(days=30))

    assert later.notices == ()
    assert later.incident.duties == ()
    assert later.incident.next_step_at is None
