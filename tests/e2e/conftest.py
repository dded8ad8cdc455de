"""Whole bots for the tests of this folder, each on a database of its own that is already migrated."""

import copy
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from mailbot.app import build, keys
from mailbot.settings import Settings, reading_rules
from mailbot.store import Store
from mailbot.testing import CountingIds, FixedClock, InMemoryMailbox, InProcessReader, RecordingSender
from tests.e2e.mails import WRONG_CARE_HOME
from tests.house import FRIDAY_EVENING, House, council_settings, report

Change = Callable[[Settings], Settings]
MakeHouse = Callable[..., House]
AnotherBot = Callable[..., House]


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The shipped configuration, read once, with a database that has its tables and nothing in them."""
    folder = tmp_path_factory.mktemp("shipped")
    settings = council_settings(folder, f"sqlite:///{folder}/empty.db")
    store = Store.connect(settings.store.url, keys(settings))
    store.migrate()
    store.close()
    return settings


def on_a_copy(settings: Settings, database: Path) -> Settings:
    """The same settings with a copy of their database."""
    shutil.copy(settings.store.url.removeprefix("sqlite:///"), database)
    return settings.but(store=settings.store.but(url=f"sqlite:///{database}"))


def bot_on(house: House, settings: Settings) -> House:
    """A bot on the mailboxes, mail server and clock of a house; it has not looked into the mailboxes yet."""
    app = build(
        settings,
        house.clock,
        ids=house.app.ids,
        mailboxes=house.mailboxes,
        sender=house.sender,
        reader=InProcessReader(reading_rules(settings)),
    )
    return replace(house, app=app)


def house_at(settings: Settings, at: datetime = FRIDAY_EVENING) -> House:
    """A bot whose mailboxes have been looked into once, so that what comes next is new."""
    clock, sender = FixedClock(at), RecordingSender()
    mailboxes = {one.name: InMemoryMailbox(one.name, one.folders) for one in settings.mailboxes}
    reader = InProcessReader(reading_rules(settings))
    app = build(settings, clock, ids=CountingIds(), mailboxes=mailboxes, sender=sender, reader=reader)
    house = House(app, clock, mailboxes, sender)
    house.poll()
    return house


@pytest.fixture
def new_house(tmp_path: Path, shipped: Settings) -> Iterator[MakeHouse]:
    """Makes a bot (``at``: the moment, ``change``: of the settings) and lets go of it after the test."""
    made: list[House] = []

    def make(at: datetime = FRIDAY_EVENING, change: Change = lambda one: one) -> House:
        made.append(house_at(change(on_a_copy(shipped, tmp_path / f"house-{len(made)}.db")), at))
        return made[-1]

    yield make
    for house in made:
        house.app.close()


@pytest.fixture
def house(new_house: MakeHouse) -> House:
    """A bot on the evening of Friday, 20 November 2026."""
    return new_house()


@pytest.fixture
def another_bot(tmp_path: Path, shipped: Settings) -> Iterator[AnotherBot]:
    """Makes one more bot on a house's mailboxes, mail server and clock: on its database, or (``empty``) on a new one."""
    made: list[House] = []

    def make(house: House, *, empty: bool = False) -> House:
        settings = on_a_copy(shipped, tmp_path / f"another-{len(made)}.db") if empty else house.app.settings
        made.append(bot_on(house, settings))
        return made[-1]

    yield make
    for house in made:
        house.app.close()


@pytest.fixture(scope="session")
def after_a_report(tmp_path_factory: pytest.TempPathFactory, shipped: Settings) -> House:
    """A bot that has taken in one report and told everybody; let go of, to be copied."""
    house = house_at(on_a_copy(shipped, tmp_path_factory.mktemp("after-a-report") / "mailbot.db"))
    house.deliver(report(WRONG_CARE_HOME))
    house.round()
    house.app.close()
    return house


@pytest.fixture
def reported(after_a_report: House, tmp_path: Path) -> Iterator[House]:
    """A report is in, everybody was told, and nobody has answered yet."""
    settings = on_a_copy(after_a_report.app.settings, tmp_path / "reported.db")
    mailboxes, sender, clock = copy.deepcopy((after_a_report.mailboxes, after_a_report.sender, after_a_report.clock))
    house = bot_on(House(after_a_report.app, clock, mailboxes, sender), settings)
    house.app.ids = copy.copy(house.app.ids)
    yield house
    house.app.close()


@pytest.fixture
def waiting(house: House) -> House:
    """A report is taken in, and its mail waits in the outbox."""
    house.deliver(report(WRONG_CARE_HOME))
    house.poll()
    return house
