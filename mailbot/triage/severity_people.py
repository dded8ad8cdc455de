"""The number of people that running words name: "the details of 2,000 residents". Pure."""

import re
from collections.abc import Sequence
from functools import lru_cache

from mailbot.triage.sentences import Sentence

_NUMBER = r"(?<![^ ])(\d{1,3}(?: \d{3})+|\d{1,7})(?: [^ ]+){0,2} "


def number_told(sentences: Sequence[Sentence], nouns: tuple[str, ...]) -> int | None:
    """The greatest number that stands up to two words before one of the nouns; None where there is none.

    A number is written in figures, with or without commas, which sentences have lost: "2 000".
    """
    if not nouns:
        return None
    pattern = _pattern(nouns)
    found = (figures for sentence in sentences for figures in pattern.findall(sentence.words.replace(",", " ")))
    return max((int(figures.replace(" ", "")) for figures in found), default=None)


@lru_cache(maxsize=8)
def _pattern(nouns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"{_NUMBER}(?:{'|'.join(map(re.escape, nouns))})(?![^ ])")
