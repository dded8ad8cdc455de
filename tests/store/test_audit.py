"""The audit trail: whole when left alone, told apart when touched, still whole when erased."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from mailbot.errors import ConflictError
from mailbot.store import Store
from mailbot.store.chain import GENESIS, link_hash, seal_hash
from mailbot.store.engine import make_engine, read_url
from tests.store.examples import FRIDAY, HOUR, audit_entry
from tests.store.together import run_each

Connect = Callable[..., Store]


def write(store: Store, incident_id: str | None, *actions: str) -> None:
    with store.unit() as unit:
        unit.audit.append(incident_id, [audit_entry(action) for action in actions])


def problems(store: Store) -> tuple[str, ...]:
    with store.reading() as unit:
        return unit.audit.verify()


def tamper(url: str, *statements: str) -> None:
    """Writes past the store, as somebody with the database's password would."""
    with make_engine(read_url(url), migrating=True).begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_an_incidents_history_comes_back_whole_and_in_order(store: Store) -> None:
    write(store, "i1", "opened", "rated")
    write(store, "i2", "opened")
    write(store, None, "started")
    write(store, "i1", "closed")

    with store.reading() as unit:
        assert unit.audit.of_incident("i1") == (audit_entry("opened"), audit_entry("rated"), audit_entry("closed"))
        assert unit.audit.of_incident(None) == (audit_entry("started"),)
        assert unit.audit.of_incident("nowhere") == ()
    assert problems(store) == ()


def test_a_history_is_whole_when_nothing_was_ever_written(store: Store) -> None:
    write(store, "i1")

    assert problems(store) == ()


WITH_DETAILS = (
    "DELETE FROM audit_payload WHERE audit_id IN (SELECT id FROM audit WHERE {0}); DELETE FROM audit WHERE {0}"
)

TAMPERINGS = [
    ("UPDATE audit SET action = 'dismissed' WHERE seq = 2", "i1, entry 2: does not fit"),
    ("UPDATE audit SET at = (SELECT at FROM audit WHERE chain = 'bot') WHERE chain = 'i1' AND seq = 1", "i1, entry 1"),
    ("UPDATE audit_payload SET salt = sealed WHERE audit_id = 1", "i1, entry 1: its details were changed"),
    (
        "UPDATE audit_payload SET sealed = (SELECT sealed FROM audit_payload WHERE audit_id = 2) WHERE audit_id = 1",
        "i1, entry 1: its details were changed",
    ),
    ("UPDATE audit_payload SET sealed = salt WHERE audit_id = 1", "i1, entry 1: its details were changed"),
    ("DELETE FROM audit_payload WHERE audit_id = 1", "i1, entry 1: its details are gone and no erasure is noted"),
    (WITH_DETAILS.format("chain = 'i1' AND seq = 2"), "i1, entry 3: stands at place 2"),
    (WITH_DETAILS.format("chain = 'i1' AND seq = 3"), "i1: its end is not the one"),
    (WITH_DETAILS.format("chain = 'i1'"), "i1: all of its 3 entries are gone"),
    ("UPDATE audit SET chain = 'i2' WHERE chain = 'i1'", "i2: its end is not the one"),
]


@pytest.mark.parametrize(("statements", "says"), TAMPERINGS)
def test_tampering_is_noticed_and_named(url: str, connect: Connect, statements: str, says: str) -> None:
    store = connect(url)
    write(store, "i1", "opened", "rated", "closed")
    with store.unit() as unit:
        unit.audit.append(None, [audit_entry("started", at=FRIDAY + HOUR)])
    whole = problems(store)
    tamper(url, *statements.split("; "))

    assert whole == ()
    assert any(says in one for one in problems(store))


def test_entries_in_another_order_are_noticed(url: str, connect: Connect) -> None:
    store = connect(url)
    write(store, "i1", "opened", "rated")
    tamper(
        url,
        "UPDATE audit SET seq = 3 WHERE seq = 1",
        "UPDATE audit SET seq = 1 WHERE seq = 2",
        "UPDATE audit SET seq = 2 WHERE seq = 3",
    )

    assert len(problems(store)) >= 2


