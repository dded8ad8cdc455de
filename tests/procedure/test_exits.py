"""Incidents that end early by a person's word, and such that go on after all (DESIGN §5, Exits)."""

from datetime import timedelta

import pytest

from mailbot.incident import Incident
from mailbot.notifications import ExitKind
from mailbot.procedure.decision import Decision
from mailbot.procedure.grammar import Problem
from mailbot.terms import Reference, Role, Severity
from tests.procedure.answering import EVENING, FRIDAY, answer, opened, problem_in
from tests.procedure.conftest import (
    DAN,
    DORA,
    GWEN,
    HEATHER,
    IG_DESK,
    IGOR,
    RESA,
    RITA,
    SIMON,
    STELLA,
    STRANGER,
    a_triage,
)
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
    said,
    settled,
)

ROTHA = "rotha.owner@council.example"
PARENT, OTHER, OWN = Reference("DB2026007"), Reference("DB2026008"), Reference("DB2026014")

EXITS = [
    ("not an incident: because it is a training exercise", ExitKind.NOT_AN_INCIDENT, "not an incident"),
    ("near miss: the mail was stopped before it left", ExitKind.NEAR_MISS, "near miss"),
    ("duplicate of: DB2026007, the same mail", ExitKind.DUPLICATE, "duplicate of"),
    ("part of: DB2026007", ExitKind.PART, "part of"),
]


def leave(incident: Incident, line: str, by: str = IGOR, **more: object) -> Decision:
    return answer(incident, line, by=by, **({"known_references": (PARENT, OTHER, OWN)} | more))  # type: ignore[arg-type]


def ended_notices(decision: Decision) -> list[str]:
    return [notice.recipient for notice in decision.notices if notice.template == "ended_early"]


# ---------------------------------------------------------------- ending early


@pytest.mark.parametrize(("line", "kind", "how"), EXITS)
def test_an_incident_ends_early_with_all_its_duties_and_keeps_who_said_so(line: str, kind: ExitKind, how: str) -> None:
    before = opened()

    incident = leave(before, line).incident

    assert incident.exit is not None
    assert (incident.exit.kind, incident.exit.by, incident.closed_at) == (kind, IGOR, EVENING)
    assert incident.exit.reason
    assert incident.reference == before.reference
    assert open_kinds(incident) == []
    ended = [duty.discharged for duty in incident.duties]
    assert {(one.how, one.by) for one in ended if one} == {(how, IGOR)}
    assert len(ended) == len(before.duties)


@pytest.mark.parametrize("line", ["duplicate of: DB2026007", "part of: db2026007, see there"])
def test_the_parent_is_kept_that_carries_the_duties(line: str) -> None:
    incident = leave(opened(), line).incident

    assert incident.exit is not None
    assert incident.exit.parent == PARENT


@pytest.mark.parametrize(
    "line",
    [
        "duplicate of: DB2026999",
        "duplicate of: DB2026014",
        "duplicate of: DB2026007 and DB2026008",
        "duplicate of: the one of last week",
        "part of: DB2026999",
        "part of: DB2026014",
    ],
    ids=["unknown", "itself", "two", "none", "part of unknown", "part of itself"],
)
def test_a_parent_that_is_not_exactly_one_known_other_incident_is_asked_again(line: str) -> None:
    decision = leave(opened(), line)

    assert problem_in(decision) == Problem.PARENT_UNKNOWN
    assert decision.incident.exit is None
    assert decision.incident.closed_at is None
    assert "decide_ico" in open_kinds(decision.incident)


def test_the_own_reference_beside_the_parents_does_no_harm() -> None:
    incident = leave(opened(), "duplicate of: DB2026007, this one (DB2026014) came later").incident

    assert incident.exit is not None
    assert incident.exit.parent == PARENT


@pytest.mark.parametrize("line", ["not an incident:", "near miss:", "duplicate of:", "not an incident: because"])
def test_nothing_ends_without_a_word_of_why(line: str) -> None:
    decision = leave(opened(), line)

    assert decision.incident.exit is None
    assert "answer_unclear" in [notice.template for notice in decision.notices]


@pytest.mark.parametrize("words", ["not an incident: not sure", "near miss: I do not know yet"])
def test_nothing_ends_by_words_that_leave_it_open(words: str) -> None:
    decision = leave(opened(), words)

    assert problem_in(decision) == Problem.UNSETTLED
    assert decision.incident.exit is None


