"""A web page saved as a file, as paragraphs and tables. Nothing is fetched, no script is run, hidden parts are not read."""

import re
from collections.abc import Iterator

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from mailbot.errors import UnreadableDocumentError
from mailbot.parse.blocks import Block, Cell, Paragraph, Table
from mailbot.parse.plain import read_text

LARGEST = 2_000_000
MOST_BLOCKS = 20_000
DEEPEST = 60

_SILENT = frozenset({"script", "style", "head", "template", "noscript", "del", "s", "strike", "object", "svg"})
_LINES = frozenset(
    [
        "p",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "dt",
        "dd",
        "address",
        "pre",
        "section",
        "article",
        "form",
        "fieldset",
        "legend",
        "tr",
        "td",
        "th",
    ]
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "legend"})
_SPACES = re.compile(r"[^\S\n]+|\n+")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_STRUCK = re.compile(r"text-decoration[^;]*:\s*[^;]*line-through", re.IGNORECASE)


def read_html(content: bytes) -> tuple[Block, ...]:
    """The page top to bottom; raises ``UnreadableDocumentError`` where it cannot be read or is far larger than a form."""
    if len(content) > LARGEST:
        raise UnreadableDocumentError("it holds far more than a form")
    text = _DECLARATION.sub("", read_text(content))
    try:
        root = document_fromstring(text, parser=HTMLParser(no_network=True, remove_comments=True, huge_tree=False))
    except (etree.LxmlError, ValueError, AssertionError) as fault:
        raise UnreadableDocumentError("it is damaged or only part of it arrived") from fault
    if sum(1 for _ in root.iter("p", "td", "div")) > MOST_BLOCKS:
        raise UnreadableDocumentError("it has far more paragraphs and cells than a form")
    return tuple(_Page().read(root))


class _Page:
    """A page being read: the words gathered since the last line ended."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def read(self, element: HtmlElement, depth: int = 0) -> Iterator[Block]:
        yield from self._inside(element, depth)
        yield from self._end()

    def _inside(self, element: HtmlElement, depth: int) -> Iterator[Block]:
        self.words.append(element.text or "")
        for one in element:
            if isinstance(one.tag, str) and depth < DEEPEST and not _is_unseen(one):
                yield from self._element(one, depth)
            self.words.append(one.tail or "")

    def _element(self, one: HtmlElement, depth: int) -> Iterator[Block]:
        if one.tag == "table":
            yield from self._end()
            yield Table(rows=tuple(_rows(one, depth)))
        elif one.tag == "br":
            yield from self._end()
        elif one.tag in {"input", "textarea", "select", "option"}:
            self.words.append(_value(one))
        elif one.tag in _LINES:
            yield from self._end()
            yield from self._inside(one, depth + 1)
            yield from self._end(heading=one.tag in _HEADINGS)
        else:
            yield from self._inside(one, depth + 1)

    def _end(self, *, heading: bool = False) -> Iterator[Block]:
        text = _SPACES.sub(" ", "".join(self.words)).strip()
        self.words = []
        if text:
            yield Paragraph(text=text, heading=heading)


def _rows(table: HtmlElement, depth: int) -> Iterator[tuple[Cell, ...]]:
    for one in table:
        if one.tag == "tr":
            yield tuple(
                Cell(parts=tuple(_Page().read(cell, depth + 1)))
                for cell in one
                if cell.tag in {"td", "th"} and not _is_unseen(cell)
            )
        elif one.tag in {"tbody", "thead", "tfoot"}:
            yield from _rows(one, depth)


def _is_unseen(element: HtmlElement) -> bool:
    looks = element.get("style") or ""
    return element.tag in _SILENT or _HIDDEN.search(looks) is not None or _STRUCK.search(looks) is not None


def _value(field: HtmlElement) -> str:
    """What stands in a field of a form that was filled in and saved."""
    kind = (field.get("type") or "text").lower()
    if field.tag == "input" and kind in {"checkbox", "radio"}:
        return " ☒ " if field.get("checked") is not None else " ☐ "
    if field.tag == "input":
        return (
            ""
            if kind in {"hidden", "submit", "button", "image", "reset", "password"}
            else f" {field.get('value') or ''} "
        )
    if field.tag == "select":
        chosen = [one for one in field.iter("option") if one.get("selected") is not None]
        return f" {' '.join((one.text or '') for one in chosen)} "
    return f" {field.text or ''} " if field.tag == "textarea" else ""
