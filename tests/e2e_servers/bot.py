"""A bot as an operator runs it: a folder of its own, and `mailbot` in processes of its own, on real servers."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from itertools import count
from pathlib import Path
from typing import Any

from mailbot import resources
from mailbot.app import keys
from mailbot.incident import Incident
from mailbot.jobs.marks import POLLED
from mailbot.settings import Settings
from mailbot.settings.load import load_settings
from mailbot.store import OutboxRow, Store
from tests.house import ENVIRON, SAM, report
from tests.servers.dovecot import Dovecot
from tests.servers.scripted_smtp import AcceptedEmail, ScriptedSmtp

BOTS = count(1)
ACKNOWLEDGED_WITHIN = 60.0
"""Seconds; generous, for a busy machine. How long it really takes is measured in benchmarks/."""

STOPS_WITHIN = 30.0


@dataclass
class Bot:
    """A configured bot. ``suffix`` sets its accounts on the shared server apart from those of other tests."""

    folder: Path
    dovecot: Dovecot
    suffix: str
    environ: dict[str, str]
    extra: dict[str, str] = field(default_factory=dict)

    def command(self, *words: str, folder: Path | None = None) -> str:
        """Runs one command to its end; what it printed."""
        words = tuple(self._words(*words))
        environ = self._environ()
        done = subprocess.run(
            words, check=False, env=environ, cwd=folder or self.folder, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def json(self, *words: str) -> Any:
        return json.loads(self.command(*words, "--json"))

    def start(self) -> "subprocess.Popen[bytes]":
        """`mailbot run`, its log in a file beside its configuration."""
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(self._words("run"), env=self._environ(), cwd=self.folder, stdout=log, stderr=log)

    @contextmanager
    def running(self) -> Iterator["subprocess.Popen[bytes]"]:
        """`mailbot run` for a while, ended by SIGTERM; its end must be a clean one."""
        running = self._runs()
        process = self.start()
        try:
            self.wait_for(lambda: self._runs() > running, ACKNOWLEDGED_WITHIN, "a start")
            self.await_poll()
            yield process
            assert process.poll() is None, f"the bot ended by itself\n{self.log()}"
        except BaseException:
            process.kill()
            process.wait()
            raise
        process.send_signal(signal.SIGTERM)
        assert process.wait(STOPS_WITHIN) == 0, self.log()

    def await_poll(self, within: float = ACKNOWLEDGED_WITHIN) -> None:
        """Waits until every mailbox was looked into since now."""
        begun = datetime.now(UTC)
        self.wait_for(lambda: all(at >= begun for at in self._polled()), within, "a look into every mailbox")

    def wait_for(self, is_so: Callable[[], object], within: float, what: str) -> None:
        """Waits until something is so; fails with the bot's log when it is not in time."""
        until = time.monotonic() + within
        while not is_so():
            assert time.monotonic() < until, f"{what} did not happen within {within} s\n{self.log()}"
            time.sleep(0.05)

    def deliver(self, content: bytes, mailbox: str = "ig", folder: str = "INBOX") -> int:
        return self.dovecot.deliver(self.user(mailbox), content, datetime.now(UTC), folder)

    def user(self, mailbox: str) -> str:
        return f"{mailbox}{self.suffix}"

    def log(self) -> str:
        path = self.folder / "log"
        return path.read_text(errors="replace")[-8000:] if path.exists() else ""

    def _runs(self) -> int:
        """How many times a bot on this folder has said that it runs: another one's poll is no sign of this one's start."""
        path = self.folder / "log"
        return path.read_text(errors="replace").count("mailbot runs") if path.exists() else 0

    @cached_property
    def settings(self) -> Settings:
        return load_settings(self.folder / "config", self._environ())

    @contextmanager
    def store(self) -> Iterator[Store]:
        store = Store.connect(self.settings.store.url, keys(self.settings))
        try:
            yield store
        finally:
            store.close()

    def incidents(self) -> tuple[Incident, ...]:
        with self.store() as store, store.reading() as unit:
            return tuple(reversed(unit.incidents.list(limit=None)))

    def outbox(self) -> tuple[OutboxRow, ...]:
        with self.store() as store, store.reading() as unit:
            return tuple(reversed(unit.outbox.list(limit=10_000)))

    def _polled(self) -> tuple[datetime, ...]:
        with self.store() as store, store.reading() as unit:
            marks = [unit.marks.get(POLLED + name) for name in ("it", "ig", "bot")]
        return tuple(one.at if one else datetime.min.replace(tzinfo=UTC) for one in marks)

    def _words(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "mailbot", "--config", str(self.folder / "config"), *words]

    def _environ(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("MAILBOT_")}
        return inherited | self.environ | self.extra


