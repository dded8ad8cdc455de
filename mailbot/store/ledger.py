r"""The ledger: what was looked at and what became of it. Never the ``\Seen`` flag, which belongs to people."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, or_
from sqlmodel import Session, col, select

from mailbot.errors import ConflictError
from mailbot.mail import MessageKey
from mailbot.store.cipher import Cipher
from mailbot.store.dialect import insert_into
from mailbot.store.kept import KEY
from mailbot.store.tables import CursorRow, KeptRow, LedgerRow
from mailbot.store.values import Cursor, LedgerEntry, LedgerOutcome

CLEAR = ("outcome", "received_at", "incident_id", "email_id", "tries", "retry_at", "filed_at", "noted_at")
CURSOR_KEY = ("mailbox", "folder")

# A message that became an incident, or was recognised as part of one, is never made another.
SETTLED = (LedgerOutcome.HANDLED, LedgerOutcome.KNOWN)

WAITING = (LedgerOutcome.KEPT, LedgerOutcome.RETRY, LedgerOutcome.HELD)


class Ledger:
    """Cursors per folder and entries per message. Belongs to one unit."""

    def __init__(self, session: Session, cipher: Cipher) -> None:
        self._session = session
        self._cipher = cipher

    def cursor(self, mailbox: str, folder: str) -> Cursor | None:
        """How far a folder was looked at, None when it never was."""
        row = self._session.get(CursorRow, (mailbox, folder))
        return Cursor.model_validate(row.model_dump()) if row else None

    def put_cursor(self, cursor: Cursor) -> None:
        """Writes the cursor of its folder, in place of the one before."""
        fields = cursor.model_dump()
        changes = {name: value for name, value in fields.items() if name not in CURSOR_KEY}
        statement = insert_into(self._session, CursorRow).values(**fields)
        self._session.execute(statement.on_conflict_do_update(index_elements=CURSOR_KEY, set_=changes))
        self._session.expire_all()

    def entry(self, key: MessageKey) -> LedgerEntry | None:
        """What became of a message, None when it was never looked at."""
        row = self._session.get(LedgerRow, (key.mailbox, key.folder, key.uidvalidity, key.uid))
        return self._value(row) if row else None

    def put(self, entry: LedgerEntry) -> None:
        """Writes the entry of its message, in place of the one before.

        Raises ``ConflictError`` where the message has already become another email or incident: another bot was
        quicker, and the whole unit must be undone.
        """
        fields = self._fields(entry)
        changes = {name: fields[name] for name in (*CLEAR, "sealed")}
        statement = (
            insert_into(self._session, LedgerRow)
            .values(**fields)
            .on_conflict_do_update(index_elements=KEY, set_=changes, where=_may_become(entry))
            .returning(LedgerRow.uid)
        )
        if self._session.execute(statement).first() is None:
            raise ConflictError(
                f"message {entry.key.uid} of {entry.key.mailbox}/{entry.key.folder} was handled by another bot"
                " in the meantime: read its ledger entry again"
            )
        self._session.expire_all()

    def retries_due(self, mailbox: str, now: datetime, limit: int = 50) -> tuple[LedgerEntry, ...]:
        """Messages of a mailbox to be fetched again by now, longest due first. What is kept needs no fetching (``Kept``)."""
        return self._entries(
            col(LedgerRow.mailbox) == mailbox,
            col(LedgerRow.outcome) == LedgerOutcome.RETRY,
            col(LedgerRow.retry_at) <= now,
            ~exists().where(and_(*(getattr(KeptRow, name) == getattr(LedgerRow, name) for name in KEY))),
            limit=limit,
            order=col(LedgerRow.retry_at),
        )

    def unfiled(self, mailbox: str, limit: int = 50) -> tuple[LedgerEntry, ...]:
        """Messages of a mailbox that are settled but not yet flagged or moved."""
        return self._entries(
            col(LedgerRow.mailbox) == mailbox,
            # Written out in the statement: SQLite uses a partial index only where it sees the condition's own words.
            col(LedgerRow.outcome).in_(bindparam("settled", SETTLED, expanding=True, literal_execute=True)),
            col(LedgerRow.filed_at).is_(None),
            limit=limit,
        )

    def waiting(self, limit: int = 500) -> tuple[LedgerEntry, ...]:
        """Messages that are held or not taken in yet, in all mailboxes, for people to see."""
        return self._entries(col(LedgerRow.outcome).in_(WAITING), limit=limit)

    def since(
        self, noted_since: datetime, outcomes: Collection[LedgerOutcome], limit: int = 500
    ) -> tuple[LedgerEntry, ...]:
        """Entries with one of the outcomes that were noted at or after a moment, oldest first (the digest)."""
        return self._entries(
            col(LedgerRow.noted_at) >= noted_since, col(LedgerRow.outcome).in_(tuple(outcomes)), limit=limit
        )

    def stuck(self, noted_until: datetime, limit: int = 500) -> tuple[LedgerEntry, ...]:
        """Messages that have been tried again since a moment or longer, in all mailboxes (the alarm)."""
        return self._entries(
            col(LedgerRow.outcome) == LedgerOutcome.RETRY, col(LedgerRow.noted_at) <= noted_until, limit=limit
        )

    def _entries(self, *conditions: ColumnElement[bool], limit: int, order: Any = None) -> tuple[LedgerEntry, ...]:
        received = col(LedgerRow.received_at)
        query = select(LedgerRow).where(*conditions).order_by(received if order is None else order, col(LedgerRow.uid))
        return tuple(self._value(row) for row in self._session.exec(query.limit(limit)))

    def _fields(self, entry: LedgerEntry) -> dict[str, object]:
        clear = {name: getattr(entry, name) for name in CLEAR}
        return entry.key.model_dump() | clear | {"sealed": self._cipher.seal_json({"because": entry.because})}

    def _value(self, row: LedgerRow) -> LedgerEntry:
        key = MessageKey.model_validate({name: getattr(row, name) for name in KEY})
        clear = {name: getattr(row, name) for name in CLEAR}
        return LedgerEntry.model_validate({"key": key} | clear | self._cipher.unseal_json(row.sealed))


def _may_become(entry: LedgerEntry) -> ColumnElement[bool]:
    return or_(
        col(LedgerRow.outcome).not_in(SETTLED),
        col(LedgerRow.incident_id).is_not_distinct_from(entry.incident_id)
        & col(LedgerRow.email_id).is_not_distinct_from(entry.email_id),
    )
