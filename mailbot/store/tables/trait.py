"""By what an incident is found again when a later one repeats it."""

from datetime import datetime

from sqlmodel import Field

from mailbot.store.tables.base import Table, belongs_to


class TraitRow(Table, table=True):
    """One keyed fingerprint of a team, a type of incident or a person; none of them stands here in the clear."""

    __tablename__ = "trait"

    fingerprint: str = Field(primary_key=True)
    received_at: datetime = Field(primary_key=True)
    reference: str = Field(primary_key=True, sa_column_args=[belongs_to("incident.reference")], index=True)
