"""The two axes of the NHS grid as people write them: "likelihood 3, impact 4", on one line or two, with or without colons.

Only a number that stands alone counts, and only before the reason; an axis named with two numbers is no answer. Pure.
"""

import re
from typing import NamedTuple

LEAST, MOST = 1, 5

LIKELIHOOD, IMPACT = "likelihood", "impact"

_WORDS = ("one", "two", "three", "four", "five")
_ALONE = r"(?![\w/%]|[.,]\d|\s*[-–—]\s*\d|\s+(?:to|or)\s+\d)"
_NUMBER = rf"(?P<number>\d{{1,4}}|{'|'.join(_WORDS)})(?:\s*(?:/|out\s+of|of)\s*5)?{_ALONE}"
_NAMED = rf"\b(?P<axis>{LIKELIHOOD}|{IMPACT})\b(?:\s+(?:is|of|at))?\s*[:=–—-]?\s*"
_AXIS = re.compile(_NAMED + _NUMBER, re.IGNORECASE)
_GOES_ON = re.compile(rf"\s+(?!(?:and|but|because|as|since|due|{LIKELIHOOD}|{IMPACT})\b)\w", re.IGNORECASE)
_LETTERS = re.compile(
    rf"\W*(?:{LIKELIHOOD}\W+)?l\s?[:=]?\s?(\d{{1,4}})\s*(?:,|;|/|x|×|and)?\s*i\s?[:=]?\s?(\d{{1,4}}){_ALONE}",
    re.IGNORECASE,
)
_BEGINS = re.compile(
    rf"\W*(?:(?:the\s+)?(?:nhs\s+)?grid\W+)?(?P<words>(?:{LIKELIHOOD}|{IMPACT}|l\s?[:=]?\s?\d).*)", re.IGNORECASE
)
_BECAUSE = re.compile(r"\b(?:because|as|since|due to|given that)\b", re.IGNORECASE)


class Axes(NamedTuple):
    """What was written for each axis; None where nothing was, or not one number."""

    likelihood: int | None
    impact: int | None

    @property
    def are_on_the_grid(self) -> bool:
        return all(one is None or LEAST <= one <= MOST for one in self)


def read_axes(words: str) -> Axes:
    """Both axes as far as the words name them; the numbers may lie off the grid."""
    said = _BECAUSE.split(words, maxsplit=1)[0]
    short = _LETTERS.match(said)
    if short:
        return Axes(int(short[1]), int(short[2]))
    found: dict[str, set[int]] = {LIKELIHOOD: set(), IMPACT: set()}
    for axis in _AXIS.finditer(said):
        found[axis["axis"].lower()].add(_number(axis["number"].lower()))
    return Axes(*(numbers.pop() if len(numbers) == 1 else None for numbers in found.values()))


def axis_line(line: str) -> tuple[str, str] | None:
    """A line that begins with an axis and a number by itself, as the axis and what follows it; None for any other line.

    "Impact: 4 families know" is no number by itself.
    """
    begins = _BEGINS.match(line)
    words = begins["words"] if begins else ""
    short = _LETTERS.match(words)
    if short:
        return LIKELIHOOD, f"{short[1]}, {IMPACT} {short[2]}{words[short.end() :]}"
    named = _AXIS.match(words)
    if named is None or _GOES_ON.match(words, named.end()):
        return None
    return named["axis"].lower(), words[named.start("number") :].strip()


def as_one_answer(likelihood: str, impact: str) -> str:
    """What stands behind the two axes on lines of their own (empty where there is no such line), as one answer."""
    parts = [f"{axis} {_before(said)}" for axis, said in ((LIKELIHOOD, likelihood), (IMPACT, impact)) if said]
    reasons = [reason for said in (likelihood, impact) if (reason := reason_after(said))]
    is_explained = any(_BECAUSE.search(said) for said in (likelihood, impact))
    return ", ".join(parts) + (f", because {'; '.join(dict.fromkeys(reasons))}" if is_explained else "")


def reason_after(words: str) -> str:
    """What is said after "because"; empty where nothing is."""
    said = _BECAUSE.split(words, maxsplit=1)
    return said[1].strip(" \t\"'“”‘’:;,.–—-…") if len(said) > 1 else ""


def _before(said: str) -> str:
    return _BECAUSE.split(said, maxsplit=1)[0].strip(" \t,;.")


def _number(said: str) -> int:
    return _WORDS.index(said) + 1 if said in _WORDS else int(said)
