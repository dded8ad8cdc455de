"""Several letters in one document, each held apart where it cannot be printed, so that one never stops the others."""

from collections.abc import Sequence
from typing import NamedTuple

from mailbot.errors import LetterError
from mailbot.letters.letter_rules import LetterLimits
from mailbot.letters.merge import Held, Ready, held
from mailbot.letters.sheet import Printed, Sheet
from mailbot.ports import Press

MEGABYTE = 1_000_000


class Kept(NamedTuple):
    """A letter that was printed, and on how many pages."""

    ready: Ready
    pages: int


class Bundle(NamedTuple):
    """One document: its bytes (empty where no letter was left), what is in it, in order, and what is not."""

    content: bytes
    kept: tuple[Kept, ...]
    held: tuple[Held, ...]


def single(one: Ready, press: Press, limits: LetterLimits) -> Bundle:
    """One letter in a document of its own, held where it is larger than a printer takes."""
    made = bundle((one,), press, limits)
    if len(made.content) <= limits.megabytes * MEGABYTE:
        return made
    because = f"its file has {len(made.content) / MEGABYTE:.1f} MB, more than {limits.megabytes:g}: shorten it"
    return Bundle(b"", (), (held(one.letter, because),))


def bundle(letters: Sequence[Ready], press: Press, limits: LetterLimits, *, duplex: bool = False) -> Bundle:
    """Letters for the post in one document. Raises ``PressError`` where nothing can be printed."""
    refused: list[Held] = []
    printed, sound = _printed(letters, press, refused, duplex=duplex)
    if printed is None:
        return Bundle(b"", (), tuple(refused))
    long = [
        _too_long(one, pages, limits) for one, pages in zip(sound, printed.pages, strict=True) if pages > limits.pages
    ]
    if long:
        names = {one.name for one in long}
        rest = (
            bundle([one for one in sound if one.letter.name not in names], press, limits, duplex=duplex)
            if len(long) < len(sound)
            else Bundle(b"", (), ())
        )
        return Bundle(rest.content, rest.kept, (*refused, *long, *rest.held))
    kept = tuple(Kept(one, pages) for one, pages in zip(sound, printed.pages, strict=True))
    return Bundle(printed.content, kept, tuple(refused))


def _printed(
    letters: Sequence[Ready], press: Press, refused: list[Held], *, duplex: bool
) -> tuple[Printed | None, list[Ready]]:
    """The document of all that can be printed; the others are added to ``refused``."""
    sound = list(letters)
    while sound:
        try:
            return press.press(_sheets(sound), duplex=duplex), sound
        except LetterError as error:
            faulty, because = _first_faulty(sound, press, error)
            sound.remove(faulty)
            refused.append(held(faulty.letter, because))
    return None, []


def _first_faulty(letters: Sequence[Ready], press: Press, error: LetterError) -> tuple[Ready, str]:
    """The first of some letters that cannot be printed together, found by halving them."""
    while len(letters) > 1:
        half = letters[: len(letters) // 2]
        try:
            press.press(_sheets(half))
        except LetterError as its_own:
            letters, error = half, its_own
        else:
            letters = letters[len(half) :]
            error = _error_of(letters, press) or error
    return letters[0], str(error).removeprefix(f"letter {letters[0].letter.name}: ")


def _error_of(letters: Sequence[Ready], press: Press) -> LetterError | None:
    if len(letters) > 1:
        return None
    try:
        press.press(_sheets(letters))
    except LetterError as error:
        return error
    return None


def _sheets(letters: Sequence[Ready]) -> tuple[Sheet, ...]:
    return tuple(one.sheet for one in letters if one.sheet)


def _too_long(one: Ready, pages: int, limits: LetterLimits) -> Held:
    return held(one.letter, f"it has {pages} pages, more than {limits.pages}: shorten the wording")
