"""Whether a subject or a file name says some words, however hastily they were typed. Pure text.

``says("Urgent Data Incident", …)`` is true of "RE: [EXTERNAL] urgent-data-incedent!!", "UrgentDataIncident" and,
with the filler "breach", of "URGENT DATA  BREACH INCIDENT"; not of "data for urgent meeting": the order counts.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import lru_cache

LONGEST_TEXT = 1000
MOST_FILLERS = 2
SHORT_WORD = 4
LONG_WORD = 8

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORD = re.compile(r"[^\W_]+")


@lru_cache(maxsize=512)
def words_of(text: str) -> tuple[str, ...]:
    """The words of a text in lower case: widths and letter forms made one, invisible characters dropped, CamelCase parted."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST_TEXT])
    seen = "".join(one for one in plain if unicodedata.category(one) != "Cf")
    return tuple(word.casefold() for word in _WORD.findall(_CAMEL.sub(" ", seen)))


def slips_between(one: str, other: str, most: int) -> int:
    """How many letters were added, dropped, changed or swapped with their neighbour; more than ``most`` is ``most + 1``."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        now = [i]
        for j, b in enumerate(other, 1):
            cost = min(row[j] + 1, now[j - 1] + 1, row[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            now.append(cost)
        before, row = row, now
    return min(row[-1], most + 1)


def allowed_slips(word: str) -> int:
    """None in a word of up to three letters, one in a word of four to seven, two in a longer one."""
    if len(word) < SHORT_WORD:
        return 0
    return 2 if len(word) >= LONG_WORD else 1


@lru_cache(maxsize=8192)
def is_word(wanted: str, written: str) -> bool:
    """Whether a written word is the wanted one, small slips forgiven."""
    slips = allowed_slips(wanted)
    return wanted == written or (slips > 0 and slips_between(wanted, written, slips) <= slips)


def says(phrase: str, text: str, fillers: Collection[str] = ()) -> bool:
    """Whether the words of ``phrase`` stand in ``text`` in order, with at most two ``fillers`` between neighbours."""
    wanted, written = words_of(phrase), words_of(text)
    if not wanted:
        return False
    return "".join(wanted) in "".join(written) or any(
        _says_from(wanted, written[start:], fillers) for start in range(len(written))
    )


def says_any(phrases: Iterable[str], text: str, fillers: Collection[str] = ()) -> bool:
    """Whether ``text`` says one of the phrases."""
    return any(says(phrase, text, fillers) for phrase in phrases)


def _says_from(wanted: tuple[str, ...], written: tuple[str, ...], fillers: Collection[str]) -> bool:
    place = 0
    for number, word in enumerate(wanted):
        skipped = 0
        while number and place < len(written) and skipped < MOST_FILLERS:
            if is_word(word, written[place]) or written[place] not in fillers:
                break
            place, skipped = place + 1, skipped + 1
        if place >= len(written) or not is_word(word, written[place]):
            return False
        place += 1
    return True
