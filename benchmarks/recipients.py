"""A list of 100,000 people: rows a second of processor time beside a bare loop over the same file, and resident memory.

python -m benchmarks.recipients [--people 100000]
"""

import argparse
import csv
import io
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from openpyxl import Workbook, load_workbook  # type: ignore[import-untyped]

from benchmarks.stand import table
from mailbot.letters.recipients import Circumstances, Reading, read
from mailbot.letters.rules import ListRules
from mailbot.letters.table import rows_of
from mailbot.settings import load_settings

HEADINGS = (
    "Name", "Address line 1", "Town", "Postcode", "Email", "Which data", "Confirmed by", "Confirmed on", "Source",
)  # fmt: skip
GIVEN = Circumstances(on=date(2026, 11, 22), happened_on=date(2026, 11, 20), at_fault=("Mosaic",))
SYLLABLES = (
    "ba",
    "cor",
    "del",
    "fen",
    "gal",
    "har",
    "in",
    "jo",
    "kel",
    "lin",
    "mar",
    "nor",
    "ost",
    "per",
    "quil",
    "ros",
)
PAGE = os.sysconf("SC_PAGE_SIZE")


def measure() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=100_000, help="rows of the list (100,000)")
    parser.add_argument("--one", nargs=2, metavar=("WAY", "FILE"), help="measure one way of reading, in this process")
    given = parser.parse_args()
    if given.one:
        print(*one(given.one[0], Path(given.one[1])))
        return
    with TemporaryDirectory(prefix="mailbot-bench-") as folder:
        files = written(Path(folder), given.people)
        rows = [apart(way, file) for file in files for way in WAYS if way != "openpyxl" or file.suffix == ".xlsx"]
    table(
        f"A list of {given.people:,} people",
        ("file", "read by", "rows a second of processor time", "grew by, MB", "gave"),
        rows,
    )


def apart(way: str, file: Path) -> tuple[str, ...]:
    """One way of reading in a process of its own, so that its memory is its own."""
    command = [sys.executable, "-m", "benchmarks.recipients", "--one", way, str(file)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split(maxsplit=2)
    return (f"{file.suffix}, {file.stat().st_size / 1e6:.0f} MB", way, said[0], said[1], said[2].strip())


def one(way: str, file: Path) -> tuple[str, str, str]:
    list(rules().columns)
    content = file.read_bytes()
    before, start = resident(), time.process_time()
    most, count, said = WAYS[way](content)
    took = time.process_time() - start
    return f"{count / took:,.0f}", f"{most - before:.0f}", said


@cache
def rules() -> ListRules:
    return load_settings(None, {}, need_secrets=False).list_rules


def resident() -> float:
    """Megabytes of this process that lie in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE / 1e6


def bare(content: bytes) -> tuple[float, int, str]:
    if content.startswith(b"PK"):
        rows: Iterator[object] = rows_of(content, "list.xlsx")
    else:
        rows = csv.reader(io.TextIOWrapper(io.BytesIO(content), "utf-8", newline=""))
    count = sum(1 for _ in rows)
    return resident(), count, "rows only"


def by_openpyxl(content: bytes) -> tuple[float, int, str]:
    sheet = load_workbook(io.BytesIO(content), read_only=True).worksheets[0]
    return resident(), sum(1 for _ in sheet.iter_rows(values_only=True)), "rows only"


def one_by_one(content: bytes) -> tuple[float, int, str]:
    reading = Reading(rows_of(content, "list", rules().is_heading), rules(), GIVEN)
    count, most = 0, 0.0
    for count, _ in enumerate(reading, start=1):
        if count % 10_000 == 0:
            most = max(most, resident())
    return max(most, resident()), count, f"{len(reading.doubts)} doubts"


def at_once(content: bytes) -> tuple[float, int, str]:
    listed = read(rows_of(content, "list", rules().is_heading), rules(), GIVEN)
    found = f"{len(listed.recipients):,} people, {len(listed.refused)} refused, {len(listed.doubts)} doubts"
    return resident(), len(listed.recipients) + len(listed.refused), found


WAYS: dict[str, Callable[[bytes], tuple[float, int, str]]] = {
    "a bare loop": bare,
    "openpyxl": by_openpyxl,
    "Reading, one by one": one_by_one,
    "read, all at once": at_once,
}


def written(folder: Path, people: int) -> tuple[Path, Path]:
    """The same invented people as CSV and as a workbook; about as many share a name as in a town."""
    as_text, as_book = folder / "list.csv", folder / "list.xlsx"
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    with as_text.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        for row in [HEADINGS, *invented(people)]:
            writer.writerow(row)
            sheet.append(row)
    book.save(as_book)
    return as_text, as_book


def invented(people: int) -> Iterator[tuple[str, ...]]:
    chance = random.Random(7)
    firsts = [word(chance, 2) for _ in range(600)]
    lasts = [word(chance, 3) for _ in range(8_000)]
    for at in range(people):
        first, last = firsts[int(600 * chance.random() ** 2)], lasts[int(8_000 * chance.random() ** 2)]
        email = f"{first}.{last}{at}@mail.example".lower() if at % 3 else ""
        house = f"{chance.randrange(1, 200)} {word(chance, 2)} Street"
        code = f"NE{at % 40 + 1} {at % 9 + 1}{'ABDEFGHJ'[at % 8]}{'LNPQRSTU'[at // 8 % 8]}"
        yield (
            f"{first} {last}",
            house,
            "Newtown",
            code,
            email,
            "your name and address",
            "Petra Quill",
            "2026-11-21",
            "Council Tax",
        )


def word(chance: random.Random, syllables: int) -> str:
    return "".join(chance.choice(SYLLABLES) for _ in range(syllables)).capitalize()


if __name__ == "__main__":
    measure()
