"""How a list of the people affected is read, as data: validated straight from ``config/letter_list.toml`` (para 73)."""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cached_property
from typing import Self

from pydantic import Field, model_validator

from mailbot.letter import Channel
from mailbot.parse.wording import fold
from mailbot.value import Value

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\*")


class Column(StrEnum):
    """What a column of the list may hold. The parts of an address stand in the order in which an envelope has them."""

    TITLE = "title"
    FIRST = "first"
    LAST = "last"
    NAME = "name"
    ADDRESSEE = "addressee"
    BECAUSE = "because"
    CHILD = "child"
    BORN = "born"
    ADDRESS = "address"
    LINE_1 = "line_1"
    LINE_2 = "line_2"
    LINE_3 = "line_3"
    LINE_4 = "line_4"
    LINE_5 = "line_5"
    LINE_6 = "line_6"
    LINE_7 = "line_7"
    TOWN = "town"
    COUNTY = "county"
    POSTCODE = "postcode"
    COUNTRY = "country"
    EMAIL = "email"
    HOW = "how"
    DATA = "data"
    CONFIRMED_BY = "confirmed_by"
    CONFIRMED_ON = "confirmed_on"
    SOURCE = "source"
    TOLD_ON = "told_on"
    TOLD_BY = "told_by"
    NEEDS = "needs"


POSTAL = tuple(Column)[tuple(Column).index(Column.ADDRESS) : tuple(Column).index(Column.COUNTRY) + 1]
"""The columns of a postal address, from the top of the envelope to its last line."""


class ColumnRule(Value):
    """``words``: the headings by which a column is known, ours first. ``hint`` and ``example`` stand in the blank list."""

    words: tuple[str, ...] = Field(min_length=1)
    hint: str = ""
    example: str = ""
    in_blank: bool = False


class Answers(Value):
    """What may stand in cells that take one of few answers; ``nothing`` counts as an empty cell."""

    yes: tuple[str, ...] = Field(min_length=1)
    no: tuple[str, ...] = Field(min_length=1)
    nothing: tuple[str, ...] = ()
    email: tuple[str, ...] = Field(min_length=1)
    post: tuple[str, ...] = Field(min_length=1)
    telephone: tuple[str, ...] = Field(min_length=1)

    @cached_property
    def channels(self) -> Mapping[str, Channel]:
        """Folded answer → how somebody is told."""
        lists = {Channel.EMAIL: self.email, Channel.POST: self.post, Channel.TELEPHONE: self.telephone}
        return {fold(word): channel for channel, words in lists.items() for word in words}

    @cached_property
    def truths(self) -> Mapping[str, bool]:
        """Folded answer → whether it says yes."""
        return {fold(word): said for said, words in ((True, self.yes), (False, self.no)) for word in words}

    @cached_property
    def folded_nothing(self) -> frozenset[str]:
        return frozenset(one.casefold() for one in self.nothing)


class AddressRules(Value):
    """What the post takes. Lines are counted with the name above them, as GOV.UK Notify counts them.

    ``beginnings``: characters no line may begin with. ``homeless``: words that show that there is no address.
    ``home``: names of this country, which a letter inside it does without.
    """

    fewest_lines: int = Field(ge=2)
    most_lines: int = Field(ge=3)
    beginnings: str
    homeless: tuple[str, ...]
    home: tuple[str, ...]
    countries: tuple[str, ...]

    @cached_property
    def folded_countries(self) -> Mapping[str, str]:
        """Folded name of a country → as it is printed."""
        return {fold(one): one for one in self.countries}

    @cached_property
    def folded_home(self) -> frozenset[str]:
        return frozenset(fold(one) for one in self.home)

    @cached_property
    def folded_homeless(self) -> frozenset[str]:
        return frozenset(fold(one) for one in self.homeless)


class DomainRules(Value):
    """``known``: providers many people use; a domain one letter from one of them is doubted. ``meant``: wrong → right."""

    known: tuple[str, ...] = ()
    meant: dict[str, str] = {}


class NameRules(Value):
    """``titles`` count for nothing when names are compared; ``nobody``: what is written where a name is not known.

    ``example``: how the name in the example row of the blank list begins.
    """

    titles: tuple[str, ...] = ()
    nobody: tuple[str, ...] = ()
    example: str = Field(min_length=3)

    @cached_property
    def folded_titles(self) -> frozenset[str]:
        return frozenset(fold(one) for one in self.titles)

    @cached_property
    def folded_nobody(self) -> frozenset[str]:
        return frozenset(fold(one) for one in self.nobody)


class ListLimits(Value):
    """``people``: rows of one list. ``doubts``: how many of one kind are listed before the rest is only counted.

    ``letters``: characters of one cell that is read.
    """

    people: int = Field(default=100_000, ge=1)
    doubts: int = Field(default=200, ge=1)
    letters: int = Field(default=500, ge=50)


class ListRules(Value):
    """Everything a list is read by."""

    columns: dict[Column, ColumnRule]
    answers: Answers
    addresses: AddressRules
    domains: DomainRules = DomainRules()
    names: NameRules
    lists: ListLimits = ListLimits()

    @model_validator(mode="after")
    def _tells_columns_apart(self) -> Self:
        missing = [one.value for one in Column if one not in self.columns]
        if missing:
            raise ValueError(f"columns has no table for: {', '.join(missing)}")
        told: dict[str, Column] = {}
        for column, rule in self.columns.items():
            for word in rule.words:
                other = told.setdefault(compact(word), column)
                if other is not column:
                    raise ValueError(f"columns.{column} and columns.{other} are both known by “{word}”")
        return self

    def column_of(self, heading: str) -> Column | None:
        """The column that a heading names; None for one that is not ours. Case, spaces, punctuation and hints in brackets do not matter."""
        known = self._headings
        return known.get(compact(heading)) or known.get(compact(_BRACKETS.sub(" ", heading)))

    def is_heading(self, cells: Sequence[str]) -> bool:
        """Whether a row is the one with the headings: it names a name and at least one thing more."""
        found = {self.column_of(one) for one in cells if one} - {None}
        return len(found) > 1 and bool(found & {Column.NAME, Column.FIRST, Column.LAST})

    def title(self, column: Column) -> str:
        """What we call a column: the heading of our own blank list."""
        return self.columns[column].words[0]

    @cached_property
    def _headings(self) -> Mapping[str, Column]:
        return {compact(word): column for column, rule in self.columns.items() for word in rule.words}


def compact(text: str) -> str:
    """A heading without case, spaces and punctuation: “Post-code ” is “postcode”."""
    return fold(text).replace(" ", "")
