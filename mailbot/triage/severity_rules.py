"""How grave an incident looks, as data: validated straight from ``config/severity.toml``."""

from collections.abc import Iterator
from functools import cached_property
from typing import Self

from pydantic import model_validator

from mailbot.triage.phrases import Phrases
from mailbot.triage.severity_rows import (
    Askable,
    Bands,
    Circumstance,
    DangerRules,
    DataRules,
    EaseRules,
    GridRules,
    Level,
    PeopleRules,
    PlainRules,
    Protection,
    Seen,
    Unknown,
    is_bare,
)
from mailbot.value import Value

CONFIDENTIALITY = "confidentiality"
"""The circumstance that a means of protection holds down."""
ENISA = "ENISA"


class SeverityRules(Value):
    """The provisional rating (para 40). ``words`` are lists for phrases; ``shared`` those of triage.toml, never set in this file."""

    bands: Bands
    words: dict[str, tuple[str, ...]] = {}
    shared: dict[str, tuple[str, ...]] = {}
    signs: dict[str, Askable] = {}
    plainly: PlainRules = PlainRules()
    data: DataRules
    ease: EaseRules
    circumstances: tuple[Circumstance, ...]
    protections: tuple[Protection, ...] = ()
    people: PeopleRules
    danger: DangerRules
    grid: GridRules

    @model_validator(mode="after")
    def _names_what_it_has(self) -> Self:
        for where, names in self._named():
            missing = sorted(set(names) - self.signs.keys())
            if missing:
                raise ValueError(f"“{where}” names a sign that is not in [signs]: {', '.join(missing)}")
        if CONFIDENTIALITY not in {one.name for one in self.circumstances}:
            raise ValueError(f"one of the circumstances must be called {CONFIDENTIALITY}")
        if not is_bare(self.data.unknown[-1]):
            raise ValueError("the last row of data.unknown must fit always")
        plain = Seen(words="plainly", phrases=self.plainly.all_phrases)
        for sign in (*self.all_signs, plain):
            self._must_compile(sign)
        return self

    @property
    def all_signs(self) -> tuple[Seen, ...]:
        """Every row with phrases, wherever it stands."""
        return (*self.signs.values(), *self.levels, *self.grid.likelihood, *self.grid.impact, *self.grid.floor)

    @property
    def levels(self) -> tuple[Level, ...]:
        """Every step of every factor, those for what is not known included."""
        ease, data = self.ease, self.data
        return (data.none, *data.unknown, *data.levels, ease.unknown, *ease.levels, *self._circumstance_levels())

    @property
    def reason_words(self) -> frozenset[str]:
        """Every reason a rating can be given; none of them quotes a report."""
        data = (self.data.none, *self.data.unknown, *self.data.levels)
        others = [one.words for one in self.levels] + [one.words for one in self.protections]
        others += [self.people.words, self.danger.words]
        others += [not_known(one.if_words) for one in self.signs.values() if one.if_words]
        return frozenset((*others, *(with_points(one.words, one.points) for one in data), self.people.unknown_words))

    @property
    def asked(self) -> tuple[str, ...]:
        """The questions of the form whose answers are asked for."""
        unknown = [one.field for one in self.levels if isinstance(one, Unknown)]
        signs = [one.field for one in self.signs.values()]
        axes = [one.field for one in (*self.grid.likelihood, *self.grid.impact)]
        return tuple(one for one in (*unknown, *signs, *axes, self.people.field) if one)

    def compiled(self, phrases: tuple[str, ...]) -> Phrases:
        """Phrases of this file, compiled once in the life of the rules."""
        if phrases not in self._compiled:
            self._compiled[phrases] = Phrases(phrases, {**self.shared, **self.words})
        return self._compiled[phrases]

    @cached_property
    def _compiled(self) -> dict[tuple[str, ...], Phrases]:
        return {}

    def _must_compile(self, sign: Seen) -> None:
        try:
            for phrases in (sign.phrases, *sign.answers.values()):
                self.compiled(phrases)
        except ValueError as problem:
            raise ValueError(f"“{sign.words}”: {problem}") from None

    def _circumstance_levels(self) -> Iterator[Level]:
        for one in self.circumstances:
            yield from one.levels
            if one.unknown:
                yield one.unknown

    def _named(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Every place that names signs, with the names."""
        for sign in self.all_signs:
            yield sign.words, (*sign.signs, *sign.unless)
        for name, sign in self.signs.items():
            yield name, (*sign.denied_by, *sign.doubted_by)
        for one in self.protections:
            yield one.name, (*one.needs, *one.unless, *one.asks_when)
        yield "grid.applies", self.grid.applies


def not_known(if_words: str) -> str:
    """What is open, as a sentence: "it is not known whether it was encrypted"."""
    return f"it is not known whether {if_words}"


def with_points(words: str, points: float) -> str:
    """The value of the data as a reason: "health records (ENISA: 4)"."""
    return f"{words} ({ENISA}: {points:g})"


def without_points(reason: str) -> str:
    """The same reason for somebody who need not know the method: "health records"."""
    return reason.partition(f" ({ENISA}: ")[0]
