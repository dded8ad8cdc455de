"""Incidents with their duties and the steps already sent."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, UniqueConstraint
from sqlmodel import Field

from mailbot.store.tables.base import Table, belongs_to, partial_index


class IncidentRow(Table, table=True):
    """An incident. ``severity`` and ``next_step_at`` repeat what the sealed part and the duties say, to be asked for."""

    __tablename__ = "incident"
    __table_args__ = (
        partial_index("ix_incident_due", "next_step_at", where="next_step_at IS NOT NULL"),
        partial_index("ix_incident_open", "aware_at", where="closed_at IS NULL"),
        Index("ix_incident_received", "received_at"),
    )

    id: str = Field(primary_key=True)
    reference: str = Field(unique=True)
    version: int
    queue: str
    stage: str
    severity: str
    received_at: datetime
    aware_at: datetime
    closed_at: datetime | None = None
    next_step_at: datetime | None = None
    sealed: bytes = Field(sa_type=LargeBinary)


class DutyRow(Table, table=True):
    """A duty; its people and the words of its discharge are in the incident's sealed part."""

    __tablename__ = "duty"
    __table_args__ = (partial_index("ix_duty_open", "due_at", where="discharged_at IS NULL"),)

    id: str = Field(primary_key=True)
    incident_id: str = Field(sa_column_args=[belongs_to("incident.id")], index=True)
    position: int
    kind: str
    para: str
    holder: str
    anchored_at: datetime
    started_at: datetime
    held_since: datetime | None = None
    due_at: datetime | None = None
    plan_version: int
    next_step_at: datetime | None = None
    discharged_at: datetime | None = None
    met: bool | None = None


class DutyStepRow(Table, table=True):
    """A step of a ladder that was sent: the constraint is what makes "never the same twice" true."""

    __tablename__ = "duty_step"
    __table_args__ = (
        UniqueConstraint("duty_id", "plan_version", "step", "occurrence", "recipient_index", name="uq_duty_step_once"),
    )

    duty_id: str = Field(primary_key=True, sa_column_args=[belongs_to("duty.id")])
    position: int = Field(primary_key=True)
    plan_version: int
    step: str
    occurrence: int
    recipient_index: str
    at: datetime
    late: bool


class ReferenceCounterRow(Table, table=True):
    """The last number given out for a prefix and year."""

    __tablename__ = "reference_counter"

    prefix: str = Field(primary_key=True)
    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    last: int
