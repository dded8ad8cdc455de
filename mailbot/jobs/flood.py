"""More new incidents within an hour than people can be told of one by one: they are told of them together.

Every incident keeps its duties, clocks and reminders, and its Reporter is answered as always. Only its first mails to
everybody else are held, to be looked at and let go by a person; the desks and the DPO get one list an hour instead.
Who may be in danger, and what is restricted, is never held back.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from mailbot.app import App
from mailbot.incident import Incident
from mailbot.jobs.marks import COLLECTED, FLOOD_TOLD, OPENED
from mailbot.notify.digest import compose_flood, triage_digest
from mailbot.notify.email import OutgoingEmail
from mailbot.store import Unit
from mailbot.terms import Queue, Role

HOUR = timedelta(hours=1)


def is_in_flood(app: App, unit: Unit) -> bool:
    """Counts one more new incident; True where it is beyond what an hour may bring.

    Whoever opens an incident has taken its number, and so waits for whoever took the one before: no count is lost.
    """
    now, before = app.clock.now(), unit.marks.get(OPENED)
    is_new_hour = before is None or now - before.at >= HOUR
    begun, count = (now, 1) if before is None or is_new_hour else (before.at, int(before.value) + 1)
    unit.marks.put(OPENED, str(count), begun)
    return count > app.settings.limits.incidents_per_hour


def hold_back(app: App, unit: Unit, incident: Incident, emails: Sequence[OutgoingEmail]) -> None:
    """Holds those of a new incident's first mails that can wait, and keeps in mind that people must be told of it."""
    limit = app.settings.limits.incidents_per_hour
    because = f"more than {limit} incidents were opened within an hour; the desks and the DPO are told of them together"
    held = [one for one in emails if can_wait(one, incident)]
    for email in held:
        unit.outbox.hold(email.id, because)
    if held:
        unit.marks.put(COLLECTED + incident.id, "", app.clock.now())


def can_wait(email: OutgoingEmail, incident: Incident) -> bool:
    """Whether a mail about a new incident is held in a flood: not its Reporter's, nor where haste or secrecy is due."""
    if incident.restricted or email.role is Role.REPORTER:
        return False
    return not (incident.safety and email.role is Role.ON_CALL)


def tell_of_flood(app: App) -> int:
    """Puts one list of the incidents held back into the outbox for each desk concerned and the DPO, once an hour."""
    now = app.clock.now()
    with app.store.reading() as unit:
        told = unit.marks.get(FLOOD_TOLD)
        if (told and now - told.at < HOUR) or not unit.marks.starting(COLLECTED):
            return 0
    with app.store.unit() as unit:
        names = [one.name for one in unit.marks.starting(COLLECTED)]
        for name in names:
            unit.marks.clear(name)
        unit.marks.put(FLOOD_TOLD, "", now)
        found = [unit.incidents.get(name.removeprefix(COLLECTED)) for name in names]
        emails = _lists(app, [one for one in found if one], now)
        for email in emails:
            unit.outbox.add(email)
    return len(emails)


def _lists(app: App, incidents: Sequence[Incident], now: datetime) -> list[OutgoingEmail]:
    """IT is told of what is theirs or what they are told of, IG and the DPO of everything."""
    organisation = app.settings.organisation
    its = [one for one in incidents if Queue.IT in {one.queue, *one.also_tell}]
    readers = [
        (organisation.desk(Queue.IG).address, Role.IG_TEAM, incidents),
        (organisation.desk(Queue.IT).address, Role.IT_SERVICE_DESK, its),
        (organisation.roles.get(Role.DPO, ""), Role.DPO, incidents),
    ]
    return [_list(app, reader, role, about, now) for reader, role, about in readers if reader and about]


def _list(app: App, reader: str, role: Role, incidents: Sequence[Incident], now: datetime) -> OutgoingEmail:
    view = triage_digest(incidents, app.notify, now, now + HOUR)
    return compose_flood(view, reader, role, app.notify, now, app.ids.new())
