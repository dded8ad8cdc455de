"""Leases and jobs of a day: one holder at a time, by the database's own clock."""

import multiprocessing
import time
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from mailbot.store import Store
from tests.store import examples
from tests.store.conftest import KEYS
from tests.store.together import run_each

Connect = Callable[..., Store]

LONG = timedelta(minutes=5)
SHORT = timedelta(milliseconds=200)
MONDAY = date(2026, 11, 23)


def take(store: Store, holder: str, for_: timedelta = LONG, name: str = "mailbox:ig") -> bool:
    with store.unit() as unit:
        return unit.leases.take(name, holder, for_)


def holder(store: Store) -> str | None:
    with store.reading() as unit:
        return unit.leases.holder_of("mailbox:ig")


def test_a_lease_has_one_holder_until_it_is_released(store: Store) -> None:
    assert holder(store) is None
    assert take(store, "a")
    assert not take(store, "b")
    assert holder(store) == "a"
    with store.unit() as unit:
        unit.leases.release("mailbox:ig", "b")
    assert holder(store) == "a"
    with store.unit() as unit:
        unit.leases.release("mailbox:ig", "a")
    assert take(store, "b")


def test_leases_of_other_names_are_free(store: Store) -> None:
    assert take(store, "a")
    assert take(store, "b", name="mailbox:it")


def test_the_holder_may_take_its_own_lease_again(store: Store) -> None:
    assert take(store, "a")
    assert take(store, "a")


def test_a_dead_holders_lease_is_free_when_it_has_run_out(store: Store) -> None:
    assert take(store, "a", SHORT)
    assert not take(store, "b")
    time.sleep(2 * SHORT.total_seconds())

    assert holder(store) is None
    assert take(store, "b")


def test_a_renewed_lease_lasts_from_the_renewal(store: Store) -> None:
    take(store, "a", SHORT)
    with store.unit() as unit:
        assert unit.leases.renew("mailbox:ig", "a", LONG)
    time.sleep(2 * SHORT.total_seconds())

    assert holder(store) == "a"


def test_a_lease_that_another_took_cannot_be_renewed(store: Store) -> None:
    take(store, "a", timedelta())
    take(store, "b")

    with store.unit() as unit:
        assert not unit.leases.renew("mailbox:ig", "a", LONG)
        assert not unit.leases.renew("never taken", "a", LONG)
    assert holder(store) == "b"


def test_a_lease_taken_in_an_undone_unit_was_never_taken(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.unit() as unit:
        _ = unit.leases.take("mailbox:ig", "a", LONG), 1 / 0

    assert take(store, "b")


def test_exactly_one_of_many_gets_the_lease(url: str, connect: Connect) -> None:
    stores = [connect(url) for _ in range(4)]
    got: list[str] = []

    def try_it(store: Store) -> None:
        if take(store, name := f"bot {stores.index(store)}"):
            got.append(name)

    run_each(try_it, stores)

    assert got == [holder(stores[0])]


def _take_and_die(url: str) -> None:
    """The life of another process: it takes the lease and claims mail, then ends without a word."""
    store = Store.connect(url, KEYS)
    with store.unit() as unit:
        unit.leases.take("mailbox:ig", "dead", SHORT)
        unit.outbox.claim(examples.FRIDAY, "dead", 10, timedelta(minutes=10))


def test_a_bot_that_dies_loses_its_leases_but_not_its_work(url: str, connect: Connect) -> None:
    store = connect(url)
    with store.unit() as unit:
        unit.outbox.add(examples.outgoing())
    process = multiprocessing.get_context("spawn").Process(target=_take_and_die, args=(url,))
    process.start()
    process.join()
    time.sleep(SHORT.total_seconds())

    assert process.exitcode == 0
    assert take(store, "living")
    with store.unit() as unit:
        (row,) = unit.outbox.claim(examples.FRIDAY + timedelta(minutes=10), "living", 10, LONG)
    assert row.email == examples.outgoing()


def test_a_job_of_a_day_is_claimed_once(store: Store) -> None:
    with store.unit() as unit:
        assert unit.leases.once("digest", MONDAY)
        assert not unit.leases.once("digest", MONDAY)
        assert unit.leases.once("digest", MONDAY + timedelta(days=1))
        assert unit.leases.once("quarter", MONDAY)
    with store.unit() as unit:
        assert not unit.leases.once("digest", MONDAY)


def test_a_job_can_be_claimed_again_when_its_unit_was_undone(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.unit() as unit:
        _ = unit.leases.once("digest", MONDAY), 1 / 0

    with store.unit() as unit:
        assert unit.leases.once("digest", MONDAY)


def test_one_of_many_bots_does_the_job_of_a_day(url: str, connect: Connect) -> None:
    done: list[bool] = []

    def try_it(store: Store) -> None:
        with store.unit() as unit:
            done.append(unit.leases.once("digest", MONDAY))

    run_each(try_it, [connect(url) for _ in range(4)])

    assert sorted(done) == [False, False, False, True]
