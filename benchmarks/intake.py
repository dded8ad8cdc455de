"""Incidents a second: from a full mailbox to committed incidents, duties and outbox, beside a bare fetch-and-parse loop.

    python -m benchmarks.intake [--mails 200]

Both read the same messages from the same Dovecot in the same run. The bare loop does the least any reader of mail must
do: fetch fifty a call with imapclient (its debug log off) and hand the bytes to ``email.message_from_bytes``.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from email import message_from_bytes

from imapclient import IMAPClient  # type: ignore[import-untyped]

from benchmarks import mails
from benchmarks.stand import AT_ONCE, LONG_AGO, bot, fill, main, table
from mailbot.jobs.poll import poll_mailbox
from tests.servers.dovecot import Dovecot, running_dovecot

KINDS: dict[str, Callable[[int], bytes]] = {
    "answers in the body": mails.body_report,
    "Word form": mails.docx_report,
    "PDF form": mails.pdf_report,
    "mixed": mails.mixed_report,
}


def measure() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=200, help="of each kind (200)")
    number = parser.parse_args().mails
    with running_dovecot() as dovecot:
        rows = [one_kind(dovecot, kind, [make(one) for one in range(number)]) for kind, make in KINDS.items()]
    headings = ("reports", "kB each", "bare fetch and parse", "incidents committed", "ratio", "ms each")
    table(f"Intake, {number} reports of each kind, a second", headings, rows)


def one_kind(dovecot: Dovecot, kind: str, contents: Sequence[bytes]) -> tuple[str, ...]:
    """One row of the table."""
    with bot(dovecot) as app:
        account = app.settings.mailbox("ig").username
        fill(dovecot, account, contents)
        fetch_and_parse(dovecot, account)
        bare = len(contents) / fetch_and_parse(dovecot, account)
        begun = time.perf_counter()
        report = poll_mailbox(app, "ig", LONG_AGO)
        took = time.perf_counter() - begun
        if report.taken_in != len(contents):
            raise SystemExit(f"{kind}: {report}")
    ours = len(contents) / took
    size = sum(map(len, contents)) / len(contents) / 1000
    return kind, f"{size:.1f}", f"{bare:.0f}", f"{ours:.0f}", f"{ours / bare:.1%}", f"{1000 / ours:.1f}"


def fetch_and_parse(dovecot: Dovecot, account: str) -> float:
    """Seconds for the bare loop over the whole mailbox."""
    with IMAPClient(dovecot.host, dovecot.port, ssl=False) as client:
        client._imap.debug = 0  # noqa: SLF001 -- as the bot does: logging every literal costs five times the fetch
        client.login(account, dovecot.password)
        begun = time.perf_counter()
        client.select_folder("INBOX", readonly=True)
        uids = client.search()
        for first in range(0, len(uids), AT_ONCE):
            for found in client.fetch(uids[first : first + AT_ONCE], ["BODY.PEEK[]"]).values():
                message_from_bytes(found[b"BODY[]"])
        return time.perf_counter() - begun


if __name__ == "__main__":
    main(measure)
