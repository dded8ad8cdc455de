"""Names compared as an eye compares them: case, accents, titles and letters of other alphabets that look the same do not count.

The look-alikes are the ones of Unicode's confusables (UTS #39) between Latin, Cyrillic and Greek. Pure.
"""

import re
import unicodedata
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile(r"['’‘ʼ`´]")
_TWO_PEOPLE = re.compile(r"&|\+|/|\band\b", re.IGNORECASE)
SHORTEST_NEAR = 4
"""Letters of the longer of two names from which one letter may differ: Jo and Joe are two names, Jon and John may be one."""

_LOOKS = str.maketrans(
    # Cyrillic, by the capital or the small letter, whichever looks like a Latin one.
    "авекмнорстухіјѕһԁԛԝёїґ"
    # Greek.
    "αβεζηικμνορτυχγ"
    # Latin letters whose mark is part of them.
    "łøđıħŧ",
    "abekmhopctyxijshdqweirabezhikmvoptuxylodiht",
)
_CAPITALS = str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧАВЕКМНОРСТУХІЈЅ", "ABEZHIKMNOPTYXABEKMHOPCTYXIJS")
"""Greek and Cyrillic capitals inside a Latin word: there a Greek Nu stands for an N."""


class Name:
    """A name made ready for comparing: ``words`` without titles, each as its skeleton; ``spelt``: first and last as written."""

    __slots__ = ("spelt", "words")

    def __init__(self, name: str, titles: AbstractSet[str] = frozenset()) -> None:
        written = words_of(name)
        kept = [word for word in written if word.casefold() not in titles] or written
        self.words = tuple(map(skeleton, kept))
        self.spelt = (_bare(kept[0]), _bare(kept[-1])) if kept else ("", "")

    @property
    def first(self) -> str:
        """Empty for a name of one word."""
        return self.words[0] if len(self.words) > 1 else ""

    @property
    def last(self) -> str:
        return self.words[-1] if self.words else ""


def words_of(name: str) -> list[str]:
    """The words of a name; an apostrophe joins (O'Brien), a hyphen parts."""
    return _WORD.findall(_APOSTROPHES.sub("", name))


@lru_cache(maxsize=65_536)
def skeleton(word: str) -> str:
    """What an eye keeps of a word: lower case, no accents, Latin for every letter that looks Latin."""
    if word.isascii():
        return word.casefold()
    plain = unicodedata.normalize("NFKC", word)
    if any("a" <= letter.lower() <= "z" for letter in plain):
        plain = plain.translate(_CAPITALS)
    return _bare(plain).translate(_LOOKS)


@lru_cache(maxsize=65_536)
def _bare(word: str) -> str:
    """Lower case without accents: two words that differ here may still look the same."""
    if word.isascii():
        return word.casefold()
    return "".join(one for one in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(one))


def mixes_alphabets(name: str) -> bool:
    """Whether a word of a name has Latin letters beside Greek or Cyrillic ones."""
    return not name.isascii() and any(len(_alphabets(word)) > 1 for word in words_of(name))


def is_garbled(name: str) -> bool:
    """Whether a name shows the traces of UTF-8 read as Windows text: “ZoÃ«” for “Zoë”."""
    if name.isascii():
        return False
    try:
        return name.encode("cp1252").decode("utf-8") != name
    except UnicodeError:
        return False


def names_two(name: str) -> bool:
    """Whether a name seems to be of two people: “Mr & Mrs Marsh”."""
    return _TWO_PEOPLE.search(name) is not None


def is_near(one: str, other: str) -> bool:
    """Whether two words differ by one letter more, less, another, or two neighbours changed round."""
    if one == other or max(len(one), len(other)) < SHORTEST_NEAR or abs(len(one) - len(other)) > 1:
        return False
    start = 0
    for letter, beside in zip(one, other, strict=False):
        if letter != beside:
            break
        start += 1
    left, right = one[start:], other[start:]
    return (
        left[1:] == right
        or left == right[1:]
        or left[1:] == right[1:]
        or (left[:2] == right[1::-1] and left[2:] == right[2:])
    )


def shortened(word: str) -> Iterator[str]:
    """The word, and the word without each of its letters: two that are near share one of these."""
    yield word
    for at in range(min(len(word), 40)):
        yield word[:at] + word[at + 1 :]


def _alphabets(word: str) -> set[str]:
    found = {unicodedata.name(letter, "").partition(" ")[0] for letter in word if letter.isalpha()}
    return found & {"LATIN", "GREEK", "CYRILLIC"}
