"""A database's failures in our words: what happened and what to do. Parameters never appear in them."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError

from mailbot.errors import ConflictError, StoreError

# PostgreSQL: the transaction lost a race (serialization failure, deadlock).
LOST_RACE = frozenset({"40001", "40P01"})
MISSING_ROW = "23503"
MISSING_TABLE = "42P01"


@contextmanager
def failures_explained() -> Iterator[None]:
    """Whatever the driver raises within is raised as ours."""
    try:
        yield
    except DBAPIError as error:
        raise explain(error) from error


def explain(error: DBAPIError) -> StoreError:
    """The exception to raise in place of a driver's: ``ConflictError`` where trying again helps."""
    code = getattr(error.orig, "sqlstate", None)
    said = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else "no reason given"
    if code == MISSING_TABLE or "no such table" in said:
        return StoreError("the store's tables are missing: run `mailbot migrate`")
    if isinstance(error, IntegrityError):
        return _explain_integrity(code, said)
    if code in LOST_RACE:
        return ConflictError("another bot worked on the same at the same time: read again and decide again")
    if "locked" in said or "busy" in said:
        return StoreError("the store is busy: another process keeps its file locked for too long")
    return StoreError(f"the store cannot be used: {said}")


def _explain_integrity(code: str | None, said: str) -> StoreError:
    if code == MISSING_ROW or "FOREIGN KEY" in said:
        return StoreError("a row refers to one that is not stored: write both in one unit")
    # PostgreSQL quotes the values in a second line, which is left out.
    return ConflictError(f"the same was stored by another bot in the meantime ({said}): read again and decide again")
