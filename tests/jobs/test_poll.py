from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from mailbot.intake.recognise import recognise
from mailbot.jobs import poll as module
from mailbot.jobs.marks import FAILING, POLLED
from mailbot.jobs.poll import poll_mailbox
from mailbot.mail import ARRIVAL_UNKNOWN, MessageHead
from mailbot.store import LedgerOutcome
from mailbot.store.leases import Leases
from tests.e2e.conftest import AnotherBot
from tests.house import House, report


def lunch(number: int) -> bytes:
    return report("Lunch?", subject="Lunch", message_id=f"<{number}@x.example>")


def test_a_poll_says_how_many_it_looked_at_and_took_in(house: House) -> None:
    house.deliver(lunch(1))
    house.deliver(report("A letter went astray."))

    done = poll_mailbox(house.app, "ig")

    assert (done.mailbox, done.looked_at, done.taken_in, done.problem) == ("ig", 2, 1, "")


def test_a_poll_looks_at_nothing_twice(house: House) -> None:
    house.deliver(lunch(1))
    poll_mailbox(house.app, "ig")

    assert poll_mailbox(house.app, "ig").looked_at == 0


def test_a_poll_says_so_when_another_bot_has_the_mailbox(house: House, another_bot: AnotherBot) -> None:
    other = another_bot(house)
    with other.app.store.unit() as unit:
        assert unit.leases.take("mailbox:ig", other.app.holder, timedelta(minutes=5))
    house.deliver(report("A letter went astray."))

    done = poll_mailbox(house.app, "ig")

    assert (done.taken_in, done.problem) == (0, "another bot is polling it")
    assert house.mailboxes["ig"].fetched == []


def test_the_mailbox_is_free_for_another_bot_when_a_poll_has_ended_or_failed(
    house: House, another_bot: AnotherBot
) -> None:
    other = another_bot(house)
    house.mailboxes["ig"].lose_connection(after=1)
    assert poll_mailbox(house.app, "ig").problem

    assert poll_mailbox(other.app, "ig").problem == ""
    assert poll_mailbox(house.app, "ig").problem == ""


def test_a_poll_ends_between_two_batches_when_another_bot_has_taken_over(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    for number in range(6):
        house.deliver(lunch(number))
    answers = [True, False]

    def take(*_: Any) -> bool:
        return answers.pop(0)

    monkeypatch.setattr(Leases, "take", take)

    done = poll_mailbox(house.app, "ig")

    assert done.looked_at == 2
    assert "another bot has taken over" in done.problem


def test_a_poll_ends_after_the_message_in_hand_when_the_bot_is_told_to_stop(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        house.deliver(report(f"Letter {number}", message_id=f"<{number}@x.example>"))
    reader = house.app.reader
    read = reader.read

    def told_to_stop(*arguments: Any) -> Any:
        house.app.stopping.set()
        return read(*arguments)

    monkeypatch.setattr(reader, "read", told_to_stop)

    assert poll_mailbox(house.app, "ig").taken_in == 1
    house.app.stopping.clear()
    assert poll_mailbox(house.app, "ig").taken_in == 1


def test_a_failure_is_remembered_from_its_beginning_until_a_poll_succeeds(house: House) -> None:
    house.mailboxes["ig"].lose_connection(times=2)
    began = house.clock.now()
    poll_mailbox(house.app, "ig")
    house.pass_by(timedelta(minutes=1))
    poll_mailbox(house.app, "ig")
    with house.app.store.reading() as unit:
        mark = unit.marks.get(FAILING + "ig")
    assert mark is not None
    assert mark.at == began

    poll_mailbox(house.app, "ig")

    with house.app.store.reading() as unit:
        assert unit.marks.get(FAILING + "ig") is None
        polled = unit.marks.get(POLLED + "ig")
    assert polled is not None
    assert polled.at == house.clock.now()


def test_the_others_are_taken_in_when_the_server_tells_nothing_of_one_message(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = [house.deliver(report(f"Letter {number}", message_id=f"<{number}@x.example>")) for number in range(3)]
    box = house.mailboxes["ig"]
    heads = box.heads

    def telling_nothing_of_the_second(folder: str, uids: Sequence[int]) -> tuple[MessageHead, ...]:
        unknown = {"problem": "corrupt", "header": b"", "received_at": ARRIVAL_UNKNOWN}
        return tuple(one.but(**unknown) if one.key == keys[1] else one for one in heads(folder, uids))

    monkeypatch.setattr(box, "heads", telling_nothing_of_the_second)

    assert poll_mailbox(house.app, "ig").taken_in == 2
    with house.app.store.reading() as unit:
        entry = unit.ledger.entry(keys[1])
    assert entry is not None
    assert (entry.outcome, entry.because) == (LedgerOutcome.RETRY, "corrupt")


def test_one_message_waits_and_the_others_are_taken_in_when_looking_at_it_fails_oddly(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = [house.deliver(report(f"Letter {number}", message_id=f"<{number}@x.example>")) for number in range(3)]

    def failing(head: MessageHead, *rest: Any) -> Any:
        if head.key == keys[1]:
            raise RuntimeError("what a stranger wrote")
        return recognise(head, *rest)

    monkeypatch.setattr("mailbot.jobs.poll.recognise", failing)

    done = poll_mailbox(house.app, "ig")

    assert (done.taken_in, done.problem) == (2, "")
    with house.app.store.reading() as unit:
        entry = unit.ledger.entry(keys[1])
    assert entry is not None
    assert (entry.outcome, entry.because) == (LedgerOutcome.RETRY, "it could not be looked at (RuntimeError)")


def test_an_odd_failure_of_the_whole_look_is_remembered_as_a_servers_fault_is(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: Any) -> Any:
        raise RuntimeError("what a stranger wrote")

    house.deliver(report("A letter went astray."))
    monkeypatch.setattr(house.mailboxes["ig"], "heads", failing)

    done = poll_mailbox(house.app, "ig")

    assert done.problem == "mailbox ig: the look into it ended early (RuntimeError)"
    with house.app.store.reading() as unit:
        assert unit.marks.get(FAILING + "ig") is not None
    monkeypatch.undo()
    assert poll_mailbox(house.app, "ig").taken_in == 1
