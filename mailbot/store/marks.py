"""Small named facts about the bot itself: sending paused, last successful poll of a mailbox, last tick."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select

from mailbot.store.dialect import in_both
from mailbot.store.tables import MarkRow
from mailbot.store.tables.base import table_of
from mailbot.store.values import Mark

mark = table_of(MarkRow)


@in_both
def _put(insert: Any) -> Any:
    put = insert(mark)
    new = {"value": put.excluded.value, "at": put.excluded.at}
    return put.on_conflict_do_update(index_elements=("name",), set_=new)


EVERY = select(mark.c.name, mark.c.value, mark.c.at).order_by(mark.c.name)
ONE = EVERY.where(mark.c.name == bindparam("its_name"))
STARTING = EVERY.where(mark.c.name.like(bindparam("pattern"), escape="/"))
WILD = re.compile("[%_/]")
AMONG = select(mark.c.name).where(mark.c.name.in_(bindparam("names", expanding=True)))
CLEAR = delete(mark).where(mark.c.name == bindparam("its_name"))


class Marks:
    """One value per name, with the moment it was put. Nothing personal belongs here. Belongs to one unit."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, name: str, value: str, at: datetime) -> None:
        """Writes a mark, in place of the one before."""
        self._connection.execute(_put(self._connection), {"name": name, "value": value, "at": at})

    def get(self, name: str) -> Mark | None:
        """The mark of that name, None where there is none."""
        row = self._connection.execute(ONE, {"its_name": name}).first()
        return _mark(row) if row else None

    def put_among(self, names: Collection[str]) -> frozenset[str]:
        """Those of some names under which a mark was put."""
        return frozenset(self._connection.execute(AMONG, {"names": list(names)}).scalars()) if names else frozenset()

    def starting(self, prefix: str) -> tuple[Mark, ...]:
        """The marks whose name begins so, by name."""
        pattern = WILD.sub(r"/\g<0>", prefix) + "%"
        return tuple(map(_mark, self._connection.execute(STARTING, {"pattern": pattern})))

    def clear(self, name: str) -> None:
        """Takes a mark away; nothing happens where there is none."""
        self._connection.execute(CLEAR, {"its_name": name})

    def all(self) -> tuple[Mark, ...]:
        """All marks by name."""
        return tuple(map(_mark, self._connection.execute(EVERY)))


def _mark(row: Sequence[Any]) -> Mark:
    name, value, at = row
    return Mark(name=name, value=value, at=at)
