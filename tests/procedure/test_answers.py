"""Answers by reply: who may give them, how they are understood, what is asked again."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.procedure.decision import Answered, TimePassed
from mailbot.procedure.grammar import Problem, understand
from mailbot.procedure.machine import advance
from mailbot.procedure.rules import Rules
from mailbot.terms import Role
from tests.procedure.answering import EVENING, FRIDAY, answer, duty_of, opened, problem_in
from tests.procedure.conftest import (
    DAN,
    DORA,
    GWEN,
    IG_DESK,
    IGOR,
    IT_DESK,
    IVY,
    LIAM,
    RITA,
    ROTA,
    RULES,
    SIMON,
    STELLA,
    STRANGER,
    a_triage,
    opened_at,
    recipients,
    templates,
)


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


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("ICO: not required", Problem.REASON_MISSING),
        ("ICO: not required, because", Problem.REASON_MISSING),
        ("ICO: perhaps", Problem.NOT_UNDERSTOOD),
        ("ICO: ", Problem.NOT_UNDERSTOOD),
        ("Severity: lowish", Problem.NOT_UNDERSTOOD),
        ("Severity: low", Problem.LOWERED_WITHOUT_REASON),
        ("Severity: low, because …", Problem.REASON_MISSING),
        (
            "Contained: yes, … (what you asked of whom, whether they confirmed it, and whether they passed it on)",
            Problem.REASON_MISSING,
        ),
        ("ICO: reported, [date and time], reference [IC-…], because [why, if it was late]", Problem.REASON_MISSING),
        ("Contained: yes", Problem.REASON_MISSING),
        ("Weather: fine", Problem.UNKNOWN_KEY),
        ("Group: Waterways", Problem.UNKNOWN_GROUP),
        ("Line manager: Liam", Problem.NOT_IN_THE_DIRECTORY),
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


@pytest.mark.parametrize("told", [SIMON, ROTA[0], STELLA])
def test_nobody_decides_on_the_ico_when_they_were_only_told_that_the_dpo_has_not(told: str) -> None:
    incident = advance(opened(), TimePassed(), FRIDAY + timedelta(hours=68), RULES).incident
    decision = answer(incident, "ICO: not required, because it was encrypted", told, FRIDAY + timedelta(hours=69))

    assert duty_of(decision, "decide_ico").is_open
    assert "answer_held" in {one.template for one in decision.notices}


def test_a_line_manager_cannot_answer_for_a_reporter_who_has_not() -> None:
    incident = opened(triage=a_triage(stolen=True))
    for hours in (0, 62, 87, 110):
        incident = advance(incident, TimePassed(), FRIDAY + timedelta(hours=hours), RULES).incident
    decision = answer(incident, "Police reference: CR/1234/26", LIAM, FRIDAY + timedelta(hours=111))

    sent = duty_of(decision, "police_reference").sent
    assert [one.role for one in sent if one.recipient == LIAM] == [Role.LINE_MANAGER]
    assert duty_of(decision, "police_reference").is_open


def test_the_rota_may_say_that_it_was_reached() -> None:
    incident = opened(triage=a_triage(safety=("address disclosed",)))

    assert not duty_of(answer(incident, "On call: reached", ROTA[0]), "reach_on_call").is_open


def test_the_deputy_of_the_dpo_may_decide_without_being_asked() -> None:
    decision = answer(opened(), "ICO: not required, because it was encrypted", DAN)

    assert not duty_of(decision, "decide_ico").is_open


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


@pytest.mark.parametrize(
    "line", ["ICO: not required, because …", "Contained: she deleted it", "Severity: low", "ICO: perhaps"]
)
def test_whatever_a_reply_of_ours_mentions_is_a_word_of_our_own(line: str) -> None:
    rows = [row for rule in RULES.procedure.duties for row in rule.answers]
    words = {word for row in rows for word in (row.key.capitalize(), row.how, *row.verbs)} | {*Problem}
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
