"""The table of recommendations in a document: found by its controls or its headings, and taken out of the rest. Pure."""

from collections.abc import Callable, Iterable, Sequence

from mailbot.parse.blocks import Block, Cell, Table
from mailbot.parse.recommendations import Written
from mailbot.parse.wording import fold

WHAT, OWNER, BY_WHEN = "investigation.recommendation", "investigation.owner", "investigation.by_when"
"""The tags of the controls in a row."""

_CONTROLS = {WHAT: "what", OWNER: "owner", BY_WHEN: "by_when"}
_PAIR = 2


def take_out(
    blocks: Iterable[Block], headings: Sequence[str], clean: Callable[[str], str]
) -> tuple[list[Written], tuple[Block, ...]]:
    """The rows of recommendations, empty ones included, and the document without them.

    ``headings``: of the four columns, in order: number, what, owner, by when. A table may have been cut by a page or
    joined to its neighbour, so each row is looked at by itself.
    """
    reading = _Table([fold(one) for one in headings], clean)
    rest: list[Block] = []
    for block in blocks:
        if not isinstance(block, Table):
            rest.append(block)
            continue
        others = tuple(row for row in block.rows if not reading.takes(row))
        rest += [Table(rows=others)] if others else []
    return reading.rows, tuple(rest)


class _Table:
    """The rows taken so far, and the columns in which they stand."""

    def __init__(self, headings: Sequence[str], clean: Callable[[str], str]) -> None:
        self.rows: list[Written] = []
        self._headings, self._clean = headings, clean
        self._columns: list[str] = []

    def takes(self, row: Sequence[Cell]) -> bool:
        """Whether a row is one of the table's; where it is, its words are kept."""
        columns = self._headed(row)
        if columns:
            self._columns = columns
            return True
        if any(cell.control in _CONTROLS for cell in row):
            self._keep(self._by_control(row))
            return True
        if len(row) <= _PAIR or not self._columns:
            self._columns = self._columns if len(row) > _PAIR else []
            return False
        self._keep(self._by_place(row))
        return True

    def _headed(self, row: Sequence[Cell]) -> list[str]:
        """What each column of a heading row holds; empty where the row is no heading."""
        names = dict(zip(self._headings, Written._fields, strict=True))
        columns = [names.get(fold(cell.text), "") for cell in row]
        return columns if {"what", "owner", "by_when"} <= set(columns) else []

    def _by_control(self, row: Sequence[Cell]) -> dict[str, str]:
        """A row of ours; a cell whose control was lost goes by its place."""
        named = [_CONTROLS.get(cell.control, "") for cell in row]
        placed = self._columns if len(self._columns) == len(row) else list(Written._fields)[-len(row) :]
        names = [name or (place if place not in named else "") for name, place in zip(named, placed, strict=False)]
        return self._texts(names, row)

    def _by_place(self, row: Sequence[Cell]) -> dict[str, str]:
        """A row without controls. Where cells were joined or split, nobody can say which is which: all of it is asked about."""
        if len(row) == len(self._columns):
            return self._texts(self._columns, row)
        return {"what": "\n".join(text for cell in row if (text := self._clean(cell.text)))}

    def _texts(self, names: Sequence[str], row: Sequence[Cell]) -> dict[str, str]:
        return {name: self._clean(cell.text) for name, cell in zip(names, row, strict=False) if name}

    def _keep(self, texts: dict[str, str]) -> None:
        words = {name: texts.get(name, "") for name in Written._fields}
        self.rows.append(Written(**words | {"number": words["number"].strip(" .)")}))
