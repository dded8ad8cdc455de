"""What the two engines say differently: upserts, and the database's own clock."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Float, FunctionElement, bindparam, literal
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.compiler import compiles
from sqlmodel.sql.sqltypes import UTCDateTime


def in_both(write: Callable[[Any], Any]) -> Callable[[Connection], Any]:
    """A statement written once with each engine's INSERT that knows ON CONFLICT; called with a connection, its engine's.

    Both dialects' statements share the methods, not a type.
    """
    written = {"postgresql": write(postgresql_insert), "sqlite": write(sqlite_insert)}
    return lambda connection: written[connection.dialect.name]


class database_time(FunctionElement[datetime]):  # noqa: N801 - it stands in SQL, where functions are lower case
    """The database's own clock plus some seconds: leases must not depend on the clocks of several machines."""

    type = UTCDateTime()
    inherit_cache = True
    name = "database_time"


def database_now(plus: str | None = None) -> ColumnElement[datetime]:
    """The moment by the database's clock at which the statement runs, plus the seconds given under a parameter's name."""
    seconds: BindParameter[float] = bindparam(plus, type_=Float()) if plus else literal(0.0, Float())
    return database_time(seconds)


@compiles(database_time, "postgresql")
def _in_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    # now() would be the beginning of the transaction.
    return f"(clock_timestamp() + make_interval(secs => {compiler.process(element.clauses, **options)}))"


@compiles(database_time, "sqlite")
def _in_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    # The form in which UTCDateTime is stored there, so that text compares as time does.
    seconds = compiler.process(element.clauses, **options)
    return f"strftime('%Y-%m-%d %H:%M:%f000', 'now', {seconds} || ' seconds')"
