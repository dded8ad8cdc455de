"""The aggregate Incident as rows and back: one pair of functions, and nothing stands in two places.

Clear columns hold what queries ask for. All the rest, every name, address and word of a report, is one sealed JSON
per incident: sealing is the costly part, and it is paid once. The ids of duties are the keys of their sealed half;
the recipients of a duty's steps and their roles stand there in the order of the steps.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from mailbot.incident import Duty, Incident
from mailbot.store.cipher import Cipher

Row = Any
"""One row of a table, to be written or as it was read: a value by the name of each column."""

CLEAR = ("id", "reference", "version", "queue", "stage", "received_at", "aware_at", "closed_at")
DUTY_CLEAR = (
    "id",
    "kind",
    "para",
    "holder",
    "anchored_at",
    "started_at",
    "held_since",
    "due_at",
    "plan_version",
    "next_step_at",
)
STEP_CLEAR = ("plan_version", "step", "occurrence", "at", "late")


class IncidentRows(NamedTuple):
    """All rows of one incident, in the order of its duties and of their steps."""

    incident: Row
    duties: Sequence[Row]
    steps: Sequence[Row]


def to_rows(incident: Incident, cipher: Cipher) -> IncidentRows:
    """The rows that say exactly what the incident says."""
    return IncidentRows(
        incident=incident_row(incident, cipher),
        duties=[duty_row(incident.id, position, duty) for position, duty in enumerate(incident.duties)],
        steps=[row for duty in incident.duties for row in step_rows(duty, cipher)],
    )


def from_rows(rows: IncidentRows, cipher: Cipher) -> Incident:
    """The incident that the rows say; raises ``StoreError`` where the sealed part cannot be opened."""
    sealed: dict[str, Any] = cipher.unseal_json(rows.incident["sealed"])
    halves = sealed.pop("duties")
    steps: dict[str, list[Row]] = defaultdict(list)
    for row in rows.steps:
        steps[row["duty_id"]].append(row)
    duties = [_duty_fields(row, steps[row["id"]], halves[row["id"]]) for row in rows.duties]
    clear = {name: rows.incident[name] for name in CLEAR}
    return Incident.model_validate(clear | sealed | {"duties": duties})


def is_restricted(sealed: bytes, cipher: Cipher) -> bool:
    """Whether the sealed part of an incident says that it is restricted."""
    return bool(cipher.unseal_json(sealed)["restricted"])


def by_incident(incidents: Iterable[Row], duties: Iterable[Row], steps: Iterable[Row]) -> tuple[IncidentRows, ...]:
    """Sorts the rows of many incidents to theirs, so that many are loaded in three queries."""
    duties_of: dict[str, list[Row]] = defaultdict(list)
    incident_of: dict[str, str] = {}
    for duty in duties:
        duties_of[duty["incident_id"]].append(duty)
        incident_of[duty["id"]] = duty["incident_id"]
    steps_of: dict[str, list[Row]] = defaultdict(list)
    for step in steps:
        steps_of[incident_of[step["duty_id"]]].append(step)
    return tuple(IncidentRows(one, duties_of[one["id"]], steps_of[one["id"]]) for one in incidents)


def incident_row(incident: Incident, cipher: Cipher) -> Row:
    """The row of an incident without its duties' own."""
    personal = incident.model_dump(mode="json", exclude={*CLEAR, "duties"})
    personal["duties"] = {duty.id: _personal_half(duty) for duty in incident.duties}
    return {name: getattr(incident, name) for name in CLEAR} | {
        "severity": incident.severity,
        # A closed incident asks for nothing more, whatever its ladders say.
        "next_step_at": None if incident.closed_at else incident.next_step_at,
        "sealed": cipher.seal_json(personal),
    }


def duty_row(incident_id: str, position: int, duty: Duty) -> Row:
    """The row of the duty at a place among its incident's."""
    ended = duty.discharged
    return {name: getattr(duty, name) for name in DUTY_CLEAR} | {
        "incident_id": incident_id,
        "position": position,
        "discharged_at": ended.at if ended else None,
        "met": ended.met if ended else None,
    }


def step_rows(duty: Duty, cipher: Cipher, first: int = 0) -> list[Row]:
    """The rows of a duty's steps, from one of them on."""
    return [
        {name: getattr(step, name) for name in STEP_CLEAR}
        | {"duty_id": duty.id, "position": position, "recipient_index": cipher.address_index(step.recipient)}
        for position, step in enumerate(duty.sent[first:], start=first)
    ]


def _personal_half(duty: Duty) -> dict[str, object]:
    ended = duty.discharged
    return {
        "about": duty.about,
        "person": duty.person,
        "discharged": {"by": ended.by, "how": ended.how, "reason": ended.reason} if ended else None,
        "recipients": [step.recipient for step in duty.sent],
        "roles": [step.role for step in duty.sent],
    }


def _duty_fields(row: Row, steps: Sequence[Row], half: dict[str, Any]) -> dict[str, object]:
    sent = [
        {name: step[name] for name in STEP_CLEAR} | {"recipient": recipient, "role": role}
        for step, recipient, role in zip(steps, half["recipients"], half["roles"], strict=True)
    ]
    ended = half["discharged"]
    return {name: row[name] for name in DUTY_CLEAR} | {
        "about": half.get("about", ""),
        "person": half["person"],
        "sent": sent,
        "discharged": ended and ended | {"at": row["discharged_at"], "met": row["met"]},
    }
