"""The sender's own words: a reply without what it quotes and without its signature. Pure text, linear in its length.

Where a mark of quotation is doubtful the words are kept: an answer that quotes too much is asked again, one that
lost its words would be lost. The whole text is always kept beside it.
"""

import re
from collections.abc import Sequence

from mailbot.intake.quotation import is_quoted, mark_at, quotes_follow
from mailbot.intake.signature import is_device_line, without_signature

MOST_LINES = 4000

_QUOTE = re.compile(r"^\s*[>|] ?")


def own_words(text: str, marker: str, *, passes_on: bool = True) -> str:
    """What the sender wrote above, below or between what is quoted; ``marker`` stands above the quotation in our mail.

    ``passes_on``: a mail without a word of its sender's own hands on what it quotes (a report that was forwarded), and
    that stands for his words. Never so in an answer to us, where the words handed back would be our own.
    """
    lines = text.split("\n")[:MOST_LINES]
    kept, end = _unquoted(lines, marker)
    words = "\n".join(without_signature(kept)).strip()
    if words or not passes_on or marker.lower() in text.lower():
        return words
    below = lines[end:] or lines
    for passed_on in (below, [_QUOTE.sub("", line) for line in below]):
        words = "\n".join(without_signature(_unquoted(passed_on, marker)[0])).strip()
        if words:
            break
    return words


def _unquoted(lines: Sequence[str], marker: str) -> tuple[list[str], int]:
    """The lines that are not quoted, and where the mark ended after which everything is."""
    kept: list[str] = []
    number = 0
    while number < len(lines):
        line = lines[number]
        if marker.lower() in line.lower() or _ends_above(lines, number, kept):
            break
        mark = mark_at(lines, number)
        if mark is not None:
            number += mark.length
            if not (mark.attribution and quotes_follow(lines, number)):
                break
        else:
            kept += [] if is_quoted(line) else [line]
            number += 1
    return kept, number


def _ends_above(lines: Sequence[str], number: int, kept: Sequence[str]) -> bool:
    """Whether a telephone's line closes what was written, and an unmarked quotation follows: none of it bears a mark."""
    if not is_device_line(lines[number]) or not any(line.strip() for line in kept):
        return False
    return not any(is_quoted(line) for line in lines[number:])
