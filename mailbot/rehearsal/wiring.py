"""The real bot with the council's own configuration, but with its store in a folder of its own and all mail in memory."""

import hashlib
from pathlib import Path
from typing import NamedTuple

from pydantic import SecretStr

from mailbot.app import App, build, keys
from mailbot.rehearsal.plan import Plan
from mailbot.settings import Settings, reading_rules
from mailbot.settings.model import KeySettings
from mailbot.store import Store
from mailbot.testing import CountingIds, FixedClock, InMemoryMailbox, InProcessReader, RecordingSender

DATABASE = "mailbot.db"
OPEN = "a rehearsal has no secrets to keep"


class Stage(NamedTuple):
    """The bot and what stands around it in place of servers. ``database`` is the file of its store."""

    app: App
    clock: FixedClock
    mailboxes: dict[str, InMemoryMailbox]
    sender: RecordingSender
    database: Path


def rehearsal_settings(settings: Settings, plan: Plan, database: Path) -> Settings:
    """The council's settings without its servers, store, secrets and monitors; mail goes to its readers, not to a shadow.

    What is sent goes as many at once as a minute allows: nobody has to connect.
    """
    seal = SecretStr("bm90aGluZyByZWFsIGlzIHNlYWxlZCB3aXRoIHRoaXM=")
    reference = settings.procedure.reference
    return settings.but(
        procedure=settings.procedure.but(reference=reference.but(first_number=reference.first_number + plan.first - 1)),
        smtp=settings.smtp.but(connections=settings.smtp.per_minute),
        store=settings.store.but(url=f"sqlite:///{database}"),
        keys=KeySettings(seal=(seal,), token=SecretStr(OPEN), blind=SecretStr(OPEN)),
        shadow_to="",
        heartbeat_url="",
        heartbeat_file="",
    )


def set_stage(settings: Settings, plan: Plan, folder: Path) -> Stage:
    """The bot, wired, with its tables made, before it has looked into any mailbox. Raises ``StoreError``."""
    database = folder / DATABASE
    rehearsed = rehearsal_settings(settings, plan, database)
    clock, sender, salts = FixedClock(plan.begins), RecordingSender(), CountingIds()
    mailboxes = {one.name: InMemoryMailbox(one.name, one.folders) for one in rehearsed.mailboxes}
    store = Store.connect(
        rehearsed.store.url,
        keys(rehearsed),
        lambda: hashlib.sha256(salts.new().encode()).digest()[:16],
        durable=False,
    )
    store.migrate()
    store.mark_rehearsal(plan.begins)
    app = build(
        rehearsed,
        clock,
        ids=CountingIds(),
        mailboxes=mailboxes,
        sender=sender,
        reader=InProcessReader(reading_rules(rehearsed)),
        store=store,
    )
    return Stage(app, clock, mailboxes, sender, database)
