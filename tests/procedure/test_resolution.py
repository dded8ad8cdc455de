"""From the investigation to the closing: lead, report, review, sign-off, recommendations, the last word."""

from datetime import date, datetime, timedelta

import pytest

from mailbot.incident import Incident
from mailbot.investigation import Recommendation
from mailbot.organisation import StaffEntry
from mailbot.parse.returned import ReturnedInvestigation, ReturnProblem, Shortcoming
from mailbot.procedure.clocks import due_at
from mailbot.procedure.decision import Answered, Decision, FactsArrived, InvestigationReturned
from mailbot.procedure.grammar import Problem
from mailbot.procedure.ladder import planned_steps
from mailbot.procedure.lengths import Base
from mailbot.procedure.machine import advance
from mailbot.procedure.rows import Target
from mailbot.procedure.ruling_result import RulingProblem
from mailbot.terms import Role
from tests.procedure.answering import answer, duty_of, opened, problem_in
from tests.procedure.conftest import CALENDAR, DORA, GUY, GWEN, IGOR, RESA, RITA, RULES, SIMON, fact, london
from tests.procedure.investigating import (
    LEAD,
    MONDAY,
    OFFICER,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    carrying_out,
    open_kinds,
    placed,
    ready_to_sign,
    recommendation,
    report_of,
    ruling,
    said,
    settled,
    signed,
    to_be_led,
    with_closing_facts,
    with_other_duties_done,
)


def templates_of(decision: Decision) -> set[str]:
    return {notice.template for notice in decision.notices}


def asks(decision: Decision, kind: str) -> list[str]:
    """Who is asked for a duty by this decision."""
    return [notice.recipient for notice in decision.notices if kind in notice.asks]


def form(*recommendations: Recommendation, **changes: object) -> ReturnedInvestigation:
    return ReturnedInvestigation.model_validate(
        {"source": "report.docx", "reference": "DB2026014", "recommendations": recommendations} | changes
    )


def returned(incident: Incident, report: ReturnedInvestigation, by: str = LEAD, now: datetime = TUESDAY) -> Decision:
    return advance(incident, InvestigationReturned(report=report, by=by), now, RULES)


# ---------------------------------------------------------------- who investigates, who supports


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("Rita Reporter", RITA),
        ("rita  reporter.", RITA),
        ("Rita Reporter, she knows the team", RITA),
        ("Rita Reporter because she knows the team", RITA),
        ("Rita Reporter (Housing)", RITA),
        (RITA, RITA),
        (f"Rita Reporter <{RITA.upper()}>", RITA),
        ("new.starter@council.example", "new.starter@council.example"),
    ],
)
@pytest.mark.parametrize(
    ("key", "field", "by"), [("incident lead", "incident_lead", GWEN), ("support officer", "support_officer", IGOR)]
)
def test_a_person_is_named_by_address_or_by_a_full_name(
    words: str, address: str, key: str, field: str, by: str
) -> None:
    incident = said(to_be_led(), f"{key}: {words}", by)

    assert getattr(incident, field) == address


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("Rita", Problem.NOT_IN_THE_DIRECTORY),
        ("Nora Nobody", Problem.NOT_IN_THE_DIRECTORY),
        ("somebody of the team", Problem.NOT_IN_THE_DIRECTORY),
        ("Rita Reporter and Resa Responsible", Problem.NOT_IN_THE_DIRECTORY),
        (f"{RITA} or {RESA}", Problem.NO_ADDRESS),
        ("pat@public.example", Problem.NOT_THE_COUNCILS),
        ("pat@council.example.evil.example", Problem.NOT_THE_COUNCILS),
        ("", Problem.REASON_MISSING),
    ],
)
def test_who_is_not_exactly_one_person_of_the_council_is_asked_for_again(words: str, problem: Problem) -> None:
    decision = answer(to_be_led(), f"incident lead: {words}", by=GWEN, now=TUESDAY)

    assert decision.incident.incident_lead is None
    (notice,) = [one for one in decision.notices if one.template == "answer_unclear"]
    assert notice.mentions["problem"] in {problem, Problem.NOT_UNDERSTOOD}


