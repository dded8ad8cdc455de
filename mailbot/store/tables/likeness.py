"""By what a report is found again when another reads like it."""

from datetime import datetime

from sqlmodel import Field

from mailbot.store.tables.base import Table, belongs_to


class LikenessRow(Table, table=True):
    """One keyed fingerprint of what a report says; its words stand nowhere in the clear."""

    __tablename__ = "likeness"

    fingerprint: str = Field(primary_key=True)
    received_at: datetime = Field(primary_key=True)
    incident_id: str = Field(primary_key=True, sa_column_args=[belongs_to("incident.id")], index=True)
