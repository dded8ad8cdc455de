"""Everybody on a list beside everybody else: who stands there twice, and whose name or address could be another's. Pure.

Names are sorted and bucketed, never compared each with each: the time grows as the list does. Of a person it keeps
the folded name and a few numbers, about 400 bytes; no address.
"""

from array import array
from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import TypeVar

from mailbot.letter import Recipient
from mailbot.letters.cells import folded
from mailbot.letters.doubts import Doubts, Kind
from mailbot.letters.names import SHORTEST_NEAR, Name, is_near, shortened
from mailbot.letters.rules import ListRules

MOST_COMPARED = 20
"""Names one letter apart in the same place are compared with so many others at most: it bounds the work of a hostile list."""

_NOWHERE = 0
Pair = tuple[str, str]
"""First and last name, folded."""
Key = TypeVar("Key", int, Pair)


class Roll:
    """The people of one list, as far as telling them apart needs."""

    def __init__(self, rules: ListRules) -> None:
        self._titles = rules.names.folded_titles
        self._first_seen: dict[int, int] = {}
        self._names: list[Pair] = []
        self._words: dict[str, str] = {}
        self._rows = array("q")
        self._spelt, self._written_to, self._postal, self._email = array("q"), array("q"), array("q"), array("q")

    def enter(self, person: Recipient, born: date | None) -> int | None:
        """Takes a person in; the row in which the same person already stands at the same address, where there is one."""
        name = Name(person.name, self._titles)
        postal = hash(tuple(map(folded, person.lines))) or 1 if person.lines else _NOWHERE
        email = hash(person.email.casefold()) or 1 if person.email else _NOWHERE
        who = (name.words, person.child, folded(person.addressee), born)
        earlier = [self._earlier((who, place), person.row) for place in (postal, email) if place != _NOWHERE]
        twice = next((row for row in earlier if row is not None), None)
        if twice is None:
            self._rows.append(person.row)
            self._names.append((self._kept(name.first), self._kept(name.last)))
            self._spelt.append(hash(name.spelt))
            self._written_to.append(hash(folded(person.written_to)))
            self._postal.append(postal)
            self._email.append(email)
        return twice

    def compare(self, doubts: Doubts) -> None:
        """Finds everybody who could be taken for somebody else."""
        self._places(self._email, Kind.SAME_EMAIL, doubts)
        alike = dict(_grouped(self._names))
        for members in alike.values():
            if len(members) > 1:
                doubts.add(self._same_name(members), self._numbers(members))
        self._near(alike, 0, doubts)
        self._near(alike, 1, doubts)
        for name, members in alike.items():
            other = (name[1], name[0])
            if name < other and other in alike:
                doubts.add(Kind.SWAPPED, self._numbers([*members, *alike[other]]))
        self._places(self._postal, Kind.SAME_ADDRESS, doubts)

    def _earlier(self, who: Hashable, row: int) -> int | None:
        first = self._first_seen.setdefault(hash(who), row)
        return first if first != row else None

    def _kept(self, word: str) -> str:
        """One copy of a word for all who have it."""
        return self._words.setdefault(word, word)

    def _places(self, places: Sequence[int], kind: Kind, doubts: Doubts) -> None:
        shared = [members for place, members in _grouped(places) if place != _NOWHERE and len(members) > 1]
        for members in sorted(shared):
            if len({self._written_to[one] for one in members}) > 1:
                doubts.add(kind, self._numbers(members))

    def _same_name(self, members: Sequence[int]) -> Kind:
        if len({self._spelt[one] for one in members}) > 1:
            return Kind.LOOKS_SAME
        return Kind.ONE_TWICE if self._share_a_place(members) else Kind.SAME_NAME

    def _near(self, alike: dict[Pair, list[int]], part: int, doubts: Doubts) -> None:
        """Names that agree in the other part and differ by one letter in this one."""
        order = sorted(alike, key=lambda name: (name[1 - part], name[part]))
        for _, bucket in groupby(order, key=lambda name: name[1 - part]):
            names = list(bucket)
            for one, other in _near_pairs(names, part) if len(names) > 1 else ():
                kind = Kind.NEAR_TWICE if self._meet(alike[one], alike[other]) else Kind.NEAR_NAME
                doubts.add(kind, self._numbers([*alike[one], *alike[other]]))

    def _share_a_place(self, members: Sequence[int]) -> bool:
        """Whether two of these people have one address."""
        for places in (self._postal, self._email):
            known = [places[one] for one in members if places[one] != _NOWHERE]
            if len(set(known)) < len(known):
                return True
        return False

    def _meet(self, some: Sequence[int], others: Sequence[int]) -> bool:
        """Whether one of some has the address of one of the others."""
        return any(
            not ({places[one] for one in some} - {_NOWHERE}).isdisjoint(places[one] for one in others)
            for places in (self._postal, self._email)
        )

    def _numbers(self, members: Iterable[int]) -> list[int]:
        return [self._rows[one] for one in members]


def _grouped(keys: Sequence[Key]) -> Iterator[tuple[Key, list[int]]]:
    """Places with the same key, together."""
    order = sorted(range(len(keys)), key=keys.__getitem__)
    return ((key, list(members)) for key, members in groupby(order, key=keys.__getitem__))


def _near_pairs(names: Sequence[Pair], part: int) -> Iterator[tuple[Pair, Pair]]:
    """Pairs of which one part differs by a letter, found by what is left of it without one."""
    seen: dict[str, list[int]] = {}
    for at, name in enumerate(names):
        word = name[part]
        if len(word) < SHORTEST_NEAR - 1 or not word.isalpha():
            continue
        compared: set[int] = set()
        for variant in dict.fromkeys(shortened(word)):
            others = seen.setdefault(variant, [])
            for other in others[-MOST_COMPARED:]:
                if other not in compared and is_near(names[other][part], word):
                    yield names[other], name
                compared.add(other)
            others.append(at)
