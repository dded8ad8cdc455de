"""Sealing everything again with the newest key, so that an old key can be destroyed."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import Column, Connection, Table, select, tuple_, update

from mailbot.store import tables
from mailbot.store.cipher import Cipher
from mailbot.store.tables.base import table_of

SEALED: tuple[tuple[type[tables.Table], tuple[str, ...]], ...] = (
    (tables.IncidentRow, ("sealed",)),
    # Kept bytes are moved into the contents as they are sealed: resealed first, they bring no old seal there.
    (tables.KeptRow, ("sealed",)),
    (tables.EmailRow, ("sealed",)),
    (tables.EmailContentRow, ("sealed",)),
    (tables.LedgerRow, ("sealed",)),
    (tables.OutgoingRow, ("sealed", "frozen", "fate")),
    (tables.AuditPayloadRow, ("sealed",)),
)
"""Every sealed column there is; a test compares this list with the tables."""

BATCH = 100


def reseal(begin: Callable[[], AbstractContextManager[Connection]], cipher: Cipher) -> Iterator[int]:
    """Reseals every sealed column, some rows per transaction; yields how many rows each of them did.

    A value that a bot changes meanwhile is left alone: it was sealed anew by that.
    """
    for row_type, names in SEALED:
        table = table_of(row_type)
        after: Sequence[Any] | None = None
        while True:
            with begin() as connection:
                rows = connection.execute(_batch(table, names, after)).all()
                for row in rows:
                    _reseal_row(connection, cipher, table, names, row)
            if not rows:
                break
            yield len(rows)
            after = rows[-1][: len(_key(table))]


def _key(table: Table) -> tuple[Column[Any], ...]:
    return tuple(table.primary_key.columns)


def _batch(table: Table, names: Sequence[str], after: Sequence[Any] | None) -> Any:
    key = _key(table)
    query = select(*key, *(table.c[name] for name in names)).order_by(*key).limit(BATCH)
    return query if after is None else query.where(tuple_(*key) > tuple_(*after))


def _reseal_row(connection: Connection, cipher: Cipher, table: Table, names: Sequence[str], row: Any) -> None:
    key = _key(table)
    same_row = [column == value for column, value in zip(key, row, strict=False)]
    for name, sealed in zip(names, row[len(key) :], strict=True):
        if sealed is not None:
            unchanged = table.c[name] == sealed
            connection.execute(update(table).where(*same_row, unchanged).values({name: cipher.reseal(sealed)}))
