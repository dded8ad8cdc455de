"""The ledger: each message once, retries when due, what is not yet filed."""

from datetime import timedelta

import pytest

from mailbot.errors import ConflictError
from mailbot.store import Cursor, LedgerEntry, LedgerOutcome, Store
from tests.store import examples
from tests.store.examples import FRIDAY, HOUR

CURSOR = Cursor(mailbox="ig", folder="INBOX", uidvalidity=7, last_uid=41, watched_from=FRIDAY, first_uidnext=12)
RETRY = LedgerOutcome.RETRY


def test_a_folder_has_one_cursor_the_one_written_last(store: Store) -> None:
    moved = CURSOR.but(uidvalidity=4_294_967_295, last_uid=4_294_967_295)
    with store.unit() as unit:
        unit.ledger.put_cursor(CURSOR)
        unit.ledger.put_cursor(CURSOR.but(folder="Junk"))
        before = unit.ledger.cursor("ig", "INBOX")
        unit.ledger.put_cursor(moved)

    with store.reading() as unit:
        assert before == CURSOR
        assert unit.ledger.cursor("ig", "INBOX") == moved
        assert unit.ledger.cursor("ig", "Junk") == CURSOR.but(folder="Junk")
        assert unit.ledger.cursor("it", "INBOX") is None


def test_an_entry_comes_back_whole_and_only_under_its_whole_key(store: Store) -> None:
    put_off = examples.entry(outcome=RETRY, because="the reader stopped", tries=2, retry_at=FRIDAY + HOUR)
    with store.unit() as unit:
        unit.ledger.put(put_off)

    with store.reading() as unit:
        assert unit.ledger.entry(put_off.key) == put_off
        assert unit.ledger.entry(examples.key(uidvalidity=8)) is None
        assert unit.ledger.entry(examples.key(mailbox="it")) is None


def test_what_became_of_several_messages_of_one_folder_is_told_at_once(store: Store) -> None:
    first, third = (examples.entry(key=examples.key(uid), because=f"number {uid}") for uid in (1, 3))
    elsewhere = examples.entry(key=examples.key(2, mailbox="it"))
    with store.unit() as unit:
        for entry in (first, third, elsewhere):
            unit.ledger.put(entry)

    with store.reading() as unit:
        found = unit.ledger.entries([examples.key(1), examples.key(2), examples.key(3)])
        assert found == {first.key: first, third.key: third}
        assert unit.ledger.entries([]) == {}


def test_a_message_put_off_can_be_handled_later(store: Store) -> None:
    with store.unit() as unit:
        unit.incidents.add(examples.incident())
        unit.ledger.put(examples.entry(outcome=RETRY, retry_at=FRIDAY))
        unit.ledger.put(examples.entry(incident_id="i1"))

    with store.reading() as unit:
        assert unit.ledger.entry(examples.key()) == examples.entry(incident_id="i1")
        assert unit.ledger.retries_due("ig", FRIDAY + HOUR) == ()


@pytest.mark.parametrize("settled", [LedgerOutcome.HANDLED, LedgerOutcome.KNOWN])
def test_a_settled_message_never_becomes_another_incident(store: Store, settled: LedgerOutcome) -> None:
    with store.unit() as unit:
        unit.incidents.add(examples.incident("i1"))
        unit.incidents.add(examples.incident("i2"))
        unit.ledger.put(examples.entry(outcome=settled, incident_id="i1"))

    with pytest.raises(ConflictError, match="another bot"), store.unit() as unit:
        unit.ledger.put(examples.entry(incident_id="i2"))
    with store.reading() as unit:
        found = unit.ledger.entry(examples.key())
        assert found
        assert found.incident_id == "i1"


