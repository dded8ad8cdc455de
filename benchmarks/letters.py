"""Letters to people affected: from recipients to files, beside the typesetter's bare loop on the same document; and memory.

    python -m benchmarks.letters [--letters 400] [--many 10000]

The bare loop gives the typesetter the sheets that are ready and throws away what comes back: what is above it is the
bot's own share. Each row runs in a process of its own, so that its memory is its own.
"""

import argparse
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from benchmarks.stand import main, table
from mailbot.letter import Channel, Recipient
from mailbot.letters.example import RECIPIENTS, REFERENCE
from mailbot.letters.merge import Ready, letters_of, prepare
from mailbot.letters.sheet import Sheet
from mailbot.press.drafts import Drafts
from mailbot.press.typesetting import TypstPress
from mailbot.settings import example_wording
from mailbot.settings.load import load_settings

BATCH = 100
ON = date(2026, 11, 24)
SETTINGS = load_settings(None, {}, need_secrets=False)
RULES = SETTINGS.letters
WORDING = example_wording(SETTINGS.folder)


def measure() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--letters", type=int, default=400, help="letters of each row (400)")
    parser.add_argument("--many", type=int, nargs="*", default=[1_000, 10_000], help="letters of the rows on memory")
    asked = parser.parse_args()
    rows = []
    for name, bare, bot in (
        ("one by one", bare_singles, draft_singles),
        ("batches of 100", bare_batches, draft_batches),
    ):
        slow, fast = apart(bot, asked.letters)[0], apart(bare, asked.letters)[0]
        figures = (f"{asked.letters / fast:.0f}", f"{asked.letters / slow:.0f}", f"{fast / slow:.0%}")
        rows.append((name, *figures, f"{slow / asked.letters * 1000:.1f}"))
    seconds, _ = apart(draft_emails, asked.letters)
    rows.append(
        ("by email, text and page", "", f"{asked.letters / seconds:.0f}", "", f"{seconds / asked.letters * 1000:.1f}")
    )
    headings = ("two pages each", "bare typesetter, a second", "written to disk, a second", "ratio", "ms each")
    table(f"{asked.letters} letters", headings, rows)
    many = [(f"{size:,}", *memory(size)) for size in asked.many]
    table("Memory, in batches of 100", ("letters", "seconds", "largest, MB", "above the first batch, MB"), many)


def memory(size: int) -> tuple[str, str, str]:
    """Seconds, the most memory it took, and how much of it came after the first batch."""
    seconds, most = apart(draft_batches, size)
    _, first = apart(draft_batches, BATCH)
    return f"{seconds:.0f}", f"{most:.0f}", f"{most - first:.0f}"


def apart(work: Callable[[int], float], size: int) -> tuple[float, float]:
    """What a piece of work says it took, and its largest memory in MB, in a fresh process."""
    answers: multiprocessing.SimpleQueue[tuple[float, float]] = multiprocessing.get_context("spawn").SimpleQueue()
    process = multiprocessing.get_context("spawn").Process(target=_answer, args=(answers, work, size))
    process.start()
    answer = answers.get()
    process.join()
    return answer


def _answer(
    answers: "multiprocessing.SimpleQueue[tuple[float, float]]", work: Callable[[int], float], size: int
) -> None:
    seconds = work(size)
    answers.put((seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def people(number: int, channel: Channel = Channel.POST) -> Iterator[Recipient]:
    """Invented people, each with a name of their own."""
    pattern = RECIPIENTS[0]
    for row in range(2, number + 2):
        email = f"person{row}@mail.example" if channel is Channel.EMAIL else ""
        yield pattern.but(row=row, name=f"Person Number{row}", email=email, channel=channel)


def sheets(number: int, press: TypstPress) -> list[Sheet]:
    made = (prepare(one, RULES, press.characters) for one in letters_of(people(number), WORDING, REFERENCE, ON))
    return [one.sheet for one in made if isinstance(one, Ready) and one.sheet]


def bare_singles(number: int) -> float:
    return _bare(number, 1)


def bare_batches(number: int) -> float:
    return _bare(number, BATCH)


def _bare(number: int, at_once: int) -> float:
    press = TypstPress(RULES.layout)
    ready = sheets(number, press)
    press.press(ready[:1])
    started = time.perf_counter()
    for first in range(0, len(ready), at_once):
        press.press(ready[first : first + at_once])
    seconds = time.perf_counter() - started
    press.close()
    return seconds


def draft_singles(number: int) -> float:
    return _draft(people(number), batch=False)


def draft_batches(number: int) -> float:
    return _draft(people(number), batch=True)


def draft_emails(number: int) -> float:
    return _draft(people(number, Channel.EMAIL), batch=False)


def _draft(recipients: Iterator[Recipient], *, batch: bool) -> float:
    press = TypstPress(RULES.layout)
    with tempfile.TemporaryDirectory(prefix="mailbot-bench-") as folder:
        press.press(sheets(1, press))
        drafts = Drafts(Path(folder) / "letters", RULES, press, batch=batch)
        started = time.perf_counter()
        drafts.write(letters_of(recipients, WORDING, REFERENCE, ON))
        seconds = time.perf_counter() - started
    press.close()
    return seconds


if __name__ == "__main__":
    main(measure)
