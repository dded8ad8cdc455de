"""Marked text, as Word's older formats keep it, turned into paragraphs and tables: .rtf and .doc."""

from collections.abc import Iterator

from mailbot.errors import UnreadableDocumentError
from mailbot.intake.rich_text import read_rich_text, rows_of
from mailbot.parse.blocks import Block, Cell, Paragraph, Table
from mailbot.parse.doc import read_doc

MOST_ROWS = 20_000


def read_rtf(content: bytes) -> tuple[Block, ...]:
    """The body of a rich text file; raises ``UnreadableDocumentError`` where it holds far more than a form."""
    return blocks_of(read_rich_text(content))


def read_old_word(content: bytes) -> tuple[Block, ...]:
    """The body of a Word 97 file (.doc); raises ``UnreadableDocumentError`` with the reason in plain words."""
    return blocks_of(read_doc(content))


def blocks_of(marked: str) -> tuple[Block, ...]:
    """Paragraphs and tables in order; rows that follow one another make one table."""
    rows = []
    for row in rows_of(marked):
        rows.append(row)
        if len(rows) > MOST_ROWS:
            raise UnreadableDocumentError("it has far more paragraphs and cells than a form")
    return tuple(_grouped(rows))


def _grouped(rows: list[tuple[str, ...]]) -> Iterator[Block]:
    table: list[tuple[Cell, ...]] = []
    for row in rows:
        if len(row) > 1:
            table.append(tuple(_cell(text) for text in row))
            continue
        if table:
            yield Table(rows=tuple(table))
            table = []
        yield Paragraph(text=row[0].strip())
    if table:
        yield Table(rows=tuple(table))


def _cell(text: str) -> Cell:
    return Cell(parts=tuple(Paragraph(text=line.strip()) for line in text.split("\n") if line.strip()))
