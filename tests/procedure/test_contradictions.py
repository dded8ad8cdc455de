"""An answer against one that settled the matter changes nothing; a person is shown both and says which one stands."""

from datetime import timedelta

import pytest

from mailbot.incident import Incident
from mailbot.procedure.decision import Decision
from mailbot.procedure.grammar import Problem
from mailbot.terms import Role, Severity
from tests.procedure.answering import EVENING, FRIDAY, answer, duty_of, opened, problem_in
from tests.procedure.conftest import DAN, DORA, GUY, GWEN, IG_DESK, IGOR, IVY, RESA, SIMON, a_triage
from tests.procedure.investigating import (
    LEAD,
    MONDAY,
    OFFICER,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    open_kinds,
    placed,
    ready_to_sign,
    recommendation,
    ruling,
    said,
    settled,
)

LATER = EVENING + timedelta(minutes=30)
NUMBER = "IC-123456-A1B2"

SETTLED = [
    ("ICO: reported, IC-123456-A1B2", "ICO: not required, because nobody read it", DORA, DAN, DORA),
    ("ICO: not required, because nobody read it", "ICO: reported, IC-123456-A1B2", DORA, DAN, DORA),
    ("ICO: reported, IC-123456-A1B2", "ICO: not yet", DORA, DAN, DORA),
    ("data subjects: notify, because they are at risk", "data subjects: not required, because so", DORA, DAN, DORA),
    ("data subjects: not required, because so", "data subjects: not yet", DAN, DORA, DORA),
    ("contained: yes, they deleted it", "contained: not possible, because it was read out", RESA, IGOR, IG_DESK),
    ("contained: yes, they deleted it", "contained: not yet, because two are missing", RESA, RESA, IG_DESK),
    ("controller: Exampleton Clinic Trust", "own data: yes", IGOR, DORA, IG_DESK),
    ("controller: Exampleton Clinic Trust", "controller: Another Trust", IGOR, IGOR, IG_DESK),
    ("SIRO view: report it, because it is grave", "SIRO view: do not report it, because it is not", SIMON, SIMON, DORA),
    ("not an incident: because it was a test", "near miss: the mail was stopped", IGOR, DORA, IG_DESK),
]


def grave(**changes: object) -> Incident:
    incident = opened(triage=a_triage(severity=Severity.HIGH), **changes)
    return settled(incident.but(group="Housing", responsible_line_manager=RESA), EVENING).incident


def both_shown(decision: Decision) -> dict[str, dict[str, str]]:
    return {one.recipient: one.mentions for one in decision.notices if one.template == "contradiction"}


@pytest.mark.parametrize(("first", "second", "one", "other", "settler"), SETTLED)
def test_an_answer_against_one_on_record_changes_nothing_and_is_shown_to_who_settles_it(
    first: str, second: str, one: str, other: str, settler: str
) -> None:
    before = said(grave(), first, one, EVENING)

    decision = answer(before, second, by=other, now=LATER)

    assert decision.incident == settled(before, LATER).incident
    shown = both_shown(decision)
    assert settler in shown
    assert other in shown
    assert "receipt" not in [notice.template for notice in decision.notices]
    assert [entry.action for entry in decision.audit if entry.by == other] == ["contradicted"]


def test_both_answers_stand_in_the_mail_and_in_the_history_with_who_gave_them_and_when() -> None:
    before = said(grave(), f"ICO: reported, {NUMBER}", DAN, EVENING, received_at=EVENING)

    decision = answer(before, "ICO: not required, because nobody read it", by=DORA, now=LATER, received_at=LATER)

    mentions = both_shown(decision)[DORA]
    assert (mentions["stands"], mentions["stands_by"], mentions["stands_at"]) == (
        "reported",
        DAN,
        EVENING.isoformat(),
    )
    assert (mentions["said"], mentions["said_by"], mentions["said_at"]) == (
        "not required",
        "Dora Dee",
        LATER.isoformat(),
    )
    assert mentions["line"] == "ICO: not required, because …"
    (entry,) = [one for one in decision.audit if one.action == "contradicted"]
    assert (entry.details["on record"], entry.details["recorded by"]) == ("reported", DAN)
    assert "nobody read it" in entry.details["value"]


