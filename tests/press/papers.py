"""What a PDF is made of, as its tests ask for it."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pdfplumber
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

MM = 72 / 25.4


def reader(content: bytes) -> PdfReader:
    return PdfReader(BytesIO(content))


def words(content: bytes, page: int = 0) -> list[dict[str, Any]]:
    """Each word of a page with its place, in millimetres from the top left corner."""
    with pdfplumber.open(BytesIO(content)) as paper:
        found = paper.pages[page].extract_words()
    places = ("x0", "x1", "top", "bottom")
    return [{"text": one["text"]} | {name: float(one[name]) / MM for name in places} for one in found]


def tags(content: bytes) -> list[str]:
    """The kinds of the document's elements in reading order: ``H1``, ``P``, ``L``, …"""
    return [
        str(one["/S"])[1:]
        for one in _elements(_resolved(reader(content).root_object["/StructTreeRoot"]))
        if "/S" in one
    ]


def fonts(content: bytes) -> list[DictionaryObject]:
    """The description of every font that any page uses."""
    found = {}
    for page in reader(content).pages:
        for font in _resolved(_resolved(page["/Resources"])["/Font"]).values():
            for inner in _resolved(_resolved(font)["/DescendantFonts"]):
                described = _resolved(_resolved(inner)["/FontDescriptor"])
                found[described["/FontName"]] = described
    return list(found.values())


def read_aloud(content: bytes) -> str:
    """The words of all pages in the order of the file, which for a tagged file is the order of reading."""
    return " ".join(" ".join(page.extract_text() for page in reader(content).pages).split())


def _elements(node: Any) -> Iterator[DictionaryObject]:
    if isinstance(node, ArrayObject):
        for one in node:
            yield from _elements(_resolved(one))
    elif isinstance(node, DictionaryObject):
        yield node
        if "/K" in node:
            yield from _elements(_resolved(node["/K"]))


def _resolved(node: Any) -> Any:
    return node.get_object() if isinstance(node, IndirectObject) else node
