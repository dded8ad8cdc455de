"""What the two engines say differently: upserts, and the database's own clock."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FunctionElement, bindparam
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.compiler import compiles
from sqlmodel import Session, SQLModel
from sqlmodel.sql.sqltypes import UTCDateTime


def insert_into(session: Session, table: type[SQLModel]) -> Any:
    """An INSERT that knows ON CONFLICT: both dialects' statements share the methods, not a type."""
    return (postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert)(table)


class database_time(FunctionElement[datetime]):  # noqa: N801 - it stands in SQL, where functions are lower case
    """The database's own clock plus some seconds: leases must not depend on the clocks of several machines."""

    type = UTCDateTime()
    inherit_cache = True
    name = "database_time"


def database_now(plus: timedelta = timedelta()) -> ColumnElement[datetime]:
    """The moment by the database's clock at which the statement runs, plus a length of time."""
    return database_time(bindparam(None, plus.total_seconds()))


@compiles(database_time, "postgresql")
def _in_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    # now() would be the beginning of the transaction.
    return f"(clock_timestamp() + make_interval(secs => {compiler.process(element.clauses, **options)}))"


@compiles(database_time, "sqlite")
def _in_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    # The form in which UTCDateTime is stored there, so that text compares as time does.
    seconds = compiler.process(element.clauses, **options)
    return f"strftime('%Y-%m-%d %H:%M:%f000', 'now', {seconds} || ' seconds')"
