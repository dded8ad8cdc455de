"""A Word document (.docx, .docm) as paragraphs and tables: an own walk over the XML, for the usual library loses content controls.

Content controls count in all five places (in a paragraph, around paragraphs, a table, a row, a cell): unwrapped, so
that no value slips under its neighbour's label. Macros are never looked at. ECMA-376 part 1, chapters 17.4 and 17.5.
"""

import zipfile
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from mailbot.errors import UnreadableDocumentError
from mailbot.parse.blocks import Block, Cell, Paragraph, Table
from mailbot.parse.docx_text import ParagraphText, control_name, shows_placeholder, tick_of
from mailbot.parse.package import attribute, child, local, open_package, parse_xml, read_part

MOST_BLOCKS = 20_000
"""Paragraphs and cells: a hostile document may hold millions, a form a few hundred."""

_WRAPPERS = frozenset({"customXml", "ins", "smartTag", "moveTo", "sdtContent", "AlternateContent", "Choice"})


class _Within(NamedTuple):
    """What the content controls around an element say: nobody has answered, and what the control is called."""

    blank: bool = False
    control: str = ""


class _Budget:
    """Counts what is read, so that a document made of millions of cells ends in a plain refusal."""

    def __init__(self) -> None:
        self.left = MOST_BLOCKS

    def spend(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise UnreadableDocumentError("it has far more paragraphs and cells than a form")


def read_docx(content: bytes) -> tuple[Block, ...]:
    """The body of a Word document, top to bottom; raises ``UnreadableDocumentError`` with the reason in plain words."""
    with open_package(content) as package:
        root = parse_xml(read_part(package, _main_part(package)))
    body = child(root, "body")
    if body is None:
        raise UnreadableDocumentError("it holds no text")
    return tuple(_blocks(body, _Within(), _Budget()))


def _main_part(package: zipfile.ZipFile) -> str:
    """The part that holds the text: the package says which, and most call it word/document.xml."""
    if "_rels/.rels" in package.namelist():
        for relation in parse_xml(read_part(package, "_rels/.rels")):
            target = attribute(relation, "Target") or ""
            if (attribute(relation, "Type") or "").endswith("/officeDocument") and target:
                return target.lstrip("/")
    return "word/document.xml"


def _children(element: etree._Element, within: _Within) -> Iterator[tuple[etree._Element, _Within]]:
    """The children with every wrapper taken off: content controls, tracked insertions, alternatives."""
    for one in element:
        name = local(one)
        if name == "sdt":
            yield from _controlled(one, within)
        elif name in _WRAPPERS:
            yield from _children(one, within)
        else:
            yield one, within


def _controlled(sdt: etree._Element, within: _Within) -> Iterator[tuple[etree._Element, _Within]]:
    content = child(sdt, "sdtContent")
    if content is not None:
        inside = _Within(
            within.blank or (shows_placeholder(sdt) and not tick_of(sdt)), control_name(sdt) or within.control
        )
        yield from _children(content, inside)


def _blocks(element: etree._Element, within: _Within, budget: _Budget) -> Iterator[Block]:
    for one, inside in _children(element, within):
        name = local(one)
        if name == "p":
            budget.spend()
            yield _paragraph(one, inside)
        elif name == "tbl":
            yield Table(rows=tuple(_rows(one, inside, budget)))


def _paragraph(paragraph: etree._Element, within: _Within) -> Paragraph:
    read = ParagraphText(paragraph, blank=within.blank)
    style = child(paragraph, "pPr", "pStyle")
    looks = (attribute(style, "val") or "").lower() if style is not None else ""
    return Paragraph(
        text=read.text.strip(), control=read.control or within.control, heading=looks.startswith(("heading", "title"))
    )


def _rows(table: etree._Element, within: _Within, budget: _Budget) -> Iterator[tuple[Cell, ...]]:
    for row, inside in _children(table, within):
        if local(row) == "tr" and child(row, "trPr", "del") is None:
            yield tuple(_cells(row, inside, budget))


def _cells(row: etree._Element, within: _Within, budget: _Budget) -> Iterator[Cell]:
    for cell, inside in _children(row, within):
        if local(cell) != "tc" or child(cell, "tcPr", "cellDel") is not None or _continues(cell, "hMerge"):
            continue
        budget.spend()
        yield Cell(parts=tuple(_blocks(cell, inside, budget)), continued=_continues(cell, "vMerge"))


def _continues(cell: etree._Element, kind: str) -> bool:
    """Whether a cell is the further part of a merged one: it says so, or names no value (17.4.84)."""
    merge = child(cell, "tcPr", kind)
    return merge is not None and attribute(merge, "val") in {None, "continue"}
