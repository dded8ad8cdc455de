"""What all tables share: their metadata, the naming of constraints, deferred foreign keys, partial indexes."""

from typing import Any, ClassVar

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, MetaData, text
from sqlalchemy import Table as SqlTable
from sqlmodel import SQLModel

# Named constraints, on both engines the same: without names SQLite's batch migrations cannot drop them.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# SQLite numbers rows by itself only where the key is exactly INTEGER.
SERIAL = BigInteger().with_variant(Integer, "sqlite")


class Table(SQLModel):
    """Base of all tables, with metadata of its own."""

    metadata: ClassVar[MetaData] = MetaData(naming_convention=NAMES)


def table_of(row: type[Table]) -> SqlTable:
    """The table itself: statements on plain values cost a fraction of objects that a session keeps an eye on."""
    table: SqlTable = row.__table__  # type: ignore[attr-defined]  # SQLModel makes it
    return table


def belongs_to(key: str) -> Any:
    """A foreign key to ``table.column``, checked at the commit: a unit may write its rows in any order."""
    return ForeignKey(key, deferrable=True, initially="DEFERRED")


def partial_index(name: str, *columns: str, where: str) -> Index:
    """An index over those rows only that a query asks for, so that it does not grow with finished ones."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))
