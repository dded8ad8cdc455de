"""Incidents with their duties: saved only as the version that was read, listed without a query for each."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Column
from sqlalchemy import select as sql_select
from sqlmodel import Session, case, col, func, select, update
from sqlmodel.sql.expression import SelectOfScalar

from mailbot.errors import ConflictError, StoreError
from mailbot.incident import Incident
from mailbot.store.cipher import Cipher
from mailbot.store.dialect import insert_into
from mailbot.store.rows import IncidentRows, by_incident, from_rows, is_restricted, to_rows
from mailbot.store.tables import DutyRow, DutyStepRow, IncidentRow, ReferenceCounterRow
from mailbot.store.tables.base import Table
from mailbot.store.values import DutyDue, NamedIncident
from mailbot.terms import Queue, Reference, make_reference

Key = TypeVar("Key")

# Databases take only so many parameters in one statement.
AT_ONCE = 500


class Incidents:
    """All incidents. Belongs to one unit."""

    def __init__(self, session: Session, cipher: Cipher) -> None:
        self._session = session
        self._cipher = cipher

    def next_reference(self, prefix: str, year: int, start: int = 1) -> Reference:
        """The next number of that year, at least ``start``: without gaps, for it is taken back with the unit.

        Whoever asks at the same time waits until this unit has ended.
        """
        last = col(ReferenceCounterRow.last)
        statement = (
            insert_into(self._session, ReferenceCounterRow)
            .values(prefix=prefix, year=year, last=start)
            .on_conflict_do_update(
                index_elements=("prefix", "year"), set_={"last": case((last + 1 < start, start), else_=last + 1)}
            )
            .returning(last)
        )
        return make_reference(prefix, year, self._session.execute(statement).scalar_one())

    def add(self, incident: Incident) -> Incident:
        """Stores a new incident as it is, its version included, and returns it."""
        rows = to_rows(incident, self._cipher)
        self._session.add_all([rows.incident, *rows.duties, *rows.steps])
        return incident

    def get(self, incident_id: str) -> Incident | None:
        """The incident of that id, None when there is none."""
        return next(iter(self._load(select(IncidentRow).where(IncidentRow.id == incident_id))), None)

    def by_reference(self, reference: str) -> Incident | None:
        """The incident of that reference, None when there is none."""
        return next(iter(self._load(select(IncidentRow).where(IncidentRow.reference == reference))), None)

    def named(self, incident_id: str) -> NamedIncident | None:
        """What an incident is called and who may hear of it, without reading all of it; None when there is none."""
        query = select(IncidentRow.reference, IncidentRow.sealed).where(IncidentRow.id == incident_id)
        row = self._session.exec(query).first()
        if row is None:
            return None
        return NamedIncident(reference=Reference(row[0]), restricted=is_restricted(row[1], self._cipher))

    def save(self, incident: Incident) -> Incident:
        """Stores a changed incident and returns it with its new version.

        Raises ``ConflictError`` when somebody saved it since it was read, ``StoreError`` when it would lose a duty
        or a sent step, or change how a duty ended: that is frozen.
        """
        saved = incident.but(version=incident.version + 1)
        rows = to_rows(saved, self._cipher)
        self._replace_row(rows.incident, incident)
        self._save_duties(rows)
        self._session.flush()
        return saved

    def due(self, now: datetime, limit: int = 100) -> tuple[str, ...]:
        """The ids of incidents that want a step taken by now, longest due first. Closed ones cost nothing."""
        next_step = col(IncidentRow.next_step_at)
        query = select(IncidentRow.id).where(next_step.is_not(None), next_step <= now)
        return tuple(self._session.exec(query.order_by(next_step, col(IncidentRow.reference)).limit(limit)))

    def duties_due(self, after: datetime, until: datetime, limit: int = 500) -> tuple[DutyDue, ...]:
        """Open duties that fall due after one moment and not after another, the first due first."""
        due_at = col(DutyRow.due_at)
        query = select(DutyRow.incident_id, DutyRow.id, due_at).where(
            col(DutyRow.discharged_at).is_(None), due_at > after, due_at <= until
        )
        rows = self._session.exec(query.order_by(due_at, col(DutyRow.id)).limit(limit))
        return tuple(DutyDue(incident_id=incident, duty_id=duty, due_at=at) for incident, duty, at in rows if at)

    def open(self, queue: Queue | None = None, limit: int | None = None) -> tuple[Incident, ...]:
        """Incidents not yet closed, of one desk or both, the longest known first."""
        query = _of(queue).where(col(IncidentRow.closed_at).is_(None))
        return self._load(query.order_by(col(IncidentRow.aware_at), col(IncidentRow.reference)).limit(limit))

    def list(
        self,
        queue: Queue | None = None,
        *,
        closed: bool | None = None,
        since: datetime | None = None,
        limit: int | None = 100,
    ) -> tuple[Incident, ...]:
        """Incidents of one desk or both, the newest first: open, closed or (None) both, received since a moment."""
        query = _of(queue)
        if closed is not None:
            ended = col(IncidentRow.closed_at)
            query = query.where(ended.is_not(None) if closed else ended.is_(None))
        if since is not None:
            query = query.where(col(IncidentRow.received_at) >= since)
        return self._load(
            query.order_by(col(IncidentRow.received_at).desc(), col(IncidentRow.reference).desc()).limit(limit)
        )

    def count_open(self) -> int:
        """How many incidents are not yet closed."""
        return self._session.exec(select(func.count()).where(col(IncidentRow.closed_at).is_(None))).one()

    def _load(self, query: Any) -> tuple[Incident, ...]:
        incidents = self._session.exec(query).all()
        found: list[Incident] = []
        for start in range(0, len(incidents), AT_ONCE):
            some = incidents[start : start + AT_ONCE]
            rows = by_incident(some, *self._duties_and_steps([one.id for one in some]))
            found += [from_rows(one, self._cipher) for one in rows]
        return tuple(found)

    def _duties_and_steps(self, incident_ids: Sequence[str]) -> tuple[Sequence[Any], Sequence[Any]]:
        """Their rows as plain rows of the tables, which have the columns of ``DutyRow`` and ``DutyStepRow``.

        There are many of them: objects that the session keeps an eye on would take three times as long.
        """
        of_these = col(DutyRow.incident_id).in_(incident_ids)
        duties = every_column(DutyRow).where(of_these).order_by(col(DutyRow.incident_id), col(DutyRow.position))
        steps = every_column(DutyStepRow).join(DutyRow, col(DutyRow.id) == col(DutyStepRow.duty_id)).where(of_these)
        in_order = steps.order_by(col(DutyStepRow.duty_id), col(DutyStepRow.position))
        return self._session.execute(duties).all(), self._session.execute(in_order).all()

    def _replace_row(self, row: IncidentRow, read: Incident) -> None:
        as_read = (col(IncidentRow.id) == read.id, col(IncidentRow.version) == read.version)
        statement = update(IncidentRow).where(*as_read).values(**row.model_dump(exclude={"id"}))
        if self._session.execute(statement.returning(col(IncidentRow.id))).first() is None:
            raise ConflictError(f"{read.reference} was changed by another bot: read it again and decide again")
        self._session.expire_all()

    def _save_duties(self, rows: IncidentRows) -> None:
        duties, steps = self._duties_and_steps([rows.incident.id])
        _refuse_lost(rows, duties, steps)
        _update(self._session, {one.id: one for one in duties}, {one.id: one for one in rows.duties})
        _update(self._session, {_place(one): one for one in steps}, {_place(one): one for one in rows.steps})


def _of(queue: Queue | None) -> SelectOfScalar[IncidentRow]:
    everything = select(IncidentRow)
    return everything if queue is None else everything.where(IncidentRow.queue == queue)


def _place(step: Any) -> tuple[str, int]:
    return step.duty_id, step.position


def _refuse_lost(rows: IncidentRows, duties: Sequence[Any], steps: Sequence[Any]) -> None:
    new = {duty.id: duty for duty in rows.duties}
    for duty in duties:
        if duty.id not in new:
            raise StoreError(f"{rows.incident.reference} would lose its duty {duty.kind}: discharge it instead")
        ending = (new[duty.id].discharged_at, new[duty.id].met)
        if duty.discharged_at and ending != (duty.discharged_at, duty.met):
            raise StoreError(f"{rows.incident.reference}: how its duty {duty.kind} ended is frozen")
    if {_place(step) for step in steps} - {_place(step) for step in rows.steps}:
        raise StoreError(f"{rows.incident.reference} would lose a step that was already sent")


def _update(session: Session, stored: Mapping[Key, Any], wanted: Mapping[Key, Table]) -> None:
    """Adds the wanted rows that are new, and changes the stored ones that differ."""
    for key, row in wanted.items():
        if key not in stored:
            session.add(row)
            continue
        columns = columns_of(type(row))
        changed = {name: new for name in columns if (new := getattr(row, name)) != getattr(stored[key], name)}
        if changed:
            own = (column == getattr(row, name) for name, column in columns.items() if column.primary_key)
            session.execute(update(type(row)).where(*own).values(**changed), execution_options=UNSYNCHRONISED)


def columns_of(table: type[Table]) -> Mapping[str, Column[Any]]:
    """The columns of a table by name."""
    return dict(table.__table__.columns)  # type: ignore[attr-defined]  # SQLModel makes it


def every_column(table: type[Table]) -> Any:
    """A query for whole rows of a table as plain values."""
    return sql_select(*columns_of(table).values())


UNSYNCHRONISED = {"synchronize_session": False}
"""Rows of duties and steps are never kept as objects: there is nothing in memory to bring up to date."""
