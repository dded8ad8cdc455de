"""A PDF: the values of its form fields, the text in its own order, and what its pages look like. Opened once, bounded."""

import io
from typing import Any, NamedTuple

from mailbot.errors import UnreadableDocumentError
from mailbot.parse.pdf_fields import PdfField, Place, fields_of
from mailbot.parse.pdf_print import Page, read_pages, words_beside
from mailbot.parse.xfa import read_xfa

MOST_PAGES = 30
"""Pages whose text is read; fields are read wherever they stand."""
LONGEST_TEXT = 300_000

_LOCKED = "it is protected by a password"
_FAULTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    NotImplementedError,
)
"""What the libraries let through where a stranger's file breaks their expectations."""


class PdfReading(NamedTuple):
    """What is in a PDF. ``xfa`` are the answers of an XFA form: name, question, answer. ``pages`` is empty until asked for."""

    fields: tuple[PdfField, ...]
    xfa: tuple[tuple[str, str, str], ...]
    text: str


def read_pdf(content: bytes) -> PdfReading:
    """The fields and the text of a PDF; raises ``UnreadableDocumentError`` with the reason in plain words."""
    from pypdf.errors import FileNotDecryptedError, PyPdfError  # noqa: PLC0415 - slow to import, and most mail has no PDF

    try:
        return _read(content)
    except FileNotDecryptedError as fault:
        raise UnreadableDocumentError(_LOCKED) from fault
    except (PyPdfError, *_FAULTS) as fault:
        raise UnreadableDocumentError("it is damaged or only part of it arrived") from fault
    except ImportError as fault:
        raise UnreadableDocumentError("it is protected in a way the bot cannot open") from fault


def printed_pages(content: bytes) -> tuple[Page, ...]:
    """The pages as they look; none where the library that looks at them stumbles."""
    try:
        return read_pages(content)
    except Exception:  # noqa: BLE001 - its faults are many, and the text in its own order is there all the same
        return ()


def named_by_page(fields: tuple[PdfField, ...], pages: tuple[Page, ...]) -> tuple[PdfField, ...]:
    """Fields without a name that says anything, labelled by what is printed beside them.

    Of tick boxes and buttons the chosen one's own words become the answer ("Yes", "Paper"), as the reader sees them.
    """
    places = [place for field in fields for place in field.places]
    return tuple(_named(field, places, pages) for field in fields)


def _named(field: PdfField, places: list[Place], pages: tuple[Page, ...]) -> PdfField:
    on = [one for one in field.places if not field.chosen or one.state in {"", field.chosen}]
    place = next(iter((*on, *field.places)), None)
    if place is None or place.page >= len(pages):
        return field
    page = pages[place.page]
    others = [one for one in places if one.page == place.page]
    question, behind = words_beside(place, others, page)
    if not field.chosen:
        return field._replace(label=field.label or question)
    first = min((one for one in others if abs(one.top - place.top) < 4), key=lambda one: one.left)  # noqa: PLR2004 - points
    question = words_beside(first, others, page)[0] or question
    is_answer = bool(behind) and field.value == "Yes" and (first != place or len(field.places) > 1)
    return field._replace(label=field.label or question or behind, value=behind if is_answer else field.value)


def _read(content: bytes) -> PdfReading:
    from pypdf import PdfReader  # noqa: PLC0415

    reader = PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise UnreadableDocumentError(_LOCKED)
    return PdfReading(fields_of(reader), _xfa(reader), _text(reader))


def _xfa(reader: Any) -> tuple[tuple[str, str, str], ...]:
    try:
        packets = reader.xfa or {}
    except Exception:  # noqa: BLE001 - a form whose XML cannot be taken out still has its pages
        return ()
    return read_xfa({str(name): content for name, content in packets.items()})


def _text(reader: Any) -> str:
    pages, length = [], 0
    for page in reader.pages[:MOST_PAGES]:
        pages.append(page.extract_text() or "")
        length += len(pages[-1])
        if length > LONGEST_TEXT:
            break
    return "\n".join(pages)[:LONGEST_TEXT]
