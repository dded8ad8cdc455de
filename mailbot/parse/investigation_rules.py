"""What the investigation report asks (para 52), as data: validated straight from ``config/investigation_form.toml``."""

from collections.abc import Iterator
from functools import cached_property
from typing import Self

from pydantic import Field, model_validator

from mailbot.parse.reading import REFERENCE
from mailbot.parse.rules import FieldKind, FieldRule, FormRules, OwnQuestion
from mailbot.parse.wording import fold
from mailbot.value import Value

ROOT_CAUSE, ACTION, CLEARED, WRITTEN_BY = "root_cause", "action_taken", "cleared", "written_by"
"""The fields that mean more than text. The two choices are the columns of the published report."""

TAG = "investigation."
"""Stands before a field's name in the form's controls, so that no report form can ask for the same."""

YES = "Yes"
OUR_REFERENCE = "Our reference"
MOST_ROWS = 30


class InvestigationQuestion(OwnQuestion):
    """A question of the report. ``needed``: the report is not complete without its answer."""

    kind: FieldKind = FieldKind.TEXT
    needed: bool = False
    ticks: tuple[str, ...] = ()


class InvestigationSection(Value):
    """A heading with its questions. ``tells``: what of the incident is told above them, as field → label."""

    title: str = Field(min_length=1)
    about: str = ""
    tells: dict[str, str] = {}
    questions: tuple[InvestigationQuestion, ...] = ()


class RecommendationTable(Value):
    """The table of recommendations with owners and deadlines (52 ii): its headings, and how many rows are offered.

    ``before``: the title of the section it stands above.
    """

    title: str = Field(min_length=1)
    about: str = ""
    number: str = Field(min_length=1)
    what: str = Field(min_length=1)
    owner: str = Field(min_length=1)
    by_when: str = Field(min_length=1)
    rows: int = Field(default=8, ge=6, le=MOST_ROWS)
    before: str = ""

    @property
    def headings(self) -> tuple[str, str, str, str]:
        return self.number, self.what, self.owner, self.by_when


TELLABLE = frozenset(
    {"group", "incident_type", "severity", "occurred_at", "discovered_at", "received_at", "due_at", "repeats"}
)
"""What the form can tell of an incident: nothing that a report said in its own words (69)."""


class InvestigationForm(Value):
    """The whole form. ``about`` stands above the questions, ``important`` where nobody overlooks it."""

    title: str = Field(min_length=1)
    about: tuple[str, ...] = ()
    important: str = ""
    sections: tuple[InvestigationSection, ...] = Field(min_length=1)
    recommendations: RecommendationTable

    @property
    def questions(self) -> tuple[InvestigationQuestion, ...]:
        return tuple(question for section in self.sections for question in section.questions)

    @model_validator(mode="after")
    def _can_be_read_back(self) -> Self:
        problems = [*self._field_problems(), *self._wording_problems()]
        titles = [section.title for section in self.sections]
        if self.recommendations.before and self.recommendations.before not in titles:
            problems.append(f"recommendations.before names no section: {self.recommendations.before}")
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _field_problems(self) -> Iterator[str]:
        asked = [question.field for question in self.questions]
        yield from (f"asks for {name} twice" for name in sorted(set(asked)) if asked.count(name) > 1)
        for name in (ROOT_CAUSE, ACTION, CLEARED):
            if name not in asked:
                yield f"does not ask for {name}, which it must"
        if any(one.field == CLEARED and one.ticks[:1] != (YES,) for one in self.questions):
            yield f'{CLEARED} must be ticked: its ticks begin with "{YES}"'
        told = {name for section in self.sections for name in section.tells}
        yield from (f"tells {name}, which it cannot" for name in sorted(told - TELLABLE))

    def _wording_problems(self) -> Iterator[str]:
        words = [fold(one) for one in self._labels]
        yield from (f"says “{one}” over two answers" for one in sorted(set(words)) if words.count(one) > 1)

    @property
    def _labels(self) -> tuple[str, ...]:
        told = (label for section in self.sections for label in section.tells.values())
        return (OUR_REFERENCE, *told, *(one.question for one in self.questions), *self.recommendations.headings)

    @cached_property
    def folded_questions(self) -> tuple[str, ...]:
        """The words by which the form is recognised where a program dropped its controls."""
        return tuple(fold(one.question) for one in self.questions)

    @cached_property
    def own_words(self) -> str:
        """Everything the form itself says, folded: what else stands in it, somebody wrote."""
        sections = (said for section in self.sections for said in (section.title, section.about))
        asked = (said for one in self.questions for said in (one.question, one.hint))
        table = self.recommendations
        own = (self.title, *self.about, self.important, *sections, *asked, *self._labels, table.title, table.about)
        return f" {' '.join(fold(said) for said in own)} "

    def pairing(self, form: FormRules) -> FormRules:
        """The form's questions as rules by which a document is paired; ``form`` lends what marks an empty answer."""
        told = {f"{TAG}{name}": label for section in self.sections for name, label in section.tells.items()}
        labels = told | {REFERENCE: OUR_REFERENCE} | {f"{TAG}{one.field}": one.question for one in self.questions}
        fields = {name: FieldRule(wordings=(label,)) for name, label in labels.items()}
        return FormRules(
            titles=(self.title,), placeholders=form.placeholders, generic=(), sign_offs=form.sign_offs, fields=fields
        )
