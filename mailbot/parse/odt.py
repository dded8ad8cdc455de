"""An OpenDocument text (.odt) as paragraphs and tables."""

from collections.abc import Iterator

from lxml import etree

from mailbot.errors import UnreadableDocumentError
from mailbot.parse.blocks import Block, Cell, Paragraph, Table
from mailbot.parse.package import attribute, child, local, open_package, parse_xml, read_part

MOST_BLOCKS = 20_000
"""Paragraphs and cells, repetitions not counted: they are written once and read once."""

_SILENT = frozenset({"tracked-changes", "annotation", "annotation-end", "note", "sequence-decls", "forms", "script"})
_SIGNS = {"tab": "\t", "line-break": "\n", "s": " "}
_GROUPS = frozenset(
    {
        "section",
        "list",
        "list-item",
        "list-header",
        "index-body",
        "table-header-rows",
        "table-rows",
        "table-row-group",
        "frame",
        "text-box",
    }
)


def read_odt(content: bytes) -> tuple[Block, ...]:
    """The body of an OpenDocument text; raises ``UnreadableDocumentError`` with the reason in plain words."""
    with open_package(content) as package:
        if "META-INF/manifest.xml" in package.namelist() and b"encryption-data" in read_part(
            package, "META-INF/manifest.xml"
        ):
            raise UnreadableDocumentError("it is protected by a password")
        root = parse_xml(read_part(package, "content.xml"))
    _drop_struck_out(root)
    text = child(root, "body", "text")
    if text is None:
        raise UnreadableDocumentError("it holds no text")
    if sum(1 for _ in text.iter("{*}p", "{*}h", "{*}table-cell")) > MOST_BLOCKS:
        raise UnreadableDocumentError("it has far more paragraphs and cells than a form")
    return tuple(_blocks(text))


def _drop_struck_out(root: etree._Element) -> None:
    """Empties the words whose style strikes them out or hides them: an option crossed out is no answer."""
    unseen = set()
    for style in root.iter("{*}style"):
        looks = child(style, "text-properties")
        line = attribute(looks, "text-line-through-style") if looks is not None else None
        if (line or "none") != "none" or (looks is not None and attribute(looks, "display") == "none"):
            unseen.add(attribute(style, "name"))
    for span in root.iter("{*}span") if unseen else ():
        if attribute(span, "style-name") in unseen:
            span.text = ""
            for inner in list(span):
                span.remove(inner)


def _blocks(element: etree._Element) -> Iterator[Block]:
    for one in element:
        name = local(one)
        if name in {"p", "h"}:
            yield Paragraph(text="".join(_pieces(one)).strip(), heading=name == "h")
        elif name == "table":
            yield Table(rows=tuple(_rows(one)))
        elif name in _GROUPS:
            yield from _blocks(one)


def _rows(table: etree._Element) -> Iterator[tuple[Cell, ...]]:
    for one in table:
        if local(one) == "table-row":
            yield tuple(
                Cell(parts=tuple(_blocks(cell)), continued=local(cell) == "covered-table-cell")
                for cell in one
                if local(cell).endswith("table-cell")
            )
        elif local(one) in _GROUPS:
            yield from _rows(one)


def _pieces(element: etree._Element) -> Iterator[str]:
    """Text in reading order; a placeholder field still unanswered gives nothing."""
    yield element.text or ""
    for one in element:
        name = local(one)
        if name in _SIGNS:
            yield _SIGNS[name]
        elif name == "placeholder" or attribute(one, "placeholder-type"):
            yield ""
        elif name not in _SILENT:
            yield from _pieces(one)
        yield one.tail or ""
