"""Parts a reply that answers several requests: which line is about which incident. Pure text, nothing is guessed.

A line that begins with one or more references is about those. A reference alone on its line stands above the answers
that follow, up to the next one. A line that names none is about nothing here: it is asked again.
"""

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from mailbot.parse.answers import read_answers
from mailbot.terms import Reference, references_in

MOST_LINES = 1000
SIGNED = "by"

_JOINED = r"(?:\s*(?:,|;|/|&|\+|and)\s*)+"
_BEFORE = r"[\s>*_•-]*(?:\d{1,2}[.)]\s*)?(?:(?:re|for|about|on|incident|reference|ref)\b[\s:.]*)*[\[(*_]*"


class Parted(NamedTuple):
    """The words about each incident, and the answers that name none, or one that the digest did not ask about."""

    about: dict[Reference, str]
    unplaced: str = ""


def part(reply: str, listed: Sequence[Reference], prefix: str, naming: Collection[str] = ()) -> Parted:
    """The words of a reply by the incidents that its digest asked about (``listed``, one at least).

    Where that is only one, everything is about it that names no other. ``naming``: the keys whose answers themselves
    name another incident ("duplicate of"). A line "By: …" signs every part. Each answer stands in the parts of the
    references it was given, or in ``unplaced``: never in both, and in no other.
    """
    parting = _Parting(listed, prefix, naming)
    for line in reply.splitlines()[:MOST_LINES]:
        parting.take(line)
    return parting.parted()


class _Parting:
    def __init__(self, listed: Sequence[Reference], prefix: str, naming: Collection[str]) -> None:
        reference = rf"{re.escape(prefix)}[ -]?20\d\d\d{{3,6}}\b"
        self._lead = re.compile(rf"{_BEFORE}({reference}(?:{_JOINED}{reference})*)(.*)$", re.IGNORECASE)
        self._listed, self._prefix, self._naming = tuple(listed), prefix, naming
        self._home: tuple[Reference, ...] = self._listed if len(self._listed) == 1 else ()
        self._now: tuple[Reference, ...] = self._home
        self._is_heading = True
        self._about: dict[Reference, list[str]] = {}
        self._signed: list[str] = []
        self._unplaced: list[str] = []
        self._loose: list[str] = []

    def take(self, line: str) -> None:
        found = self._lead.match(line)
        if found:
            self._begin(self._named(found[1]), found[2].lstrip(" \t:;,.)]*_–—-"))
        else:
            self._go_on(line)

    def parted(self) -> Parted:
        about = {one: "\n".join((*lines, *self._signed)).strip() for one, lines in self._about.items()}
        about = {one: words for one, words in about.items() if words}
        unplaced = self._unplaced if about else (self._unplaced or self._loose)
        return Parted(about, "\n".join(unplaced).strip())

    def _begin(self, named: tuple[Reference, ...], rest: str) -> None:
        """A line that begins with references: with words behind them it speaks for itself, alone it is a heading."""
        known = all(one in self._listed for one in named)
        self._now, self._is_heading = (named if known else ()), not rest
        if not known and rest:
            self._unplaced.append(rest)
        elif rest:
            self._put(rest)

    def _go_on(self, line: str) -> None:
        answers = read_answers(line)
        if any(one.key == SIGNED for one in answers):
            self._signed.append(line)
            return
        if not (line.strip() or self._is_heading):
            self._now = self._home
        if answers and not self._is_heading:
            # It stands below an answer that named its incident and names none itself.
            self._now = self._home
        if answers and (not self._now or self._names_another(line, answers[0].key)):
            self._unplaced.append(line)
        elif self._now:
            self._put(line)
        elif line.strip():
            self._loose.append(line)

    def _names_another(self, line: str, key: str) -> bool:
        if key in self._naming:
            return False
        return any(one in self._listed and one not in self._now for one in references_in(line, self._prefix))

    def _put(self, line: str) -> None:
        for one in self._now:
            self._about.setdefault(one, []).append(line)

    def _named(self, text: str) -> tuple[Reference, ...]:
        return references_in(re.sub(r"(?<=[A-Za-z])[ -](?=20)", "", text), self._prefix)