def test_who_and_what_are_gone_when_erased_and_the_chain_stays_whole(store: Store) -> None:
    write(store, "i1", "opened", "rated")
    write(store, "i2", "opened")
    with store.unit() as unit:
        erased = unit.audit.erase("i1", FRIDAY + HOUR, "mailbot")

    with store.reading() as unit:
        history = unit.audit.of_incident("i1")
        assert unit.audit.of_incident("i2") == (audit_entry("opened"),)
    assert erased == 2
    assert [(one.action, one.by, one.details) for one in history] == [
        ("opened", "(erased)", {}),
        ("rated", "(erased)", {}),
        ("erased", "mailbot", {}),
    ]
    assert problems(store) == ()


def test_details_that_vanish_after_an_erasure_are_noticed(url: str, connect: Connect) -> None:
    store = connect(url)
    write(store, "i1", "opened")
    with store.unit() as unit:
        unit.audit.erase("i1", FRIDAY, "mailbot")
    write(store, "i1", "opened again")
    tamper(url, "DELETE FROM audit_payload")

    assert [one for one in problems(store) if "entry 3" in one]


def test_a_seal_takes_in_what_is_new_and_stays_the_same_when_nothing_is(store: Store) -> None:
    write(store, "i1", "opened")
    with store.unit() as unit:
        first = unit.audit.seal(FRIDAY)
        again = unit.audit.seal(FRIDAY + HOUR)
    write(store, "i1", "rated")
    with store.unit() as unit:
        second = unit.audit.seal(FRIDAY + HOUR)

    assert again == first
    assert (first.split()[0], second.split()[0]) == ("1", "2")
    assert first.split()[1] != second.split()[1]
    assert problems(store) == ()


@pytest.mark.parametrize(
    ("statements", "says"),
    [
        (["UPDATE audit_seal SET links = 2 WHERE number = 1"], "seal 1 no longer fits"),
        (["DELETE FROM audit_seal WHERE number = 1"], "seal 1 is missing"),
        (["DELETE FROM audit_seal WHERE number = 2"], "seal 2 is missing, entries name it"),
        (["UPDATE audit SET seal_number = 1"], "seal 1 no longer fits"),
        (
            # A whole incident, removed with every trace its own chain left.
            [
                "DELETE FROM audit_payload WHERE audit_id IN (SELECT id FROM audit WHERE chain = 'i1')",
                "DELETE FROM audit WHERE chain = 'i1'",
                "DELETE FROM audit_chain WHERE chain = 'i1'",
            ],
            "seal 1 no longer fits",
        ),
    ],
)
def test_a_broken_seal_is_noticed(url: str, connect: Connect, statements: list[str], says: str) -> None:
    store = connect(url)
    for incident_id in ("i1", "i2"):
        write(store, incident_id, "opened")
        with store.unit() as unit:
            unit.audit.seal(FRIDAY)
    tamper(url, *statements)

    assert any(says in one for one in problems(store))


def test_several_bots_write_one_history_without_a_gap(url: str, connect: Connect) -> None:
    def write_some(store: Store) -> None:
        for _ in range(5):
            write(store, "i1", "one", "two")
            try:
                with store.unit() as unit:
                    unit.audit.seal(FRIDAY)
            except ConflictError:
                continue

    stores = [connect(url) for _ in range(3)]
    run_each(write_some, stores)

    with stores[0].reading() as unit:
        assert [one.action for one in unit.audit.of_incident("i1")] == ["one", "two"] * 15
        assert unit.audit.verify() == ()


PARTS = st.tuples(
    st.text(max_size=4), st.text(max_size=4), st.integers(0, 99), st.text(max_size=4), st.text(max_size=4)
)


def _link(parts: tuple[str, str, int, str, str]) -> str:
    previous, chain, seq, action, payload = parts
    return link_hash(previous, chain, seq, at=datetime(2026, 1, 1, tzinfo=UTC), action=action, payload=payload)


@given(PARTS, PARTS)
def test_links_hash_alike_only_when_every_part_is_alike(one: Any, other: Any) -> None:
    assert (_link(one) == _link(other)) == (one == other)


@given(st.lists(st.text(max_size=4), max_size=4), st.lists(st.text(max_size=4), max_size=4))
def test_seals_hash_alike_only_when_their_links_are_alike_and_in_order(one: list[str], other: list[str]) -> None:
    heads = [seal_hash(GENESIS, 1, FRIDAY, links) for links in (one, other)]

    assert (heads[0] == heads[1]) == (one == other)
