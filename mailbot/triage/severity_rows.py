"""The rows of ``config/severity.toml``: what a report may show, the steps of each factor, the rows of the NHS grid."""

from typing import Self

from pydantic import Field, model_validator

from mailbot.assessment import GridOutcome
from mailbot.terms import Severity
from mailbot.value import Value


class Seen(Value):
    """Something a report may show: by its words, by an answer, by a flag of triage.toml, by another sign of this file.

    ``answers``: form field → phrases looked for in that answer alone. ``unless`` names signs that silence it.
    """

    words: str
    phrases: tuple[str, ...] = ()
    answers: dict[str, tuple[str, ...]] = {}
    flags: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


class Askable(Seen):
    """A sign whose absence may be asked about: ``if_words`` finish "If …", ``field`` is the form's question.

    ``denied_by`` and ``doubted_by`` name signs that speak against it; what is only doubted is still asked.
    """

    field: str = ""
    if_words: str = ""
    denied_by: tuple[str, ...] = ()
    doubted_by: tuple[str, ...] = ()


class PlainRules(Value):
    """When words state that something keeps data safe: in no question, without ``hedges``, no ``contrasts`` behind them,
    and no short sentence with one of ``afterthoughts`` next.
    """

    hedges: tuple[str, ...] = ()
    afterthoughts: tuple[str, ...] = ()
    contrasts: tuple[str, ...] = ()

    @property
    def all_phrases(self) -> tuple[str, ...]:
        """Every phrase of the three."""
        return (*self.hedges, *self.afterthoughts, *self.contrasts)


class Level(Seen):
    """One step of a factor: its points, the words shown for it, and where it comes from.

    ``if_words`` finish "If …" where this step is offered as an answer still missing; empty where it is not offered.
    """

    points: float = Field(ge=0)
    source: str = Field(min_length=1)
    if_words: str = ""


class DataPoints(Level):
    """A step of the value of the data: from 1 to 4, and 0 for no personal data at all."""

    points: float = Field(ge=0, le=4)


class Unknown(Level):
    """What stands in where the report does not say; ``field`` is the question that would settle it."""

    field: str = Field(min_length=1)


class DataClass(Value):
    """A class of data: the score it begins with, and the steps up and down with the signs that bring them.

    Signs of the class itself stand at the step whose points are the ``base``.
    """

    name: str
    base: float = Field(ge=1, le=4)
    levels: tuple[DataPoints, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _has_its_base(self) -> Self:
        if all(level.points != self.base for level in self.levels):
            raise ValueError(f"the class {self.name} has no step with the points of its base, {self.base:g}")
        return self


class DataRules(Value):
    """The value of the data: the highest class counts. ``none``: no personal data is involved. ``unknown``: the first that fits."""

    none: DataPoints
    unknown: tuple[Unknown, ...] = Field(min_length=1)
    classes: tuple[DataClass, ...] = Field(min_length=1)

    @property
    def levels(self) -> tuple[DataPoints, ...]:
        """Every step of every class."""
        return tuple(level for one in self.classes for level in one.levels)


class EaseLevel(Level):
    """A step of how easily people can be told from the data."""

    points: float = Field(gt=0, le=1)


class EaseRules(Value):
    """Ease of identification: the highest step that fits."""

    unknown: Unknown
    levels: tuple[EaseLevel, ...] = Field(min_length=1)


class CircumstanceLevel(Level):
    """A step of a circumstance."""

    points: float = Field(ge=0, le=0.5)


class Circumstance(Value):
    """A circumstance that adds to the score: the highest step that fits. Without ``unknown`` it adds nothing unless seen."""

    name: str
    unknown: Unknown | None = None
    levels: tuple[CircumstanceLevel, ...] = Field(min_length=1)


class Protection(Value):
    """What keeps the data from being read: all of ``needs`` seen and none of ``unless``; the first row that fits counts.

    It holds down the ease of identification and the loss of confidentiality. ``contained``: the NHS guide's
    containment. ``asks_when``: signs one of which makes it sensible to ask for the one need that is not seen.
    ``beside``: words shown beside the score.
    """

    name: str
    words: str
    source: str = Field(min_length=1)
    needs: tuple[str, ...] = Field(min_length=1)
    unless: tuple[str, ...] = ()
    asks_when: tuple[str, ...] = ()
    contained: bool = True
    ease_at_most: float = Field(gt=0, le=1)
    confidentiality_at_most: float = Field(ge=0, le=0.5)
    beside: str = ""


class PeopleRules(Value):
    """Many people: a flag beside the score, and a rating it is not below unless the data is protected."""

    more_than: int = Field(ge=1)
    at_least: Severity
    words: str
    source: str = Field(min_length=1)
    unknown_words: str
    field: str
    if_words: str
    nouns: tuple[str, ...] = ()


class DangerRules(Value):
    """Somebody may be in danger: the rating that is then the least, whatever the score."""

    at_least: Severity
    words: str
    source: str = Field(min_length=1)


class GridRow(Seen):
    """A step of an axis of the NHS grid; the first row that fits counts, and one without any sign always does.

    ``data_from``: fits from these points of data on. ``protected``: fits where a protection holds.
    ``known``: False for the careful step that stands in where nothing tells.
    """

    points: int = Field(ge=1, le=5)
    source: str = Field(min_length=1)
    data_from: float | None = None
    protected: bool = False
    known: bool = True
    field: str = ""


class GridRules(Value):
    """The NHS grid, for incidents with a sign of ``applies``. ``floor``: both axes are at least 2 then unless contained."""

    applies: tuple[str, ...] = Field(min_length=1)
    likelihood: tuple[GridRow, ...] = Field(min_length=1)
    impact: tuple[GridRow, ...] = Field(min_length=1)
    floor: tuple[Seen, ...] = ()
    floor_at: int = Field(default=2, ge=1, le=5)
    outcomes: dict[GridOutcome, str]

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if set(self.outcomes) != set(GridOutcome):
            raise ValueError(f"outcomes must have words for each of {', '.join(GridOutcome)}")
        for axis in (self.likelihood, self.impact):
            if not is_bare(axis[-1]):
                raise ValueError(f"the last row of an axis of the grid must fit always: “{axis[-1].words}” does not")
        return self


class Bands(Value):
    """The scores from which the ratings begin."""

    medium_from: float
    high_from: float
    very_high_from: float

    @model_validator(mode="after")
    def _go_upwards(self) -> Self:
        if not self.medium_from < self.high_from < self.very_high_from:
            raise ValueError("medium_from, high_from and very_high_from must go upwards")
        return self

    def of(self, score: float) -> Severity:
        """The rating of a score."""
        bounds = (
            (self.very_high_from, Severity.VERY_HIGH),
            (self.high_from, Severity.HIGH),
            (self.medium_from, Severity.MEDIUM),
        )
        return next((severity for bound, severity in bounds if score >= bound), Severity.LOW)


def is_bare(sign: Seen) -> bool:
    """Whether a row asks for nothing, and so fits always."""
    given = sign.phrases or sign.answers or sign.flags or sign.signs
    return not given and not (isinstance(sign, GridRow) and (sign.data_from is not None or sign.protected))
