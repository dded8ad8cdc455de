"""The regulator, the people affected, controllers and the SIRO: what the answers about them bring about."""

from datetime import datetime, timedelta

import pytest

from mailbot.incident import Incident
from mailbot.notifications import IcoDecision
from mailbot.procedure.decision import FactsArrived
from mailbot.procedure.grammar import Problem
from mailbot.procedure.machine import advance
from mailbot.terms import Role, Severity
from tests.procedure.answering import EVENING, FRIDAY, answer, duty_of, opened, problem_in
from tests.procedure.conftest import CARA, DORA, GWEN, IGOR, RITA, RULES, SIMON, a_triage, fact, london
from tests.procedure.investigating import (
    LEAD,
    MONDAY,
    OFFICER,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    open_kinds,
    placed,
    said,
    settled,
    signed,
    to_be_led,
    with_closing_facts,
    with_other_duties_done,
)

NUMBER = "IC-123456-A1B2"


def ico_of(incident: Incident) -> IcoDecision:
    assert incident.ico is not None
    return incident.ico


def told_to_the_ico(incident: Incident, now: datetime = EVENING) -> Incident:
    return said(incident, f"ICO: reported, {NUMBER}", DORA, now)


# ---------------------------------------------------------------- the regulator


def test_what_the_dpo_told_the_regulator_is_kept_with_its_number_and_moment() -> None:
    moment = EVENING - timedelta(hours=1)

    decision = answer(opened(), f"ICO: reported, 20 November 2026, 8.50pm, {NUMBER.lower()}", by=DORA, moment=moment)

    ico = ico_of(decision.incident)
    assert (ico.reported, ico.by, ico.at, ico.reference) == (True, DORA, moment, NUMBER)
    assert not ico.needs_update
    assert duty_of(decision, "decide_ico").discharged is not None


@pytest.mark.parametrize(("hours", "late"), [(72, False), (73, True)])
def test_a_late_report_is_kept_with_its_reasons(hours: int, late: bool) -> None:
    now = FRIDAY + timedelta(hours=hours)
    unexplained = answer(opened(), f"ICO: reported, {NUMBER}", by=DORA, now=now)
    explained = answer(opened(), f"ICO: reported, {NUMBER}, because nobody saw the mail", by=DORA, now=now)

    assert (unexplained.incident.ico is None) is late
    assert not late or problem_in(unexplained) == Problem.REASON_FOR_LATENESS_MISSING
    assert "nobody saw the mail" in ico_of(explained.incident).reason
    discharged = duty_of(explained, "decide_ico").discharged
    assert discharged is not None
    assert discharged.met is not late


def test_a_number_that_comes_later_moves_neither_the_moment_nor_the_final_status() -> None:
    moment = EVENING - timedelta(hours=1)
    incident = said(opened(), "ICO: reported, 20 November 2026, 8.50pm", DORA, moment=moment)
    incident = said(incident, "final status: no further action", DORA, MONDAY)

    incident = said(incident, f"ICO: reported, {NUMBER}", DORA, london("Tue 2026-12-01 10:00"))

    ico = ico_of(incident)
    assert (ico.at, ico.reference, ico.final) == (moment, NUMBER, True)


def test_a_decision_not_to_tell_the_regulator_is_kept_with_its_reason_and_ends_the_matter() -> None:
    incident = said(opened(), "ICO: not required, because nobody read it", DORA)

    assert (ico_of(incident).reported, ico_of(incident).reason) == (False, "nobody read it")
    raised = said(incident, "severity: high, because it is worse", IGOR, MONDAY)
    assert "update_ico" not in open_kinds(raised)


@pytest.mark.parametrize("line", ["ICO: not required", "ICO: not required, because", "ICO: not required."])
def test_a_decision_not_to_tell_the_regulator_needs_a_reason(line: str) -> None:
    decision = answer(opened(), line, by=DORA)

    assert decision.incident.ico is None
    assert problem_in(decision) == Problem.REASON_MISSING


