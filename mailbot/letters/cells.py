"""One cell of the list: cleaned, or refused with the reason; and the dates people write. Pure text."""

import re
from datetime import date
from functools import lru_cache

from mailbot.parse.wording import fold

_DROPPED = str.maketrans("", "", "\u200b\u200e\u200f\u00ad\u2060\ufeff")
"""Invisible letters that programs leave behind and nobody meant."""
_FOUL = re.compile("[\x00-\x08\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ud800-\udfff\ufffe\uffff]")
"""Control letters, and those that turn the direction in which a line is read."""
_RUN = re.compile(r"[=@\t]|[+-](?![\s\d])|[+-].*[!(|]")
"""How a text begins that a spreadsheet would run."""
_ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!)|#{3,}")
_LINE_END = re.compile("\r\n?|[\x0b\x85\u2028\u2029]")
_SPACES = re.compile("[ \t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]+")

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[t ]\d{1,2}:\d\d(?::\d\d)?(?:\.\d+)?z?)?")
_FIGURES = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})(?: \d{1,2}:\d\d(?::\d\d)?)?")
_WORDS = re.compile(r"(?:[a-z]+,? )?(\d{1,2})(?:st|nd|rd|th)?[ \-](?:of )?([a-z]{3,9})\.?,?[ \-](\d{4})")
_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)

FORMULA = ("is a formula, or begins like one", "Write the text itself. Begin it with a letter or a figure.")
BROKEN = ("shows a spreadsheet's error instead of a value", "Put the value in its place.")
LOST = (
    "has a letter that was lost when the list was saved",
    "Write it again, and save the list as “CSV UTF-8” or .xlsx.",
)
FOUL = ("has a control character or one that turns the direction of the text", "Type it afresh instead of copying it.")


@lru_cache(maxsize=8192)
def folded(text: str) -> str:
    """A text in lower case, without punctuation or doubled spaces. Much of a list says the same in every row."""
    return fold(text)


def cleaned(cell: str) -> str:
    """A cell's text with plain spaces, one after the other; line ends stay, invisible leftovers go."""
    if cell.isascii() and cell.isprintable() and "  " not in cell:
        return cell.strip()
    text = _LINE_END.sub("\n", cell.translate(_DROPPED))
    return _SPACES.sub(" ", text).strip()


def fault_of(text: str) -> tuple[str, str] | None:
    """What is wrong with a cleaned cell of any column, and what to do; None where nothing is."""
    if not text:
        return None
    if _ERROR.fullmatch(text):
        return BROKEN
    if text[0] in "=@+-" and _RUN.match(text):
        return FORMULA
    if text.isascii() and text.isprintable():
        return None
    if "\ufffd" in text:
        return LOST
    return FOUL if _FOUL.search(text) else None


@lru_cache(maxsize=4096)
def day_of(text: str) -> date | None:
    """The day a cell names: 2024-02-09, 09/02/2024 (day first) or 9 February 2024. None for anything else.

    A year of two figures is not taken: of a date of birth it says nothing.
    """
    bare = text.strip().lower()
    if found := _ISO.fullmatch(bare):
        return _made(int(found[1]), int(found[2]), int(found[3]))
    if found := _FIGURES.fullmatch(bare):
        return _made(int(found[3]), int(found[2]), int(found[1]))
    if found := _WORDS.fullmatch(bare):
        return _made(int(found[3]), _month(found[2]), int(found[1]))
    return None


def is_under_18(born: date, on: date) -> bool:
    """Whether somebody is a child on a day. Who was born on 29 February is 18 on 1 March."""
    return (on.year - 18, on.month, on.day) < (born.year, born.month, born.day)


def _month(word: str) -> int:
    return next(
        (number for number, name in enumerate(_MONTHS, start=1) if name.startswith(word) or word == f"{name[:3]}t"), 0
    )


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
