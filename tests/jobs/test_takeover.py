"""What a run that ended held is freed by the next one on the same machine; what others hold is left to them."""

import os
import socket
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from mailbot.holder import RUN, is_over, new_holder
from mailbot.jobs.takeover import take_over
from mailbot.store import OutboxState
from tests.house import House, make_house, report

HOUR = timedelta(hours=1)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return make_house(tmp_path)


def ended_process() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def a_holder(machine: str = "", process: int | None = None, run: str = "another") -> str:
    return f"{machine or socket.gethostname()}:{process or ended_process()}:{run}:one"


def test_a_run_is_over_when_its_process_has_ended_or_its_number_is_now_ours() -> None:
    assert is_over(a_holder())
    assert is_over(a_holder(process=os.getpid()))


def test_a_run_is_not_known_to_be_over_when_it_is_ours_goes_on_or_is_another_machines() -> None:
    assert not is_over(new_holder())
    assert not is_over(a_holder(process=os.getpid(), run=RUN))
    assert not is_over(a_holder(process=os.getppid()))
    assert not is_over(a_holder(machine="elsewhere.council.example"))
    assert not is_over("")
    assert not is_over("4711-an-older-spelling")


def test_a_mailbox_can_be_polled_at_once_when_the_run_that_polled_it_has_ended(house: House) -> None:
    with house.app.store.unit() as unit:
        assert unit.leases.take("mailbox:ig", a_holder(), HOUR)
    assert "another bot" in str([one.problem for one in house.poll()])
    assert take_over(house.app) == 1
    assert {one.problem for one in house.poll()} == {""}


def test_a_claimed_mail_is_ready_at_once_when_its_sender_has_ended(house: House) -> None:
    house.deliver(report("I lost my work phone on the bus."))
    house.poll()
    over, now = a_holder(), house.clock.now()
    with house.app.store.unit() as unit:
        claimed = unit.outbox.claim(now, over, 100, HOUR)
        assert unit.outbox.claim(now, house.app.holder, 100, HOUR) == ()
    take_over(house.app)
    with house.app.store.unit() as unit:
        again = unit.outbox.claim(now, house.app.holder, 100, HOUR)
    assert {row.email.id for row in again} == {row.email.id for row in claimed} != set()
    assert {row.state for row in again} == {OutboxState.CLAIMED}


def test_what_a_living_bot_holds_is_left_to_it(house: House) -> None:
    with house.app.store.unit() as unit:
        unit.leases.take("mailbox:ig", new_holder(), HOUR)
        unit.leases.take("mailbox:it", a_holder(machine="elsewhere.council.example"), HOUR)
    assert take_over(house.app) == 0
    assert [bool(one.problem) for one in house.poll()] == [True, True, False]
