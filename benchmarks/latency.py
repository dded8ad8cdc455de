"""From delivery to the acknowledgement accepted by the mail server, beside Dovecot's own delay in telling of new mail.

    python -m benchmarks.latency [--mails 30]

The bot runs as under `mailbot run`, in this process. A second connection waits on the same mailbox (IDLE) and does
nothing else: when it hears of the message is what no client of this server can beat by waiting.
"""

import argparse
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from imapclient import IMAPClient  # type: ignore[import-untyped]

from benchmarks import mails
from benchmarks.stand import bot, fill, main, middle_and_worst, table
from mailbot.app import App
from mailbot.jobs.poll import poll_mailboxes
from mailbot.schedule import Heartbeat
from tests.house import SAM
from tests.servers.dovecot import Dovecot, running_dovecot
from tests.servers.scripted_smtp import ScriptedSmtp

GIVE_UP_AFTER = 60.0
PAUSE = (0.3, 1.3)
"""Seconds between one acknowledgement and the next report, by chance: no rhythm that a timer could be in step with."""


def measure() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=30, help="reports, one after the other (30)")
    number = parser.parse_args().mails
    with running_dovecot() as dovecot, ScriptedSmtp() as smtp, bot(dovecot, smtp) as app:
        for mailbox in app.settings.mailboxes:
            fill(dovecot, mailbox.username, ())
        poll_mailboxes(app)
        heartbeat = Heartbeat(app)
        heartbeat.start()
        with idling(dovecot, app) as heard:
            times = [one_report(dovecot, app, smtp, heard, one) for one in range(number)]
        heartbeat.stop()
    told, acknowledged = ([one[at] for one in times] for at in (0, 1))
    own = [whole - notice for notice, whole in times]
    rows = [
        ("Dovecot tells of the message (IDLE)", *middle_and_worst(told)),
        ("acknowledgement accepted", *middle_and_worst(acknowledged)),
        ("the bot's share", *middle_and_worst(own)),
    ]
    table(f"From delivery to acknowledgement, {number} reports", ("", "median", "99th percentile"), rows)


def one_report(dovecot: Dovecot, app: App, smtp: ScriptedSmtp, heard: list[float], number: int) -> tuple[float, float]:
    """Seconds until Dovecot told of it, and until the acknowledgement was accepted."""
    time.sleep(random.uniform(*PAUSE))
    heard.clear()
    before = len(smtp.accepted_for(SAM))
    fill(dovecot, app.settings.mailbox("ig").username, [mails.mixed_report(number)])
    delivered = time.monotonic()
    while not heard or len(smtp.accepted_for(SAM)) == before:
        if time.monotonic() - delivered > GIVE_UP_AFTER:
            raise SystemExit(f"report {number} was not acknowledged within {GIVE_UP_AFTER:.0f} s")
        time.sleep(0.002)
    return heard[0] - delivered, smtp.accepted_for(SAM)[before].at - delivered


@contextmanager
def idling(dovecot: Dovecot, app: App) -> Iterator[list[float]]:
    """A connection that waits on the desk's mailbox; the moments at which it was told something."""
    heard: list[float] = []
    stopping = threading.Event()
    with IMAPClient(dovecot.host, dovecot.port, ssl=False) as client:
        client.login(app.settings.mailbox("ig").username, dovecot.password)
        client.select_folder("INBOX", readonly=True)
        client.idle()

        def listen() -> None:
            while not stopping.is_set():
                if client.idle_check(timeout=0.2):
                    heard.append(time.monotonic())

        thread = threading.Thread(target=listen)
        thread.start()
        yield heard
        stopping.set()
        thread.join()
        client.idle_done()


if __name__ == "__main__":
    main(measure)
