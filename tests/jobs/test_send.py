from typing import Any

import pytest

from mailbot.errors import ConflictError, StoreError
from mailbot.jobs import send as sending
from mailbot.jobs.send import ATTEMPTS, LEASE, send_outbox
from mailbot.store import OutboxState
from tests.e2e.mails import WRONG_CARE_HOME
from tests.house import DPO, SAM, House, report


@pytest.fixture
def waiting(house: House) -> House:
    house.deliver(report(WRONG_CARE_HOME))
    house.poll()
    return house


def states(house: House, address: str) -> list[OutboxState]:
    return [row.state for row in house.outbox() if row.email.recipient == address]


def failing_for(house: House, address: str, errors: list[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    """What became of one reader's mail cannot be written down until the errors are used up."""
    record = sending._record_once

    def failing(app: Any, unit: Any, row: Any, delivery: Any) -> None:
        if row.email.recipient == address and errors:
            raise errors.pop()
        record(app, unit, row, delivery)

    monkeypatch.setattr(sending, "_record_once", failing)


def test_a_failure_is_written_down_again_when_another_bot_changed_the_incident(
    waiting: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing_for(waiting, DPO, [ConflictError("changed")] * (ATTEMPTS - 1), monkeypatch)

    send_outbox(waiting.app)

    assert states(waiting, DPO) == [OutboxState.SENT]


@pytest.mark.parametrize("error", [ConflictError("changed"), StoreError("busy")])
def test_the_others_are_written_down_when_one_cannot_be(
    waiting: House, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    failing_for(waiting, SAM, [error] * ATTEMPTS, monkeypatch)

    send_outbox(waiting.app)

    assert states(waiting, SAM) == [OutboxState.CLAIMED]
    assert states(waiting, DPO) == [OutboxState.SENT]


def test_the_same_bytes_leave_once_more_when_what_became_of_them_was_never_written_down(
    waiting: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing_for(waiting, SAM, [StoreError("busy")], monkeypatch)
    send_outbox(waiting.app)
    waiting.pass_by(LEASE)

    send_outbox(waiting.app)

    assert states(waiting, SAM) == [OutboxState.SENT]
    first, second = waiting.sender.sent_to(SAM)
    assert first == second


@pytest.mark.parametrize("error", [ConflictError("changed"), StoreError("sealed with a key that is gone")])
def test_the_others_leave_when_one_cannot_be_made_ready_and_that_one_is_tried_again(
    waiting: House, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    freeze, errors = sending._freeze, [error]

    def failing(app: Any, unit: Any, row: Any) -> Any:
        if row.email.recipient == SAM and errors:
            raise errors.pop()
        return freeze(app, unit, row)

    monkeypatch.setattr(sending, "_freeze", failing)
    send_outbox(waiting.app)
    assert (states(waiting, SAM), states(waiting, DPO)) == ([OutboxState.CLAIMED], [OutboxState.SENT])

    waiting.pass_by(LEASE)
    send_outbox(waiting.app)
    assert states(waiting, SAM) == [OutboxState.SENT]
