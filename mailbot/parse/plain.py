"""Documents that are little more than text: plain text, comma-separated values, saved web pages."""

import csv
from collections.abc import Iterator

from mailbot.intake.headers import decode_bytes, tidy
from mailbot.parse.blocks import Block, Cell, Paragraph, Table

MOST_ROWS = 2_000
LONGEST_TEXT = 1_000_000

_WIDE = (b"\xff\xfe", b"\xfe\xff")


def read_text(content: bytes) -> str:
    """The text of a plain file in whatever encoding it seems to be."""
    charset = "utf-16" if content.startswith(_WIDE) else "utf-8-sig"
    return tidy(decode_bytes(content[:LONGEST_TEXT], charset))


def read_csv(content: bytes) -> tuple[Block, ...]:
    """Comma- or semicolon-separated values as one table, empty cells left out."""
    text = read_text(content)
    first = text.partition("\n")[0]
    separator = max((",", ";", "\t"), key=first.count)
    return (Table(rows=tuple(_rows(text, separator))),)


def _rows(text: str, separator: str) -> Iterator[tuple[Cell, ...]]:
    lines = csv.reader(text.splitlines(keepends=True), delimiter=separator)
    for _ in range(MOST_ROWS):
        try:
            row = next(lines)
        except StopIteration:
            return
        except csv.Error:
            continue
        cells = tuple(Cell(parts=(Paragraph(text=one.strip()),)) for one in row if one.strip())
        if cells:
            yield cells
