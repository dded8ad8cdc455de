"""Received mail as it came and as it was read, kept for good and found again by keyed indexes."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, insert, literal
from sqlmodel import Session, col, func, select

from mailbot.errors import StoreError
from mailbot.intake.email import Kind
from mailbot.mail import MessageKey, RawEmail
from mailbot.parse.reading import Reading
from mailbot.store.cipher import Cipher
from mailbot.store.kept import lies_under
from mailbot.store.tables import EmailContentRow, EmailRow, KeptRow
from mailbot.store.values import StoredEmail


class Emails:
    """Received messages that were ours. Belongs to one unit."""

    def __init__(self, session: Session, cipher: Cipher) -> None:
        self._session = session
        self._cipher = cipher

    def add(self, email_id: str, raw: RawEmail, reading: Reading, incident_id: str | None) -> None:
        """Stores a message: its exact bytes and what was read of it, both sealed. It is no longer among the kept."""
        email = reading.email
        row = EmailRow(
            id=email_id,
            incident_id=incident_id,
            **raw.key.model_dump(),
            received_at=raw.received_at,
            kind=reading.kind,
            digest_index=self._digest_index(email.digest),
            message_id_index=self._cipher.message_id_index(email.message_id) if email.message_id else None,
            sender_index=self._cipher.address_index(email.sender.address),
            sealed=self._cipher.seal(reading.model_dump_json().encode()),
        )
        self._session.add(row)
        if not self._took_over(email_id, raw.key):
            self._session.add(EmailContentRow(email_id=email_id, sealed=self._cipher.seal(raw.content)))

    def incident_of_digest(self, digest: str) -> str | None:
        """The incident to which the same mail (``InboundEmail.digest``) already belongs, None when to none."""
        return self._first_incident(col(EmailRow.digest_index) == self._digest_index(digest)) if digest else None

    def mailboxes_of_digest(self, digest: str) -> tuple[str, ...]:
        """The mailboxes in which the same mail was taken in before; none for a mail without digest."""
        if not digest:
            return ()
        query = select(EmailRow.mailbox).where(col(EmailRow.digest_index) == self._digest_index(digest)).distinct()
        return tuple(self._session.exec(query.order_by(col(EmailRow.mailbox))))

    def incident_of_message_id(self, message_id: str) -> str | None:
        """The incident to which a received mail of that Message-ID belongs: a link, never a proof of sameness."""
        if not message_id:
            return None
        return self._first_incident(col(EmailRow.message_id_index) == self._cipher.message_id_index(message_id))

    def of_message_id(self, message_id: str, limit: int = 5) -> tuple[StoredEmail, ...]:
        """The first messages taken in under a Message-ID: usually copies of one mail, but anybody may use an id again."""
        if not message_id:
            return ()
        query = select(EmailRow).where(EmailRow.message_id_index == self._cipher.message_id_index(message_id))
        rows = self._session.exec(query.order_by(col(EmailRow.received_at), col(EmailRow.id)).limit(limit))
        return tuple(self._value(row) for row in rows)

    def first_of_each(self, incident_ids: Sequence[str]) -> dict[str, StoredEmail]:
        """By incident, the message that opened it, without its bytes; one query for all."""
        if not incident_ids:
            return {}
        order = (col(EmailRow.received_at), col(EmailRow.id))
        place = func.row_number().over(partition_by=col(EmailRow.incident_id), order_by=order).label("place")
        placed = select(EmailRow.id, place).where(col(EmailRow.incident_id).in_(incident_ids)).subquery()
        rows = self._session.exec(select(EmailRow).join(placed, placed.c.id == EmailRow.id).where(placed.c.place == 1))
        return {row.incident_id: self._value(row) for row in rows if row.incident_id}

    def of_incident(self, incident_id: str) -> tuple[StoredEmail, ...]:
        """All messages of an incident in the order of their arrival, without their bytes."""
        query = select(EmailRow).where(EmailRow.incident_id == incident_id)
        rows = self._session.exec(query.order_by(col(EmailRow.received_at), col(EmailRow.id)))
        return tuple(self._value(row) for row in rows)

    def raw(self, email_id: str) -> bytes:
        """The message byte for byte as the mailbox had it; raises ``StoreError`` when there is none of that id."""
        row = self._session.get(EmailContentRow, email_id)
        if row is None:
            raise StoreError(f"no received mail has the id {email_id}")
        return self._cipher.unseal(row.sealed)

    def from_sender_since(self, address: str, since: datetime) -> int:
        """How many messages of ours came from an address at or after a moment."""
        query = select(func.count()).where(
            col(EmailRow.sender_index) == self._cipher.address_index(address), col(EmailRow.received_at) >= since
        )
        return self._session.exec(query).one()

    def _took_over(self, email_id: str, key: MessageKey) -> bool:
        """Moves what was kept of a message as it is sealed, within the database; False where nothing was."""
        kept = select(literal(email_id), KeptRow.sealed).where(lies_under(key))
        move = (
            insert(EmailContentRow).from_select(("email_id", "sealed"), kept).returning(col(EmailContentRow.email_id))
        )
        was_kept = self._session.execute(move).first() is not None
        self._session.execute(delete(KeptRow).where(lies_under(key)))
        return was_kept

    def _first_incident(self, condition: ColumnElement[bool]) -> str | None:
        query = select(EmailRow.incident_id).where(condition, col(EmailRow.incident_id).is_not(None))
        return self._session.exec(query.order_by(col(EmailRow.received_at), col(EmailRow.id)).limit(1)).first()

    def _digest_index(self, digest: str) -> str:
        return self._cipher.index("digest", digest)

    def _value(self, row: EmailRow) -> StoredEmail:
        return StoredEmail(
            id=row.id,
            incident_id=row.incident_id,
            key=MessageKey(mailbox=row.mailbox, folder=row.folder, uidvalidity=row.uidvalidity, uid=row.uid),
            received_at=row.received_at,
            kind=Kind(row.kind),
            reading=Reading.model_validate_json(self._cipher.unseal(row.sealed)),
        )
