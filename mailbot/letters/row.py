"""A row of the list while it is read: its cells by column, and everything that is wrong with them. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from mailbot.letters.addresses import Fault
from mailbot.letters.cells import cleaned, day_of, fault_of
from mailbot.letters.columns import Layout
from mailbot.letters.rules import POSTAL, Column, ListRules

_MANY_LINES = frozenset({Column.ADDRESS, Column.DATA, Column.NEEDS, Column.BECAUSE})
_UNSURE = frozenset({Column.TITLE, Column.FIRST, Column.LAST, Column.NAME, Column.ADDRESSEE, *POSTAL})


class Refused(NamedTuple):
    """Why a row cannot be used: the column as the list calls it, what is wrong, what to do. It repeats nothing of the row."""

    row: int
    column: str
    problem: str
    what_to_do: str


class Row:
    """The cells of one row. A cell that is refused reads as empty, and is not called empty."""

    def __init__(self, number: int, cells: Sequence[str], layout: Layout, rules: ListRules) -> None:
        self.number, self.layout, self.rules = number, layout, rules
        self.refused: list[Refused] = []
        self._bad: set[Column] = set()
        self._said = {column: self._read(column, cells, place) for column, place in layout.at.items()}
        if len(cells) > layout.width:
            problem = "stands to the right of the last heading"
            what = "Put text that holds a comma in quotation marks, or give the column a heading."
            self.refused.append(Refused(number, f"cell {layout.width + 1}", problem, what))

    def said(self, column: Column) -> str:
        """A cell's text; empty where the list has no such column or nothing stands there."""
        return self._said.get(column, "")

    def is_bad(self, *columns: Column) -> bool:
        """Whether something was wrong with one of these cells already."""
        return not self._bad.isdisjoint(columns)

    def refuse(self, column: Column, fault: Fault) -> None:
        """Refuses the row for a cell."""
        self._bad.add(column)
        self.refused.append(Refused(self.number, self.layout.heading(column, self.rules), *fault))

    def refuse_empty(self, column: Column, fault: Fault) -> None:
        """Refuses the row where a cell is empty."""
        if not self.said(column) and not self.is_bad(column):
            self.refuse(column, fault)

    def day(self, column: Column) -> date | None:
        """The date of a cell; one that cannot be read is refused."""
        text = self.said(column)
        day = day_of(text) if text else None
        if text and day is None:
            self.refuse(column, ("is not a date we can read", "Write it as 9 February 2024, with the whole year."))
        return day

    def _read(self, column: Column, cells: Sequence[str], place: int) -> str:
        text = cleaned(cells[place]) if place < len(cells) else ""
        if not text or text.casefold() in self.rules.answers.folded_nothing:
            return ""
        fault = fault_of(text) or self._misfit(column, text)
        if fault:
            self.refuse(column, fault)
        return "" if fault else text

    def _misfit(self, column: Column, text: str) -> Fault | None:
        """What is wrong with a harmless text in this column."""
        most = self.rules.lists.letters
        if len(text) > most:
            return f"is longer than {most} characters", "Shorten it."
        if "\n" in text and column not in _MANY_LINES:
            return "has more than one line", "Keep one person in a row, and this on one line."
        if "?" in text and column in _UNSURE:
            return "has a question mark: something is unsure, or a letter was lost", "Find out what is right."
        return None
