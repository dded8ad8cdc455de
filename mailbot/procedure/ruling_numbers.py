"""Which of several numbered items a person means: "1 and 3", "1 to 3", "the second", "all of them", "the rest". Pure."""

import re
from typing import NamedTuple

MOST_ITEMS = 20
"""Numbers named in one breath; a longer list is no list of recommendations."""

GAP = r"(?: |\n(?!\n))"
"""One space or one line's end, in a text whose spaces were made single: mail programs break lines where they like."""

_WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_ORDINALS = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
]
_VALUES = {word: number for words in (_WORDS, _ORDINALS) for number, word in enumerate(words, start=1)}

_NOUN = rf"(?:rec{{1,2}}om{{1,2}}end[ae]tions?|recs?\b\.?|points?|items?|actions?|numbers?)(?:{GAP}nos?\.?)?"
_DIGITS = r"(?<![\w£$€.])r?\d{1,3}(?:st|nd|rd|th)?(?![\w%]|[.:]\d)"
_CARDINAL = rf"\b(?<!no )(?<!any )(?<!the )(?<!this )(?<!that )(?:{'|'.join(_WORDS)})\b"
_NUMBER = rf"(?:{_DIGITS}|{_CARDINAL}|\b(?:{'|'.join(_ORDINALS)})\b(?:{GAP}(?:one|recommendation)\b)?)"
_ITEM = rf"(?:the{GAP})?(?:{_NOUN}{GAP}?[:(]?{GAP}?)?#?{_NUMBER}\)?"
_RANGE = rf"{_ITEM}(?:{GAP}?(?:[-–—]|\bto\b|\bthrough\b){GAP}?{_ITEM})?+"
_JOIN = rf"(?:{GAP}?(?:,{GAP}?(?:and\b|&)|[,&+/]|\band\b|\bplus\b){GAP}?| (?=\d))"
_HOW_MANY = rf"(?!{_CARDINAL}(?!{_JOIN}{_ITEM}|{GAP}?(?:[-–—]|to\b|through\b){GAP}?{_ITEM}))"
"""A single number word may be a count: "accept two"."""
NUMBERS = rf"{_HOW_MANY}(?:both{GAP})?\(?{_RANGE}(?:{_JOIN}{_RANGE}){{0,{MOST_ITEMS}}}+"

_COUNT = r"(?:two|three|four|five|six|seven|eight|nine|ten|\d{1,2})\b"
_KIND = r"(?:ones|recommendations|points|items|actions)\b"
_REST = (
    rf"(?:(?:all{GAP})?(?:of{GAP})?(?:the{GAP})?(?:rest|remainder|remaining|others|other(?={GAP}(?:{_COUNT}|{_KIND})))\b"
    rf"|everything{GAP}else\b|all{GAP}else\b)(?:{GAP}{_COUNT})?(?:{GAP}{_KIND})?(?:{GAP}of{GAP}(?:them|these)\b)?"
)
_ALL = (
    rf"(?:all|both|every|each|everything|everyone)\b(?:{GAP}(?:of|the|them|these|those|your|its|single|one|recommendations?"
    rf"|points|items|actions|{_COUNT}|in{GAP}the{GAP}report)\b){{0,5}}+"
)
_THESE = rf"(?:these|them|those|this|it)\b(?:{GAP}all\b)?(?:{GAP}recommendations?\b)?"
_THE_LOT = rf"(?:(?:the|your|its|these|those){GAP})?recommendations\b"
TARGETS = rf"(?:{_REST}|{NUMBERS}|{_ALL}|{_THE_LOT}|{_THESE})"
"""What a decision may be about. Possessive in its lists, so that a list is read whole or not at all."""

EXPLICIT = rf"(?:{_REST}|{NUMBERS}|{_ALL}|{_THE_LOT})"
"""The same without "this" and "them", which mean whatever was spoken of."""

_FIND_NUMBER = re.compile(_NUMBER, re.IGNORECASE)
_FIND_NAMED = re.compile(rf"\b{_NOUN}{GAP}#?{_NUMBER}", re.IGNORECASE)
_FIND_MENTION = re.compile(rf"{_NOUN}{GAP}#?{_NUMBER}|{_DIGITS}", re.IGNORECASE)
_FIND_RANGE = re.compile(_RANGE, re.IGNORECASE)
_IS_NUMBERS = re.compile(NUMBERS, re.IGNORECASE)
_IS_REST = re.compile(_REST, re.IGNORECASE)
_IS_THESE = re.compile(rf"{_THESE}$", re.IGNORECASE)
_FIND_COUNT = re.compile(rf"\b{_COUNT}", re.IGNORECASE)
_SPAN = re.compile(r"[-–—]|\bto\b|\bthrough\b", re.IGNORECASE)


class Targets(NamedTuple):
    """What is meant: certain ``numbers``, or ``everything``, or the ``rest``, but for ``without``.

    ``vague``: nothing named, or only "these". ``how_many``: how many the writer says they are, None where unsaid.
    """

    numbers: tuple[int, ...] = ()
    everything: bool = False
    rest: bool = False
    vague: bool = False
    how_many: int | None = None
    without: tuple[int, ...] = ()


def read_targets(words: str) -> Targets:
    """What a text means that ``TARGETS`` matched whole; an empty one means everything, vaguely."""
    if not words or _IS_THESE.match(words):
        return Targets(everything=True, vague=True)
    if _IS_REST.match(words):
        return Targets(rest=True, how_many=_count(words))
    if _IS_NUMBERS.match(words):
        return Targets(numbers=numbers_in(words))
    both = words.lower().startswith("both")
    return Targets(everything=True, how_many=2 if both else _count(words))


def numbers_in(words: str) -> tuple[int, ...]:
    """Every number a text names, ranges filled, in order and without doubles."""
    spans = (_span(match.group()) for match in _FIND_RANGE.finditer(words))
    return tuple(sorted({number for low, high in spans for number in range(low, high + 1)}))


def mentioned_in(words: str) -> frozenset[int]:
    """The numbers that free words may speak of: figures, and "recommendation two"; "no one" and "two teams" are none."""
    return frozenset(number for match in _FIND_MENTION.finditer(words) for number in numbers_in(match.group()))


def last_item(words: str) -> str:
    """The last number or range of a list."""
    return [match.group() for match in _FIND_RANGE.finditer(words)][-1]


def _span(words: str) -> tuple[int, int]:
    found = [_value(match.group()) for match in _FIND_NUMBER.finditer(words)]
    return (min(found), max(found)) if _SPAN.search(words) else (found[0], found[0])


def _value(word: str) -> int:
    digits = re.search(r"\d+", word)
    return int(digits.group()) if digits else _VALUES[word.lower().split()[0]]


def _count(words: str) -> int | None:
    match = _FIND_COUNT.search(words)
    return _value(match.group()) if match else None


def named_first(words: str) -> str | None:
    """What stands before the first "recommendation 2" of a text, None where it names none."""
    match = _FIND_NAMED.search(words)
    return words[: match.start()] if match else None
