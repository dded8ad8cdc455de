"""What a report form asks, as data: validated straight from ``config/form.toml``."""

from enum import StrEnum
from functools import cached_property
from typing import Self

from pydantic import Field, model_validator

from mailbot.parse.wording import LabelIndex, fold
from mailbot.value import Value


class FieldKind(StrEnum):
    """How an answer is understood."""

    TEXT = "text"
    PERSON = "person"
    EMAIL = "email"
    PHONE = "phone"
    COUNT = "count"
    YES_NO = "yes_no"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"

    @property
    def is_short(self) -> bool:
        """Whether an answer of this kind stands on one line."""
        return self is not FieldKind.TEXT

    @property
    def is_moment(self) -> bool:
        """Whether an answer of this kind is a date, a time or both."""
        return self in {FieldKind.DATE, FieldKind.TIME, FieldKind.DATETIME}


class FieldRule(Value):
    """One question of the form.

    ``wordings`` are the labels under which it is asked; ``ask`` is the question sent back when a ``required`` answer
    is missing and none of ``instead`` was given; ``telling`` marks a question that only an incident report asks.
    """

    kind: FieldKind = FieldKind.TEXT
    wordings: tuple[str, ...] = Field(min_length=1)
    required: bool = False
    instead: tuple[str, ...] = ()
    telling: bool = False
    para: str = ""
    ask: str = ""


class OwnQuestion(Value):
    """A question of the council's own form: which field it fills, its words, what may be picked, how much room there is."""

    field: str
    question: str = Field(min_length=1)
    hint: str = ""
    choices: tuple[str, ...] = ()
    lines: int = Field(default=1, ge=1, le=40)


class OwnSection(Value):
    """A heading of the council's own form with its questions."""

    title: str = Field(min_length=1)
    about: str = ""
    questions: tuple[OwnQuestion, ...] = Field(min_length=1)


class OwnForm(Value):
    """The form the bot makes and sends. ``about`` stands above the questions, ``important`` where nobody overlooks it."""

    title: str = Field(min_length=1)
    about: tuple[str, ...] = ()
    important: str = ""
    sections: tuple[OwnSection, ...] = Field(min_length=1)

    @property
    def questions(self) -> tuple[OwnQuestion, ...]:
        return tuple(question for section in self.sections for question in section.questions)


class FormRules(Value):
    """Every question the bot knows, with what marks a document as a report form and an answer as not given."""

    titles: tuple[str, ...]
    placeholders: tuple[str, ...]
    generic: tuple[str, ...]
    sign_offs: tuple[str, ...]
    fields: dict[str, FieldRule]
    own: OwnForm | None = None

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        for name, field in self.fields.items():
            if field.required and not field.ask:
                raise ValueError(f'fields.{name} is required but has no question to ask: add ask = "…"')
            unknown = [other for other in field.instead if other not in self.fields]
            if unknown:
                raise ValueError(f"fields.{name}.instead names no field of the form: {', '.join(unknown)}")
        return self

    @model_validator(mode="after")
    def _own_form_fits(self) -> Self:
        asked = [question.field for question in self.own.questions] if self.own else []
        problems = [f"own asks for {name}, which is no field of the form" for name in asked if name not in self.fields]
        problems += [f"own asks for {name} twice" for name in sorted(set(asked)) if asked.count(name) > 1]
        for name, field in self.fields.items() if asked else ():
            if field.required and not {name, *field.instead} & set(asked):
                problems.append(f"own does not ask for {name}, which is required")
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def kind_of(self, name: str) -> FieldKind:
        """The kind of a field; an unknown name is free text."""
        return self.fields[name].kind if name in self.fields else FieldKind.TEXT

    def question(self, name: str) -> str:
        """The question that asks the reporter for a missing field, or an empty text."""
        return self.fields[name].ask if name in self.fields else ""

    @cached_property
    def labels(self) -> LabelIndex:
        """The wordings of all fields, those of the council's own form included, ready to be matched."""
        own = {question.field: question.question for question in self.own.questions} if self.own else {}
        return LabelIndex(
            {
                name: (name, *field.wordings, *((own[name],) if name in own else ()))
                for name, field in self.fields.items()
            }
        )

    @cached_property
    def folded_placeholders(self) -> frozenset[str]:
        return frozenset(fold(text) for text in self.placeholders)

    @cached_property
    def folded_titles(self) -> tuple[str, ...]:
        return tuple(fold(text) for text in self.titles)

    @cached_property
    def folded_generic(self) -> frozenset[str]:
        return frozenset(fold(text) for text in self.generic)

    @cached_property
    def folded_sign_offs(self) -> tuple[str, ...]:
        return tuple(fold(text) for text in self.sign_offs)
