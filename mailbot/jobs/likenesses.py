"""Whether a new report is known already or reads like a known one: the store finds whom to ask, ``parse.likeness`` answers."""

from collections.abc import Sequence
from datetime import timedelta

from mailbot.incident import Alike
from mailbot.mail import RawEmail
from mailbot.parse.likeness import Gist, gist_of, keys_of, likeness, same_report
from mailbot.parse.reading import Reading
from mailbot.pipeline.outcome import CameAgain
from mailbot.store import Unit

LOOK_BACK = timedelta(days=30)
MOST_COMPARED = 8
MOST_SHOWN = 5


def to_compare(unit: Unit, raw: RawEmail, reading: Reading) -> tuple[str, ...]:
    """The ids of the recent incidents with which a report is to be compared, the likeliest first."""
    keys = keys_of(gist_of(reading, raw.received_at))
    return unit.likenesses.find(keys, raw.received_at - LOOK_BACK, MOST_COMPARED)


def compare(
    unit: Unit, raw: RawEmail, reading: Reading, incident_ids: Sequence[str]
) -> tuple[CameAgain | None, tuple[Alike, ...]]:
    """The incident of which this is the report once more, else those of the given ones that read like it."""
    gist = gist_of(reading, raw.received_at)
    alike: list[Alike] = []
    for incident_id in incident_ids:
        known = _first_report(unit, incident_id)
        because = same_report(gist, known) if known else ""
        why = likeness(gist, known) if known else ""
        incident = unit.incidents.get(incident_id) if because or why else None
        if incident and because:
            return CameAgain(incident=incident, because=because), ()
        # A restricted incident is named to nobody who does not handle it.
        if incident and not incident.restricted:
            alike.append(Alike(reference=incident.reference, because=why))
    return None, tuple(alike[:MOST_SHOWN])


def keep_likeness(unit: Unit, incident_id: str, raw: RawEmail, reading: Reading) -> None:
    """Keeps how the report of a new incident is found again."""
    unit.likenesses.add(incident_id, keys_of(gist_of(reading, raw.received_at)), raw.received_at)


def _first_report(unit: Unit, incident_id: str) -> Gist | None:
    email = unit.emails.first_of(incident_id)
    return gist_of(email.reading, email.received_at) if email else None
