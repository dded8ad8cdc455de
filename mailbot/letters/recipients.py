"""The list of the people affected → who gets a letter, which rows are refused and why, what a person must look at (para 73).

Every row under the headings ends in exactly one of the two: it gives one ``Recipient``, or it is refused with every
reason against it. Nothing may be sent while one is refused. Pure: rows in, values out.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from mailbot.errors import ListError
from mailbot.letter import Recipient
from mailbot.letters.addresses import domain_meant
from mailbot.letters.columns import Layout, find_layout
from mailbot.letters.doubts import Doubt, Doubts, Kind
from mailbot.letters.names import is_garbled, mixes_alphabets, names_two, words_of
from mailbot.letters.person import Circumstances, Judge, Judged
from mailbot.letters.roll import Roll
from mailbot.letters.row import Refused
from mailbot.letters.rules import Column, ListRules
from mailbot.letters.table import NumberedRow, Rows

__all__ = ["Circumstances", "Doubt", "Listed", "Reading", "Refused", "read"]


class Listed(NamedTuple):
    """A list, read. ``refused`` may name a row several times, once for each reason; ``ignored``: columns that are not read.

    ``notes`` say what else of the file was not read. All in the order of the rows.
    """

    recipients: tuple[Recipient, ...]
    refused: tuple[Refused, ...]
    doubts: tuple[Doubt, ...]
    ignored: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def read(rows: Iterable[NumberedRow], rules: ListRules, given: Circumstances) -> Listed:
    """The whole list at once; ``Reading`` gives the same person by person.

    Raises ``ListError`` where there are no headings, a needed column lacks, nobody stands on the list or too many do.
    """
    reading = Reading(rows, rules, given)
    recipients: list[Recipient] = []
    refused: list[Refused] = []
    for entry in reading:
        if isinstance(entry, Recipient):
            recipients.append(entry)
        else:
            refused.append(entry)
    return Listed(tuple(recipients), tuple(refused), reading.doubts, reading.ignored, reading.notes)


class Reading:
    """A list while it is read: iterate once over what its rows give. ``doubts`` are known once that is done.

    Of a person who was given out it keeps only what tells people apart (``roll``).
    """

    def __init__(self, rows: Iterable[NumberedRow], rules: ListRules, given: Circumstances) -> None:
        self._source, self._rows = rows, iter(rows)
        self._rules = rules
        self._layout: Layout = find_layout(self._rows, rules)
        self._judge = Judge(self._layout, rules, given)
        self._roll, self._found = Roll(rules), Doubts(rules)
        self._meant = lru_cache(maxsize=4096)(lambda domain: domain_meant(domain, rules.domains))
        self.ignored = self._layout.ignored
        self.notes: tuple[str, ...] = tuple(rows.notes) if isinstance(rows, Rows) else ()
        self.doubts: tuple[Doubt, ...] = ()

    def __iter__(self) -> Iterator[Recipient | Refused]:
        number = 0
        for number, (row, cells) in enumerate(self._rows, start=1):
            if number > self._rules.lists.people:
                raise ListError(
                    f"Row {row}: the list holds more than {self._rules.lists.people:,} people. Split it, and give each part an approval of its own."
                )
            yield from self._judged(self._judge.read(row, cells))
        if number == 0:
            raise ListError("Nobody stands under the headings of the list.")
        self.doubts = tuple(self._all_doubts())

    def _judged(self, judged: Judged) -> Iterator[Recipient | Refused]:
        person = judged.person
        if person is None:
            yield from judged.refused
            return
        earlier = self._roll.enter(person, judged.born)
        if earlier is not None:
            column = self._layout.heading(Column.NAME, self._rules)
            problem = f"is the same person at the same address as row {earlier}"
            yield Refused(person.row, column, problem, "Delete one of the two rows.")
            return
        self._look_at(person, judged)
        yield person

    def _look_at(self, person: Recipient, judged: Judged) -> None:
        """Notes what may be wrong with a row by itself."""
        for name in filter(None, (person.name, person.addressee)):
            for kind in _odd(name):
                self._found.note(kind, person.row)
        if person.email:
            domain = person.email.rpartition("@")[2].lower()
            meant = self._meant(domain)
            if meant:
                self._found.note(Kind.DOMAIN, person.row, domain, meant)
        if judged.needs:
            self._found.note(Kind.NEEDS, person.row, judged.needs)
        for column in judged.unused:
            self._found.note(Kind.UNUSED_EMAIL if column is Column.EMAIL else Kind.UNUSED_POST, person.row)

    def _all_doubts(self) -> Iterator[Doubt]:
        if isinstance(self._source, Rows):
            yield from (Doubt((), warning) for warning in self._source.warnings)
            for row in self._source.hidden:
                self._found.note(Kind.HIDDEN, row)
        self._roll.compare(self._found)
        yield from self._found


def _odd(name: str) -> Iterator[Kind]:
    """What looks wrong with one name."""
    if is_garbled(name):
        yield Kind.GARBLED
    elif mixes_alphabets(name):
        yield Kind.MIXED
    if any(letter.isdecimal() for letter in name):
        yield Kind.DIGIT
    if names_two(name):
        yield Kind.TWO_PEOPLE
    elif "," in name:
        yield Kind.REVERSED
    elif len(words_of(name)) == 1:
        yield Kind.ONE_WORD
