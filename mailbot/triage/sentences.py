"""What people wrote, cut into sentences, with the words in each that are denied or taken back. Pure.

"No laptop, phone or tablet was taken" denies all of it; "it was not true that nothing was taken", "nothing was taken
except the laptop" and "not only the laptop" deny nothing. Where a denial is doubtful, the words count (para 25).
"""

import itertools
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import NamedTuple

LONGEST_TEXT = 60_000
"""Characters looked at; a report is a page or two."""
LONGEST_SENTENCE = 2_000
"""Characters of one sentence."""
WORDS_DENIED = 3
"""How many words after a "not" it still reaches."""
WORDS_TO_EXCEPTION = 6
"""How many words after a "nothing" an "except" may stand."""

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_BETWEEN = re.compile(r"[,;:()\[\]–—|]| - ")
_SENTENCE = re.compile(r"([.!?;])(?=\s|$)|\n\s*\n|\n(?=\s*[-*•])")
_SPACES = re.compile(r"\s+")
# What never ends is cut: the search in one sentence takes longer than its length alone.
_PIECE = re.compile(rf".{{1,{LONGEST_SENTENCE}}}(?=\s|\Z)|\S{{1,{LONGEST_SENTENCE}}}", re.DOTALL)
_BULLET = re.compile(r"\s*[-*•]")
_EXAMPLE = re.compile(r"\be\.\s?g\.?(?=[\s,:])", re.IGNORECASE)
_ABBREVIATED = re.compile(
    r"\b(mrs?|ms|dr|prof|rev|cllr|st|rd|ave|no|ref|tel|ext|dept|approx|incl|etc|vs|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)"
    r"\.(?=\s+[a-z0-9])",
    re.IGNORECASE,
)
_EXAMPLE_BESIDE = re.compile(r"[(\[](?:eg|for example|for instance|such as)\b[^()\[\]]*[)\]]", re.IGNORECASE)

_DENIERS = frozenset(
    {"no", "not", "never", "without", "nor", "neither", "none", "nothing", "nobody", "cannot", "rather", "instead"}
)
_SECOND_WORDS = {"rather": "than", "instead": "of"}
"""Deniers only with this word behind them: "sent to one person rather than to all staff"."""
# fmt: off
_DENIES_NOTHING_BEFORE = frozenset({
    "only", "just", "merely", "simply", "longer", "sign", "trace", "idea", "doubt", "sure", "certain", "clear",
    "know", "knowing", "until", "least", "matter", "rule", "aware", "believe", "realise", "realised", "notice",
    "noticed", "remember", "mean", "meant", "intend", "intended", "supposed", "want", "wanted", "allowed", "allow",
    "permitted", "entitled", "authorised", "to", "redact", "redacted", "remove", "removed", "hide", "hidden", "blank",
    "blanked", "mask", "masked", "check", "checked", "update", "updated", "lock", "locked", "secured",
})
# fmt: on
"""Behind a "no" or "not" these make it something else: "no sign of the laptop", "not sure whether it was stolen", "it was
not meant to be sent", "we did not redact the address"."""
_OUGHT = frozenset({"should", "shouldn't", "must", "mustn't", "ought", "oughtn't", "supposed"})
"""What "should not have been sent" was sent: with these the "not" says what was wrong, and denies nothing."""
_AUXILIARIES = frozenset({"is", "was", "are", "were", "has", "have", "had", "it", "he", "she", "they", "we", "i"})
"""An "and" before these begins a clause of its own: "was not returned and is missing"."""
_EXCEPTIONS = frozenset({"except", "apart", "besides", "bar"})
# fmt: off
_CLAUSE_STARTS = frozenset({
    "a", "the", "it", "its", "this", "that", "there", "i", "we", "he", "she", "they", "you", "my", "our", "his",
    "her", "their", "which", "who", "only", "and", "but", "so", "because",
})
# fmt: on
_CLAUSE_BREAKS = frozenset({"but", "because", "although", "though", "however", "while", "whereas", "only", "except"})
_JOINS = _CLAUSE_BREAKS | {"and", "so", "or", "nor", "since"}


class Turns(NamedTuple):
    """Turns of phrase that mean something else than their words, each with what to read instead, word for word."""

    pattern: re.Pattern[str] | None
    meanings: Mapping[str, str]

    @classmethod
    def of(cls, meanings: Mapping[str, str]) -> "Turns":
        """Compiles a table; ``ValueError`` names the row whose two sides differ in their number of words."""
        for said, meant in meanings.items():
            if len(said.split()) != len(meant.split()):
                raise ValueError(f"“{said}” and what to read instead, “{meant}”, must have as many words")
        longest_first = sorted(meanings, key=len, reverse=True)
        return cls(re.compile(rf"(?<![^ ])(?:{'|'.join(map(re.escape, longest_first))})(?![^ ])"), meanings)

    def read(self, words: str) -> str:
        """The words with every turn of phrase replaced; their number stays."""
        return self.pattern.sub(lambda found: self.meanings[found.group()], words) if self.pattern else words


