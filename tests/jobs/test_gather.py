"""One mail rather than ten: what waits for one reader leaves together, and shares one fate (decision 0018)."""

import copy
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from mailbot.incident import Discharge
from mailbot.jobs import gather as gathering
from mailbot.jobs.follow import follow_duties
from mailbot.jobs.gather import gather_waiting
from mailbot.jobs.marks import PAUSED
from mailbot.jobs.send import send_outbox
from mailbot.jobs.undelivered import REFUSED_FOR
from mailbot.procedure.decision import Priority
from mailbot.settings import Settings
from mailbot.store import OutboxRow, OutboxState
from mailbot.store.engine import make_engine, read_url
from mailbot.store.gathered import Gathered
from tests.e2e.conftest import AnotherBot, Change, bot_on, house_at, on_a_copy
from tests.e2e.crash import SENDERS_LEASE, Crash, with_fuse
from tests.house import IG_DESK, LONDON, SAM, House, report, text_of

MONDAY = datetime(2026, 11, 23, 9, tzinfo=LONDON)
STORIES = (
    "A rota went to the wrong clinic by email",
    "Letters were posted to an old address",
    "A list of visits was left in a library",
)
STORY = """What happened: {}
When did it happen: today, 6pm
When was it discovered: today, 6.30pm
How many people: {}
What information: names and appointment dates
Line manager: Jo Fenn
Group: Community Care North
Actions: I asked them to delete it"""


@pytest.fixture(scope="session")
def after_a_weekend(tmp_path_factory: pytest.TempPathFactory, shipped: Settings) -> House:
    """Three incidents of Friday; on Monday morning the IG Team is asked once more about each of them. Let go of, to be copied."""
    house = house_at(on_a_copy(shipped, tmp_path_factory.mktemp("after-a-weekend") / "mailbot.db"))
    for number, story in enumerate(STORIES):
        content = report(STORY.format(story, number + 4), message_id=f"<{number}@mail.council.example>")
        house.deliver(content.replace(b"Data Incident", b"Data Incident %d" % number))
    house.round()
    house.clock.set(MONDAY - timedelta(minutes=1))
    house.work()
    house.clock.set(MONDAY)
    follow_duties(house.app)
    house.app.close()
    return house


@pytest.fixture
def new_week(after_a_weekend: House, tmp_path: Path) -> Iterator[Callable[..., House]]:
    """Makes a bot on this Monday morning, nothing of which has left yet (``change``: of the settings)."""
    made: list[House] = []

    def make(change: Change = lambda one: one) -> House:
        settings = change(on_a_copy(after_a_weekend.app.settings, tmp_path / f"monday-{len(made)}.db"))
        left = (after_a_weekend.mailboxes, after_a_weekend.sender, after_a_weekend.clock)
        mailboxes, sender, clock = copy.deepcopy(left)
        made.append(bot_on(House(after_a_weekend.app, clock, mailboxes, sender), settings))
        made[-1].app.ids = copy.copy(after_a_weekend.app.ids)
        return made[-1]

    yield make
    for house in made:
        house.app.close()


@pytest.fixture
def chased(new_week: Callable[..., House]) -> House:
    return new_week()


def rows(house: House, template: str) -> list[OutboxRow]:
    return [one for one in house.rows_to(IG_DESK) if one.email.template == template]


def reminders(house: House) -> list[OutboxRow]:
    """The three mails of this Monday morning that ask for triage."""
    return [one for one in rows(house, "reminder") if one.email.created_at == MONDAY]


def digest(house: House) -> OutboxRow:
    found = rows(house, "digest")
    assert len(found) == 1
    return found[0]


def states(found: list[OutboxRow]) -> list[OutboxState]:
    return [one.state for one in found]


def the_list(house: House) -> str:
    """What the one digest that left says."""
    found = [text_of(one) for one in house.sent_to(IG_DESK) if "DIGEST" in str(one["Subject"])]
    assert len(found) == 1
    return found[0]


