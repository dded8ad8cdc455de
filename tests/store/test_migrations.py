"""The migrations: run by code, found in the package, in step with the tables on both engines."""

from collections.abc import Callable

import pytest
from alembic import command
from sqlalchemy import inspect, text

from mailbot.errors import StoreError
from mailbot.store import LedgerOutcome, Store
from mailbot.store.engine import make_engine, read_url
from mailbot.store.migrate import configuration
from tests.store import examples
from tests.store.examples import FRIDAY
from tests.store.together import run_each

Connect = Callable[..., Store]


def test_an_empty_database_reaches_the_codes_revision_when_migrated(empty_url: str, connect: Connect) -> None:
    store = connect(empty_url)
    before = store.revision()
    reached = store.migrate()

    assert before == (None, reached)
    assert store.revision() == (reached, reached)


def test_nothing_happens_when_a_migrated_database_is_migrated_again(url: str, connect: Connect) -> None:
    store = connect(url)
    with store.unit() as unit:
        first = unit.incidents.next_reference("DB", 2026)
    store.migrate()

    with store.unit() as unit:
        assert unit.incidents.next_reference("DB", 2026) > first


def test_several_bots_that_start_at_once_migrate_one_after_the_other(empty_url: str, connect: Connect) -> None:
    stores = [connect(empty_url) for _ in range(3)]
    run_each(lambda store: store.migrate(), stores)

    assert stores[0].revision()[0] == stores[0].revision()[1]


def test_a_database_of_a_newer_version_is_left_alone(empty_url: str, connect: Connect) -> None:
    store = connect(empty_url)
    store.migrate()
    with make_engine(read_url(empty_url), migrating=True).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(StoreError, match="9999"):
        store.migrate()
    assert store.revision()[0] == "9999"


def test_the_migrations_make_exactly_the_tables_of_the_code(url: str) -> None:
    with make_engine(read_url(url), migrating=True).begin() as connection:
        command.check(configuration(connection))


def test_what_was_looked_at_is_still_judged_by_its_date_when_the_watch_learns_to_go_by_numbers(
    empty_url: str, connect: Connect
) -> None:
    engine = make_engine(read_url(empty_url), migrating=True)
    with engine.begin() as connection:
        command.upgrade(configuration(connection), "0002")
        moment = {"moment": FRIDAY.replace(tzinfo=None)}
        connection.execute(text("INSERT INTO cursor VALUES ('ig', 'INBOX', 7, 41, :moment)"), moment)
        connection.execute(
            text(
                "INSERT INTO ledger (mailbox, folder, uidvalidity, uid, outcome, received_at, tries, sealed)"
                " VALUES ('ig', 'INBOX', 7, 41, 'retry', :moment, 1, '')"
            ),
            moment,
        )
    store = connect(empty_url)
    store.migrate()

    with store.reading() as unit:
        cursor = unit.ledger.cursor("ig", "INBOX")
    with engine.connect() as connection:
        noted = connection.execute(text("SELECT count(*) FROM ledger WHERE noted_at = received_at")).scalar_one()

    assert cursor is not None
    assert (cursor.first_uidnext, cursor.watched_from, noted) == (42, FRIDAY, 1)


def test_what_is_kept_waits_to_be_fetched_again_when_its_table_is_taken_back(empty_url: str, connect: Connect) -> None:
    store = connect(empty_url)
    store.migrate()
    with store.unit() as unit:
        unit.ledger.put(examples.entry(1, LedgerOutcome.KEPT, tries=1, retry_at=FRIDAY))
        unit.ledger.put(examples.entry(2, LedgerOutcome.NOT_OURS))
        unit.kept.put(examples.raw(1))
    with make_engine(read_url(empty_url), migrating=True).begin() as connection:
        command.downgrade(configuration(connection), "0003")
        outcomes = connection.execute(text("SELECT outcome FROM ledger ORDER BY uid")).scalars().all()

    assert outcomes == ["retry", "not_ours"]


def test_no_table_is_left_when_all_migrations_are_taken_back(empty_url: str, connect: Connect) -> None:
    connect(empty_url).migrate()
    engine = make_engine(read_url(empty_url), migrating=True)
    with engine.begin() as connection:
        command.downgrade(configuration(connection), "base")

    assert inspect(engine).get_table_names() == ["alembic_version"]


def test_the_way_out_is_named_when_the_tables_are_missing(empty_url: str, connect: Connect) -> None:
    with pytest.raises(StoreError, match="mailbot migrate"), connect(empty_url).reading() as unit:
        unit.incidents.count_open()
