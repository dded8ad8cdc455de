"""The printed letter: what a screen reader, a window envelope and a printer find in it."""

import re
from collections.abc import Sequence
from contextlib import closing
from typing import Any

import pytest

from mailbot.errors import LetterError, PressError
from mailbot.letter import Recipient
from mailbot.letters.merge import Ready, prepare
from mailbot.letters.sheet import Sheet
from mailbot.letters.writing import letterhead
from mailbot.press.typesetting import TypstPress
from tests.letters.letters import MARGARET, ROSIE, WORDING, letter, shipped_rules, written
from tests.press.papers import MM, fonts, read_aloud, reader, tags, words

NAMES = (
    "O'Brien-Ní Dhomhnaill", "Ağaoğlu", "Łukasz", "Ελένη", "Жанна", "Nguyễn Thị Hà", "A & B <x>",
    '#read("/etc/passwd")', "{{ 7*7 }}", "**bold**", "#{1+1}", "= Heading", "@label", "$x$", "`raw`", "</p>", "\\u{41}",
)  # fmt: skip
WINDOW = {"left": 24.6, "top": 39.5, "right": 24.6 + 95.4, "bottom": 39.5 + 26.8}
FITTING = ("1st Floor", "2 Long Terrace", "Lower Sampleford", "Exampleton", "Exampleshire", "ZZ99 2BB")


def sheet(recipient: Recipient = MARGARET, *, draft: bool = False) -> Sheet:
    return written(recipient, draft=draft).sheet(letterhead(shipped_rules()))


def printed(press: TypstPress, recipient: Recipient = MARGARET, *, draft: bool = False) -> bytes:
    return press.press([sheet(recipient, draft=draft)]).content


def press_once(layout: str) -> None:
    with closing(TypstPress(layout)) as once:
        once.press([sheet()])


def in_window(content: bytes) -> list[str]:
    """The words that lie wholly in the window."""
    return [
        one["text"]
        for one in words(content)
        if one["x0"] >= WINDOW["left"] - 0.1 and one["x1"] <= WINDOW["right"]
        and one["top"] >= WINDOW["top"] - 0.1 and one["bottom"] <= WINDOW["bottom"] + 0.1
    ]  # fmt: skip


def test_it_is_tagged_in_english_with_a_title_that_is_shown(press: TypstPress) -> None:
    root: Any = reader(printed(press)).root_object
    about: Any = reader(printed(press)).metadata

    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert about.title == written().subject
    assert b"pdfuaid:part" in printed(press)


def test_a_screen_reader_finds_one_heading_of_the_first_level_and_the_lists(press: TypstPress) -> None:
    found = tags(printed(press))

    assert found.count("H1") == 1
    assert found.index("H1") < found.index("H2") < found.index("H3")
    assert found.count("L") == sum(block.kind == "list" for block in sheet().blocks)
    assert "LI" in found


@pytest.mark.parametrize("recipient", [MARGARET, ROSIE], ids=lambda one: one.name)
def test_it_reads_as_the_text_does_in_the_same_order(press: TypstPress, recipient: Recipient) -> None:
    plain = re.findall(r"\w+", " ".join(block.text for block in sheet(recipient).blocks))
    read = re.findall(r"\w+", re.sub(r"DB2026014-0001 ?Page \d of \d", " ", read_aloud(printed(press, recipient))))

    assert read[-len(plain) :] == plain


def test_every_font_is_embedded(press: TypstPress) -> None:
    found = fonts(printed(press))

    assert {str(one["/FontName"]).partition("+")[2] for one in found} == {"NotoSans-Regular", "NotoSans-Bold"}
    assert all({"/FontFile2", "/FontFile3"} & one.keys() for one in found)


def test_paper_is_a4_and_pages_say_how_many_there_are(press: TypstPress) -> None:
    made = press.press([sheet()])
    pages = reader(made.content).pages

    assert made.pages == (len(pages),)
    for number, page in enumerate(pages, 1):
        assert (round(page.mediabox.width / MM), round(page.mediabox.height / MM)) == (210, 297)
        assert f"Page {number} of {len(pages)}" in " ".join(page.extract_text().split())


def test_a_letter_stays_within_what_a_printer_takes(press: TypstPress) -> None:
    made = press.press([sheet()])

    assert made.pages[0] <= shipped_rules().file.limits.pages
    assert len(made.content) < 200_000


@pytest.mark.parametrize("lines", [MARGARET.lines, FITTING], ids=["four lines", "seven lines"])
def test_the_address_shows_in_the_window_and_nothing_else_does(press: TypstPress, lines: Sequence[str]) -> None:
    content = printed(press, MARGARET.but(lines=tuple(lines)))

    assert in_window(content) == " ".join(("Margaret Thorne", *lines)).split()
    touching = [
        one["text"]
        for one in words(content)
        if one["x1"] > WINDOW["left"] and one["x0"] < WINDOW["right"]
        and one["bottom"] > WINDOW["top"] and one["top"] < WINDOW["bottom"]
    ]  # fmt: skip
    assert touching == in_window(content)