def test_a_name_that_two_people_have_is_asked_for_again() -> None:
    twin = StaffEntry(address="rita.reporter2@council.example", name="Rita Reporter")
    organisation = RULES.organisation.but(people=RULES.organisation.people | {twin.address: twin})
    event = Answered(duty_kind="", key="incident lead", value="Rita Reporter", by=GWEN)

    decision = advance(to_be_led(), event, TUESDAY, RULES.but(organisation=organisation))

    assert problem_in(decision) == Problem.NOT_IN_THE_DIRECTORY
    assert decision.incident.incident_lead is None


def test_the_lead_who_is_named_is_asked_to_investigate() -> None:
    decision = answer(settled(to_be_led(), MONDAY).incident, f"incident lead: {RITA}", by=GWEN, now=TUESDAY)

    assert duty_of(decision, "investigate").person == RITA
    assert RITA in asks(decision, "investigate")
    assert "nominate_lead" not in open_kinds(decision.incident)


def test_the_group_manager_is_asked_for_a_lead_only_where_an_investigation_is_recommended() -> None:
    assert "nominate_lead" in open_kinds(settled(to_be_led(), MONDAY).incident)
    refused = said(to_be_led(), "correct: investigation recommended: no, because it is plain", IGOR)
    assert "nominate_lead" not in open_kinds(refused)
    assert refused.duty("investigate").holder is Role.RESPONSIBLE_LINE_MANAGER  # type: ignore[union-attr]


def test_nobody_else_names_the_lead() -> None:
    decision = answer(to_be_led(), f"incident lead: {RITA}", by=RESA, now=TUESDAY)

    assert decision.incident.incident_lead is None
    assert "answer_held" in templates_of(decision)


# ---------------------------------------------------------------- the report comes back


def test_a_report_in_words_ends_the_investigation_and_starts_review_and_clearing() -> None:
    decision = answer(placed(), "investigation: returned", by=LEAD, now=TUESDAY)

    report = report_of(decision.incident)
    assert (report.round, report.by, report.recommendations) == (1, LEAD, ())
    assert "investigate" not in open_kinds(decision.incident)
    assert set(asks(decision, "review_report")) == set(asks(decision, "clear_report")) == {OFFICER}


def test_a_report_as_a_form_is_taken_with_its_recommendations() -> None:
    known = recommendation(1, owner=RESA, due_on=date(2026, 12, 18))
    unknown = recommendation(2, owner="pat@public.example")

    decision = returned(placed(), form(known, unknown, findings={"summary": "A wrong address"}))

    report = report_of(decision.incident)
    assert report.findings == {"summary": "A wrong address"}
    assert report.recommendation(1) == known
    assert report.recommendation(2) == unknown.but(owner="", owner_as_written="pat@public.example")
    assert duty_of(decision, "investigate").discharged is not None
    assert "receipt" in templates_of(decision)
    assert {"review_report", "clear_report"} <= set(open_kinds(decision.incident))


@pytest.mark.parametrize(
    "report",
    [
        form(reference="DB2026099"),
        form(problems=(ReturnProblem(what=Shortcoming.EMPTY),)),
        form(problems=(ReturnProblem(what=Shortcoming.UNREADABLE),)),
        form(problems=(ReturnProblem(what=Shortcoming.TWO_LISTS),)),
    ],
    ids=["another incident's", "empty", "unreadable", "two lists"],
)
def test_a_report_that_is_none_is_asked_for_again(report: ReturnedInvestigation) -> None:
    decision = returned(placed(), report)

    assert decision.incident.investigation is None
    assert "answer_unclear" in templates_of(decision)
    assert "investigate" in open_kinds(decision.incident)


def test_a_report_of_somebody_who_was_not_asked_is_held() -> None:
    decision = returned(placed(), form(recommendation(1)), by=RITA)

    assert decision.incident.investigation is None
    assert "answer_held" in templates_of(decision)


