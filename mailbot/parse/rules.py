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


class FormRules(Value):
    """Every question the bot knows, with what marks a document as a report form and an answer as not given."""

    titles: tuple[str, ...]
    placeholders: tuple[str, ...]
    generic: tuple[str, ...]
    sign_offs: tuple[str, ...]
    fields: dict[str, FieldRule]

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        for name, field in self.fields.items():
            if field.required and not field.ask:
                raise ValueError(f'fields.{name} is required but has no question to ask: add ask = "…"')
            unknown = [other for other in field.instead if other not in self.fields]
            if unknown:
                raise ValueError(f"fields.{name}.instead names no field of the form: {', '.join(unknown)}")
        return self

    def kind_of(self, name: str) -> FieldKind:
        """The kind of a field; an unknown name is free text."""
        return self.fields[name].kind if name in self.fields else FieldKind.TEXT

    def question(self, name: str) -> str:
        """The question that asks the reporter for a missing field, or an empty text."""
        return self.fields[name].ask if name in self.fields else ""

    @cached_property
    def labels(self) -> LabelIndex:
        """The wordings of all fields, ready to be matched."""
        return LabelIndex({name: (name, *field.wordings) for name, field in self.fields.items()})

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
