"""A file as rows of text, one after the other: CSV, TSV or .xlsx, told from the content. Pure; a row at a time.

A list of 100,000 people is never held whole: beside the file itself there is one row, and of a workbook the texts it
keeps apart from its sheets. Formulas are shown as their text, which ``recipients`` refuses; nothing is worked out.
"""

from collections.abc import Callable, Iterator, Sequence

from mailbot.errors import ListError
from mailbot.intake.filetypes import type_of
from mailbot.letters.separated import SeparatedText, charset_of
from mailbot.letters.workbook import Workbook

NumberedRow = tuple[int, tuple[str, ...]]
"""A row's number, as a spreadsheet shows it, and its cells as text."""

_SAVE_AS = "Save it as an Excel workbook (.xlsx) or as “CSV UTF-8”, and try again."
_OTHER = {
    "locked": "it is protected by a password. Take the password off, save it and try again; delete the unprotected file afterwards",
    "pdf": f"it is a PDF, not a spreadsheet. {_SAVE_AS}",
    "html": f"it is a web page, whatever its name says. Open it in Excel. {_SAVE_AS}",
    "other": f"it is no spreadsheet we can read; older Excel files (.xls) and .xlsb are not. {_SAVE_AS}",
    "docx": f"it is a Word document. Copy its table into a spreadsheet. {_SAVE_AS}",
    "odt": f"it is an OpenDocument file. {_SAVE_AS}",
    "zip": "it is a zip archive. Open it and give the spreadsheet inside",
}


class Rows(Iterator[NumberedRow]):
    """The rows that hold anything. ``hidden`` (numbers of rows) is complete once the last row was taken.

    ``notes`` say what was not read and need no answer; ``warnings`` are for a person to look into.
    """

    def __init__(
        self,
        rows: Iterator[NumberedRow],
        hidden: Sequence[int] = (),
        notes: Sequence[str] = (),
        warnings: Sequence[str] = (),
    ) -> None:
        self._rows = rows
        self.hidden = hidden
        self.notes = notes
        self.warnings = warnings

    def __next__(self) -> NumberedRow:
        return next(self._rows)


def any_row(cells: Sequence[str]) -> bool:
    """Takes the first row that holds anything for the headings."""
    return any(cells)


def rows_of(content: bytes, name: str, is_heading: Callable[[Sequence[str]], bool] = any_row) -> Rows:
    """The rows of a file; ``name`` is what messages call it, ``is_heading`` tells the row of headings by its cells.

    It chooses the sheet of a workbook and the separator of a text. Raises ``ListError``, also while rows are taken,
    with the row where there is one.
    """
    if not content.strip(b"\0 \r\n\t"):
        raise ListError(f"{name}: the file is empty.")
    kind = _kind_of(content)
    if kind == "xlsx":
        book = Workbook(content, name, is_heading)
        return Rows(book.rows(), book.hidden, book.notes, book.warnings)
    if kind != "text":
        raise ListError(f"{name}: {_OTHER.get(kind, _OTHER['other'])}.".replace("..", "."))
    text = SeparatedText(content, name, is_heading)
    return Rows(text.rows(), notes=text.notes)


def _kind_of(content: bytes) -> str:
    kind = type_of(content)
    return "text" if kind == "other" and charset_of(content).startswith("utf-16") else kind
