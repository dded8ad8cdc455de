"""What is inside an opaque signature (S/MIME signed-data, .p7m): the mail itself, behind a wrapping of its own. RFC 5652.

The signature is not checked: it proves nothing here (DESIGN §8 asks the council's own gateway). Pure.
"""

from typing import NamedTuple

SIGNED, ENVELOPED, AUTH_ENVELOPED, COMPRESSED = (
    bytes.fromhex(f"2a864886f70d01{end}") for end in ("0702", "0703", "0910010117", "0910010109")
)
MOST_PIECES = 100_000
DEEPEST = 8

_OCTETS, _SEQUENCE, _PARTS, _CONTEXT = 0x04, 0x30, 0x20, 0xA0


class _Item(NamedTuple):
    """One item of the encoding: its tag, where its content begins and ends, and where the next item begins."""

    tag: int
    start: int
    end: int
    after: int


def is_encrypted(content: bytes) -> bool:
    """Whether an S/MIME part hides its content from everybody but its receiver."""
    return any(oid in content[:64] for oid in (ENVELOPED, AUTH_ENVELOPED))


def signed_content(content: bytes) -> bytes:
    """The signed mail, empty where there is none to be found. Never raises."""
    try:
        return _content(content) if SIGNED in content[:64] else b""
    except (LookupError, ValueError, RecursionError):
        return b""


def _content(data: bytes) -> bytes:
    """ContentInfo → SignedData → EncapsulatedContentInfo → its octets, whole or in pieces (BER)."""
    info = _inside(data, _item(data, 0))
    signed = _inside(data, _inside(data, info[1])[0])
    encapsulated = [one for one in signed if one.tag == _SEQUENCE][0]  # noqa: RUF015 - the SETs come before it
    wrapped = [one for one in _inside(data, encapsulated) if one.tag == _CONTEXT]
    pieces: list[bytes] = []
    for one in wrapped:
        _gather(data, one, pieces, 0)
    return b"".join(pieces)


def _gather(data: bytes, item: _Item, pieces: list[bytes], depth: int) -> None:
    if item.tag == _OCTETS:
        pieces.append(data[item.start : item.end])
    elif item.tag & _PARTS and depth < DEEPEST:
        for one in _inside(data, item):
            _gather(data, one, pieces, depth + 1)


def _inside(data: bytes, item: _Item) -> list[_Item]:
    found: list[_Item] = []
    at = item.start
    while at < item.end and len(found) < MOST_PIECES and data[at : at + 2] != b"\0\0":
        found.append(_item(data, at))
        at = found[-1].after
    return found


def _item(data: bytes, at: int, depth: int = 0) -> _Item:
    tag, length, start = data[at], data[at + 1], at + 2
    if length == 0x80:  # noqa: PLR2004 - until two zeros
        end = start
        while data[end : end + 2] != b"\0\0":
            if depth > DEEPEST * 2:
                raise ValueError("too deep")
            end = _item(data, end, depth + 1).after
        return _Item(tag, start, end, end + 2)
    if length > 0x80:  # noqa: PLR2004 - a length in several bytes
        count = length & 0x7F
        length, start = int.from_bytes(data[start : start + count], "big"), start + count
    end = min(start + length, len(data))
    return _Item(tag, start, end, end)
