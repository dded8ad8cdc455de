"""Messages a second from the outbox to the mail server, beside a bare aiosmtplib loop of the same bytes.

    python -m benchmarks.sending [--reports 40]

The outbox is what so many reports bring about. Sending from it means: claim, ask whether it is still wanted, render
from the template, freeze the exact bytes, commit, hand over, record the answer. The bare loop hands finished bytes over.
"""

import argparse
import asyncio
import time
from collections.abc import Sequence

from aiosmtplib import SMTP

from benchmarks import mails
from benchmarks.stand import LONG_AGO, bot, fill, main, table
from mailbot.jobs.poll import poll_mailbox
from mailbot.jobs.send import send_outbox
from tests.servers.dovecot import running_dovecot
from tests.servers.scripted_smtp import AcceptedEmail, ScriptedSmtp


def measure() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=40, help="whose mails are sent (40)")
    number = parser.parse_args().reports
    with running_dovecot() as dovecot, ScriptedSmtp() as smtp, bot(dovecot, smtp) as app:
        fill(dovecot, app.settings.mailbox("ig").username, [mails.body_report(one) for one in range(number)])
        poll_mailbox(app, "ig", LONG_AGO)
        begun = time.perf_counter()
        sent = send_outbox(app)
        ours = sent / (time.perf_counter() - begun)
        emails, connections = smtp.accepted, app.settings.smtp.connections
        bare = {lanes: asyncio.run(bare_loop(smtp.port, emails, lanes)) for lanes in (1, connections)}
    rows = [
        (f"bare aiosmtplib, {connections} connections", f"{bare[connections]:.0f}", "1.00"),
        ("bare aiosmtplib, 1 connection", f"{bare[1]:.0f}", f"{bare[1] / bare[connections]:.2f}"),
        (f"send_outbox, {connections} connections", f"{ours:.0f}", f"{ours / bare[connections]:.2f}"),
    ]
    size = sum(len(one.content) for one in emails) / len(emails) / 1000
    table(f"Sending {sent} messages of {size:.0f} kB each, a second", ("", "messages/s", "ratio"), rows)


async def bare_loop(port: int, emails: Sequence[AcceptedEmail], lanes: int) -> float:
    """Messages a second over so many reused connections."""
    begun = time.perf_counter()
    await asyncio.gather(*(one_lane(port, emails[lane::lanes]) for lane in range(lanes)))
    return len(emails) / (time.perf_counter() - begun)


async def one_lane(port: int, emails: Sequence[AcceptedEmail]) -> None:
    async with SMTP(hostname="127.0.0.1", port=port, start_tls=False) as smtp:
        for email in emails:
            await smtp.sendmail(email.sender, list(email.recipients), email.content)


if __name__ == "__main__":
    main(measure)
