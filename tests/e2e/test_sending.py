"""The outbox: at least once, always the same bytes, never a flood, and whatever does not arrive is told (DESIGN §9.4)."""

import dataclasses
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from mailbot.jobs import send as sending
from mailbot.jobs.marks import PAUSED
from mailbot.jobs.send import send_outbox
from mailbot.jobs.undelivered import REFUSED_FOR
from mailbot.mail import Delivery, FrozenEmail
from mailbot.notify.render import render
from mailbot.notify.templates import Templates
from mailbot.settings import Settings
from mailbot.store import OutboxRow, OutboxState
from tests.e2e.conftest import MakeHouse
from tests.e2e.conversation import mail_of
from tests.e2e.mails import SHORT, WRONG_CARE_HOME
from tests.house import DPO, IG_DESK, SAM, SAMS_MANAGER, House, parsed, report, text_of

MINUTE = timedelta(minutes=1)


@pytest.fixture
def waiting(house: House) -> House:
    """A report is taken in, and its mail waits in the outbox."""
    house.deliver(report(WRONG_CARE_HOME))
    house.poll()
    return house


def rows_to(house: House, address: str) -> list[OutboxRow]:
    return [row for row in house.outbox() if row.email.recipient == address]


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
    assert rows_to(waiting, SAM)[0].state is OutboxState.SENT


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

    assert rows_to(waiting, DPO)[0].state is OutboxState.GIVEN_UP
    assert "dpo_notice" in waiting.templates_to("callum.reeve@council.example")
    assert "alarm" in waiting.templates_to(IG_DESK)


def test_the_deputy_and_the_ig_team_are_told_at_once_when_an_address_is_refused_for_good(waiting: House) -> None:
    waiting.sender.refuse(DPO)

    waiting.work()

    assert rows_to(waiting, DPO)[0].state is OutboxState.GIVEN_UP
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


def slow(settings: Settings) -> Settings:
    return settings.but(smtp=settings.smtp.but(per_minute=4, connections=3))


def test_no_more_leave_in_a_minute_than_the_server_allows(new_house: MakeHouse) -> None:
    house = new_house(change=slow)
    for number in range(3):
        house.deliver(report(f"Letter {number} was lost.", message_id=f"<{number}@mail.council.example>"))
    house.poll()
    counts = []

    while any(row.state is not OutboxState.SENT for row in house.outbox()):
        counts.append(send_outbox(house.app))
        send_outbox(house.app)
        house.pass_by(timedelta(seconds=61))

    assert max(counts) == 4
    assert sum(counts) == len(house.outbox()) == len(house.sender.sent)


def test_clocks_and_safety_leave_before_notices_when_the_server_is_slow(new_house: MakeHouse) -> None:
    house = new_house(change=slow)
    house.deliver(report("We gave the address of her refuge to her violent ex-husband. She is at risk of harm."))
    house.poll()

    send_outbox(house.app)

    assert "01632960777@sms.council.example" in {one.recipient for one in house.sender.sent[:2]}


def test_nothing_leaves_while_sending_is_paused_and_everything_after_it_is_resumed(waiting: House) -> None:
    with waiting.app.store.unit() as unit:
        unit.marks.put(PAUSED, "", waiting.clock.now())
    assert send_outbox(waiting.app) == 0
    assert waiting.sender.offered == []

    with waiting.app.store.unit() as unit:
        unit.marks.clear(PAUSED)
    send_outbox(waiting.app)

    assert {row.state for row in waiting.outbox()} == {OutboxState.SENT}


def test_every_mail_goes_to_one_address_and_names_its_reader_in_shadow_mode(new_house: MakeHouse) -> None:
    house = new_house(change=lambda settings: settings.but(shadow_to="trial@council.example"))
    house.deliver(report(WRONG_CARE_HOME))

    house.round()

    assert {one.recipient for one in house.sender.sent} == {"trial@council.example"}
    assert {str(parsed(one)["To"].addresses[0].addr_spec) for one in house.sender.sent} >= {SAM, DPO, IG_DESK}