def make_bot(folder: Path, dovecot: Dovecot, smtp: ScriptedSmtp, url: str = "", **settings: str) -> Bot:
    """A bot with the shipped configuration, pointed at the test's servers; it has looked into no mailbox yet."""
    suffix = f"-{os.getpid()}-{next(BOTS)}"
    secrets = {name: ENVIRON[name] for name in ("MAILBOT_KEYS", "MAILBOT_TOKEN_KEY", "MAILBOT_BLIND_KEY")}
    environ = (
        secrets
        | {
            "MAILBOT_SMTP__HOST": "127.0.0.1",
            "MAILBOT_SMTP__PORT": str(smtp.port),
            "MAILBOT_SMTP__SECURITY": "plain",
            "MAILBOT_SMTP__USERNAME": "",
            "MAILBOT_SMTP__PER_MINUTE": "5000",
            "MAILBOT_SMTP__ANSWER_SECONDS": "3",
            "MAILBOT_LIMITS__TOTAL_PER_HOUR": "100000",
            "MAILBOT_LIMITS__PER_ADDRESS_PER_HOUR": "100000",
            "MAILBOT_SCHEDULE__SEND_SECONDS": "1",
            "PYTHONPATH": str(Path(__file__).parents[2]),
        }
        | {f"MAILBOT_{name.upper()}": value for name, value in settings.items()}
    )
    for name in ("it", "ig", "bot"):
        place = f"MAILBOT_MAILBOXES__{name.upper()}__"
        environ |= {
            f"{place}HOST": dovecot.host,
            f"{place}PORT": str(dovecot.port),
            f"{place}SECURITY": "plain",
            f"{place}USERNAME": f"{name}{suffix}",
            f"{place}ANSWER_SECONDS": "10",
            f"MAILBOT_PASSWORD_{name.upper()}": dovecot.password,
        }
        with dovecot.session(f"{name}{suffix}") as connection:
            connection.create("Junk")
    if url:
        environ["MAILBOT_STORE__URL"] = url.replace("postgresql:", "postgresql+psycopg:")
    bot = Bot(folder, dovecot, suffix, environ)
    shutil.copytree(resources.shipped() / "config", folder / "config")
    with bot.store() as store:
        store.migrate()
    return bot


@contextmanager
def away(dovecot: Dovecot) -> Iterator[None]:
    """The mail server is down for as long as this is entered; whoever was connected is cut off."""
    program = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    assert program
    run = partial(subprocess.run, check=True, stdin=subprocess.DEVNULL)
    run([program, "-c", dovecot.folder / "dovecot.conf", "stop"])
    yield
    run([program, "-c", dovecot.folder / "dovecot.conf"])


def a_report(number: int, sender: str = SAM) -> bytes:
    """One report among many: no two have the same words."""
    body = (
        f"What happened: I sent client list number {number} to the wrong care home\n"
        "When did it happen: 20 November 2026, 6pm\nHow many people: 40\n"
    )
    sent = datetime(2026, 11, 20, 18, 0, tzinfo=UTC) + timedelta(minutes=number)
    return report(
        body,
        sender=f"Sam Porter <{sender}>",
        message_id=f"<report-{number}@mail.council.example>",
        date=f"{sent:%a, %d %b %Y %H:%M:%S} +0000",
    )


def acknowledgements(accepted: tuple[AcceptedEmail, ...], address: str = SAM) -> list[AcceptedEmail]:
    """What the mail server accepted for the reporter."""
    return [one for one in accepted if one.recipients == (address,)]
