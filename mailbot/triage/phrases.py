"""Phrases that staff can read and write, looked for in what people wrote. No phrase can be slow, whatever it meets.

``$equipment & stolen|taken``: a word of the list ``equipment`` and one of two words in the same sentence, in any order.
``one ~ other``: one in this sentence, the other in the next, or the other way round. ``wrong ... person|address``: up to five words between. ``phish*``: any ending. ``(log in|get into)``: choices of several
words. What is denied does not count (``sentences``), unless the phrase itself begins with the denial.
"""

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from mailbot.triage.sentences import Sentence, denies

MOST_WORDS_BETWEEN = 5
CONTEXT = 5
"""Words quoted on either side of a passage."""
NEAR = 8
"""So few words to the end of the sentence, or to a comma, are quoted too."""
LONGEST_QUOTE = 24
"""Words of one quotation."""

_LITTLE_WORDS = (
    "a an the this that these those my our his her its their your of to for from in on at by with and or but which who "
    "whose as was were is are be been being has have had will would could can not no into about than so because when"
)
_LEADS_ON = frozenset(_LITTLE_WORDS.split())
"""No quotation ends on one of these words."""
_TERM = re.compile(r"(?:\([^()]*\)|[^\s()])+")
_GAP = rf"((?: [^ ]+){{0,{MOST_WORDS_BETWEEN}}}) "


_Together = tuple[re.Pattern[str], ...]


class Passage(NamedTuple):
    """Where a phrase was found: the words themselves with a few around them, and all that follow in the sentence."""

    quote: str
    behind: Sentence = Sentence("", ())


class Phrases:
    """A set of phrases, compiled once."""

    def __init__(self, phrases: Iterable[str], lists: Mapping[str, Sequence[str]]) -> None:
        alone: list[str] = []
        self._together: list[_Together] = []
        self._across: list[tuple[_Together, _Together]] = []
        for phrase in phrases:
            sides = [[_pattern(part, lists) for part in side.split(" & ")] for side in phrase.split(" ~ ")]
            if len(sides) > 1:
                self._across.append((_compiled(sides[0]), _compiled(sides[1])))
            elif len(sides[0]) > 1:
                self._together.append(_compiled(sides[0]))
            else:
                alone += sides[0]
        self._alone = _compiled(["|".join(alone)]) if alone else ()

    def first_in(self, sentence: Sentence) -> int | None:
        """The number of the word with which the first phrase in a sentence begins that stands alone; else None."""
        span = _span(self._alone[0], sentence) if self._alone else None
        return sentence.number_at(span[0]) if span else None

    def find(self, sentences: Sequence[Sentence]) -> tuple[Passage, ...]:
        """The first passage of each sentence that fits a phrase, then those that only fit over two sentences."""
        # Most phrases stand nowhere in a report: those are done with after one look at the whole.
        whole = " \n ".join(sentence.words for sentence in sentences)
        candidates = [self._alone, *self._together] if self._alone else self._together
        near = [parts for parts in candidates if all(part.search(whole) for part in parts)]
        inside = [passage for sentence in sentences if near and (passage := _in(sentence, near)) is not None]
        across = [pair for pair in self._across if all(part.search(whole) for side in pair for part in side)]
        return (*inside, *(passage for pair in across if (passage := _over_two(sentences, *pair)) is not None))


def _compiled(parts: Iterable[str]) -> _Together:
    return tuple(re.compile(_whole(part)) for part in parts)


def _over_two(sentences: Sequence[Sentence], one: _Together, other: _Together) -> Passage | None:
    """The first two sentences in a row, in either order, of which each fits one side."""
    for first, second in itertools.pairwise(sentences):
        for before, after in ((one, other), (other, one)):
            quotes = [passage.quote for passage in (_in(first, [before]), _in(second, [after])) if passage]
            if len(quotes) == len((before, after)):
                return Passage(" / ".join(quotes))
    return None


def taken_back(sentences: Sequence[Sentence], guesses: Phrases, corrections: Phrases) -> tuple[Sentence, ...]:
    """The sentences with every guess denied that the writer corrects: "I thought it was a scam, but it was genuine".

    A guess is corrected in its own sentence or in the next one; what is said behind the correction stands.
    """
    return tuple(
        _taken_back(sentence, following, guesses, corrections)
        for sentence, following in zip(sentences, [*sentences, None][1:], strict=True)
    )


def _taken_back(sentence: Sentence, following: Sentence | None, guesses: Phrases, corrections: Phrases) -> Sentence:
    guess = guesses.first_in(sentence)
    if guess is None:
        return sentence
    correction = corrections.first_in(sentence)
    if correction is not None and correction > guess:
        return sentence.without(range(guess, correction))
    if following is not None and corrections.first_in(following) is not None:
        return sentence.without(range(guess, len(sentence.written)))
    return sentence


def _in(sentence: Sentence, phrases: Sequence[Sequence[re.Pattern[str]]]) -> Passage | None:
    for parts in phrases:
        spans = [span for part in parts if (span := _span(part, sentence)) is not None]
        if len(spans) == len(parts):
            return _quoted(sentence, min(start for start, _ in spans), max(end for _, end in spans))
    return None


def _span(pattern: re.Pattern[str], sentence: Sentence) -> tuple[int, int] | None:
    """The first place that fits and is not denied, neither from before nor by a word between the phrase's own."""
    at = 0
    while found := pattern.search(sentence.words, at):
        between = " ".join(gap for gap in found.groups() if gap).split()
        if sentence.number_at(found.start()) not in sentence.denied and not any(map(denies, between)):
            return found.span()
        # What begins later may fit although this did not.
        at = sentence.words.find(" ", found.start()) + 1
        if not at:
            return None
    return None


def _quoted(sentence: Sentence, start: int, end: int) -> Passage:
    """The passage with a few words around it, cut where the sentence itself pauses if that is near."""
    written = sentence.written
    first = sentence.number_at(start)
    last = min(sentence.number_at(end), first + LONGEST_QUOTE)
    begin, stop = _pause_before(written, first), _pause_after(written, last)
    quote = "".join(written[begin:stop]).rstrip(" ,;:([-–—")
    behind = Sentence(sentence.words[end:].strip(), written[sentence.number_at(end) + 1 :])
    return Passage(f"{'… ' if begin else ''}{quote}{' …' if stop < len(written) else ''}", behind)


def _pause_before(written: Sequence[str], first: int) -> int:
    if first <= NEAR:
        return 0
    pauses = [at for at in range(first - NEAR, first + 1) if _pauses(written[at - 1])]
    return pauses[0] if pauses else first - CONTEXT


def _pause_after(written: Sequence[str], last: int) -> int:
    if len(written) - 1 - last <= NEAR:
        return len(written)
    pauses = [at + 1 for at in range(last, last + NEAR) if _pauses(written[at])]
    stop = pauses[-1] if pauses else last + 1 + CONTEXT
    while stop > last + 1 and written[stop - 1].strip().lower() in _LEADS_ON:
        stop -= 1
    return stop


def _pauses(word: str) -> bool:
    return word.rstrip().endswith((",", ";", ":", ")", " -", "–", "—"))


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
        return "|".join(_pattern(entry, {}) for entry in lists[choice[1:]])
    return _literal(choice)


def _literal(words: str) -> str:
    return re.escape(words).replace(r"\ ", " ").replace(r"\*", "[^ ]*")
