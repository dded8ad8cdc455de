"""The wiring: the one place that names concrete adapters. Everything is validated before anything is opened."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from mailbot.clock import SystemClock
from mailbot.errors import SettingsError
from mailbot.holder import new_holder
from mailbot.notify.rules import Identity, NotifyRules
from mailbot.notify.tokens import Tokens
from mailbot.pipeline.outcome import Deciding
from mailbot.ports import Clock, Ids, Mailbox, Press, Reader, Sender
from mailbot.press.typesetting import TypstPress
from mailbot.procedure.calendar import build_calendar
from mailbot.procedure.rules import Rules
from mailbot.settings import (
    MailboxSettings,
    Settings,
    SmtpSettings,
    identity,
    notify_rules,
    organisation_version,
    procedure_rules,
    reading_rules,
    reread_organisation,
)
from mailbot.store import Keys, Store
from mailbot.transport.credentials import Password
from mailbot.transport.imap import ImapAccess, ImapMailbox
from mailbot.transport.reader_worker import ReaderLimits
from mailbot.transport.sandbox import Sandbox
from mailbot.transport.smtp import SmtpAccess, SmtpSender

CALENDAR_YEARS = 3
"""How many years ahead bank holidays are worked out: a duty's date never lies beyond them."""


class RandomIds:
    """Identifiers nobody can guess."""

    def new(self) -> str:
        """A new identifier: 32 lower-case hexadecimal digits."""
        return uuid4().hex


@dataclass(frozen=True)
class Writing:
    """What is needed to decide and to write, made from the settings; made anew when the directory changes."""

    settings: Settings
    identity: Identity
    tokens: Tokens
    rules: Rules
    notify: NotifyRules
    deciding: Deciding
    directory_version: tuple[int, ...]


class App:
    """The bot, wired. ``watchers`` are connections of their own that only wait for news (IDLE)."""

    def __init__(
        self,
        *,
        writing: Writing,
        store: Store,
        mailboxes: Mapping[str, Mailbox],
        watchers: Mapping[str, Mailbox],
        sender: Sender,
        reader: Reader,
        press: Press,
        clock: Clock,
        ids: Ids,
        stopping: threading.Event,
    ) -> None:
        self.writing = writing
        self.store = store
        self.mailboxes = mailboxes
        self.watchers = watchers
        self.sender = sender
        self.reader = reader
        self.press = press
        self.clock = clock
        self.ids = ids
        self.holder = new_holder()
        self.stopping = stopping

    @property
    def settings(self) -> Settings:
        return self.writing.settings

    @property
    def rules(self) -> Rules:
        return self.writing.rules

    @property
    def notify(self) -> NotifyRules:
        return self.writing.notify

    @property
    def tokens(self) -> Tokens:
        return self.writing.tokens

    def reread_directory(self) -> bool:
        """Takes a changed organisation.toml or staff.csv into use; True when it did.

        Raises ``SettingsError`` where the new files cannot be used: the directory of before stays in use.
        """
        if organisation_version(self.settings.folder) == self.writing.directory_version:
            return False
        self.writing = make_writing(reread_organisation(self.settings), self.clock)
        return True

    def close(self) -> None:
        """Lets go of every connection, process and file. Never raises."""
        self.stopping.set()
        for mailbox in (*self.watchers.values(), *self.mailboxes.values()):
            mailbox.close()
        self.sender.close()
        self.reader.close()
        self.press.close()
        self.store.close()


def build(
    settings: Settings,
    clock: Clock | None = None,
    *,
    ids: Ids | None = None,
    mailboxes: Mapping[str, Mailbox] | None = None,
    sender: Sender | None = None,
    reader: Reader | None = None,
    press: Press | None = None,
    store: Store | None = None,
) -> App:
    """The whole bot from its settings; what is given (a test's doubles) stands in for the real thing.

    Opens no connection: each is made when it is first used. Raises ``SettingsError`` or ``StoreError``.
    """
    clock = clock or SystemClock()
    stopping = threading.Event()
    writing = make_writing(settings, clock)
    return App(
        writing=writing,
        store=store or Store.connect(settings.store.url, keys(settings)),
        mailboxes=mailboxes or {one.name: imap_mailbox(one, stopping) for one in settings.mailboxes},
        watchers={one.name: imap_mailbox(one, stopping) for one in settings.mailboxes if one.idle and not mailboxes},
        sender=sender or smtp_sender(settings.smtp),
        reader=reader or sandbox(settings),
        press=press or typst_press(settings),
        clock=clock,
        ids=ids or RandomIds(),
        stopping=stopping,
    )


def keys(settings: Settings) -> Keys:
    """The keys of the store, from the environment."""
    return Keys(seal=settings.keys.seal, blind=settings.keys.blind)


def make_writing(settings: Settings, clock: Clock) -> Writing:
    """The rules and words that follow from the settings."""
    procedure = settings.procedure
    bot = identity(settings)
    key = settings.keys.token.get_secret_value().encode()
    if not key:
        raise SettingsError(["MAILBOT_TOKEN_KEY: is not set; `mailbot init` makes one"])
    tokens = Tokens(key, bot)
    year = clock.now().year
    calendar = build_calendar(procedure.calendar, range(year - CALENDAR_YEARS, year + CALENDAR_YEARS + 1))
    rules = procedure_rules(settings, calendar)
    desks = {one.name: one.desk for one in settings.mailboxes}
    return Writing(
        settings=settings,
        identity=bot,
        tokens=tokens,
        rules=rules,
        notify=notify_rules(settings),
        deciding=Deciding(rules, settings.triage, tokens, desks),
        directory_version=organisation_version(settings.folder),
    )


def imap_mailbox(settings: MailboxSettings, stopping: threading.Event) -> ImapMailbox:
    """A mailbox on its server, with the password of the environment."""
    access = ImapAccess(
        name=settings.name,
        host=settings.host,
        port=settings.port,
        security=settings.security,
        username=settings.username,
        connect_within=timedelta(seconds=settings.connect_seconds),
        answer_within=timedelta(seconds=settings.answer_seconds),
        ca_file=settings.ca_file,
        idle=settings.idle,
    )
    return ImapMailbox(access, lambda: Password(value=settings.password), stopping.is_set)


def smtp_sender(settings: SmtpSettings) -> SmtpSender:
    """The mail server that takes what is sent."""
    access = SmtpAccess(
        host=settings.host,
        port=settings.port,
        security=settings.security,
        username=settings.username or None,
        connections=settings.connections,
        answer_within=timedelta(seconds=settings.answer_seconds),
        ca_file=settings.ca_file,
        local_hostname=settings.local_hostname or None,
    )
    return SmtpSender(access, lambda: Password(value=settings.password))


def sandbox(settings: Settings) -> Sandbox:
    """The process that reads what strangers sent."""
    limits = ReaderLimits.model_validate(settings.reader.model_dump())
    return Sandbox(reading_rules(settings), limits)


def typst_press(settings: Settings) -> TypstPress:
    """Where letters to people affected become PDF; loads nothing before the first one."""
    return TypstPress(settings.letters.layout)
