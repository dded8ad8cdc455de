"""Everything a council configures, as one frozen value. What each key means stands in docs/configuration.md."""

from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, create_model

from mailbot.intake.rules import IntakeRules
from mailbot.letters.letter_rules import LetterRules
from mailbot.letters.rules import ListRules
from mailbot.mail import Handling
from mailbot.notify.templates import Templates
from mailbot.organisation import Organisation
from mailbot.parse.assessment_rules import AssessmentForm
from mailbot.parse.investigation_rules import InvestigationForm
from mailbot.parse.rules import FormRules
from mailbot.procedure.rules import ProcedureRules
from mailbot.terms import Queue
from mailbot.triage.rules import TriageRules
from mailbot.value import Value


def read_address(written: str) -> str:
    """An email address in lower case; raises ``ValueError`` in plain words."""
    try:
        validate_email(written, check_deliverability=False, test_environment=True)
    except EmailNotValidError as problem:
        raise ValueError(f"{written!r} is not an email address: {problem}") from None
    return written.lower()


def _desk(written: object) -> object:
    if isinstance(written, str) and written not in {"it", "ig", "bot"}:
        raise ValueError('must be "it", "ig" or "bot"')
    return None if written == "bot" else written


EmailAddress = Annotated[str, AfterValidator(read_address)]
Security = Literal["tls", "starttls", "plain"]
Port = Annotated[int, Field(ge=1, le=65535)]
Count = Annotated[int, Field(ge=1)]


class BotSettings(Value):
    """Who the bot is in its mails. ``plus_addresses``: its server delivers ``name+anything@…`` to it."""

    name: str = "Data incident mailbot"
    address: EmailAddress
    plus_addresses: bool = True


class MailboxTable(Value):
    """One ``[mailboxes.NAME]``: an IMAP account to read.

    ``desk`` is the desk whose shared mailbox it is, None for the bot's own ("bot" in the file).
    """

    desk: Annotated[Queue | None, BeforeValidator(_desk)]
    host: Annotated[str, Field(min_length=1)]
    port: Port = 993
    security: Security = "tls"
    username: Annotated[str, Field(min_length=1)]
    folders: Annotated[tuple[str, ...], Field(min_length=1)] = ("INBOX",)
    handled: Handling = Handling.LEAVE
    handled_target: str = ""
    idle: bool = True
    connect_seconds: Count = 10
    answer_seconds: Count = 60
    ca_file: Path | None = None


class MailboxSettings(MailboxTable):
    """A mailbox with the name of its table and the password that the environment holds."""

    name: str
    password: SecretStr = SecretStr("")


class SmtpTable(Value):
    """``[smtp]``, the way out. Three connections and thirty mails a minute are what Exchange Online allows one mailbox."""

    host: Annotated[str, Field(min_length=1)]
    port: Port = 587
    security: Security = "starttls"
    username: str = ""
    connections: Count = 3
    per_minute: Count = 30
    answer_seconds: Count = 60
    ca_file: Path | None = None
    local_hostname: str = ""


class SmtpSettings(SmtpTable):
    """The way out with the password that the environment holds."""

    password: SecretStr = SecretStr("")


class StoreSettings(Value):
    """The database as an SQLAlchemy URL: ``sqlite:///…`` (relative to the folder above config/) or ``postgresql+psycopg://…``."""

    url: str = "sqlite:///mailbot.db"


class KeySettings(Value):
    """The keys of the environment: ``seal`` encrypts (newest first, all of them open), ``token`` proves answers, ``blind`` finds."""

    seal: tuple[SecretStr, ...] = ()
    token: SecretStr = SecretStr("")
    blind: SecretStr = SecretStr("")


class ReaderSettings(Value):
    """Limits of the process that reads what strangers send, for one message; megabytes are of 1,048,576 bytes."""

    memory_mb: Annotated[int, Field(ge=128)] = 768
    seconds: Count = 20
    output_mb: Count = 16
    recycle_after: Count = 200


class ScheduleSettings(Value):
    """How often the jobs look. What is due stands in the database: a late look sends late, it forgets nothing."""

    poll_seconds: Count = 60
    send_seconds: Count = 5
    tick_seconds: Count = 60
    digest_at: time = time(8, 0)


class LimitSettings(Value):
    """Caps that stop a loop or a flood, in mails an hour: to one address, and in all.

    ``incidents_per_hour``: beyond so many new incidents, desks and DPO are told of them together. Only ``answers`` are capped, the templates sent because a mail came in: a duty's mail cannot take part in a loop.
    """

    per_address_per_hour: Count = 20
    total_per_hour: Count = 600
    incidents_per_hour: Count = 30
    answers: tuple[str, ...] = (
        "acknowledgement",
        "acknowledgement_outside",
        "acknowledgement_safety",
        "report_missing",
        "receipt",
        "receipts",
        "answer_unclear",
        "answer_held",
        "follow_up_notice",
        "came_again",
        "already_reported",
        "passed_on",
    )


class DigestSettings(Value):
    """``[digests]``: whether mails that wait for one reader leave as one, and of how many at ``most``."""

    gather: bool = True
    most: Annotated[int, Field(ge=2)] = 25


class MailbotFile(Value):
    """mailbot.toml as written. ``intake`` is read with the bot's address and the council's domains beside it."""

    shadow_to: str = ""
    heartbeat_url: str = ""
    heartbeat_file: str = ""
    bot: BotSettings
    mailboxes: Annotated[dict[str, MailboxTable], Field(min_length=1)]
    smtp: SmtpTable
    store: StoreSettings = StoreSettings()
    reader: ReaderSettings = ReaderSettings()
    schedule: ScheduleSettings = ScheduleSettings()
    limits: LimitSettings = LimitSettings()
    digests: DigestSettings = DigestSettings()
    intake: dict[str, Any] = {}


AllKeys = create_model("AllKeys", __base__=MailbotFile, intake=(IntakeRules, ...))
"""The shape of mailbot.toml with every key spelt out: what the environment may set, and what is documented."""


class Settings(Value):
    """All of it. ``folder`` is where mailbot.toml lies."""

    folder: Path
    bot: BotSettings
    mailboxes: tuple[MailboxSettings, ...]
    smtp: SmtpSettings
    store: StoreSettings = StoreSettings()
    keys: KeySettings = KeySettings()
    reader: ReaderSettings = ReaderSettings()
    schedule: ScheduleSettings = ScheduleSettings()
    limits: LimitSettings = LimitSettings()
    digests: DigestSettings = DigestSettings()
    shadow_to: str = ""
    heartbeat_url: str = ""
    heartbeat_file: str = ""
    organisation: Organisation
    intake: IntakeRules
    form: FormRules
    investigation_form: InvestigationForm
    assessment_form: AssessmentForm
    triage: TriageRules
    procedure: ProcedureRules
    list_rules: ListRules
    templates: Templates
    letters: LetterRules

    def mailbox(self, name: str) -> MailboxSettings:
        """The mailbox of that name; raises ``KeyError`` where none is called so."""
        for one in self.mailboxes:
            if one.name == name:
                return one
        raise KeyError(name)
