"""What is graver than the rest: somebody in danger, and what only a few may know (DESIGN §5: Safety, Restricted)."""

from datetime import timedelta

import pytest

from mailbot.terms import Role
from tests.e2e.conversation import at, go_to, mail_of
from tests.e2e.mails import BOT, whole
from tests.house import DPO, IG_DESK, IT_DESK, SAM, SAMS_MANAGER, House, report, text_of

ROTA = ("01632960777@sms.council.example", "duty.desk@council.example")
DANGER = "We gave the address of her refuge to her violent ex-husband. She is at risk of harm."
MISUSE = "In strict confidence: Mo Trellis deliberately looked up the records of her neighbour."


@pytest.fixture
def in_danger(house: House) -> House:
    house.deliver(report(DANGER))
    house.round()
    return house


@pytest.fixture
def restricted(house: House) -> House:
    house.deliver(report(MISUSE))
    house.round()
    return house


def test_the_duty_phone_is_told_at_once_at_night_when_somebody_may_be_in_danger(in_danger: House) -> None:
    assert in_danger.templates_to(ROTA[0]) == ["on_call_notice"]
    assert in_danger.templates_to(ROTA[1]) == []


def test_the_next_on_the_rota_is_told_each_hour_until_somebody_answers(in_danger: House) -> None:
    start = in_danger.clock.now()

    go_to(in_danger, start + timedelta(minutes=58))
    assert in_danger.templates_to(ROTA[1]) == []
    go_to(in_danger, start + timedelta(minutes=61))

    assert in_danger.templates_to(ROTA[1]) == ["on_call_notice"]


def test_an_urgent_address_gets_a_reference_and_a_telephone_number_only(in_danger: House) -> None:
    mail = whole(mail_of(in_danger, ROTA[0], "on_call_notice"))

    assert "DB2026001" in mail
    assert "01632" in text_of(mail_of(in_danger, ROTA[0], "on_call_notice"))
    for word in ("refuge", "husband", "Sam Porter", SAM, "danger"):
        assert word not in mail


def test_the_reporter_is_told_to_ring_when_somebody_may_be_in_danger(in_danger: House) -> None:
    assert in_danger.templates_to(SAM) == ["acknowledgement_safety"]
    assert "999" in text_of(in_danger.sent_to(SAM)[0])


def test_only_the_dpo_and_hr_hear_of_a_restricted_incident(restricted: House) -> None:
    readers = {row.email.recipient for row in restricted.outbox() if row.email.incident_id}

    assert readers == {SAM, DPO, "hr.advice@council.example"}
    assert restricted.templates_to(DPO) == ["restricted_notice"]


def test_nobody_else_hears_of_it_later_when_its_clocks_run_out(restricted: House) -> None:
    for day in range(21, 27):
        go_to(restricted, at(day, 20))

    readers = {row.email.recipient for row in restricted.outbox() if row.email.incident_id}
    assert not readers & {IG_DESK, IT_DESK, SAMS_MANAGER, "hanna.brook@council.example", "dev.lister@council.example"}


def test_a_restricted_incident_is_counted_but_not_named_in_the_digest(restricted: House) -> None:
    go_to(restricted, at(23, 8))

    text = text_of(mail_of(restricted, IG_DESK, "triage_digest"))
    assert "DB2026001" not in text
    assert "Trellis" not in text


def test_a_follow_up_to_a_restricted_incident_reaches_the_dpo_alone(restricted: House) -> None:
    restricted.deliver(
        report("More about it.", sender=SAMS_MANAGER, subject="About DB2026001", message_id="<m@x.example>", to=BOT),
        "bot",
    )

    restricted.round()

    rows = [row for row in restricted.outbox() if row.email.template == "follow_up_notice"]
    assert [row.email.recipient for row in rows] == [DPO]


def test_hr_learns_nothing_of_what_was_reported(restricted: House) -> None:
    mail = whole(mail_of(restricted, "hr.advice@council.example", "hr_notice"))

    assert "Trellis" not in mail
    assert "neighbour" not in mail


def test_a_desk_whose_mailbox_got_the_report_too_is_not_told_when_it_is_restricted(restricted: House) -> None:
    restricted.deliver(report(MISUSE), "it")

    restricted.round()

    assert Role.OTHER_DESK not in {row.email.role for row in restricted.outbox()}
    assert restricted.templates_to(IT_DESK) == []


def test_an_alarm_names_nothing_of_a_restricted_incident_when_its_mail_cannot_be_delivered(house: House) -> None:
    house.sender.refuse("hr.advice@council.example")
    house.deliver(report(MISUSE))

    house.round()

    alarm = whole(mail_of(house, IG_DESK, "alarm"))
    assert "DB2026001" not in alarm
    assert "hr.advice" not in alarm
