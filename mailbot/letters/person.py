"""One row of the list → one person who gets a letter, or everything that is wrong with it (para 73). Pure."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from mailbot.letter import Channel, Confirmed, Recipient
from mailbot.letters.cells import folded, is_under_18
from mailbot.letters.columns import Layout
from mailbot.letters.names import words_of
from mailbot.letters.row import Refused, Row
from mailbot.letters.rules import Column, ListRules, compact
from mailbot.letters.way import way_to
from mailbot.value import Value

OLDEST = 120
"""Years: a date of birth before that is a slip of the pen."""

_TELLING = 6
"""Letters from which the name of a system is found inside another word, too: LiquidLogic, Liquid Logic."""


class Circumstances(Value):
    """What a list is judged by: the date ``on`` which it is read, when the incident ``happened_on`` (None: not known).

    ``at_fault``: words for the record that was wrong, such as its system's name. ``own_addresses``: the council's mailboxes.
    """

    on: date
    happened_on: date | None = None
    at_fault: tuple[str, ...] = ()
    own_addresses: tuple[str, ...] = ()


class Judged(NamedTuple):
    """A row, read. ``person`` is None exactly where something was ``refused``.

    ``unused``: columns with an address that is wrong and not needed. ``born`` and ``needs`` are no part of a letter.
    """

    refused: tuple[Refused, ...]
    person: Recipient | None = None
    unused: tuple[Column, ...] = ()
    born: date | None = None
    needs: str = ""


class Judge:
    """Reads the rows of one list. It holds what they share; a row leaves nothing behind for the next."""

    def __init__(self, layout: Layout, rules: ListRules, given: Circumstances) -> None:
        self._layout, self._rules, self._given = layout, rules, given
        self._own = frozenset(one.strip().casefold() for one in given.own_addresses)
        self._at_fault = tuple(one for one in map(folded, given.at_fault) if one)
        self._confirmation = lru_cache(maxsize=1024)(_confirmation)

    def read(self, number: int, cells: Sequence[str]) -> Judged:
        """The person of a row, or every reason against it."""
        row = Row(number, cells, self._layout, self._rules)
        if row.said(Column.NAME).casefold().startswith(self._rules.names.example.casefold()):
            return Judged((Refused(number, *_example(row)),))
        name = _name(row)
        born = self._born(row)
        child = self._child(row, born)
        addressee = _addressee(row, name, child=child)
        way = way_to(row, addressee or name, self._own)
        confirmed = None if way.channel is Channel.TELEPHONE else self._confirmed(row)
        told_on = self._past(row, Column.TOLD_ON)
        if row.refused:
            return Judged(tuple(row.refused))
        person = Recipient(
            row=number,
            name=name,
            addressee=addressee,
            because=row.said(Column.BECAUSE) if addressee else "",
            child=child,
            lines=way.lines,
            email=way.email,
            channel=way.channel,
            data=_parts(row.said(Column.DATA)),
            confirmed=confirmed,
            told_on=told_on,
            told_by=row.said(Column.TOLD_BY),
        )
        return Judged((), person, way.unused, born, row.said(Column.NEEDS))

    def _born(self, row: Row) -> date | None:
        born, on = row.day(Column.BORN), self._given.on
        if born and not (on.year - OLDEST <= born.year and born <= on):
            row.refuse(Column.BORN, ("cannot be right: nobody alive was born then", "Correct the date."))
            return None
        return born

    def _child(self, row: Row, born: date | None) -> bool:
        said = row.said(Column.CHILD)
        truth = self._rules.answers.truths.get(folded(said))
        if said and truth is None:
            row.refuse(Column.CHILD, ("is neither yes nor no", "Write yes or no."))
        if born is None:
            return bool(truth)
        by_age = is_under_18(born, self._given.on)
        if truth is not None and truth is not by_age:
            age = "under 18" if by_age else "18 or older"
            row.refuse(Column.CHILD, (f"does not fit the date of birth: they are {age}", "Correct one of the two."))
        return by_age

    def _confirmed(self, row: Row) -> Confirmed | None:
        for column in (Column.CONFIRMED_BY, Column.CONFIRMED_ON, Column.SOURCE):
            row.refuse_empty(
                column, ("is empty", "Say who confirmed the address, when, and from which source (para 73).")
            )
        on, source = self._past(row, Column.CONFIRMED_ON), row.said(Column.SOURCE)
        if source and self._is_at_fault(source):
            row.refuse(
                Column.SOURCE, ("is the record that was wrong", "Confirm the address from another source (para 73).")
            )
        by = row.said(Column.CONFIRMED_BY)
        return self._confirmation(by, on, source) if by and on and source else None

    def _is_at_fault(self, source: str) -> bool:
        said, close = f" {folded(source)} ", compact(source)
        return any(
            f" {one} " in said or (len(one) >= _TELLING and one.replace(" ", "") in close) for one in self._at_fault
        )

    def _past(self, row: Row, column: Column) -> date | None:
        """A date that lies neither after the list nor before the incident."""
        day, given = row.day(column), self._given
        if day and day > given.on:
            row.refuse(column, ("lies in the future", "Correct the date."))
        elif day and given.happened_on and day < given.happened_on:
            row.refuse(
                column,
                ("lies before the incident", "Correct the date, or do it again: what was right then may be wrong now."),
            )
        return day


def _example(row: Row) -> tuple[str, str, str]:
    return row.layout.heading(Column.NAME, row.rules), "is the example of the blank list", "Delete this row."


def _name(row: Row) -> str:
    whole = row.said(Column.NAME)
    parts = (whole,) if whole else (row.said(Column.FIRST), row.said(Column.LAST))
    name = " ".join(one for one in parts if one)
    if not row.is_bad(Column.NAME, Column.FIRST, Column.LAST):
        in_parts = not whole and Column.LAST in row.layout.at
        _must_name_somebody(row, Column.LAST if in_parts else Column.NAME, name)
        for column in (Column.FIRST, Column.LAST) if in_parts and name else ():
            row.refuse_empty(column, ("is empty", "Fill in first and last name."))
    title = row.said(Column.TITLE)
    return name if not title or folded(name).startswith(f"{folded(title)} ") else f"{title} {name}"


def _must_name_somebody(row: Row, column: Column, name: str) -> None:
    rules = row.rules.names
    words = [word for word in words_of(name) if word.casefold() not in rules.folded_titles]
    if not words:
        row.refuse(column, ("is empty", "Fill in the name, or delete the row."))
    elif folded(name) in rules.folded_nobody or not any(letter.isalpha() for letter in name):
        row.refuse(column, ("names nobody", "Find out the name, or delete the row."))


def _addressee(row: Row, name: str, *, child: bool) -> str:
    addressee = row.said(Column.ADDRESSEE)
    whom = "Name the parent or carer who may have the letter."
    if addressee:
        _must_name_somebody(row, Column.ADDRESSEE, addressee)
    if child:
        row.refuse_empty(Column.ADDRESSEE, ("is empty, and the person is under 18", whom))
    if child and addressee and folded(addressee) == folded(name):
        row.refuse(Column.ADDRESSEE, ("is the child", whom))
    if child or addressee:
        why = "Write why this person may have it, and who said so."
        row.refuse_empty(Column.BECAUSE, ("is empty, and the letter goes to somebody else", why))
    return addressee


def _confirmation(by: str, on: date, source: str) -> Confirmed:
    return Confirmed(by=by, on=on, source=source)


def _parts(text: str) -> tuple[str, ...]:
    return tuple(bare for line in text.split("\n") for one in line.split(";") if (bare := one.strip()))
