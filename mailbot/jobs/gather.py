"""One mail rather than ten: what waits for one reader at one moment leaves together.

The mails keep their rows in the outbox and share the fate of the one that takes their place. Each step is a commit of
its own in which either all stand in the digest or none does, so a crash between two steps loses and doubles nothing.
What the digest says is written at the last moment, from what is still wanted then.
"""

import logging
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from mailbot.app import App
from mailbot.errors import ConflictError
from mailbot.incident import Incident
from mailbot.jobs.marks import PAUSED
from mailbot.notify.email import OutgoingEmail
from mailbot.notify.gathered_receipts import receipts
from mailbot.notify.gathering import DIGEST_KIND, gathered, may_be_gathered
from mailbot.notify.personal_digest import asked_duties, personal_digest
from mailbot.notify.wanted import still_wanted
from mailbot.store import OutboxRow, Unit
from mailbot.value import Value

log = logging.getLogger(__name__)

RECEIPTS = "receipts"


def gather_waiting(app: App) -> None:
    """Puts one mail in the place of several wherever they wait for one reader. Not while sending is paused.

    Another bot that is sending them at this moment is left to it: they are looked at again next time.
    """
    templates, now = app.settings.templates.gathering, app.clock.now()
    if not (app.settings.digests.gather and templates):
        return
    with app.store.reading() as unit:
        if unit.marks.get(PAUSED) or not unit.gathered.several_wait(now, templates):
            return
    try:
        with app.store.unit() as unit:
            for rows in unit.gathered.waiting(now, templates):
                _gather(app, unit, rows)
    except ConflictError:
        log.info("mails that were to be gathered are on their way already")


def is_digest(email: OutgoingEmail) -> bool:
    """Whether a mail stands in the place of several."""
    return email.duty_kind == DIGEST_KIND and email.incident_id is None


class Contents(NamedTuple):
    """The mails that leave in a digest, with the incidents they are about and ``also`` those otherwise open with the reader."""

    emails: tuple[OutgoingEmail, ...] = ()
    incidents: Mapping[str, Incident] = MappingProxyType({})
    also: tuple[Incident, ...] = ()


def contents_of(app: App, unit: Unit, digest: OutboxRow) -> Contents:
    """What is to leave in a digest now; no mails where it is not to leave: nothing in it is wanted, or one alone is.

    What is not wanted any more is withdrawn, and what remains alone leaves by itself. Bytes that may have left before
    are not changed: they leave again as they were, as long as anything in them is wanted.
    """
    members = unit.gathered.members(digest.email.id)
    incidents = incidents_of(unit, members)
    wanted = tuple(one.email for one in members if not _withdrawn(app, unit, digest.email, one, incidents))
    if not wanted:
        unit.outbox.withdraw(digest.email.id, "nothing in it was wanted any more", app.clock.now())
        return Contents()
    if len(wanted) == 1 and not digest.frozen:
        take_apart(app, unit, digest, "the one mail left in it goes by itself")
        return Contents()
    about = {one.incident_id for one in wanted}
    elsewhere = (one for one in unit.gathered.incidents_open_with(digest.email.recipient) if one not in incidents)
    also = tuple(one for one in map(unit.incidents.get, elsewhere) if one)
    return Contents(wanted, {key: one for key, one in incidents.items() if key in about}, also)


def says(app: App, digest: OutgoingEmail, contents: Contents) -> OutgoingEmail:
    """The digest with what it says, ready to be written."""
    emails, incidents, also = contents
    view: Value = (
        receipts(emails, tuple(incidents.values()), app.notify, app.tokens)
        if digest.template == RECEIPTS
        else personal_digest(emails, incidents, also, app.notify, app.tokens, app.clock.now())
    )
    return digest.but(values=view.model_dump(mode="json"))


def take_apart(app: App, unit: Unit, digest: OutboxRow, because: str) -> None:
    """Lets every mail leave by itself that a digest stands for. None of them is held because of a list."""
    unit.gathered.take_apart(digest.email.id)
    unit.outbox.withdraw(digest.email.id, because, app.clock.now())


def incidents_of(unit: Unit, rows: tuple[OutboxRow, ...]) -> dict[str, Incident]:
    """The incidents that some mails are about, by id, as they now are."""
    ids = dict.fromkeys(one.email.incident_id for one in rows if one.email.incident_id)
    found = (unit.incidents.get(one) for one in ids)
    return {one.id: one for one in found if one}


def _gather(app: App, unit: Unit, rows: tuple[OutboxRow, ...]) -> None:
    """The mails to one reader, by what would take their place, so many at most in each."""
    incidents = incidents_of(unit, rows)
    together: dict[str, list[OutgoingEmail]] = {}
    for row in rows:
        if may_be_gathered(row.email, incidents.get(row.email.incident_id or ""), app.notify):
            template = app.settings.templates.gathered_into(row.email.template)
            together.setdefault(template, []).append(row.email)
    for template, emails in together.items():
        most = app.settings.digests.most
        for some in (emails[start : start + most] for start in range(0, len(emails), most)):
            if len(some) > 1:
                digest = gathered(template, some, app.notify, app.clock.now(), app.ids.new())
                unit.gathered.gather(digest, [one.id for one in some])


def _withdrawn(app: App, unit: Unit, digest: OutgoingEmail, row: OutboxRow, incidents: Mapping[str, Incident]) -> bool:
    """Whether a mail is not wanted any more. A request that shares its mail with others is over when all of them are."""
    now, incident = app.clock.now(), incidents.get(row.email.incident_id or "")
    because = still_wanted(row.email, incident, now)
    if not because and digest.template != RECEIPTS and not (incident and asked_duties(row.email, incident)):
        because = "what it asks for was done in the meantime"
    return bool(because) and unit.outbox.withdraw(row.email.id, because, now)