def test_what_was_done_before_stays_as_it_was_recorded() -> None:
    incident = said(opened(), "queue: confirmed", IGOR)
    triaged = incident.duty("triage")

    assert leave(incident, EXITS[0][0], now=MONDAY).incident.duty("triage") == triaged


# ---------------------------------------------------------------- who may, and who is told


@pytest.mark.parametrize(("line", "_kind", "_how"), EXITS)
@pytest.mark.parametrize("by", [RITA, RESA, GWEN, SIMON])
def test_only_the_desk_and_the_ig_team_end_an_incident(line: str, _kind: ExitKind, _how: str, by: str) -> None:
    placed_there = opened().but(group="Housing", responsible_line_manager=RESA)

    decision = leave(placed_there, line, by=by)

    assert decision.incident.exit is None
    assert decision.incident.closed_at is None
    assert ended_notices(decision) == []


@pytest.mark.parametrize("by", [IGOR, DORA, DAN])
def test_the_ig_team_the_dpo_and_their_deputy_may_end_it(by: str) -> None:
    assert leave(opened(), EXITS[0][0], by=by).incident.exit is not None


def test_everybody_who_was_told_is_told_once_that_it_ended_and_nobody_else() -> None:
    incident = opened(triage=a_triage(severity=Severity.HIGH)).but(group="Housing", responsible_line_manager=RESA)
    incident = settled(incident, EVENING).incident
    told = {one.person for one in incident.told}
    assert {DORA, GWEN, RESA, SIMON, STELLA, IG_DESK} <= told

    decision = leave(incident, EXITS[0][0])

    assert sorted(ended_notices(decision)) == sorted(told - {RITA})
    assert HEATHER not in ended_notices(decision)
    assert {notice.template for notice in decision.notices} == {"ended_early", "ended_reporter", "receipt"}
    assert all("training exercise" not in str(notice.mentions) for notice in decision.notices)


def under_way() -> Incident:
    """An incident with a recommendation whose owner was only asked."""
    incident = ready_to_sign(placed(), recommendation(1, owner=ROTHA))
    return said(incident, "sign off: accept all", GWEN, WEDNESDAY)


def test_who_was_only_asked_is_told_once_that_it_ended() -> None:
    decision = leave(under_way(), EXITS[0][0], now=THURSDAY)

    notices = [notice for notice in decision.notices if notice.template == "ended_early"]
    assert len({notice.recipient for notice in notices}) == len(notices)
    (owner,) = [notice for notice in notices if notice.recipient == ROTHA]
    assert (owner.role, owner.wanted) == (Role.OWNER, "always")
    assert {notice.wanted for notice in notices if notice.recipient == GWEN} == {"told_before"}


@pytest.mark.parametrize("by", [RITA, IGOR])
def test_the_lead_is_told_whose_investigation_is_still_open(by: str) -> None:
    incident = settled(placed(), TUESDAY).incident

    told = ended_notices(leave(incident, EXITS[0][0], by=IGOR, now=TUESDAY))

    assert LEAD in told
    assert by not in told


def test_who_did_what_was_asked_hears_nothing_of_the_end() -> None:
    incident = said(under_way(), "done: 1, all laptops are locked away", ROTHA, THURSDAY)

    assert ROTHA not in ended_notices(leave(incident, EXITS[0][0], now=THURSDAY))


def test_the_reporter_is_thanked_in_plain_words_when_it_ended() -> None:
    decision = leave(opened(), "duplicate of: DB2026007")

    (notice,) = [one for one in decision.notices if one.recipient == RITA]
    assert (notice.template, notice.role, notice.mentions["ended"]) == ("ended_reporter", Role.REPORTER, "duplicate")


@pytest.mark.parametrize("proven", [True, False])
def test_a_reporter_outside_hears_of_the_outcome_by_people_only(proven: bool) -> None:
    decision = leave(opened(sender=STRANGER, proven=proven), EXITS[0][0])

    assert STRANGER not in [one.recipient for one in decision.notices]


def test_who_was_asked_before_it_was_restricted_hears_nothing_of_its_end() -> None:
    incident = settled(placed(), TUESDAY).incident.but(restricted=("staff conduct",))

    told = ended_notices(leave(incident, EXITS[0][0], by=DORA, now=WEDNESDAY))

    assert LEAD not in told


def test_whoever_ended_it_gets_the_receipt_alone() -> None:
    decision = leave(opened(), EXITS[0][0], by=DORA)

    assert DORA not in ended_notices(decision)
    assert [notice.template for notice in decision.notices if notice.recipient == DORA] == ["receipt"]


