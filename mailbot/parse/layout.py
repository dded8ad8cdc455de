"""How forms are laid out: which cell answers which. Knows blocks and labels, nothing of file formats.

Two columns, four columns, a numbering column, answers below in one column or in the next row, boxes within boxes,
merged cells, paragraphs with a colon.
"""

import re
from collections.abc import Iterable, Sequence

from mailbot.parse.answer_text import has_ticks
from mailbot.parse.blocks import Block, Cell, Paragraph, Table
from mailbot.parse.labels import SURE, match_label, pair_lines
from mailbot.parse.lines import Line, Pairing
from mailbot.parse.reading import Row
from mailbot.parse.rules import FormRules
from mailbot.parse.wording import LabelMatch

_ONLY_A_NUMBER = re.compile(r"^\W*(?:[a-z]|\d{1,2}(?:\.\d{1,2})*[a-z]?|[ivx]{1,5})\W*$", re.IGNORECASE)
_LONGEST_SECTION = 6


def pair_blocks(blocks: Sequence[Block], name: str, rules: FormRules) -> Pairing:
    """Every question of a document with its answer, in order; ``name`` is the file's, for the sources."""
    form = _Form(name, rules)
    form.read(blocks)
    form.end_paragraphs()
    return Pairing(rows=tuple(form.rows), loose=tuple(form.loose))


