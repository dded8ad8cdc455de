"""Which column of a list holds what: its headings read by their wording, in any order. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from mailbot.errors import ListError
from mailbot.letters.rules import Column, ListRules
from mailbot.letters.separated import HEADING_WITHIN

NumberedRow = tuple[int, tuple[str, ...]]

_CONFIRMED = (Column.CONFIRMED_BY, Column.CONFIRMED_ON, Column.SOURCE)
_ADDRESSES = frozenset({Column.EMAIL, Column.ADDRESS, Column.LINE_1})


class Layout(NamedTuple):
    """``at``: column → its place, from 0. ``headings``: as the list has them; ``ignored``: those that nothing is read from.

    ``width``: how many cells a row may have.
    """

    at: Mapping[Column, int]
    headings: Mapping[Column, str]
    ignored: tuple[str, ...]
    width: int

    def heading(self, column: Column, rules: ListRules) -> str:
        """What the list calls a column; our own word where the list has none."""
        return self.headings.get(column) or rules.title(column)


def find_layout(rows: Iterable[NumberedRow], rules: ListRules) -> Layout:
    """Takes rows up to the one with the headings and reads it; raises ``ListError`` where headings lack or are doubled."""
    for taken, (number, cells) in enumerate(rows, start=1):
        if rules.is_heading(cells):
            return _layout(number, cells, rules)
        if taken >= HEADING_WITHIN:
            break
    needed = "”, “".join(rules.title(one) for one in (Column.NAME, Column.LINE_1, Column.POSTCODE, *_CONFIRMED))
    raise ListError(
        f"The list has no row of headings in its first {HEADING_WITHIN} rows. Above the people there must be a row such as “{needed}”."
    )


def _layout(number: int, cells: Sequence[str], rules: ListRules) -> Layout:
    at: dict[Column, int] = {}
    ignored: list[str] = []
    for place, heading in enumerate(cells):
        column = rules.column_of(heading) if heading else None
        if column is None and heading:
            ignored.append(" ".join(heading.split()))
        elif column is not None and column in at:
            raise ListError(
                f"Row {number}: two columns are both read as “{rules.title(column)}”: “{cells[at[column]]}” and “{heading}”. Delete one, or give it another heading."
            )
        elif column is not None:
            at[column] = place
    missing = tuple(_missing(at.keys(), rules))
    if missing:
        raise ListError(f"Row {number}: the list lacks {_listed(missing)}. Add what is missing, with that heading.")
    return Layout(
        at, {column: " ".join(cells[place].split()) for column, place in at.items()}, tuple(ignored), len(cells)
    )


def _missing(there: Iterable[Column], rules: ListRules) -> Iterator[str]:
    found = set(there)
    if Column.NAME not in found and not {Column.FIRST, Column.LAST} <= found:
        yield f"a column “{rules.title(Column.NAME)}”, or both “{rules.title(Column.FIRST)}” and “{rules.title(Column.LAST)}”"
    if not found & _ADDRESSES:
        yield f"an address: “{rules.title(Column.EMAIL)}”, “{rules.title(Column.ADDRESS)}” or “{rules.title(Column.LINE_1)}”"
    for column in _CONFIRMED:
        if column not in found:
            yield f"a column “{rules.title(column)}”"


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{'; '.join(words[:-1])}; and {words[-1]}"