@pytest.mark.parametrize(
    ("line", "ended"),
    [
        ("review: sent back, because the cause is missing", "review_report"),
        ("no personal data: not so, because a name stands in it", "clear_report"),
    ],
)
def test_a_report_that_is_sent_back_is_investigated_anew_and_comes_back_as_the_second(line: str, ended: str) -> None:
    first = said(placed(), "investigation: returned", LEAD)
    old = first.duty("investigate")

    decision = answer(first, line, by=OFFICER, now=WEDNESDAY)

    sent_back = decision.incident
    anew = duty_of(decision, "investigate")
    assert old is not None
    assert anew.is_open
    assert anew.id != old.id
    assert LEAD in asks(decision, "investigate")
    assert not {"review_report", "clear_report", "sign_off"} & set(open_kinds(sent_back))
    assert sent_back.duty(ended).discharged.how == "sent back"  # type: ignore[union-attr]

    second = answer(sent_back, "investigation: returned", by=LEAD, now=THURSDAY)
    report = report_of(second.incident)
    assert (report.round, report.reviewed, report.cleared) == (2, None, None)
    assert {"review_report", "clear_report"} <= set(open_kinds(second.incident))
    assert "investigate" not in open_kinds(second.incident)


@pytest.mark.parametrize("line", ["review: sent back", "no personal data: not so"])
def test_a_report_is_sent_back_with_a_reason_only(line: str) -> None:
    decision = answer(said(placed(), "investigation: returned", LEAD), line, by=OFFICER, now=WEDNESDAY)

    assert problem_in(decision) == Problem.REASON_MISSING
    assert "investigate" not in open_kinds(decision.incident)


def test_an_investigation_may_be_called_off_after_its_report_was_sent_back() -> None:
    first = said(placed(), "investigation: returned", LEAD)
    sent_back = said(first, "review: sent back, because the cause is missing", OFFICER, WEDNESDAY)

    waived = said(sent_back, "investigation: not needed, because the cause is plain", LEAD, THURSDAY)

    assert "investigate" not in open_kinds(settled(waived, THURSDAY + timedelta(days=7)).incident)


def test_a_report_that_comes_after_the_investigation_was_called_off_may_still_be_sent_back() -> None:
    waived = said(placed(), "investigation: not needed, because the cause is plain", LEAD, MONDAY)
    after_all = said(waived, "investigation: returned", LEAD, TUESDAY)

    sent_back = said(after_all, "review: sent back, because the cause is missing", OFFICER, WEDNESDAY)

    assert "investigate" in open_kinds(sent_back)


def test_the_word_that_it_was_returned_takes_nothing_of_the_report_that_is_here() -> None:
    incident = returned(placed(), form(recommendation(1))).incident

    again = said(incident, "investigation: returned", LEAD, WEDNESDAY)

    assert report_of(again) == report_of(incident)


@pytest.mark.parametrize("typed", [True, False], ids=["in words", "as a form"])
def test_a_late_copy_of_the_report_does_not_undo_what_was_signed(typed: bool) -> None:
    incident = signed(placed(), recommendation(1), recommendation(2))

    decision = (
        answer(incident, "investigation: returned", by=LEAD, now=THURSDAY)
        if typed
        else returned(incident, form(recommendation(1)), now=THURSDAY)
    )

    assert problem_in(decision) == Problem.REPORT_SIGNED
    assert report_of(decision.incident) == report_of(incident)
    assert set(carrying_out(decision.incident)) == {"1", "2"}


def test_a_form_that_comes_again_before_the_signature_is_the_one_that_counts() -> None:
    incident = ready_to_sign(placed(), recommendation(1))

    decision = returned(incident, form(recommendation(1), recommendation(2)), now=WEDNESDAY)

    assert len(report_of(decision.incident).recommendations) == 2
    assert "sign_off" not in open_kinds(decision.incident)
    assert {"review_report", "clear_report"} <= set(open_kinds(decision.incident))


@pytest.mark.parametrize("line", ["review: accepted", "no personal data: confirmed"])
def test_there_is_nothing_to_review_before_a_report_is_here(line: str) -> None:
    assert problem_in(answer(placed(), line, by=OFFICER, now=TUESDAY)) == Problem.NO_REPORT


