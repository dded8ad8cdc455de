"""Letters together in one document: one that cannot be printed never stops the others."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailbot.letters.letter_rules import LetterLimits
from mailbot.letters.merge import Ready, letters_of, prepare
from mailbot.press.batches import bundle, single
from mailbot.press.typesetting import TypstPress
from mailbot.terms import Reference
from mailbot.testing import RecordingPress
from tests.letters.letters import MARGARET, MONDAY, WORDING, letter, shipped_rules

LIMITS = LetterLimits()
MANY = 16


def ready(number: int) -> list[Ready]:
    recipients = (MARGARET.but(row=row) for row in range(2, number + 2))
    made = (
        prepare(one, shipped_rules(), RecordingPress().characters)
        for one in letters_of(recipients, WORDING, Reference("DB2026014"), MONDAY)
    )
    return [one for one in made if isinstance(one, Ready)]


LETTERS = ready(MANY)
NAMES = [one.letter.name for one in LETTERS]


@given(st.sets(st.integers(0, MANY - 1)), st.sets(st.integers(0, MANY - 1)))
@settings(max_examples=60, deadline=None)
def test_all_but_the_faulty_and_the_long_are_printed_together_in_order(faulty: set[int], long: set[int]) -> None:
    press = RecordingPress()
    for number in faulty:
        press.refuse(NAMES[number])
    for number in long:
        press.fill(NAMES[number], LIMITS.pages + 1)

    made = bundle(LETTERS, press, LIMITS)

    sound = [name for number, name in enumerate(NAMES) if number not in faulty | long]
    assert [one.ready.letter.name for one in made.kept] == sound
    assert {one.name for one in made.held} == set(NAMES) - set(sound)
    assert len(made.held) == len(faulty | long)
    if sound:
        assert [one.name for one in press.documents[-1]] == sound
    else:
        assert made.content == b""


def test_the_reason_is_the_faulty_letters_own() -> None:
    press = RecordingPress()
    press.refuse(NAMES[5])

    (held,) = bundle(LETTERS, press, LIMITS).held

    assert (held.name, held.because) == (NAMES[5], "it cannot be printed: refused")


@pytest.mark.parametrize(("pages", "is_kept"), [(10, True), (11, False)])
def test_ten_pages_are_printed_and_eleven_are_held(pages: int, is_kept: bool) -> None:
    press = RecordingPress()
    press.fill(NAMES[0], pages)

    made = single(LETTERS[0], press, LIMITS)

    assert bool(made.kept) is is_kept
    assert [one.because for one in made.held] == (
        [] if is_kept else ["it has 11 pages, more than 10: shorten the wording"]
    )


@pytest.mark.parametrize(("more", "is_kept"), [(0, True), (-1, False)])
def test_a_file_of_just_the_largest_size_is_kept(more: int, is_kept: bool) -> None:
    press = RecordingPress()
    size = len(press.press([one for one in (LETTERS[0].sheet,) if one]).content)

    made = single(LETTERS[0], press, LIMITS.but(megabytes=(size + more) / 1_000_000))

    assert bool(made.kept) is is_kept
    assert made.content == (press.documents and press.press(press.documents[0]).content if is_kept else b"")


def test_an_address_that_does_not_fit_the_window_is_held_and_its_neighbours_are_printed() -> None:
    long = letter(MARGARET.but(lines=("A very long line " * 8, "ZZ99 2BB")), number=99)
    press = TypstPress(shipped_rules().layout)
    odd = prepare(long, shipped_rules(), press.characters)
    assert isinstance(odd, Ready)

    made = bundle([*LETTERS[:3], odd, *LETTERS[3:5]], press, LIMITS)
    press.close()

    assert [one.ready.letter.name for one in made.kept] == NAMES[:5]
    assert [(one.name, "too long for the window" in one.because) for one in made.held] == [("DB2026014-0099", True)]
