"""A reply taken apart: what it decides of which numbers, with the reasons, and the words that decide nothing. Pure.

Read from left to right. A decision counts only where it stands by itself: before a punctuation mark, a reason, an
exception, a courtesy or the next decision. Whatever else is said is a ``Remark``, for ``rulings`` to judge.
"""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from mailbot.procedure.ruling_numbers import Targets, last_item, mentioned_in, numbers_in, read_targets
from mailbot.procedure.ruling_phrases import NEGATIVE, Phrases, is_closing, phrases_of
from mailbot.procedure.ruling_words import RulingWords

_SKIPPED = re.compile(r"(?:[\s,;.:!*•·\"“”…()–—-]|(?:and|then|also|so)\b(?=\s))*+", re.IGNORECASE)
_CONTRAST = re.compile(r"(?:but|however|although|though|whereas|only)\b", re.IGNORECASE)
_PART_ENDS = re.compile(r"[,;!?\n()]|[.:](?=\s|$)|\s[-–—]\s|\s(?=but\b)", re.IGNORECASE)
_SENTENCE_ENDS = re.compile(r"[;!?\n]|\.(?=\s|$)")
_EDGES = " \n\t,;:.!()–—-…"


class Clause(NamedTuple):
    """One decision. ``introduced``: its reason is given as one ("because"). ``against``: said as an exception from
    what is said of all. ``in_passing``: by a word that people also say without deciding anything ("ok").
    """

    targets: Targets
    accepts: bool
    words: str
    reason: str = ""
    introduced: bool = False
    against: bool = False
    in_passing: bool = False


class Remark(NamedTuple):
    """Words that decide nothing by themselves. ``contrast``: they begin with "but"; ``asks``: they are a question."""

    words: str
    contrast: bool
    asks: bool


class Clauses(NamedTuple):
    """What was found in a reply, in the order of its words."""

    decided: tuple[Clause, ...]
    remarks: tuple[Remark, ...]


def read_clauses(text: str, words: RulingWords, most_remarks: int) -> Clauses:
    """The decisions and remarks of a text whose spaces are single, read no further than one remark too many."""
    reader = _Reader(text, words, phrases_of(words), most_remarks)
    reader.read()
    return Clauses(tuple(reader.decided), tuple(reader.remarks))


