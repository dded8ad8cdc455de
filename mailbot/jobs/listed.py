"""The digest that a message answers or returns, found by what the message carries, with the incidents it asked about."""

from mailbot.app import App
from mailbot.jobs.gather import incidents_of, is_digest
from mailbot.notify.email import OutgoingEmail
from mailbot.notify.gathering import DIGEST_KIND, kinds_asked
from mailbot.parse.reading import Reading
from mailbot.pipeline.outcome import Listed
from mailbot.store import OutboxRow, Unit
from mailbot.terms import DIGEST, Reference


def listed_by(app: App, unit: Unit, reading: Reading, ours: OutgoingEmail | None) -> OutgoingEmail | None:
    """The digest that a message names: by the mail of ours it returns or answers, else by a code it carries."""
    if ours is not None:
        return ours if is_digest(ours) else None
    names = dict.fromkeys(one.reference for one in app.tokens.find(reading.email) if one.reference.startswith(DIGEST))
    rows = (unit.gathered.by_name(one) for one in names)
    return next((row.email for row in rows if row and is_digest(row.email)), None)


def proves_its_reader(app: App, reading: Reading, digest: OutgoingEmail) -> bool:
    """Whether a message carries the code of the digest's own reader: then what a machine says is about that mail."""
    name = digest.reference or Reference("")
    carriers = (one for one in app.tokens.find(reading.email) if one.reference == name)
    return any(app.tokens.proves(one.token, name, DIGEST_KIND, digest.recipient) for one in carriers)


def listed(unit: Unit, digest: OutgoingEmail) -> Listed:
    """What a digest asked, of the incidents as they now are."""
    members = unit.gathered.members(digest.id)
    incidents = incidents_of(unit, members)
    by_reference: dict[Reference, list[OutboxRow]] = {}
    for row in members:
        if row.email.reference and row.email.incident_id in incidents:
            by_reference.setdefault(row.email.reference, []).append(row)
    return Listed(
        name=digest.reference or Reference(""),
        recipient=digest.recipient,
        incidents=tuple(incidents.values()),
        kinds={
            one: tuple(dict.fromkeys(kind for row in rows for kind in kinds_asked(row.email)))
            for one, rows in by_reference.items()
        },
        duty_ids={one: tuple(row.email.duty_id for row in rows) for one, rows in by_reference.items()},
    )
