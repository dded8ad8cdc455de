"""The blank list of people for staff to fill in: an Excel workbook that ``recipients`` reads back exactly. Pure.

Headings, hints and the example come from ``config/letter_list.toml``. The same rules give the same bytes; there is no
macro, no formula and no link in it.
"""

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from mailbot.letters.cells import day_of
from mailbot.letters.rules import Column, ColumnRule, ListRules
from mailbot.notify.forms.package import packed

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LIST, NOTES = "People", "How to fill it in"
ROWS = 5_000
"""Rows in which Excel offers the answers to pick from; more may be written."""

_DAYS = frozenset({Column.BORN, Column.CONFIRMED_ON, Column.TOLD_ON})
_TEXT, _HEADING, _DAY, _WRAPPED = 0, 1, 2, 3
_EXAMPLE_ROW = 2
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet2.xml" ContentType="{_KIND}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/></Types>'
)
_RELATIONS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
_BOOK_RELATIONS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/worksheet" Target="worksheets/sheet2.xml"/>'
    f'<Relationship Id="rId3" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
)
_BOOK = (
    f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="{LIST}" sheetId="1" r:id="rId1"/>'
    f'<sheet name="{NOTES}" sheetId="2" r:id="rId2"/></sheets></workbook>'
)
# Cells are text unless they hold a date, so that Excel keeps what is typed: a nought in front, a postcode like MAR1.
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Arial"/></font><font><b/><sz val="11"/><name val="Arial"/></font></fonts>'
    '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFF2F2F2"/></patternFill></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="4"><xf numFmtId="49" fontId="0" fillId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="1" fillId="2" applyNumberFormat="1" applyFont="1" applyFill="1" applyAlignment="1">'
    '<alignment wrapText="1" vertical="top"/></xf>'
    '<xf numFmtId="164" fontId="0" fillId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" applyNumberFormat="1" applyAlignment="1"><alignment wrapText="1" vertical="top"/></xf>'
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_ABOUT = (
    "Fill in the sheet “People”: one person in each row. Delete the row with the example.",
    "You may leave columns empty that you do not need, move them, and delete those that say so below. Keep the headings.",
    "The list is read before anything is sent. Whatever is wrong is told with its row, and nothing is sent until it is right.",
)


def blank_list(rules: ListRules) -> bytes:
    """The workbook: a sheet with headings and one row marked as an example, and a sheet that explains each column."""
    columns = tuple((column, rule) for column, rule in rules.columns.items() if rule.in_blank)
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELATIONS,
        "xl/workbook.xml": _BOOK,
        "xl/_rels/workbook.xml.rels": _BOOK_RELATIONS,
        "xl/styles.xml": _STYLES,
        "xl/worksheets/sheet1.xml": _people(columns, rules),
        "xl/worksheets/sheet2.xml": _notes(columns),
    }
    return packed(parts)


def _people(columns: Sequence[tuple[Column, ColumnRule]], rules: ListRules) -> str:
    widths = "".join(
        f'<col min="{at}" max="{at}" width="{max(14, len(rule.words[0]) + 2)}" style="{_style(column)}" customWidth="1"/>'
        for at, (column, rule) in enumerate(columns, start=1)
    )
    headings = _row(1, (_cell(rule.words[0], _HEADING) for _, rule in columns))
    example = _row(_EXAMPLE_ROW, (_cell(rule.example, _style(column)) for column, rule in columns))
    frozen = '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    choices = tuple(_choices(columns, rules))
    offered = f'<dataValidations count="{len(choices)}">{"".join(choices)}</dataValidations>' if choices else ""
    return f'<worksheet xmlns="{_MAIN}">{frozen}<cols>{widths}</cols><sheetData>{headings}{example}</sheetData>{offered}</worksheet>'


def _notes(columns: Sequence[tuple[Column, ColumnRule]]) -> str:
    said = [(text,) for text in _ABOUT] + [
        (rule.words[0], rule.hint or "As the column before it.") for _, rule in columns
    ]
    rows = "".join(
        _row(at, (_cell(text, _WRAPPED if place or len(texts) == 1 else _HEADING) for place, text in enumerate(texts)))
        for at, texts in enumerate(said, start=1)
    )
    widths = '<col min="1" max="1" width="60" customWidth="1"/><col min="2" max="2" width="90" customWidth="1"/>'
    return f'<worksheet xmlns="{_MAIN}"><cols>{widths}</cols><sheetData>{rows}</sheetData></worksheet>'


def _choices(columns: Sequence[tuple[Column, ColumnRule]], rules: ListRules) -> Iterator[str]:
    """The answers that Excel offers in cells that take one of a few."""
    answers = rules.answers
    offered = {
        Column.HOW: (answers.email[0], answers.post[0], answers.telephone[0]),
        Column.CHILD: (answers.yes[0], answers.no[0]),
    }
    for at, (column, rule) in enumerate(columns):
        if column in offered:
            where = f"{_letter(at)}2:{_letter(at)}{ROWS}"
            asked = f"promptTitle={quoteattr(rule.words[0][:32])} prompt={quoteattr(rule.hint[:255])}"
            listed = escape(",".join(offered[column]))
            yield (
                f'<dataValidation type="list" allowBlank="1" showInputMessage="1" showErrorMessage="1" {asked} '
                f'sqref="{where}"><formula1>"{listed}"</formula1></dataValidation>'
            )


def _style(column: Column) -> int:
    return _DAY if column in _DAYS else _TEXT


def _row(number: int, cells: Iterator[str]) -> str:
    placed = "".join(cell.replace("<c ", f'<c r="{_letter(at)}{number}" ', 1) for at, cell in enumerate(cells))
    return f'<row r="{number}">{placed}</row>'


def _cell(text: str, style: int) -> str:
    day = day_of(text) if style == _DAY else None
    if day:
        return f'<c s="{style}"><v>{day.toordinal() - _EXCELS_DAY_0}</v></c>'
    return (
        f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
        if text
        else f'<c s="{style}"/>'
    )


def _letter(at: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    return (_letter(at // 26 - 1) if at > 25 else "") + chr(65 + at % 26)  # noqa: PLR2004 - the alphabet


_EXCELS_DAY_0 = 693_594
"""30 December 1899, from which Excel counts, as Python counts days."""
