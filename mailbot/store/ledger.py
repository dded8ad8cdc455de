r"""The ledger: what was looked at and what became of it. Never the ``\Seen`` flag, which belongs to people."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, Select, and_, bindparam, exists, or_, select

from mailbot.errors import ConflictError
from mailbot.mail import MessageKey
from mailbot.store.cipher import Cipher
from mailbot.store.dialect import in_both
from mailbot.store.kept import KEY, its
from mailbot.store.tables import CursorRow, KeptRow, LedgerRow
from mailbot.store.tables.base import table_of
from mailbot.store.values import Cursor, LedgerEntry, LedgerOutcome

CLEAR = ("outcome", "received_at", "incident_id", "email_id", "tries", "retry_at", "filed_at", "noted_at")
CURSOR_KEY = ("mailbox", "folder")
CURSOR = tuple(Cursor.model_fields)

# A message that became an incident, or was recognised as part of one, is never made another.
SETTLED = (LedgerOutcome.HANDLED, LedgerOutcome.KNOWN)

WAITING = (LedgerOutcome.KEPT, LedgerOutcome.RETRY, LedgerOutcome.HELD)

ledger, cursors, kept = table_of(LedgerRow), table_of(CursorRow), table_of(KeptRow)


@in_both
def _put_cursor(insert: Any) -> Any:
    put = insert(cursors)
    new = {name: put.excluded[name] for name in CURSOR if name not in CURSOR_KEY}
    return put.on_conflict_do_update(index_elements=CURSOR_KEY, set_=new)


@in_both
def _put(insert: Any) -> Any:
    put = insert(ledger)
    is_unsettled = and_(*(ledger.c.outcome != one for one in SETTLED))
    same = [ledger.c[name].is_not_distinct_from(put.excluded[name]) for name in ("incident_id", "email_id")]
    new = {name: put.excluded[name] for name in (*CLEAR, "sealed")}
    free = or_(is_unsettled, and_(*same))
    return put.on_conflict_do_update(index_elements=KEY, set_=new, where=free).returning(ledger.c.uid)


ITS_CURSOR = select(*(cursors.c[name] for name in CURSOR)).where(
    *(cursors.c[name] == bindparam(f"its_{name}") for name in CURSOR_KEY)
)
EVERY = select(*(ledger.c[name] for name in (*KEY, *CLEAR, "sealed")))
ONE = EVERY.where(*(ledger.c[name] == bindparam(f"its_{name}") for name in KEY))
OF_FOLDER = EVERY.where(*(ledger.c[name] == bindparam(f"its_{name}") for name in KEY if name != "uid")).where(
    ledger.c.uid.in_(bindparam("uids", expanding=True))
)
SOME = EVERY.order_by(ledger.c.received_at, ledger.c.uid).limit(bindparam("most"))
OF_MAILBOX = ledger.c.mailbox == bindparam("its_mailbox")
RETRIES_DUE = (
    EVERY.where(OF_MAILBOX, ledger.c.outcome == LedgerOutcome.RETRY, ledger.c.retry_at <= bindparam("now"))
    .where(~exists().where(and_(*(kept.c[name] == ledger.c[name] for name in KEY))))
    .order_by(ledger.c.retry_at, ledger.c.uid)
    .limit(bindparam("most"))
)
# Written out in the statement: SQLite uses a partial index only where it sees the condition's own words.
SETTLED_WORDS: BindParameter[Any] = bindparam("settled", SETTLED, expanding=True, literal_execute=True)
UNFILED = SOME.where(OF_MAILBOX, ledger.c.outcome.in_(SETTLED_WORDS), ledger.c.filed_at.is_(None))
STILL_WAITING = SOME.where(ledger.c.outcome.in_(WAITING))
SINCE = SOME.where(ledger.c.noted_at >= bindparam("since"), ledger.c.outcome.in_(bindparam("outcomes", expanding=True)))
STUCK = SOME.where(ledger.c.outcome == LedgerOutcome.RETRY, ledger.c.noted_at <= bindparam("until"))


class Ledger:
    """Cursors per folder and entries per message. Belongs to one unit."""

    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._connection = connection
        self._cipher = cipher

    def cursor(self, mailbox: str, folder: str) -> Cursor | None:
        """How far a folder was looked at, None when it never was."""
        row = self._connection.execute(ITS_CURSOR, {"its_mailbox": mailbox, "its_folder": folder}).first()
        return Cursor.model_validate(dict(zip(CURSOR, row, strict=True))) if row else None

    def put_cursor(self, cursor: Cursor) -> None:
        """Writes the cursor of its folder, in place of the one before."""
        self._connection.execute(_put_cursor(self._connection), cursor.model_dump())

    def entry(self, key: MessageKey) -> LedgerEntry | None:
        """What became of a message, None when it was never looked at."""
        row = self._connection.execute(ONE, its(key)).first()
        return self._value(row) if row else None

    def entries(self, keys: Sequence[MessageKey]) -> dict[MessageKey, LedgerEntry]:
        """What became of some messages of one folder (one UIDVALIDITY), without those that were never looked at."""
        if not keys:
            return {}
        rows = self._connection.execute(OF_FOLDER, its(keys[0]) | {"uids": [key.uid for key in keys]})
        return {entry.key: entry for entry in map(self._value, rows)}

    def put(self, entry: LedgerEntry) -> None:
        """Writes the entry of its message, in place of the one before.

        Raises ``ConflictError`` where the message has already become another email or incident: another bot was
        quicker, and the whole unit must be undone.
        """
        if self._connection.execute(_put(self._connection), self._fields(entry)).first() is None:
            raise ConflictError(
                f"message {entry.key.uid} of {entry.key.mailbox}/{entry.key.folder} was handled by another bot"
                " in the meantime: read its ledger entry again"
            )

    def retries_due(self, mailbox: str, now: datetime, limit: int = 50) -> tuple[LedgerEntry, ...]:
        """Messages of a mailbox to be fetched again by now, longest due first. What is kept needs no fetching (``Kept``)."""
        return self._entries(RETRIES_DUE, limit, its_mailbox=mailbox, now=now)

    def unfiled(self, mailbox: str, limit: int = 50) -> tuple[LedgerEntry, ...]:
        """Messages of a mailbox that are settled but not yet flagged or moved."""
        return self._entries(UNFILED, limit, its_mailbox=mailbox)

    def waiting(self, limit: int = 500) -> tuple[LedgerEntry, ...]:
        """Messages that are held or not taken in yet, in all mailboxes, for people to see."""
        return self._entries(STILL_WAITING, limit)

    def since(
        self, noted_since: datetime, outcomes: Collection[LedgerOutcome], limit: int = 500
    ) -> tuple[LedgerEntry, ...]:
        """Entries with one of the outcomes that were noted at or after a moment, oldest first (the digest)."""
        return self._entries(SINCE, limit, since=noted_since, outcomes=tuple(outcomes))

    def stuck(self, noted_until: datetime, limit: int = 500) -> tuple[LedgerEntry, ...]:
        """Messages that have been tried again since a moment or longer, in all mailboxes (the alarm)."""
        return self._entries(STUCK, limit, until=noted_until)

    def _entries(self, query: Select[Any], limit: int, **asked: object) -> tuple[LedgerEntry, ...]:
        return tuple(self._value(row) for row in self._connection.execute(query, {**asked, "most": limit}))

    def _fields(self, entry: LedgerEntry) -> dict[str, object]:
        clear = {name: getattr(entry, name) for name in CLEAR}
        return entry.key.model_dump() | clear | {"sealed": self._cipher.seal_json({"because": entry.because})}

    def _value(self, row: Row[Any]) -> LedgerEntry:
        key = MessageKey.model_validate(dict(zip(KEY, row, strict=False)))
        clear = dict(zip(CLEAR, row[len(KEY) :], strict=False))
        return LedgerEntry.model_validate({"key": key} | clear | self._cipher.unseal_json(row.sealed))