def test_who_settles_it_and_gave_the_later_answer_gets_one_mail() -> None:
    before = said(grave(), f"ICO: reported, {NUMBER}", DAN, EVENING)

    decision = answer(before, "ICO: not required, because nobody read it", by=DORA, now=LATER)

    (mail,) = decision.notices
    assert (mail.recipient, mail.template, mail.role) == (DORA, "contradiction", Role.DPO)


@pytest.mark.parametrize(
    ("line", "by"),
    [
        (f"ICO: reported, {NUMBER}", DORA),
        ("data subjects: notify, because they are at risk", DORA),
        ("contained: yes, they deleted it", RESA),
        ("SIRO view: report it, because it is grave", SIMON),
        ("controller: Exampleton Clinic Trust", IGOR),
        ("not an incident: because it was a test", IGOR),
    ],
)
def test_the_same_answer_again_is_harmless(line: str, by: str) -> None:
    before = said(grave(), line, by, EVENING)

    decision = answer(before, line, by=by, now=LATER)

    assert decision.incident == settled(before, LATER).incident
    assert [(one.recipient, one.template) for one in decision.notices] == [(by, "receipt")]


def test_the_same_answer_again_says_that_it_was_on_record() -> None:
    before = said(grave(), "data subjects: notify, because they are at risk", DORA, EVENING)

    (receipt,) = answer(before, "data subjects: notify, because of the children", by=DAN, now=LATER).notices

    assert (receipt.mentions["recorded"], receipt.mentions["same"]) == ("notify", "1")


@pytest.mark.parametrize(
    ("again", "agrees"),
    [
        (f"ICO: reported, {NUMBER}", True),
        ("ICO: reported, IC-999999-Z9Z9", False),
    ],
)
def test_another_number_of_the_regulator_is_a_contradiction(again: str, agrees: bool) -> None:
    before = said(grave(), f"ICO: reported, {NUMBER}", DORA, EVENING)

    decision = answer(before, again, by=DORA, now=LATER)

    assert decision.incident.ico == before.ico
    assert (both_shown(decision) == {}) is agrees


@pytest.mark.parametrize(("minutes", "agrees"), [(0, True), (-1, False), (1, False)])
def test_another_moment_of_the_report_is_a_contradiction(minutes: int, agrees: bool) -> None:
    told_at = EVENING - timedelta(hours=1)
    before = said(grave(), f"ICO: reported, {NUMBER}", DORA, EVENING, moment=told_at)

    again = told_at + timedelta(minutes=minutes)
    decision = answer(before, f"ICO: reported, {NUMBER}", by=DORA, now=LATER, moment=again)

    assert decision.incident.ico == before.ico
    assert (both_shown(decision) == {}) is agrees


@pytest.mark.parametrize(("minutes", "is_taken"), [(-1, True), (0, True), (1, False)])
def test_an_assumed_moment_may_be_made_exact_to_an_earlier_one_only(minutes: int, is_taken: bool) -> None:
    before = said(grave(), f"ICO: reported, {NUMBER}", DORA, LATER, received_at=EVENING)
    assert before.ico is not None
    assert (before.ico.at, before.ico.at_assumed) == (EVENING, True)

    exact = EVENING + timedelta(minutes=minutes)
    after = answer(before, f"ICO: reported, {NUMBER}", by=DORA, now=LATER, moment=exact).incident

    assert after.ico is not None
    assert (after.ico.at, after.ico.at_assumed) == ((exact, False) if is_taken else (EVENING, True))
    assert after.duty("decide_ico") == before.duty("decide_ico")


# ---------------------------------------------------------------- what is a correction by its nature


