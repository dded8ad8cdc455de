"""Who is told of an incident, when, and by which mail (paras 26, 28, 34, 66–69)."""

from datetime import date, timedelta

import pytest

from mailbot.incident import Original
from mailbot.organisation import Absence
from mailbot.procedure.decision import Answered, Decision, ReportedAgain, TimePassed
from mailbot.procedure.machine import advance
from mailbot.procedure.rules import Rules
from mailbot.terms import Queue, Role, Severity
from tests.procedure.conftest import (
    CARA,
    DORA,
    GUY,
    GWEN,
    IG_DESK,
    IGOR,
    IT_DESK,
    ITSEC,
    LIAM,
    RITA,
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


def test_everybody_whom_the_procedure_names_gets_one_mail_when_an_incident_opens() -> None:
    assert templates(opened_at(NOW)) == {
        RITA: "acknowledgement",
        DORA: "dpo_notice",
        IG_DESK: "queue_notice",
        GWEN: "group_manager_notice",
        LIAM: "line_manager_notice",
    }


def test_the_first_mail_makes_the_first_requests() -> None:
    notices = {one.recipient: one for one in opened_at(NOW, report=a_report(missing=("subjects",))).notices}

    assert notices[RITA].asks == ("complete_report",)
    assert notices[DORA].asks == ("decide_ico",)
    assert notices[IG_DESK].asks == ("triage", "assess", "contain", "name_people")
    assert notices[IG_DESK].duty_kind == "triage"


def test_senior_staff_are_told_after_four_hours_when_a_provisional_medium_is_not_confirmed() -> None:
    opened = opened_at(NOW)

    assert not {STELLA, SIMON} & set(recipients(later(opened, 3.99)))
    assert templates(later(opened, 4)) == {STELLA: "senior_notice", SIMON: "senior_notice"}


def test_senior_staff_are_told_at_once_when_the_provisional_rating_is_high() -> None:
    told = templates(opened_at(NOW, triage=a_triage(severity=Severity.HIGH, health_or_social_care=True)))

    assert {told[one] for one in (STELLA, SIMON, CARA)} == {"senior_notice"}


def test_senior_staff_are_told_at_once_when_a_person_confirms_medium() -> None:
    incident = opened_at(NOW).incident
    answer = Answered(duty_kind="assess", key="severity", value="confirmed", by=IGOR)

    assert {STELLA, SIMON} <= set(recipients(advance(incident, answer, NOW + timedelta(hours=1), RULES)))


def test_senior_staff_are_not_told_when_a_person_rates_it_low_within_the_four_hours() -> None:
    answer = Answered(duty_kind="assess", key="severity", value="low, because one person is affected", by=IGOR)
    rated = advance(opened_at(NOW).incident, answer, NOW + timedelta(hours=1), RULES)

    assert not {STELLA, SIMON} & set(recipients(later(rated, 5)))


def test_the_other_desk_gets_a_copy_when_it_is_to_be_told_too() -> None:
    triage = a_triage(queue=Queue.IT, also_tell=(Queue.IG,))

    told = templates(opened_at(NOW, triage=triage))

    assert (told[IT_DESK], told[IG_DESK]) == ("queue_notice", "queue_notice_copy")


def test_it_security_is_told_when_the_it_desk_acts_and_it_is_high() -> None:
    high = a_triage(queue=Queue.IT, severity=Severity.HIGH)

    assert ITSEC in recipients(opened_at(NOW, triage=high))
    assert ITSEC not in recipients(opened_at(NOW, triage=a_triage(queue=Queue.IT)))
    assert ITSEC not in recipients(opened_at(NOW, triage=a_triage(severity=Severity.HIGH)))


def test_the_other_desk_is_told_when_the_same_report_lies_in_its_mailbox() -> None:
    opened = opened_at(NOW).incident
    again = ReportedAgain(
        original=Original(mailbox="it", folder="INBOX", uid=3, sender=RITA, received_at=NOW), queue=Queue.IT
    )
    once = advance(opened, again, NOW, RULES)
    twice = advance(once.incident, again, NOW, RULES)

    assert templates(once) == {IT_DESK: "queue_notice_copy"}
    assert len(once.incident.originals) == 2
    assert twice.notices == ()
    assert twice.incident == once.incident


def test_a_supplier_whose_report_goes_to_it_is_shown_to_ig_too() -> None:
    told = templates(opened_at(NOW, sender=STRANGER, triage=a_triage(queue=Queue.IT)))

    assert (told[IT_DESK], told[IG_DESK], told[DORA]) == ("queue_notice", "queue_notice_copy", "dpo_notice")


@pytest.mark.parametrize(("until", "told"), [(date(2026, 11, 20), GUY), (date(2026, 11, 19), GWEN)])
def test_the_deputy_is_told_when_somebody_is_away_on_that_day(until: date, told: str) -> None:
    rules = rules_with((Absence(address=GWEN, from_on=date(2026, 11, 10), until_on=until),))
    opened = opened_at(NOW, rules=rules)

    assert templates(opened)[told] == "group_manager_notice"


def test_nobody_is_told_again_when_the_absence_is_over() -> None:
    rules = rules_with((Absence(address=GWEN, from_on=date(2026, 11, 10), until_on=date(2026, 11, 20)),))
    opened = opened_at(NOW, rules=rules)

    assert "group_manager_notice" not in {one.template for one in later(opened, 24, rules).notices}


def test_one_mail_reaches_a_person_who_holds_several_roles() -> None:
    triage = a_triage(severity=Severity.HIGH)
    opened = opened_at(NOW, sender=GWEN, triage=triage)

    assert recipients(opened).count(GWEN) == 1
    assert templates(opened)[GWEN] == "acknowledgement"
    assert {one.role for one in opened.incident.told if one.recipient == GWEN} == {Role.REPORTER, Role.GROUP_MANAGER}


def test_the_group_is_the_one_where_it_occurred_and_not_the_reporters() -> None:
    opened = opened_at(NOW, report=a_report(fields={"group": fact("adult care")}))

    assert opened.incident.group == "Adult Care"
    assert templates(opened)[GUY] == "group_manager_notice"
    assert GWEN not in recipients(opened)


@pytest.mark.parametrize(
    "fields",
    [{"group": fact("Waterways")}, {"group": fact("Homes"), "service": fact("Adult Care")}],
)
def test_no_group_is_guessed_when_the_form_is_unclear(fields: dict[str, object]) -> None:
    opened = opened_at(NOW, report=a_report(fields=fields))

    assert opened.incident.group is None
    assert not {GWEN, GUY} & set(recipients(opened))


def test_the_group_manager_is_told_when_the_desk_names_the_group() -> None:
    opened = opened_at(NOW, report=a_report(fields={"group": fact("Waterways")}))
    answer = Answered(duty_kind="", key="Group", value="Homes.", by=IGOR)

    assert GWEN in recipients(advance(opened.incident, answer, NOW + timedelta(hours=14), RULES))


@pytest.mark.parametrize(
    ("named", "line_manager"),
    [("boss@council.example", "boss@council.example"), ("boss@elsewhere.example", None), ("the boss", None)],
)
def test_a_line_manager_whom_only_the_form_names_is_told_only_inside_the_council(
    named: str, line_manager: str | None
) -> None:
    report = a_report(fields={"line_manager_email": fact(named)})

    assert opened_at(NOW, sender="new.starter@council.example", report=report).incident.line_manager == line_manager