def test_the_regulator_is_to_be_told_when_the_severity_changes_after_it_was_told() -> None:
    reported = told_to_the_ico(placed(), MONDAY)
    assert "update_ico" not in open_kinds(reported)

    decision = answer(reported, "severity: high, because 400 people are on the list", by=IGOR, now=TUESDAY)

    assert ico_of(decision.incident).needs_update
    duty = duty_of(decision, "update_ico")
    assert (duty.holder, duty.person, duty.is_open) == (Role.SUPPORT_OFFICER, OFFICER, True)
    assert OFFICER in [notice.recipient for notice in decision.notices if "update_ico" in notice.asks]


def test_the_regulator_is_to_be_told_when_it_was_decided_on_the_people_affected() -> None:
    reported = told_to_the_ico(opened(triage=a_triage(severity=Severity.HIGH)))

    incident = said(reported, "data subjects: notify, because they are at risk", DORA)

    assert ico_of(incident).needs_update


@pytest.mark.parametrize(("name", "matters"), [("subjects", True), ("actions", True), ("reporter_phone", False)])
def test_the_regulator_is_to_be_told_of_new_facts_that_its_form_asks_for(name: str, matters: bool) -> None:
    reported = told_to_the_ico(opened())
    event = FactsArrived(facts={name: fact("400")}, missing=(), by=RITA)

    incident = advance(reported, event, MONDAY, RULES).incident

    assert ico_of(incident).needs_update is matters


def test_the_same_severity_said_again_is_no_change_for_the_regulator() -> None:
    incident = said(told_to_the_ico(placed(), MONDAY), "severity: medium, because it is", IGOR, TUESDAY)

    assert not ico_of(incident).needs_update


@pytest.mark.parametrize(
    ("line", "how"),
    [("ICO update: sent, this morning", "sent"), ("ICO update: not needed, because they rang us", "not needed")],
)
def test_an_update_ends_its_duty_and_the_next_change_starts_another(line: str, how: str) -> None:
    changed = said(told_to_the_ico(placed(), MONDAY), "severity: high, because it is worse", IGOR, TUESDAY)

    updated = said(changed, line, OFFICER, WEDNESDAY)
    assert not ico_of(updated).needs_update
    first = updated.duty("update_ico")
    assert first is not None
    assert first.discharged is not None
    assert first.discharged.how == how

    again = said(updated, "severity: very high, because it is worse still", IGOR, THURSDAY)
    second = again.duty("update_ico")
    assert second is not None
    assert second.is_open
    assert second.id != first.id
    assert ico_of(again).needs_update


def test_there_is_nothing_to_update_while_the_regulator_was_not_told() -> None:
    decision = answer(opened(), "ICO update: sent, today", by=DORA)

    assert problem_in(decision) == Problem.NOT_REPORTED


def test_an_update_that_nobody_wants_any_more_is_not_asked_about_again_and_again() -> None:
    changed = said(told_to_the_ico(placed(), MONDAY), "severity: high, because it is worse", IGOR, TUESDAY)
    withdrawn = changed.but(ico=ico_of(changed).but(reported=False, needs_update=False))
    ended = settled(withdrawn, TUESDAY).incident

    decision = answer(ended, "ICO update: sent, this morning", by=OFFICER, now=WEDNESDAY)

    (notice,) = [one for one in decision.notices if one.recipient == OFFICER]
    assert (notice.template, notice.mentions["already"]) == ("receipt", "nothing has changed after all")
    assert decision.incident.duty("update_ico") == ended.duty("update_ico")


def test_the_final_status_is_wanted_before_an_incident_is_closed() -> None:
    incident = signed(with_other_duties_done(placed()))
    reported = incident.but(ico=IcoDecision(reported=True, by=DORA, at=TUESDAY, reference=NUMBER))
    waiting = settled(reported, WEDNESDAY).incident
    assert open_kinds(waiting) == ["final_status"]
    refused = answer(with_closing_facts(waiting), "close: yes", by=OFFICER, now=WEDNESDAY)
    assert problem_in(refused) == Problem.DUTIES_OPEN
    assert refused.incident.closed_at is None

    recorded = said(waiting, "final status: no further action, 25 November", OFFICER, WEDNESDAY)

    assert ico_of(recorded).final
    assert open_kinds(recorded) == ["close"]
    assert said(with_closing_facts(recorded), "close: yes", OFFICER, THURSDAY).closed_at == THURSDAY


