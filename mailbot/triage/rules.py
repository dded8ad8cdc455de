"""Which desk acts and what a report's words give away, as data: validated straight from ``config/triage.toml``."""

from functools import cached_property
from typing import Self

from pydantic import Field, model_validator

from mailbot.terms import Queue, Severity
from mailbot.triage.phrases import Phrases
from mailbot.value import Value


class Sign(Value):
    """Something a report may say: by a phrase in its words, or by the answer to a question of the form.

    ``answers``: form field → how the answer begins ("yes").
    """

    name: str = ""
    words: str
    phrases: tuple[str, ...] = ()
    answers: dict[str, str] = {}


class QueueRule(Sign):
    """One line of para 28's two columns: ``words`` are the procedure's own; ``cyber`` marks paras 22 and 23.

    ``refines`` names a row whose type of incident this one tells more exactly. A ``hint`` is a row of mere habits of
    speech: it weighs, but is given as a reason only where there is no better one.
    """

    queue: Queue
    para: str
    type: str = ""
    weight: float = Field(gt=0)
    cyber: bool = False
    refines: str = ""
    hint: bool = False


class SeverityRow(Sign):
    """A reason to rate higher or lower; ``flags`` count like phrases, ``unless`` and ``unless_phrases`` silence it."""

    points: float
    flags: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    unless_phrases: tuple[str, ...] = ()


class SeverityRules(Value):
    """The provisional rating (para 40): points and the bounds from which a rating counts."""

    medium_from: float
    high_from: float
    very_high_from: float
    safety_at_least: Severity = Severity.HIGH
    unknown_number: float = 1.0
    numbers: tuple[tuple[int, float], ...] = ()
    rows: tuple[SeverityRow, ...]


class TriageRules(Value):
    """Everything that triage knows."""

    sure_from: float = Field(ge=0, le=1)
    both_from: float = Field(gt=0, le=1)
    otherwise: Queue
    partner_domains: tuple[str, ...] = ()
    words: dict[str, tuple[str, ...]] = {}
    rules: tuple[QueueRule, ...] = Field(min_length=1)
    flags: tuple[Sign, ...] = ()
    safety: tuple[Sign, ...] = ()
    restricted: tuple[Sign, ...] = ()
    severity: SeverityRules

    @model_validator(mode="after")
    def _phrases_can_be_read(self) -> Self:
        names = {flag.name for flag in self.flags}
        for row in self.severity.rows:
            unknown = {*row.flags, *row.unless} - names
            if unknown:
                raise ValueError(f"severity row “{row.words}” names no flag of this file: {', '.join(sorted(unknown))}")
        for sign in self._signs():
            missing = {
                word.lstrip("(").partition(")")[0] for phrase in sign.phrases for word in _lists_in(phrase)
            } - self.words.keys()
            if missing:
                raise ValueError(
                    f"“{sign.name or sign.words}” uses a list of words that is not in [words]: {', '.join(sorted(missing))}"
                )
        return self

    @property
    def incident_types(self) -> tuple[str, ...]:
        """Every name that triage may give an incident: the regulator's own list of incident types."""
        return tuple(dict.fromkeys(rule.type for rule in self.rules if rule.type))

    def compiled(self, phrases: tuple[str, ...]) -> Phrases:
        """The phrases of a row of this file, compiled once in the life of the rules."""
        if phrases not in self._compiled:
            self._compiled[phrases] = Phrases(phrases, self.words)
        return self._compiled[phrases]

    @cached_property
    def _compiled(self) -> dict[tuple[str, ...], Phrases]:
        return {}

    def _signs(self) -> tuple[Sign, ...]:
        return (*self.rules, *self.flags, *self.safety, *self.restricted, *self.severity.rows)


def _lists_in(phrase: str) -> list[str]:
    return [word[1:] for word in phrase.replace("|", " ").split() if word.startswith("$")]
