"""Messages of ours as they were fetched, byte for byte: durable before anything reads them (DESIGN §2.1).

Bytes lie here only while a message waits. The commit that takes it in moves them into its email (``Emails.add``).
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, select

from mailbot.mail import MessageKey, RawEmail
from mailbot.store.cipher import Cipher
from mailbot.store.dialect import in_both
from mailbot.store.tables import KeptRow, LedgerRow
from mailbot.store.tables.base import table_of

KEY = ("mailbox", "folder", "uidvalidity", "uid")

kept, ledger = table_of(KeptRow), table_of(LedgerRow)


@in_both
def _put(insert: Any) -> Any:
    # A key names one message for ever (RFC 3501 §2.3.1.1): what is kept under it already is the same.
    return insert(kept).on_conflict_do_nothing()


ITS = and_(*(kept.c[name] == bindparam(f"its_{name}") for name in KEY))
"""The condition on a kept row that it is the message's that ``its`` names."""
ONE = select(kept.c.received_at, kept.c.sealed).where(ITS)
DUE = (
    select(*(kept.c[name] for name in KEY))
    .join(ledger, and_(*(ledger.c[name] == kept.c[name] for name in KEY)))
    .where(ledger.c.mailbox == bindparam("its_mailbox"), ledger.c.retry_at <= bindparam("now"))
    .order_by(ledger.c.retry_at, ledger.c.uid)
    .limit(bindparam("most"))
)


class Kept:
    """The bytes of messages that are not taken in yet. Belongs to one unit."""

    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._connection = connection
        self._cipher = cipher

    def put(self, raw: RawEmail) -> None:
        """Keeps a message under its key, of which the ledger must speak by the end of the unit."""
        fields = raw.key.model_dump() | {"received_at": raw.received_at, "sealed": self._cipher.seal(raw.content)}
        self._connection.execute(_put(self._connection), fields)

    def get(self, key: MessageKey) -> RawEmail | None:
        """A kept message exactly as it was fetched, None where there is none, or none any more."""
        row = self._connection.execute(ONE, its(key)).first()
        if row is None:
            return None
        return RawEmail(key=key, received_at=row.received_at, content=self._cipher.unseal(row.sealed))

    def due(self, mailbox: str, now: datetime, limit: int = 50) -> tuple[MessageKey, ...]:
        """Kept messages of a mailbox, in whatever folder, that are to be taken in by now, longest due first."""
        rows = self._connection.execute(DUE, {"its_mailbox": mailbox, "now": now, "most": limit})
        return tuple(MessageKey.model_validate(dict(zip(KEY, row, strict=True))) for row in rows)


def its(key: MessageKey) -> dict[str, object]:
    """The parameters that name a message."""
    return {f"its_{name}": getattr(key, name) for name in KEY}
