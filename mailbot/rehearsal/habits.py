"""How the people of a rehearsed year behave, drawn from its seed: who answers when, who is away, who has left."""

from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

from mailbot.organisation import Organisation
from mailbot.procedure.calendar import WorkingCalendar
from mailbot.rehearsal.plan import DAY, MINUTE, Outage, Plan

ANSWERS = 0.8
"""How likely a mail that asks for something is answered at all; a reminder is another chance."""

NEVER = 0.05
"""How likely somebody never answers about one incident, whatever comes."""

CHATTERS = 0.06
PARTLY = 0.12
TAPS = 0.55
UNASKED = 0.05
"""How likely somebody settles what a mail offers besides what it asks."""

ON_CALL_MINUTES = (2, 45)
AGREES = 0.85
"""How likely somebody answers what those who know the incident agree on."""

AT_ANY_HOUR = 0.25
GRID = 5 * MINUTE
QUICK, MEDIAN_HOURS, SPREAD, LONGEST = 3 * MINUTE, 3.0, 1.5, 14 * DAY
DAYS_BETWEEN_ABSENCES = 80
LEAVERS_A_YEAR = 2
YEAR = 365


class Leaver(NamedTuple):
    """Somebody whose address no longer exists from a moment on; ``refused``: the mail server says so at once."""

    at: datetime
    refused: bool


class Habits:
    """Everything about people that is not in a mail. The same plan, the same people."""

    def __init__(self, plan: Plan, organisation: Organisation, calendar: WorkingCalendar) -> None:
        self._plan = plan
        self._calendar = calendar
        self._away = {address: _absences(plan, address) for address in sorted(organisation.people)}
        self._desks = {one.address.lower() for one in organisation.desks if one.members}
        self.leavers = _leavers(plan, organisation)

    def absence(self, address: str, at: datetime) -> Outage | None:
        """The absence in which somebody is at that moment."""
        return next((one for one in self._away.get(address, ()) if one.covers(at)), None)

    def has_left(self, address: str, at: datetime) -> Leaver | None:
        """Whether an address no longer exists at that moment."""
        leaver = self.leavers.get(address)
        return leaver if leaver and leaver.at <= at else None

    def ignores(self, address: str, reference: str) -> bool:
        """Whether somebody never answers anything about an incident; of a desk's members one always does."""
        return address not in self._desks and self._plan.chance("never", address, reference).random() < NEVER

    def texts_at(self, at: datetime, chance: Random) -> datetime:
        """When whoever is on call answers a text message of that moment: soon, at any hour."""
        return _on_grid(at + chance.randint(*ON_CALL_MINUTES) * MINUTE)

    def answer_at(self, address: str, at: datetime, chance: Random) -> datetime:
        """When somebody sits down to answer a mail of that moment: most at work, some by telephone at once."""
        hours = MEDIAN_HOURS * chance.lognormvariate(0, SPREAD)
        sits_down = at + min(max(timedelta(hours=hours), QUICK), LONGEST)
        if chance.random() >= AT_ANY_HOUR:
            sits_down = self._calendar.next_office_moment(sits_down) + chance.randint(0, 90) * MINUTE
        absence = self.absence(address, sits_down)
        return _on_grid(self._calendar.next_office_moment(absence.ends) if absence else sits_down)


def _on_grid(moment: datetime) -> datetime:
    """Mail is looked for every few minutes only: what comes in between is answered together."""
    late = timedelta(minutes=moment.minute % 5, seconds=moment.second, microseconds=moment.microsecond)
    return moment - late + GRID


def _absences(plan: Plan, address: str) -> tuple[Outage, ...]:
    chance = plan.chance("away", address)
    days = range(chance.randint(0, DAYS_BETWEEN_ABSENCES), plan.days, DAYS_BETWEEN_ABSENCES)
    starts = [plan.begins + (day + chance.randint(0, 20)) * DAY for day in days]
    return tuple(Outage(begins=one, ends=one + chance.choice((1, 2, 5, 9, 16)) * DAY) for one in starts)


def _leavers(plan: Plan, organisation: Organisation) -> dict[str, Leaver]:
    """Some who hold no role of their own leave: the directory still names them."""
    needed = {*organisation.roles.values(), *(one for desk in organisation.desks for one in desk.members)}
    chance = plan.chance("leavers")
    others = sorted(one for one, entry in organisation.people.items() if one not in needed and entry.group)
    gone = chance.sample(others, min(len(others), max(1, LEAVERS_A_YEAR * plan.days // YEAR)))
    return {
        address: Leaver(plan.begins + chance.random() * plan.days * DAY, refused=turn % 2 == 0)
        for turn, address in enumerate(gone)
    }
