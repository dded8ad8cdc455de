"""A whole bot for tests: real steps, real store, doubles for mailboxes, mail server and time."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from zoneinfo import ZoneInfo

from mailbot import resources
from mailbot.app import App, build
from mailbot.incident import Incident
from mailbot.jobs.digests import send_digests
from mailbot.jobs.follow import follow_duties
from mailbot.jobs.poll import PollReport, poll_mailboxes
from mailbot.jobs.send import send_outbox
from mailbot.mail import FrozenEmail, MessageKey
from mailbot.settings import Settings, reading_rules
from mailbot.settings.load import load_settings
from mailbot.store import OutboxRow
from mailbot.terms import Queue
from mailbot.testing import CountingIds, FixedClock, InMemoryMailbox, InProcessReader, RecordingSender

LONDON = ZoneInfo("Europe/London")
FRIDAY_EVENING = datetime(2026, 11, 20, 19, 30, tzinfo=LONDON)

ENVIRON = {
    "MAILBOT_KEYS": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
    "MAILBOT_TOKEN_KEY": "t" * 40,
    "MAILBOT_BLIND_KEY": "b" * 40,
    "MAILBOT_PASSWORD_IT": "secret",
    "MAILBOT_PASSWORD_IG": "secret",
    "MAILBOT_PASSWORD_BOT": "secret",
    "MAILBOT_SMTP_PASSWORD": "secret",
}

SAM = "sam.porter@council.example"
SAMS_MANAGER = "jo.fenn@council.example"
GROUP_MANAGER = "hanna.brook@council.example"
DPO = "priya.nand@council.example"
IG_DESK = "data.protection@council.example"
IT_DESK = "itservicedesk@council.example"
VERDICT = (
    "mx.council.example; spf=pass smtp.mailfrom=council.example; dkim=pass; dmarc=pass header.from=council.example"
)


def council_settings(folder: Path, url: str = "") -> Settings:
    """The shipped configuration, copied into a folder, with a database in it unless a URL is given."""
    shutil.copytree(resources.shipped() / "config", folder / "config", dirs_exist_ok=True)
    settings = load_settings(folder / "config", ENVIRON)
    return settings.but(store=settings.store.but(url=url)) if url else settings


@dataclass
class House:
    """The bot with everything around it that a test moves."""

    app: App
    clock: FixedClock
    mailboxes: dict[str, InMemoryMailbox]
    sender: RecordingSender

    def deliver(self, content: bytes, mailbox: str = "ig", at: datetime | None = None) -> MessageKey:
        return self.mailboxes[mailbox].deliver(content, at or self.clock.now())

    def poll(self) -> tuple[PollReport, ...]:
        return poll_mailboxes(self.app)

    def round(self) -> None:
        """Everything the heartbeat calls, once, until the outbox is empty."""
        self.poll()
        self.work()

    def work(self) -> None:
        follow_duties(self.app)
        send_digests(self.app)
        while send_outbox(self.app):
            self.clock.pass_by(timedelta(minutes=1))

    def pass_by(self, length: timedelta) -> None:
        self.clock.pass_by(length)

    def incidents(self) -> tuple[Incident, ...]:
        with self.app.store.reading() as unit:
            return tuple(reversed(unit.incidents.list(limit=None)))

    def incident(self) -> Incident:
        found = self.incidents()
        assert len(found) == 1, [one.reference for one in found]
        return found[0]

    def outbox(self) -> tuple[OutboxRow, ...]:
        with self.app.store.reading() as unit:
            return tuple(reversed(unit.outbox.list(limit=10_000)))

    def rows_to(self, address: str) -> list[OutboxRow]:
        return [row for row in self.outbox() if row.email.recipient == address]

    def sent_to(self, address: str) -> list[EmailMessage]:
        return [parsed(one) for one in self.sender.sent_to(address)]

    def templates_to(self, address: str) -> list[str]:
        return [row.email.template for row in self.outbox() if row.email.recipient == address]


def parsed(email: FrozenEmail) -> EmailMessage:
    """A sent message as a mail client reads it."""
    return message_from_bytes(email.content, policy=policy.default)


def text_of(email: EmailMessage) -> str:
    part = email.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def html_of(email: EmailMessage) -> str:
    part = email.get_body(("html",))
    return str(part.get_content()) if part else ""


def make_house(
    folder: Path, at: datetime = FRIDAY_EVENING, change: Callable[[Settings], Settings] = lambda one: one, url: str = ""
) -> House:
    """A bot whose mailboxes have been looked into once, so that what comes next is new."""
    settings = change(council_settings(folder, url))
    clock, sender = FixedClock(at), RecordingSender()
    mailboxes = {one.name: InMemoryMailbox(one.name, one.folders) for one in settings.mailboxes}
    reader = InProcessReader(reading_rules(settings))
    app = build(settings, clock, ids=CountingIds(), mailboxes=mailboxes, sender=sender, reader=reader)
    app.store.migrate()
    house = House(app, clock, mailboxes, sender)
    house.poll()
    return house


def report(
    body: str,
    *,
    sender: str = f"Sam Porter <{SAM}>",
    subject: str = "Urgent Data Incident",
    message_id: str = "<report-1@mail.council.example>",
    to: str = IG_DESK,
    date: str = "Fri, 20 Nov 2026 19:29:00 +0000",
    **headers: str,
) -> bytes:
    """A plain report as the council's gateway delivers it; a header given as "" is left out."""
    fields = {
        "Authentication-Results": VERDICT,
        "From": sender,
        "To": to,
        "Subject": subject,
        "Date": date,
        "Message-ID": message_id,
        "MIME-Version": "1.0",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": "8bit",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{name}: {value}" for name, value in fields.items() if value]
    return ("\r\n".join(lines) + "\r\n\r\n" + body.replace("\n", "\r\n") + "\r\n").encode()


def answer_to(
    email: EmailMessage,
    body: str,
    sender: str = SAM,
    *,
    message_id: str = "<answer-1@mail.council.example>",
    **headers: str,
) -> bytes:
    """A person's reply to a mail of the bot, quoting it, to its Reply-To address."""
    quoted = "\n".join(f"> {line}" for line in text_of(email).splitlines())
    return report(
        f"{body}\n\nOn Friday, {email['From']} wrote:\n{quoted}",
        sender=sender,
        subject=f"Re: {email['Subject']}",
        message_id=message_id,
        to=str(email["Reply-To"]),
        In_Reply_To=str(email["Message-ID"]),
        References=str(email["Message-ID"]),
        **headers,
    )


def desk_name(queue: Queue) -> str:
    return queue.desk
