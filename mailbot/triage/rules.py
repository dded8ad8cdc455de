"""Which desk acts and what a report's words give away, as data: validated straight from ``config/triage.toml``."""

from functools import cached_property
from itertools import chain
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from mailbot.assessment import Classification
from mailbot.terms import Queue
from mailbot.triage.classification import ClassificationRules
from mailbot.triage.phrases import Phrases
from mailbot.triage.sentences import Turns
from mailbot.triage.severity_rules import SeverityRules
from mailbot.value import Value

_OneOrMore = Annotated[
    tuple[str, ...], BeforeValidator(lambda phrases: (phrases,) if isinstance(phrases, str) else phrases)
]


class Sign(Value):
    """Something a report may say: by a phrase in its words, or by the answer to a question of the form.

    ``answers``: form field → phrases, any of which the answer holds. ``together``: the same, but every field must fit.
    """

    name: str = ""
    words: str
    phrases: tuple[str, ...] = ()
    answers: dict[str, _OneOrMore] = {}
    together: dict[str, _OneOrMore] = {}

    @property
    def all_phrases(self) -> tuple[str, ...]:
        """Every phrase of the sign, wherever it is looked for."""
        return (*self.phrases, *chain.from_iterable((*self.answers.values(), *self.together.values())))


class QueueRule(Sign):
    """One line of para 28's two columns: ``words`` are the procedure's own; ``cyber`` marks paras 22 and 23.

    ``refines`` names a row whose type of incident this one tells more exactly. A ``hint`` is a row of mere habits of
    speech: it weighs, but is given as a reason only where there is no better one. ``both``: the other desk hears of it
    whatever else is said.
    """

    queue: Queue
    para: str
    type: str = ""
    weight: float = Field(gt=0)
    cyber: bool = False
    refines: str = ""
    hint: bool = False
    both: bool = False


class TriageRules(Value):
    """Everything that triage knows.

    ``meanings``: turns of phrase → what to read instead, word for word. A sentence with one of ``asides`` tells nothing
    of the incident. What follows one of ``guesses`` does not count where one of ``corrections`` takes it back.
    """

    sure_from: float = Field(ge=0, le=1)
    both_from: float = Field(gt=0, le=1)
    otherwise: Queue
    partner_domains: tuple[str, ...] = ()
    words: dict[str, tuple[str, ...]] = {}
    meanings: dict[str, str] = {}
    asides: tuple[str, ...] = ()
    guesses: tuple[str, ...] = ()
    corrections: tuple[str, ...] = ()
    rules: tuple[QueueRule, ...] = Field(min_length=1)
    flags: tuple[Sign, ...] = ()
    safety: tuple[Sign, ...] = ()
    restricted: tuple[Sign, ...] = ()
    severity: SeverityRules | None = None
    classification: ClassificationRules = ClassificationRules()

    @model_validator(mode="after")
    def _phrases_can_be_read(self) -> Self:
        for sign in self._signs():
            missing = {
                word.lstrip("(").partition(")")[0] for phrase in sign.all_phrases for word in _lists_in(phrase)
            } - self.words.keys()
            if missing:
                raise ValueError(
                    f"“{sign.name or sign.words}” uses a list of words that is not in [words]: {', '.join(sorted(missing))}"
                )
        Turns.of(self.meanings)
        return self

    @property
    def incident_types(self) -> tuple[str, ...]:
        """Every type that triage may propose: the regulator's own list, and what the rows name."""
        listed = self.classification.values(Classification.INCIDENT_TYPE)
        return tuple(dict.fromkeys((*listed, *(rule.type for rule in self.rules if rule.type))))

    @property
    def reason_words(self) -> frozenset[str]:
        """The words in which a type or another classification is explained; none of them quotes a report."""
        rating = self.severity.reason_words if self.severity else frozenset()
        return self.classification.reason_words | rating | {rule.words for rule in self.rules}

    @cached_property
    def turns(self) -> Turns:
        """The table of ``meanings``, ready to be read with."""
        return Turns.of(self.meanings)

    def compiled(self, phrases: tuple[str, ...]) -> Phrases:
        """The phrases of a row of this file, compiled once in the life of the rules."""
        if phrases not in self._compiled:
            self._compiled[phrases] = Phrases(phrases, self.words)
        return self._compiled[phrases]

    @cached_property
    def _compiled(self) -> dict[tuple[str, ...], Phrases]:
        return {}

    def _signs(self) -> tuple[Sign, ...]:
        return (*self.rules, *self.flags, *self.safety, *self.restricted)


def _lists_in(phrase: str) -> list[str]:
    return [word[1:] for word in phrase.replace("|", " ").split() if word.startswith("$")]
