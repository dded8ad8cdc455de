"""Recommendations with their owners and deadlines (para 52 ii), from a table's cells or from the lines of a reply. Pure."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from mailbot.investigation import Recommendation
from mailbot.parse.dates import LONDON
from mailbot.parse.due import understand_due
from mailbot.parse.returned import ReturnProblem, Shortcoming

LONGEST_TEXT = 4_000
"""Characters kept of one recommendation."""
LONGEST_OWNER = 300
MOST_OWNER_WORDS = 4
MOST = 60
"""Recommendations; a report with more is none."""

_ADDRESS = re.compile(r"(?<![\w.+'-])[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_HEAD = re.compile(
    r"^\W*(?:recommendation|rec\b\.?|r(?=\s?\d))\s*(?:no\.?|number|#)?\s*(\d{1,2})\s*[:=.)–—-]\s*(\S.*)$", re.IGNORECASE
)
_BEGINS = r"(?:^|[,;.(\n]|\s[-–—]|(?<=\w)\s(?=owner\b[\s:]+\S+@))\s*(?:and\s+|the\s+)?"
_OWNER = re.compile(rf"{_BEGINS}(?:owner|owned by|responsible)\b\s*(?:is|will be|[:=–—-])?\s*", re.IGNORECASE)
_DUE = re.compile(
    r"[,;.(\n\s–—-]\s*(?:and\s+|to be\s+)?(?:(?P<said>due(?: date| on| by)?|deadline|(?:done|completed?|finished) by)|by|before|no later than)\b\s*(?:is|[:=])?\s*",
    re.IGNORECASE,
)
_NONE = re.compile(
    r"^\W*(?:none|nil|no recommendations?|not needed|not applicable|n/a)\b(.*)$", re.IGNORECASE | re.DOTALL
)
_BECAUSE = re.compile(
    r"^\W*(?:(?:are|is) (?:needed|made|necessary)\W*|(?:needed|required)\W*)?(?:because|as|since)?\b", re.IGNORECASE
)
_EDGES = " \t\n,;.()–—-"


class Written(NamedTuple):
    """One recommendation in the words in which it stands; each may be empty."""

    number: str
    what: str
    owner: str
    by_when: str


class Read(NamedTuple):
    """Recommendations understood, why there are none, and what to ask about."""

    recommendations: tuple[Recommendation, ...]
    none_because: str
    problems: tuple[ReturnProblem, ...]


def understand(rows: Sequence[Written], anchor: datetime, *, printed: bool = False) -> Read:
    """Each row as a recommendation with what it lacks. ``anchor`` (aware): when it was written.

    A row without a number, or with one that a row above has, is numbered on. ``printed``: the words come from a page,
    which may have broken an address in two.
    """
    find = whole_addresses_in if printed else addresses_in
    filled = [row for row in rows if row.what or row.owner or row.by_when][:MOST]
    none = _NONE.match(filled[0].what) if len(filled) == 1 and not (filled[0].owner or filled[0].by_when) else None
    if none:
        return _none(filled[0].what, none[1])
    numbered = list(zip(_numbered(filled), filled, strict=True))
    made = (_recommendation(number, row, find(row.owner), anchor) for number, row in numbered if row.what)
    problems = (one for number, row in numbered for one in _problems(number, row, find(row.owner), anchor))
    return Read(tuple(made), "", tuple(problems))


def read_recommendations(text: str, anchor: datetime) -> Read:
    """The lines ``Recommendation 1: …, owner x@council.example, by 12 December 2026`` of a reply's own words.

    A line without a beginning of its own carries the one above on; an empty line ends it. Nothing counts where no line
    names an owner or a day: somebody may be answering about recommendations. ``anchor`` (aware): when it was written.
    """
    rows = [_taken_apart(number, words, anchor) for number, words in _lines(text)]
    if not any(row.owner or row.by_when or addresses_in(row.what) for row in rows):
        return Read((), "", ())
    read = understand(rows, anchor)
    numbers = [row.number for row in rows]
    twice = (
        ReturnProblem(what=Shortcoming.SAME_NUMBER, number=int(one))
        for one in sorted(set(numbers))
        if numbers.count(one) > 1
    )
    return read._replace(problems=(*twice, *read.problems))


def addresses_in(text: str) -> tuple[str, ...]:
    """The email addresses in a text, in lower case, each once."""
    return tuple(dict.fromkeys(one.lower() for one in _ADDRESS.findall(text[:LONGEST_OWNER])))


def whole_addresses_in(text: str) -> tuple[str, ...]:
    """The addresses that no end of a line can have cut: one that stands alone, or between angle brackets."""
    inside = (said for said in re.findall(r"<([^<>]{3,120})>", text[:LONGEST_OWNER]) if "@" in said)
    alone = [text.strip()] if len(text.split()) == 1 else []
    found = ("".join(one.split()) for one in (*inside, *alone))
    return tuple(dict.fromkeys(address for one in found for address in addresses_in(one)))


def _none(words: str, after: str) -> Read:
    reason = _BECAUSE.sub("", after, count=1)
    problem = ReturnProblem(what=Shortcoming.NONE_WITHOUT_REASON)
    return Read((), words[:LONGEST_TEXT], () if any(sign.isalpha() for sign in reason) else (problem,))


def _numbered(rows: Iterable[Written]) -> list[int]:
    written = [int(row.number) if row.number.isdecimal() and 0 < int(row.number) < 100 else 0 for row in rows]  # noqa: PLR2004
    free = max(written, default=0) + 1
    numbers: list[int] = []
    for number in written:
        is_own = number and number not in numbers
        numbers.append(number if is_own else free)
        free += not is_own
    return numbers


def _recommendation(number: int, row: Written, owners: Sequence[str], anchor: datetime) -> Recommendation:
    return Recommendation(
        number=number,
        text=row.what[:LONGEST_TEXT],
        owner=owners[0] if len(owners) == 1 else "",
        owner_as_written=row.owner[:LONGEST_OWNER],
        due_on=understand_due(row.by_when, anchor),
    )


def _problems(number: int, row: Written, owners: Sequence[str], anchor: datetime) -> Iterable[ReturnProblem]:
    due_on, today = understand_due(row.by_when, anchor), anchor.astimezone(LONDON).date()
    lacks = {
        Shortcoming.TEXT_MISSING: not row.what,
        Shortcoming.OWNER_MISSING: not row.owner,
        Shortcoming.OWNER_WITHOUT_ADDRESS: bool(row.owner) and not owners,
        Shortcoming.SEVERAL_OWNERS: len(owners) > 1,
        Shortcoming.DUE_MISSING: not row.by_when,
        Shortcoming.DUE_NOT_UNDERSTOOD: bool(row.by_when) and due_on is None,
        Shortcoming.DUE_PASSED: due_on is not None and due_on < today,
    }
    return (ReturnProblem(what=what, number=number) for what, is_so in lacks.items() if is_so)


def _lines(text: str) -> list[tuple[str, str]]:
    """Each numbered line with the lines that carry it on."""
    found: list[tuple[str, str]] = []
    is_open = False
    for line in text.splitlines():
        head = _HEAD.match(line[:LONGEST_TEXT])
        if head:
            found.append((str(int(head[1])), head[2]))
        elif is_open and line.strip():
            number, words = found[-1]
            found[-1] = (number, f"{words}\n{line.strip()}"[:LONGEST_TEXT])
        is_open = bool(head) or (is_open and bool(line.strip()))
    return found[:MOST]


def _taken_apart(number: str, words: str, anchor: datetime) -> Written:
    """One line as its three parts; what is marked as none of the others is what should be done."""
    owner = _OWNER.search(words)
    due = _due_mark(words, owner, anchor)
    marks = sorted((mark for mark in (owner, due) if mark), key=lambda mark: mark.start())
    starts = [*(mark.start() for mark in marks), len(words)]
    parts = {mark: words[mark.end() : end].strip(_EDGES) for mark, end in zip(marks, starts[1:], strict=True)}
    what = words[: starts[0]].strip(" \t\n,;–—-")
    own = parts[owner] if owner else ""
    if not owner:
        what, own = _owner_at_the_end(what)
    return Written(number, what, own, parts[due] if due else "")


def _owner_at_the_end(what: str) -> tuple[str, str]:
    """What is to be done, and the owner: a last part that is an address with a name, and nothing more ("…, jo@council.example")."""
    before, comma, last = what.rpartition(",")
    is_owner = bool(comma) and len(last.split()) <= MOST_OWNER_WORDS and len(addresses_in(last)) == 1
    return (before.strip(_EDGES), last.strip(_EDGES)) if is_owner else (what, "")


def _due_mark(words: str, owner: re.Match[str] | None, anchor: datetime) -> re.Match[str] | None:
    """Where the deadline begins: the last "by" that a day follows ("by changing the template" is none), or plain words."""
    found = None
    for mark in _DUE.finditer(words):
        end = owner.start() if owner and owner.start() >= mark.end() else len(words)
        if mark["said"] or understand_due(words[mark.end() : end].strip(_EDGES), anchor):
            found = mark
    return found