@dataclass
class _Reader:
    """A place in the text, and what was found before it."""

    text: str
    table: RulingWords
    phrases: Phrases
    most_remarks: int
    at: int = 0
    decided: list[Clause] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def read(self) -> None:
        while len(self.remarks) <= self.most_remarks:
            self.at = self._behind_marks(self.at)
            contrast = _CONTRAST.match(self.text, self.at)
            if contrast:
                self.at = self._behind_marks(contrast.end())
            if self.at >= len(self.text):
                return
            self._step(contrast=contrast is not None)

    def _step(self, *, contrast: bool) -> None:
        ruling = self._ruling_at(self.at)
        aside = self._aside_at(self.at)
        if ruling:
            self._take(ruling, contrast=contrast)
        elif aside:
            self.at = aside.end()
        elif is_closing(self.text[self.at :], self.phrases, self.table):
            self.at = len(self.text)
        else:
            self._take_remark(contrast=contrast)

    def _behind_marks(self, at: int) -> int:
        skipped = _SKIPPED.match(self.text, at)
        return skipped.end() if skipped else at

    def _ruling_at(self, at: int) -> re.Match[str] | None:
        """A decision that begins here and stands by itself."""
        for pattern in (self.phrases.labelled, self.phrases.led, self.phrases.bare):
            match = pattern.match(self.text, at)
            if match and self._accepts(match) is not None and self._ends_well(match.end()):
                return match
        return None

    def _aside_at(self, at: int) -> re.Match[str] | None:
        greeting = self.phrases.greeting.match(self.text) if at == 0 else None
        match = greeting or self.phrases.courtesy.match(self.text, at) or self.phrases.harmless.match(self.text, at)
        return match if match and not self._is_asked(match.end()) else None

    def _ends_well(self, at: int) -> bool:
        return self.phrases.ends.match(self.text, at) is not None and not self._is_asked(at)

    def _is_asked(self, at: int) -> bool:
        return self.text[at : at + 8].lstrip(_EDGES).startswith("?")

    def _accepts(self, match: re.Match[str]) -> bool | None:
        """Whether the words accept; None where a negation leaves that open."""
        verb = " ".join(match["verb"].lower().split())
        if match["not"]:
            return False if verb in self.table.accept and self.table.reject else None
        return verb in (*self.table.accept, *self.table.assent, *self.table.accept_marks)

    def _take(self, match: re.Match[str], *, contrast: bool) -> None:
        groups = match.groupdict()
        named = groups.get("targets") or ""
        accepts = bool(self._accepts(match))
        clause = Clause(
            read_targets(named),
            accepts,
            match.group().strip(),
            against=contrast,
            in_passing=match["verb"].lower() in self.table.assent,
        )
        self.at = match.end()
        if match.re is self.phrases.led and self._judged_again(named):
            self.decided.append(clause)
            return
        without = numbers_in(groups.get("without") or "") + self._excepted(accepts=accepts)
        if groups.get("without") and accepts:
            out = Clause(read_targets(groups["without"]), accepts=False, words=clause.words, against=True)
            self.decided.append(out)
        self.decided.append(self._reasoned(clause._replace(targets=clause.targets._replace(without=without))))

    def _judged_again(self, named: str) -> bool:
        """The last number of "accept 1, 2 reject" has two verbs, and neither reading is chosen."""
        again = self.phrases.judged_again.match(self.text, self.at)
        if not again or not read_targets(named).numbers or not self._ends_well(again.end()):
            return False
        accepts = self._accepts(again)
        if accepts is None:
            return False
        self.at = again.end()
        self.decided.append(self._reasoned(Clause(read_targets(last_item(named)), accepts, again.group().strip())))
        return True

    def _excepted(self, *, accepts: bool) -> tuple[int, ...]:
        """The numbers behind "except", taken out of an acceptance as rejected, and out of a rejection as left open."""
        match = self.phrases.exception.match(self.text, self.at)
        if not match:
            return ()
        rejects = match["tail"] and self._accepts(match) is False and self._ends_well(match.end())
        end = match.end() if rejects else match.end("targets")
        if not self._ends_well(end):
            return ()
        self.at = end
        if accepts:
            said = Clause(read_targets(match["targets"]), accepts=False, words=match.group().strip(), against=True)
            self.decided.append(self._reasoned(said))
        return numbers_in(match["targets"])

    def _reasoned(self, clause: Clause) -> Clause:
        """The clause with the reason that stands behind it: after "because", or after a rejection anything at all."""
        because = self.phrases.because.match(self.text, self.at)
        start = because.end() if because else self._behind_marks(self.at)
        end = self._reason_end(start, clause)
        if not because and (clause.accepts or start >= end or self._is_other(start, clause, end)):
            return clause
        self.at = end
        words = " ".join(self.text[start:end].split()).strip(_EDGES)
        return clause._replace(reason=words, introduced=because is not None)

    def _reason_end(self, start: int, clause: Clause) -> int:
        for mark in self.phrases.reason_parts.finditer(self.text, start):
            at = self._behind_marks(mark.end())
            joined = mark.group().strip().lower() == "and"
            if self._ends_reason(
                at, clause, joined=joined, sentence=bool(_SENTENCE_ENDS.match(self.text, mark.start()))
            ):
                return mark.start()
        return len(self.text)

    def _ends_reason(self, at: int, clause: Clause, *, joined: bool, sentence: bool) -> bool:
        """Behind a mere "and" a decision must lead with its verb: "because 1 and 2 accepted" is all reason."""
        contrast = _CONTRAST.match(self.text, at)
        ruling = self._ruling_at(self._behind_marks(contrast.end()) if contrast else at)
        if ruling and ruling.groupdict().get("targets") and (ruling.re is self.phrases.led or not joined):
            return True
        return sentence and self._is_other(at, clause, len(self.text))

    def _is_other(self, at: int, clause: Clause, limit: int) -> bool:
        """Whether the sentence that begins here is no reason: a courtesy, a question, a name, or about other numbers."""
        end = _SENTENCE_ENDS.search(self.text, at, limit)
        sentence = self.text[at : end.start() if end else limit]
        if self._aside_at(at) or _CONTRAST.match(sentence) or self._ruling_at(at):
            return True
        if (end and end.group() == "?") or is_closing(self.text[at:], self.phrases, self.table):
            return True
        others = mentioned_in(sentence) - set(clause.targets.numbers)
        return bool(others) and bool(self.phrases.verbs.search(sentence) or NEGATIVE.search(sentence))

    def _take_remark(self, *, contrast: bool) -> None:
        end = _PART_ENDS.search(self.text, self.at)
        stop = end.start() if end else len(self.text)
        self.remarks.append(Remark(self.text[self.at : stop].strip(), contrast, self._is_asked(stop)))
        self.at = end.end() if end else stop
