"""The outbox: at least once, always the same bytes, never a flood, and whatever does not arrive is told (DESIGN §9.4)."""

from collections import Counter
from datetime import timedelta

from mailbot.jobs.send import send_outbox
from mailbot.jobs.undelivered import REFUSED_FOR
from mailbot.mail import Delivery, FrozenEmail
from mailbot.store import OutboxState
from tests.e2e.mails import SHORT
from tests.house import DPO, IG_DESK, SAM, SAMS_MANAGER, House, report

MINUTE = timedelta(minutes=1)


def send_every_minute(house: House, minutes: int) -> None:
    for _ in range(minutes):
        send_outbox(house.app)
        house.pass_by(MINUTE)


def offered_to(house: House, address: str) -> list[FrozenEmail]:
    return [one for one in house.sender.offered if one.recipient == address]


def test_a_mail_is_tried_again_with_the_same_bytes_when_the_server_says_not_now(waiting: House) -> None:
    waiting.sender.refuse(SAM, permanent=False)
    send_every_minute(waiting, 3)
    waiting.sender.accept_all()
    send_every_minute(waiting, 4)

    tries = offered_to(waiting, SAM)
    assert len(tries) == 3
    assert len({(one.message_id, one.content) for one in tries}) == 1
    assert waiting.rows_to(SAM)[0].state is OutboxState.SENT


def test_the_waits_grow_when_the_server_says_not_now_again_and_again(waiting: House) -> None:
    waiting.sender.refuse(SAM, permanent=False)

    send_every_minute(waiting, 60)

    # After 1, 2, 5, 10, 20 minutes.
    assert len(offered_to(waiting, SAM)) == 6


def test_nobody_else_waits_when_the_server_puts_one_reader_off(waiting: House) -> None:
    waiting.sender.refuse(SAM, permanent=False)

    send_outbox(waiting.app)

    assert {row.email.recipient for row in waiting.outbox() if row.state is OutboxState.SENT} >= {DPO, IG_DESK}


def test_a_person_is_told_when_the_server_has_put_one_reader_off_for_hours(waiting: House) -> None:
    waiting.sender.refuse(DPO, permanent=False)
    send_outbox(waiting.app)
    waiting.pass_by(REFUSED_FOR)

    waiting.work()

    assert waiting.rows_to(DPO)[0].state is OutboxState.GIVEN_UP
    assert "dpo_notice" in waiting.templates_to("callum.reeve@council.example")
    assert "alarm" in waiting.templates_to(IG_DESK)


def test_the_deputy_and_the_ig_team_are_told_at_once_when_an_address_is_refused_for_good(waiting: House) -> None:
    waiting.sender.refuse(DPO)

    waiting.work()

    assert waiting.rows_to(DPO)[0].state is OutboxState.GIVEN_UP
    assert "dpo_notice" in waiting.templates_to("callum.reeve@council.example")
    assert "alarm" in waiting.templates_to(IG_DESK)


def test_the_desk_is_asked_to_telephone_when_the_reporter_cannot_be_reached(waiting: House) -> None:
    waiting.sender.refuse(SAM)

    waiting.work()

    assert "escalation" in waiting.templates_to(IG_DESK)


def test_an_alarm_about_an_alarm_is_never_sent_when_the_ig_teams_address_is_refused(waiting: House) -> None:
    waiting.sender.refuse(IG_DESK)

    waiting.work()
    waiting.work()

    alarms = [row for row in waiting.outbox() if row.email.template == "alarm"]
    assert alarms
    assert all(row.state is OutboxState.GIVEN_UP for row in alarms)
    assert len(alarms) <= len([row for row in waiting.outbox() if row.state is OutboxState.GIVEN_UP]) / 2


def test_everything_arrives_afterwards_when_the_mail_server_is_down_for_a_day(waiting: House) -> None:
    waiting.sender.go_down()
    for _ in range(24):
        send_outbox(waiting.app)
        waiting.pass_by(timedelta(hours=1))
    assert {row.state for row in waiting.outbox()} == {OutboxState.WAITING}
    waiting.sender.accept_all()

    send_every_minute(waiting, 3)

    assert {row.state for row in waiting.outbox()} == {OutboxState.SENT}
    assert set(Counter(one.message_id for one in waiting.sender.sent).values()) == {1}


def test_the_server_is_left_in_peace_when_it_is_down(waiting: House) -> None:
    waiting.sender.go_down()

    send_outbox(waiting.app)

    assert len(waiting.sender.offered) <= waiting.app.settings.smtp.connections


def test_mails_of_one_incident_stay_one_conversation_for_their_reader(reported: House) -> None:
    first = str(reported.sent_to(DPO)[0]["Message-ID"])
    reported.clock.set(reported.incident().aware_at + timedelta(hours=24))

    reported.round()

    assert str(reported.sent_to(DPO)[-1]["References"]) == first


def test_the_answer_of_the_server_is_kept_for_each_mail(waiting: House) -> None:
    waiting.sender.refuse(SAMS_MANAGER)

    send_outbox(waiting.app)

    (row,) = waiting.rows_to(SAMS_MANAGER)
    assert isinstance(row.delivery, Delivery)
    assert row.delivery.code == 550


def test_sending_stops_between_two_batches_when_the_bot_is_told_to_stop(waiting: House) -> None:
    waiting.app.stopping.set()

    assert send_outbox(waiting.app) == 0
    assert {row.state for row in waiting.outbox()} == {OutboxState.WAITING}


def test_a_report_is_acknowledged_when_it_arrives_while_the_mail_server_is_down(house: House) -> None:
    house.sender.go_down()
    house.deliver(report(SHORT))
    house.poll()
    send_outbox(house.app)
    house.sender.accept_all()
    house.pass_by(MINUTE)

    send_outbox(house.app)

    assert len(house.sent_to(SAM)) == 1