def test_retries_are_due_at_their_moment_and_only_in_their_mailbox(store: Store) -> None:
    with store.unit() as unit:
        unit.ledger.put(examples.entry(1, RETRY, retry_at=FRIDAY + 2 * HOUR))
        unit.ledger.put(examples.entry(2, RETRY, retry_at=FRIDAY + HOUR))
        unit.ledger.put(examples.entry(3, RETRY, retry_at=FRIDAY, mailbox="it"))

    with store.reading() as unit:
        assert unit.ledger.retries_due("ig", FRIDAY + HOUR - timedelta(microseconds=1)) == ()
        assert [one.key.uid for one in unit.ledger.retries_due("ig", FRIDAY + HOUR)] == [2]
        assert [one.key.uid for one in unit.ledger.retries_due("ig", FRIDAY + 2 * HOUR)] == [2, 1]
        assert [one.key.uid for one in unit.ledger.retries_due("ig", FRIDAY + 2 * HOUR, limit=1)] == [2]


def test_a_message_is_unfiled_until_it_was_filed(store: Store) -> None:
    with store.unit() as unit:
        unit.ledger.put(examples.entry(1))
        unit.ledger.put(examples.entry(2, LedgerOutcome.KNOWN))
        unit.ledger.put(examples.entry(3, LedgerOutcome.NOT_OURS))
        unit.ledger.put(examples.entry(4, filed_at=FRIDAY))
        unit.ledger.put(examples.entry(5, mailbox="it"))
        before = [one.key.uid for one in unit.ledger.unfiled("ig")]
        unit.ledger.put(examples.entry(1, filed_at=FRIDAY))

    with store.reading() as unit:
        assert before == [1, 2]
        assert [one.key.uid for one in unit.ledger.unfiled("ig")] == [2]


def test_the_digest_finds_what_waits_and_what_came_since(store: Store) -> None:
    with store.unit() as unit:
        unit.ledger.put(examples.entry(1, LedgerOutcome.NOT_OURS, noted_at=FRIDAY - timedelta(seconds=1)))
        unit.ledger.put(examples.entry(2, LedgerOutcome.NOT_OURS, received_at=FRIDAY - 1000 * HOUR))
        unit.ledger.put(examples.entry(3, LedgerOutcome.BEFORE_WATCH, noted_at=FRIDAY + HOUR))
        unit.ledger.put(examples.entry(4, RETRY, retry_at=FRIDAY))
        unit.ledger.put(examples.entry(5, LedgerOutcome.HELD, received_at=FRIDAY - HOUR))

    with store.reading() as unit:
        near = unit.ledger.since(FRIDAY, {LedgerOutcome.NOT_OURS, LedgerOutcome.BEFORE_WATCH})
        assert [one.key.uid for one in near] == [2, 3]
        assert [one.key.uid for one in unit.ledger.waiting()] == [5, 4]


def test_a_message_is_stuck_from_the_moment_since_which_it_waits(store: Store) -> None:
    with store.unit() as unit:
        unit.ledger.put(examples.entry(1, RETRY, retry_at=FRIDAY, noted_at=FRIDAY))
        unit.ledger.put(examples.entry(2, RETRY, retry_at=FRIDAY, noted_at=FRIDAY + timedelta(microseconds=1)))
        unit.ledger.put(examples.entry(3, LedgerOutcome.HELD, noted_at=FRIDAY))

    with store.reading() as unit:
        assert [one.key.uid for one in unit.ledger.stuck(FRIDAY)] == [1]


def test_an_entry_is_noted_when_its_message_was_received_where_nothing_else_is_said() -> None:
    assert LedgerEntry(key=examples.key(), outcome=RETRY, received_at=FRIDAY).noted_at == FRIDAY


@pytest.mark.parametrize(("uid", "late", "before"), [(11, -1, True), (12, -1, False), (11, 0, False), (12, 0, False)])
def test_a_message_is_before_the_watch_only_by_its_number_and_its_date(uid: int, late: int, before: bool) -> None:
    assert CURSOR.is_before_watch(uid, FRIDAY + timedelta(seconds=late)) is before
