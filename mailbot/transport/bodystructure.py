"""A server's BODYSTRUCTURE (RFC 3501 §7.4.2) → the list of a message's parts, nothing fetched.

The list describes what a stranger sent, through a server that may misread it: a list that makes no sense is no list.
"""

import re
from collections.abc import Iterator, Sequence
from email.header import decode_header
from email.utils import collapse_rfc2231_value, decode_params
from itertools import takewhile

from mailbot.mail import PartHead

MOST_PARTS = 1000
DEEPEST = 50
LONGEST_NAME = 255

_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_MISREAD = (ValueError, TypeError, IndexError, LookupError, AttributeError, RecursionError)

# Where the optional fields of a single part begin; the disposition is the second of them.
_TEXT_EXTRAS, _MESSAGE_EXTRAS, _OTHER_EXTRAS = 8, 10, 7


def read_parts(structure: object) -> tuple[PartHead, ...]:
    """The parts as imapclient's parser gives them, with section numbers for ``BODY.PEEK[section]``; containers left out.

    A forwarded message is listed itself and then with its own parts. Returns () for a list that cannot be understood.
    """
    parts = []
    try:
        for part in _walk(structure, "", 0):
            parts.append(part)
            if len(parts) == MOST_PARTS:
                break
    except _MISREAD:
        return ()
    return tuple(parts)


def _walk(structure: object, section: str, depth: int) -> Iterator[PartHead]:
    if depth > DEEPEST or not isinstance(structure, tuple):
        raise ValueError("no list of parts")
    children = _children(structure)
    if not children:
        yield from _single(structure, section or "1", depth)
    for number, child in enumerate(children, start=1):
        yield from _walk(child, f"{section}.{number}".lstrip("."), depth + 1)


def _children(structure: Sequence[object]) -> list[object]:
    """The parts of a multipart: imapclient gathers them in a list, except inside a forwarded message."""
    if isinstance(structure[0], list):
        return structure[0]
    return list(takewhile(lambda field: isinstance(field, tuple), structure))


def _single(structure: Sequence[object], section: str, depth: int) -> Iterator[PartHead]:
    content_type = f"{_text(structure[0])}/{_text(structure[1])}".lower()
    inner = _forwarded(structure) if content_type == "message/rfc822" else None
    size = structure[6]
    yield PartHead(
        section=section,
        content_type=content_type,
        name=_name(structure, _extras(content_type, inner)),
        size=size if isinstance(size, int) else 0,
        encoding=_text(structure[5]).lower(),
    )
    if isinstance(inner, tuple) and inner:
        # The parts of a forwarded multipart are n.1, n.2…; a forwarded single part is n.1 (RFC 3501 §6.4.5).
        yield from _walk(inner, section if _children(inner) else f"{section}.1", depth + 1)


def _forwarded(structure: Sequence[object]) -> object:
    """The list of a forwarded message's parts, which follows its envelope; Exchange at times sends neither."""
    return structure[8] if len(structure) > _MESSAGE_EXTRAS - 1 and isinstance(structure[7], tuple) else None


def _extras(content_type: str, inner: object) -> int:
    if inner is not None:
        return _MESSAGE_EXTRAS
    return _TEXT_EXTRAS if content_type.startswith("text/") else _OTHER_EXTRAS


def _name(structure: Sequence[object], extras: int) -> str:
    """The file name: the disposition's, else the content type's."""
    disposition = structure[extras + 1] if len(structure) > extras + 1 else None
    given = disposition[1] if isinstance(disposition, tuple) and len(disposition) > 1 else None
    return _parameter(given, "filename") or _parameter(structure[2], "name")


def _parameter(fields: object, wanted: str) -> str:
    """One parameter, with RFC 2231 continuations and charsets undone, and RFC 2047 words where mailers put them."""
    if not isinstance(fields, tuple):
        return ""
    pairs = [(_text(key).lower(), _text(value)) for key, value in zip(fields[::2], fields[1::2], strict=False)]
    try:
        decoded = decode_params([("", ""), *pairs])[1:]
        values = [collapse_rfc2231_value(value) for name, value in decoded if name == wanted]
    except _MISREAD:
        values = [value for name, value in pairs if name.rstrip("*") == wanted]
    return clean_name(values[0].strip('"')) if values else ""


def clean_name(written: str) -> str:
    """A file name with RFC 2047 words decoded, on one line and of bounded length; never raises."""
    try:
        words = decode_header(written)
        name = "".join(_decoded(word, charset) for word, charset in words)
    except (*_MISREAD, UnicodeError):
        name = written
    return _CONTROL.sub(" ", name).strip()[:LONGEST_NAME]


def _decoded(word: bytes | str, charset: str | None) -> str:
    return word if isinstance(word, str) else word.decode(charset or "latin-1", "replace")


def _text(field: object) -> str:
    """A string of the list: UTF-8 where it is, else Latin-1, so that no byte is lost; NIL is the empty string."""
    if isinstance(field, bytes):
        try:
            return field.decode("utf-8")
        except UnicodeDecodeError:
            return field.decode("latin-1")
    return "" if field is None else str(field)
