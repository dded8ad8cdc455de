"""Comma-, semicolon- or tab-separated text as rows, read a line at a time. Quotes that do not match are an error: they swallow people."""

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from mailbot.errors import ListError

SEPARATORS = (",", ";", "\t", "|")
HEADING_WITHIN = 20
"""Rows in which the headings must stand: lists have a title above them, not a page."""
MOST_COLUMNS = 200

_CHUNK = 65_536
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_WINDOWS = "cp1252"
_GUESSED = (
    "The file does not say how its letters are written, so it was read as Windows text: look whether names such as "
    "Zoë are right. Saving it as “CSV UTF-8” makes sure of it."
)
_TOO_WIDE = (
    f"has more than {MOST_COLUMNS} cells. Keep only the columns that the list needs, or check the quotation marks"
)


class SeparatedText:
    """A text and how it is read. ``notes`` say what was guessed."""

    def __init__(self, content: bytes, name: str, is_heading: Callable[[Sequence[str]], bool]) -> None:
        self._content, self._name = content, name
        self._charset = charset_of(content)
        self._separator = self._choose(is_heading)
        self.notes: tuple[str, ...] = (_GUESSED,) if self._charset == _WINDOWS else ()

    def rows(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Every row that holds anything, numbered as a spreadsheet would; raises ``ListError`` with the row."""
        return ((number, cells) for number, cells in self._read(self._separator) if any(cells))

    def _read(self, separator: str) -> Iterator[tuple[int, tuple[str, ...]]]:
        number = 0
        lines = _without_hint(io.TextIOWrapper(io.BytesIO(self._content), self._charset, newline=""))
        try:
            for number, cells in enumerate(csv.reader(lines, delimiter=separator, strict=True), start=1):
                if len(cells) > MOST_COLUMNS:
                    raise ListError(f"{self._name}: row {number} {_TOO_WIDE}.")
                yield number, tuple(cell.strip() for cell in cells)
        except csv.Error as fault:
            raise ListError(f"{self._name}: row {number + 1}: {_in_words(fault)}.") from None
        except UnicodeError:
            where = f"after row {number}" if number else "at its beginning"
            raise ListError(
                f"{self._name}: {where} something is no text. Save the list as “CSV UTF-8” and try again."
            ) from None

    def _choose(self, is_heading: Callable[[Sequence[str]], bool]) -> str:
        hint = _hint(self._first_line())
        if hint:
            return hint
        return max(SEPARATORS, key=lambda separator: self._fits(separator, is_heading))

    def _fits(self, separator: str, is_heading: Callable[[Sequence[str]], bool]) -> tuple[bool, int]:
        """Whether the headings are found with that separator, and how many cells its widest row has."""
        widest, found = 0, False
        try:
            for _, cells in islice(self._read(separator), HEADING_WITHIN):
                widest, found = max(widest, len(cells)), found or is_heading(cells)
        except ListError:
            pass  # the right separator will say it; a wrong one often stumbles over quotes
        return found and widest > 1, widest

    def _first_line(self) -> str:
        try:
            return self._content[:40].decode(self._charset, errors="ignore").partition("\n")[0].strip()
        except UnicodeError:
            return ""


def charset_of(content: bytes) -> str:
    """How a text's letters are written: by its mark, else UTF-16 by its NULs, else UTF-8 where it is, else Windows."""
    for mark, charset in _MARKS:
        if content.startswith(mark):
            return charset
    even, odd = content[:2000:2].count(0), content[1:2000:2].count(0)
    if min(even, odd) * 20 < max(even, odd) > len(content[:2000]) // 4:
        return "utf-16-le" if odd > even else "utf-16-be"
    return "utf-8" if _is_utf8(content) else _WINDOWS


def _is_utf8(content: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    view = memoryview(content)
    try:
        for start in range(0, len(content), _CHUNK):
            decoder.decode(view[start : start + _CHUNK])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _hint(line: str) -> str:
    """The separator that a first line such as ``sep=;`` names; Excel writes and hides it."""
    bare = line.strip("\ufeff\"' ")
    return bare[4] if bare[:4].lower() == "sep=" and len(bare) == 5 else ""  # noqa: PLR2004 - "sep=" and one character


def _without_hint(lines: Iterator[str]) -> Iterator[str]:
    first = next(lines, "")
    if not _hint(first.strip("\r\n")):
        yield first
    yield from lines


def _in_words(fault: csv.Error) -> str:
    if "unexpected end" in str(fault):
        return 'a quotation mark is opened and never closed, so the rest of the list would be lost. Look for a single " here or below'
    if "field larger" in str(fault):
        return "a cell is too long. Look for a quotation mark that is not closed"
    return "a quotation mark stands where it cannot be. Put a cell that holds one in quotation marks and write it twice inside"