@pytest.mark.parametrize(
    ("first", "second", "by"),
    [
        ("severity: medium, because so", "severity: high, because of the children", IGOR),
        ("severity: confirmed", "severity: confirmed", IGOR),
        ("queue: confirmed", "queue: IT", IGOR),
        (f"incident lead: {LEAD}", f"incident lead: {IVY}", GWEN),
        (f"support officer: {IVY}", f"support officer: {IGOR}", IGOR),
    ],
)
def test_a_rating_a_referral_and_a_name_may_change_without_more_words(first: str, second: str, by: str) -> None:
    before = said(grave(), first, by, EVENING)

    assert both_shown(answer(before, second, by=by, now=LATER)) == {}


def test_evidence_that_comes_after_all_makes_an_incident_of_an_allegation() -> None:
    alleged = opened(triage=a_triage(allegation=True))
    before = said(alleged, "substantiated: no, because it is hearsay", IGOR, EVENING)

    decision = answer(before, "substantiated: yes, because a letter came", by=IGOR, now=LATER)

    assert not decision.incident.allegation
    assert both_shown(decision) == {}
    back = answer(decision.incident, "substantiated: no, because it was forged", by=IGOR, now=LATER)
    assert IG_DESK in both_shown(back)
    assert not back.incident.allegation


def test_a_rating_confirmed_by_a_second_person_moves_no_deadline() -> None:
    first = said(grave(), "severity: high, because of the children", IGOR, MONDAY)
    due = {duty.kind: duty.due_at for duty in first.open_duties}

    again = said(first, "severity: confirmed", DORA, TUESDAY)

    assert {duty.kind: duty.due_at for duty in again.open_duties} == due
    assert [one.by for one in again.ratings if not one.provisional] == [IGOR, DORA]


# ---------------------------------------------------------------- which one stands


def test_a_correction_stands_beside_the_first_answer_and_what_was_met_stays_frozen() -> None:
    before = said(grave(), f"ICO: reported, {NUMBER}", DAN, EVENING)
    first = before.duty("decide_ico")

    decision = answer(before, "correct: ICO: not required, because it was another case", by=DORA, now=LATER)

    kept, beside = [duty for duty in decision.incident.duties if duty.kind == "decide_ico"]
    assert kept == first
    assert beside.discharged is not None
    assert (beside.discharged.how, beside.discharged.by, beside.discharged.met) == ("not required", DORA, True)
    assert decision.incident.ico is not None
    assert not decision.incident.ico.reported
    assert "corrected" in [entry.action for entry in decision.audit]


@pytest.mark.parametrize(("hours", "met"), [(72, True), (73, False)])
def test_a_correction_owns_up_to_a_missed_deadline(hours: int, met: bool) -> None:
    now = FRIDAY + timedelta(hours=80)
    before = said(grave(), f"ICO: reported, {NUMBER}", DORA, now, moment=FRIDAY + timedelta(hours=70))

    line = f"correct: ICO: reported, {NUMBER}, because I had the wrong day"
    after = answer(before, line, by=DORA, now=now, moment=FRIDAY + timedelta(hours=hours))

    ended = duty_of(after, "decide_ico").discharged
    assert ended is not None
    assert (ended.met, ended.at) == (met, FRIDAY + timedelta(hours=hours))


def test_a_correction_never_undoes_a_missed_deadline() -> None:
    now = FRIDAY + timedelta(hours=80)
    late = said(grave(), f"ICO: reported, {NUMBER}, because nobody saw it", DORA, now)

    line = f"correct: ICO: reported, {NUMBER}, because it was earlier"
    after = answer(late, line, by=DORA, now=now, moment=FRIDAY + timedelta(hours=10))

    ended = duty_of(after, "decide_ico").discharged
    assert ended is not None
    assert ended.met is False


