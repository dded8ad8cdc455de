"""Time passes: reminders, the ladder of the 72 hours, outages and digests (DESIGN §2.4, §5)."""

from datetime import datetime, timedelta

import pytest

from mailbot.incident import Incident
from tests.e2e.conftest import MakeHouse
from tests.e2e.conversation import answer, at, go_to, mail_of
from tests.e2e.mails import SHORT, WRONG_CARE_HOME
from tests.house import DPO, IG_DESK, SAM, SAMS_MANAGER, House, report, text_of

SIRO = "gareth.holm@council.example"
NOT_REQUIRED = "ICO: not required, because the papers came back unopened"


def steps_sent(incident: Incident, kind: str) -> list[str]:
    duty = incident.duty(kind)
    assert duty is not None
    return [one.step for one in duty.sent]


def test_the_dpo_is_asked_again_at_each_step_of_the_72_hours_when_nothing_is_decided(reported: House) -> None:
    aware = reported.incident().aware_at
    expected = ["asked"]

    for hours, name in ((24, "24 hours"), (48, "48 hours"), (60, "60 hours"), (68, "68 hours"), (71, "71 hours")):
        go_to(reported, aware + timedelta(hours=hours, minutes=-1))
        assert name not in steps_sent(reported.incident(), "decide_ico")
        go_to(reported, aware + timedelta(hours=hours))
        expected.append(name)
        assert [one for one in steps_sent(reported.incident(), "decide_ico") if "," not in one] == expected
    go_to(reported, aware + timedelta(hours=72, minutes=1))

    assert "overdue" in steps_sent(reported.incident(), "decide_ico")
    assert "escalation" in reported.templates_to(SIRO)


def test_the_72_hours_know_no_weekend_when_the_report_comes_on_a_friday_evening(reported: House) -> None:
    saturday_evening = reported.incident().aware_at + timedelta(hours=24)

    go_to(reported, saturday_evening)

    assert "24 hours" in steps_sent(reported.incident(), "decide_ico")


def test_the_reporter_sleeps_through_the_weekend_when_facts_are_missing(house: House) -> None:
    house.deliver(report(SHORT))
    house.round()

    go_to(house, at(21, 10))
    go_to(house, at(22, 15))
    go_to(house, at(23, 8, 59))
    assert house.templates_to(SAM) == ["acknowledgement"]
    go_to(house, at(23, 9))

    assert house.templates_to(SAM) == ["acknowledgement", "report_missing"]


def test_the_reporter_is_chased_three_times_and_then_their_line_manager_is_told(house: House) -> None:
    house.deliver(report(SHORT))
    house.round()

    for day in range(23, 31):
        go_to(house, at(day, 9, 30))

    assert house.templates_to(SAM).count("report_missing") == 3
    assert "escalation" in house.templates_to(SAMS_MANAGER)


def test_one_late_mail_names_what_it_stands_for_when_the_bot_was_down_for_two_days(reported: House) -> None:
    before = len(reported.sent_to(DPO))

    go_to(reported, at(22, 20))

    late = [mail for mail in reported.sent_to(DPO)[before:] if "late" in text_of(mail).lower()]
    rows = [row for row in reported.outbox() if row.email.recipient == DPO and row.email.duty_kind == "decide_ico"]
    reminders = [row for row in rows if row.email.template == "reminder"]
    assert len(reminders) == 1
    assert reminders[0].email.values["late"]
    assert len(late) == 1


def test_nothing_more_is_sent_about_a_duty_when_it_is_discharged(reported: House) -> None:
    answer(reported, mail_of(reported, DPO, "dpo_notice"), NOT_REQUIRED, DPO)
    before = steps_sent(reported.incident(), "decide_ico")

    for day in range(21, 26):
        go_to(reported, at(day, 20))

    assert steps_sent(reported.incident(), "decide_ico") == before


def test_no_step_is_sent_twice_when_the_heart_beats_often(reported: House) -> None:
    aware = reported.incident().aware_at
    for minute in range(5):
        go_to(reported, aware + timedelta(hours=24, minutes=minute))

    assert steps_sent(reported.incident(), "decide_ico").count("24 hours") == 1


def test_a_reminder_waiting_in_the_outbox_is_withdrawn_when_the_duty_is_done_before_it_leaves(reported: House) -> None:
    mail = mail_of(reported, DPO, "dpo_notice")
    reported.sender.go_down()
    go_to(reported, reported.incident().aware_at + timedelta(hours=24))
    answer(reported, mail, NOT_REQUIRED, DPO)
    reported.sender.accept_all()
    reported.pass_by(timedelta(hours=1))

    reported.round()

    rows = [row for row in reported.outbox() if row.email.template == "reminder" and row.email.recipient == DPO]
    assert rows
    assert {row.state.value for row in rows} == {"withdrawn"}
    assert {row.because for row in rows} == {"the duty was done in the meantime"}


def digests(house: House, template: str = "triage_digest") -> int:
    return house.templates_to(IG_DESK).count(template)


def test_a_morning_digest_is_sent_once_on_a_working_day_even_when_nothing_happened(house: House) -> None:
    house.round()
    go_to(house, at(23, 7, 59))
    assert digests(house) == 0
    go_to(house, at(23, 8))
    go_to(house, at(23, 8, 1))
    go_to(house, at(23, 16))

    assert digests(house) == 1
    go_to(house, at(24, 8))
    assert digests(house) == 2


@pytest.mark.parametrize("free", [at(21, 9), at(22, 9), at(25, 9, month=12), at(28, 9, month=12)])
def test_no_morning_digest_is_sent_on_weekends_and_bank_holidays(house: House, free: datetime) -> None:
    house.round()

    go_to(house, free)

    assert digests(house) == 0


def test_the_morning_digest_is_sent_late_when_the_bot_was_down_at_eight(house: House) -> None:
    house.round()

    go_to(house, at(23, 11, 40))

    assert digests(house) == 1


def test_the_digest_names_each_open_incident_when_there_are_some(reported: House) -> None:
    go_to(reported, at(23, 8))

    assert "DB2026001" in text_of(mail_of(reported, IG_DESK, "triage_digest"))


def test_an_urgent_digest_leaves_at_once_when_a_clock_runs_out_before_the_next_morning(house: House) -> None:
    house.deliver(report(WRONG_CARE_HOME))

    house.round()

    assert digests(house, "triage_digest_urgent") == 1
    go_to(house, at(20, 21))
    assert digests(house, "triage_digest_urgent") == 1


def test_a_bot_that_was_just_set_up_owes_no_digest_for_a_morning_it_did_not_see(new_house: MakeHouse) -> None:
    house = new_house(at=at(23, 11))

    house.round()

    assert digests(house) == 0


def test_senior_staff_are_told_after_four_hours_when_a_medium_rating_stays_unconfirmed(reported: House) -> None:
    assert reported.incident().severity.value == "medium"
    rated_at = reported.incident().ratings[0].at

    go_to(reported, rated_at + timedelta(hours=3, minutes=59))
    assert SIRO not in {row.email.recipient for row in reported.outbox()}
    go_to(reported, rated_at + timedelta(hours=4))

    assert reported.templates_to(SIRO)[0] == "senior_notice"