def change(house: House, number: int, **changes: object) -> None:
    with house.app.store.unit() as unit:
        found = unit.incidents.get(house.incidents()[number].id)
        assert found
        unit.incidents.save(found.but(**changes))


def finish(house: House, number: int) -> None:
    """Everything is done in one incident while its mail waits."""
    done = Discharge(at=MONDAY, by=SAM, how="done", reason="", met=True)
    duties = (one.but(discharged=done) if one.is_open else one for one in house.incidents()[number].duties)
    change(house, number, duties=tuple(duties))


def with_digests(**changes: object) -> Change:
    return lambda settings: settings.but(digests=settings.digests.but(**changes))


def test_what_waits_for_one_reader_leaves_as_one_mail(chased: House) -> None:
    before = len(chased.sender.sent)

    send_outbox(chased.app)

    assert states(reminders(chased)) == [OutboxState.GATHERED] * 3
    assert digest(chased).state is OutboxState.SENT
    assert {one.gathered_into for one in reminders(chased)} == {digest(chased).email.id}
    assert all(f"DB202600{number}: Confirm which desk acts" in the_list(chased) for number in (1, 2, 3))
    assert len(chased.sender.sent) == before + 1 + len(rows(chased, "investigate"))


def test_a_mail_leaves_as_it_is_when_the_others_of_its_list_are_done_meanwhile(chased: House) -> None:
    gather_waiting(chased.app)
    finish(chased, 0)
    finish(chased, 1)

    send_outbox(chased.app)

    assert states(reminders(chased)) == [OutboxState.WITHDRAWN, OutboxState.WITHDRAWN, OutboxState.SENT]
    assert digest(chased).state is OutboxState.WITHDRAWN


def test_what_is_done_meanwhile_is_not_asked_for_and_the_rest_is(chased: House) -> None:
    gather_waiting(chased.app)
    finish(chased, 0)

    send_outbox(chased.app)

    assert states(reminders(chased)) == [OutboxState.WITHDRAWN, OutboxState.GATHERED, OutboxState.GATHERED]
    assert "DB2026001" not in the_list(chased)
    assert "DB2026002" in the_list(chased)


def test_nothing_leaves_when_everything_in_it_was_done_meanwhile(chased: House) -> None:
    gather_waiting(chased.app)
    for number in range(3):
        finish(chased, number)

    send_outbox(chased.app)

    assert states(reminders(chased)) == [OutboxState.WITHDRAWN] * 3
    assert digest(chased).because == "nothing in it was wanted any more"


def test_everything_leaves_by_itself_when_gathering_is_switched_off(new_week: Callable[..., House]) -> None:
    house = new_week(with_digests(gather=False))

    send_outbox(house.app)

    assert states(reminders(house)) == [OutboxState.SENT] * 3
    assert rows(house, "digest") == []


def test_a_list_grows_no_longer_than_configured(new_week: Callable[..., House]) -> None:
    house = new_week(with_digests(most=2))

    send_outbox(house.app)

    assert states(reminders(house)) == [OutboxState.GATHERED, OutboxState.GATHERED, OutboxState.SENT]


def test_nothing_is_gathered_while_sending_is_paused(chased: House) -> None:
    with chased.app.store.unit() as unit:
        unit.marks.put(PAUSED, "yes", MONDAY)

    gather_waiting(chased.app)

    assert states(reminders(chased)) == [OutboxState.WAITING] * 3


def test_an_urgent_mail_never_hides_in_a_list(chased: House) -> None:
    with make_engine(read_url(chased.app.settings.store.url), migrating=True).begin() as connection:
        statement = text("UPDATE outbox SET priority = :urgent WHERE state = 'waiting' AND reference = 'DB2026002'")
        connection.execute(statement, {"urgent": int(Priority.URGENT)})

    send_outbox(chased.app)

    assert states(reminders(chased)) == [OutboxState.GATHERED, OutboxState.SENT, OutboxState.GATHERED]


