"""A PDF form: the values of its fields, and the lines printed on it. ISO 32000-1, chapter 12.7."""

import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

from mailbot.errors import UnreadableDocumentError

MOST_PAGES = 30
"""Pages whose text is read; fields are read wherever they stand."""
MOST_FIELDS = 2_000
LONGEST_TEXT = 300_000

_LOCKED = "it is protected by a password"
_FAULTS = (
    ArithmeticError,
    AttributeError,
    LookupError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    NotImplementedError,
)
"""What the library lets through where a stranger's file breaks its expectations."""

_OFF = frozenset({"", "Off", "off"})
_PLAIN_ON = re.compile(r"^(?:yes|on|true|ja|oui|x|checked|\d{1,2})$", re.IGNORECASE)


class PdfField:
    """One form field: its names and what stands in it."""

    def __init__(self, name: str, label: str, value: str) -> None:
        self.name, self.label, self.value = name, label, value


def read_pdf(content: bytes) -> tuple[tuple[PdfField, ...], str]:
    """The fields and the printed text of a PDF; raises ``UnreadableDocumentError`` with the reason in plain words."""
    from pypdf.errors import FileNotDecryptedError, PyPdfError  # noqa: PLC0415 - slow to import, and most mail has no PDF

    try:
        return _read(content)
    except FileNotDecryptedError as fault:
        raise UnreadableDocumentError(_LOCKED) from fault
    except (PyPdfError, *_FAULTS) as fault:
        raise UnreadableDocumentError("it is damaged or only part of it arrived") from fault
    except ImportError as fault:
        raise UnreadableDocumentError("it is protected in a way the bot cannot open") from fault


def _read(content: bytes) -> tuple[tuple[PdfField, ...], str]:
    from pypdf import PdfReader  # noqa: PLC0415

    reader = PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise UnreadableDocumentError(_LOCKED)
    return tuple(_fields(reader.get_fields() or {})), _text(reader)


def _fields(found: Mapping[str, Any]) -> Iterator[PdfField]:
    for name, field in list(found.items())[:MOST_FIELDS]:
        kind = field.get("/FT")
        if kind is None or kind == "/Sig":
            continue
        label = str(field.get("/TU") or "").strip()
        yield PdfField(name=name.rpartition(".")[2].partition("[")[0], label=label, value=_value(field, kind))


def _value(field: Mapping[str, Any], kind: str) -> str:
    """What a person would read in the field: the words of a choice, Yes for a ticked box without words of its own."""
    value = field.get("/V")
    if isinstance(value, list | tuple):
        return "; ".join(_chosen(str(one), field) for one in value)
    if value is None:
        return ""
    text = str(value).strip()
    if kind == "/Btn":
        text = text.removeprefix("/")
        return "" if text in _OFF else ("Yes" if _PLAIN_ON.match(text) else text)
    return _chosen(text, field) if kind == "/Ch" else text


def _chosen(value: str, field: Mapping[str, Any]) -> str:
    """The words shown for a choice whose stored value is a code (the /Opt pairs)."""
    for option in field.get("/Opt") or ():
        if isinstance(option, list | tuple) and len(option) > 1 and str(option[0]) == value:
            return str(option[1])
    return value


def _text(reader: Any) -> str:
    pages, length = [], 0
    for page in reader.pages[:MOST_PAGES]:
        pages.append(page.extract_text() or "")
        length += len(pages[-1])
        if length > LONGEST_TEXT:
            break
    return "\n".join(pages)[:LONGEST_TEXT]
