"""Engines for the two databases: SQLite, the embedded default, and PostgreSQL for several bots."""

import os
import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import NullPool

from mailbot.errors import StoreError

POSTGRES = "postgresql+psycopg"
POSTGRES_SPELLINGS = {"postgres", "postgresql", POSTGRES}
PAUSE_MILLISECONDS = 50
BUSY_MILLISECONDS = 15_000


def read_url(url: str) -> URL:
    """The database's URL as SQLAlchemy's value; raises ``StoreError`` where it names none of the two engines."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StoreError(f"the store's URL cannot be read; {EXAMPLES}") from None
    if parsed.drivername in POSTGRES_SPELLINGS:
        return parsed.set(drivername=POSTGRES)
    if parsed.get_backend_name() != "sqlite":
        raise StoreError(f"the store cannot be kept in {parsed.get_backend_name()!r}; {EXAMPLES}")
    if not parsed.database or parsed.database == ":memory:":
        raise StoreError(f"the store needs a file, what is only in memory is lost with the process; {EXAMPLES}")
    return parsed


EXAMPLES = "write sqlite:///data/mailbot.sqlite or postgresql://user@host/database"


def make_engine(url: URL, *, migrating: bool = False, durable: bool = True) -> Engine:
    """An engine for a URL of ``read_url``. One for migrations keeps no connection and no foreign keys on SQLite.

    Not ``durable``: SQLite does not wait for the disk, for a file that nobody needs after a power cut.
    """
    # Parameters never appear in an exception's text: they are personal.
    options: dict[str, Any] = {"hide_parameters": True}
    if migrating:
        options["poolclass"] = NullPool
    if url.get_backend_name() == "sqlite":
        return _sqlite_engine(url, options, foreign_keys=not migrating, durable=durable)
    try:
        return create_engine(url, pool_pre_ping=True, **options)
    except (ModuleNotFoundError, NoSuchModuleError):
        raise StoreError("PostgreSQL needs its driver: pip install 'mailbot[postgres]'") from None


def _sqlite_engine(url: URL, options: dict[str, Any], *, foreign_keys: bool, durable: bool) -> Engine:
    _create_private_file(Path(url.database or ""))
    engine = create_engine(url, **options)
    event.listen(engine, "connect", _prepare_with_foreign_keys if foreign_keys else _prepare)
    if not durable:
        event.listen(engine, "connect", _without_waiting)
    event.listen(engine, "begin", _begin)
    return engine


def _create_private_file(path: Path) -> None:
    """Nobody but the bot's own account may read the database; its WAL file takes over the same rights."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise StoreError(f"the store's file {path} cannot be opened for writing: {error.strerror}") from error


def _prepare(dbapi_connection: Any, _record: object) -> None:
    # The driver's own idea of when to begin loses updates; _begin says it plainly instead.
    dbapi_connection.isolation_level = None
    # FULL: a report is moved out of the mailbox once it is committed, so a commit must outlast a power cut.
    for pragma in (f"busy_timeout={BUSY_MILLISECONDS}", "synchronous=FULL"):
        dbapi_connection.execute(f"PRAGMA {pragma}")
    _write_ahead(dbapi_connection)


def _without_waiting(dbapi_connection: Any, _record: object) -> None:
    dbapi_connection.execute("PRAGMA synchronous=OFF")


def _write_ahead(dbapi_connection: Any) -> None:
    """Turns the write-ahead log on. For this one lock SQLite does not wait by itself when several bots start at once."""
    for patience in range(BUSY_MILLISECONDS // PAUSE_MILLISECONDS, -1, -1):
        try:
            dbapi_connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if not patience:
                raise
            time.sleep(PAUSE_MILLISECONDS / 1000)
        else:
            return


def _prepare_with_foreign_keys(dbapi_connection: Any, record: object) -> None:
    _prepare(dbapi_connection, record)
    dbapi_connection.execute("PRAGMA foreign_keys=ON")


def _begin(connection: Connection) -> None:
    # A writer takes the lock before it reads, else two of them read the same and one fails or overwrites.
    reads_only = connection.get_execution_options().get(READ_ONLY, False)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")


READ_ONLY = "mailbot_read_only"


def reading_engine(engine: Engine) -> Engine:
    """The same connections, for looking only: one consistent picture, and no lock that a writer would wait for."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(**{READ_ONLY: True})
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
