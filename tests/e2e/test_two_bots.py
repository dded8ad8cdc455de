"""Two bots on one database: one incident per report, no mail twice (DESIGN §9.6)."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mailbot.app import keys
from mailbot.jobs.poll import PollReport, poll_mailbox
from mailbot.jobs.send import send_outbox
from mailbot.settings import Settings
from mailbot.store import OutboxState, Store
from tests.e2e.conftest import AnotherBot, house_at, on_a_copy
from tests.e2e.mails import WRONG_CARE_HOME, second_copy
from tests.house import IG_DESK, IT_DESK, SAM, House, report
from tests.servers.postgres import running_server

WITHIN_SECONDS = 20


@pytest.fixture(params=["sqlite", "postgresql"])
def first(request: pytest.FixtureRequest, tmp_path: Path, shipped: Settings) -> Iterator[House]:
    """A bot on each of the two engines."""
    if request.param == "sqlite":
        house = house_at(on_a_copy(shipped, tmp_path / "shared.db"))
        yield house
        house.app.close()
        return
    server = running_server()
    name = server.create_database()
    settings = shipped.but(store=shipped.store.but(url=server.url(name)))
    store = Store.connect(settings.store.url, keys(settings))
    store.migrate()
    store.close()
    house = house_at(settings)
    yield house
    house.app.close()
    server.drop_database(name)


@pytest.fixture
def second(first: House, another_bot: AnotherBot) -> House:
    return another_bot(first)


def at_once(*jobs: Callable[[], object]) -> list[object]:
    """Runs the jobs in threads that start together; what they answered, in order."""
    start, answers = threading.Barrier(len(jobs)), dict[int, object]()

    def run(number: int, job: Callable[[], object]) -> None:
        start.wait(WITHIN_SECONDS)
        answers[number] = job()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WITHIN_SECONDS)
    assert len(answers) == len(jobs), "a job failed or did not end"
    return [answers[number] for number in range(len(jobs))]


class MeetingIds:
    """Identifiers whose first users wait for each other: both bots then stand between looking and writing."""

    def __init__(self, first: House) -> None:
        self._ids = first.app.ids
        self._meeting = threading.Barrier(2)
        self._have_met: set[int] = set()

    def new(self) -> str:
        me = threading.get_ident()
        if me not in self._have_met:
            self._have_met.add(me)
            self._meeting.wait(WITHIN_SECONDS)
        return self._ids.new()


def test_the_same_report_in_both_mailboxes_is_one_incident_when_two_bots_take_it_in_at_once(
    first: House, second: House, request: pytest.FixtureRequest
) -> None:
    first.deliver(second_copy(report(WRONG_CARE_HOME), b"one.council.example"), "ig")
    first.deliver(second_copy(report(WRONG_CARE_HOME), b"two.council.example"), "it")
    if "postgresql" in request.node.name:  # SQLite's writers never stand there together: each waits for the lock
        first.app.ids = second.app.ids = MeetingIds(first)

    at_once(lambda: poll_mailbox(first.app, "ig"), lambda: poll_mailbox(second.app, "it"))

    assert len(first.incident().originals) == 2
    templates = Counter((row.email.template, row.email.recipient) for row in first.outbox())
    assert templates["acknowledgement", SAM] == 1
    assert templates["queue_notice", IG_DESK] == 1
    assert templates["queue_notice_copy", IT_DESK] == 1


def test_different_reports_get_numbers_without_a_gap_when_two_bots_take_them_in_at_once(
    first: House, second: House
) -> None:
    for number in range(6):
        mailbox = ("ig", "it")[number % 2]
        first.deliver(report(f"Letter {number} went astray.", message_id=f"<{number}@mail.council.example>"), mailbox)

    at_once(lambda: poll_mailbox(first.app, "ig"), lambda: poll_mailbox(second.app, "it"))

    assert {one.reference for one in first.incidents()} == {f"DB202600{number}" for number in range(1, 7)}


def test_a_mailbox_is_polled_by_one_bot_at_a_time(first: House, second: House) -> None:
    first.deliver(report(WRONG_CARE_HOME))

    reports = at_once(lambda: poll_mailbox(first.app, "ig"), lambda: poll_mailbox(second.app, "ig"))

    assert len(first.incidents()) == 1
    assert len(first.mailboxes["ig"].fetched) == 1
    assert sum(one.taken_in for one in reports if isinstance(one, PollReport)) == 1


def test_no_mail_leaves_twice_when_two_bots_send_at_once(first: House, second: House) -> None:
    for number in range(3):
        first.deliver(report(f"Letter {number} went astray.", message_id=f"<{number}@mail.council.example>"))
    first.poll()

    at_once(lambda: send_outbox(first.app), lambda: send_outbox(second.app))

    assert {row.state for row in first.outbox()} == {OutboxState.SENT}
    assert set(Counter(one.message_id for one in first.sender.sent).values()) == {1}
    assert len(first.sender.sent) == len(first.outbox())
