"""The audit trail: chained links, erasable payloads, seals."""

from datetime import datetime

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlmodel import Field

from mailbot.store.tables.base import SERIAL, Table, belongs_to


class AuditRow(Table, table=True):
    """One link of a chain: a hash over its predecessor and over a payload that may be erased without breaking it."""

    __tablename__ = "audit"
    __table_args__ = (UniqueConstraint("chain", "seq"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=SERIAL)
    chain: str
    seq: int
    at: datetime
    action: str
    payload_hash: str
    hash: str
    seal_number: int | None = Field(default=None, index=True)


class AuditPayloadRow(Table, table=True):
    """Who did it and the details: erasable, with the salt that keeps the hash from being guessed afterwards."""

    __tablename__ = "audit_payload"

    audit_id: int = Field(primary_key=True, sa_type=SERIAL, sa_column_args=[belongs_to("audit.id")])
    salt: bytes = Field(sa_type=LargeBinary)
    sealed: bytes = Field(sa_type=LargeBinary)


class AuditChainRow(Table, table=True):
    """Where a chain ends: the row that an append locks, and by which a missing end is noticed."""

    __tablename__ = "audit_chain"

    chain: str = Field(primary_key=True)
    length: int
    head: str


class AuditSealRow(Table, table=True):
    """A seal over every link added since the one before, in the order of their ids."""

    __tablename__ = "audit_seal"

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime
    links: int
    head: str
