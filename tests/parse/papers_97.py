"""A Word 97 document written by hand: one piece of text, its paragraphs' and letters' looks on one page each (MS-DOC)."""

import struct
from collections.abc import Sequence

from tests.intake.compound import compound

TEXT_AT = 1024
PAGE = 512

Row = Sequence[str] | str
"""The cells of a table's row, or a paragraph. A stretch between «~» signs is struck out."""


def word_97(*rows: Row, flags: int = 0x0200, magic: int = 0xA5EC) -> bytes:
    """The bytes of a .doc with these paragraphs and rows."""
    text, paragraphs, struck = _text(rows)
    size = -(-(TEXT_AT + len(text)) // PAGE) * PAGE
    head = bytearray(TEXT_AT)
    struct.pack_into("<H", head, 0, magic)
    struct.pack_into("<H", head, 0x0A, flags)
    struct.pack_into("<I", head, 0x4C, len(text))
    pieces = b"\x02" + struct.pack("<I", 16) + struct.pack("<II", 0, len(text))
    pieces += struct.pack("<HIH", 0, TEXT_AT * 2 | 0x40000000, 0)
    ends = (TEXT_AT, TEXT_AT + len(text))
    tables = [pieces, struct.pack("<III", *ends, size // PAGE), struct.pack("<III", *ends, size // PAGE + 1)]
    at = 0
    for place, table in zip((0x1A2, 0x102, 0xFA), tables, strict=True):
        struct.pack_into("<II", head, place, at, len(table))
        at += len(table)
    main = (bytes(head) + text).ljust(size, b"\0") + _page(paragraphs, 13, _paragraph) + _page(struck, 1, _letters)
    return compound({"WordDocument": main, "1Table": b"".join(tables)})


def _text(rows: Sequence[Row]) -> tuple[bytes, list[tuple[int, str]], list[tuple[int, str]]]:
    """The text, where each paragraph ends and what it is, and where struck-out letters end."""
    text, paragraphs, struck = bytearray(), [], []

    def add(words: str) -> None:
        for number, piece in enumerate(words.split("~")):
            text.extend(piece.encode("cp1252"))
            struck.append((TEXT_AT + len(text), "struck" if number % 2 else ""))

    for row in rows:
        for cell in (row,) if isinstance(row, str) else row:
            add(cell + ("\r" if isinstance(row, str) else "\x07"))
            paragraphs.append((TEXT_AT + len(text), "" if isinstance(row, str) else "cell"))
        if not isinstance(row, str):
            add("\x07")
            paragraphs.append((TEXT_AT + len(text), "row"))
    return bytes(text), paragraphs, struck


def _paragraph(look: str) -> bytes:
    in_table, ends_row = struct.pack("<HB", 0x2416, 1), struct.pack("<HB", 0x2417, 1)
    return {"": b"", "cell": b"\x03\0\0" + in_table, "row": b"\x00\x04\0\0" + in_table + ends_row}[look]


def _letters(look: str) -> bytes:
    return b"\x03" + struct.pack("<HB", 0x0837, 1) if look else b""


def _page(ends: list[tuple[int, str]], width: int, written: object) -> bytes:
    page = bytearray(PAGE)
    assert callable(written)
    struct.pack_into("<I", page, 0, TEXT_AT)
    free = PAGE - 2
    for number, (end, look) in enumerate(ends):
        struct.pack_into("<I", page, 4 * (number + 1), end)
        properties = written(look)
        if properties:
            free -= len(properties) + (free - len(properties)) % 2
            page[free : free + len(properties)] = properties
            page[4 * (len(ends) + 1) + width * number] = free // 2
    page[-1] = len(ends)
    return bytes(page)