# ---------------------------------------------------------------- the signature


def to_sign(count: int = 3) -> Incident:
    return ready_to_sign(placed(), *(recommendation(number) for number in range(1, count + 1)))


def test_the_group_manager_signs_only_what_was_reviewed_and_cleared() -> None:
    incident = said(placed(), "investigation: returned", LEAD)
    reviewed = said(incident, "review: accepted", OFFICER, WEDNESDAY)
    assert "sign_off" not in open_kinds(reviewed)

    decision = answer(reviewed, "no personal data: confirmed", by=OFFICER, now=WEDNESDAY)

    assert duty_of(decision, "sign_off").person == GWEN
    assert asks(decision, "sign_off") == [GWEN]


@pytest.mark.parametrize("words", ["accept all", "Approved", "Agreed, thanks", "1, 2 and 3 accepted"])
@pytest.mark.parametrize("by", [GWEN, GUY])
def test_all_is_accepted_by_the_group_manager_or_the_deputy(words: str, by: str) -> None:
    decision = answer(to_sign(), f"sign off: {words}", by=by, now=WEDNESDAY)

    incident = decision.incident
    assert [ruling(incident, number).by for number in (1, 2, 3)] == [by] * 3  # type: ignore[union-attr]
    assert "sign_off" not in open_kinds(incident)
    assert set(carrying_out(incident)) == {"1", "2", "3"}
    (receipt,) = [one for one in decision.notices if one.template == "ruled_receipt"]
    assert receipt.mentions["accepted"] == "1, 2, 3"


def test_what_a_signature_leaves_open_stays_open_and_is_named() -> None:
    decision = answer(to_sign(), "sign off: accept 1 and 3", by=GWEN, now=WEDNESDAY)

    assert duty_of(decision, "sign_off").is_open
    (receipt,) = [one for one in decision.notices if one.template == "ruled_receipt"]
    assert (receipt.mentions["accepted"], receipt.mentions["open"]) == ("1, 3", "2")
    rest = said(decision.incident, "sign off: accept 2", GWEN, THURSDAY)
    assert "sign_off" not in open_kinds(rest)
    assert set(carrying_out(rest)) == {"1", "2", "3"}


def test_a_rejection_without_a_reason_is_asked_for_one() -> None:
    decision = answer(to_sign(), "sign off: accept 1 and 3, reject 2", by=GWEN, now=WEDNESDAY)

    assert ruling(decision.incident, 2) is None
    assert duty_of(decision, "sign_off").is_open
    (receipt,) = [one for one in decision.notices if one.template == "ruled_receipt"]
    assert (receipt.mentions["open"], receipt.mentions["problem"]) == ("2", RulingProblem.REASON_MISSING)


@pytest.mark.parametrize("by", [RESA, LEAD, RITA, SIMON])
def test_a_signature_of_the_wrong_person_is_held(by: str) -> None:
    incident = to_sign()

    decision = answer(incident, "sign off: accept all", by=by, now=WEDNESDAY)

    assert report_of(decision.incident) == report_of(incident)
    assert "answer_held" in templates_of(decision)


def test_a_report_that_recommends_nothing_is_signed_as_a_whole() -> None:
    incident = said(ready_to_sign(placed()), "sign off: approved", GWEN, WEDNESDAY)

    assert report_of(incident).is_signed
    assert report_of(incident).signed.by == GWEN  # type: ignore[union-attr]
    assert "sign_off" not in open_kinds(incident)
    assert carrying_out(incident) == {}


def test_a_report_that_recommends_nothing_and_is_refused_goes_back() -> None:
    incident = said(ready_to_sign(placed()), "sign off: rejected, because something must change", GWEN, WEDNESDAY)

    assert report_of(incident).signed is None
    assert "sign_off" not in open_kinds(incident)
    assert "investigate" in open_kinds(incident)
    second = said(incident, "investigation: returned", LEAD, THURSDAY)
    assert report_of(second).round == 2
    assert "review_report" in open_kinds(second)


