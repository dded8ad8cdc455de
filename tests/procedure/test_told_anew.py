"""A new rating: whoever must know now is told, whoever knew of another is told once, and nobody else hears of it."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailbot.incident import Incident
from mailbot.procedure.decision import Answered, Decision, Event, FactsArrived, TimePassed
from mailbot.procedure.machine import advance
from mailbot.terms import Queue, Role, Severity
from tests.procedure.answering import EVENING, FRIDAY, answer, duty_of, opened
from tests.procedure.conftest import (
    CARA,
    DORA,
    GWEN,
    HEATHER,
    IG_DESK,
    IGOR,
    IT_DESK,
    ITSEC,
    IVY,
    LIAM,
    RESA,
    RITA,
    ROTA,
    RULES,
    SIMON,
    STELLA,
    a_triage,
    fact,
    london,
    recipients,
)
from tests.procedure.test_lives import EVENTS, OPENINGS, PAUSES

UPDATE = "severity_changed"
KNEW = {DORA, IG_DESK, GWEN, LIAM}
"""Who is told of an incident of a provisional medium at once, the Reporter apart."""


def told_anew(decision: Decision) -> list[str]:
    return sorted(one.recipient for one in decision.notices if one.template == UPDATE)


def graver_words(severity: Severity, by: str = RITA) -> FactsArrived:
    found = a_triage(severity=severity)
    return FactsArrived(facts={"subjects": fact("400")}, missing=(), by=by, found=found)


def later(incident: Incident, hours: float, event: Event | None = None) -> Decision:
    return advance(incident, event or TimePassed(), FRIDAY + timedelta(hours=hours), RULES)


def test_everybody_who_knew_of_a_medium_is_told_once_that_it_is_high() -> None:
    decision = answer(opened(), "Severity: high, because many are named")

    assert told_anew(decision) == sorted(KNEW)
    (notice,) = [one for one in decision.notices if one.recipient == GWEN]
    assert notice.mentions == {"before": "medium", "was_provisional": "1"}
    assert notice.role is Role.GROUP_MANAGER


def test_those_who_must_know_now_get_their_own_notice_and_no_update() -> None:
    decision = answer(opened(), "Severity: high, because many are named")
    senior = {one.recipient: one.template for one in decision.notices if one.recipient in {SIMON, STELLA}}
    assert senior == {SIMON: "senior_notice", STELLA: "senior_notice"}


def test_the_reporter_is_not_troubled_with_the_rating() -> None:
    assert RITA not in recipients(answer(opened(), "Severity: high, because many are named"))


@pytest.mark.parametrize("words", ["confirmed", "medium"])
def test_nobody_is_updated_when_the_rating_is_only_confirmed(words: str) -> None:
    assert told_anew(answer(opened(), f"Severity: {words}")) == []


def test_whoever_rates_gets_a_receipt_and_no_update_beside_it() -> None:
    decision = answer(opened(), "Severity: high, because many are named", by=DORA)

    to_dora = [(one.template, one.duty_kind) for one in decision.notices if one.recipient == DORA]
    assert to_dora == [("receipt", "assess"), ("reminder", "decide_data_subjects")]
    assert told_anew(decision) == sorted(KNEW - {DORA})
    assert told_anew(later(decision.incident, 4)) == []


def test_a_lowered_rating_is_told_to_senior_staff_who_may_stop() -> None:
    high = opened(triage=a_triage(severity=Severity.HIGH))
    decision = answer(high, "Severity: low, because it never left the building")

    assert told_anew(decision) == sorted({*KNEW, SIMON, STELLA})
    assert not duty_of(decision, "consult_siro").is_open


def test_the_update_carries_what_it_asks_of_its_reader_first() -> None:
    low = answer(opened().but(responsible_line_manager=RESA), "Severity: low, because one name is in it").incident
    decision = answer(low, "Severity: medium, because there were more", now=london("Mon 2026-11-23 10:00"))

    (notice,) = [one for one in decision.notices if one.recipient == GWEN]
    assert (notice.template, "investigate" in notice.asks) == (UPDATE, True)


def test_nobody_is_told_twice_of_the_same_severity() -> None:
    high = answer(opened(), "Severity: high, because many are named")

    assert told_anew(later(high.incident, 5)) == []
    assert told_anew(answer(high.incident, "Severity: high, because it is so", now=EVENING + timedelta(hours=1))) == []


def test_two_ratings_in_the_same_moment_leave_nobody_with_the_first() -> None:
    low = answer(opened(), "Severity: low, because it was found")
    high = answer(low.incident, "Severity: high, because it was copied")

    assert told_anew(low) == told_anew(high) == sorted(KNEW)


def test_there_and_back_before_anybody_knew_of_it_is_no_news() -> None:
    restricted = opened(triage=a_triage(restricted=("confidence asked for",)))
    rated = answer(restricted, "Severity: high, because many are named", by=DORA).incident
    assert told_anew(answer(rated, "Severity: medium, because few are", by=DORA)) == []


def test_only_who_handles_a_restricted_incident_hears_of_its_rating() -> None:
    restricted = opened(triage=a_triage(restricted=("confidence asked for",)))
    decision = later(restricted, 1, graver_words(Severity.HIGH))

    assert told_anew(decision) == []  # the DPO is shown the new words themselves
    assert not {HEATHER, IG_DESK, GWEN, LIAM} & set(recipients(decision))


def test_who_knew_of_it_before_it_was_restricted_hears_when_it_is_released() -> None:
    told = opened().but(restricted=("confidence asked for",))
    rated = answer(told, "Severity: high, because many are named", by=DORA)
    released = answer(
        rated.incident, "Restricted: released, because HR agrees", by=DORA, now=EVENING + timedelta(hours=1)
    )

    assert not {GWEN, LIAM, IG_DESK} & set(recipients(rated))
    assert {GWEN, LIAM, IG_DESK} <= set(told_anew(released))


def test_later_words_that_raise_it_are_told_like_a_persons_rating() -> None:
    decision = later(opened(), 1, graver_words(Severity.HIGH))

    assert decision.incident.severity is Severity.HIGH
    assert told_anew(decision) == sorted(KNEW - {IG_DESK})  # the desk is shown the words, with what they raised
    assert told_anew(later(decision.incident, 2)) == []


def test_the_rota_is_called_when_a_later_answer_raises_it_to_high() -> None:
    assert duty_or_none(opened(), "reach_on_call") is None
    assert ROTA[0] in recipients(later(opened(), 1, graver_words(Severity.HIGH)))
    assert ROTA[0] in recipients(answer(opened(), "Severity: high, because many are named"))
    assert ROTA[0] not in recipients(later(opened(), 1, graver_words(Severity.MEDIUM)))


def duty_or_none(incident: Incident, kind: str) -> object:
    return incident.duty(kind)


def test_a_deputy_is_told_in_the_place_of_who_is_unreachable() -> None:
    decision = answer(opened().but(unreachable=(DORA,)), "Severity: high, because many are named")
    assert DORA not in told_anew(decision)
    assert "dan.deputydpo@council.example" in told_anew(decision)


def test_the_desk_that_no_longer_acts_is_told_as_the_other_desk() -> None:
    referred = answer(opened(), "Queue: IT").incident
    decision = answer(referred, "Severity: high, because many are named", by=IVY, now=EVENING + timedelta(hours=1))

    roles = {one.recipient: one.role for one in decision.notices if one.template == UPDATE}
    assert (roles[IT_DESK], roles[IG_DESK]) == (Role.QUEUE_TEAM, Role.OTHER_DESK)


# ---------------------------------------------------------------- duties that hang on the rating


@pytest.mark.parametrize(("words", "holder"), [("low", Role.RESPONSIBLE_LINE_MANAGER), ("medium", Role.INCIDENT_LEAD)])
def test_who_investigates_follows_the_rating_at_once(words: str, holder: Role) -> None:
    incident = opened().but(responsible_line_manager=RESA)
    decision = answer(incident, f"Severity: {words}, because I looked at it")

    assert duty_of(decision, "investigate").holder is holder


def test_senior_staff_are_consulted_from_medium_on_and_not_below() -> None:
    low = answer(opened(), "Severity: low, because one name is in it")
    medium = answer(low.incident, "Severity: medium, because there were more", now=EVENING + timedelta(hours=1))

    assert low.incident.duty("consult_siro") is None
    assert duty_of(medium, "consult_siro").is_open


def test_the_caldicott_guardian_is_told_from_medium_on_where_care_data_is_involved() -> None:
    low = answer(opened(triage=a_triage(health_or_social_care=True)), "Severity: low, because one name is in it")
    medium = answer(low.incident, "Severity: medium, because there were more", now=EVENING + timedelta(hours=1))

    assert CARA not in recipients(low)
    assert CARA in recipients(medium)


def test_it_security_is_told_when_the_rating_reaches_high_and_it_acts() -> None:
    incident = opened(triage=a_triage(queue=Queue.IT))

    assert ITSEC not in recipients(answer(incident, "Severity: medium", by=IVY))
    assert ITSEC in recipients(answer(incident, "Severity: high", by=IVY))


# ---------------------------------------------------------------- whatever happens


RATINGS = st.sampled_from(
    [
        Answered(duty_kind="", key="severity", value="low, because one person is affected", by=IGOR),
        Answered(duty_kind="", key="severity", value="low", by=IGOR),
        Answered(duty_kind="", key="severity", value="confirmed", by=DORA),
        Answered(duty_kind="", key="severity", value="very high", by=DORA),
        Answered(duty_kind="", key="likelihood", value="2, impact 2, because it came back", by=IGOR),
        Answered(duty_kind="", key="likelihood", value="3, impact 3", by=IGOR),
    ]
)
FACTS = st.sampled_from(Severity).map(graver_words)


@settings(max_examples=60, deadline=None)
@given(OPENINGS, st.lists(st.tuples(PAUSES, st.one_of(EVENTS, RATINGS, FACTS)), max_size=12))
def test_only_a_person_lowers_a_rating_and_everybody_who_was_told_knows_the_one_that_stands(
    opening: Decision, life: list[tuple[int, Event]]
) -> None:
    incident, now = opening.incident, opening.incident.ratings[0].at
    for pause, event in life:
        now += timedelta(minutes=pause)
        decision = advance(incident, event, now, RULES)
        if not decision.incident.severity.at_least(incident.severity):
            assert isinstance(event, Answered)
            assert event.key in {"severity", "likelihood"}
        assert decision.incident.ratings[: len(incident.ratings)] == incident.ratings
        assert len(told_anew(decision)) == len(set(told_anew(decision)))
        again = advance(decision.incident, TimePassed(), now, RULES)
        assert told_anew(again) == []
        incident = decision.incident


def test_the_moment_of_the_update_is_in_the_history() -> None:
    decision = answer(opened(), "Severity: high, because many are named")
    told = [one.details for one in decision.audit if one.action == "told" and one.details["template"] == UPDATE]
    assert {one["person"] for one in told} == KNEW


def test_records_of_before_count_by_their_moment() -> None:
    incident = opened()
    old = incident.but(told=tuple(one.but(rating=0) for one in incident.told))
    decision = answer(old, "Severity: high, because many are named")
    assert told_anew(decision) == sorted(KNEW)
