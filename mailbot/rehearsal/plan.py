"""What a rehearsed year is made of, drawn from its seed: how long, how many reports, when the bot or its mail server is down."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from mailbot.value import Instant, Value

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


class Plan(Value):
    """What is to be rehearsed: so many incidents in so many days from ``begins`` (aware); the same seed, the same year.

    ``first`` is the number of the first of them, where several stores share a year's incidents.
    """

    incidents: int
    days: int
    seed: int
    begins: Instant
    first: int = 1

    @property
    def ends(self) -> datetime:
        """The moment at which the rehearsal is over."""
        return self.begins + self.days * DAY

    def parted(self, parts: int) -> tuple["Plan", ...]:
        """The same year with its incidents dealt out over so many stores, as evenly as may be."""
        shares = [self.incidents // parts + (turn < self.incidents % parts) for turn in range(parts)]
        return tuple(
            self.but(incidents=share, first=self.first + sum(shares[:turn]))
            for turn, share in enumerate(shares)
            if share
        )

    def chance(self, *about: object) -> Random:
        """A source of chance of its own for each thing that is drawn: none depends on what was drawn before it."""
        return Random(":".join(str(one) for one in (self.seed, *about)))  # noqa: S311 -- a story, no secret


class Outage(Value):
    """A stretch of time (from, up to but not including) in which something does not work."""

    begins: Instant
    ends: Instant

    def covers(self, moment: datetime) -> bool:
        """Whether it lasts at that moment."""
        return self.begins <= moment < self.ends


class Outages(Value):
    """When the bot itself is down, and when its mail server takes nothing."""

    bot: tuple[Outage, ...] = ()
    smtp: tuple[Outage, ...] = ()


BOT_DOWN_MINUTES = (20, 90, 240, 600, 1_500, 4_400)
"""From a restart that went wrong to a machine that nobody looked after from Friday to Monday."""

SMTP_DOWN_MINUTES = (15, 45, 120, 400)
DAYS_BETWEEN = 30


def draw_outages(plan: Plan) -> Outages:
    """About one of each kind a month, the lengths in turn so that a year has long and short ones."""
    return Outages(
        bot=tuple(_drawn(plan, "bot", BOT_DOWN_MINUTES)), smtp=tuple(_drawn(plan, "smtp", SMTP_DOWN_MINUTES))
    )


def _drawn(plan: Plan, what: str, lengths: tuple[int, ...]) -> Iterator[Outage]:
    number = max(1, plan.days // DAYS_BETWEEN)
    share = plan.days * DAY / number
    for turn in range(number):
        chance = plan.chance("outage", what, turn)
        length = lengths[turn % len(lengths)] * MINUTE
        begins = plan.begins + turn * share + chance.random() * max(share - 2 * length, MINUTE)
        begins = begins.replace(second=0, microsecond=0)
        yield Outage(begins=begins, ends=begins + length)
