"""One rehearsal from its plan to its outcome: the parts of a year side by side, each in a process and a store of its own."""

import gc
import logging
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path

from mailbot.app import App
from mailbot.assessment import Classification
from mailbot.mail import FrozenEmail
from mailbot.procedure.conditions import all_hold
from mailbot.rehearsal.books import Books
from mailbot.rehearsal.counting import Recount
from mailbot.rehearsal.habits import Habits
from mailbot.rehearsal.kept import Keeper
from mailbot.rehearsal.ladders import OfficeDays
from mailbot.rehearsal.outcome import Outcome, count_outcome, together
from mailbot.rehearsal.people import People
from mailbot.rehearsal.plan import Outage, Plan, draw_outages
from mailbot.rehearsal.reports import draw_reports
from mailbot.rehearsal.seen import Seen
from mailbot.rehearsal.wiring import set_stage
from mailbot.rehearsal.words import Directory
from mailbot.rehearsal.year import Year
from mailbot.settings import Settings

Say = Callable[[datetime], None]

ENOUGH_FOR_TWO = 100
"""From so many incidents on a year is dealt out over two stores, which keep two cores busy."""


def quiet(_moment: datetime) -> None:
    """Says nothing of how far a rehearsal has come."""


def rehearse(settings: Settings, plan: Plan, *, keep: Path | None = None, say: Say = quiet) -> Outcome:
    """Plays the plan with the council's settings and counts.

    ``keep``: a folder that gets every mail, every duty and the database; without it all is gone afterwards. ``say`` is
    told the moment that was come to, now and then. How many stores there are depends on the plan alone, so that the
    same seed gives the same figures on any machine. Raises ``StoreError``.
    """
    begun = time.perf_counter()
    parts = plan.parted(2 if plan.incidents >= ENOUGH_FOR_TWO else 1)
    with _folders(keep, len(parts)) as folders:
        if len(parts) == 1:
            outcomes = [play(settings, plan, folders[0], kept=keep is not None, say=say)]
        else:
            outcomes = _side_by_side(settings, parts, folders, kept=keep is not None, say=say)
    return together(outcomes, time.perf_counter() - begun)


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Has Python look for rubbish seldom: nearly all that a year makes goes away by itself, and what stays stays long."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def hush() -> None:
    """Leaves out of the log what belongs to the story: addresses that are refused, mailboxes that fail."""
    logging.getLogger("mailbot").setLevel(logging.ERROR)


def play(settings: Settings, plan: Plan, folder: Path, *, kept: bool, say: Say = quiet) -> Outcome:
    """Plays one part in its folder, in this process."""
    stage = set_stage(settings, plan, folder)
    app = stage.app
    outages, habits = draw_outages(plan), Habits(plan, app.settings.organisation, app.rules.calendar)
    gateway = next(iter(app.settings.intake.authserv_ids), "")
    with seldom_collected(), closing(app), closing(Books(stage.database)) as books:
        watcher = Watcher(_recount(app, books), Keeper(folder) if kept else None)
        people = People(
            plan, app.settings.organisation, habits, _directory(app), bot=app.settings.bot.address, gateway=gateway
        )
        year = Year(plan, stage, outages, people, habits, gateway, watcher, books)
        year.expect(draw_reports(plan, app.settings.organisation))
        year.run(say)
        return watcher.outcome(books, outages.bot)


class Watcher:
    """Watches a year: counts it again, and keeps what is to be kept of it."""

    def __init__(self, recount: Recount, keeper: Keeper | None) -> None:
        self._recount = recount
        self._keeper = keeper

    def delivered(self, at: datetime, email: FrozenEmail, mail: Seen) -> None:
        """A mail left."""
        self._recount.delivered(at, email.recipient, mail)
        if self._keeper:
            self._keeper.keep(email)

    def count_again(self, now: datetime) -> None:
        """It is time to count."""
        self._recount.count_again(now)

    def outcome(self, books: Books, outages: Sequence[Outage]) -> Outcome:
        """What the year came to; what is to be kept of the duties is written."""
        matching = self._recount.finish()
        if self._keeper:
            self._keeper.keep_duties(books, self._recount, matching)
        return count_outcome(self._recount, books.duties(), books.incidents(), outages)


def _recount(app: App, books: Books) -> Recount:
    calendar = app.rules.calendar
    days = OfficeDays(calendar.opens, calendar.closes, calendar.shut_on)

    def holds(incident_id: str, conditions: tuple[str, ...]) -> bool:
        with app.store.reading() as unit:
            incident = unit.incidents.get(incident_id)
        return incident is not None and all_hold(conditions, incident)

    return Recount(app.rules.procedure, days, books, holds)


def _directory(app: App) -> Directory:
    organisation = app.settings.organisation
    return Directory(
        staff=tuple(organisation.people.values()),
        groups=tuple(one.name for one in organisation.groups),
        types=app.rules.classification.values(Classification.INCIDENT_TYPE),
    )


def _side_by_side(
    settings: Settings, parts: Sequence[Plan], folders: Sequence[Path], *, kept: bool, say: Say
) -> list[Outcome]:
    """The first part in this process, whose progress stands for all, the others each in one of its own."""
    with ProcessPoolExecutor(len(parts) - 1, get_context("spawn"), initializer=hush) as pool:
        others = [
            pool.submit(play, settings, plan, folder, kept=kept)
            for plan, folder in zip(parts[1:], folders[1:], strict=True)
        ]
        first = play(settings, parts[0], folders[0], kept=kept, say=say)
        return [first, *(one.result() for one in others)]


@contextmanager
def _folders(keep: Path | None, number: int) -> Iterator[list[Path]]:
    """A folder for each store: below ``keep``, or one that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="mailbot-rehearsal-") as passing:
        base = keep or Path(passing)
        folders = [base] if number == 1 else [base / f"part-{turn}" for turn in range(1, number + 1)]
        for folder in folders:
            folder.mkdir(parents=True, exist_ok=True)
        yield folders
