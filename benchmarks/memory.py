"""Resident memory of the bot and of its reader process through a backlog.

python -m benchmarks.memory [--mails 300]
"""

import argparse
import os
from pathlib import Path

from benchmarks import mails
from benchmarks.stand import LONG_AGO, bot, fill, main, table
from mailbot.app import App
from mailbot.jobs.poll import poll_mailbox
from mailbot.transport.sandbox import Sandbox
from tests.servers.dovecot import running_dovecot

PAGE = os.sysconf("SC_PAGE_SIZE")
STEPS = 5


def measure() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=300, help="reports with forms of every kind (300)")
    number = parser.parse_args().mails
    with running_dovecot() as dovecot, bot(dovecot) as app:
        account = app.settings.mailbox("ig").username
        rows = [row(0, app)]
        for step in range(STEPS):
            batch = range(step * number // STEPS, (step + 1) * number // STEPS)
            fill(dovecot, account, [mails.mixed_report(one) for one in batch])
            poll_mailbox(app, "ig", LONG_AGO if step == 0 else None)
            rows.append(row(batch.stop, app))
    table("Resident memory", ("reports taken in", "bot, MB", "reader process, MB"), rows)


def row(taken_in: int, app: App) -> tuple[str, str, str]:
    readers = app.reader.pids if isinstance(app.reader, Sandbox) else ()
    return str(taken_in), f"{resident(os.getpid()):.0f}", " + ".join(f"{resident(one):.0f}" for one in readers)


def resident(process: int) -> float:
    """Megabytes of a process that lie in memory."""
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * PAGE / 1e6


if __name__ == "__main__":
    main(measure)
