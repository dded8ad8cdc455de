"""Whom care keeps out, or wakes: allegations, strangers, safety, restricted incidents, people named as involved."""

from datetime import timedelta

import pytest

from mailbot.incident import Queue, Severity
from mailbot.procedure.conditions import INVOLVED
from mailbot.procedure.decision import Answered, Decision, Priority, TimePassed
from mailbot.procedure.machine import advance
from mailbot.procedure.rules import Rules
from tests.procedure.conftest import (
    DAN,
    DORA,
    GWEN,
    HEATHER,
    IG_DESK,
    IGOR,
    LIAM,
    RITA,
    ROTA,
    RULES,
    SIMON,
    STRANGER,
    a_report,
    a_triage,
    fact,
    london,
    opened_at,
    recipients,
    templates,
)

NOW = london("Fri 2026-11-20 18:50")


def later(decision: Decision, hours: float, rules: Rules = RULES) -> Decision:
    return advance(decision.incident, TimePassed(), NOW + timedelta(hours=hours), rules)


@pytest.mark.parametrize(("proven", "expected"), [(True, {"acknowledgement_outside"}), (False, set())])
def test_a_stranger_is_acknowledged_only_when_the_gateway_vouches_for_the_address(
    proven: bool, expected: set[str]
) -> None:
    report = a_report(missing=("subjects",))
    opened = opened_at(NOW, sender=STRANGER, proven=proven, report=report)
    decisions = [opened, *(later(opened, hours) for hours in (24, 72, 240, 400))]

    to_stranger = {one.template for decision in decisions for one in decision.notices if one.recipient == STRANGER}
    assert to_stranger == expected


def test_only_ig_and_the_dpo_are_told_of_an_allegation_from_the_public() -> None:
    opened = opened_at(
        NOW, sender=STRANGER, triage=a_triage(allegation=True), report=a_report(fields={"group": fact("Housing")})
    )

    assert templates(opened) == {STRANGER: "acknowledgement_outside", DORA: "dpo_notice", IG_DESK: "queue_notice"}


def test_the_others_are_told_when_the_allegation_is_substantiated() -> None:
    triage = a_triage(allegation=True)
    opened = opened_at(NOW, sender=STRANGER, triage=triage, report=a_report(fields={"group": fact("Housing")}))
    answer = Answered(duty_kind="substantiate", key="substantiated", value="yes, because the log shows it", by=IGOR)

    told = advance(opened.incident, answer, NOW + timedelta(hours=15), RULES)

    assert GWEN in recipients(told)


def test_a_safety_flag_changes_the_acknowledgement_and_wakes_the_rota() -> None:
    notices = {one.recipient: one for one in opened_at(NOW, triage=a_triage(safety=("address disclosed",))).notices}

    assert notices[RITA].template == "acknowledgement_safety"
    assert notices[ROTA[0]].template == "on_call_notice"
    assert {notices[RITA].priority, notices[ROTA[0]].priority} == {Priority.URGENT}


def test_the_next_on_the_rota_is_called_when_nobody_answers_within_an_hour() -> None:
    opened = opened_at(NOW, triage=a_triage(severity=Severity.HIGH))

    assert ROTA[1] not in recipients(later(opened, 0.99))
    assert ROTA[1] in recipients(later(opened, 1))


def test_the_rota_is_left_alone_when_somebody_has_answered() -> None:
    opened = opened_at(NOW, triage=a_triage(severity=Severity.HIGH))
    answer = Answered(duty_kind="triage", key="queue", value="confirmed", by=IGOR)
    confirmed = advance(opened.incident, answer, NOW + timedelta(minutes=30), RULES)

    assert not set(ROTA) & set(recipients(later(confirmed, 1)))


def test_only_the_dpo_hr_and_the_reporter_hear_of_a_restricted_incident() -> None:
    triage = a_triage(restricted=("confidentiality asked for",), severity=Severity.HIGH, also_tell=(Queue.IT,))
    opened = opened_at(NOW, triage=triage, report=a_report(missing=("subjects",)))
    allowed = {RITA, DORA, HEATHER, DAN, *ROTA}

    assert templates(opened)[DORA] == "restricted_notice"
    for hours in (0, 5, 24, 70, 100, 400):
        assert set(recipients(later(opened, hours))) <= allowed
        assert not {"queue_notice", "senior_notice"} & {one.template for one in later(opened, hours).notices}


def test_the_siro_handles_it_when_the_dpo_is_named_as_involved() -> None:
    organisation = RULES.organisation
    entry = next(iter(organisation.people.values())).but(address=DORA, name="Dora Dee")
    rules = RULES.but(organisation=organisation.but(people=organisation.people | {DORA: entry}))
    report = a_report(fields={"involved": fact("It was sent by  Dora Dee herself")})

    opened = opened_at(NOW, report=report, rules=rules)

    assert templates(opened)[SIMON] == "restricted_notice"
    assert DORA not in recipients(opened)
    assert DORA not in {sent.recipient for duty in opened.incident.duties for sent in duty.sent}


def test_everybody_else_is_told_when_the_dpo_releases_a_restricted_incident() -> None:
    opened = opened_at(NOW, triage=a_triage(restricted=("confidentiality asked for",)))
    answer = Answered(duty_kind="", key="restricted", value="released, because HR agrees", by=DORA)

    released = advance(opened.incident, answer, NOW + timedelta(hours=14), RULES)

    assert {IG_DESK, GWEN, LIAM} <= set(recipients(released))


def test_a_manager_named_as_involved_is_not_told_before_ig_has_said_so() -> None:
    report = a_report(fields={"involved": fact("Liam Linemanager")})
    opened = opened_at(NOW, report=report)
    answer = Answered(duty_kind="", key="managers", value="tell", by=IGOR)
    allowed = advance(opened.incident, answer, NOW + timedelta(hours=1), RULES)

    assert LIAM not in recipients(opened)
    assert INVOLVED in opened.incident.doubts
    assert LIAM in recipients(allowed)
    assert INVOLVED not in allowed.incident.doubts


def test_a_name_within_another_name_involves_nobody() -> None:
    opened = opened_at(NOW, report=a_report(fields={"involved": fact("William Linemanagers")}))

    assert LIAM in recipients(opened)
