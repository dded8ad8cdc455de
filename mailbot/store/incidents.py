"""Incidents with their duties: saved only as the version that was read, listed without a query for each."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, case, func, insert, select, update

from mailbot.errors import ConflictError
from mailbot.incident import Incident
from mailbot.store.cipher import Cipher
from mailbot.store.dialect import in_both
from mailbot.store.duties import DUTIES_OF, STEPS_OF, Duties
from mailbot.store.recent import Recent
from mailbot.store.rows import Row, by_incident, from_rows, incident_row, is_restricted
from mailbot.store.tables import DutyRow, IncidentRow, ReferenceCounterRow
from mailbot.store.tables.base import table_of
from mailbot.store.values import DutyDue, NamedIncident
from mailbot.terms import Queue, Reference, make_reference

# Databases take only so many parameters in one statement.
AT_ONCE = 500

table, duty, counter = table_of(IncidentRow), table_of(DutyRow), table_of(ReferenceCounterRow)


@in_both
def _next_number(insert: Any) -> Any:
    put = insert(counter)
    following = counter.c.last + 1
    # What is inserted is the least that the number may be.
    last = case((following < put.excluded.last, put.excluded.last), else_=following)
    upsert = put.on_conflict_do_update(index_elements=("prefix", "year"), set_={"last": last})
    return upsert.returning(counter.c.last)


EVERY = select(table)
ONE = EVERY.where(table.c.id == bindparam("its_id"))
REFERENCED = EVERY.where(table.c.reference == bindparam("its_reference"))
NAMED = select(table.c.reference, table.c.sealed).where(table.c.id == bindparam("its_id"))
ADD = insert(table)
REPLACE = (
    update(table)
    .where(table.c.id == bindparam("its_id"), table.c.version == bindparam("as_read"))
    .returning(table.c.id)
)
DUE = (
    select(table.c.id)
    .where(table.c.next_step_at.is_not(None), table.c.next_step_at <= bindparam("now"))
    .order_by(table.c.next_step_at, table.c.reference)
    .limit(bindparam("most"))
)
DUTIES_DUE = (
    select(duty.c.incident_id, duty.c.id, duty.c.due_at)
    .where(duty.c.discharged_at.is_(None), duty.c.due_at > bindparam("after"), duty.c.due_at <= bindparam("until"))
    .order_by(duty.c.due_at, duty.c.id)
    .limit(bindparam("most"))
)
COUNT_OPEN = select(func.count()).where(table.c.closed_at.is_(None))


class Incidents:
    """All incidents. Belongs to one unit."""

    def __init__(self, connection: Connection, cipher: Cipher, recent: Recent) -> None:
        self._connection = connection
        self._cipher = cipher
        self._recent = recent
        self._duties = Duties(connection, cipher)
        self._as_stored: dict[str, Incident] = {}

    def next_reference(self, prefix: str, year: int, start: int = 1) -> Reference:
        """The next number of that year, at least ``start``: without gaps, for it is taken back with the unit.

        Whoever asks at the same time waits until this unit has ended.
        """
        asked = {"prefix": prefix, "year": year, "last": start}
        number = self._connection.execute(_next_number(self._connection), asked).scalar_one()
        return make_reference(prefix, year, number)

    def add(self, incident: Incident) -> Incident:
        """Stores a new incident as it is, its version included, and returns it."""
        row = incident_row(incident, self._cipher)
        self._connection.execute(ADD, row)
        self._duties.add(incident)
        self._as_stored[incident.id] = incident
        return incident

    def get(self, incident_id: str) -> Incident | None:
        """The incident of that id, None when there is none."""
        return self._one(ONE, its_id=incident_id)

    def by_reference(self, reference: str) -> Incident | None:
        """The incident of that reference, None when there is none."""
        return self._one(REFERENCED, its_reference=reference)

    def named(self, incident_id: str) -> NamedIncident | None:
        """What an incident is called and who may hear of it, without reading all of it; None when there is none."""
        row = self._connection.execute(NAMED, {"its_id": incident_id}).first()
        if row is None:
            return None
        return NamedIncident(reference=Reference(row[0]), restricted=is_restricted(row[1], self._cipher))

    def save(self, incident: Incident) -> Incident:
        """Stores a changed incident and returns it with its new version.

        Raises ``ConflictError`` when somebody saved it since it was read, ``StoreError`` when it would lose a duty
        or a sent step, or change how a duty ended: that is frozen.
        """
        before = self._as_stored.get(incident.id) or self.get(incident.id)
        saved = incident.but(version=incident.version + 1)
        row = incident_row(saved, self._cipher)
        changes = {name: value for name, value in row.items() if name != "id"}
        as_read = {"its_id": incident.id, "as_read": incident.version}
        if before is None or self._connection.execute(REPLACE, changes | as_read).first() is None:
            raise ConflictError(f"{incident.reference} was changed by another bot: read it again and decide again")
        self._duties.save(before, saved)
        self._as_stored[incident.id] = saved
        return saved

    def due(self, now: datetime, limit: int = 100) -> tuple[str, ...]:
        """The ids of incidents that want a step taken by now, longest due first. Closed ones cost nothing."""
        return tuple(self._connection.execute(DUE, {"now": now, "most": limit}).scalars())

    def duties_due(self, after: datetime, until: datetime, limit: int = 500) -> tuple[DutyDue, ...]:
        """Open duties that fall due after one moment and not after another, the first due first."""
        rows = self._connection.execute(DUTIES_DUE, {"after": after, "until": until, "most": limit})
        return tuple(DutyDue(incident_id=incident, duty_id=duty, due_at=at) for incident, duty, at in rows)

    def open(self, queue: Queue | None = None, limit: int | None = None) -> tuple[Incident, ...]:
        """Incidents not yet closed, of one desk or both, the longest known first."""
        query = _of(queue).where(table.c.closed_at.is_(None))
        return self._load(query.order_by(table.c.aware_at, table.c.reference).limit(limit))

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
            ended = table.c.closed_at
            query = query.where(ended.is_not(None) if closed else ended.is_(None))
        if since is not None:
            query = query.where(table.c.received_at >= since)
        return self._load(query.order_by(table.c.received_at.desc(), table.c.reference.desc()).limit(limit))

    def count_open(self) -> int:
        """How many incidents are not yet closed."""
        return int(self._connection.execute(COUNT_OPEN).scalar_one())

    def _one(self, query: Select[Any], **asked: object) -> Incident | None:
        row = self._connection.execute(query, asked).mappings().first()
        if row is None:
            return None
        incident = self._recent.find(row["id"], row["sealed"]) or self._put_together([row])[0]
        self._recent.keep(row["sealed"], incident)
        self._as_stored[incident.id] = incident
        return incident

    def _load(self, query: Select[Any]) -> tuple[Incident, ...]:
        rows = self._connection.execute(query).mappings().all()
        known = {row["id"]: self._recent.find(row["id"], row["sealed"]) for row in rows}
        unknown = [row for row in rows if known[row["id"]] is None]
        for start in range(0, len(unknown), AT_ONCE):
            known |= {one.id: one for one in self._put_together(unknown[start : start + AT_ONCE])}
        found = {id_: incident for id_, incident in known.items() if incident}
        self._as_stored |= found
        return tuple(found.values())

    def _put_together(self, rows: Sequence[Row]) -> tuple[Incident, ...]:
        of_these = {"incidents": [one["id"] for one in rows]}
        duties, steps = (self._connection.execute(one, of_these).mappings() for one in (DUTIES_OF, STEPS_OF))
        return tuple(from_rows(one, self._cipher) for one in by_incident(rows, duties, steps))


def _of(queue: Queue | None) -> Select[Any]:
    return EVERY if queue is None else EVERY.where(table.c.queue == queue)
