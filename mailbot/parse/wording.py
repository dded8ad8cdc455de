"""Which question a label asks: tolerant of numbering, punctuation, case, hints in brackets and typing mistakes.

Rare words weigh more than common ones, so "Date incident was discovered" is told from "Date of incident" by its one
telling word. Knows nothing of documents or answers.
"""

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

LONGEST_LABEL = 240
"""Characters: a longer text is an answer or a story, not a label."""

_NUMBERING = re.compile(
    r"^\W*(?:(?:question|section|part|no|q|s)[\s.]*)?(?:\d{1,2}(?:\.\d{1,2}){0,3}[a-z]?|[a-z](?=[.)]))[.):\-–—]*\s+(?=\S)",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\([^()]{0,200}\)|\[[^\[\]]{0,200}\]")
_JOINED_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NOT_WORD = re.compile(r"[\W_]+")
_POSSESSIVE = re.compile(r"['’]s\b")
_TYPO_LENGTH = 5
_MENDED_WORDS = 8
_UNKNOWN = 0.5
"""What a word of no wording weighs, as a share of the rarest known one."""
_SMALL = 0.15
_SMALL_WORDS = (
    "a an and any are as at be been by did do does for has have if in is it its of on or our own please so that the their them there "
    "they this to us was we were with you your yes already also so far just"
)
_STOP = re.compile(r"[?:;,.(/–—]\s|\s[(/–—-]\s?|\n")
_BEGINS = 0.85
_CLOSE_CALL = 0.04


class LabelMatch(NamedTuple):
    """The field a label asks for; ``score`` lies between 0 and 1, and ``name`` is empty where nothing fits."""

    name: str
    score: float


def fold(text: str) -> str:
    """A text in lower case, without punctuation or doubled spaces, compatibility forms made plain."""
    plain = unicodedata.normalize("NFKC", text).replace("’", "'").casefold()
    return _NOT_WORD.sub(" ", _POSSESSIVE.sub("", plain)).strip()


def fold_label(label: str) -> str:
    """A label folded, without the number in front and with the words of ``fieldName`` or ``field_name`` apart."""
    return fold(_JOINED_WORDS.sub(" ", _NUMBERING.sub("", label.strip(), count=1)))


def _stem(word: str) -> str:
    for ending in ("ies", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):  # noqa: PLR2004
            return word[: -len(ending)]
    return word


def _stems(folded: str) -> frozenset[str]:
    return frozenset(_stem(word) for word in folded.split())


def _variants(stem: str) -> tuple[str, ...]:
    """A word and what is left of it without one letter: words one typing mistake apart share a variant."""
    if len(stem) < _TYPO_LENGTH:
        return ()
    return (stem, *(stem[:at] + stem[at + 1 :] for at in range(len(stem))))


_SMALL_STEMS = frozenset(_stem(word) for word in _SMALL_WORDS.split())


class LabelIndex:
    """All wordings of all fields. Build it once; matching does not change it, apart from a bounded memory of answers."""

    def __init__(self, wordings: Mapping[str, Sequence[str]]) -> None:
        self._exact: dict[str, str] = {}
        self._entries: list[tuple[str, frozenset[str]]] = []
        for name, texts in wordings.items():
            for text in texts:
                folded = fold(text)
                self._exact.setdefault(folded, name)
                self._entries.append((name, _stems(folded)))
        self._postings: defaultdict[str, list[int]] = defaultdict(list)
        for position, (_, stems) in enumerate(self._entries):
            for stem in stems:
                self._postings[stem].append(position)
        self._weights = {stem: self._weight(stem, len(at)) for stem, at in self._postings.items()}
        self._unknown = _UNKNOWN * math.log(1 + len(self._entries))
        self._totals = [sum(self._weights[stem] for stem in stems) for _, stems in self._entries]
        self._near = {variant: stem for stem in self._weights for variant in _variants(stem)}
        self._known: dict[str, LabelMatch] = {}

    def _weight(self, stem: str, wordings: int) -> float:
        """A word weighs the more, the fewer wordings have it; the small words of English hardly weigh."""
        return math.log(1 + len(self._entries) / wordings) * (_SMALL if stem in _SMALL_STEMS else 1.0)

    def match(self, label: str) -> LabelMatch:
        """The field that a label asks for, with a score; ``("", 0.0)`` for a text that is no label at all."""
        if len(label) > LONGEST_LABEL:
            return LabelMatch("", 0.0)
        if label not in self._known:
            if len(self._known) > 4000:  # noqa: PLR2004 - bounds the memory of a resident worker
                self._known.clear()
            self._known[label] = self._best(label)
        return self._known[label]

    def _best(self, label: str) -> LabelMatch:
        whole, bare = fold_label(label), fold_label(_BRACKETS.sub(" ", label))
        if not whole:
            return LabelMatch("", 0.0)
        for text, score in ((whole, 1.0), (bare, 0.98)):
            if text in self._exact:
                return LabelMatch(self._exact[text], score)
        scored = [self._similar(text) for text in (whole, bare) if text]
        scored.append(self._begins(label))
        return max(scored, key=lambda match: match.score)

    def _begins(self, label: str) -> LabelMatch:
        """A label that goes on with a hint after a stop ("What happened? Give as much detail …")."""
        begins = fold_label(_STOP.split(label.strip(), maxsplit=1)[0])
        return LabelMatch(self._exact[begins], _BEGINS) if begins in self._exact else LabelMatch("", 0.0)

    def _similar(self, text: str) -> LabelMatch:
        stems = self._spelt(_stems(text))
        is_short = len(stems) == 1 and len(text) < _TYPO_LENGTH
        if is_short or not stems & self._weights.keys():
            return LabelMatch("", 0.0)
        total = sum(self._weights.get(stem, 0.0 if stem in _SMALL_STEMS else self._unknown) for stem in stems)
        shared: Counter[int] = Counter()
        for stem in stems & self._weights.keys():
            for position in self._postings[stem]:
                shared[position] += self._weights[stem]  # type: ignore[assignment]  # a Counter of floats
        best: dict[str, float] = {}
        for position, common in shared.items():
            name = self._entries[position][0]
            score = 0.97 * common / math.sqrt(total * self._totals[position])
            best[name] = max(best.get(name, 0.0), score)
        return _winner(best)

    def _spelt(self, stems: frozenset[str]) -> frozenset[str]:
        """The stems of a short label with typing mistakes mended where a known word is near."""
        return frozenset(self._mended(stem) for stem in stems) if len(stems) <= _MENDED_WORDS else stems

    def _mended(self, stem: str) -> str:
        if stem in self._weights or len(stem) < _TYPO_LENGTH or not stem.isalpha():
            return stem
        return next((self._near[variant] for variant in _variants(stem) if variant in self._near), stem)


def _winner(scores: Mapping[str, float]) -> LabelMatch:
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    if not ranked:
        return LabelMatch("", 0.0)
    name, score = ranked[0]
    close_call = len(ranked) > 1 and score - ranked[1][1] < _CLOSE_CALL
    return LabelMatch(name, score * 0.9 if close_call else score)
