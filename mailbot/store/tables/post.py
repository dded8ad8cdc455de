"""What came in and what goes out: ledger, received mail, outbox."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, LargeBinary
from sqlmodel import Field

from mailbot.store.tables.base import SERIAL, Table, belongs_to, partial_index


class CursorRow(Table, table=True):
    """How far a folder was looked at."""

    __tablename__ = "cursor"

    mailbox: str = Field(primary_key=True)
    folder: str = Field(primary_key=True)
    uidvalidity: int = Field(sa_type=BigInteger)
    last_uid: int = Field(sa_type=BigInteger)
    watched_from: datetime
    first_uidnext: int = Field(sa_type=BigInteger)


class LedgerRow(Table, table=True):
    """What became of a message. The key is the whole IMAP address: a UID alone means nothing."""

    __tablename__ = "ledger"
    __table_args__ = (
        partial_index("ix_ledger_retry", "mailbox", "retry_at", where="retry_at IS NOT NULL"),
        partial_index(
            "ix_ledger_unfiled", "mailbox", "received_at", where="filed_at IS NULL AND outcome IN ('handled', 'known')"
        ),
        Index("ix_ledger_outcome", "outcome", "noted_at"),
    )

    mailbox: str = Field(primary_key=True)
    folder: str = Field(primary_key=True)
    uidvalidity: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    uid: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    outcome: str
    received_at: datetime
    incident_id: str | None = Field(default=None, sa_column_args=[belongs_to("incident.id")])
    email_id: str | None = Field(default=None, sa_column_args=[belongs_to("email.id")])
    tries: int
    retry_at: datetime | None = None
    filed_at: datetime | None = None
    noted_at: datetime
    sealed: bytes = Field(sa_type=LargeBinary)


class KeptRow(Table, table=True):
    """A message of ours as it was fetched. No bytes lie here of which no line of the ledger speaks."""

    __tablename__ = "kept"
    __table_args__ = (
        ForeignKeyConstraint(
            ("mailbox", "folder", "uidvalidity", "uid"),
            ("ledger.mailbox", "ledger.folder", "ledger.uidvalidity", "ledger.uid"),
            deferrable=True,
            initially="DEFERRED",
        ),
    )

    mailbox: str = Field(primary_key=True)
    folder: str = Field(primary_key=True)
    uidvalidity: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    uid: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    received_at: datetime
    sealed: bytes = Field(sa_type=LargeBinary)


class EmailRow(Table, table=True):
    """A received message; what was read of it is sealed, the keyed indexes find it again."""

    __tablename__ = "email"

    id: str = Field(primary_key=True)
    incident_id: str | None = Field(default=None, sa_column_args=[belongs_to("incident.id")], index=True)
    mailbox: str
    folder: str
    uidvalidity: int = Field(sa_type=BigInteger)
    uid: int = Field(sa_type=BigInteger)
    received_at: datetime
    kind: str
    digest_index: str = Field(index=True)
    message_id_index: str | None = Field(default=None, index=True)
    sender_index: str
    sealed: bytes = Field(sa_type=LargeBinary)

    __table_args__ = (Index("ix_email_sender", "sender_index", "received_at"),)


class EmailContentRow(Table, table=True):
    """The bytes of a received message, apart from the row that is listed."""

    __tablename__ = "email_content"

    email_id: str = Field(primary_key=True, sa_column_args=[belongs_to("email.id")])
    sealed: bytes = Field(sa_type=LargeBinary)


class OutgoingRow(Table, table=True):
    """An outgoing mail. ``ready_at`` is set exactly while it is on its way: waiting, or claimed under a lease.

    ``gathered_into``: the digest that takes its place.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint("(ready_at IS NOT NULL) = (state IN ('waiting', 'claimed'))", name="ready"),
        partial_index("ix_outbox_ready", "priority", "position", where="ready_at IS NOT NULL"),
        Index("ix_outbox_sent", "sent_at"),
        Index("ix_outbox_recipient", "recipient_index", "sent_at"),
        Index("ix_outbox_state", "state"),
        partial_index("ix_outbox_gathered", "gathered_into", where="gathered_into IS NOT NULL"),
        partial_index("ix_outbox_digest", "reference", where="incident_id IS NULL AND reference IS NOT NULL"),
    )

    position: int | None = Field(default=None, primary_key=True, sa_type=SERIAL)
    id: str = Field(unique=True)
    incident_id: str | None = Field(default=None, sa_column_args=[belongs_to("incident.id")], index=True)
    reference: str | None = None
    duty_id: str | None = None
    duty_kind: str | None = None
    step: str | None = None
    role: str
    template: str
    template_version: str
    priority: int
    wanted: str
    created_at: datetime
    not_before: datetime | None = None
    state: str
    tries: int = 0
    ready_at: datetime | None = None
    claimed_by: str | None = None
    gathered_into: str | None = None
    frozen_at: datetime | None = None
    sent_at: datetime | None = None
    recipient_index: str
    message_id_index: str | None = Field(default=None, unique=True)
    sealed: bytes = Field(sa_type=LargeBinary)
    frozen: bytes | None = Field(default=None, sa_type=LargeBinary)
    fate: bytes | None = Field(default=None, sa_type=LargeBinary)