def test_acknowledgements_are_held_and_shown_when_one_address_gets_them_in_a_loop(new_house: MakeHouse) -> None:
    house = new_house(change=lambda settings: settings.but(limits=settings.limits.but(per_address_per_hour=3)))
    for number in range(6):
        house.deliver(report(f"Letter {number} was lost.", message_id=f"<{number}@mail.council.example>"))

    house.round()

    held = [row for row in house.outbox() if row.state is OutboxState.HELD]
    assert {row.email.template for row in held} == {"acknowledgement"}
    assert "loop" in held[0].because
    assert len(house.incidents()) == 6
    house.pass_by(timedelta(days=3))
    for _ in range(3):
        house.work()
        house.pass_by(MINUTE)
    assert "Mails of the bot that are held" in text_of(mail_of(house, IG_DESK, "triage_digest"))


def test_duties_are_never_capped_when_one_person_has_many(new_house: MakeHouse) -> None:
    house = new_house(change=lambda settings: settings.but(limits=settings.limits.but(per_address_per_hour=2)))
    for number in range(4):
        house.deliver(report(f"Letter {number} was lost.", message_id=f"<{number}@mail.council.example>"))

    house.round()

    assert len([row for row in rows_to(house, DPO) if row.state is OutboxState.SENT]) == 4


def broken(settings: Settings) -> Settings:
    messages = dict(settings.templates.messages)
    messages["dpo_notice"] = messages["dpo_notice"].but(body="{{ nobody_knows_this }}")
    templates: Templates = settings.templates.but(messages=messages, version="broken")
    return settings.but(templates=templates)


def test_a_mail_is_held_with_its_reason_when_its_template_is_broken(new_house: MakeHouse) -> None:
    house = new_house(change=broken)
    house.deliver(report(WRONG_CARE_HOME))

    house.round()

    (row,) = rows_to(house, DPO)
    assert row.state is OutboxState.HELD
    assert "dpo_notice.md" in row.because
    assert {one.state for one in house.outbox() if one.email.recipient != DPO} == {OutboxState.SENT}


def test_the_others_leave_when_one_mail_cannot_be_written_at_all(
    waiting: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = render

    def failing(email: Any, *rest: Any) -> Any:
        if email.recipient == DPO:
            raise ZeroDivisionError("a secret of the report")
        return write(email, *rest)

    monkeypatch.setattr(sending, "render", failing)

    send_outbox(waiting.app)

    (row,) = rows_to(waiting, DPO)
    assert (row.state, row.because) == (OutboxState.HELD, "it could not be written (ZeroDivisionError)")
    assert rows_to(waiting, SAM)[0].state is OutboxState.SENT


def test_a_held_mail_leaves_when_a_person_releases_it(new_house: MakeHouse) -> None:
    house = new_house(change=broken)
    house.deliver(report(WRONG_CARE_HOME))
    house.round()
    mended = house.app.settings.but(templates=new_house().app.settings.templates)
    house.app.writing = dataclasses.replace(house.app.writing, settings=mended)
    (row,) = rows_to(house, DPO)
    with house.app.store.unit() as unit:
        assert unit.outbox.release(row.email.id)

    send_outbox(house.app)

    assert rows_to(house, DPO)[0].state is OutboxState.SENT


def test_mails_of_one_incident_stay_one_conversation_for_their_reader(reported: House) -> None:
    first = str(reported.sent_to(DPO)[0]["Message-ID"])
    reported.clock.set(reported.incident().aware_at + timedelta(hours=24))

    reported.round()

    assert str(reported.sent_to(DPO)[-1]["References"]) == first


def test_the_answer_of_the_server_is_kept_for_each_mail(waiting: House) -> None:
    waiting.sender.refuse(SAMS_MANAGER)

    send_outbox(waiting.app)

    (row,) = rows_to(waiting, SAMS_MANAGER)
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
