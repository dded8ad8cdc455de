"""The real bot with the configuration that it ships with, wired to the demo's servers, clock and identifiers."""

import hashlib
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pydantic import SecretStr

from mailbot import resources
from mailbot.app import App, build, imap_mailbox, keys
from mailbot.demo.script import Script
from mailbot.demo.servers import HOST, PASSWORD, MailServers
from mailbot.demo.witness import WitnessedMailbox
from mailbot.settings import Settings, load_settings
from mailbot.settings.model import KeySettings
from mailbot.store import Store
from mailbot.testing import CountingIds, FixedClock

# Nothing real is ever sealed with these: they make each run the same.
SEAL = SecretStr("bm90aGluZyByZWFsIGlzIHNlYWxlZCB3aXRoIHRoaXM=")
PARTNERS = ("oakfield-house.example",)
OPEN_SECRET = SecretStr("the demo's key is no secret")


def demo_settings(servers: MailServers, database: Path, script: Script) -> Settings:
    """The shipped settings, with plain connections to the demo's servers, a database of its own and what the story needs."""
    shipped = _shipped()
    here = {"host": HOST, "security": "plain", "password": SecretStr(PASSWORD)}
    mailboxes = tuple(one.but(**here, port=servers.imap_port, idle=False) for one in shipped.mailboxes)
    organisation, procedure = shipped.organisation, shipped.procedure
    return shipped.but(
        organisation=organisation.but(deputies=organisation.deputies | script.deputies),
        procedure=procedure.but(reference=procedure.reference.but(first_number=script.first_number)),
        triage=shipped.triage.but(partner_domains=PARTNERS),
        mailboxes=mailboxes,
        smtp=shipped.smtp.but(host=HOST, port=servers.smtp_port, security="plain", username=""),
        store=shipped.store.but(url=f"sqlite:///{database}"),
        keys=KeySettings(seal=(SEAL,), token=OPEN_SECRET, blind=OPEN_SECRET),
    )


@cache
def _shipped() -> Settings:
    """Read once for all stories: its rules are compiled when they are first used, which takes seconds."""
    return load_settings(resources.shipped() / "config", {}, need_secrets=False)


def demo_app(settings: Settings, clock: FixedClock) -> tuple[App, Mapping[str, WitnessedMailbox]]:
    """The bot, wired, with its tables made, and the witnesses at its mailboxes."""
    stopping = threading.Event()
    witnesses = {one.name: WitnessedMailbox(imap_mailbox(one, stopping)) for one in settings.mailboxes}
    salts = CountingIds()
    store = Store.connect(
        settings.store.url, keys(settings), lambda: hashlib.sha256(salts.new().encode()).digest()[:16]
    )
    store.migrate()
    return build(settings, clock, ids=CountingIds(), mailboxes=witnesses, store=store), witnesses
