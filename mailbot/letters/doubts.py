"""What a person must look at before letters go: rows that may be wrong, and may be right. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from mailbot.letters.rules import ListRules

NAMED_ROWS = 10


class Doubt(NamedTuple):
    """``rows`` as the list numbers them, and what may be wrong; none where it is about the whole list."""

    rows: tuple[int, ...]
    problem: str


class Kind(StrEnum):
    """The kinds of doubt, gravest first; the value is its wording, with the rows and perhaps a word of the list's own."""

    HIDDEN = "{Rows} hidden in the spreadsheet, perhaps by a filter. Everybody in them gets a letter unless you delete the rows."
    LOOKS_SAME = "{Rows} names that look the same and are spelt with different letters, accents or another alphabet. One person, or two?"
    ONE_TWICE = "{Rows} the same name at the same address. One person twice, or two of one family?"
    NEAR_TWICE = "{Rows} nearly the same name at the same address. One person twice, misspelt?"
    SAME_EMAIL = "{Rows} the same email address for different people. One household, or a mistake? Each can open the others’ letters."
    SAME_NAME = "{Rows} the same name at different addresses. Two people, or one whose address is wrong in one row?"
    NEAR_NAME = "{Rows} nearly the same name at different addresses. Is each address the right person’s?"
    SWAPPED = "{Rows} the same two names the other way round. One person, or two?"
    GARBLED = "{Rows} a name in which letters were garbled on the way (such as “ZoÃ«” for “Zoë”). Save the list anew as “CSV UTF-8”."
    MIXED = "{Rows} a name that mixes Latin letters with others that look like them. Type it afresh."
    DIGIT = "{Rows} a name with a figure in it. Is it a letter mistyped?"
    TWO_PEOPLE = "{Rows} a name that seems to be two people’s. Each person gets a letter of their own: give each a row."
    REVERSED = "{Rows} a name with a comma. The letter prints it as it stands: put the first name first."
    ONE_WORD = "{Rows} a name of one word. Is the other name missing?"
    DOMAIN = "{Rows} an email address at {word}. Is {meant} meant?"
    NEEDS = "{Rows} a note on language or needs: “{word}”. Somebody must see to it before the letters go."
    UNUSED_EMAIL = "{Rows} an email address that cannot be right. It is not used: the letter goes by post."
    UNUSED_POST = "{Rows} a postal address that cannot be used. It is not needed: the letter goes by email."
    SAME_ADDRESS = "{Rows} the same postal address for different people. One household?"


class Doubts:
    """Doubts as they are found, at most so many of one kind; the rest is told in one line."""

    def __init__(self, rules: ListRules) -> None:
        self._most, self._domains = rules.lists.doubts, rules.domains
        self._together: dict[tuple[Kind, str, str], list[int]] = {}
        self._noted: Counter[Kind] = Counter()
        self._apart: dict[Kind, list[tuple[int, ...]]] = {}
        self._more: set[Kind] = set()

    def note(self, kind: Kind, row: int, word: str = "", meant: str = "") -> None:
        """A doubt about one row; rows with the same doubt and the same word are told together."""
        key = (kind, word, meant)
        if key not in self._together:
            if self._noted[kind] == self._most:
                self._more.add(kind)
                return
            self._noted[kind] += 1
            self._together[key] = []
        self._together[key].append(row)

    def add(self, kind: Kind, rows: Sequence[int]) -> None:
        """A doubt about rows that belong together."""
        listed = self._apart.setdefault(kind, [])
        if len(listed) < self._most:
            listed.append(tuple(sorted(rows)))
        else:
            self._more.add(kind)

    def __iter__(self) -> Iterator[Doubt]:
        """All of them, gravest kind first, and in the order of their first rows."""
        for kind in Kind:
            found = [
                Doubt(tuple(rows), _worded(kind, rows, word, meant))
                for (one, word, meant), rows in self._together.items()
                if one is kind
            ]
            found += [Doubt(rows, _worded(kind, rows)) for rows in self._apart.get(kind, ())]
            yield from sorted(found)
            if kind in self._more:
                yield Doubt((), f"There are more like the last {self._most}: they are not listed one by one.")


def named(rows: Sequence[int]) -> str:
    """``row 3``, ``rows 3 and 9``, ``rows 3, 4, 5 … and 88 more``."""
    if len(rows) == 1:
        return f"row {rows[0]}"
    shown = [str(one) for one in rows[:NAMED_ROWS]]
    if len(rows) > NAMED_ROWS:
        return f"rows {', '.join(shown)} and {len(rows) - NAMED_ROWS} more"
    return f"rows {', '.join(shown[:-1])} and {shown[-1]}"


def _worded(kind: Kind, rows: Sequence[int], word: str = "", meant: str = "") -> str:
    one = len(rows) == 1
    verb = ("is" if one else "are") if kind is Kind.HIDDEN else "has" if one else "have"
    subject = f"{named(rows)[0].upper()}{named(rows)[1:]} {verb}"
    return kind.value.format(Rows=subject, word=word, meant=meant)