def test_nothing_is_to_be_told_to_the_regulator_after_its_final_status() -> None:
    incident = said(told_to_the_ico(placed(), MONDAY), "final status: no further action", OFFICER, TUESDAY)

    changed = said(incident, "severity: high, because it is worse", IGOR, WEDNESDAY)

    assert not ico_of(changed).needs_update
    assert "update_ico" not in open_kinds(changed)


# ---------------------------------------------------------------- the people affected


@pytest.mark.parametrize(("severity", "asked"), [(Severity.MEDIUM, False), (Severity.HIGH, True)])
def test_the_dpo_decides_on_the_people_affected_from_high_on(severity: Severity, asked: bool) -> None:
    assert ("decide_data_subjects" in open_kinds(opened(triage=a_triage(severity=severity)))) is asked


@pytest.mark.parametrize(
    ("words", "exception"),
    [
        ("because Article 34(3)(a) applies, it was encrypted", "34(3)(a)"),
        ("because exception (b) applies", "34(3)(b)"),
        ("because of exception C: it would take too much effort", "34(3)(c)"),
        ("because nobody read it", ""),
    ],
)
def test_the_exception_is_kept_by_which_people_need_not_be_told(words: str, exception: str) -> None:
    high = opened(triage=a_triage(severity=Severity.HIGH))

    incident = said(high, f"data subjects: not required, {words}", DORA)

    decided = incident.data_subjects
    assert decided is not None
    assert (decided.notify, decided.exception, decided.by) == (False, exception, DORA)
    assert "tell_data_subjects" not in open_kinds(incident)
    assert "decide_data_subjects" not in open_kinds(incident)


def test_the_lead_is_asked_to_tell_the_people_affected_once_the_dpo_said_so() -> None:
    incident = said(placed(), "severity: high, because they are children", IGOR, MONDAY)

    incident = said(incident, "data subjects: notify, because they are at risk", DORA, TUESDAY)

    duty = incident.duty("tell_data_subjects")
    assert duty is not None
    assert (duty.holder, duty.person) == (Role.INCIDENT_LEAD, LEAD)
    waiting = said(incident, "people told: not yet, because two are abroad", LEAD, WEDNESDAY)
    assert "tell_data_subjects" in open_kinds(waiting)
    told = said(incident, "people told: yes, by telephone", LEAD, WEDNESDAY)
    assert "tell_data_subjects" not in open_kinds(told)


@pytest.mark.parametrize("by", [IGOR, SIMON])
def test_telling_the_people_may_be_recommended_at_a_low_rating(by: str) -> None:
    low = opened(triage=a_triage(severity=Severity.LOW))
    assert "decide_data_subjects" not in open_kinds(low)

    decision = answer(low, "recommend telling: yes, because they know each other", by=by)

    duty = duty_of(decision, "decide_data_subjects")
    assert (duty.person, duty.is_open) == (DORA, True)
    assert DORA in [notice.recipient for notice in decision.notices if "decide_data_subjects" in notice.asks]


def test_only_the_dpo_decides_on_the_people_affected() -> None:
    high = opened(triage=a_triage(severity=Severity.HIGH))

    decision = answer(high, "data subjects: not required, because I say so", by=GWEN)

    assert decision.incident.data_subjects is None
    assert "answer_held" in [notice.template for notice in decision.notices]


# ---------------------------------------------------------------- data of another organisation


