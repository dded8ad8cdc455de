"""The outbox on its way: the order of leaving, claims by lease, the same bytes at every try."""

from collections.abc import Callable

import pytest

from mailbot.errors import StoreError
from mailbot.procedure.decision import Priority
from mailbot.store import OutboxRow, OutboxState, Store, Unit
from tests.store import examples
from tests.store.examples import FRIDAY, HOUR
from tests.store.posting import LEASE, TICK, claim, look, put
from tests.store.together import run_each

Connect = Callable[..., Store]


def test_a_mail_waits_exactly_as_it_was_put_in(store: Store) -> None:
    email = examples.outgoing(not_before=FRIDAY + HOUR, duty_id="d1", duty_kind="decide_ico", step="24h", thread="<t>")
    put(store, email)

    assert look(store) == OutboxRow(email=email, state=OutboxState.WAITING, ready_at=FRIDAY + HOUR)


def test_urgent_mail_leaves_first_and_otherwise_the_first_put_in(store: Store) -> None:
    put(
        store,
        examples.outgoing("o1", priority=Priority.DIGEST),
        examples.outgoing("o2"),
        examples.outgoing("o3"),
        examples.outgoing("o4", priority=Priority.URGENT),
    )

    assert claim(store, limit=3) == ["o4", "o2", "o3"]
    assert claim(store) == ["o1"]


def test_a_mail_cannot_be_claimed_before_its_time(store: Store) -> None:
    put(store, examples.outgoing(not_before=FRIDAY + HOUR))

    assert claim(store, at=HOUR - TICK) == []
    assert claim(store, at=HOUR) == ["o1"]


def test_a_claimed_mail_is_nobody_elses_until_its_lease_has_run_out(store: Store) -> None:
    put(store, examples.outgoing())
    first = claim(store, "a")

    assert first == ["o1"]
    assert claim(store, "b", at=LEASE - TICK) == []
    assert claim(store, "b", at=LEASE) == ["o1"]
    assert look(store).claimed_by == "b"
    assert look(store).tries == 2


def test_each_mail_is_claimed_once_when_several_bots_claim_at_the_same_time(url: str, connect: Connect) -> None:
    stores = [connect(url) for _ in range(4)]
    put(stores[0], *(examples.outgoing(f"o{number}") for number in range(40)))
    claimed: list[str] = []

    def claim_all(store: Store) -> None:
        while some := claim(store, f"bot {stores.index(store)}", limit=3):
            claimed.extend(some)

    run_each(claim_all, stores)

    assert sorted(claimed) == sorted(f"o{number}" for number in range(40))


def test_the_claim_is_undone_when_its_unit_is(store: Store) -> None:
    put(store, examples.outgoing())
    with store.reading() as unit:
        assert unit.outbox.counts()[OutboxState.WAITING] == 1
    with pytest.raises(ZeroDivisionError), store.unit() as unit:
        _claim_and_fail(unit)

    assert claim(store) == ["o1"]


def test_the_same_bytes_come_again_when_a_sender_died_after_freezing(store: Store) -> None:
    put(store, examples.outgoing())
    claim(store)
    with store.unit() as unit:
        unit.outbox.freeze("o1", examples.frozen(), FRIDAY)

    with store.unit() as unit:
        (row,) = unit.outbox.claim(FRIDAY + LEASE, "b", 10, LEASE)
    assert row.frozen == examples.frozen()
    assert row.frozen_at == FRIDAY


def test_frozen_bytes_never_change(store: Store) -> None:
    put(store, examples.outgoing())
    with store.unit() as unit:
        unit.outbox.freeze("o1", examples.frozen(), FRIDAY)
        unit.outbox.freeze("o1", examples.frozen(), FRIDAY + HOUR)

    with pytest.raises(StoreError, match="may not change"), store.unit() as unit:
        unit.outbox.freeze("o1", examples.frozen().but(content=b"other"), FRIDAY)
    assert look(store).frozen == examples.frozen()


def test_an_unknown_mail_cannot_be_frozen(store: Store) -> None:
    with pytest.raises(StoreError, match="o404"), store.unit() as unit:
        unit.outbox.freeze("o404", examples.frozen(), FRIDAY)


def _claim_and_fail(unit: Unit) -> None:
    assert unit.outbox.claim(FRIDAY, "a", 1, LEASE)
    raise ZeroDivisionError
