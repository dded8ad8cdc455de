"""The rows of an incident's duties and of the steps sent for them: only what changed is written, and nothing is lost."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from mailbot.errors import StoreError
from mailbot.incident import Duty, Incident
from mailbot.store.cipher import Cipher
from mailbot.store.rows import Row, duty_row, step_rows
from mailbot.store.tables import DutyRow, DutyStepRow
from mailbot.store.tables.base import table_of

duty, step = table_of(DutyRow), table_of(DutyStepRow)

OF_THESE = duty.c.incident_id.in_(bindparam("incidents", expanding=True))
DUTIES_OF = select(duty).where(OF_THESE).order_by(duty.c.incident_id, duty.c.position)
STEPS_OF = (
    select(step).join(duty, duty.c.id == step.c.duty_id).where(OF_THESE).order_by(step.c.duty_id, step.c.position)
)
ADD_DUTIES, ADD_STEPS = insert(duty), insert(step)
CHANGE_DUTY = update(duty).where(duty.c.id == bindparam("its_id"))
CHANGE_STEP = update(step).where(step.c.duty_id == bindparam("its_duty"), step.c.position == bindparam("its_position"))


class Duties:
    """The duties of all incidents, as their incidents store them. Belongs to one unit."""

    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._connection = connection
        self._cipher = cipher

    def add(self, incident: Incident) -> None:
        """Stores all duties of a new incident, with their steps."""
        self._insert(incident.id, enumerate(incident.duties))

    def save(self, before: Incident, after: Incident) -> None:
        """Stores what differs from the incident as it is stored.

        Raises ``StoreError`` where it would lose a duty or a sent step, or change how a duty ended: that is frozen.
        """
        stored = {one.id: (place, one) for place, one in enumerate(before.duties)}
        _refuse_lost(before, after)
        new = []
        for place, one in enumerate(after.duties):
            if one.id not in stored:
                new.append((place, one))
            elif stored[one.id] != (place, one):
                self._change(after.id, stored[one.id], (place, one))
        self._insert(after.id, new)

    def _insert(self, incident_id: str, placed: Iterable[tuple[int, Duty]]) -> None:
        duties = list(placed)
        if duties:
            self._connection.execute(ADD_DUTIES, [dict(duty_row(incident_id, *one)) for one in duties])
        self._insert_steps([row for _, one in duties for row in step_rows(one, self._cipher)])

    def _change(self, incident_id: str, before: tuple[int, Duty], after: tuple[int, Duty]) -> None:
        changed = _differing(duty_row(incident_id, *before), duty_row(incident_id, *after))
        old, new = before[1], after[1]
        if changed:
            self._connection.execute(CHANGE_DUTY, {**changed, "its_id": new.id})
        kept = len(old.sent)
        if old.sent != new.sent[:kept]:
            for was, now in zip(step_rows(old, self._cipher), step_rows(new, self._cipher), strict=False):
                if differing := _differing(was, now):
                    its = {"its_duty": new.id, "its_position": now["position"]}
                    self._connection.execute(CHANGE_STEP, {**differing, **its})
        self._insert_steps(step_rows(new, self._cipher, kept))

    def _insert_steps(self, rows: list[Row]) -> None:
        if rows:
            self._connection.execute(ADD_STEPS, [dict(row) for row in rows])


def _differing(was: Row, now: Row) -> Mapping[str, Any]:
    return {name: value for name, value in now.items() if value != was[name]}


def _refuse_lost(before: Incident, after: Incident) -> None:
    new = {one.id: one for one in after.duties}
    for old in before.duties:
        if old.id not in new:
            raise StoreError(f"{after.reference} would lose its duty {old.kind}: discharge it instead")
        if old.discharged and _ending(new[old.id]) != _ending(old):
            raise StoreError(f"{after.reference}: how its duty {old.kind} ended is frozen")
        if len(new[old.id].sent) < len(old.sent):
            raise StoreError(f"{after.reference} would lose a step that was already sent")


def _ending(one: Duty) -> tuple[object, object]:
    return (one.discharged.at, one.discharged.met) if one.discharged else (None, None)