def test_a_number_put_right_moves_no_moment() -> None:
    before = said(grave(), f"ICO: reported, {NUMBER}", DORA, EVENING)

    after = said(
        before, "correct: ICO: reported, IC-999999-Z9Z9, because of a slip", DORA, FRIDAY + timedelta(hours=99)
    )

    assert after.ico is not None
    assert before.ico is not None
    assert (after.ico.at, after.ico.reference) == (before.ico.at, "IC-999999-Z9Z9")


@pytest.mark.parametrize(
    ("first", "line", "by", "kind"),
    [
        (f"ICO: reported, {NUMBER}", "correct: ICO: not yet, because it was another case", DORA, "decide_ico"),
        ("contained: yes, they deleted it", "correct: contained: not yet, because one did not", IGOR, "contain"),
        (
            "data subjects: notify, because they are at risk",
            "correct: data subjects: not yet, because we must ask",
            DORA,
            "decide_data_subjects",
        ),
    ],
)
def test_what_was_not_done_after_all_is_asked_for_again_with_the_old_clock(
    first: str, line: str, by: str, kind: str
) -> None:
    start = grave()
    asked = start.duty(kind)
    before = said(start, first, RESA if kind == "contain" else by, EVENING)

    after = answer(before, line, by=by, now=MONDAY)

    assert kind in open_kinds(after.incident)
    assert asked is not None
    assert duty_of(after, kind).due_at == asked.due_at
    assert kind in {asked for notice in after.notices for asked in notice.asks}
    assert (after.incident.ico, after.incident.data_subjects) == (None, None)


def test_a_controller_is_corrected_outright() -> None:
    before = said(grave(), "controller: Exampleton Clinic Trust", IGOR, EVENING)

    after = said(before, "correct: controller: Exampleton School, because it was theirs", IGOR, LATER)

    assert after.processing is not None
    assert "School" in after.processing.controller


@pytest.mark.parametrize("line", ["correct: ICO: not required", "correct: controller:", "correct: contained: yes"])
def test_a_correction_needs_a_reason(line: str) -> None:
    before = said(grave(), f"ICO: reported, {NUMBER}", DORA, EVENING)
    before = said(before, "contained: not possible, because it was read out", RESA, EVENING)

    decision = answer(before, line, by=DORA, now=LATER)

    assert problem_in(decision) in {Problem.REASON_MISSING, Problem.NOT_UNDERSTOOD}
    assert decision.incident == settled(before, LATER).incident


@pytest.mark.parametrize("line", ["correct: the weather: fine, because", "correct: no, it was Monday"])
def test_a_correction_of_nothing_known_is_asked_again(line: str) -> None:
    decision = answer(grave(), line, by=DORA, now=LATER)

    assert problem_in(decision) == Problem.UNKNOWN_KEY


@pytest.mark.parametrize(("by", "may"), [(DORA, True), (DAN, True), (IGOR, False), (GWEN, False), (SIMON, False)])
def test_only_the_dpo_corrects_what_was_decided_on_the_regulator(by: str, may: bool) -> None:
    before = said(grave(), f"ICO: reported, {NUMBER}", DORA, EVENING)

    after = answer(before, "correct: ICO: not required, because it was another case", by=by, now=LATER)

    assert (after.incident.ico != before.ico) is may
    assert ("answer_held" in [one.template for one in after.notices]) is not may


def test_a_correction_of_an_open_matter_is_an_answer_like_any_other() -> None:
    after = answer(grave(), "correct: ICO: not required, because nobody read it", by=DORA)

    assert len([duty for duty in after.incident.duties if duty.kind == "decide_ico"]) == 1
    assert not duty_of(after, "decide_ico").is_open


@pytest.mark.parametrize(("by", "may"), [(DORA, True), (IGOR, False)])
def test_what_stands_is_confirmed_in_one_line(by: str, may: bool) -> None:
    before = said(grave(), f"ICO: reported, {NUMBER}", DORA, EVENING)

    decision = answer(before, "stands: ICO", by=by, now=LATER)

    assert decision.incident == settled(before, LATER).incident
    assert ("answer confirmed" in [one.action for one in decision.audit]) is may
    assert ("answer_held" in [one.template for one in decision.notices]) is not may


