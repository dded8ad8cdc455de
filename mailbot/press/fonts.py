"""Which characters a font file can print, read from the font itself (OpenType, table ``cmap``, formats 4 and 12)."""

import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "fonts"
"""Noto Sans, regular and bold, under the SIL Open Font Licence that lies beside them."""

FORMATS = {4, 12}
NO_CHARACTER = 0xFFFF


@cache
def shared_by(folder: Path = FOLDER) -> frozenset[str]:
    """The characters that every font in a folder has: any word of a letter may stand in bold."""
    files = sorted(folder.glob("*.ttf"))
    return frozenset.intersection(*(characters_of(one.read_bytes()) for one in files))


def characters_of(font: bytes) -> frozenset[str]:
    """Every character for which a font file has a glyph. Raises ``ValueError`` where it has no table that says so."""
    start = _table(font, b"cmap")
    (count,) = struct.unpack_from(">H", font, start + 2)
    offsets = {start + struct.unpack_from(">I", font, start + 8 + 8 * number)[0] for number in range(count)}
    wanted = [at for at in offsets if struct.unpack_from(">H", font, at)[0] in FORMATS]
    if not wanted:
        raise ValueError("a font must have a character table of format 4 or 12")
    return frozenset(chr(code) for at in wanted for code in _codes(font, at))


def _table(font: bytes, tag: bytes) -> int:
    """Where a table begins."""
    (count,) = struct.unpack_from(">H", font, 4)
    for number in range(count):
        name, _, offset, _ = struct.unpack_from(">4sIII", font, 12 + 16 * number)
        if name == tag:
            return int(offset)
    raise ValueError(f"a font must have a table {tag.decode()}")


def _codes(font: bytes, at: int) -> Iterator[int]:
    (form,) = struct.unpack_from(">H", font, at)
    return _segments(font, at) if form == 4 else _groups(font, at)  # noqa: PLR2004 -- the format's own number


def _groups(font: bytes, at: int) -> Iterator[int]:
    """Format 12: runs of characters with consecutive glyphs."""
    (count,) = struct.unpack_from(">I", font, at + 12)
    for number in range(count):
        first, last, glyph = struct.unpack_from(">III", font, at + 16 + 12 * number)
        yield from range(first if glyph else first + 1, last + 1)


def _segments(font: bytes, at: int) -> Iterator[int]:
    """Format 4: segments whose glyphs follow from a difference or stand in an array; glyph 0 is "none"."""
    (doubled,) = struct.unpack_from(">H", font, at + 6)
    many = doubled // 2
    ends = struct.unpack_from(f">{many}H", font, at + 14)
    starts = struct.unpack_from(f">{many}H", font, at + 16 + doubled)
    deltas = struct.unpack_from(f">{many}H", font, at + 16 + 2 * doubled)
    ranges_at = at + 16 + 3 * doubled
    ranges = struct.unpack_from(f">{many}H", font, ranges_at)
    for number, (first, last) in enumerate(zip(starts, ends, strict=True)):
        for code in range(first, last + 1):
            glyph = code
            if ranges[number]:
                place = ranges_at + 2 * number + ranges[number] + 2 * (code - first)
                (glyph,) = struct.unpack_from(">H", font, place)
            if code != NO_CHARACTER and (glyph or not ranges[number]) and (glyph + deltas[number]) % 0x10000:
                yield code
