"""Which characters the shipped fonts have, and how that is read from a font."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.press import fonts


def font(table: bytes, tag: bytes = b"cmap") -> bytes:
    """A file with one table."""
    head = struct.pack(">IHHHH", 0x00010000, 1, 0, 0, 0)
    return head + struct.pack(">4sIII", tag, 0, 28, len(table)) + table


def cmap(subtable: bytes) -> bytes:
    return struct.pack(">HHHHI", 0, 1, 3, 10, 12) + subtable


def format_12(*groups: tuple[int, int, int]) -> bytes:
    body = b"".join(struct.pack(">III", *one) for one in groups)
    return struct.pack(">HHIII", 12, 0, 16 + len(body), 0, len(groups)) + body


def format_4(*segments: tuple[int, int, int]) -> bytes:
    """Segments of first and last character and the difference to their glyphs."""
    many = len(segments)
    columns = (
        [last for _, last, _ in segments], [0], [first for first, _, _ in segments],
        [delta % 0x10000 for *_, delta in segments], [0] * many,
    )  # fmt: skip
    body = b"".join(struct.pack(f">{len(one)}H", *one) for one in columns)
    return struct.pack(">HHHHHHH", 4, 0, 14 + len(body), many * 2, 0, 0, 0)[:14] + body


def test_runs_of_characters_are_read_but_those_without_a_glyph() -> None:
    assert fonts.characters_of(font(cmap(format_12((65, 67, 5), (0x1F600, 0x1F600, 9))))) == set("ABC😀")
    assert fonts.characters_of(font(cmap(format_12((65, 67, 0))))) == set("BC")


def test_segments_are_read_but_the_closing_one_and_those_without_a_glyph() -> None:
    found = fonts.characters_of(font(cmap(format_4((65, 67, -60), (97, 98, -97), (0xFFFF, 0xFFFF, 1)))))

    assert found == set("ABCb")


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(1, 40)), min_size=1, max_size=6))
def test_both_ways_of_writing_a_table_say_the_same(steps: list[tuple[int, int]]) -> None:
    at, runs = 32, []
    for gap, length in steps:
        runs.append((at + gap, at + gap + length - 1))
        at = runs[-1][1] + 1

    twelve = fonts.characters_of(font(cmap(format_12(*((first, last, 1) for first, last in runs)))))
    four = fonts.characters_of(font(cmap(format_4(*((first, last, 1) for first, last in runs), (0xFFFF, 0xFFFF, 1)))))

    assert twelve == four == {chr(code) for first, last in runs for code in range(first, last + 1)}


@pytest.mark.parametrize("broken", [font(b"", b"glyf"), font(cmap(struct.pack(">HH", 6, 0)))])
def test_a_font_that_does_not_say_is_refused(broken: bytes) -> None:
    with pytest.raises(ValueError, match="a font must have"):
        fonts.characters_of(broken)


def test_the_shipped_fonts_have_latin_greek_and_cyrillic_with_their_accents() -> None:
    blocks = ((0x20, 0x7F), (0xA0, 0x250), (0x38E, 0x3A2), (0x400, 0x530), (0x1E00, 0x1F00))

    assert {chr(code) for first, last in blocks for code in range(first, last)} - fonts.shared_by() == set()


def test_the_shipped_fonts_are_small_and_bear_their_licence() -> None:
    files = sorted(fonts.FOLDER.glob("*.ttf"))

    assert [one.name for one in files] == ["NotoSans-Bold.ttf", "NotoSans-Regular.ttf"]
    assert sum(one.stat().st_size for one in files) < 1_500_000
    assert "SIL OPEN FONT LICENSE" in (fonts.FOLDER / "OFL.txt").read_text("utf-8")
