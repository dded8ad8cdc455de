"""What answers change: queue, severity, the duties themselves, the clocks."""

from datetime import timedelta

import pytest

from mailbot.procedure.doubts import DISCOVERY_DOUBTFUL
from mailbot.terms import Queue, Severity
from tests.procedure.answering import EVENING, FRIDAY, answer, duty_of, opened
from tests.procedure.conftest import (
    DORA,
    IG_DESK,
    IGOR,
    IT_DESK,
    IVY,
    RITA,
    SIMON,
    a_report,
    a_triage,
    london,
    recipients,
    templates,
)


def test_what_was_met_stays_frozen_when_the_clock_is_moved_afterwards() -> None:
    incident = answer(opened(), "ICO: not required, because it was encrypted", by=DORA).incident
    moved = answer(incident, "Aware: earlier, because the night desk knew", DORA, moment=FRIDAY - timedelta(days=9))

    assert moved.incident.aware_at == FRIDAY - timedelta(days=9)
    assert duty_of(moved, "decide_ico") == incident.duty("decide_ico")


def test_a_referral_changes_the_queue_and_asks_the_other_desk() -> None:
    decision = answer(opened(), "Queue: IT")

    assert (decision.incident.queue, decision.incident.queue_confirmed) == (Queue.IT, True)
    assert templates(decision) == {IGOR: "receipt", IT_DESK: "queue_notice"}
    (notice,) = [one for one in decision.notices if one.recipient == IT_DESK]
    assert "assess" in notice.asks
    assert duty_of(decision, "assess").person == IT_DESK


def test_a_referral_keeps_the_clock_and_adds_to_the_history() -> None:
    incident = opened()
    decision = answer(incident, "Queue: IT")

    kept = ("reference", "aware_at", "received_at", "occurred_at", "discovered_at", "queue_reasons", "ratings", "facts")
    assert all(getattr(decision.incident, name) == getattr(incident, name) for name in kept)
    asked = incident.duty("decide_ico")
    assert asked is not None
    assert duty_of(decision, "decide_ico").due_at == asked.due_at
    assert any(entry.by == IGOR for entry in decision.audit)


def test_a_referral_back_tells_the_first_desk_again() -> None:
    there = answer(opened(), "Queue: IT")
    back = answer(there.incident, "Queue: IG", by=IVY, now=EVENING + timedelta(hours=1))

    assert back.incident.queue is Queue.IG
    assert IG_DESK in recipients(back)


@pytest.mark.parametrize(
    ("word", "severity"),
    [
        ("low, because it was found", Severity.LOW),
        ("Very  high – because of the children", Severity.VERY_HIGH),
        ("HIGH. Many people are named.", Severity.HIGH),
    ],
)
def test_a_person_may_raise_or_lower_the_severity(word: str, severity: Severity) -> None:
    decision = answer(opened(), f"Severity: {word}")

    assert decision.incident.severity is severity
    assert not decision.incident.severity_is_provisional
    assert len(decision.incident.ratings) == 2
    assert not duty_of(decision, "assess").is_open
    assert decision.notices[0].mentions["recorded"] == severity.words


def test_the_severity_may_change_again_after_its_duty_is_done() -> None:
    first = answer(opened(), "Severity: low, because one person is affected")
    second = answer(
        first.incident, "Severity: high, because more people are affected", now=EVENING + timedelta(hours=2)
    )

    assert second.incident.severity is Severity.HIGH
    assert duty_of(second, "assess") == duty_of(first, "assess")
    assert SIMON in recipients(second)


def test_the_ico_duty_ends_when_ig_confirms_that_no_personal_data_is_involved() -> None:
    decision = answer(opened(), "Personal data: none, because it was a price list")
    ended = duty_of(decision, "decide_ico").discharged

    assert ended is not None
    assert (ended.how, ended.by) == ("no personal data", IGOR)


def test_the_ico_duty_starts_anew_when_personal_data_turns_up_after_all() -> None:
    without = answer(opened(), "Personal data: no, because it was a price list")
    turned = answer(without.incident, "Personal data: yes", now=EVENING + timedelta(hours=3))

    duty = duty_of(turned, "decide_ico")
    assert duty.is_open
    assert duty.due_at == FRIDAY + timedelta(hours=72)
    assert len({one.id for one in turned.incident.duties}) == len(turned.incident.duties)
    assert DORA in recipients(turned)


def test_the_bots_own_guess_that_no_personal_data_is_involved_stops_no_clock() -> None:
    incident = opened(triage=a_triage(personal_data=False))

    assert incident.personal_data is None
    assert incident.duty("decide_ico") is not None


def test_an_answer_of_not_yet_is_recorded_and_the_duty_stays() -> None:
    decision = answer(opened(), "Contained: not yet, she does not answer")

    assert duty_of(decision, "contain").is_open
    assert templates(decision) == {IGOR: "receipt"}


@pytest.mark.parametrize(
    "words",
    [
        "yes, I asked the school on 3 November to delete it and they confirmed",
        "Done, because the recipient deleted it and has told nobody.",
    ],
)
def test_containment_is_recorded_in_the_managers_own_words(words: str) -> None:
    decision = answer(opened(), f"Contained: {words}", moment=london("Tue 2026-11-03 09:00"))
    ended = duty_of(decision, "contain").discharged

    assert ended is not None
    assert ended.how == "contained"
    assert ended.met is None


@pytest.mark.parametrize(
    ("line", "how"),
    [
        ("Police reference: 22/4471-26", "crime reference given"),
        ("Police reference: not needed, because it was found", "not needed"),
    ],
)
def test_the_reporter_sends_the_crime_reference(line: str, how: str) -> None:
    decision = answer(opened(triage=a_triage(stolen=True)), line, by=RITA)
    ended = duty_of(decision, "police_reference").discharged

    assert ended is not None
    assert ended.how == how


def test_only_the_dpo_moves_the_start_of_the_72_hours_and_the_history_keeps_the_old_one() -> None:
    moment = FRIDAY - timedelta(hours=20)
    by_ig = answer(opened(), "Aware: 19 November, because the night desk knew", IGOR, moment=moment)
    by_dpo = answer(opened(), "Aware: 19 November, because the night desk knew", DORA, moment=moment)

    assert by_ig.incident.aware_at == FRIDAY
    assert by_dpo.incident.aware_at == moment
    assert by_dpo.audit[0].details["aware at before"] == FRIDAY.isoformat()
    assert duty_of(by_dpo, "decide_ico").due_at == moment + timedelta(hours=72)
    assert duty_of(by_dpo, "decide_ico").plan_version == 2


def test_a_doubtful_discovery_counts_when_ig_confirms_it() -> None:
    discovered = FRIDAY - timedelta(hours=9)
    incident = opened(report=a_report(discovered_at=discovered, doubtful=("discovered_at",)))
    decision = answer(incident, "Dates: confirmed")

    assert incident.aware_at == FRIDAY
    assert decision.incident.aware_at == discovered
    assert DISCOVERY_DOUBTFUL not in decision.incident.doubts


def test_what_the_reporter_says_of_the_group_is_a_fact_and_no_answer_to_be_held() -> None:
    incident = opened()
    decision = answer(incident, "Group: Adult Care", by=RITA)

    assert templates(decision) == {RITA: "receipt"}
    assert [entry.action for entry in decision.audit] == ["stated"]
    assert decision.incident == incident
