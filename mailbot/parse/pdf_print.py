"""What is printed on the pages of a PDF, by place: tables, columns, and the words beside a field.

Text taken out of a PDF in its own order often lists all labels first and all answers last; where the words stand on
the page says which belong together.
"""

import io
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from mailbot.parse.blocks import Block, Cell, Paragraph, Table
from mailbot.parse.pdf_fields import Place

MOST_PAGES = 10
MOST_WORDS = 20_000
GAP = 9.0
"""Points: a wider space between two words parts a label from its answer."""
SAME_COLUMN = 6.0
WITHIN = 1.3
"""Lines nearer to one another than so many times the nearest belong to one cell."""
ABOVE = 32.0
"""Points: how far above a field its label may stand."""


class Word(NamedTuple):
    """A word with its box in points from the top left corner of its page."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


class Page(NamedTuple):
    """The words of a page, top to bottom, and its ruled tables: where each stands, and its rows."""

    words: tuple[Word, ...]
    tables: tuple[tuple[float, float, tuple[tuple[str, ...], ...]], ...]


class Segment(NamedTuple):
    """Words of one line without a wide gap between them."""

    text: str
    left: float
    top: float
    bottom: float


def read_pages(content: bytes) -> tuple[Page, ...]:
    """The pages of a PDF, at most ten. Raises whatever the library lets through."""
    import pdfplumber  # noqa: PLC0415 - costs 170 ms and most mail has no PDF

    pages, words = [], 0
    with pdfplumber.open(io.BytesIO(content)) as opened:
        for page in opened.pages[:MOST_PAGES]:
            pages.append(_page(page))
            words += len(pages[-1].words)
            if words > MOST_WORDS:
                break
    return tuple(pages)


def _page(page: Any) -> Page:
    words = tuple(
        Word(one["text"], one["x0"], one["top"], one["x1"], one["bottom"]) for one in page.extract_words(use_text_flow=False)
    )
    tables = []
    for table in page.find_tables():
        rows = tuple(
            tuple(" ".join(text.split()) for text in row if text is not None) for row in table.extract()
        )
        if any(len(row) > 1 for row in rows):
            tables.append((table.bbox[1], table.bbox[3], rows))
    return Page(words, tuple(tables))


def blocks_of(pages: Sequence[Page]) -> tuple[Block, ...]:
    """The pages as paragraphs and tables, top to bottom: ruled tables, and columns without rules."""
    return tuple(block for page in pages for block in _blocks(page))


def _blocks(page: Page) -> Iterator[Block]:
    outside = [one for one in page.words if not any(top <= one.top <= bottom for top, bottom, _ in page.tables)]
    lines = lines_of(outside)
    for top, _, rows in sorted(page.tables):
        above = [line for line in lines if line[0].top < top]
        lines = lines[len(above) :]
        yield from _columns(above)
        yield Table(rows=tuple(tuple(_cell(text) for text in row) for row in rows))
    yield from _columns(lines)


def lines_of(words: Sequence[Word]) -> list[list[Segment]]:
    """The words as lines, top to bottom, each cut where a wide gap is."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda one: (one.top + one.bottom, one.left)):
        middle = (word.top + word.bottom) / 2
        if lines and lines[-1][0].top < middle < lines[-1][0].bottom:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [list(_segments(sorted(line, key=lambda one: one.left))) for line in lines]


def _segments(line: list[Word]) -> Iterator[Segment]:
    start = 0
    for number in range(1, len(line) + 1):
        if number == len(line) or line[number].left - line[number - 1].right > GAP:
            part = line[start:number]
            text = " ".join(one.text for one in part)
            yield Segment(text, part[0].left, min(one.top for one in part), max(one.bottom for one in part))
            start = number


def _columns(lines: Sequence[list[Segment]]) -> Iterator[Block]:
    """Lines in two columns as a table of labels and answers, each with its further lines; other lines as paragraphs."""
    second = _second_column(lines)
    apart = _nearest(lines) * WITHIN
    rows: list[list[list[str]]] = []
    before: list[Segment] | None = None
    for line in lines:
        columns = [[one.text for one in line if one.left < second - SAME_COLUMN], [one.text for one in line if one.left >= second - SAME_COLUMN]]
        is_further = before is not None and bool(rows) and line[0].top - before[0].top <= apart
        starts = bool(columns[0]) and not (is_further and _is_uneven(lines, apart))
        if second and rows and (is_further or not columns[0]) and not starts:
            rows[-1] = [[*have, *more] for have, more in zip(rows[-1], columns, strict=True)]
        else:
            rows.append(columns)
        before = line
    yield from _rows(rows)


def _rows(rows: list[list[list[str]]]) -> Iterator[Block]:
    table: list[tuple[Cell, ...]] = []
    for left, right in rows:
        if right and left:
            table.append((_cell(" ".join(left)), _cell(" ".join(right))))
            continue
        yield from (Table(rows=tuple(table)),) if table else ()
        table = []
        yield Paragraph(text="   ".join([*left, *right]))
    if table:
        yield Table(rows=tuple(table))


def _second_column(lines: Sequence[list[Segment]]) -> float:
    """Where a second column begins, 0 where no three lines agree on one."""
    starts = sorted(line[1].left for line in lines if len(line) == 2)  # noqa: PLR2004 - a label and an answer
    agreeing = [sum(abs(other - one) <= SAME_COLUMN for other in starts) for one in starts]
    best = max(agreeing, default=0)
    return starts[agreeing.index(best)] if best > 2 else 0.0  # noqa: PLR2004 - three lines are no accident


def _nearest(lines: Sequence[list[Segment]]) -> float:
    return min((below[0].top - above[0].top for above, below in pairwise(lines)), default=0.0)


def _is_uneven(lines: Sequence[list[Segment]], apart: float) -> bool:
    """Whether some lines are set closer than others, so that closeness says something."""
    return any(below[0].top - above[0].top > apart for above, below in pairwise(lines))


def _cell(text: str) -> Cell:
    return Cell(parts=(Paragraph(text=text),) if text else ())


def words_beside(place: Place, others: Sequence[Place], page: Page) -> tuple[str, str]:
    """What is printed before a field (on its left, else above it), and what stands right behind it."""
    line = sorted((one for one in page.words if _is_level(one, place)), key=lambda one: one.left)
    level = [one for one in others if one != place and one.top < place.bottom and place.top < one.bottom]
    left_end = max((one.right for one in level if one.right <= place.left + 1), default=0.0)
    right_end = min((one.left for one in level if one.left >= place.right - 1), default=float("inf"))
    before = " ".join(one.text for one in line if left_end - 2 <= one.left and one.right <= place.left + 2)
    behind = " ".join(one.text for one in line if place.right - 2 <= one.left and one.right <= right_end + 2)
    return before or _above(place, page), behind


def _is_level(word: Word, place: Place) -> bool:
    """Whether a word stands beside a field; beside a tall one, at its first line."""
    middle = (word.top + word.bottom) / 2
    return place.top - 4 <= middle <= min(place.bottom + 4, place.top + 20)


def _above(place: Place, page: Page) -> str:
    near = [one for one in page.words if place.top - ABOVE <= one.top and one.bottom <= place.top + 3]
    near = [one for one in near if one.right > place.left - 3 and one.left < max(place.right, place.left + 40)]
    lines = lines_of(near)
    return " ".join(segment.text for line in lines[-2:] for segment in line)
