"""What the severity assessment asks (paras 39, 40, 43), as data: validated straight from ``config/assessment_form.toml``."""

from collections.abc import Iterator
from functools import cached_property
from typing import Self

from pydantic import Field, model_validator

from mailbot.assessment import Classification
from mailbot.parse.wording import fold
from mailbot.value import Value

TAG = "assessment."
"""Stands before a field's name in the form's controls, so that no other form can ask for the same."""

OUR_REFERENCE, STAMP = "Our reference", "This form"
"""The labels of the rows by which a form says whose it is and when it was made."""

LIKELIHOOD, IMPACT = "likelihood", "impact"
RATING, BECAUSE, CHECKED, ASSESSED_BY = "rating", "because", "checked", "assessed_by"
WITHOUT_POINTS = frozenset({*Classification, RATING, BECAUSE, CHECKED, ASSESSED_BY})
NEEDED = (RATING, BECAUSE, CHECKED, ASSESSED_BY)

TELLABLE = frozenset({"received_at", "occurred_at", "discovered_at", "group", "subjects", "severity"})
"""What the form can tell of an incident, beside the report itself."""


class Choice(Value):
    """Something to choose, and what it is worth."""

    points: float = Field(ge=0, le=5)
    words: str = Field(min_length=1)

    @property
    def shown(self) -> str:
        """As it stands in the list to choose from: ``0.25: people whom we know``."""
        return f"{self.points:g}: {self.words}"

    def is_meant_by(self, said: str) -> bool:
        """Whether an answer is this choice: whole, by its words, or by its number alone."""
        return fold(said) in {fold(self.shown), fold(self.words)} or said.strip() == f"{self.points:g}"


class AssessmentQuestion(Value):
    """A question: of a factor of severity.toml, or of one of the fields that the code knows."""

    field: str = ""
    factor: str = ""
    question: str = Field(min_length=1)
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    ticks: tuple[str, ...] = ()
    lines: int = Field(default=1, ge=1, le=40)

    @property
    def name(self) -> str:
        """Under which the answer is read back."""
        return self.field or self.factor.replace(" ", "_")

    @property
    def has_points(self) -> bool:
        return self.name not in WITHOUT_POINTS

    def choice(self, said: str) -> Choice | None:
        """The choice that an answer means, None where it means none."""
        return next((one for one in self.choices if one.is_meant_by(said)), None)

    def worth(self, points: float) -> Choice | None:
        """The choice that is worth so many points."""
        return next((one for one in self.choices if one.points == points), None)


class AssessmentSection(Value):
    """A heading with its questions. ``tells``: what of the incident is told, as field → label; ``report``: its answers too."""

    title: str = Field(min_length=1)
    about: str = ""
    tells: dict[str, str] = {}
    report: bool = False
    questions: tuple[AssessmentQuestion, ...] = ()


class AssessmentForm(Value):
    """The whole form. ``about`` stands above the questions, ``important`` where nobody overlooks it."""

    title: str = Field(min_length=1)
    version: str = Field(pattern=r"^[\w.-]{1,20}$")
    about: tuple[str, ...] = ()
    important: str = ""
    sections: tuple[AssessmentSection, ...] = Field(min_length=1)

    @property
    def questions(self) -> tuple[AssessmentQuestion, ...]:
        return tuple(question for section in self.sections for question in section.questions)

    @property
    def factors(self) -> tuple[AssessmentQuestion, ...]:
        """The questions of factors, the grid's axes not among them."""
        return tuple(one for one in self.questions if one.factor)

    def question(self, name: str) -> AssessmentQuestion | None:
        """The question of that name."""
        return next((one for one in self.questions if one.name == name), None)

    @cached_property
    def folded_questions(self) -> dict[str, str]:
        """Question, folded → name: by which an answer is found where a program dropped the controls."""
        return {fold(one.question): one.name for one in self.questions}

    @property
    def _told_labels(self) -> tuple[str, ...]:
        return tuple(label for section in self.sections for label in section.tells.values())

    @model_validator(mode="after")
    def _can_be_read_back(self) -> Self:
        problems = [*self._question_problems(), *self._whole_problems()]
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _question_problems(self) -> Iterator[str]:
        known = {*WITHOUT_POINTS, LIKELIHOOD, IMPACT}
        for one in self.questions:
            if bool(one.field) is bool(one.factor):
                yield f"“{one.question}” needs either a field or a factor"
            if one.field and one.field not in known:
                yield f"“{one.question}”: the field {one.field} means nothing; choose among {', '.join(sorted(known))}"
            points = [choice.points for choice in one.choices]
            if one.has_points and not points:
                yield f"“{one.question}” has no choices"
            if len(points) > len(set(points)) or (points and not one.has_points):
                yield f"“{one.question}”: each choice needs points of its own, and only factors and axes have choices"
            if one.field in {LIKELIHOOD, IMPACT} and sorted(points) != [1, 2, 3, 4, 5]:
                yield f"“{one.question}” needs the five choices from 1 to 5"

    def _whole_problems(self) -> Iterator[str]:
        names, words = [one.name for one in self.questions], [fold(one.question) for one in self.questions]
        words += [fold(one) for one in (OUR_REFERENCE, STAMP, *self._told_labels)]
        yield from (f"asks for {name} twice" for name in sorted(set(names)) if names.count(name) > 1)
        yield from (f"asks “{one}” twice" for one in sorted(set(words)) if words.count(one) > 1)
        yield from (f"does not ask for {name}, which it must" for name in NEEDED if name not in names)
        told = {name for section in self.sections for name in section.tells}
        yield from (f"tells {name}, which it cannot" for name in sorted(told - TELLABLE))
        if any(one.name == CHECKED and (len(one.ticks) != 1 or ":" in one.ticks[0]) for one in self.questions):
            yield f"{CHECKED} needs one box to tick, without a colon in its words"
