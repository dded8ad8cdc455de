"""What every Press promises: the double and the real one pass the same tests."""

from collections.abc import Iterator

import pytest

from mailbot.errors import PressError
from mailbot.letters.sheet import Sheet
from mailbot.letters.writing import letterhead
from mailbot.ports import Press
from mailbot.press.typesetting import TypstPress
from mailbot.testing import RecordingPress
from tests.letters.letters import MARGARET, ROSIE, shipped_rules, written


@pytest.fixture(params=["double", "typst"])
def press(request: pytest.FixtureRequest) -> Iterator[Press]:
    made: Press = RecordingPress() if request.param == "double" else TypstPress(shipped_rules().layout)
    yield made
    made.close()


def sheets() -> tuple[Sheet, ...]:
    return tuple(written(one).sheet(letterhead(shipped_rules())) for one in (MARGARET, ROSIE))


def test_it_gives_a_pdf_and_the_pages_of_each_sheet(press: Press) -> None:
    made = press.press(sheets())

    assert made.content.startswith(b"%PDF-")
    assert len(made.pages) == 2
    assert min(made.pages) >= 1


def test_the_same_sheets_are_the_same_bytes_whatever_was_printed_between(press: Press) -> None:
    first = press.press(sheets())
    press.press(sheets()[:1])

    assert press.press(sheets()) == first


def test_one_sheet_is_not_the_others_bytes(press: Press) -> None:
    one, other = sheets()

    assert press.press([one]).content != press.press([other]).content


def test_it_prints_latin_letters_with_their_accents(press: Press) -> None:
    assert set("Ağaoğlu Łukasz Ní ŵ ŷ") <= press.characters


def test_nothing_to_print_is_refused(press: Press) -> None:
    with pytest.raises(PressError, match="nothing to print"):
        press.press([])


def test_it_can_be_let_go_of_twice_and_used_again(press: Press) -> None:
    first = press.press(sheets())
    press.close()
    press.close()

    assert press.press(sheets()) == first
