"""Phrases that staff can read and write, looked for in what people wrote. No phrase can be slow, whatever it is held against.

``$equipment & stolen|taken``: a word of the list ``equipment`` and one of two words in the same sentence, in any order.
``wrong ... person|address``: up to five words between. ``phish*``: any ending. ``(log in|get into)``: choices of several
words. What stands behind a "no", "not", "never" or "without" does not count, unless the phrase itself speaks of it.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

LONGEST_TEXT = 60_000
"""Characters looked at; a report is a page or two."""
MOST_WORDS_BETWEEN = 5
WORDS_NEGATED = 3
"""How many words after a "not" it still reaches."""
CONTEXT = 4
"""Words quoted on either side of a passage."""

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_SENTENCE = re.compile(r"[.!?;](?=\s|$)|\n\s*\n|\n(?=\s*[-*•])")
_TERM = re.compile(r"(?:\([^()]*\)|[^\s()])+")
_NEGATORS = frozenset({"no", "not", "never", "without", "nor", "neither", "none", "nothing", "cannot"})
_GAP = rf"(?: [^ ]+){{0,{MOST_WORDS_BETWEEN}}} "


class Sentence(NamedTuple):
    """One sentence: its words in lower case with single spaces, and the same words as written, for quoting."""

    words: str
    written: tuple[str, ...]


class Passage(NamedTuple):
    """Where a phrase was found: the words themselves with a few around them."""

    quote: str


def sentences_in(text: str) -> tuple[Sentence, ...]:
    """A text cut into sentences; line breaks within a paragraph do not count."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST_TEXT]).replace("’", "'").replace("‘", "'")
    found = (tuple(_WORD.findall(part)) for part in _SENTENCE.split(plain))
    return tuple(Sentence(" ".join(words).lower(), words) for words in found if words)


_Alone = tuple[bool, re.Pattern[str]]
_Together = tuple[bool, tuple[re.Pattern[str], ...]]


class Phrases:
    """A set of phrases, compiled once."""

    def __init__(self, phrases: Iterable[str], lists: Mapping[str, Sequence[str]]) -> None:
        self._together: list[_Together] = []
        alone: dict[bool, list[str]] = {True: [], False: []}
        for phrase in phrases:
            speaks_of_not = any(_negates(word) for word in _WORD.findall(phrase))
            parts = [_pattern(part, lists) for part in phrase.split(" & ")]
            if len(parts) == 1:
                alone[speaks_of_not].append(parts[0])
            else:
                self._together.append((speaks_of_not, tuple(re.compile(_whole(part)) for part in parts)))
        self._alone = [
            (negated, re.compile(_whole("|".join(patterns)))) for negated, patterns in alone.items() if patterns
        ]

    def find(self, sentences: Sequence[Sentence]) -> tuple[Passage, ...]:
        """The first passage of each sentence that fits a phrase."""
        # Most phrases stand nowhere in a report: those are done with after one look at the whole.
        whole = " \n ".join(sentence.words for sentence in sentences)
        alone = [(negate, pattern) for negate, pattern in self._alone if pattern.search(whole)]
        together = [(negate, parts) for negate, parts in self._together if all(part.search(whole) for part in parts)]
        if not alone and not together:
            return ()
        return tuple(passage for sentence in sentences if (passage := _in(sentence, alone, together)) is not None)


def _in(sentence: Sentence, alone: Sequence[_Alone], together: Sequence[_Together]) -> Passage | None:
    for may_negate, pattern in alone:
        span = _span(pattern, sentence.words, may_negate=may_negate)
        if span:
            return _quoted(sentence, *span)
    for may_negate, patterns in together:
        spans = [_span(pattern, sentence.words, may_negate=may_negate) for pattern in patterns]
        held = [span for span in spans if span]
        if len(held) == len(spans):
            return _quoted(sentence, min(start for start, _ in held), max(end for _, end in held))
    return None


def _negates(word: str) -> bool:
    return word in _NEGATORS or word.endswith("n't")


def _span(pattern: re.Pattern[str], words: str, *, may_negate: bool) -> tuple[int, int] | None:
    """The first place that fits and is not negated."""
    for found in pattern.finditer(words):
        before = words[: found.start()].split()[-WORDS_NEGATED:]
        between = () if may_negate else found.group().split()
        if not any(_negates(word) for word in (*before, *between)) or (
            before and before[-2:-1] == ["not"] and before[-1] == "only"
        ):
            return found.span()
    return None


def _quoted(sentence: Sentence, start: int, end: int) -> Passage:
    first, last = sentence.words.count(" ", 0, start), sentence.words.count(" ", 0, end)
    last = min(last, first + 16)
    begin, stop = max(0, first - CONTEXT), min(len(sentence.written), last + CONTEXT + 1)
    return Passage(
        f"{'… ' if begin else ''}{' '.join(sentence.written[begin:stop])}{' …' if stop < len(sentence.written) else ''}"
    )


def _whole(pattern: str) -> str:
    return rf"(?<![^ ])(?:{pattern})(?![^ ])"


def _pattern(part: str, lists: Mapping[str, Sequence[str]]) -> str:
    """One side of an ``&`` as a pattern over words parted by single spaces; ``ValueError`` names a list that is not there."""
    terms = _TERM.findall(part.strip())
    pattern, joint = "", ""
    for term in terms:
        if term == "...":
            joint = _GAP
        else:
            pattern += f"{joint}(?:{'|'.join(_choice(choice, lists) for choice in _choices(term))})"
            joint = " "
    return pattern


def _choices(term: str) -> list[str]:
    return [choice for choice in re.split(r"[|()]", term) if choice]


def _choice(choice: str, lists: Mapping[str, Sequence[str]]) -> str:
    if choice.startswith("$"):
        if choice[1:] not in lists:
            raise ValueError(f"there is no list of words called {choice[1:]}")
        return "|".join(_literal(word) for word in lists[choice[1:]])
    return _literal(choice)


def _literal(words: str) -> str:
    return re.escape(words).replace(r"\ ", " ").replace(r"\*", "[^ ]*")
