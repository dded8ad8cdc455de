"""How the paragraphs and letters of a Word 97 file look, as far as it changes what they say. MS-DOC 2.8.5, 2.8.6, 2.9.

The file keeps this in pages of 512 bytes: where each paragraph or run of letters ends, and a list of properties for it.
"""

import struct
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

MOST_PAGES = 20_000
PAGE = 512

_LETTERS_AT, _PARAGRAPHS_AT = 0xFA, 0x102
_IN_TABLE, _ROW_END = 0x2416, 0x2417
_UNSEEN = frozenset({0x0800, 0x0837, 0x2A53, 0x083C})
"""Deleted while changes were tracked, struck out once or twice, hidden."""
_SIZES = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
"""How many bytes follow a property by its kind (the top three bits of its number); kind 6 says so itself."""


class Look(NamedTuple):
    """What is known of a paragraph (stands in a table, ends a row) or of letters (not to be seen)."""

    in_table: bool = False
    row_end: bool = False
    unseen: bool = False


class Looks:
    """The looks of all paragraphs or letters by their place in the file."""

    def __init__(self, found: list[tuple[int, Look]]) -> None:
        found.sort()
        self._ends = [end for end, _ in found]
        self._looks = [look for _, look in found]

    def at(self, position: int) -> Look:
        """The look of whatever a byte of the file belongs to."""
        found = bisect_right(self._ends, position)
        return self._looks[found] if found < len(self._looks) else Look()


def paragraphs_looks(main: bytes, table: bytes) -> Looks:
    """The paragraphs' looks. Raises what ``struct`` raises where the file is broken."""
    return Looks([one for page in _pages(main, table, _PARAGRAPHS_AT) for one in _of_paragraphs(page)])


def letters_looks(main: bytes, table: bytes) -> Looks:
    """The letters' looks. Raises what ``struct`` raises where the file is broken."""
    return Looks([one for page in _pages(main, table, _LETTERS_AT) for one in _of_letters(page)])


def _pages(main: bytes, table: bytes, listed_at: int) -> Iterator[bytes]:
    start, size = struct.unpack_from("<II", main, listed_at)
    count = max(0, (size - 4) // 8)
    for number in struct.unpack_from(f"<{count}I", table, start + 4 * (count + 1))[:MOST_PAGES]:
        page = main[(number & 0x3FFFFF) * PAGE : ((number & 0x3FFFFF) + 1) * PAGE]
        if len(page) == PAGE:
            yield page


def _of_paragraphs(page: bytes) -> Iterator[tuple[int, Look]]:
    for number in range(min(page[-1], (PAGE - 5) // 17)):
        offset = 2 * page[4 * (page[-1] + 1) + 13 * number]
        length = page[offset]
        start, length = (offset + 1, 2 * length - 1) if length else (offset + 2, 2 * page[offset + 1])
        yield (
            _end(page, number),
            _look(page[start + 2 : start + length] if offset else b""),
        )  # behind its style's number


def _of_letters(page: bytes) -> Iterator[tuple[int, Look]]:
    for number in range(min(page[-1], (PAGE - 5) // 5)):
        offset = 2 * page[4 * (page[-1] + 1) + number]
        yield _end(page, number), _look(page[offset + 1 : offset + 1 + page[offset]] if offset else b"")


def _end(page: bytes, number: int) -> int:
    return int(struct.unpack_from("<I", page, 4 * (number + 1))[0])


def _look(properties: bytes) -> Look:
    at, look = 0, Look()
    while at + 2 < len(properties):
        (number,) = struct.unpack_from("<H", properties, at)
        value = properties[at + 2]
        if number == _IN_TABLE:
            look = look._replace(in_table=value == 1)
        elif number == _ROW_END:
            look = look._replace(row_end=value == 1)
        elif number in _UNSEEN:
            look = look._replace(unseen=look.unseen or value == 1)
        at += 2 + (_SIZES[number >> 13] if number >> 13 in _SIZES else 1 + value)
    return look