@pytest.mark.parametrize("flag", ["safety", "restricted"])
def test_an_incident_for_few_or_with_somebody_in_danger_is_named_in_no_list(chased: House, flag: str) -> None:
    change(chased, 1, **{flag: ("somebody says so",)})

    send_outbox(chased.app)

    assert states(reminders(chased)) == [OutboxState.GATHERED, OutboxState.SENT, OutboxState.GATHERED]
    assert flag == "safety" or "DB2026002" not in the_list(chased)


def test_a_digest_counts_as_one_mail_towards_the_rate_limit(chased: House) -> None:
    before = len(chased.sender.sent)
    send_outbox(chased.app)

    with chased.app.store.reading() as unit:
        assert unit.outbox.sent_since(MONDAY) == len(chased.sender.sent) - before


# --- what can go wrong ---


def test_the_mails_leave_one_by_one_when_the_list_cannot_be_written(
    chased: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("no list today")

    monkeypatch.setattr(gathering, "personal_digest", broken)

    send_outbox(chased.app)

    assert states(reminders(chased)) == [OutboxState.SENT] * 3
    assert digest(chased).state is OutboxState.WITHDRAWN
    assert "one by one" in digest(chased).because


def test_every_duty_hears_of_it_when_the_list_is_refused_for_good(chased: House) -> None:
    chased.sender.refuse(IG_DESK)

    send_outbox(chased.app)

    assert digest(chased).state is OutboxState.GIVEN_UP
    assert all(IG_DESK in incident.unreachable for incident in chased.incidents())


def test_nobody_hears_of_it_before_the_list_is_given_up(chased: House) -> None:
    chased.sender.refuse(IG_DESK, permanent=False)
    send_outbox(chased.app)
    chased.pass_by(REFUSED_FOR - timedelta(minutes=1))
    send_outbox(chased.app)
    early = [one.unreachable for one in chased.incidents()]
    chased.pass_by(timedelta(hours=1))
    send_outbox(chased.app)

    assert early == [()] * 3
    assert all(IG_DESK in incident.unreachable for incident in chased.incidents())


def test_the_list_and_all_in_it_go_out_after_all_when_a_person_releases_it(chased: House) -> None:
    chased.sender.refuse(IG_DESK)
    send_outbox(chased.app)
    chased.sender.accept_all()
    with chased.app.store.unit() as unit:
        assert unit.outbox.release(digest(chased).email.id)

    send_outbox(chased.app)

    assert digest(chased).state is OutboxState.SENT
    assert states(reminders(chased)) == [OutboxState.GATHERED] * 3


@pytest.mark.parametrize("at", range(1, 9))
def test_nothing_is_lost_or_said_twice_wherever_the_bot_stops(chased: House, another_bot: AnotherBot, at: int) -> None:
    again = another_bot(chased)
    with_fuse(chased.app, at)
    with pytest.raises(Crash):
        send_outbox(chased.app)

    chased.pass_by(SENDERS_LEASE)
    send_outbox(again.app)

    # What left just before the crash leaves once more, with the same bytes.
    assert len({one.content for one in again.sender.sent_to(IG_DESK) if b"requests for you" in one.content}) == 1
    assert states(reminders(again)) == [OutboxState.GATHERED] * 3
    assert digest(again).state is OutboxState.SENT


def test_mails_are_left_to_the_bot_that_gathers_them_first(
    chased: House, another_bot: AnotherBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = another_bot(chased)
    find = Gathered.waiting

    def quicker(self: Gathered, *arguments: Any) -> Any:
        """Between the look and the change another sender takes one of them; on PostgreSQL a lock forbids it."""
        found = find(self, *arguments)
        self._connection.execute(
            text("UPDATE outbox SET tries = 1 WHERE state = 'waiting' AND reference = 'DB2026002'")
        )
        return found

    monkeypatch.setattr(Gathered, "waiting", quicker)

    gather_waiting(other.app)

    assert states(reminders(chased)) == [OutboxState.WAITING] * 3
    assert rows(chased, "digest") == []
