"""What a person must supply is asked for: who and where of the queue, doubts of the IG Team; and ladders without silence."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from mailbot.incident import Incident
from mailbot.procedure.decision import Answered, Decision, TimePassed
from mailbot.procedure.machine import advance
from mailbot.procedure.rules import ProcedureRules, Rules
from mailbot.terms import Queue, Severity
from tests.procedure.answering import EVENING, FRIDAY, answer, duty_of, opened
from tests.procedure.conftest import (
    CARA,
    DORA,
    IG_DESK,
    IGOR,
    RESA,
    ROTA,
    RULES,
    SIMON,
    STRANGER,
    a_report,
    a_triage,
    opened_at,
    recipients,
)
from tests.procedure.test_rules import MINIMAL, minimal


def kinds(incident: Incident) -> set[str]:
    return {duty.kind for duty in incident.open_duties}


def test_the_queue_is_asked_to_name_who_and_where_until_everybody_is_named() -> None:
    incident = opened(sender=STRANGER)
    assert incident.group is None
    first = answer(incident, "Group: Housing").incident
    assert "name_people" in kinds(first)

    decision = answer(first, f"Responsible manager: {RESA}")
    ended = duty_of(decision, "name_people").discharged

    assert ended is not None
    assert (ended.how, ended.by) == ("everybody is named", IGOR)


def test_the_queue_may_say_that_somebody_is_not_known() -> None:
    ended = duty_of(answer(opened(), "Names: not known, because a machine did it"), "name_people").discharged

    assert ended is not None
    assert ended.how == "not known"


def test_nobody_is_asked_for_names_while_it_is_an_allegation() -> None:
    assert "name_people" not in kinds(opened(triage=a_triage(allegation=True)))


@pytest.mark.parametrize(
    ("changes", "doubtful"),
    [
        ({}, False),
        ({"triage": a_triage(personal_data=False)}, True),
        ({"report": a_report(discovered_at=FRIDAY - timedelta(hours=9), doubtful=("discovered_at",))}, True),
    ],
)
def test_the_ig_team_is_asked_to_settle_what_is_doubtful(changes: dict[str, object], doubtful: bool) -> None:
    assert ("settle_doubts" in kinds(opened(**changes))) is doubtful


def test_the_doubt_about_personal_data_ends_with_the_answer() -> None:
    decision = answer(opened(triage=a_triage(personal_data=False)), "Personal data: yes")
    ended = duty_of(decision, "settle_doubts").discharged

    assert ended is not None
    assert ended.how == "nothing is doubtful any more"
    assert not any("personal data" in doubt for doubt in decision.incident.doubts)


def test_a_dpo_who_reported_it_is_heard_as_the_dpo() -> None:
    incident = opened(sender=DORA)
    moved = answer(incident, "Aware: 19 November, because I knew", DORA, moment=FRIDAY - timedelta(hours=20))

    assert moved.incident.aware_at == FRIDAY - timedelta(hours=20)
    assert DORA in recipients(moved)


def test_a_desk_member_who_reported_it_answers_for_the_desk() -> None:
    decision = answer(opened(sender=IGOR), "Personal data: no, because it was a price list", IGOR)

    assert decision.incident.personal_data is False
    assert IGOR in recipients(decision)


def sent_until(incident: Incident, hours: float) -> list[Decision]:
    decisions = []
    end = FRIDAY + timedelta(hours=hours)
    while incident.next_step_at and incident.next_step_at <= end:
        decisions.append(advance(incident, TimePassed(), incident.next_step_at, RULES))
        incident = decisions[-1].incident
    return decisions


def calls(decisions: list[Decision]) -> list[str]:
    notices = [notice for one in decisions for notice in one.notices]
    return [one.recipient for one in notices if "reach_on_call" in one.asks]


@pytest.mark.parametrize(("hours", "asked"), [(1.9, set()), (2, {SIMON, CARA})])
def test_siro_and_caldicott_guardian_are_asked_when_nobody_on_call_answers_for_two_hours(
    hours: float, asked: set[str]
) -> None:
    incident = opened(triage=a_triage(safety=("address disclosed",)))

    assert set(calls(sent_until(incident, hours))) - set(ROTA) == asked


@pytest.mark.parametrize(
    ("hours", "called"),
    [
        (5.9, [*ROTA, *ROTA, *ROTA]),
        (6, [*ROTA, *ROTA, *ROTA, SIMON]),
        (14, [*ROTA, *ROTA, *ROTA, SIMON]),
        (24, [*ROTA, *ROTA, *ROTA, SIMON, ROTA[0]]),
        (48, [*ROTA, *ROTA, *ROTA, SIMON, *ROTA]),
    ],
)
def test_without_danger_six_calls_go_round_the_rota_then_the_siro_is_told_and_each_morning_brings_one_more(
    hours: float, called: list[str]
) -> None:
    decision = opened_at(FRIDAY, triage=a_triage(severity=Severity.HIGH))

    assert calls([decision, *sent_until(decision.incident, hours)]) == called


def test_nobody_is_rung_for_ever() -> None:
    decision = opened_at(FRIDAY, triage=a_triage(safety=("address disclosed",)))
    called = calls([decision, *sent_until(decision.incident, 24 * 60)])

    assert {one: called.count(one) for one in ROTA} == {ROTA[0]: 10, ROTA[1]: 9}


def test_the_calls_stop_when_somebody_is_reached() -> None:
    incident = advance(
        opened(triage=a_triage(safety=("address disclosed",))),
        Answered(duty_kind="reach_on_call", key="on call", value="reached", by=ROTA[0]),
        EVENING,
        RULES,
    ).incident

    assert calls(sent_until(incident, 30)) == []


def without_rule(kind: str) -> Rules:
    """The rules as they stand after the council took a kind of duty out of its file."""
    procedure = RULES.procedure
    told = tuple(row.but(carries=tuple(one for one in row.carries if one != kind)) for row in procedure.told)
    duties = tuple(
        rule.but(also_ends_with=tuple(one for one in rule.also_ends_with if one != kind))
        for rule in procedure.duties
        if rule.kind != kind
    )
    return RULES.but(procedure=procedure.but(duties=duties, told=told, severity_changed=None))


def test_a_duty_whose_rule_is_gone_stays_open_and_comes_to_rest_once() -> None:
    incident, rules = opened(), without_rule("contain")
    once = advance(incident, TimePassed(), EVENING, rules)
    duty = once.incident.duty("contain")

    assert duty is not None
    assert (duty.is_open, duty.next_step_at) == (True, None)
    assert [one.action for one in once.audit].count("duty without a rule") == 1
    again = advance(once.incident, TimePassed(), EVENING + timedelta(minutes=1), rules)
    assert again == Decision(incident=once.incident)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"ask": ["Queue: confirmed, because …"]}, "even before its open part"),
        ({"ask": ["Queue: perhaps"]}, "would not be understood"),
        ({"ask": ["Weather: fine"]}, "none of its answers"),
        ({"asks_for": ["group"]}, "asks for “group”"),
        ({"steps": [{"name": "a", "when": "start", "conditions": ["raining"]}]}, "unknown condition raining"),
    ],
)
def test_a_request_that_would_mislead_is_refused(changes: dict[str, object], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        ProcedureRules.model_validate(minimal(**changes))


def test_a_request_about_the_incident_that_answers_itself_is_refused() -> None:
    row = {"key": "dates", "verbs": ["confirmed"], "by": ["ig_team"], "ask": "Dates: confirmed, because …"}

    with pytest.raises(ValidationError, match=r"answer “dates”.*even before its open part"):
        ProcedureRules.model_validate(MINIMAL | {"answers": [row]})


def test_the_ig_team_settles_the_doubts_when_the_it_desk_acts() -> None:
    decision = opened_at(FRIDAY, triage=a_triage(queue=Queue.IT, personal_data=False))

    assert duty_of(decision, "settle_doubts").person == IG_DESK
    assert IG_DESK in recipients(decision)