# ---------------------------------------------------------------- what was rejected


def with_rejection() -> Incident:
    return said(to_sign(), "sign off: accept all except 2, because there is no money for it", GWEN, WEDNESDAY)


def test_a_rejection_goes_to_the_dpo_with_its_reason() -> None:
    incident = with_rejection()

    duty = incident.duty("review_rejection")
    assert duty is not None
    assert (duty.person, duty.is_open) == (DORA, True)
    assert "no money" in ruling(incident, 2).reason  # type: ignore[union-attr]
    assert set(carrying_out(incident)) == {"1", "3"}


@pytest.mark.parametrize(
    ("line", "numbers"),
    [
        ("decision: carry out 2, because the law asks for it", {"1", "2", "3"}),
        ("decision: drop 2, because the others are enough", {"1", "3"}),
    ],
)
def test_the_dpo_has_the_last_word_on_what_was_rejected(line: str, numbers: set[str]) -> None:
    incident = said(with_rejection(), line, DORA, THURSDAY)

    assert set(carrying_out(incident)) == numbers
    assert "review_rejection" not in open_kinds(incident)


def test_the_group_manager_does_not_decide_on_the_own_rejection() -> None:
    decision = answer(with_rejection(), "decision: drop 2, because I said so", by=GWEN, now=THURSDAY)

    assert "answer_held" in templates_of(decision)
    assert duty_of(decision, "review_rejection").is_open


# ---------------------------------------------------------------- what is carried out


def to_carry_out() -> Incident:
    return signed(
        placed(),
        recommendation(1, owner=RESA, due_on=date(2026, 12, 18)),
        recommendation(2, owner=RESA),
        recommendation(3, owner=RITA, due_on=date(2027, 1, 15)),
        recommendation(4, owner=""),
    )


def test_every_accepted_recommendation_is_its_owners_by_its_own_day() -> None:
    duties = carrying_out(to_carry_out())

    assert {about: duty.person for about, duty in duties.items()} == {"1": RESA, "2": RESA, "3": RITA, "4": None}
    assert duties["1"].due_at == london("Fri 2026-12-18 17:00")
    assert duties["3"].due_at == london("Fri 2027-01-15 17:00")
    assert duties["2"].due_at is None
    assert len({duty.id for duty in duties.values()}) == 4


def test_the_support_officer_is_asked_where_the_directory_knows_no_owner() -> None:
    incident = ready_to_sign(placed(), recommendation(1, owner=""))

    decision = answer(incident, "sign off: accept all", by=GWEN, now=WEDNESDAY)

    assert asks(decision, "carry_out") == [OFFICER]


@pytest.mark.parametrize(
    ("words", "by", "done"),
    [
        ("2, what was done: the list is locked", RESA, {"2"}),
        ("2", RESA, {"2"}),
        ("1 and 2. Both were finished on Friday", RESA, {"1", "2"}),
        ("1, 2 were finished on Friday", RESA, {"1", "2"}),
        ("4 the form was changed", OFFICER, {"4"}),
        ("3", DORA, {"3"}),
    ],
)
def test_an_owner_says_what_was_carried_out(words: str, by: str, done: set[str]) -> None:
    before = to_carry_out()

    decision = answer(before, f"done: {words}", by=by, now=THURSDAY)

    assert set(carrying_out(before)) - set(carrying_out(decision.incident)) == done
    assert "ruled_receipt" in templates_of(decision)


def test_what_was_done_is_kept_in_the_owners_words() -> None:
    incident = said(to_carry_out(), "done: 2, the list is locked now", RESA, THURSDAY)

    found = report_of(incident).recommendation(2)
    assert found is not None
    assert found.done is not None
    assert (found.done.by, found.done.reason, found.done.at) == (RESA, "the list is locked now", THURSDAY)


