"""More reports at once than people can be told of one by one: everything is recorded, and told of together."""

from datetime import timedelta

import pytest

from mailbot.settings import Settings
from mailbot.store import OutboxRow, OutboxState
from tests.e2e.conftest import MakeHouse
from tests.e2e.conversation import mail_of
from tests.house import DPO, IG_DESK, IT_DESK, SAM, House, report, text_of

FLOOD = "flood_notice"
HOUR = timedelta(hours=1)
DANGER = "We gave the address of her refuge to her violent ex-husband. She is at risk of harm."
SECRET = "In strict confidence: Mo Trellis deliberately looked up the records of her neighbour."


def two_an_hour(settings: Settings) -> Settings:
    return settings.but(limits=settings.limits.but(incidents_per_hour=2))


@pytest.fixture
def house(new_house: MakeHouse) -> House:
    """A bot that tells of two incidents an hour one by one."""
    return new_house(change=two_an_hour)


def bring(house: House, *stories: str) -> None:
    for number, story in enumerate(stories):
        mark = f"{len(house.incidents())}-{number}"
        house.deliver(report(f"{story} ({mark})", message_id=f"<{mark}@mail.council.example>"))
    house.poll()


def held(house: House) -> list[OutboxRow]:
    return [row for row in house.outbox() if row.state is OutboxState.HELD]


def test_incidents_are_told_of_one_by_one_as_long_as_they_are_few(house: House) -> None:
    bring(house, "A letter was lost.", "A bag was lost.")

    house.work()

    assert held(house) == []
    assert FLOOD not in house.templates_to(IG_DESK)


def test_the_first_mails_are_held_when_there_are_more_and_their_reporters_are_answered(house: House) -> None:
    bring(house, *["A letter was lost."] * 5)

    house.work()

    third_to_fifth = {one.reference for one in house.incidents()[2:]}
    assert {row.email.reference for row in held(house)} == third_to_fifth
    assert SAM not in {row.email.recipient for row in held(house)}
    answered = {row.email.reference for row in house.outbox() if row.email.template == "acknowledgement"}
    assert answered >= third_to_fifth


def test_the_desk_and_the_dpo_get_one_list_that_names_each_incident_held_back(house: House) -> None:
    bring(house, *["A letter was lost."] * 5)

    house.work()
    house.work()

    for reader in (IG_DESK, DPO):
        assert house.templates_to(reader).count(FLOOD) == 1
        text = text_of(mail_of(house, reader, FLOOD))
        assert all((f"{one.reference}" in text) is (number >= 2) for number, one in enumerate(house.incidents()))
    assert FLOOD not in house.templates_to(IT_DESK)


def test_it_is_told_of_what_is_theirs(house: House) -> None:
    bring(house, *["A letter was lost."] * 2, "My council laptop was stolen from my car.", "A bag was lost.")

    house.work()

    text = text_of(mail_of(house, IT_DESK, FLOOD))
    assert "DB2026003" in text
    assert "DB2026004" not in text


def test_the_next_list_comes_an_hour_later_when_the_flood_goes_on(house: House) -> None:
    bring(house, *["A letter was lost."] * 3)
    house.work()
    bring(house, "A bag was lost.")
    house.work()
    assert house.templates_to(IG_DESK).count(FLOOD) == 1

    house.pass_by(HOUR)
    house.work()

    assert house.templates_to(IG_DESK).count(FLOOD) == 2
    assert "DB2026004" in text_of(mail_of(house, IG_DESK, FLOOD))


def test_incidents_are_told_of_one_by_one_again_when_the_hour_is_over(house: House) -> None:
    bring(house, *["A letter was lost."] * 3)
    house.pass_by(HOUR)

    bring(house, "A bag was lost.")

    assert {row.email.reference for row in held(house)} == {"DB2026003"}


def test_duties_start_and_are_followed_when_the_first_mails_are_held(house: House) -> None:
    bring(house, *["A letter was lost."] * 3)
    house.pass_by(timedelta(days=3))

    house.work()

    last = house.incidents()[2]
    assert last.duty("decide_ico") is not None
    reminders = {row.email.template for row in house.outbox() if row.email.reference == last.reference}
    assert "reminder" in reminders or "escalation" in reminders


def test_whoever_is_on_call_is_told_at_once_when_somebody_may_be_in_danger(house: House) -> None:
    bring(house, *["A letter was lost."] * 2, DANGER)

    house.work()

    rota = {one.address for one in house.app.settings.organisation.on_call}
    assert rota & {row.email.recipient for row in house.outbox() if row.state is OutboxState.SENT}
    assert not rota & {row.email.recipient for row in held(house)}


def test_nothing_about_a_restricted_incident_is_held_or_listed(house: House) -> None:
    bring(house, *["A letter was lost."] * 2, SECRET)

    house.work()

    assert house.incidents()[2].restricted
    assert held(house) == []
    assert FLOOD not in house.templates_to(IG_DESK)


def test_a_held_mail_goes_out_when_a_person_releases_it(house: House) -> None:
    bring(house, *["A letter was lost."] * 3)
    first = held(house)[0]
    with house.app.store.unit() as unit:
        unit.outbox.release(first.email.id)

    house.work()

    with house.app.store.reading() as unit:
        released = unit.outbox.get(first.email.id)
    assert released is not None
    assert released.state is OutboxState.SENT
