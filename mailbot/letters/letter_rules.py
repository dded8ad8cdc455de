"""What the letters must say and may advise, as data: validated straight from ``config/letter.toml``."""

from typing import Self

from pydantic import Field, model_validator

from mailbot.letter import DataKind
from mailbot.letters.view import LetterView, names_in
from mailbot.notify.templates import Templates
from mailbot.organisation import Organisation
from mailbot.value import Value


class Part(Value):
    """Something every letter must say: the value of the view that says it, what it is called, and who demands it."""

    name: str
    words: str = Field(min_length=1)
    source: str = Field(min_length=1)


class Advice(Value):
    """What somebody can do where one kind of data was involved. ``for_child`` stands in its place in a letter about a child."""

    kind: DataKind
    title: str = Field(min_length=1)
    steps: tuple[str, ...] = Field(min_length=1)
    for_child: tuple[str, ...] = ()
    source: str = Field(min_length=1)


class LetterLimits(Value):
    """What a printer takes: pages and megabytes (of 1,000,000 bytes) of one letter, and letters in one print batch."""

    pages: int = Field(default=10, ge=1)
    megabytes: float = Field(default=2.0, gt=0)
    batch: int = Field(default=100, ge=1, le=200)


class LetterFile(Value):
    """letter.toml as written: each kind of data has its advice once, each part a value that letters have."""

    limits: LetterLimits = LetterLimits()
    parts: tuple[Part, ...] = Field(min_length=1)
    advice: tuple[Advice, ...]

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        kinds = [one.kind for one in self.advice]
        without = [kind for kind in DataKind if kinds.count(kind) != 1]
        if without:
            raise ValueError(f"each kind of data needs one row of advice: look at {', '.join(without)}")
        known = set(names_in(LetterView))
        strangers = [one.name for one in self.parts if one.name not in known]
        if strangers:
            raise ValueError(
                f"parts: a letter has no value called {', '.join(strangers)}; it has {', '.join(sorted(known))}"
            )
        return self

    def advice_on(self, kind: DataKind) -> Advice:
        return next(one for one in self.advice if one.kind is kind)


class LetterRules(Value):
    """Everything configured that a letter may say. ``layout`` is the page as typst source (templates/letter.typ)."""

    file: LetterFile
    organisation: Organisation
    templates: Templates
    layout: str
