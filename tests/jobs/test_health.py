from datetime import timedelta
from pathlib import Path

import pytest

from mailbot.jobs.health import ALARM_AFTER, beat
from mailbot.jobs.marks import TICKED
from tests.e2e.conftest import AnotherBot, MakeHouse
from tests.house import IG_DESK, House, report


def alarms(house: House) -> list[object]:
    return [row.email.values["what"] for row in house.outbox() if row.email.template == "alarm"]


def break_mailbox(house: House) -> None:
    house.mailboxes["ig"].lose_connection(times=1000)
    house.poll()


def mend_mailbox(house: House) -> None:
    house.mailboxes["ig"]._losing.clear()
    house.poll()


def test_nobody_is_woken_when_a_mailbox_fails_for_a_moment(house: House) -> None:
    break_mailbox(house)
    house.pass_by(ALARM_AFTER - timedelta(seconds=1))

    beat(house.app)

    assert alarms(house) == []


def test_one_alarm_is_raised_when_a_mailbox_has_failed_for_a_quarter_of_an_hour(house: House) -> None:
    break_mailbox(house)
    house.pass_by(ALARM_AFTER)

    beat(house.app)
    house.poll()
    beat(house.app)

    assert alarms(house) == ["A mailbox cannot be read"]
    assert house.templates_to(IG_DESK) == ["alarm"]


def test_the_quarter_of_an_hour_runs_from_the_first_failure_when_there_are_many(house: House) -> None:
    break_mailbox(house)
    house.pass_by(ALARM_AFTER / 2)
    house.poll()
    house.pass_by(ALARM_AFTER / 2)

    beat(house.app)

    assert len(alarms(house)) == 1


def test_one_word_is_sent_when_the_mailbox_can_be_read_again(house: House) -> None:
    break_mailbox(house)
    house.pass_by(ALARM_AFTER)
    beat(house.app)
    mend_mailbox(house)

    beat(house.app)
    beat(house.app)

    assert alarms(house) == ["A mailbox cannot be read", "A mailbox can be read again"]


def test_a_second_outage_raises_an_alarm_of_its_own(house: House) -> None:
    for _ in range(2):
        break_mailbox(house)
        house.pass_by(ALARM_AFTER)
        beat(house.app)
        mend_mailbox(house)
        beat(house.app)

    assert len(alarms(house)) == 4


def test_the_other_mailboxes_are_read_when_one_cannot_be(house: House) -> None:
    house.mailboxes["ig"].lose_connection(times=1000)

    reports = {one.mailbox: one.problem for one in house.poll()}

    assert "the connection broke" in reports["ig"]
    assert reports["it"] == reports["bot"] == ""
    assert house.mailboxes["ig"].closed == 1


def test_the_monitor_finds_the_moment_of_the_last_beat_in_a_file(new_house: MakeHouse, tmp_path: Path) -> None:
    path = tmp_path / "alive"
    house = new_house(change=lambda settings: settings.but(heartbeat_file=str(path)))

    beat(house.app)

    assert path.read_text().strip() == house.clock.now().isoformat()


def test_the_heart_goes_on_beating_when_the_monitor_cannot_be_told(
    new_house: MakeHouse, caplog: pytest.LogCaptureFixture
) -> None:
    house = new_house(change=lambda settings: settings.but(heartbeat_file="/nowhere/at/all"))

    beat(house.app)

    assert "could not be told" in caplog.text
    with house.app.store.reading() as unit:
        mark = unit.marks.get(TICKED)
    assert mark is not None
    assert mark.at == house.clock.now()


UNREAD = "A message cannot be read: it may be a report"


def refused(house: House) -> House:
    """A report has come that the server does not hand over."""
    house.mailboxes["ig"].refuse_message(house.deliver(report("A letter went astray.")))
    house.poll()
    return house


def test_nobody_is_woken_when_a_message_cannot_be_read_for_a_moment(house: House) -> None:
    refused(house).pass_by(ALARM_AFTER - timedelta(seconds=1))

    beat(house.app)

    assert alarms(house) == []


def test_the_desk_and_the_rota_are_told_once_when_a_message_cannot_be_read_for_a_quarter_of_an_hour(
    house: House,
) -> None:
    refused(house)
    for _ in range(3):
        house.pass_by(ALARM_AFTER)
        house.poll()
        beat(house.app)

    rota = [one.address for one in house.app.settings.organisation.on_call]
    told = [row.email.recipient for row in house.outbox() if row.email.template == "alarm"]
    assert told == [IG_DESK, *rota]
    assert set(alarms(house)) == {UNREAD}


def test_each_message_that_cannot_be_read_raises_an_alarm_of_its_own(house: House) -> None:
    refused(house).pass_by(ALARM_AFTER)
    beat(house.app)
    refused(house).pass_by(ALARM_AFTER)

    beat(house.app)

    assert house.templates_to(IG_DESK) == ["alarm", "alarm"]


def test_nobody_is_woken_by_an_old_message_that_could_not_be_read_at_the_first_look(
    house: House, another_bot: AnotherBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.deliver(report("A letter went astray."), at=house.clock.now() - timedelta(days=2))
    box = house.mailboxes["ig"]
    heads = box.heads
    monkeypatch.setattr(
        box, "heads", lambda *all_: tuple(one.but(problem="corrupt", header=b"") for one in heads(*all_))
    )
    new = another_bot(house, empty=True)
    new.poll()
    new.pass_by(ALARM_AFTER)

    beat(new.app)

    assert alarms(new) == []
    with new.app.store.reading() as unit:
        assert len(unit.ledger.waiting()) == 1
