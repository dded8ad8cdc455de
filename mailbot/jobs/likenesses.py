"""Whether a new report is known already or reads like a known one: the store finds whom to ask, ``parse.likeness`` answers."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import islice

from mailbot.incident import Alike
from mailbot.mail import RawEmail
from mailbot.parse.likeness import Gist, gist_of, keys_of, likeness, same_report
from mailbot.parse.reading import Reading
from mailbot.pipeline.outcome import CameAgain
from mailbot.store import Unit

LOOK_BACK = timedelta(days=30)
MOST_COMPARED = 8
MOST_SHOWN = 5


def to_compare(unit: Unit, gist: Gist) -> tuple[str, ...]:
    """The ids of the recent incidents with which a report is to be compared, the likeliest first."""
    return unit.likenesses.find(keys_of(gist), gist.arrived_at - LOOK_BACK, MOST_COMPARED)


def compare(unit: Unit, gist: Gist, incident_ids: Sequence[str]) -> tuple[CameAgain | None, tuple[Alike, ...]]:
    """The incident of which this is the report once more, else those of the given ones that read like it."""
    emails = unit.emails.first_of_each(incident_ids)
    known = {one: gist_of(email.reading, email.received_at) for one, email in emails.items()}
    for incident_id in (one for one in incident_ids if one in known):
        because = same_report(gist, known[incident_id])
        incident = unit.incidents.get(incident_id) if because else None
        if incident:
            return CameAgain(incident=incident, because=because), ()
    why = {one: likeness(gist, known[one]) for one in incident_ids if one in known}
    return None, tuple(islice(_alike(unit, why), MOST_SHOWN))


def _alike(unit: Unit, why: Mapping[str, str]) -> Iterator[Alike]:
    for incident_id, because in why.items():
        incident = unit.incidents.named(incident_id) if because else None
        # A restricted incident is named to nobody who does not handle it.
        if incident and not incident.restricted:
            yield Alike(reference=incident.reference, because=because)


def keep_likeness(unit: Unit, incident_id: str, raw: RawEmail, reading: Reading) -> None:
    """Keeps how the report of a new incident is found again."""
    unit.likenesses.add(incident_id, keys_of(gist_of(reading, raw.received_at)), raw.received_at)
