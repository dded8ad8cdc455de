"""Seconds for a rehearsed year, and what it costs for each mail that leaves.

    python -m benchmarks.rehearse [--incidents 500] [--days 365] [--seed 1]

Real are jobs, store, rules and templates with the configuration that ships; mailboxes, mail server and people live in
memory. From 100 incidents on the year is dealt out over two stores, in a process each.
"""

import argparse
from datetime import UTC, datetime

from benchmarks.stand import table
from mailbot import resources
from mailbot.rehearsal import Plan, hush, rehearse
from mailbot.settings import load_settings

BEGINS = datetime(2026, 11, 20, tzinfo=UTC)


def measure() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--incidents", type=int, default=500, help="(500)")
    parser.add_argument("--days", type=int, default=365, help="(365)")
    parser.add_argument("--seed", type=int, default=1, help="(1)")
    asked = parser.parse_args()
    hush()
    plan = Plan(incidents=asked.incidents, days=asked.days, seed=asked.seed, begins=BEGINS)
    totals = rehearse(load_settings(resources.shipped() / "config", {}, need_secrets=False), plan).totals
    faults = f"{totals.forgotten} / {totals.doubled}"
    row = (str(totals.incidents), str(asked.days), str(totals.duties), str(totals.mails), faults)
    took = (f"{totals.seconds:.0f} s", f"{1000 * totals.seconds / max(totals.mails, 1):.0f} ms")
    headings = ("incidents", "days", "duties", "mails", "forgotten / doubled", "took", "for each mail")
    table("A rehearsed year", headings, [(*row, *took)])


if __name__ == "__main__":
    measure()
