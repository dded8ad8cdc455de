"""Transactions: all or nothing, one writer after the other, failures in plain words."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from mailbot.errors import ConflictError, StoreError
from mailbot.store import Store
from tests.store import examples
from tests.store.conftest import KEYS
from tests.store.together import CrashError, crash, run_each

Connect = Callable[..., Store]


def test_nothing_is_stored_when_an_exception_leaves_the_unit(store: Store) -> None:
    with suppress(CrashError), store.unit() as unit:
        unit.incidents.add(examples.incident())
        unit.outbox.add(examples.outgoing(incident_id="i1"))
        crash()

    with store.reading() as unit:
        assert unit.incidents.get("i1") is None
        assert unit.outbox.list() == ()


def test_what_fails_apart_is_undone_alone(store: Store) -> None:
    with store.unit() as unit:
        unit.outbox.add(examples.outgoing("o1"))
        with suppress(CrashError), unit.apart():
            unit.outbox.add(examples.outgoing("o2"))
            crash()
        unit.outbox.add(examples.outgoing("o3"))

    with store.reading() as unit:
        assert [one.email.id for one in unit.outbox.list()] == ["o3", "o1"]


def test_what_the_database_refuses_apart_is_said_in_our_words_and_keeps_nothing_else_back(store: Store) -> None:
    with store.unit() as unit:
        unit.incidents.add(examples.incident())
        with pytest.raises(ConflictError), unit.apart():
            unit.incidents.add(examples.incident("i2", reference="DB2026001"))

    with store.reading() as unit:
        assert unit.incidents.get("i1") == examples.incident()


def test_everything_is_there_for_another_connection_when_the_unit_ends(url: str, connect: Connect) -> None:
    with connect(url).unit() as unit:
        unit.emails.add("e1", examples.raw(), examples.reading(), "i1")
        unit.ledger.put(examples.entry(incident_id="i1", email_id="e1"))
        unit.incidents.add(examples.incident())

    with connect(url).reading() as unit:
        assert unit.incidents.get("i1") == examples.incident()
        assert unit.emails.incident_of_digest("digest-one") == "i1"
        assert unit.ledger.entry(examples.key()) == examples.entry(incident_id="i1", email_id="e1")


def test_a_change_is_never_kept_when_it_is_made_while_only_reading(store: Store) -> None:
    # PostgreSQL refuses it, SQLite's transaction is undone: either way nothing stays.
    with suppress(StoreError), store.reading() as unit:
        unit.incidents.add(examples.incident())

    with store.reading() as unit:
        assert unit.incidents.get("i1") is None


def test_a_row_that_names_a_missing_one_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="not stored"), store.unit() as unit:
        unit.ledger.put(examples.entry(incident_id="nowhere"))


def test_the_second_of_two_equal_incidents_is_a_conflict(store: Store) -> None:
    with store.unit() as unit:
        unit.incidents.add(examples.incident())

    with pytest.raises(ConflictError), store.unit() as unit:
        unit.incidents.add(examples.incident("i2", reference="DB2026001"))


def test_a_conflict_never_quotes_what_was_to_be_stored(store: Store) -> None:
    with store.unit() as unit:
        unit.incidents.add(examples.incident(reference="DB2026777"))

    with pytest.raises(ConflictError) as conflict, store.unit() as unit:
        unit.incidents.add(examples.incident("i2", reference="DB2026777"))

    assert "DB2026777" not in str(conflict.value)


def test_readers_are_not_kept_waiting_when_a_writer_is_at_work(url: str, connect: Connect) -> None:
    writer, reader = connect(url), connect(url)
    with writer.unit() as unit:
        unit.incidents.add(examples.incident())
        with reader.reading() as other:
            assert other.incidents.count_open() == 0


@pytest.mark.parametrize("other", [False, True])
def test_many_writers_wait_for_each_other_and_lose_no_update(url: str, connect: Connect, other: bool) -> None:
    store = connect(url)
    stores = [connect(url) if other else store for _ in range(4)]
    with store.unit() as unit:
        unit.marks.put("count", "0", examples.FRIDAY)
        unit.incidents.next_reference("DB", 2026)

    def count_up(mine: Store) -> None:
        for _ in range(5):
            with mine.unit() as unit:
                unit.incidents.next_reference("DB", 2026)

    run_each(count_up, stores)
    with store.unit() as unit:
        assert unit.incidents.next_reference("DB", 2026) == "DB2026022"


def test_a_store_is_refused_when_its_url_names_no_engine_of_ours() -> None:
    for url in ("mysql://host/database", "no url at all", "sqlite://", "sqlite:///:memory:"):
        with pytest.raises(StoreError, match="sqlite:///data/mailbot"):
            Store.connect(url, KEYS)


def test_nobody_else_may_read_the_file_when_it_is_made(tmp_path: Path, connect: Connect) -> None:
    connect(f"sqlite:///{tmp_path}/new/store.sqlite").migrate()

    assert (tmp_path / "new" / "store.sqlite").stat().st_mode & 0o077 == 0


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(StoreError, match=r"store\.sqlite cannot be opened"):
        Store.connect(f"sqlite:///{tmp_path}/file/store.sqlite", KEYS)


def test_an_unreachable_server_is_a_store_error(tmp_path: Path, connect: Connect) -> None:
    with (
        pytest.raises(StoreError, match="cannot be used"),
        connect(f"postgresql://x@/x?host={tmp_path}").unit() as unit,
    ):
        unit.incidents.count_open()


def test_only_an_empty_store_can_be_marked_as_a_rehearsal(store: Store) -> None:
    assert not store.is_rehearsal()
    store.mark_rehearsal(examples.FRIDAY)
    with store.unit() as unit:
        unit.incidents.add(examples.incident())
    store.mark_rehearsal(examples.FRIDAY)

    assert store.is_rehearsal()


def test_a_store_with_incidents_is_never_marked_as_a_rehearsal(store: Store) -> None:
    with store.unit() as unit:
        unit.incidents.add(examples.incident())

    with pytest.raises(StoreError, match="empty"):
        store.mark_rehearsal(examples.FRIDAY)
    assert not store.is_rehearsal()
