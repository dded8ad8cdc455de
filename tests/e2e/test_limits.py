"""Never a flood and never a loop: rate limits, pauses, shadow mode, caps (DESIGN §2.7)."""

from datetime import timedelta

from mailbot.jobs.marks import PAUSED
from mailbot.jobs.send import send_outbox
from mailbot.settings import Settings
from mailbot.store import OutboxState
from tests.e2e.conftest import MakeHouse
from tests.e2e.conversation import mail_of
from tests.e2e.mails import WRONG_CARE_HOME
from tests.house import DPO, IG_DESK, SAM, House, parsed, report, text_of

MINUTE = timedelta(minutes=1)


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

    assert len([row for row in house.rows_to(DPO) if row.state is OutboxState.SENT]) == 4
