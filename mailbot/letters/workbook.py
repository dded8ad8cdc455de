"""A workbook (.xlsx) as rows of text: the first visible sheet that has the headings, streamed, nothing worked out."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import islice

from mailbot.errors import ListError, UnreadableDocumentError
from mailbot.letters.separated import HEADING_WITHIN, MOST_COLUMNS
from mailbot.letters.workbook_parts import LARGEST_STREAM, Contents, SheetPart, Texts, contents_of, read_texts, stream
from mailbot.parse.package import open_package

LONGEST_CELL = 32_767
"""Characters; Excel's own limit."""
MOST_SHEETS = 50

_AGAIN = "Save it once more as an Excel workbook (.xlsx), and try again"
_LAST_DAY = 2_957_003
_PHANTOM_DAY = 60
"""Excel's calendar has a 29 February 1900, which never was."""
_VALUES = frozenset({"v", "t", "f"})


class Workbook:
    """A workbook and which of its sheets is read. ``hidden`` grows while the rows are taken."""

    def __init__(self, content: bytes, name: str, is_heading: Callable[[Sequence[str]], bool]) -> None:
        self._name, self._is_heading = name, is_heading
        self.hidden: list[int] = []
        with self._in_words():
            self._package = open_package(content, largest=2 * LARGEST_STREAM)
            self._contents = contents_of(self._package)
            texts = self._contents.texts
            self._texts = read_texts(self._package, texts) if texts else Texts()
        visible = [one for one in self._contents.sheets[:MOST_SHEETS] if one.visible]
        written = [(one, found) for one in visible if (found := self._looks(one)) is not None]
        with_headings = [one for one, found in written if found]
        self._sheet = next(iter([*with_headings, *(one for one, _ in written)]), None)
        self.notes = tuple(self._notes([one for one, found in written if not found]))
        self.warnings = tuple(
            f"The sheet “{one.title}” has headings like the list and was not read. Put everybody on one sheet, or delete it."
            for one in with_headings[1:]
        )

    def rows(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Every row of the sheet that holds anything; raises ``ListError`` with the row."""
        if self._sheet is None:
            raise ListError(f"{self._name}: no visible sheet holds anything.")
        with self._in_words():
            for number, hidden, cells in self._read(self._sheet):
                if hidden:
                    self.hidden.append(number)
                yield number, cells

    def _looks(self, sheet: SheetPart) -> bool | None:
        """Whether the headings are on a sheet; None where nothing is."""
        with self._in_words():
            rows = [cells for _, _, cells in islice(self._read(sheet), HEADING_WITHIN)]
        return any(map(self._is_heading, rows)) if rows else None

    def _notes(self, others: Sequence[SheetPart]) -> Iterator[str]:
        for one in self._contents.sheets:
            if not one.visible:
                yield f"The sheet “{one.title}” is hidden and was not read."
            elif one in others and one is not self._sheet:
                yield f"The sheet “{one.title}” was not read: it has none of the headings."

    def _read(self, sheet: SheetPart) -> Iterator[tuple[int, bool, tuple[str, ...]]]:
        reading = _Sheet(self._contents, self._texts)
        for _ in stream(self._package, sheet.part, reading.start, reading.end, reading.data):
            yield from reading.done
            reading.done.clear()

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except UnreadableDocumentError as reason:
            raise ListError(f"{self._name}: {reason}. {_AGAIN}.") from reason


class _Sheet:
    """What expat tells of a sheet, gathered into rows; ``done`` holds those that are complete."""

    def __init__(self, contents: Contents, texts: Texts) -> None:
        self.done: list[tuple[int, bool, tuple[str, ...]]] = []
        self._contents, self._texts = contents, texts
        self._number, self._hidden, self._cells = 0, False, dict[int, str]()
        self._column, self._kind, self._style = -1, "", 0
        self._said: list[str] = []
        self._length, self._collects, self._formula, self._phonetic = 0, False, False, False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "c":
            self._column = _column_of(attributes.get("r", ""), self._column + 1)
            self._kind, self._style = attributes.get("t", "n"), _whole(attributes.get("s", ""), 0)
            self._said, self._length, self._formula = [], 0, False
        elif name in _VALUES:
            # A formula is shown by its text; what it last came to stands beside it and is not read.
            self._collects = not self._phonetic and (name == "f" or not self._formula)
            if name == "f":
                self._formula, self._said = True, ["="]
        elif name == "row":
            self._number = _whole(attributes.get("r", ""), self._number + 1)
            self._hidden = attributes.get("hidden") in {"1", "true"}
            self._cells, self._column = {}, -1
        elif name == "rPh":
            self._phonetic = True

    def data(self, text: str) -> None:
        if self._collects:
            self._length += len(text)
            if self._length > LONGEST_CELL:
                raise UnreadableDocumentError(f"row {self._number}: a cell holds more than {LONGEST_CELL} characters")
            self._said.append(text)

    def end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name in _VALUES:
            self._collects = False
        elif name == "c" and self._said:
            self._keep(self._shown("".join(self._said)).strip())
        elif name == "row" and self._cells:
            width = max(self._cells) + 1
            self.done.append((self._number, self._hidden, tuple(self._cells.get(at, "") for at in range(width))))
        elif name == "rPh":
            self._phonetic = False

    def _keep(self, text: str) -> None:
        if text and self._column >= MOST_COLUMNS:
            raise UnreadableDocumentError(f"row {self._number} has more than {MOST_COLUMNS} cells")
        if text:
            self._cells[self._column] = text

    def _shown(self, said: str) -> str:
        if self._formula or self._kind in {"str", "inlineStr", "e"}:
            return said
        if self._kind == "s":
            return self._texts[_whole(said, -1)]
        if self._kind == "b":
            return "Yes" if said.strip() == "1" else "No"
        if self._kind == "d":
            return said.partition("T")[0]
        dates = self._contents.dates
        is_date = self._style < len(dates) and dates[self._style]
        return _number(said, is_date=is_date, from_1904=self._contents.from_1904)


def _column_of(reference: str, following: int) -> int:
    """``C7`` → 2; a cell without a reference follows the one before it."""
    letters = reference.rstrip("0123456789").upper()
    if not (letters.isascii() and letters.isalpha()):
        return following
    number = 0
    for letter in letters[:4]:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _whole(text: str, otherwise: int) -> int:
    bare = text.strip()
    return int(bare) if bare.isdecimal() and len(bare) < 10 else otherwise  # noqa: PLR2004 - no count here is longer


def _number(said: str, *, is_date: bool, from_1904: bool) -> str:
    """A number as people write it: a date in ISO form, a whole number without a point."""
    try:
        value = float(said)
    except ValueError:
        return said
    if is_date and 1 <= value <= _LAST_DAY:
        return _day(int(value), from_1904=from_1904).isoformat()
    return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else said  # noqa: PLR2004 - beyond it digits are lost


def _day(serial: int, *, from_1904: bool) -> date:
    if from_1904:
        return date(1904, 1, 1) + timedelta(days=serial)
    return date(1899, 12, 30 + (serial < _PHANTOM_DAY)) + timedelta(days=serial)
