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
MOST_RULES = 2_000
"""Drawn lines and boxes: a page with more is a plan or a trap, not a form."""
GAP = 0.9
"""In heights of a word: a wider space between two words parts a label from its answer."""
_RULES = "|¦_"
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
        Word(one["text"], one["x0"], one["top"], one["x1"], one["bottom"])
        for one in page.extract_words(use_text_flow=False)
    )
    tables = []
    is_drawing = sum(len(page.objects.get(kind, ())) for kind in ("line", "rect", "curve")) > MOST_RULES
    for table in () if is_drawing else page.find_tables():
        rows = tuple(tuple(" ".join(text.split()) for text in row if text is not None) for row in table.extract())
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
    cut = (list(_segments(sorted(line, key=lambda one: one.left))) for line in lines)
    return [line for line in cut if line]


def _segments(line: list[Word]) -> Iterator[Segment]:
    """The line cut at its wide gaps, and where the rule between two columns was taken for a letter."""
    part: list[Word] = []
    for word in line:
        is_rule = not word.text.strip(_RULES)
        if part and (is_rule or word.left - part[-1].right > GAP * _height(part[-1])):
            yield _segment(part)
            part = []
        part += [] if is_rule else [word]
    if part:
        yield _segment(part)


def _segment(part: list[Word]) -> Segment:
    text = " ".join(one.text for one in part)
    return Segment(text, part[0].left, min(one.top for one in part), max(one.bottom for one in part))


def _columns(lines: Sequence[list[Segment]]) -> Iterator[Block]:
    """Lines in two columns as a table of labels and answers, each with its further lines; other lines as paragraphs."""
    second = _second_column(lines)
    apart = _apart(lines)
    rows: list[list[list[str]]] = []
    last = 0.0
    for line in lines:
        left = [one.text for one in line if not second or one.left < second - SAME_COLUMN]
        right = [one.text for one in line if second and one.left >= second - SAME_COLUMN]
        is_near = line[0].top - last <= apart
        last = line[0].top
        if second and rows and rows[-1][1] and _goes_on(left, rows[-1][0], is_near=is_near):
            rows[-1][0] += left
            rows[-1][1] += right
        else:
            rows.append([left, right])
    yield from _rows(rows)


def _goes_on(left: list[str], above: list[str], *, is_near: bool) -> bool:
    """Whether a line belongs to the row above: it holds only more of the answer, or its label plainly goes on."""
    if not left or not above:
        return True
    if left[0][:1].islower() or left[0][:1] in "(/&":
        return True
    return is_near and not above[-1].endswith((":", "?"))


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


def _apart(lines: Sequence[list[Segment]]) -> float:
    """How near the lines of one cell stand, 0 where all rows are equally far apart, so that nearness says nothing."""
    steps = [below[0].top - above[0].top for above, below in pairwise(lines) if len(above) == len(below) == 2]  # noqa: PLR2004
    nearest = min(steps, default=0.0) * WITHIN
    return nearest if any(step > nearest for step in steps) else 0.0


def _height(word: Word) -> float:
    return word.bottom - word.top


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
