"""Small named facts about the bot itself: sending paused, last successful poll of a mailbox, last tick."""

from datetime import datetime

from sqlmodel import Session, col, delete, select

from mailbot.store.dialect import insert_into
from mailbot.store.tables import MarkRow
from mailbot.store.values import Mark


class Marks:
    """One value per name, with the moment it was put. Nothing personal belongs here. Belongs to one unit."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, name: str, value: str, at: datetime) -> None:
        """Writes a mark, in place of the one before."""
        insert = insert_into(self._session, MarkRow).values(name=name, value=value, at=at)
        self._session.execute(insert.on_conflict_do_update(index_elements=("name",), set_={"value": value, "at": at}))
        self._session.expire_all()

    def get(self, name: str) -> Mark | None:
        """The mark of that name, None where there is none."""
        row = self._session.get(MarkRow, name)
        return Mark.model_validate(row.model_dump()) if row else None

    def starting(self, prefix: str) -> tuple[Mark, ...]:
        """The marks whose name begins so, by name."""
        name = col(MarkRow.name)
        rows = self._session.exec(select(MarkRow).where(name.startswith(prefix, autoescape=True)).order_by(name))
        return tuple(Mark.model_validate(row.model_dump()) for row in rows)

    def clear(self, name: str) -> None:
        """Takes a mark away; nothing happens where there is none."""
        self._session.execute(delete(MarkRow).where(col(MarkRow.name) == name))

    def all(self) -> tuple[Mark, ...]:
        """All marks by name."""
        rows = self._session.exec(select(MarkRow).order_by(col(MarkRow.name)))
        return tuple(Mark.model_validate(row.model_dump()) for row in rows)
