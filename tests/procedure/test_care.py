"""Whom care keeps out, or wakes: allegations, strangers, safety, restricted incidents, people named as involved."""

from datetime import date, timedelta

import pytest

from mailbot.organisation import Absence, StaffEntry
from mailbot.procedure.conditions import INVOLVED
from mailbot.procedure.decision import Answered, Decision, FactsArrived, Misaddressed, Priority, TimePassed
from mailbot.procedure.machine import advance
from mailbot.procedure.rules import Rules
from mailbot.terms import Queue, Role, Severity
from tests.procedure.conftest import (
    DAN,
    DORA,
    GUY,
    GWEN,
    HEATHER,
    IG_DESK,
    IGOR,
    LIAM,
    RITA,
    ROTA,
    RULES,
    SIMON,
    STELLA,
    STRANGER,
    a_report,
    a_triage,
    fact,
    london,
    opened_at,
    recipients,
    rules_with,
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


# ---------------------------------------------------------------- nobody implicated is written to, or heard

INVOLVES = "Please look at what {} did with the list"


def with_staff(address: str, name: str) -> Rules:
    organisation = RULES.organisation
    entry = StaffEntry(address=address, name=name)
    return RULES.but(organisation=organisation.but(people=organisation.people | {address: entry}))


def involving(who: str, rules: Rules = RULES, **more: object) -> Decision:
    report = a_report(fields={"involved": fact(INVOLVES.format(who))} | more)
    return opened_at(NOW, report=report, rules=rules)


def ever_written_to(decision: Decision, rules: Rules, hours: range = range(1, 400, 7)) -> set[str]:
    """Everybody who gets a mail while an incident lies there unanswered."""
    readers = set(recipients(decision))
    for hour in hours:
        decision = later(decision, hour, rules)
        readers |= set(recipients(decision))
    return readers


def test_a_manager_named_as_involved_is_neither_asked_to_investigate_nor_told_that_nobody_has() -> None:
    opened = involving("Gwen Groupmanager")

    assert GWEN not in ever_written_to(opened, RULES)


def test_a_director_named_as_involved_gets_no_escalation() -> None:
    assert STELLA not in ever_written_to(involving("Stella Director"), RULES)


def test_the_deputy_of_the_dpo_is_passed_over_when_named_as_involved() -> None:
    rules = with_staff(DAN, "Dan Deputydpo")
    opened = involving("Dan Deputydpo", rules)

    assert DAN not in ever_written_to(opened, rules)


@pytest.mark.parametrize("line", ["ICO: not required, because it was encrypted", "Restricted: released, because done"])
def test_nobody_named_as_involved_is_heard(line: str) -> None:
    rules = with_staff(DAN, "Dan Deputydpo")
    organisation = rules.organisation
    desks = tuple(one.but(members=(*one.members, DAN)) for one in organisation.desks)
    rules = rules.but(organisation=organisation.but(desks=desks))
    opened = involving("Dan Deputydpo", rules).incident
    key, _, value = line.partition(": ")

    decided = advance(opened, Answered(duty_kind="", key=key, value=value, by=DAN), NOW + timedelta(hours=1), rules)

    assert opened.restricted
    assert decided.incident.restricted
    assert decided.incident.open_duties == opened.open_duties
    assert "answer_held" in {one.template for one in decided.notices}


def test_a_manager_named_as_involved_is_told_but_a_handler_is_not_when_ig_says_to_tell_the_managers() -> None:
    rules = with_staff(DAN, "Dan Deputydpo")
    opened = involving("Liam Linemanager and Dan Deputydpo", rules).incident.but(restricted=())
    answer = Answered(duty_kind="", key="managers", value="tell", by=IGOR)
    told = advance(opened, answer, NOW + timedelta(hours=1), rules)

    assert LIAM in recipients(told)
    assert DAN not in ever_written_to(told, rules)


def test_a_reporter_who_names_themselves_is_acknowledged_and_may_answer_what_only_they_are_asked() -> None:
    report = a_report(fields={"involved": fact("me, Rita Reporter")})
    opened = opened_at(NOW, report=report, triage=a_triage(stolen=True))
    given = Answered(duty_kind="police_reference", key="police reference", value="CR/1234/26", by=RITA)
    decided = advance(opened.incident, given, NOW + timedelta(hours=1), RULES)

    assert RITA in recipients(opened)
    assert "police_reference" not in {duty.kind for duty in decided.incident.open_duties}


def test_the_siro_decides_in_the_dpos_place_when_the_dpo_is_named_as_involved_and_it_is_released() -> None:
    rules = with_staff(DORA, "Dora Dee")
    opened = involving("Dora Dee", rules).incident
    release = Answered(duty_kind="", key="restricted", value="released, because HR agrees", by=SIMON)
    released = advance(opened, release, NOW + timedelta(hours=1), rules).incident
    given = Answered(duty_kind="", key="ico", value="not required, because it was encrypted", by=SIMON)
    decided = advance(released, given, NOW + timedelta(hours=2), rules)

    assert not released.restricted
    assert "decide_ico" not in {duty.kind for duty in decided.incident.open_duties}
    assert DORA not in {one.recipient for one in decided.notices}


# ---------------------------------------------------------------- whoever is away is stood in for, the Reporter is not


def away(*addresses: str) -> Rules:
    days = {"from_on": date(2026, 11, 1), "until_on": date(2026, 12, 31)}
    return rules_with(tuple(Absence(address=one, **days) for one in addresses))


def test_nobody_is_told_in_the_reporters_place_when_they_are_away() -> None:
    rules = away(RITA)
    rules = rules.but(organisation=rules.organisation.but(deputies=rules.organisation.deputies | {RITA: GUY}))
    report = a_report(missing=("subjects",))
    opened = opened_at(NOW, report=report, rules=rules)

    assert templates(opened)[RITA] == "acknowledgement"
    assert GUY not in recipients(opened)
    assert "report_missing" not in {one.template for one in later(opened, 90, rules).notices if one.recipient != RITA}


@pytest.mark.parametrize(
    ("deputies", "missing", "told"),
    [
        ({GWEN: GUY}, (GWEN, GUY), STELLA),
        ({GWEN: GUY, GUY: GWEN}, (GWEN, GUY), STELLA),
        ({GWEN: GUY}, (GWEN, GUY, STELLA), DORA),
        ({GWEN: GUY}, (GWEN, GUY, STELLA, DORA), SIMON),
        ({GWEN: GUY, DORA: DAN}, (GWEN, GUY, STELLA, DORA), DAN),
    ],
    ids=["deputy away too", "a circle", "manager away too", "dpo away too", "the dpo's deputy is there"],
)
def test_the_next_up_is_told_when_a_person_and_the_deputy_are_both_away(
    deputies: dict[str, str], missing: tuple[str, ...], told: str
) -> None:
    rules = away(*missing)
    rules = rules.but(organisation=rules.organisation.but(deputies=deputies))
    opened = opened_at(NOW, rules=rules)

    (mine,) = [one for one in opened.incident.told if one.role is Role.GROUP_MANAGER]
    assert mine.recipient == told


def test_the_siro_is_asked_about_the_ico_when_the_dpo_and_the_deputy_are_both_away() -> None:
    rules = away(DORA, DAN)

    assert "decide_ico" in {one.duty_kind for one in opened_at(NOW, rules=rules).notices if one.recipient == SIMON}


def test_a_person_away_is_written_to_when_nobody_at_all_can_stand_in() -> None:
    everybody = (GWEN, GUY, STELLA, DORA, DAN, SIMON, IG_DESK)
    rules = away(*everybody)

    assert GWEN in recipients(opened_at(NOW, rules=rules))


def test_nobody_who_held_a_duty_before_it_was_restricted_answers_for_it_any_more() -> None:
    rated = advance(
        opened_at(NOW).incident,
        Answered(duty_kind="", key="severity", value="low, because one person is concerned", by=IGOR),
        NOW,
        RULES,
    ).incident
    restricted = rated.but(restricted=("staff conduct",))

    decision = advance(restricted, Answered(duty_kind="", key="severity", value="high", by=IGOR), NOW, RULES)

    assert decision.incident.severity is Severity.LOW
    assert IGOR not in recipients(decision)


def test_nobody_is_told_in_the_place_of_a_manager_who_heard_of_it_before_it_was_restricted() -> None:
    restricted = opened_at(NOW).incident.but(restricted=("staff conduct",))

    decision = advance(restricted, Misaddressed(duty_id=None, recipient=GWEN, because="it bounced"), NOW, RULES)

    assert GUY not in recipients(decision)


def test_what_the_desk_adds_to_a_restricted_incident_is_not_answered() -> None:
    restricted = opened_at(NOW).incident.but(restricted=("staff conduct",))
    facts = FactsArrived(facts={"subjects": fact("4")}, missing=(), by=IGOR)

    decision = advance(restricted, facts, NOW, RULES)

    assert IGOR not in recipients(decision)
    assert decision.incident.fact("subjects") == "4"