def test_the_controller_is_told_in_the_place_of_regulator_and_people() -> None:
    high = opened(triage=a_triage(severity=Severity.HIGH))
    assert {"decide_ico", "decide_data_subjects"} <= set(open_kinds(high))

    incident = said(high, "controller: Exampleton Clinic Trust", IGOR)

    assert incident.processing is not None
    assert incident.processing.controller == "Exampleton Clinic Trust"
    assert not {"decide_ico", "decide_data_subjects"} & set(open_kinds(incident))
    ended = [duty.discharged.how for duty in incident.duties if duty.discharged and duty.kind.startswith("decide_")]
    assert ended == ["the Council only processes the data"] * 2
    duty = incident.duty("tell_controller")
    assert duty is not None
    assert (duty.holder, duty.is_open) == (Role.IG_TEAM, True)
    told = said(incident, "controller told: yes, their DPO by telephone", IGOR)
    assert "tell_controller" not in open_kinds(told)


def test_own_data_brings_regulator_and_people_back_with_the_old_clock() -> None:
    high = opened(triage=a_triage(severity=Severity.HIGH))
    incident = said(high, "controller: Exampleton Clinic Trust", IGOR)

    incident = said(incident, "correct: own data: yes, because the contract ended in May", IGOR, MONDAY)

    assert {"decide_ico", "decide_data_subjects"} <= set(open_kinds(incident))
    assert "tell_controller" not in open_kinds(incident)
    duty = incident.duty("decide_ico")
    assert duty is not None
    assert duty.due_at == high.aware_at + timedelta(hours=72)


def test_only_the_ig_team_says_whose_data_it_is() -> None:
    decision = answer(opened(), "controller: Exampleton Clinic Trust", by=GWEN)

    assert decision.incident.processing is None


# ---------------------------------------------------------------- the SIRO steps in


def test_the_siro_is_asked_to_step_in_when_the_dpo_escalates() -> None:
    decision = answer(opened(), "escalate: yes, because nobody answers", by=DORA)

    duty = duty_of(decision, "step_in")
    assert (duty.holder, duty.person) == (Role.SIRO, SIMON)
    asked = [notice.recipient for notice in decision.notices if notice.duty_kind == "step_in"]
    assert asked == [SIMON]
    done = said(decision.incident, "stepped in: I rang the Director", SIMON, MONDAY)
    assert "step_in" not in open_kinds(done)


def test_the_caldicott_guardian_hears_of_an_escalation_in_health_and_care() -> None:
    care = opened(triage=a_triage(health_or_social_care=True))

    decision = answer(care, "escalate: yes, because nobody answers", by=DORA)

    asked = [notice.recipient for notice in decision.notices if notice.duty_kind == "step_in"]
    assert asked == [SIMON, CARA]


def test_the_dpo_may_escalate_once_more_after_the_siro_has_stepped_in() -> None:
    first = said(opened(), "escalate: yes, because nobody answers", DORA)
    seen_to = said(first, "stepped in: I rang the Director", SIMON, MONDAY)
    assert "step_in" not in open_kinds(settled(seen_to, TUESDAY).incident)

    again = said(seen_to, "escalate: yes, because it stands still again", DORA, WEDNESDAY)

    assert open_kinds(again).count("step_in") == 1


@pytest.mark.parametrize("by", [IGOR, GWEN, RITA])
def test_only_the_dpo_escalates(by: str) -> None:
    decision = answer(opened(), "escalate: yes, because nobody answers", by=by)

    assert "step_in" not in open_kinds(decision.incident)


def test_the_silence_of_the_siro_is_shown_to_the_dpo_even_when_the_view_was_asked_for_late() -> None:
    decided = said(opened(triage=a_triage(severity=Severity.LOW)), "ICO: not required, because nobody read it", DORA)
    raised = said(decided, "severity: medium, because there are more of them", IGOR, MONDAY)
    duty = raised.duty("consult_siro")
    assert duty is not None
    assert duty.is_open
    assert duty.next_step_at is not None

    later = settled(raised, WEDNESDAY)

    asked = [one.recipient for one in later.notices if "consult_siro" in one.asks]
    assert asked == [DORA]


