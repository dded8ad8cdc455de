"""One wait for news of a mailbox: it never turns into a race round and round, and nothing that came meanwhile is missed."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from mailbot.mail import FolderState
from mailbot.schedule import Heartbeat
from mailbot.testing import InMemoryMailbox
from tests.house import House, make_house, report

POLL = "poll ig"


class Watcher(InMemoryMailbox):
    """A mailbox whose wait says what a test tells it to say, at once."""

    news = False

    def wait(self, folder: str, within: timedelta) -> bool:
        return self.news


class Stop(threading.Event):
    """Remembers how long it was waited for, and never lets anybody wait."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float | None] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout)
        return False


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = make_house(tmp_path)
    house.app.stopping = Stop()
    yield house
    house.app.close()


def waits(house: House) -> list[float | None]:
    assert isinstance(house.app.stopping, Stop)
    return house.app.stopping.waits


def hear(house: House, watcher: Watcher, seen: FolderState | None) -> tuple[FolderState, bool]:
    """The state seen, and whether the mailbox is to be polled."""
    heartbeat = Heartbeat(house.app)
    heartbeat._at_work.add(POLL)  # so that it is noted, not called
    return heartbeat._hear("ig", watcher, seen), POLL in heartbeat._nudged


def test_the_watch_rests_until_the_next_poll_when_the_server_has_no_idle(house: House) -> None:
    watcher = Watcher("ig")
    state, _ = hear(house, watcher, None)
    assert hear(house, watcher, state) == (state, False)
    assert waits(house) == [house.app.settings.schedule.poll_seconds] * 2


def test_the_mailbox_is_polled_at_once_when_there_is_news(house: House) -> None:
    watcher = Watcher("ig")
    watcher.news = True
    state = watcher.open("INBOX")
    assert hear(house, watcher, state) == (state, True)
    assert waits(house) == []


def test_the_mailbox_is_polled_when_mail_came_while_nobody_waited(house: House) -> None:
    watcher = Watcher("ig")
    state, _ = hear(house, watcher, None)
    watcher.deliver(report("I lost my work phone."), house.clock.now())
    later, is_polled = hear(house, watcher, state)
    assert is_polled
    assert later != state
