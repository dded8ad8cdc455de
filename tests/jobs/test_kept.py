"""What was fetched once needs no mailbox any more: it is taken in whatever becomes of reader, message and folder."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from mailbot.jobs.health import ALARM_AFTER, beat
from mailbot.jobs.poll import poll_mailbox
from mailbot.jobs.take_in import take_in
from mailbot.jobs.waiting import FIRST_WAIT, put_off
from mailbot.mail import Handling, MessageHead, MessageKey, RawEmail
from mailbot.parse.reading import Reading
from mailbot.ports import Reader
from mailbot.settings import Settings
from mailbot.store import LedgerOutcome
from mailbot.testing import InMemoryMailbox
from tests.e2e.conftest import AnotherBot, MakeHouse, bot_on
from tests.e2e.crash import Crash, let_leases_run_out, messages_kept
from tests.e2e.mails import second_copy
from tests.house import IG_DESK, LONDON, SAM, House, report, text_of

REPORT = report("A letter went astray.")
LUNCH = report("Lunch?", subject="Lunch", message_id="<lunch@x.example>")
MONDAY_MORNING = datetime(2026, 11, 23, 8, 5, tzinfo=LONDON)


class DyingReader:
    """A reader that fails, or takes the whole bot with it, for the mails in which a word stands."""

    def __init__(self, reader: Reader, error: BaseException, word: bytes = b"") -> None:
        self._reader = reader
        self._error = error
        self._word = word
        self.died = 0

    def read(self, content: bytes, received_at: datetime) -> Reading:
        if self._word in content:
            self.died += 1
            raise self._error
        return self._reader.read(content, received_at)

    def is_report_form(self, content: bytes) -> bool:
        return self._reader.is_report_form(content)

    def start(self) -> None:
        """It is always ready."""

    def close(self) -> None:
        """There is nothing to stop."""


def kept(house: House, *keys: MessageKey) -> list[RawEmail]:
    with house.app.store.reading() as unit:
        return [raw for raw in map(unit.kept.get, keys) if raw]


def outcome(house: House, key: MessageKey) -> LedgerOutcome | None:
    with house.app.store.reading() as unit:
        entry = unit.ledger.entry(key)
    return entry.outcome if entry else None


def messages_kept_by(house: House) -> int:
    return messages_kept(house.app.settings.store.url)


def unread(house: House, content: bytes = REPORT) -> MessageKey:
    """A report whose reading has failed once; from now on the reader works again."""
    reader, house.app.reader = house.app.reader, DyingReader(house.app.reader, RuntimeError("something odd"))
    key = house.deliver(content)
    house.poll()
    house.app.reader = reader
    return key


def dead(house: House, content: bytes = REPORT) -> MessageKey:
    """A report in the midst of whose reading the bot died; its lease has run out since."""
    reader, house.app.reader = house.app.reader, DyingReader(house.app.reader, Crash("reading"))
    key = house.deliver(content)
    with pytest.raises(Crash):
        house.poll()
    house.app.reader = reader
    let_leases_run_out(house.app.store)
    return key


def test_the_bytes_are_kept_before_anything_reads_them(house: House) -> None:
    found = []
    reader = house.app.reader
    key = house.deliver(REPORT)

    class LookingReader(DyingReader):
        def read(self, content: bytes, received_at: datetime) -> Reading:
            found.extend(kept(house, key))
            return reader.read(content, received_at)

    house.app.reader = LookingReader(reader, RuntimeError())

    house.poll()

    assert found == [RawEmail(key=key, received_at=house.clock.now(), content=REPORT)]


def test_a_report_is_taken_in_though_a_person_deleted_it_while_its_reading_failed(house: House) -> None:
    key, arrived = unread(house), house.clock.now()
    house.mailboxes["ig"].remove(key)
    house.pass_by(FIRST_WAIT)

    house.round()
    house.round()

    assert house.incident().received_at == arrived
    assert house.templates_to(SAM) == ["acknowledgement"]
    assert outcome(house, key) is LedgerOutcome.HANDLED
    assert messages_kept_by(house) == 0


def test_a_report_is_taken_in_at_once_though_a_person_deleted_it_after_the_bot_had_died(house: House) -> None:
    house.mailboxes["ig"].remove(dead(house))

    house.round()

    assert house.templates_to(SAM) == ["acknowledgement"]
    assert len(house.incidents()) == 1


def test_a_report_is_fetched_once_however_often_its_reading_fails(house: House) -> None:
    key = unread(house)
    house.pass_by(FIRST_WAIT)

    house.poll()

    assert house.incident().reference == "DB2026001"
    assert house.mailboxes["ig"].fetched == [key]


def test_a_report_that_was_kept_waits_for_no_server(house: House) -> None:
    unread(house)
    house.pass_by(FIRST_WAIT)
    house.mailboxes["ig"].lose_connection(times=1000)

    assert poll_mailbox(house.app, "ig").problem

    assert house.incident().reference == "DB2026001"


@pytest.mark.parametrize("fail", [unread, dead])
def test_a_report_is_one_incident_when_the_folder_is_numbered_anew_while_it_is_kept(house: House, fail: Any) -> None:
    key = fail(house)
    house.mailboxes["ig"].renumber()
    house.pass_by(FIRST_WAIT)

    house.round()
    house.round()

    assert len(house.incidents()) == 1
    assert house.templates_to(SAM) == ["acknowledgement"]
    assert outcome(house, key) is LedgerOutcome.HANDLED
    assert messages_kept_by(house) == 0


def test_a_report_is_one_incident_when_it_is_deleted_and_the_folder_numbered_anew_while_it_is_kept(
    house: House,
) -> None:
    house.mailboxes["ig"].remove(dead(house))
    house.mailboxes["ig"].renumber()

    house.poll()

    assert len(house.incidents()) == 1


@pytest.mark.parametrize("fail", [unread, dead])
def test_a_report_is_one_incident_when_a_person_moves_it_to_another_watched_folder_while_it_is_kept(
    new_house: MakeHouse, fail: Any
) -> None:
    house = new_house(change=watching("INBOX", "Junk"))
    moved = fail(house)
    house.mailboxes["ig"].remove(moved)
    house.mailboxes["ig"].deliver(REPORT, house.clock.now(), "Junk")

    # At first the copy alone may be due, then what was kept.
    for _ in range(3):
        house.round()
        house.pass_by(FIRST_WAIT)

    assert len(house.incidents()) == 1
    assert house.templates_to(SAM) == ["acknowledgement"]
    assert messages_kept_by(house) == 0


def test_both_desks_are_told_of_one_incident_when_the_report_also_lies_in_the_other_mailbox(house: House) -> None:
    dead(house)
    house.deliver(second_copy(REPORT), "it")

    house.round()

    assert {one.mailbox for one in house.incident().originals} == {"ig", "it"}


def test_a_kept_report_is_taken_in_though_its_folder_is_no_longer_watched(new_house: MakeHouse) -> None:
    house = new_house(change=watching("INBOX", "Junk"))
    house.app.reader = DyingReader(house.app.reader, RuntimeError())
    house.mailboxes["ig"].deliver(REPORT, house.clock.now(), "Junk")
    house.poll()
    house.pass_by(FIRST_WAIT)

    bot_on(house, watching("INBOX")(house.app.settings)).poll()

    assert house.incident().originals[0].folder == "Junk"


def watching(*folders: str) -> Any:
    def change(settings: Settings) -> Settings:
        return settings.but(mailboxes=tuple(one.but(folders=folders) for one in settings.mailboxes))

    return change


@pytest.mark.parametrize("mailbox", ["ig", "bot"])
def test_a_kept_mail_is_filed_like_any_other_though_the_server_was_away_when_it_was_taken_in(
    new_house: MakeHouse, mailbox: str
) -> None:
    # In the bot's own mailbox: about no incident, so a person must read it.
    house = new_house(change=moving)
    house.app.reader, reader = DyingReader(house.app.reader, RuntimeError()), house.app.reader
    house.deliver(REPORT if mailbox == "ig" else LUNCH, mailbox)
    house.poll()
    house.app.reader = reader
    house.pass_by(FIRST_WAIT)

    house.poll()

    assert house.mailboxes[mailbox].contents() == ()
    assert len(house.mailboxes[mailbox].contents("Handled")) == 1


def moving(settings: Settings) -> Settings:
    moved = {"handled": Handling.MOVE, "handled_target": "Handled"}
    return settings.but(mailboxes=tuple(one.but(**moved) for one in settings.mailboxes))


def test_all_that_is_kept_is_taken_in_before_the_first_is_filed(new_house: MakeHouse) -> None:
    house = new_house(change=moving)
    for number in range(3):
        unread(house, report(f"Letter {number}", message_id=f"<{number}@x.example>"))
        house.pass_by(-FIRST_WAIT / 2)
    house.pass_by(FIRST_WAIT * 3)
    house.mailboxes["ig"].lose_connection(times=1)

    assert poll_mailbox(house.app, "ig").problem
    assert len(house.incidents()) == 3
    assert poll_mailbox(house.app, "ig").problem == ""
    assert len(house.mailboxes["ig"].contents("Handled")) == 3


def test_nothing_stays_kept_of_mail_that_is_held_known_or_handled(house: House) -> None:
    held = house.deliver(LUNCH, "bot")
    handled, known = house.deliver(REPORT), house.deliver(second_copy(REPORT))

    house.poll()

    assert [outcome(house, one) for one in (held, handled, known)] == ["held", "handled", "known"]
    assert messages_kept_by(house) == 0


def test_nothing_is_kept_of_mail_that_is_not_ours_or_lay_there_before_the_watch(
    house: House, another_bot: AnotherBot
) -> None:
    house.deliver(LUNCH)
    house.deliver(report("A breach?", subject="A data breach", message_id="<near@x.example>"))
    house.deliver(REPORT, at=house.clock.now() - timedelta(days=2))
    new = another_bot(house, empty=True)

    new.poll()

    assert messages_kept_by(new) == 0
    assert new.mailboxes["ig"].fetched == []


def test_a_message_of_which_the_bot_dies_each_time_does_not_keep_it_from_the_others(house: House) -> None:
    reader = house.app.reader = DyingReader(house.app.reader, Crash("reading"), b"deadly")
    house.deliver(report("This one is deadly.", message_id="<deadly@x.example>"))
    for _ in range(2):
        with pytest.raises(Crash):
            house.poll()
        let_leases_run_out(house.app.store)
    house.deliver(REPORT)

    house.poll()

    assert reader.died == 2
    assert len(house.incidents()) == 1
    with pytest.raises(Crash):
        retried(house)


def retried(house: House) -> None:
    house.pass_by(FIRST_WAIT * 2)
    house.poll()


def test_kept_mail_waits_for_the_next_start_when_the_bot_is_told_to_stop(house: House) -> None:
    keys = [dead(house, report(f"Letter {number}", message_id=f"<{number}@x.example>")) for number in range(1)]
    keys += [unread(house, report("Letter 2", message_id="<2@x.example>"))]
    house.pass_by(FIRST_WAIT * 2)
    house.app.stopping.set()

    house.poll()

    assert house.incidents() == ()
    assert len(kept(house, *keys)) == 2


def test_a_message_that_another_bot_has_taken_in_meanwhile_is_left_alone(
    house: House, another_bot: AnotherBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, box = another_bot(house), house.mailboxes["ig"]
    key = house.deliver(REPORT)
    fetch = box.fetch

    def fetched_by_both(wanted: MessageKey) -> RawEmail:
        raw = fetch(wanted)
        monkeypatch.undo()
        take_in(other.app, head_of(box, wanted))
        return raw

    monkeypatch.setattr(box, "fetch", fetched_by_both)

    assert take_in(house.app, head_of(box, key)) is False
    assert len(house.incidents()) == 1
    assert messages_kept_by(house) == 0


def test_a_kept_message_that_another_bot_takes_in_while_it_is_read_is_one_incident(
    house: House, another_bot: AnotherBot
) -> None:
    other, reader = another_bot(house), house.app.reader
    key = unread(house)
    house.pass_by(FIRST_WAIT)

    class SlowReader(DyingReader):
        def read(self, content: bytes, received_at: datetime) -> Reading:
            house.pass_by(FIRST_WAIT * 2)
            let_leases_run_out(house.app.store)
            poll_mailbox(other.app, "ig")
            raise RuntimeError("and then it fails")

    house.app.reader = SlowReader(reader, RuntimeError())

    assert poll_mailbox(house.app, "ig").problem == ""
    assert len(house.incidents()) == 1
    assert outcome(house, key) is LedgerOutcome.HANDLED
    assert messages_kept_by(house) == 0


@pytest.mark.parametrize(("mailbox", "done"), [("ig", LedgerOutcome.HANDLED), ("bot", LedgerOutcome.HELD)])
def test_a_message_is_not_put_off_when_another_bot_has_taken_it_in_meanwhile(
    house: House, mailbox: str, done: LedgerOutcome
) -> None:
    key = house.deliver(REPORT if mailbox == "ig" else LUNCH, mailbox)
    house.poll()

    put_off(house.app, head_of(house.mailboxes[mailbox], key), "the server refused it")

    assert outcome(house, key) is done


def head_of(box: InMemoryMailbox, key: MessageKey) -> MessageHead:
    heads: Sequence[MessageHead] = box.heads(key.folder, [key.uid])
    return heads[0]


def alarms(house: House) -> list[object]:
    return [row.email.values["what"] for row in house.outbox() if row.email.template == "alarm"]


def test_nobody_is_woken_by_a_report_that_was_kept_when_the_bot_was_away_for_long(house: House) -> None:
    dead(house)
    house.pass_by(ALARM_AFTER * 4)

    beat(house.app)
    house.poll()
    beat(house.app)

    assert alarms(house) == []
    assert len(house.incidents()) == 1


def test_the_quarter_of_an_hour_runs_from_the_first_failure_when_the_bot_was_away_for_long(house: House) -> None:
    key = dead(house)
    house.pass_by(ALARM_AFTER * 4)
    house.app.reader = DyingReader(house.app.reader, RuntimeError())
    house.poll()
    house.pass_by(ALARM_AFTER - timedelta(seconds=1))
    beat(house.app)
    assert (alarms(house), outcome(house, key)) == ([], LedgerOutcome.RETRY)
    house.pass_by(timedelta(seconds=1))

    beat(house.app)

    assert house.templates_to(IG_DESK) == ["alarm"]


def test_people_are_told_when_a_kept_report_has_failed_for_a_quarter_of_an_hour(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    house.app.reader = DyingReader(house.app.reader, RuntimeError())
    house.deliver(REPORT)
    for _ in range(5):
        house.poll()
        beat(house.app)
        house.pass_by(ALARM_AFTER / 4)
    assert house.templates_to(IG_DESK) == ["alarm"]


def test_the_digest_names_what_is_kept_for_a_mailbox_that_is_no_longer_configured(house: House) -> None:
    dead(house)
    settings = house.app.settings
    rest = bot_on(house, settings.but(mailboxes=tuple(one for one in settings.mailboxes if one.name != "ig")))
    rest.clock.set(MONDAY_MORNING - timedelta(minutes=30))
    rest.app.mailboxes = {name: box for name, box in rest.mailboxes.items() if name != "ig"}
    rest.round()
    rest.clock.set(MONDAY_MORNING)

    rest.round()

    assert "Mails that were fetched and never taken in" in text_of(rest.sent_to(IG_DESK)[-1])
