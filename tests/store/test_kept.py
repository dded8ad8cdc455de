"""What was fetched is kept byte for byte until its email takes it over, in one unit."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailbot.errors import StoreError
from mailbot.mail import RawEmail
from mailbot.store import LedgerEntry, LedgerOutcome, Store
from tests.store import examples
from tests.store.examples import FRIDAY, HOUR

KEPT, RETRY = LedgerOutcome.KEPT, LedgerOutcome.RETRY
MOMENT = timedelta(microseconds=1)


def keep(store: Store, raw: RawEmail, entry: LedgerEntry | None = None) -> None:
    waiting = entry or LedgerEntry(key=raw.key, outcome=KEPT, received_at=raw.received_at, tries=1, retry_at=FRIDAY)
    with store.unit() as unit:
        unit.ledger.put(waiting)
        unit.kept.put(raw)


def kept(store: Store, uid: int = 1) -> RawEmail | None:
    with store.reading() as unit:
        return unit.kept.get(examples.key(uid))


def test_a_message_comes_back_exactly_and_only_under_its_whole_key(store: Store) -> None:
    raw = examples.raw(content=b"\x00\xff\r\nnot even text\n").but(received_at=FRIDAY - HOUR)
    keep(store, raw)

    with store.reading() as unit:
        assert unit.kept.get(raw.key) == raw
        assert unit.kept.get(examples.key(uidvalidity=8)) is None
        assert unit.kept.get(examples.key(mailbox="it")) is None
        assert unit.kept.get(examples.key().but(folder="Junk")) is None


def test_any_bytes_are_kept_and_taken_over_exactly(store: Store) -> None:
    number = iter(range(1, 1_000_000))

    @settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.binary(max_size=3000))
    def exact(content: bytes) -> None:
        uid = next(number)
        raw = examples.raw(uid, content)
        keep(store, raw)
        assert kept(store, uid) == raw
        with store.unit() as unit:
            unit.emails.add(f"e{uid}", raw, examples.reading(), None)
        with store.reading() as unit:
            assert unit.emails.raw(f"e{uid}") == content
            assert unit.kept.get(raw.key) is None

    exact()


def test_an_email_takes_over_what_was_kept_of_it_and_nothing_else(store: Store) -> None:
    keep(store, examples.raw(1))
    keep(store, examples.raw(2))

    with store.unit() as unit:
        unit.emails.add("e1", examples.raw(1), examples.reading(), None)

    assert kept(store, 1) is None
    assert kept(store, 2) == examples.raw(2)


def test_a_message_stays_kept_when_the_unit_that_takes_it_over_is_undone(store: Store) -> None:
    keep(store, examples.raw())

    def take_over_and_fail() -> None:
        with store.unit() as unit:
            unit.emails.add("e1", examples.raw(), examples.reading(), None)
            raise RuntimeError("the process could have ended here")

    with pytest.raises(RuntimeError):
        take_over_and_fail()

    assert kept(store) == examples.raw()
    with pytest.raises(StoreError, match="e1"), store.reading() as unit:
        unit.emails.raw("e1")


def test_a_message_that_is_kept_already_is_left_as_it_is(store: Store) -> None:
    keep(store, examples.raw())

    keep(store, examples.raw(content=b"something else"))

    assert kept(store) == examples.raw()


def test_nothing_is_kept_of_which_the_ledger_does_not_speak(store: Store) -> None:
    with pytest.raises(StoreError, match="not stored"), store.unit() as unit:
        unit.kept.put(examples.raw())

    assert kept(store) is None


@pytest.mark.parametrize("outcome", [KEPT, RETRY])
def test_a_kept_message_is_due_at_its_moment_in_its_mailbox_whatever_its_folder(
    store: Store, outcome: LedgerOutcome
) -> None:
    later, sooner = examples.raw(1), examples.raw(2).but(key=examples.key(2).but(folder="Junk", uidvalidity=1))
    other = examples.raw(3).but(key=examples.key(3, "it"))
    for raw, at in ((later, FRIDAY + 2 * HOUR), (sooner, FRIDAY + HOUR), (other, FRIDAY)):
        keep(store, raw, LedgerEntry(key=raw.key, outcome=outcome, received_at=FRIDAY, retry_at=at))

    with store.reading() as unit:
        assert unit.kept.due("ig", FRIDAY + HOUR - MOMENT) == ()
        assert unit.kept.due("ig", FRIDAY + HOUR) == (sooner.key,)
        assert unit.kept.due("ig", FRIDAY + 2 * HOUR) == (sooner.key, later.key)
        assert unit.kept.due("ig", FRIDAY + 2 * HOUR, limit=1) == (sooner.key,)
        assert unit.kept.due("bot", FRIDAY + 2 * HOUR) == ()


def test_only_what_is_not_kept_is_fetched_again(store: Store) -> None:
    keep(store, examples.raw(1), examples.entry(1, RETRY, retry_at=FRIDAY))
    with store.unit() as unit:
        unit.ledger.put(examples.entry(2, RETRY, retry_at=FRIDAY))

    with store.reading() as unit:
        assert [one.key.uid for one in unit.ledger.retries_due("ig", FRIDAY)] == [2]


def test_people_see_what_is_kept_but_nobody_is_alarmed_before_it_has_failed(store: Store) -> None:
    keep(store, examples.raw())

    with store.reading() as unit:
        assert [one.outcome for one in unit.ledger.waiting()] == [KEPT]
        assert unit.ledger.stuck(FRIDAY + HOUR) == ()
