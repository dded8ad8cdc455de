"""The parts of a workbook (.xlsx) that its sheets refer to: their list, the shared texts, which formats are dates."""

import re
import zipfile
import zlib
from array import array
from collections.abc import Callable, Iterator
from typing import NamedTuple
from xml.parsers import expat

from mailbot.errors import UnreadableDocumentError
from mailbot.parse.package import attribute, child, parse_xml, read_part

LARGEST_STREAM = 400_000_000
"""Bytes of one part that is streamed, unpacked: 100,000 rows of forty cells; they are never in memory together."""
LARGEST_TEXTS = 100_000_000
"""Bytes of the shared texts, which are in memory together."""

_CHUNK = 65_536
_TOO_LARGE = "it unpacks to far more than a list of people holds"
_NOT_WHOLE = "it is damaged or only part of it arrived"
_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, expat.ExpatError)
_BUILT_IN_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_NOT_LETTERS = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')


class SheetPart(NamedTuple):
    """A sheet: what it is called, where it lies in the package, whether a person sees it."""

    title: str
    part: str
    visible: bool


class Contents(NamedTuple):
    """What a workbook is made of. ``dates``: for each style of a cell, whether it shows a date; ``from_1904``: its calendar."""

    sheets: tuple[SheetPart, ...]
    texts: str
    dates: tuple[bool, ...]
    from_1904: bool


def contents_of(package: zipfile.ZipFile) -> Contents:
    """The workbook's own list of its parts; raises ``UnreadableDocumentError``."""
    book = parse_xml(read_part(package, "xl/workbook.xml"))
    targets = _targets(package)
    sheets = child(book, "sheets")
    listed = tuple(
        SheetPart(
            attribute(one, "name") or "", targets[identity][1], (attribute(one, "state") or "visible") == "visible"
        )
        for one in (sheets if sheets is not None else ())
        if (identity := attribute(one, "id")) in targets and targets[identity][0] == "worksheet"
    )
    by_kind = dict(targets.values())
    styles = by_kind.get("styles")
    properties = child(book, "workbookPr")
    from_1904 = properties is not None and attribute(properties, "date1904") in {"1", "true"}
    return Contents(listed, by_kind.get("sharedStrings", ""), _dates(package, styles) if styles else (), from_1904)


def _targets(package: zipfile.ZipFile) -> dict[str | None, tuple[str, str]]:
    """Identity of a relation → its kind and the part it leads to."""
    relations = parse_xml(read_part(package, "xl/_rels/workbook.xml.rels"))
    found: dict[str | None, tuple[str, str]] = {}
    for one in relations:
        target = attribute(one, "Target") or ""
        kind = (attribute(one, "Type") or "").rpartition("/")[2]
        found[attribute(one, "Id")] = (kind, target[1:] if target.startswith("/") else f"xl/{target}")
    return found


def _dates(package: zipfile.ZipFile, part: str) -> tuple[bool, ...]:
    styles = parse_xml(read_part(package, part))
    formats, used = child(styles, "numFmts"), child(styles, "cellXfs")
    own = {
        attribute(one, "numFmtId"): _shows_a_date(attribute(one, "formatCode") or "")
        for one in (formats if formats is not None else ())
    }

    def is_date(number: str) -> bool:
        return own.get(number, number.isdigit() and int(number) in _BUILT_IN_DATES)

    return tuple(is_date(attribute(one, "numFmtId") or "0") for one in (used if used is not None else ()))


def _shows_a_date(code: str) -> bool:
    letters = _NOT_LETTERS.sub("", code).lower()
    return "general" not in letters and any(letter in letters for letter in "dmyhs")


class Texts:
    """The shared texts, packed: 100,000 different ones of twenty letters take three megabytes."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._ends = array("Q", (0,))

    def add(self, text: str) -> None:
        self._bytes += text.encode("utf-8", "replace")
        self._ends.append(len(self._bytes))
        if len(self._bytes) > LARGEST_TEXTS:
            raise UnreadableDocumentError(_TOO_LARGE)

    def __getitem__(self, number: int) -> str:
        if not 0 <= number < len(self._ends) - 1:
            raise UnreadableDocumentError(_NOT_WHOLE)
        return self._bytes[self._ends[number] : self._ends[number + 1]].decode("utf-8")


def read_texts(package: zipfile.ZipFile, part: str) -> Texts:
    """Every shared text, without the reading aids that stand above some scripts."""
    texts = Texts()
    said: list[str] = []
    inside = {"t": 0, "rPh": 0}

    def start(tag: str, _: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name in inside:
            inside[name] += 1
        elif name == "si":
            said.clear()

    def end(tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name in inside:
            inside[name] -= 1
        elif name == "si":
            texts.add("".join(said))

    def data(text: str) -> None:
        if inside["t"] and not inside["rPh"]:
            said.append(text)

    for _ in stream(package, part, start, end, data):
        pass
    return texts


def stream(
    package: zipfile.ZipFile,
    part: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    data: Callable[[str], None],
) -> Iterator[None]:
    """Reads an XML part piece by piece and calls back; yields after each piece. No document type, nothing fetched.

    Raises ``UnreadableDocumentError``; bytes are counted while unpacking and not as declared.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = data, _refuse_doctype
    try:
        for piece in _unpacked(package, part):
            parser.Parse(piece)
            yield
        parser.Parse(b"", True)  # noqa: FBT003 - expat takes it by position only
        yield
    except KeyError as fault:
        raise UnreadableDocumentError(_NOT_WHOLE) from fault
    except RuntimeError as fault:
        raise UnreadableDocumentError("it is protected by a password") from fault
    except _FAULTS as fault:
        raise UnreadableDocumentError(_NOT_WHOLE) from fault


def _unpacked(package: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    taken = 0
    with package.open(part) as opened:
        while piece := opened.read(_CHUNK):
            taken += len(piece)
            if taken > LARGEST_STREAM:
                raise UnreadableDocumentError(_TOO_LARGE)
            yield piece


def _refuse_doctype(*_: object) -> None:
    raise UnreadableDocumentError("it declares a document type, which no list needs and which can do harm")
