"""WordprocessingML by hand: runs, paragraphs, tables and content controls as text (ECMA-376 part 1, chapter 17).

Everything a person wrote goes through ``text``, which escapes it and leaves out what XML cannot hold.
"""

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

TICKED, UNTICKED = "☒", "☐"

_UNWRITABLE = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BOX_FONT = '<w:rFonts w:ascii="MS Gothic" w:eastAsia="MS Gothic" w:hAnsi="MS Gothic" w:hint="eastAsia"/>'
_DATE = (
    '<w:date><w:dateFormat w:val="d MMMM yyyy"/><w:lid w:val="en-GB"/>'
    '<w:storeMappedDataAs w:val="dateTime"/><w:calendar w:val="gregorian"/></w:date>'
)
_LOOK = 'w:lastRow="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"'
_HEADED_COLUMN = f'<w:tblLook w:val="0680" w:firstRow="0" w:firstColumn="1" {_LOOK}/>'
_HEADED_ROW = f'<w:tblLook w:val="0620" w:firstRow="1" w:firstColumn="0" {_LOOK}/>'
_LINES = '<w:text w:multiLine="1"/>'


def text(said: str) -> str:
    """Words as an XML run's content; a line break is a break."""
    lines = _UNWRITABLE.sub("", said.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    return "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in lines)


def run(said: str, looks: str = "") -> str:
    """A run of words; ``looks`` is what stands in its rPr."""
    return f"<w:r>{f'<w:rPr>{looks}</w:rPr>' if looks else ''}{text(said)}</w:r>"


def paragraph(*inside: str, style: str = "") -> str:
    """A paragraph of runs and controls."""
    looks = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{looks}{''.join(inside)}</w:p>"


def field_code(code: str) -> str:
    """A field that Word works out itself, such as PAGE."""
    return f'<w:fldSimple w:instr="{code}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'


def cell(width: int, *paragraphs: str, shade: str = "") -> str:
    """A table cell; ``width`` in twentieths of a point."""
    fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{shade}"/>' if shade else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{fill}</w:tcPr>{"".join(paragraphs)}</w:tc>'


def row(*cells: str, height: int = 0, heads: bool = False) -> str:
    """A table row that stays on one page; at least so high. ``heads``: repeated where the table goes over a page."""
    tall = f'<w:trHeight w:val="{height}" w:hRule="atLeast"/>' if height else ""
    head = "<w:tblHeader/>" if heads else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{tall}{head}</w:trPr>{''.join(cells)}</w:tr>"


def table(widths: Sequence[int], caption: str, *rows: str, heads: bool = False) -> str:
    """A table of fixed columns whose first column heads the rows, or whose first row (``heads``) heads the columns.

    The caption is what a screen reader says.
    """
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    looks = (
        f'<w:tblStyle w:val="Form"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        f"{_HEADED_ROW if heads else _HEADED_COLUMN}"
        f"<w:tblCaption w:val={quoteattr(_one_line(caption))}/>"
    )
    return f"<w:tbl><w:tblPr>{looks}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


class Controls:
    """Makes content controls, each with a number of its own. None of them can be deleted by a slip of the hand."""

    def __init__(self) -> None:
        self._made = 0

    def lines(self, tag: str, title: str, said: str, placeholder: str) -> str:
        """A box to write in."""
        return self._control(tag, title, _LINES, said, placeholder)

    def date(self, tag: str, title: str, said: str, placeholder: str) -> str:
        """A box that offers a calendar; a time may be typed behind the day."""
        return self._control(tag, title, _DATE, said, placeholder)

    def choice(self, tag: str, title: str, said: str, placeholder: str, choices: Sequence[str]) -> str:
        """A list to pick from, in which other words may be written."""
        items = "".join(f"<w:listItem w:displayText={quoteattr(one)} w:value={quoteattr(one)}/>" for one in choices)
        return self._control(tag, title, f"<w:comboBox>{items}</w:comboBox>", said, placeholder)

    def tick(self, tag: str, title: str, *, ticked: bool) -> str:
        """A box to tick."""
        kind = (
            f'<w14:checkbox><w14:checked w14:val="{int(ticked)}"/><w14:checkedState w14:val="2612" w14:font="MS Gothic"/>'
            '<w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox>'
        )
        box = run(TICKED if ticked else UNTICKED, _BOX_FONT)
        return f"<w:sdt>{self._properties(tag, title, kind)}<w:sdtContent>{box}</w:sdtContent></w:sdt>"

    def _control(self, tag: str, title: str, kind: str, said: str, placeholder: str) -> str:
        shown = run(said) if said else run(placeholder, '<w:rStyle w:val="PlaceholderText"/>')
        properties = self._properties(tag, title, kind, is_blank=not said)
        return f"<w:sdt>{properties}<w:sdtContent>{shown}</w:sdtContent></w:sdt>"

    def _properties(self, tag: str, title: str, kind: str, *, is_blank: bool = False) -> str:
        self._made += 1
        named = f"<w:alias w:val={quoteattr(_one_line(title)[:64])}/><w:tag w:val={quoteattr(tag)}/>"
        blank = "<w:showingPlcHdr/>" if is_blank else ""
        return f'<w:sdtPr>{named}<w:id w:val="{self._made}"/><w:lock w:val="sdtLocked"/>{blank}{kind}</w:sdtPr>'


def _one_line(said: str) -> str:
    return " ".join(_UNWRITABLE.sub("", said).split())