class _Form:
    """One document being read, top to bottom."""

    def __init__(self, name: str, rules: FormRules) -> None:
        self.rows: list[Row] = []
        self.loose: list[str] = []
        self._name, self._rules = name, rules
        self._lines: list[Line] = []
        self._tables = self._paragraphs = 0
        self._section = ""
        self._columns: tuple[str, ...] = ()

    def read(self, blocks: Iterable[Block]) -> None:
        for block in blocks:
            if isinstance(block, Paragraph):
                self._paragraphs += 1
                self._add_line(block, f"{self._name}, paragraph {self._paragraphs}")
            else:
                self._table(block)

    def end_paragraphs(self) -> None:
        """Pairs the paragraphs gathered since the last table row with two cells."""
        pairing = pair_lines(self._lines, self._rules, is_form=True)
        self.rows.extend(row.but(section=row.section or self._section) for row in pairing.rows)
        self.loose.extend(pairing.loose)
        headings = [
            line.text for line in self._lines if line.heading or (line.text in pairing.loose and _may_head(line.text))
        ]
        self._section = headings[-1] if headings else self._section
        self._lines = []

    def _add_line(self, paragraph: Paragraph, source: str) -> None:
        self._lines.append(
            Line(text=paragraph.text, source=source, control=paragraph.control, heading=paragraph.heading)
        )

    def _table(self, table: Table) -> None:
        self._tables += 1
        number = self._tables
        self._columns = ()
        following = (*table.rows[1:], ())[: len(table.rows)]  # a table may have no row at all
        for position, (cells, below) in enumerate(zip(table.rows, following, strict=True), start=1):
            self._row(cells, below, f"{self._name}, table {number} row {position}")
        self.end_paragraphs()

    def _row(self, cells: Sequence[Cell], below: Sequence[Cell], source: str) -> None:
        cells = _without_number(cells)
        if len(cells) == 1:
            self._single(cells[0], source)
            return
        self.end_paragraphs()
        texts = [_whole_text(cell) for cell in cells]
        columns, self._columns = self._columns, ()
        if self._says_its_field(cells):
            self._pair(texts[0], texts[1], cells, source)
        elif columns:
            for label, text in zip(columns, texts, strict=True):
                self._add(label, text, source)
        elif self._only_asks(texts, [_whole_text(cell) for cell in _without_number(below)]):
            self._columns = tuple(texts)
        elif any(texts) and not self._lined_cells(texts, source):
            self._pairs(cells, texts, source)

    def _says_its_field(self, cells: Sequence[Cell]) -> bool:
        """Whether a row is a label and a control named after a field: nothing in its words can then mislead."""
        return len(cells) == 2 and not cells[0].control and cells[1].control in self._rules.fields  # noqa: PLR2004

    def _only_asks(self, texts: Sequence[str], below: Sequence[str]) -> bool:
        """Whether a row holds only labels and the row below their answers, which may be none."""
        return (
            len(texts) == len(below)
            and all(self._label(text).score >= SURE for text in texts)
            and not any(self._label(text).name for text in below)
        )

    def _single(self, cell: Cell, source: str) -> None:
        """A row of one cell: a heading, or a label with its answer in the same cell or in the row below."""
        for part in cell.parts:
            if isinstance(part, Paragraph):
                self._add_line(part, source)
            else:
                self._table(part)

    def _lined_cells(self, texts: Sequence[str], source: str) -> bool:
        """Cells that hold label and answer together, such as ``Name: Jo`` beside ``Phone: 01632 960001``."""
        pairings = [pair_lines([Line(text=text, source=source)], self._rules, is_form=False) for text in texts if text]
        lined = [pairing for pairing in pairings if any(row.field and row.answer for row in pairing.rows)]
        if len(lined) < 2 or len(lined) < len(pairings):  # noqa: PLR2004 - one alone may be an answer with a colon in it
            return False
        self.rows.extend(row.but(section=self._section) for pairing in lined for row in pairing.rows)
        return True

    def _pairs(self, cells: Sequence[Cell], texts: Sequence[str], source: str) -> None:
        """Label and answer side by side, once or several times in a row."""
        if any(has_ticks(text) for text in texts[1:]):
            self._pair(texts[0], "\n".join(text for text in texts[1:] if text), cells, source)
            return
        scores = [self._label(text).score for text in texts]
        position = 0
        while position < len(cells):
            following = position + 1
            is_answered = following < len(cells) and not (scores[following] >= SURE > scores[position])
            answer = texts[following] if is_answered else ""
            self._pair(texts[position], answer, cells[position : following + is_answered], source)
            position = following + is_answered

    def _pair(self, label: str, answer: str, cells: Sequence[Cell], source: str) -> None:
        control = next((cell.control for cell in cells if cell.control in self._rules.fields), "")
        boxes = [table for cell in cells[1:] for table in cell.tables if _is_laid_out(table)]
        if control:
            self.rows.append(
                Row(label=label or control, answer=answer, source=source, field=control, section=self._section)
            )
        elif label:
            self._add(label, answer, source)
        elif answer:
            self._append(answer, source)
        for table in boxes:
            self._table(table)

    def _append(self, answer: str, source: str) -> None:
        """An answer without a label goes on with the one above it."""
        if self.rows and self.rows[-1].source.partition(" row ")[0] == source.partition(" row ")[0]:
            last = self.rows[-1]
            self.rows[-1] = last.but(answer=f"{last.answer}\n{answer}".strip())
        else:
            self.loose.append(answer)

    def _add(self, label: str, answer: str, source: str) -> None:
        match = self._label(label)
        self.rows.append(
            Row(
                label=label,
                answer=answer,
                source=source,
                field=match.name,
                confidence=round(match.score, 2) if match.name else 0.5,
                section=self._section,
            )
        )

    def _label(self, text: str) -> LabelMatch:
        """A label cell may go on with a hint on its further lines: the first line alone is tried too."""
        whole = match_label(text, self._section, self._rules)
        first = match_label(text.partition("\n")[0], self._section, self._rules)
        return max(whole, first, key=lambda match: (bool(match.name), match.score))


def _may_head(text: str) -> bool:
    """A short line without a full stop may be the heading of what follows."""
    return len(text.split()) <= _LONGEST_SECTION and not text.endswith((".", "!"))


def _without_number(cells: Sequence[Cell]) -> Sequence[Cell]:
    """A row without the column that only numbers the questions."""
    if len(cells) > 2 and _ONLY_A_NUMBER.match(cells[0].text or "-"):  # noqa: PLR2004 - a number, a label, an answer
        return cells[1:]
    return cells


def _whole_text(cell: Cell) -> str:
    """A cell's text with that of boxes drawn inside it, where those only frame an answer."""
    inner = [_whole_text(one) for table in cell.tables if not _is_laid_out(table) for row in table.rows for one in row]
    return "\n".join(text for text in (cell.text, *inner) if text)


def _is_laid_out(table: Table) -> bool:
    """Whether a nested table pairs labels and answers of its own, instead of framing one answer."""
    return any(len(row) > 1 for row in table.rows)
