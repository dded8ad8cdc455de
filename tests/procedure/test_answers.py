"""Answers by reply: who may give them, how they are understood, what they change, what is asked again."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.incident import Duty, Incident, Queue, Severity
from mailbot.procedure.answers import answer_words, understand
from mailbot.procedure.clocks import DISCOVERY_DOUBTFUL
from mailbot.procedure.decision import Answered, Decision, TimePassed
from mailbot.procedure.effects import Problem
from mailbot.procedure.machine import advance
from mailbot.procedure.rules import Rules
from tests.procedure.conftest import (
    DAN,
    DORA,
    GWEN,
    IG_DESK,
    IGOR,
    IT_DESK,
    IVY,
    RITA,
    RULES,
    SIMON,
    STRANGER,
    a_report,
    a_triage,
    london,
    opened_at,
    recipients,
    templates,
)

FRIDAY = london("Fri 2026-11-20 18:50")
EVENING = london("Fri 2026-11-20 21:50")


def opened(**changes: object) -> Incident:
    return opened_at(FRIDAY, **changes).incident  # type: ignore[arg-type]


def answer(incident: Incident, line: str, by: str = IGOR, now: datetime = EVENING, **more: object) -> Decision:
    key, _, value = line.partition(":")
    event = Answered.model_validate({"duty_kind": "", "key": key, "value": value, "by": by} | more)
    return advance(incident, event, now, RULES)


def duty_of(decision: Decision, kind: str) -> Duty:
    duty = decision.incident.duty(kind)
    assert duty is not None
    return duty


def problem_in(decision: Decision) -> str:
    (notice,) = [one for one in decision.notices if one.template == "answer_unclear"]
    return notice.mentions["problem"]


def test_an_answer_ends_its_duty_and_gets_a_receipt() -> None:
    decision = answer(opened(), "ICO: not required, because the laptop was encrypted", by=DORA)
    ended = duty_of(decision, "decide_ico").discharged

    assert ended is not None
    assert (ended.by, ended.how, ended.met) == (DORA, "not required", True)
    assert "encrypted" in ended.reason
    assert templates(decision) == {DORA: "receipt"}
    assert [entry.action for entry in decision.audit] == ["answered", "duty ended"]


def test_nothing_more_is_sent_about_a_duty_that_was_answered() -> None:
    incident = answer(opened(), "ICO: not required, because the laptop was encrypted", by=DORA).incident
    later = advance(incident, TimePassed(), FRIDAY + timedelta(hours=73), RULES)

    assert "decide_ico" not in {kind for notice in later.notices for kind in notice.asks}


@pytest.mark.parametrize(("hours", "met"), [(71.9, True), (72, True), (72.1, False)])
def test_whether_it_was_met_is_told_by_the_time_the_answer_names(hours: float, met: bool) -> None:
    done = FRIDAY + timedelta(hours=hours)
    now = FRIDAY + timedelta(hours=80)
    ended = duty_of(
        answer(opened(), "ICO: reported, as above, because we waited for facts", DORA, now, moment=done), "decide_ico"
    ).discharged

    assert ended is not None
    assert (ended.met, ended.at) == (met, done)


def test_the_arrival_of_the_reply_counts_when_an_outage_delayed_its_reading() -> None:
    now = FRIDAY + timedelta(hours=80)
    decision = answer(opened(), "ICO: reported, reference IC-1", DORA, now, received_at=FRIDAY + timedelta(hours=71))
    ended = duty_of(decision, "decide_ico").discharged

    assert ended is not None
    assert ended.met is True


def test_reasons_are_asked_for_when_the_ico_was_told_late() -> None:
    decision = answer(opened(), "ICO: reported, reference IC-1", DORA, FRIDAY + timedelta(hours=73))

    assert problem_in(decision) == Problem.REASON_FOR_LATENESS_MISSING
    assert duty_of(decision, "decide_ico").is_open


@pytest.mark.parametrize(
    ("moment", "problem"),
    [
        (EVENING + timedelta(minutes=1), Problem.TIME_IN_FUTURE),
        (FRIDAY - timedelta(days=1), Problem.TIME_TOO_EARLY),
    ],
)
def test_an_impossible_time_is_asked_again(moment: datetime, problem: Problem) -> None:
    decision = answer(opened(), "ICO: reported, reference IC-1", DORA, moment=moment)

    assert problem_in(decision) == problem


def test_what_was_met_stays_frozen_when_the_clock_is_moved_afterwards() -> None:
    incident = answer(opened(), "ICO: not required, because it was encrypted", by=DORA).incident
    moved = answer(incident, "Aware: earlier, because the night desk knew", DORA, moment=FRIDAY - timedelta(days=9))

    assert moved.incident.aware_at == FRIDAY - timedelta(days=9)
    assert duty_of(moved, "decide_ico") == incident.duty("decide_ico")


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("ICO: not required", Problem.REASON_MISSING),
        ("ICO: not required, because", Problem.REASON_MISSING),
        ("ICO: perhaps", Problem.NOT_UNDERSTOOD),
        ("ICO: ", Problem.NOT_UNDERSTOOD),
        ("Severity: lowish", Problem.NOT_UNDERSTOOD),
        ("Contained: yes", Problem.REASON_MISSING),
        ("Weather: fine", Problem.UNKNOWN_KEY),
        ("Group: Waterways", Problem.UNKNOWN_GROUP),
        ("Line manager: Liam", Problem.NO_ADDRESS),
        ("Line manager: a@council.example or b@council.example", Problem.NO_ADDRESS),
        ("Line manager: liam@evil.example", Problem.NOT_THE_COUNCILS),
        ("Line manager: liam@council.example.evil.example", Problem.NOT_THE_COUNCILS),
        ("Aware: on Thursday, because", Problem.MOMENT_MISSING),
    ],
)
def test_what_is_unclear_is_asked_again_and_changes_nothing(line: str, problem: Problem) -> None:
    incident = opened()
    decision = answer(incident, line, by=DORA)

    assert problem_in(decision) == problem
    assert decision.incident == advance(incident, TimePassed(), EVENING, RULES).incident


@pytest.mark.parametrize(
    ("by", "accepted"),
    [(DORA, True), (DAN, True), (IGOR, False), (RITA, False), (STRANGER, False), (GWEN, False)],
)
def test_only_the_dpo_or_nominee_decides_on_the_ico(by: str, accepted: bool) -> None:
    decision = answer(opened(), "ICO: not required, because it was encrypted", by=by)

    assert duty_of(decision, "decide_ico").is_open is not accepted
    held = [one.recipient for one in decision.notices if one.template == "answer_held"]
    assert held == ([] if accepted else [IG_DESK])
    assert accepted or by not in recipients(decision)


@pytest.mark.parametrize(
    ("by", "signed", "accepted"),
    [
        (IGOR, "", True),
        (IG_DESK, "Igor  Iggs", True),
        (IG_DESK, IGOR, True),
        (IG_DESK, "", False),
        (IG_DESK, "Somebody Else", False),
        (IVY, "", False),
        (IT_DESK, "Ivy Itts", False),
    ],
)
def test_a_teams_duty_is_answered_by_a_listed_member_or_a_signed_shared_mailbox(
    by: str, signed: str, accepted: bool
) -> None:
    decision = answer(opened(), "Queue: confirmed", by=by, signed=signed)
    ended = duty_of(decision, "triage").discharged

    assert (ended is not None) is accepted
    assert ended is None or ended.by == IGOR


def test_a_shared_mailbox_without_a_name_is_asked_to_sign() -> None:
    assert problem_in(answer(opened(), "Queue: confirmed", by=IG_DESK)) == Problem.NOT_SIGNED


def test_somebody_to_whom_a_duty_was_escalated_may_answer_it() -> None:
    incident = advance(opened(), TimePassed(), FRIDAY + timedelta(hours=60), RULES).incident
    decision = answer(incident, "ICO: not required, because it was encrypted", SIMON, FRIDAY + timedelta(hours=61))

    assert not duty_of(decision, "decide_ico").is_open


def test_a_referral_changes_the_queue_and_asks_the_other_desk() -> None:
    decision = answer(opened(), "Queue: IT")

    assert (decision.incident.queue, decision.incident.queue_confirmed) == (Queue.IT, True)
    assert templates(decision) == {IGOR: "receipt", IT_DESK: "queue_notice"}
    (notice,) = [one for one in decision.notices if one.recipient == IT_DESK]
    assert "assess" in notice.asks
    assert duty_of(decision, "assess").person == IT_DESK


def test_a_referral_back_tells_the_first_desk_again() -> None:
    there = answer(opened(), "Queue: IT")
    back = answer(there.incident, "Queue: IG", by=IVY, now=EVENING + timedelta(hours=1))

    assert back.incident.queue is Queue.IG
    assert IG_DESK in recipients(back)


@pytest.mark.parametrize(
    ("word", "severity"),
    [("low", Severity.LOW), ("Very  high, because …", Severity.VERY_HIGH), ("HIGH.", Severity.HIGH)],
)
def test_a_person_may_raise_or_lower_the_severity(word: str, severity: Severity) -> None:
    decision = answer(opened(), f"Severity: {word}")

    assert decision.incident.severity is severity
    assert not decision.incident.severity_is_provisional
    assert len(decision.incident.ratings) == 2
    assert not duty_of(decision, "assess").is_open
    assert decision.notices[0].mentions["recorded"] == severity.words


def test_the_severity_may_change_again_after_its_duty_is_done() -> None:
    first = answer(opened(), "Severity: low")
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
        "The recipient deleted it and has told nobody.",
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


def test_an_unproven_stranger_gets_no_receipt() -> None:
    incident = opened(sender=STRANGER, proven=False, triage=a_triage(stolen=True))

    assert STRANGER not in recipients(answer(incident, "Police reference: 1", by=STRANGER))


@pytest.mark.parametrize(
    ("value", "verb", "rest"),
    [
        ("Not required – because it was found", "not required", "because it was found"),
        ("  NOT   REQUIRED: found again", "not required", "found again"),
        ("“reported”, 20 November", "reported", "20 November"),
        ("reportedly", None, ""),
        ("notable", None, ""),
    ],
)
def test_a_verb_is_found_in_any_spelling_and_never_inside_another_word(value: str, verb: str | None, rest: str) -> None:
    found = understand(value, RULES.procedure.answers_to("ico"))

    assert (found.verb if found else None, found.rest if found else "") == (verb, rest)


KEYS = st.sampled_from([row.key for rule in RULES.procedure.duties for row in rule.answers]) | st.text(max_size=12)


@given(KEYS, st.text(max_size=40), st.sampled_from([DORA, IGOR, IG_DESK, RITA, STRANGER, ""]), st.text(max_size=8))
def test_nothing_that_anybody_writes_breaks_the_machine(key: str, value: str, by: str, signed: str) -> None:
    incident = opened_at(FRIDAY, triage=a_triage(stolen=True)).incident
    event = Answered(duty_kind="", key=key, value=value, by=by, signed=signed)

    decision = advance(incident, event, EVENING, RULES)

    assert decision.audit
    assert {one.recipient for one in decision.notices} <= {by, IG_DESK, IT_DESK, SIMON, *RULES.organisation.people}


def test_what_the_reporter_says_of_the_group_is_a_fact_and_no_answer_to_be_held() -> None:
    incident = opened()
    decision = answer(incident, "Group: Adult Care", by=RITA)

    assert decision.notices == ()
    assert decision.incident == incident


@pytest.mark.parametrize(
    "line", ["ICO: not required, because …", "Contained: she deleted it", "Severity: low", "ICO: perhaps"]
)
def test_whatever_a_reply_of_ours_mentions_is_a_word_of_our_own(line: str) -> None:
    words = answer_words(RULES.procedure)
    notices = answer(opened(), line, by=DORA).notices

    assert {said for notice in notices for said in notice.mentions.values()} <= words


def rules_without_members() -> Rules:
    desks = tuple(desk.but(members=()) for desk in RULES.organisation.desks)
    return RULES.but(organisation=RULES.organisation.but(desks=desks))


def test_a_desk_without_listed_members_is_taken_at_its_word_when_it_signs() -> None:
    event = Answered(duty_kind="", key="queue", value="confirmed", by=IG_DESK, signed="Night desk")
    ended = duty_of(advance(opened(), event, EVENING, rules_without_members()), "triage").discharged

    assert ended is not None
    assert ended.by == "Night desk"
