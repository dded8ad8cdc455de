"""Answers to what nobody was asked for yet: they count when it is asked, or are sent back with a clear word."""

from datetime import timedelta

import pytest

from mailbot.incident import Incident
from mailbot.procedure.grammar import Problem
from mailbot.terms import Severity
from tests.procedure.answering import EVENING, answer, duty_of, opened, problem_in
from tests.procedure.conftest import DORA, IGOR, RESA, RITA, SIMON, a_triage
from tests.procedure.investigating import (
    LEAD,
    MONDAY,
    OFFICER,
    TUESDAY,
    WEDNESDAY,
    open_kinds,
    placed,
    said,
    settled,
    to_be_led,
)


def low() -> Incident:
    return opened(triage=a_triage(severity=Severity.LOW)).but(group="Housing", responsible_line_manager=RESA)


def test_a_view_given_before_it_was_asked_counts_when_it_is_and_the_siro_is_not_asked() -> None:
    before = said(low(), "SIRO view: report it, because it is in the press", SIMON, EVENING)
    assert before.duty("consult_siro") is None

    decision = answer(before, "severity: medium, because there are more of them", by=IGOR, now=MONDAY)

    ended = duty_of(decision, "consult_siro").discharged
    assert ended is not None
    assert (ended.by, ended.how, ended.at, ended.met) == (SIMON, "view given: report it", EVENING, True)
    assert "consult_siro" not in {kind for notice in decision.notices for kind in notice.asks}
    assert decision.incident.ahead == ()


@pytest.mark.parametrize(
    ("line", "by", "starts", "who", "kind"),
    [
        (
            "people told: yes, by telephone on Saturday",
            LEAD,
            "data subjects: notify, because so",
            DORA,
            "tell_data_subjects",
        ),
        ("controller told: yes, their DPO by telephone", IGOR, "controller: Exampleton Trust", IGOR, "tell_controller"),
        (
            "data subjects: notify, because of the children",
            DORA,
            "severity: high, because so",
            IGOR,
            "decide_data_subjects",
        ),
    ],
)
def test_what_was_done_before_it_was_asked_stays_done(line: str, by: str, starts: str, who: str, kind: str) -> None:
    before = said(placed(), line, by, MONDAY)
    assert before.duty(kind) is None

    after = said(before, starts, who, TUESDAY)

    ended = duty_of(settled(after, TUESDAY), kind).discharged
    assert ended is not None
    assert (ended.by, ended.at) == (by, MONDAY)
    assert kind not in open_kinds(settled(after, WEDNESDAY).incident)


def test_a_decision_that_nothing_is_needed_is_asked_for_again_when_the_rating_is_raised() -> None:
    before = said(placed(), "data subjects: not required, because it was encrypted", DORA, MONDAY)

    after = said(before, "severity: high, because it was not encrypted", IGOR, TUESDAY)

    assert "decide_data_subjects" in open_kinds(after)
    decided = said(after, "data subjects: notify, because it was not encrypted", DORA, WEDNESDAY)
    assert decided.data_subjects is not None
    assert decided.data_subjects.notify


def test_the_later_of_two_answers_ahead_counts_and_not_yet_takes_back_the_first() -> None:
    first = said(placed(), "people told: yes, by telephone", LEAD, MONDAY)
    back = said(first, "people told: not yet, because two are abroad", LEAD, TUESDAY)

    after = said(back, "data subjects: notify, because so", DORA, TUESDAY)

    assert first.ahead
    assert back.ahead == ()
    assert "tell_data_subjects" in open_kinds(after)


@pytest.mark.parametrize(
    ("line", "by"),
    [
        ("others: not needed, because nobody else is concerned", IGOR),
        ("substantiated: no, because it is hearsay", IGOR),
        ("police reference: not needed, because nothing is gone", RITA),
        ("people told: not yet, because nobody said so", DORA),
    ],
)
def test_what_can_count_neither_now_nor_later_is_sent_back_with_a_clear_word(line: str, by: str) -> None:
    before = settled(low(), EVENING).incident

    decision = answer(before, line, by=by)

    assert problem_in(decision) == Problem.NOT_ASKED_YET
    assert decision.incident == settled(before, EVENING).incident


def test_an_answer_ahead_by_somebody_who_is_not_to_hold_the_duty_is_held() -> None:
    decision = answer(low(), "SIRO view: report it, because so", by=RESA)

    assert decision.incident.ahead == ()
    assert "answer_held" in [notice.template for notice in decision.notices]


def test_a_name_given_ahead_leaves_nothing_to_ask() -> None:
    before = said(low(), f"incident lead: {LEAD}", DORA, MONDAY)
    before = said(before, f"support officer: {OFFICER}", IGOR, MONDAY)
    before = said(before, "severity: medium, because there are more of them", IGOR, MONDAY)

    after = said(before, "investigation recommended: yes, because it happened before", IGOR, TUESDAY)

    assert {"nominate_lead", "assign_support_officer"}.isdisjoint(open_kinds(after))
    assert "nominate_lead" in open_kinds(to_be_led())


def test_a_view_after_the_decision_stands_in_the_history_and_reopens_nothing() -> None:
    decided = said(placed(), "ICO: not required, because nobody read it", DORA, MONDAY)

    decision = answer(decided, "SIRO view: report it, because it is in the press", by=SIMON, now=TUESDAY)

    assert decision.incident.ahead == ()
    assert duty_of(decision, "consult_siro") == decided.duty("consult_siro")
    assert SIMON in [entry.by for entry in decision.audit if entry.action == "answered"]


def test_an_answer_ahead_in_an_outage_counts_from_its_arrival() -> None:
    arrived = EVENING + timedelta(hours=1)
    before = said(low(), "SIRO view: report it, because so", SIMON, MONDAY, received_at=arrived)

    ended = duty_of(answer(before, "severity: medium, because so", by=IGOR, now=MONDAY), "consult_siro").discharged

    assert ended is not None
    assert ended.at == arrived
