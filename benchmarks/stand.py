"""What the benchmarks stand on: the real bot on real servers, in a folder that is gone afterwards; and the table they print."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from statistics import median, quantiles

import pytest

from mailbot.app import App, build
from mailbot.settings import MailboxSettings, Settings
from tests.house import council_settings
from tests.servers.dovecot import Dovecot
from tests.servers.scripted_smtp import ScriptedSmtp

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
LIFTED = 10_000_000
ACCOUNTS = count(1)
AT_ONCE = 50


def main(measure: Callable[[], None]) -> None:
    """Runs a benchmark; says plainly which server is missing instead of failing."""
    try:
        measure()
    except pytest.skip.Exception as missing:
        raise SystemExit(f"Not measured: {missing}") from None


@contextmanager
def bot(dovecot: Dovecot, smtp: ScriptedSmtp | None = None) -> Iterator[App]:
    """The whole bot with its own Dovecot accounts, SQLite, reader process and no rate limits; it has never polled."""
    with tempfile.TemporaryDirectory(prefix="mailbot-bench-") as folder:
        settings = _at(council_settings(Path(folder)), dovecot, smtp)
        app = build(settings)
        app.store.migrate()
        try:
            yield app
        finally:
            app.close()


def fill(dovecot: Dovecot, account: str, mails: Sequence[bytes], folder: str = "INBOX") -> None:
    """Puts messages into a mailbox over one connection."""
    with dovecot.session(account) as connection:
        connection.create("Junk")
        for content in mails:
            answer, said = connection.append(folder, "", None, content)
            if answer != "OK":
                raise SystemExit(f"Dovecot refused a message: {said!r}")


def table(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Prints a table in Markdown, ready for docs/benchmarks.md."""
    widths = [max(len(row[at]) for row in (headings, *rows)) for at in range(len(headings))]
    print(f"\n**{title}**\n")
    print("| " + " | ".join(cell.ljust(width) for cell, width in zip(headings, widths, strict=True)) + " |")
    print("| " + " | ".join("-" * width for width in widths) + " |")
    for row in rows:
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |")


def middle_and_worst(seconds: Sequence[float]) -> tuple[str, str]:
    """Median and 99th percentile, in milliseconds."""
    worst = quantiles(seconds, n=100, method="inclusive")[98] if len(seconds) > 1 else seconds[0]
    return f"{median(seconds) * 1000:.0f} ms", f"{worst * 1000:.0f} ms"


def _at(settings: Settings, dovecot: Dovecot, smtp: ScriptedSmtp | None) -> Settings:
    number = next(ACCOUNTS)
    mailboxes = tuple(_box(one, dovecot, f"{one.name}-bench{number}") for one in settings.mailboxes)
    way_out = settings.smtp.but(
        host="127.0.0.1", port=smtp.port if smtp else 9, security="plain", username="", per_minute=LIFTED
    )
    limits = settings.limits.but(per_address_per_hour=LIFTED, total_per_hour=LIFTED)
    return settings.but(mailboxes=mailboxes, smtp=way_out, limits=limits)


def _box(settings: MailboxSettings, dovecot: Dovecot, username: str) -> MailboxSettings:
    return settings.but(host=dovecot.host, port=dovecot.port, security="plain", username=username)
