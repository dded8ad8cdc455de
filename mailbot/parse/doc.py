"""A Word 97 file (.doc): its text put together from the piece table, with marks where cells and rows of tables end. MS-DOC.

Only text is taken: macros, embedded objects and field codes are never looked at.
"""

import io
import struct
from collections.abc import Iterator
from typing import NamedTuple

from mailbot.errors import UnreadableDocumentError
from mailbot.intake.rich_text import CELL, PARAGRAPH, ROW
from mailbot.parse.doc_looks import Look, Looks, letters_looks, paragraphs_looks

MOST_CHARACTERS = 1_000_000

_WORD_97 = 0xA5EC
_ENCRYPTED, _TABLE_1 = 0x0100, 0x0200
_LENGTH_AT, _PIECES_AT = 0x4C, 0x1A2
_NOT_WHOLE = "it is damaged or only part of it arrived"
_ENDS = frozenset({"\r", "\x07"})
_FIELD, _RESULT, _FIELD_END = "\x13", "\x14", "\x15"
_SIGNS = {"\x0b": "\n", "\x0c": PARAGRAPH, "\x0e": "\n", "\x1e": "-", "\x1f": "", "\xa0": " "}


class _Piece(NamedTuple):
    """A stretch of text: its length in characters, where it stands in the file, how many bytes a character takes."""

    length: int
    at: int
    width: int


def read_doc(content: bytes) -> str:
    """The body of the document as marked text; raises ``UnreadableDocumentError`` with the reason in plain words."""
    import olefile  # type: ignore[import-untyped]  # noqa: PLC0415 - costs 30 ms and few mails hold such a file

    try:
        with olefile.OleFileIO(io.BytesIO(content)) as file:
            main = file.openstream("WordDocument").read()
            magic, flags = struct.unpack_from("<H", main, 0)[0], struct.unpack_from("<H", main, 0x0A)[0]
            if magic != _WORD_97:
                raise UnreadableDocumentError("it was written by a Word older than 1997")
            if flags & _ENCRYPTED:
                raise UnreadableDocumentError("it is protected by a password")
            table = file.openstream("1Table" if flags & _TABLE_1 else "0Table").read()
        return "".join(
            _shown(_characters(main, _pieces(main, table), paragraphs_looks(main, table), letters_looks(main, table)))
        )
    except (OSError, struct.error, LookupError, ValueError, AttributeError, TypeError) as fault:
        raise UnreadableDocumentError(_NOT_WHOLE) from fault


def _pieces(main: bytes, table: bytes) -> list[_Piece]:
    """The piece table (2.4.1): behind any number of property lists, the pieces in the order of the text."""
    start, size = struct.unpack_from("<II", main, _PIECES_AT)
    at, end = start, start + size
    while at < end and table[at] == 1:
        at += 3 + struct.unpack_from("<H", table, at + 1)[0]
    if at >= end or table[at] != 2:  # noqa: PLR2004 - the mark of the piece table
        raise ValueError("no piece table")
    count = (struct.unpack_from("<I", table, at + 1)[0] - 4) // 12
    places = struct.unpack_from(f"<{count + 1}I", table, at + 5)
    pieces = []
    for number in range(count):
        (place,) = struct.unpack_from("<I", table, at + 5 + 4 * (count + 1) + 8 * number + 2)
        is_narrow = bool(place & 0x40000000)
        offset = place & 0x3FFFFFFF
        pieces.append(
            _Piece(places[number + 1] - places[number], offset // 2 if is_narrow else offset, 1 if is_narrow else 2)
        )
    return pieces


def _characters(main: bytes, pieces: list[_Piece], paragraphs: Looks, letters: Looks) -> Iterator[tuple[str, Look]]:
    """Each character of the main text that is seen, with the look of its paragraph where it ends one."""
    left = min(struct.unpack_from("<I", main, _LENGTH_AT)[0], MOST_CHARACTERS)
    for piece in pieces:
        length = min(piece.length, left)
        content = main[piece.at : piece.at + length * piece.width]
        for number, sign in enumerate(content.decode("cp1252" if piece.width == 1 else "utf-16-le", "replace")):
            position = piece.at + number * piece.width
            if sign in _ENDS:
                yield sign, paragraphs.at(position)
            elif not letters.at(position).unseen:
                yield sign, Look()
        left -= length
        if left <= 0:
            return


def _shown(characters: Iterator[tuple[str, Look]]) -> Iterator[str]:
    """The text that a reader sees: of a field its result, of a mark what it stands for."""
    in_code: list[bool] = []
    for sign, look in characters:
        if sign == _FIELD:
            in_code.append(True)
        elif sign == _RESULT and in_code:
            in_code[-1] = False
        elif sign == _FIELD_END and in_code:
            in_code.pop()
        elif sign == "\x07":
            yield ROW if look.row_end else CELL
        elif sign == "\r":
            yield "\n" if look.in_table else PARAGRAPH
        elif not any(in_code):
            yield _SIGNS.get(sign, sign if sign >= " " or sign in "\t\n" else "")