@pytest.mark.parametrize(
    "words",
    [
        "not done yet",
        "1 not yet",
        "1, half of it",
        "1 will be done next week",
        "1 is nearly finished",
        "1 of 3 sessions took place",
        "1st part finished",
        "1 December is the day I begin",
        "1.5 hours of training were held",
        "1/2 is through",
        "1?",
        "no",
    ],
)
def test_what_is_not_plainly_done_stays_open(words: str) -> None:
    before = to_carry_out()

    decision = answer(before, f"done: {words}", by=RESA, now=THURSDAY)

    assert set(carrying_out(decision.incident)) == set(carrying_out(before))
    assert "answer_unclear" in templates_of(decision)


@pytest.mark.parametrize("words", ["1, 2 December 2026", "1, 2 leaflets were printed"])
def test_a_number_that_counts_something_else_carries_nothing_out(words: str) -> None:
    decision = answer(to_carry_out(), f"done: {words}", by=RESA, now=THURSDAY)

    assert "2" in carrying_out(decision.incident)


@pytest.mark.parametrize("words", ["3", "3, it is all done", "1 and 2"])
def test_an_owner_speaks_for_the_own_recommendations_only(words: str) -> None:
    other = RITA if words == "1 and 2" else RESA
    before = to_carry_out()

    decision = answer(before, f"done: {words}", by=other, now=THURSDAY)

    assert set(carrying_out(decision.incident)) == set(carrying_out(before))


def test_whoever_owns_nothing_is_held() -> None:
    decision = answer(to_carry_out(), "done: 1", by=SIMON, now=THURSDAY)

    assert "answer_held" in templates_of(decision)
    assert set(carrying_out(decision.incident)) == {"1", "2", "3", "4"}


# ---------------------------------------------------------------- the closing


def all_done() -> Incident:
    return said(signed(with_other_duties_done(placed()), recommendation(1)), "done: 1", RESA, THURSDAY)


def test_the_support_officer_is_asked_to_close_once_all_is_done() -> None:
    open_still = signed(with_other_duties_done(placed()), recommendation(1))
    assert open_kinds(open_still) == ["carry_out"]

    assert open_kinds(all_done()) == ["close"]


def test_a_closing_is_refused_with_what_is_open() -> None:
    incident = signed(with_other_duties_done(placed()), recommendation(1), recommendation(2))

    decision = answer(incident, "close: yes", by=OFFICER, now=THURSDAY)

    (notice,) = [one for one in decision.notices if one.template == "answer_unclear"]
    assert notice.mentions["problem"] == Problem.DUTIES_OPEN
    assert notice.mentions["choices"] == RULES.procedure.duty("carry_out").title
    assert decision.incident.closed_at is None


def test_a_closing_is_refused_with_the_facts_that_the_report_wants() -> None:
    incident = all_done().but(facts={})

    decision = answer(incident, "close: yes", by=OFFICER, now=THURSDAY)

    (notice,) = [one for one in decision.notices if one.template == "answer_unclear"]
    assert notice.mentions["problem"] == Problem.FACTS_MISSING
    assert notice.mentions["choices"].split("\n") == ["Medium", "Root cause", "Action", "Subjects", "Summary"]
    assert decision.incident.closed_at is None


def test_an_incident_is_closed_by_a_person() -> None:
    incident = said(with_closing_facts(all_done()), "close: yes", OFFICER, THURSDAY)

    assert incident.closed_at == THURSDAY
    assert incident.open_duties == ()
    assert incident.exit is None


def test_a_closing_said_twice_keeps_its_first_moment() -> None:
    incident = said(with_closing_facts(all_done()), "close: yes", OFFICER, THURSDAY)

    assert said(incident, "close: yes", OFFICER, THURSDAY + timedelta(days=1)).closed_at == THURSDAY


@pytest.mark.parametrize("days", [1, 20, 400])
def test_nothing_is_asked_after_the_closing(days: int) -> None:
    closed = said(with_closing_facts(all_done()), "close: yes", OFFICER, THURSDAY)

    later = settled(closed, THURSDAY + timedelta(days=days))

    assert (later.notices, later.audit, later.incident.next_step_at) == ((), (), None)