PLAIN = Turns(None, {})


class Sentence(NamedTuple):
    """One sentence: its words in lower case with single spaces, and the same words with what stands behind each, for quoting.

    ``denied`` holds the numbers of the words that are denied. ``introduces``: it ends in a colon; ``bullet``: it is
    an item of a list; ``asks``: it is a question.
    """

    words: str
    written: tuple[str, ...]
    denied: frozenset[int] = frozenset()
    introduces: bool = False
    bullet: bool = False
    asks: bool = False

    def without(self, numbers: Iterable[int]) -> "Sentence":
        """The same sentence with these words denied too."""
        return self._replace(denied=self.denied | set(numbers))

    def number_at(self, position: int) -> int:
        """The number of the word that stands at a position of ``words``."""
        return self.words.count(" ", 0, position)


def sentences_in(text: str, turns: Turns = PLAIN) -> tuple[Sentence, ...]:
    """A text cut into sentences; line breaks within a paragraph do not count, examples in brackets are left out."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST_TEXT]).replace("’", "'").replace("‘", "'")
    plain = _EXAMPLE_BESIDE.sub(" ", _ABBREVIATED.sub(r"\1", _EXAMPLE.sub("eg", plain)))
    # Every other one is the sign with which the part before it ends.
    parts = [*_SENTENCE.split(plain), None]
    found = (
        _sentence(piece, turns)._replace(asks=sign == "?")
        for part, sign in zip(parts[::2], parts[1::2], strict=True)
        for piece in _PIECE.findall(part or "")
    )
    return tuple(sentence for sentence in found if sentence.words)


def _sentence(part: str, turns: Turns) -> Sentence:
    found = list(_WORD.finditer(part))
    ends = [*(word.start() for word in found), len(part)][1:]
    written = tuple(_SPACES.sub(" ", part[word.start() : end]) for word, end in zip(found, ends, strict=True))
    words = turns.read(" ".join(word.group() for word in found).lower())
    gaps = [part[one.end() : other.start()] for one, other in itertools.pairwise(found)]
    parted = [_BETWEEN.search(gap) is not None for gap in gaps]
    commas = ["," in gap for gap in gaps]
    return Sentence(
        words=words,
        written=written,
        denied=_denied(words.split(" "), parted, commas),
        introduces=part.rstrip().endswith(":"),
        bullet=_BULLET.match(part) is not None,
    )


def denies(word: str) -> bool:
    """Whether a word by itself says "not"."""
    return (word in _DENIERS and word not in _SECOND_WORDS) or word.endswith("n't")


def _denied(words: list[str], parted: list[bool], commas: list[bool]) -> frozenset[int]:
    """The numbers of the words that stand in the reach of a "not" which is meant as one."""
    deniers = [number for number in range(len(words)) if _is_denier(words, number)]
    reaches = {number: _reach(words, number, parted, commas) for number in deniers}
    lifted: set[int] = set()
    for number in deniers:
        if number in lifted:
            continue
        inner = [
            other
            for other in deniers
            if words[other] != "nor" and number < other <= max((number + 1, *reaches[number])) + 1
        ]
        if inner and not _JOINS & set(words[number : inner[0]]) and words[number] != words[inner[0]]:
            lifted |= {number, inner[0]}
    return frozenset(word for number in deniers if number not in lifted for word in reaches[number])


def _is_denier(words: list[str], number: int) -> bool:
    word, following = words[number], words[number + 1 : number + 2]
    if word in _SECOND_WORDS:
        return following == [_SECOND_WORDS[word]]
    if (
        not denies(word)
        or (following and following[0] in _DENIES_NOTHING_BEFORE)
        or _OUGHT & {word, *words[:number][-1:]}
    ):
        return False
    soon = words[number + 1 : number + 1 + WORDS_TO_EXCEPTION]
    excepted = bool(_EXCEPTIONS & set(soon)) or following == ["but"] or " other than " in f" {' '.join(soon)} "
    return not (excepted and word in {"nothing", "no", "none", "nobody"})


def _reach(words: list[str], number: int, parted: list[bool], commas: list[bool]) -> list[int]:
    """The words that a "not" reaches: three, three more behind each comma and "or" of a list, and no new clause."""
    reached: list[int] = []
    left = WORDS_DENIED
    for at in range(number + 1, len(words)):
        is_clause = parted[at - 1] and (not commas[at - 1] or words[at] in _CLAUSE_STARTS)
        is_clause = is_clause or (words[at - 1] == "and" and words[at] in _AUXILIARIES)
        if is_clause or words[at] in _CLAUSE_BREAKS:
            break
        left = WORDS_DENIED + 1 if words[at] in {"or", "nor"} else WORDS_DENIED if commas[at - 1] else left
        if not left:
            break
        left -= 1
        reached.append(at)
    return reached
