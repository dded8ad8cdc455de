"""What keeps several bots from doing the same: leases, jobs of a day, marks."""

from datetime import date, datetime

from sqlmodel import Field

from mailbot.store.tables.base import Table


class LeaseRow(Table, table=True):
    """Who may work on something, until when by the database's own clock."""

    __tablename__ = "lease"

    name: str = Field(primary_key=True)
    holder: str
    until: datetime


class JobRunRow(Table, table=True):
    """A job that was done, or begun, for a day."""

    __tablename__ = "job_run"

    job: str = Field(primary_key=True)
    on_day: date = Field(primary_key=True)


class MarkRow(Table, table=True):
    """A small named fact about the bot or its store."""

    __tablename__ = "store_mark"

    name: str = Field(primary_key=True)
    value: str
    at: datetime
