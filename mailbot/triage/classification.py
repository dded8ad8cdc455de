"""What an incident may be counted under, as data: validated straight from ``config/classification.toml``."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cached_property
from typing import Self

from pydantic import Field, model_validator

from mailbot.assessment import Classification
from mailbot.triage.phrases import Phrases
from mailbot.value import Value

SHORTEST_BEGINNING = 3
"""Characters from which the beginning of a value stands for it."""

_WORD = re.compile(r"[^\W_]+")


class Category(StrEnum):
    """The regulator's two halves of its list of incident types."""

    CYBER = "cyber"
    NON_CYBER = "non_cyber"


class Clue(Value):
    """Something in a report that speaks for a value; ``words`` says what, as shown to people. Any one of these makes it count:

    ``phrases`` in what was told or done; ``answers``: form field → phrases in its answer; ``given``: form fields that
    were answered at all; ``flags`` of config/triage.toml; ``types``: the type of incident proposed.
    ``unless``: phrases that silence it.
    """

    words: str
    weight: float = Field(gt=0)
    phrases: tuple[str, ...] = ()
    answers: dict[str, tuple[str, ...]] = {}
    given: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


class Listed(Value):
    """One value of a closed list: what it means, other names that people write for it, and what speaks for it.

    ``over``: values that are not proposed where this one is as good as said. ``several``: stands for two or more others.
    """

    value: str
    means: str = ""
    also: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    several: bool = False
    clues: tuple[Clue, ...] = ()


class ListedType(Listed):
    """A type of incident in the regulator's own words, with the half of the list under which it counts it."""

    category: Category


class Bands(Value):
    """How a number of people is counted: each band by the number it begins with; ``unknown`` for no number or nobody."""

    begins: tuple[tuple[int, str], ...]
    unknown: str

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        numbers = [number for number, _ in self.begins]
        if not numbers or numbers[0] != 1 or numbers != sorted(set(numbers)):
            raise ValueError("the bands must begin with 1 and go upwards")
        return self

    def of(self, number: int | None) -> str:
        """The band of a number of people."""
        fitting = [words for begin, words in self.begins if number is not None and number >= begin]
        return fitting[-1] if fitting else self.unknown


class ClassificationRules(Value):
    """The closed lists, and from which weight a value is proposed.

    ``as_good_as_said``: the weight from which a value silences those it stands ``over`` and counts as one of several.
    One of several must reach ``several_share`` of the weightiest. ``no_answer``: how an answer begins that answers nothing. ``row_share`` of the weight of the row of config/triage.toml
    that names a type is added to that type; a row decides alone only from the weight ``row_from``.
    """

    propose_from: float = 1.0
    as_good_as_said: float = 3.0
    several_share: float = Field(default=0.6, gt=0, le=1)
    row_share: float = Field(default=0.3, ge=0, le=1)
    row_from: float = 2.0
    no_answer: tuple[str, ...] = ()
    words: dict[str, tuple[str, ...]] = {}
    incident_type: tuple[ListedType, ...] = ()
    medium: tuple[Listed, ...] = ()
    root_cause: tuple[Listed, ...] = ()
    action_taken: tuple[Listed, ...] = ()
    data_type: tuple[Listed, ...] = ()
    subject_type: tuple[Listed, ...] = ()
    people_affected: dict[str, Bands] = {}

    @model_validator(mode="after")
    def _can_be_read(self) -> Self:
        for rows in self._lists:
            values = [one.value for one in rows]
            if len({_plain(value) for value in values}) < len(values):
                raise ValueError(f"a value stands twice in the list that begins with “{values[0]}”")
            for one in rows:
                _must_be_listed(one.over, values, f"“{one.value}” stands over")
        types = [one.value for one in self.incident_type]
        for clue in self.clues():
            _must_be_listed(clue.types, types, f"“{clue.words}” is about the type")
            self._must_compile(clue)
        return self

    def rows(self, classification: Classification) -> tuple[Listed, ...]:
        """The closed list of a classification, in the order in which it is shown."""
        rows: tuple[Listed, ...] = getattr(self, classification.value)
        return rows

    def values(self, classification: Classification) -> tuple[str, ...]:
        """The words of the list, in its order."""
        return tuple(one.value for one in self.rows(classification))

    @property
    def known(self) -> Mapping[Classification, frozenset[str]]:
        """Every value that an incident may be counted under: what may be shown to whoever is told of it."""
        return {one: frozenset(self.values(one)) for one in Classification}

    @property
    def reason_words(self) -> frozenset[str]:
        """The words of every reason for a proposal; none of them quotes a report."""
        return frozenset(clue.words for clue in self.clues())

    def category(self, incident_type: str) -> Category | None:
        """Whether the regulator counts a type as cyber; None for what is not in its list."""
        return next((one.category for one in self.incident_type if one.value == incident_type), None)

    def clues(self) -> Iterator[Clue]:
        """Every clue of the file."""
        return (clue for rows in self._lists for one in rows for clue in one.clues)

    def compiled(self, phrases: tuple[str, ...]) -> Phrases:
        """Phrases of this file, compiled once in the life of the rules."""
        if phrases not in self._compiled:
            self._compiled[phrases] = Phrases(phrases, self.words)
        return self._compiled[phrases]

    @cached_property
    def _compiled(self) -> dict[tuple[str, ...], Phrases]:
        return {}

    @property
    def _lists(self) -> tuple[tuple[Listed, ...], ...]:
        return (*(self.rows(one) for one in Classification), self.data_type, self.subject_type)

    def _must_compile(self, clue: Clue) -> None:
        try:
            for phrases in (clue.phrases, clue.unless, *clue.answers.values()):
                self.compiled(phrases)
        except ValueError as problem:
            raise ValueError(f"“{clue.words}”: {problem}") from None


def classified_as(text: str, classification: Classification, rules: ClassificationRules) -> str | None:
    """The value of the closed list that a person means; None where none or more than one could be meant.

    Case, punctuation and accents do not matter. A value may be said by another of its names (``also``), by its
    beginning, or by some of its words in their order, as long as only one value can be meant.
    """
    said = _plain(text)
    names = [(name, one.value) for one in rules.rows(classification) for name in map(_plain, (one.value, *one.also))]
    exact = {value for name, value in names if name == said}
    close = exact or {value for name, value in names if _is_part(said, name)}
    return close.pop() if len(close) == 1 else None


def _is_part(said: str, name: str) -> bool:
    """Whether a name begins with what was said, or holds its words in that order."""
    rest = iter(name.split())
    return len(said) >= SHORTEST_BEGINNING and (name.startswith(said) or all(word in rest for word in said.split()))


def _plain(text: str) -> str:
    bare = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return " ".join(_WORD.findall(bare.casefold()))


def _must_be_listed(names: Sequence[str], values: Sequence[str], what: str) -> None:
    for name in names:
        if name not in values:
            raise ValueError(f"{what} “{name}”, which is not in the list")