def test_the_parents_reference_stands_in_the_notices() -> None:
    decision = leave(opened(), "duplicate of: DB2026007")

    notices = [notice for notice in decision.notices if notice.template == "ended_early"]
    assert notices
    assert {notice.mentions["parent"] for notice in notices} == {"DB2026007"}
    assert {notice.mentions["ended"] for notice in notices} == {"duplicate"}


def test_nobody_hears_of_a_restricted_incident_that_its_handler_ended() -> None:
    incident = opened().but(restricted=("staff conduct",), group="Housing")
    incident = settled(incident, EVENING).incident

    decision = leave(incident, EXITS[0][0], by=SIMON, now=MONDAY)
    ended = leave(incident, EXITS[0][0], by=DORA, now=MONDAY)

    assert decision.incident.exit is None
    assert ended.incident.exit is not None
    assert ended_notices(ended) == []


def test_senior_staff_who_were_still_to_be_told_hear_nothing_of_what_ended() -> None:
    incident = leave(opened(), EXITS[0][0], now=FRIDAY + timedelta(hours=1)).incident

    later = settled(incident, FRIDAY + timedelta(hours=5))

    assert later.notices == ()
    assert later.incident.next_step_at is None


@pytest.mark.parametrize("days", [1, 4, 30, 90])
def test_nothing_is_asked_after_the_end(days: int) -> None:
    incident = leave(opened(triage=a_triage(severity=Severity.HIGH)), EXITS[1][0]).incident

    later = settled(incident, EVENING + timedelta(days=days))

    assert (later.notices, later.audit) == ((), ())


def test_an_exit_said_twice_ends_it_once() -> None:
    incident = leave(opened(), EXITS[0][0]).incident

    again = leave(incident, "near miss: it was stopped before it left", now=MONDAY)

    assert again.incident.closed_at == EVENING
    assert ended_notices(again) == []


# ---------------------------------------------------------------- going on after all


@pytest.mark.parametrize(("line", "_kind", "_how"), EXITS)
def test_what_ended_goes_on_with_all_its_duties_when_it_is_reopened(line: str, _kind: ExitKind, _how: str) -> None:
    before = opened()
    ended = leave(before, line).incident

    decision = answer(ended, "reopen: because it was one after all", by=IGOR, now=MONDAY)

    assert decision.incident.exit is None
    assert decision.incident.closed_at is None
    assert {duty.kind for duty in before.open_duties} <= set(open_kinds(decision.incident))
    anew = decision.incident.duty("decide_ico")
    old = before.duty("decide_ico")
    assert anew is not None
    assert old is not None
    assert anew.id != old.id
    assert anew.due_at == old.due_at
    assert DORA in [notice.recipient for notice in decision.notices if "decide_ico" in notice.asks]


def test_what_was_done_before_the_end_is_not_asked_again_when_it_goes_on() -> None:
    incident = said(opened(), "queue: confirmed", IGOR)
    ended = leave(incident, EXITS[0][0], now=MONDAY).incident

    reopened = said(ended, "reopen: because it was one after all", IGOR, TUESDAY)

    assert "triage" not in open_kinds(reopened)


def test_a_second_end_is_told_once_more() -> None:
    first = leave(opened(), EXITS[0][0])
    reopened = said(first.incident, "reopen: because it was one after all", IGOR, MONDAY)

    second = leave(reopened, EXITS[1][0], now=TUESDAY)

    assert set(ended_notices(first)) <= set(ended_notices(second))
    assert second.incident.closed_at == TUESDAY


@pytest.mark.parametrize("by", [RITA, GWEN, SIMON])
def test_only_those_who_may_end_it_or_its_support_officer_reopen_it(by: str) -> None:
    ended = leave(opened(), EXITS[0][0]).incident

    decision = answer(ended, "reopen: because I say so", by=by, now=MONDAY)

    assert decision.incident.closed_at == EVENING
    assert open_kinds(decision.incident) == []


def test_the_support_officer_may_reopen_it() -> None:
    ended = leave(placed(), EXITS[0][0], now=TUESDAY).incident

    assert said(ended, "reopen: because it was one", OFFICER, WEDNESDAY).closed_at is None


def test_an_open_incident_is_not_reopened() -> None:
    decision = answer(opened(), "reopen: because it should go on", by=IGOR)

    assert problem_in(decision) == Problem.NOT_CLOSED


def test_reopening_needs_a_reason() -> None:
    ended = leave(opened(), EXITS[0][0]).incident

    assert answer(ended, "reopen:", by=IGOR, now=MONDAY).incident.closed_at == EVENING