def test_nothing_is_printed_in_the_margins(press: TypstPress) -> None:
    for page in range(2):
        for one in words(printed(press, draft=False), page):
            assert one["x0"] >= 15
            assert one["x1"] <= 195
            assert one["top"] >= 5
            assert one["bottom"] <= 292


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ((*FITTING, "One too many"), "seven fit the window"),
        (
            ("The very long name of a house that nobody ever shortens, West Wing, 2nd Floor", "ZZ99 2BB"),
            "too long for the window",
        ),
    ],
)
def test_an_address_that_the_window_would_cut_is_refused(press: TypstPress, lines: tuple[str, ...], why: str) -> None:
    with pytest.raises(LetterError, match=f"DB2026014-0001: .*{why}"):
        printed(press, MARGARET.but(lines=lines))


def test_every_page_of_a_draft_says_so_and_no_page_of_an_approved_letter(press: TypstPress) -> None:
    for page in reader(printed(press, draft=True)).pages:
        assert "DRAFT: not approved. Do not send." in page.extract_text()
    assert "DRAFT" not in read_aloud(printed(press, draft=False))


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_printed_as_it_is_written(press: TypstPress, name: str) -> None:
    content = printed(press, MARGARET.but(name=name))

    assert f"Dear {name}" in read_aloud(content)
    assert " ".join(in_window(content)).startswith(name)


def test_what_the_fonts_are_said_to_have_is_printed(press: TypstPress) -> None:
    name = "ŵŷßøœﬁ€–’“Ếậ̀ҐїЄΆώ"

    made = prepare(letter(MARGARET.but(name=name)), shipped_rules(), press.characters)

    assert isinstance(made, Ready)
    assert press.press([sheet(MARGARET.but(name=name))]).pages


@pytest.mark.parametrize("name", ["字", "😀", "אב", "ابراهيم", "ქართული"])
def test_what_they_lack_is_known_before_the_typesetter_refuses_it(press: TypstPress, name: str) -> None:
    assert set(name) - press.characters
    with pytest.raises(LetterError):
        printed(press, MARGARET.but(name=name))


def test_the_same_letter_is_the_same_bytes_on_any_press(press: TypstPress) -> None:
    another = TypstPress(shipped_rules().layout)
    another.press([sheet(ROSIE)])

    assert another.press([sheet()]) == press.press([sheet()])
    another.close()


def test_letters_of_a_batch_begin_on_pages_of_their_own_and_count_their_own(press: TypstPress) -> None:
    short = WORDING.but(kinds=(), help_offered="")
    sheets = [
        written(one, wording).sheet(letterhead(shipped_rules()))
        for one, wording in ((MARGARET, WORDING), (ROSIE, short), (MARGARET, short))
    ]

    made = press.press(sheets)
    alone = tuple(press.press([one]).pages[0] for one in sheets)
    firsts = [
        " ".join(page.extract_text().split())
        for page in reader(made.content).pages
        if "Page 1 of" in page.extract_text()
    ]

    assert made.pages == alone
    assert len(reader(made.content).pages) == sum(alone)
    assert ["Margaret Thorne" in one for one in firsts] == [True, False, True]


def test_for_duplex_every_letter_begins_on_the_front_of_a_leaf(press: TypstPress) -> None:
    long = sheet()
    odd = long.but(name="odd", blocks=(*long.blocks, *long.blocks[:25]))
    assert press.press([odd]).pages == (3,)

    made = press.press([odd, long, odd, long], duplex=True)
    pages = [page.extract_text() for page in reader(made.content).pages]

    assert [number % 2 for number, text in enumerate(pages) if "Page 1 of" in text] == [0, 0, 0, 0]
    assert made.pages == (3, 2, 3, 2)
    assert [number for number, text in enumerate(pages) if not text.strip()] == [3, 9]


@pytest.mark.parametrize(
    "code",
    [
        '#import "@preview/x:1.0.0": *',
        '#include "/etc/passwd"',
        '#read("/etc/passwd")',
        '#eval("1")',
        '#plugin("x.wasm")',
    ],
)
def test_a_page_that_brings_in_other_code_or_files_is_refused(code: str) -> None:
    with pytest.raises(PressError, match=r"templates/letter\.typ: uses"):
        press_once(f"{shipped_rules().layout}\n{code}\n")


def test_a_page_with_a_mistake_is_the_pages_fault_and_no_letters() -> None:
    with pytest.raises(PressError, match=r"templates/letter\.typ: .*unknown variable"):
        press_once(f"{shipped_rules().layout}\n#nosuchthing\n")


def test_a_page_that_has_lost_its_marks_is_refused() -> None:
    lost = shipped_rules().layout.replace("<last-page>", "<some-page>")

    with pytest.raises(PressError, match="must end with its mark"):
        press_once(lost)


def test_an_image_of_the_machine_cannot_be_printed() -> None:
    with pytest.raises(PressError):
        press_once(f'{shipped_rules().layout}\n#image("/etc/hostname")\n')
