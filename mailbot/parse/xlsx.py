"""A workbook (.xlsx): each visible sheet as a table, empty cells left out, so that an answer stands beside its label."""

import io
import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from lxml import etree

from mailbot.errors import UnreadableDocumentError
from mailbot.parse.blocks import Block, Cell, Paragraph, Table
from mailbot.parse.package import LARGEST_PART, open_package

MOST_SHEETS, MOST_ROWS, MOST_COLUMNS = 20, 2_000, 60

_FAULTS = (
    ArithmeticError,
    AttributeError,
    AssertionError,
    LookupError,
    OSError,
    TypeError,
    ValueError,
    etree.LxmlError,
)
"""What the library lets through where a stranger's file breaks its expectations."""


def read_xlsx(content: bytes) -> tuple[Block, ...]:
    """Every visible sheet's name and rows; raises ``UnreadableDocumentError`` with the reason in plain words."""
    with open_package(content) as package:
        if sum(one.file_size for one in package.infolist() if one.filename.endswith(".xml")) > LARGEST_PART:
            raise UnreadableDocumentError("it unpacks to far more than a form holds")
    try:
        return tuple(_sheets(content))
    except _FAULTS as fault:
        raise UnreadableDocumentError("it is damaged or only part of it arrived") from fault


def _sheets(content: bytes) -> Iterator[Block]:
    from openpyxl import load_workbook  # type: ignore[import-untyped]  # noqa: PLC0415 - costs 190 ms and few mails hold a workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Excel can do and the library cannot is no news to anybody
        workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        for sheet in workbook.worksheets[:MOST_SHEETS]:
            if sheet.sheet_state == "visible":
                yield Paragraph(text=str(sheet.title), heading=True)
                yield from _tables(sheet)


def _tables(sheet: Any) -> Iterator[Block]:
    """The rows of a sheet; a row with one written cell is a line of its own."""
    rows: list[tuple[Cell, ...]] = []
    for row in sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True):
        texts = [text for text in (_shown(value) for value in row) if text]
        if len(texts) > 1:
            rows.append(tuple(Cell(parts=(Paragraph(text=text),)) for text in texts))
        elif texts:
            yield from (Table(rows=tuple(rows)),) if rows else ()
            rows = []
            yield Paragraph(text=texts[0])
    if rows:
        yield Table(rows=tuple(rows))


def _shown(value: object) -> str:
    """What Excel shows in a cell, near enough: days day first, whole numbers without a point."""
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y}" if value.time() == time() else f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, date | time):
        return f"{value:%d/%m/%Y}" if isinstance(value, date) else f"{value:%H:%M}"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    is_whole = isinstance(value, float) and value.is_integer()
    return f"{value:.0f}" if is_whole else "" if value is None else str(value).strip()
