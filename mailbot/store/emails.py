"""Received mail as it came and as it was read, kept for good and found again by keyed indexes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select

from mailbot.errors import StoreError
from mailbot.intake.email import Kind
from mailbot.mail import MessageKey, RawEmail
from mailbot.parse.reading import Reading
from mailbot.store.cipher import Cipher
from mailbot.store.kept import ITS, KEY, its
from mailbot.store.tables import EmailContentRow, EmailRow, KeptRow
from mailbot.store.tables.base import table_of
from mailbot.store.values import StoredEmail

email, content, kept = table_of(EmailRow), table_of(EmailContentRow), table_of(KeptRow)
SHOWN = ("id", "incident_id", "received_at", "kind", "sealed")

ADD, ADD_CONTENT = insert(email), insert(content)
TAKE_OVER = (
    insert(content)
    .from_select(
        ("email_id", "sealed"), select(bindparam("its_email", type_=email.c.id.type), kept.c.sealed).where(ITS)
    )
    .returning(content.c.email_id)
)
TAKEN_OVER = delete(kept).where(ITS)
CONTENT = select(content.c.sealed).where(content.c.email_id == bindparam("its_email"))
IN_ORDER = (email.c.received_at, email.c.id)
OF_DIGEST = email.c.digest_index == bindparam("digest")
OF_MESSAGE_ID = email.c.message_id_index == bindparam("message_id")
FIRST_INCIDENT = select(email.c.incident_id).where(email.c.incident_id.is_not(None)).order_by(*IN_ORDER).limit(1)
INCIDENT_OF_DIGEST, INCIDENT_OF_MESSAGE_ID = FIRST_INCIDENT.where(OF_DIGEST), FIRST_INCIDENT.where(OF_MESSAGE_ID)
MAILBOXES = select(email.c.mailbox).where(OF_DIGEST).distinct().order_by(email.c.mailbox)
EVERY = select(*(email.c[name] for name in (*KEY, *SHOWN)))
WITH_MESSAGE_ID = EVERY.where(OF_MESSAGE_ID).order_by(*IN_ORDER).limit(bindparam("most"))
OF_INCIDENT = EVERY.where(email.c.incident_id == bindparam("its_incident")).order_by(*IN_ORDER)
PLACE = func.row_number().over(partition_by=email.c.incident_id, order_by=IN_ORDER).label("place")
PLACED = select(email.c.id, PLACE).where(email.c.incident_id.in_(bindparam("incidents", expanding=True))).subquery()
FIRST_OF_EACH = EVERY.join(PLACED, PLACED.c.id == email.c.id).where(PLACED.c.place == 1)
FROM_SENDER = select(func.count()).where(
    email.c.sender_index == bindparam("sender"), email.c.received_at >= bindparam("since")
)


class Emails:
    """Received messages that were ours. Belongs to one unit."""

    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._connection = connection
        self._cipher = cipher

    def add(self, email_id: str, raw: RawEmail, reading: Reading, incident_id: str | None) -> None:
        """Stores a message: its exact bytes and what was read of it, both sealed. It is no longer among the kept."""
        read = reading.email
        row = {
            "id": email_id,
            "incident_id": incident_id,
            "received_at": raw.received_at,
            "kind": reading.kind,
            "digest_index": self._digest_index(read.digest),
            "message_id_index": self._cipher.message_id_index(read.message_id) if read.message_id else None,
            "sender_index": self._cipher.address_index(read.sender.address),
            "sealed": self._cipher.seal(reading.model_dump_json().encode()),
        }
        self._connection.execute(ADD, raw.key.model_dump() | row)
        if not self._took_over(email_id, raw.key):
            self._connection.execute(ADD_CONTENT, {"email_id": email_id, "sealed": self._cipher.seal(raw.content)})

    def incident_of_digest(self, digest: str) -> str | None:
        """The incident to which the same mail (``InboundEmail.digest``) already belongs, None when to none."""
        return self._incident(INCIDENT_OF_DIGEST, digest=self._digest_index(digest)) if digest else None

    def mailboxes_of_digest(self, digest: str) -> tuple[str, ...]:
        """The mailboxes in which the same mail was taken in before; none for a mail without digest."""
        if not digest:
            return ()
        return tuple(self._connection.execute(MAILBOXES, {"digest": self._digest_index(digest)}).scalars())

    def incident_of_message_id(self, message_id: str) -> str | None:
        """The incident to which a received mail of that Message-ID belongs: a link, never a proof of sameness."""
        if not message_id:
            return None
        return self._incident(INCIDENT_OF_MESSAGE_ID, message_id=self._cipher.message_id_index(message_id))

    def of_message_id(self, message_id: str, limit: int = 5) -> tuple[StoredEmail, ...]:
        """The first messages taken in under a Message-ID: usually copies of one mail, but anybody may use an id again."""
        if not message_id:
            return ()
        asked = {"message_id": self._cipher.message_id_index(message_id), "most": limit}
        return tuple(self._value(row) for row in self._connection.execute(WITH_MESSAGE_ID, asked))

    def first_of_each(self, incident_ids: Sequence[str]) -> dict[str, StoredEmail]:
        """By incident, the message that opened it, without its bytes; one query for all."""
        if not incident_ids:
            return {}
        rows = self._connection.execute(FIRST_OF_EACH, {"incidents": list(incident_ids)})
        return {row.incident_id: self._value(row) for row in rows}

    def of_incident(self, incident_id: str) -> tuple[StoredEmail, ...]:
        """All messages of an incident in the order of their arrival, without their bytes."""
        rows = self._connection.execute(OF_INCIDENT, {"its_incident": incident_id})
        return tuple(self._value(row) for row in rows)

    def raw(self, email_id: str) -> bytes:
        """The message byte for byte as the mailbox had it; raises ``StoreError`` when there is none of that id."""
        sealed = self._connection.execute(CONTENT, {"its_email": email_id}).scalar()
        if sealed is None:
            raise StoreError(f"no received mail has the id {email_id}")
        return self._cipher.unseal(sealed)

    def from_sender_since(self, address: str, since: datetime) -> int:
        """How many messages of ours came from an address at or after a moment."""
        asked = {"sender": self._cipher.address_index(address), "since": since}
        return int(self._connection.execute(FROM_SENDER, asked).scalar_one())

    def _took_over(self, email_id: str, key: MessageKey) -> bool:
        """Moves what was kept of a message as it is sealed, within the database; False where nothing was."""
        was_kept = self._connection.execute(TAKE_OVER, its(key) | {"its_email": email_id}).first() is not None
        self._connection.execute(TAKEN_OVER, its(key))
        return was_kept

    def _incident(self, query: Any, **asked: str) -> str | None:
        incident_id: str | None = self._connection.execute(query, asked).scalar()
        return incident_id

    def _digest_index(self, digest: str) -> str:
        return self._cipher.index("digest", digest)

    def _value(self, row: Row[Any]) -> StoredEmail:
        return StoredEmail(
            id=row.id,
            incident_id=row.incident_id,
            key=MessageKey.model_validate(dict(zip(KEY, row, strict=False))),
            received_at=row.received_at,
            kind=Kind(row.kind),
            reading=Reading.model_validate_json(self._cipher.unseal(row.sealed)),
        )
