"""Messages of ours as they were fetched, byte for byte: durable before anything reads them (DESIGN §2.1).

Bytes lie here only while a message waits. The commit that takes it in moves them into its email (``Emails.add``).
"""

from datetime import datetime

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, select

from mailbot.mail import MessageKey, RawEmail
from mailbot.store.cipher import Cipher
from mailbot.store.dialect import insert_into
from mailbot.store.tables import KeptRow, LedgerRow

KEY = ("mailbox", "folder", "uidvalidity", "uid")


class Kept:
    """The bytes of messages that are not taken in yet. Belongs to one unit."""

    def __init__(self, session: Session, cipher: Cipher) -> None:
        self._session = session
        self._cipher = cipher

    def put(self, raw: RawEmail) -> None:
        """Keeps a message under its key, of which the ledger must speak by the end of the unit."""
        fields = raw.key.model_dump() | {"received_at": raw.received_at, "sealed": self._cipher.seal(raw.content)}
        # A key names one message for ever (RFC 3501 §2.3.1.1): what is kept under it already is the same.
        self._session.execute(insert_into(self._session, KeptRow).values(**fields).on_conflict_do_nothing())

    def get(self, key: MessageKey) -> RawEmail | None:
        """A kept message exactly as it was fetched, None where there is none, or none any more."""
        row = self._session.get(KeptRow, (key.mailbox, key.folder, key.uidvalidity, key.uid))
        if row is None:
            return None
        return RawEmail(key=key, received_at=row.received_at, content=self._cipher.unseal(row.sealed))

    def due(self, mailbox: str, now: datetime, limit: int = 50) -> tuple[MessageKey, ...]:
        """Kept messages of a mailbox, in whatever folder, that are to be taken in by now, longest due first."""
        query = (
            select(KeptRow.mailbox, KeptRow.folder, KeptRow.uidvalidity, KeptRow.uid)
            .join(LedgerRow, and_(*(getattr(LedgerRow, name) == getattr(KeptRow, name) for name in KEY)))
            .where(col(LedgerRow.mailbox) == mailbox, col(LedgerRow.retry_at) <= now)
            .order_by(col(LedgerRow.retry_at), col(LedgerRow.uid))
        )
        rows = self._session.exec(query.limit(limit))
        return tuple(MessageKey.model_validate(dict(zip(KEY, row, strict=True))) for row in rows)


def lies_under(key: MessageKey) -> ColumnElement[bool]:
    """The condition on a kept row that it is that message's."""
    return and_(*(getattr(KeptRow, name) == value for name, value in key.model_dump().items()))