def test_nothing_can_stand_where_nothing_was_answered() -> None:
    assert problem_in(answer(grave(), "stands: ICO", by=DORA)) == Problem.NOTHING_ON_RECORD


# ---------------------------------------------------------------- decisions on recommendations


def signed_in_full(**changes: object) -> Incident:
    ready = ready_to_sign(placed(**changes), recommendation(1), recommendation(2, owner=LEAD))
    return said(ready, "sign off: accept 1, reject 2 because the system goes in March", GWEN, WEDNESDAY)


def test_a_second_decision_of_the_group_manager_changes_nothing_and_is_shown_to_them() -> None:
    before = signed_in_full()

    decision = answer(before, "sign off: reject 1, because it costs too much", by=GUY, now=THURSDAY)

    assert decision.incident.investigation == before.investigation
    shown = both_shown(decision)
    assert {GWEN, GUY} == set(shown)
    assert (shown[GWEN]["numbers"], shown[GWEN]["stands"], shown[GWEN]["said"]) == ("1", "accepted", "rejected")


def test_the_same_decision_again_is_harmless() -> None:
    before = signed_in_full()

    decision = answer(before, "sign off: accept 1", by=GWEN, now=THURSDAY)

    assert decision.incident.investigation == before.investigation
    assert [one.mentions.get("same") for one in decision.notices if one.recipient == GWEN] == ["1"]
    assert both_shown(decision) == {}


def test_a_decision_is_corrected_outright_and_its_owner_is_asked_no_more() -> None:
    before = signed_in_full()
    assert "carry_out" in open_kinds(before)
    signed_off = before.duty("sign_off")

    after = said(before, "correct: sign off: reject 1, because it costs too much", GWEN, THURSDAY)

    one, two = ruling(after, 1), ruling(after, 2)
    assert one is not None
    assert two is not None
    assert (one.accepted, two.accepted, two.at) == (False, False, WEDNESDAY)
    assert "carry_out" not in open_kinds(after)
    assert after.duty("sign_off") == signed_off
    assert "review_rejection" in open_kinds(after)


@pytest.mark.parametrize("by", [IGOR, OFFICER, RESA])
def test_nobody_signs_in_the_group_managers_place_by_a_correction(by: str) -> None:
    before = signed_in_full()

    decision = answer(before, "correct: sign off: reject 1, because it costs too much", by=by, now=THURSDAY)

    assert decision.incident.investigation == before.investigation
    assert "answer_held" in [notice.template for notice in decision.notices]


def test_a_decision_of_the_dpo_on_a_rejection_is_corrected_outright_too() -> None:
    before = said(signed_in_full(), "decision: drop 2, because the system goes", DORA, THURSDAY)

    against = answer(before, "decision: carry out 2, because it stays", by=DORA, now=THURSDAY)
    corrected = said(before, "correct: decision: carry out 2, because it stays", DORA, THURSDAY)

    assert set(both_shown(against)) == {DORA}
    assert against.incident.investigation == before.investigation
    assert "carry_out" in open_kinds(corrected)


def test_a_report_that_comes_though_none_was_needed_is_taken_and_reviewed() -> None:
    waived = said(placed(), "investigation: not needed, because it is plain", LEAD, MONDAY)
    assert "review_report" not in open_kinds(waived)

    returned = said(waived, "investigation: returned", LEAD, TUESDAY)

    assert {"review_report", "clear_report"} <= set(open_kinds(returned))
    ends = [duty.discharged.how for duty in returned.duties if duty.kind == "investigate" and duty.discharged]
    assert ends == ["not needed", "report returned"]
    assert both_shown(answer(returned, "investigation: not needed, because so", by=LEAD, now=WEDNESDAY))
