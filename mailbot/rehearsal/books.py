"""The rehearsal's own look into the database, past the code under test: plain SQL on the tables as they stand."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple


class StepRecord(NamedTuple):
    """A step of a ladder that the database says was sent; ``reader`` is the keyed index of its recipient."""

    plan_version: int
    step: str
    occurrence: int
    reader: str
    at: datetime
    late: bool


class DutyRecord(NamedTuple):
    """A duty as the database has it, with its steps in order. ``started_at``: for whoever holds it now."""

    id: str
    incident_id: str
    incident: str
    kind: str
    holder: str
    anchored_at: datetime
    started_at: datetime
    due_at: datetime | None
    plan_version: int
    next_step_at: datetime | None
    discharged_at: datetime | None
    met: bool | None
    steps: tuple[StepRecord, ...]

    @property
    def label(self) -> str:
        """What a person calls it: reference and kind."""
        return f"{self.incident} {self.kind}"


class MailRecord(NamedTuple):
    """A mail of the outbox; ``reader`` as above. ``gathered_into``: the digest in whose place it stands or stood."""

    id: str
    incident_id: str | None
    duty_id: str | None
    step: str | None
    role: str
    reader: str
    created_at: datetime
    state: str
    gathered_into: str | None = None

    @property
    def leaves_as(self) -> str:
        """The mail that leaves: itself, or the digest that takes its place."""
        return self.gathered_into if self.gathered_into and self.state == "gathered" else self.id


DUTIES = """
    select duty.id, incident_id, reference, kind, holder, anchored_at, coalesce(held_since, started_at), due_at, plan_version,
           duty.next_step_at, discharged_at, met
    from duty join incident on incident.id = incident_id {where} order by reference, duty.position
"""
STEPS = "select duty_id, plan_version, step, occurrence, recipient_index, at, late from duty_step {where} order by duty_id, position"
MAILS = "select id, incident_id, duty_id, step, role, recipient_index, created_at, state, gathered_into from outbox order by position"
OPEN = "where discharged_at is null"
STEPS_OF_OPEN = "where duty_id in (select id from duty where discharged_at is null)"


class Books:
    """The database file of a rehearsal, opened for reading only."""

    def __init__(self, database: Path) -> None:
        self._file = sqlite3.connect(f"file:{database}?mode=ro", uri=True, isolation_level=None)

    def duties(self, *, only_open: bool = False) -> list[DutyRecord]:
        """All duties with their steps, or those still open."""
        steps: defaultdict[str, list[StepRecord]] = defaultdict(list)
        for duty, version, step, occurrence, reader, at, late in self._file.execute(
            STEPS.format(where=STEPS_OF_OPEN if only_open else "")
        ):
            steps[duty].append(StepRecord(version, step, occurrence, reader, moment_of(at), bool(late)))
        rows = self._file.execute(DUTIES.format(where=OPEN if only_open else ""))
        return [_duty(row, tuple(steps[row[0]])) for row in rows]

    def mails(self) -> Iterator[MailRecord]:
        """All mails of the outbox, in the order in which they were written."""
        for *names, created_at, state, gathered_into in self._file.execute(MAILS):
            yield MailRecord._make((*names, moment_of(created_at), state, gathered_into))

    def incidents(self) -> int:
        """How many incidents there are."""
        return int(self._file.execute("select count(*) from incident").fetchone()[0])

    def closed_at(self) -> dict[str, datetime]:
        """When which incident was closed."""
        rows = self._file.execute("select id, closed_at from incident where closed_at is not null")
        return {incident: moment_of(at) for incident, at in rows}

    def next_step_at(self) -> datetime | None:
        """The earliest moment at which an incident says that it wants something done."""
        return _maybe(
            self._file.execute("select min(next_step_at) from incident where next_step_at is not null").fetchone()[0]
        )

    def next_mail_at(self) -> datetime | None:
        """The earliest moment at which a mail in the outbox may be tried."""
        return _maybe(self._file.execute("select min(ready_at) from outbox where ready_at is not null").fetchone()[0])

    def next_retry_at(self) -> datetime | None:
        """The earliest moment at which a received mail that could not be taken in is tried again."""
        return _maybe(self._file.execute("select min(retry_at) from ledger where retry_at is not null").fetchone()[0])

    def close(self) -> None:
        """Lets go of the file."""
        self._file.close()


def _duty(row: tuple[Any, ...], steps: tuple[StepRecord, ...]) -> DutyRecord:
    *names, anchored_at, started_at, due_at, version, next_step_at, discharged_at, met = row
    began = (moment_of(anchored_at), moment_of(started_at), _maybe(due_at))
    ends = (_maybe(next_step_at), _maybe(discharged_at), None if met is None else bool(met))
    return DutyRecord._make((*names, *began, version, *ends, steps))


def moment_of(written: str) -> datetime:
    """A moment as SQLite keeps it: UTC, without saying so."""
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


def _maybe(written: str | None) -> datetime | None:
    return moment_of(written) if written else None
