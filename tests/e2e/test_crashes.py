"""A crash between any two steps loses nothing and doubles no incident (DESIGN §2.1, §9)."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from mailbot.app import App, keys
from mailbot.jobs.digests import send_digests
from mailbot.jobs.follow import follow_duties
from mailbot.jobs.poll import poll_mailboxes
from mailbot.jobs.send import send_outbox
from mailbot.mail import Handling, MessageKey
from mailbot.settings import Settings
from mailbot.store import OutboxState, Store
from mailbot.testing import InMemoryMailbox, RecordingSender
from tests.e2e.conftest import MakeHouse, bot_on
from tests.e2e.crash import SENDERS_LEASE, Crash, let_leases_run_out, messages_kept, with_fuse, without_fuse
from tests.e2e.mails import WRONG_CARE_HOME, second_copy
from tests.house import FRIDAY_EVENING, LONDON, House, report

FIRST = report(WRONG_CARE_HOME)
SECOND = report("A laptop was stolen from my car.", message_id="<report-2@mail.council.example>")
LUNCH = report("Shall we have lunch?", subject="Lunch", message_id="<lunch@mail.council.example>")
MOST_POINTS = 400
MONDAY_MORNING = datetime(2026, 11, 23, 8, 5, tzinfo=LONDON)


def small(settings: Settings) -> Settings:
    """Two mailboxes of one folder each, whose reports are moved, so that a run has few steps."""
    kept = tuple(
        one.but(folders=("INBOX",), handled=Handling.MOVE, handled_target="Handled")
        for one in settings.mailboxes
        if one.name != "bot"
    )
    return settings.but(mailboxes=kept)


def runs(house: House, tmp_path: Path) -> Iterator[tuple[int, House]]:
    """The same bot again and again, each with a copy of the database as it stands and with mailboxes of its own."""
    settings = house.app.settings
    database = Path(settings.store.url.removeprefix("sqlite:///"))
    contents = {name: box.contents() for name, box in house.mailboxes.items()}
    house.app.close()
    for number in range(1, MOST_POINTS):
        copy = tmp_path / f"run-{number}.db"
        shutil.copy(database, copy)
        wal = database.with_name(database.name + "-wal")
        if wal.exists():
            shutil.copy(wal, copy.with_name(copy.name + "-wal"))
        boxes = {name: type(box)(name, box.folders) for name, box in house.mailboxes.items()}
        world = House(house.app, type(house.clock)(house.clock.now()), boxes, RecordingSender())
        for name, messages in contents.items():
            for message in messages:
                boxes[name].deliver(message, house.clock.now())
        bot = bot_on(world, settings.but(store=settings.store.but(url=f"sqlite:///{copy}")))
        yield number, bot
        bot.app.close()
        copy.unlink()


def crashed(bot: House, number: int, job: Callable[[App], object]) -> bool:
    """Whether the job was killed at its ``number``-th step; False where it has fewer."""
    fuse = with_fuse(bot.app, number)
    try:
        job(bot.app)
    except Crash:
        assert fuse.has_blown
        return True
    return False


def again(bot: House) -> House:
    """The bot started anew after its process ended."""
    bot.app.store.close()
    new = bot_on(replace(bot, mailboxes=without_fuse(bot.app.mailboxes)), bot.app.settings)
    let_leases_run_out(new.app.store)
    new.clock.pass_by(SENDERS_LEASE)
    return new


def audit_problems(bot: House) -> tuple[str, ...]:
    with bot.app.store.reading() as unit:
        return unit.audit.verify()


def test_no_report_is_lost_or_doubled_when_the_process_dies_anywhere_in_a_poll(
    new_house: MakeHouse, tmp_path: Path
) -> None:
    house = new_house(change=small)
    for content, mailbox in ((second_copy(FIRST), "it"), (FIRST, "ig"), (LUNCH, "ig")):
        house.deliver(content, mailbox)
    crashes = 0

    for number, bot in runs(house, tmp_path):
        if not crashed(bot, number, poll_mailboxes):
            break
        crashes += 1
        new = again(bot)
        new.poll()
        assert [one.reference for one in new.incidents()] == ["DB2026001"], number
        assert new.mailboxes["ig"].contents() == (LUNCH,), number
        assert len(new.mailboxes["ig"].contents("Handled")) == 1, number
        assert len(new.mailboxes["it"].contents("Handled")) == 1, number
        assert audit_problems(new) == (), number
        acknowledged = Counter(row.email.template for row in new.outbox())["acknowledgement"]
        assert acknowledged == 1, number
        new.app.close()

    assert crashes > 25


def delete(box: InMemoryMailbox) -> None:
    """A person deletes whatever lies in the inbox."""
    validity = box.open("INBOX").uidvalidity
    for uid in box.uids("INBOX", 0):
        box.remove(MessageKey(mailbox=box.name, folder="INBOX", uidvalidity=validity, uid=uid))


def delete_and_number_anew(box: InMemoryMailbox) -> None:
    delete(box)
    box.renumber()


def move(box: InMemoryMailbox) -> None:
    """A person moves whatever lies in the inbox into another folder that is watched."""
    contents = box.contents()
    delete(box)
    for content in contents:
        box.deliver(content, FRIDAY_EVENING, "Junk")


@pytest.mark.parametrize("meanwhile", [delete, delete_and_number_anew, InMemoryMailbox.renumber, move])
def test_what_was_fetched_is_one_incident_whatever_a_person_does_to_it_after_the_process_died_anywhere(
    new_house: MakeHouse, tmp_path: Path, meanwhile: Callable[[InMemoryMailbox], None]
) -> None:
    house = new_house(change=small_with_junk)
    house.deliver(FIRST)
    stood: Counter[str] = Counter()

    for number, bot in runs(house, tmp_path):
        if not crashed(bot, number, poll_mailboxes):
            break
        was_stored = stored(bot)
        stood[was_stored] += 1
        meanwhile(without_fuse(bot.app.mailboxes)["ig"])
        new = again(bot)
        new.poll()
        is_lost = was_stored == "nothing" and meanwhile in {delete, delete_and_number_anew}
        assert len(new.incidents()) == (0 if is_lost else 1), (number, was_stored)
        acknowledged = Counter(row.email.template for row in new.outbox())["acknowledgement"]
        assert acknowledged == len(new.incidents()), number
        assert stored(new) in {"nothing", "an incident"}, number
        assert audit_problems(new) == (), number
        new.app.close()

    assert min(stood[one] for one in ("nothing", "its bytes", "an incident")) > 1


def small_with_junk(settings: Settings) -> Settings:
    """One mailbox of two folders, whose reports are moved."""
    kept = [one.but(folders=("INBOX", "Junk")) for one in small(settings).mailboxes if one.name == "ig"]
    return settings.but(mailboxes=tuple(kept))


def stored(bot: House) -> str:
    """What the database holds of a report, whether its bot is still alive or not."""
    store = Store.connect(bot.app.settings.store.url, keys(bot.app.settings))
    with store.reading() as unit:
        has_incident = bool(unit.incidents.list())
    store.close()
    is_kept = messages_kept(bot.app.settings.store.url)
    assert not (has_incident and is_kept), "kept twice"
    return "its bytes" if is_kept else "an incident" if has_incident else "nothing"


def test_every_mail_is_sent_under_one_message_id_when_the_process_dies_anywhere_in_sending(
    new_house: MakeHouse, tmp_path: Path
) -> None:
    house = new_house(change=small)
    house.deliver(FIRST)
    house.poll()
    expected = len(house.outbox())
    crashes = 0

    for number, bot in runs(house, tmp_path):
        if not crashed(bot, number, send_outbox):
            break
        crashes += 1
        new = again(bot)
        send_outbox(new.app)
        rows = new.outbox()
        assert {row.state for row in rows} == {OutboxState.SENT}, number
        sent = Counter((one.recipient, one.message_id, one.content) for one in new.sender.sent)
        assert len(sent) == expected, number
        # What left just before the crash leaves once more, with the same bytes; nothing else does.
        assert sum(sent.values()) - expected <= new.app.settings.smtp.connections, number
        new.app.close()

    assert crashes > 15


def test_every_step_is_taken_once_when_the_process_dies_anywhere_in_a_tick(
    new_house: MakeHouse, tmp_path: Path
) -> None:
    house = new_house(change=small)
    house.deliver(FIRST)
    house.round()
    house.clock.set(MONDAY_MORNING)
    expected: Counter[tuple[str, str, str]] | None = None
    crashes = 0

    # The first run is let alone: what the others come to in the end is measured by it.
    for number, bot in runs(house, tmp_path):
        if expected is None:
            tick(bot.app)
            expected = written(bot)
            continue
        if not crashed(bot, number - 1, tick):
            break
        crashes += 1
        new = again(bot)
        tick(new.app)
        assert written(new) == expected, number
        assert audit_problems(new) == (), number
        new.app.close()

    assert crashes > 5


def tick(app: App) -> None:
    follow_duties(app)
    send_digests(app)


def written(bot: House) -> Counter[tuple[str, str, str]]:
    return Counter((row.email.template, row.email.recipient, row.email.step or "") for row in bot.outbox())


def test_nothing_is_lost_when_the_connection_breaks_at_any_command(new_house: MakeHouse, tmp_path: Path) -> None:
    house = new_house(change=small)
    house.deliver(FIRST)
    house.deliver(SECOND)

    for number, bot in runs(house, tmp_path):
        bot.mailboxes["ig"].lose_connection(after=number - 1)
        reports = bot.poll()
        if not any(one.problem for one in reports):
            break
        bot.poll()
        bot.clock.pass_by(SENDERS_LEASE)
        bot.poll()
        assert len(bot.incidents()) == 2, number
        assert bot.mailboxes["ig"].contents() == (), number
    else:
        pytest.fail("the connection never held")
