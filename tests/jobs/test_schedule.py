"""The heartbeat: every job at once, again at its interval, at news, and a clean end. Time is the real one here."""

import threading
from collections.abc import Sequence
from datetime import timedelta

import pytest

from mailbot import schedule
from mailbot.app import App
from mailbot.clock import SystemClock
from mailbot.errors import MailboxLostError
from mailbot.mail import Delivery, FrozenEmail
from mailbot.schedule import Heartbeat
from mailbot.store import OutboxState
from mailbot.testing import InMemoryMailbox, RecordingSender
from tests.e2e.conftest import MakeHouse
from tests.house import SAM, House, report

WITHIN_SECONDS = 20
REPORT = report("A letter went astray.")


class TellingSender(RecordingSender):
    """Tells a waiting test when a mail for somebody was accepted."""

    def __init__(self) -> None:
        super().__init__()
        self.told = threading.Event()
        self.go_on = threading.Event()
        self.go_on.set()

    def send(self, emails: Sequence[FrozenEmail]) -> tuple[Delivery, ...]:
        deliveries = super().send(emails)
        if self.sent_to(SAM):
            self.told.set()
        self.go_on.wait(WITHIN_SECONDS)
        return deliveries


class Watcher(InMemoryMailbox):
    """A connection that has news when the test says so; it can break."""

    def __init__(self) -> None:
        super().__init__("ig")
        self.news = threading.Event()
        self.asked = threading.Semaphore(0)
        self.breaks = 0

    def wait(self, folder: str, within: timedelta) -> bool:
        self.asked.release()
        if self.breaks:
            self.breaks -= 1
            raise MailboxLostError("ig", "the connection broke")
        heard = self.news.wait(0.2)
        self.news.clear()
        return heard


@pytest.fixture
def running(new_house: MakeHouse) -> House:
    """A bot whose jobs run once an hour unless they are nudged; stopped after the test."""
    hourly = {"poll_seconds": 3600, "send_seconds": 3600, "tick_seconds": 3600}
    house = new_house(change=lambda settings: settings.but(schedule=settings.schedule.but(**hourly)))
    house.app.clock = SystemClock()
    house.sender = TellingSender()
    house.app.sender = house.sender
    house.app.watchers = {"ig": Watcher()}
    return house


def sender_of(house: House) -> TellingSender:
    assert isinstance(house.sender, TellingSender)
    return house.sender


def watcher_of(house: House) -> Watcher:
    watcher = house.app.watchers["ig"]
    assert isinstance(watcher, Watcher)
    return watcher


def test_a_report_that_waits_is_answered_as_soon_as_the_bot_starts(running: House) -> None:
    running.deliver(REPORT)
    heartbeat = Heartbeat(running.app)

    heartbeat.start()
    answered = sender_of(running).told.wait(WITHIN_SECONDS)
    heartbeat.stop()

    assert answered


def test_a_report_is_answered_without_waiting_for_the_next_round_when_the_mailbox_has_news(running: House) -> None:
    heartbeat = Heartbeat(running.app)
    heartbeat.start()
    assert watcher_of(running).asked.acquire(timeout=WITHIN_SECONDS)
    running.deliver(REPORT)

    watcher_of(running).news.set()
    answered = sender_of(running).told.wait(WITHIN_SECONDS)
    heartbeat.stop()

    assert answered


def test_a_watch_goes_on_when_its_connection_broke(running: House) -> None:
    watcher_of(running).breaks = 1
    heartbeat = Heartbeat(running.app)

    heartbeat.start()
    asked = [watcher_of(running).asked.acquire(timeout=WITHIN_SECONDS) for _ in range(2)]
    heartbeat.stop()

    assert asked == [True, True]
    assert watcher_of(running).closed >= 1


def test_the_item_in_hand_is_finished_when_the_bot_is_told_to_stop(running: House) -> None:
    running.deliver(REPORT)
    sender = sender_of(running)
    sender.go_on.clear()
    heartbeat = Heartbeat(running.app)
    heartbeat.start()
    assert sender.told.wait(WITHIN_SECONDS)
    stopping = threading.Thread(target=heartbeat.stop)

    stopping.start()
    sender.go_on.set()
    stopping.join(WITHIN_SECONDS)

    assert not stopping.is_alive()
    sent = {one.message_id for one in sender.sent}
    recorded = {row.frozen.message_id for row in running.outbox() if row.frozen and row.state is OutboxState.SENT}
    assert recorded == sent
    assert not [row for row in running.outbox() if row.state is OutboxState.CLAIMED]


def test_the_heart_goes_on_beating_when_a_job_fails(
    running: House, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = threading.Event()

    def failing(_: App) -> int:
        failed.set()
        raise RuntimeError("odd")

    monkeypatch.setattr(schedule, "follow_duties", failing)
    running.deliver(REPORT)
    heartbeat = Heartbeat(running.app)

    heartbeat.start()
    answered = sender_of(running).told.wait(WITHIN_SECONDS) and failed.wait(WITHIN_SECONDS)
    heartbeat.stop()

    assert answered
    assert "job tick failed" in caplog.text
