from datetime import datetime, timedelta
from typing import Any

import pytest

from mailbot.errors import ConflictError
from mailbot.jobs import take_in as module
from mailbot.jobs.take_in import ATTEMPTS
from mailbot.jobs.waiting import FIRST_WAIT, LONGEST_WAIT
from mailbot.mail import MessageKey
from mailbot.parse.reading import Reading
from mailbot.store import LedgerEntry, LedgerOutcome
from tests.house import SAM, House, report

REPORT = report("A letter went astray.")


def entry_of(house: House, key: MessageKey) -> LedgerEntry:
    with house.app.store.reading() as unit:
        entry = unit.ledger.entry(key)
    assert entry is not None
    return entry


class DyingReader:
    """A reader that fails in a way nobody thought of."""

    def read(self, content: bytes, received_at: datetime) -> Reading:
        raise RuntimeError(f"{SAM} wrote something odd")

    def is_report_form(self, content: bytes) -> bool:
        return False

    def start(self) -> None:
        """It is always ready."""

    def close(self) -> None:
        """There is nothing to stop."""


def test_the_wait_doubles_up_to_an_hour_when_a_message_fails_again_and_again(house: House) -> None:
    reader, house.app.reader = house.app.reader, DyingReader()
    key = house.deliver(REPORT)
    waits = []

    for _ in range(9):
        house.poll()
        retry_at = entry_of(house, key).retry_at
        assert retry_at is not None
        waits.append(retry_at - house.clock.now())
        house.clock.set(retry_at)

    assert waits[0] == FIRST_WAIT
    assert waits[1] == 2 * FIRST_WAIT
    assert waits[-1] == LONGEST_WAIT
    house.app.reader = reader
    house.poll()
    assert entry_of(house, key).outcome is LedgerOutcome.HANDLED


def test_the_reason_kept_quotes_nothing_of_the_message_when_it_could_not_be_recorded(house: House) -> None:
    house.app.reader = DyingReader()
    key = house.deliver(REPORT)

    house.poll()

    assert entry_of(house, key).because == "it could not be recorded (RuntimeError)"


def test_a_message_is_not_tried_before_its_time_when_it_waits(house: House) -> None:
    house.app.reader = DyingReader()
    key = house.deliver(REPORT)
    house.poll()
    house.pass_by(FIRST_WAIT - timedelta(seconds=1))

    house.poll()

    assert entry_of(house, key).tries == 1


def test_a_decision_is_made_again_when_another_bot_was_quicker(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    conflicts = [ConflictError("changed meanwhile")] * (ATTEMPTS - 1)
    record = module._record

    def losing(*arguments: Any) -> None:
        if conflicts:
            raise conflicts.pop()
        record(*arguments)

    monkeypatch.setattr(module, "_record", losing)
    house.deliver(REPORT)

    house.poll()

    assert house.incident().reference == "DB2026001"


def test_a_message_waits_when_another_bot_is_quicker_every_time(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def losing(*_: Any) -> None:
        raise ConflictError("changed meanwhile")

    monkeypatch.setattr(module, "_record", losing)
    key = house.deliver(REPORT)

    house.poll()

    assert entry_of(house, key).outcome is LedgerOutcome.RETRY


def test_a_message_deleted_before_it_is_fetched_is_shown_as_gone(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    key = house.deliver(REPORT)
    box = house.mailboxes["ig"]
    fetch = box.fetch

    def deleted_first(wanted: MessageKey) -> Any:
        box.remove(wanted)
        return fetch(wanted)

    monkeypatch.setattr(box, "fetch", deleted_first)

    house.poll()

    assert entry_of(house, key).outcome is LedgerOutcome.GONE
    assert house.incidents() == ()


def test_mail_that_can_be_read_at_last_and_is_none_of_ours_waits_no_longer(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = house.deliver(report("Lunch?", subject="Lunch", message_id="<lunch@x.example>"))
    box = house.mailboxes["ig"]
    heads = box.heads
    monkeypatch.setattr(
        box, "heads", lambda *all_: tuple(one.but(problem="too slow", header=b"") for one in heads(*all_))
    )
    house.poll()
    assert entry_of(house, key).outcome is LedgerOutcome.RETRY
    monkeypatch.setattr(box, "heads", heads)
    house.pass_by(FIRST_WAIT)

    house.poll()

    assert entry_of(house, key).outcome is LedgerOutcome.OWN_MAIL
    assert box.fetched == []


def test_a_report_whose_head_could_not_be_read_keeps_waiting_until_it_can(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = house.deliver(REPORT)
    box = house.mailboxes["ig"]
    heads = box.heads
    monkeypatch.setattr(
        box, "heads", lambda *all_: tuple(one.but(problem="too slow", header=b"") for one in heads(*all_))
    )
    house.poll()
    house.pass_by(FIRST_WAIT)
    house.poll()
    assert (entry_of(house, key).outcome, entry_of(house, key).tries) == (LedgerOutcome.RETRY, 2)
    monkeypatch.setattr(box, "heads", heads)
    house.pass_by(2 * FIRST_WAIT)

    house.poll()

    assert house.incident().reference == "DB2026001"