def test_facts_that_come_after_the_closing_start_nothing() -> None:
    closed = said(with_closing_facts(all_done()), "close: yes", OFFICER, THURSDAY)
    event = FactsArrived(facts={"subjects": fact("400")}, missing=("group",), by=RITA)

    later = advance(closed, event, THURSDAY + timedelta(days=3), RULES)

    assert later.incident.open_duties == ()
    assert [notice for notice in later.notices if notice.asks] == []


def test_a_closed_incident_that_is_reopened_is_to_be_closed_again() -> None:
    closed = said(with_closing_facts(all_done()), "close: yes", OFFICER, THURSDAY)
    friday = THURSDAY + timedelta(days=1)

    reopened = said(closed, "reopen: because somebody complained", OFFICER, friday)

    assert open_kinds(reopened) == ["close"]
    assert reopened.next_step_at is not None
    assert said(reopened, "close: yes", OFFICER, friday).closed_at == friday


def test_the_closing_waits_when_something_else_opens_and_is_asked_for_anew() -> None:
    incident = all_done()
    back = said(incident, "review: sent back, because something new came up", OFFICER, THURSDAY)
    assert "close" not in open_kinds(back)
    assert "investigate" in open_kinds(back)


# ---------------------------------------------------------------- the clocks and ladders of these duties


@pytest.mark.parametrize(
    ("hours_before", "due_after"),
    [(1, 23), (19, 5), (20, 4), (21, 4), (23, 4), (30, 4)],
)
def test_a_cap_leaves_whoever_is_asked_at_least_the_floor(hours_before: int, due_after: int) -> None:
    """24 hours from awareness, but four hours from the moment the clock started, whichever is later."""
    rule = RULES.procedure.duty("nominate_lead")
    anchor = london("Tue 2026-11-24 09:00")
    incident = opened().but(aware_at=anchor - timedelta(hours=hours_before))

    assert due_at(rule, incident, anchor, CALENDAR) == anchor + timedelta(hours=due_after)


def test_without_personal_data_neither_cap_nor_floor_counts() -> None:
    rule = RULES.procedure.duty("nominate_lead")
    anchor = london("Tue 2026-11-24 09:00")

    assert due_at(rule, opened().but(personal_data=False), anchor, CALENDAR) == london("Thu 2026-11-26 17:00")


def test_every_duty_with_a_deadline_has_a_ladder_that_goes_past_it() -> None:
    for rule in RULES.procedure.duties:
        if rule.limit is not None:
            after = [step for step in rule.steps if step.when.base is Base.DUE and step.when.length.amount >= 0]
            assert after, rule.kind
            assert [step for step in rule.steps if step.to is not Target.HOLDER], rule.kind


def test_every_open_duty_of_a_whole_life_has_a_next_step() -> None:
    lives = [placed(), said(placed(), "investigation: returned", LEAD), to_sign(), with_rejection(), to_carry_out()]
    high = said(placed(), "severity: high, because it is worse", IGOR)

    for incident in [*lives, high, all_done()]:
        for duty in incident.open_duties:
            rule = RULES.procedure.duty(duty.kind)
            assert duty.next_step_at is not None, duty.kind
            assert planned_steps(rule, duty, CALENDAR), duty.kind


def test_a_lead_named_after_the_ten_days_is_asked_then_chased_and_told_on_from_that_day() -> None:
    """Nobody is passed over because the deadline lay before they had the duty, and nobody is told on at once."""
    named_on = london("Mon 2026-12-14 10:00")
    incident = settled(to_be_led(), named_on).incident
    named = answer(incident, f"incident lead: {LEAD}", by=GWEN, now=named_on)
    assert LEAD in asks(named, "investigate")

    incident, told = named.incident, []
    for day in ("Tue 2026-12-15 10:00", "Wed 2026-12-16 10:00", "Thu 2026-12-17 10:00", "Fri 2026-12-18 10:00"):
        decision = settled(incident, london(day))
        incident = decision.incident
        told.append({(one.recipient, one.step) for one in decision.notices if one.duty_kind == "investigate"})

    assert (LEAD, "overdue") in told[0] | told[1]
    assert DORA not in {reader for reader, _ in told[0]}
    assert (DORA, "overdue, DPO") in set().union(*told)