@pytest.mark.parametrize(
    ("line", "how"),
    [
        ("personal data: no, because it was a price list", "no personal data"),
        ("controller: Exampleton Clinic Trust", "the Council only processes the data"),
        ("not an incident: because it was a drill", "not an incident"),
    ],
)
def test_the_question_of_the_regulator_ends_with_its_real_reason(line: str, how: str) -> None:
    ended = duty_of(answer(opened(), line, by=IGOR), "decide_ico").discharged

    assert ended is not None
    assert (ended.how, ended.by) == (how, IGOR)


def test_a_lead_who_is_wanted_no_more_is_recorded_with_the_reason() -> None:
    waiting = to_be_led()
    assert "nominate_lead" in open_kinds(waiting)

    lowered = said(waiting, "severity: low, because one person is concerned", IGOR)
    named = said(waiting, f"incident lead: {LEAD}", DORA)

    ends = [incident.duty("nominate_lead") for incident in (lowered, named)]
    assert [one.discharged.how for one in ends if one and one.discharged] == ["rated below medium", "named"]


# ---------------------------------------------------------------- when the regulator was told


@pytest.mark.parametrize(
    ("line", "by"),
    [
        (f"ICO: reported, {NUMBER}", DORA),
        ("ICO: not required, because nobody read it", DORA),
    ],
)
def test_what_names_no_moment_was_decided_when_the_reply_arrived_though_an_outage_left_it_unread(
    line: str, by: str
) -> None:
    arrived = FRIDAY + timedelta(hours=71)

    decision = answer(opened(), line, by=by, now=FRIDAY + timedelta(hours=90), received_at=arrived)

    ended = duty_of(decision, "decide_ico").discharged
    assert ended is not None
    assert (ico_of(decision.incident).at, ended.at, ended.met) == (arrived, arrived, True)


@pytest.mark.parametrize("named", [True, False])
def test_an_assumed_moment_is_marked_as_such(named: bool) -> None:
    moment = EVENING - timedelta(hours=1) if named else None

    incident = answer(opened(), f"ICO: reported, {NUMBER}", by=DORA, moment=moment).incident

    assert ico_of(incident).at_assumed is not named


@pytest.mark.parametrize(("hours", "met"), [(72, True), (73, False)])
def test_the_moment_named_counts_and_not_the_arrival_of_the_reply(hours: int, met: bool) -> None:
    late = FRIDAY + timedelta(hours=100)
    line = f"ICO: reported, {NUMBER}, because we were at it all weekend"

    decision = answer(opened(), line, by=DORA, now=late, received_at=late, moment=FRIDAY + timedelta(hours=hours))

    ended = duty_of(decision, "decide_ico").discharged
    assert ended is not None
    assert ended.met is met


@pytest.mark.parametrize(
    ("day", "arrived", "met"),
    [
        ("Sun 2026-11-22 00:00", "Tue 2026-11-24 10:00", True),
        ("Mon 2026-11-23 00:00", "Mon 2026-11-23 18:50", True),
        ("Mon 2026-11-23 00:00", "Mon 2026-11-23 18:51", False),
        ("Mon 2026-11-23 00:00", "Tue 2026-11-24 10:00", False),
    ],
)
def test_a_day_without_a_time_makes_up_for_no_missed_hour(day: str, arrived: str, met: bool) -> None:
    """The 72 hours end on Monday at 18:50."""
    now = london("Tue 2026-11-24 12:00")
    unexplained, explained = (
        answer(opened(), line, by=DORA, now=now, received_at=london(arrived), moment=london(day))
        for line in (f"ICO: reported, {NUMBER}", f"ICO: reported, {NUMBER}, because nobody saw the mail")
    )

    assert (unexplained.incident.ico is not None) is met
    assert met or problem_in(unexplained) == Problem.REASON_FOR_LATENESS_MISSING
    ended = duty_of(explained, "decide_ico").discharged
    assert ended is not None
    assert ended.met is met
