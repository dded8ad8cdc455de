"""Labelled lines: ``Label: answer``, answers on the following lines, a question and its answer below.

The same reading serves the body of a mail, the paragraphs of a document and the lines of a flat PDF.
"""

import re
from collections.abc import Sequence
from itertools import islice

from mailbot.parse.lines import Line, Pairing, looks_asked, plain_line
from mailbot.parse.reading import Row
from mailbot.parse.rules import FormRules
from mailbot.parse.wording import LabelMatch, fold, fold_label

SURE = 0.9
"""From this score on, a label is taken as read; below, the answer is marked doubtful."""
LIKELY = 0.7
"""Below this score a label is not taken for the field's."""

MOST_LINES = 2_000
_MOST_SPLITS = 6
_WRAPPED_LINES = 4
_EXACT = 0.97
_SHORT_ANSWER = 2
_LONGEST_HEAD = 160
_SEPARATOR = re.compile(r"[:?\t=]|\s[-–—]\s|\s{3,}")
_SECTION = re.compile(r"^(?:section|part)\s+(?:\d{1,2}|[a-z])\b", re.IGNORECASE)


def match_label(label: str, section: str, rules: FormRules) -> LabelMatch:
    """The field a label asks for; a label that means nothing alone ("Name") is read together with its heading."""
    if section and fold(label) in rules.folded_generic:
        together = rules.labels.match(f"{section} {label}")
        if together.score >= LIKELY:
            return together
    found = rules.labels.match(label)
    return found if found.score >= LIKELY else LabelMatch("", found.score)


def pair_lines(lines: Sequence[Line], rules: FormRules, *, is_form: bool) -> Pairing:
    """Reads labelled lines in order.

    In a document (``is_form``) a line such as ``Asset tag: 4711`` is a question even where no wording fits it, and an
    answer may have several paragraphs; in a mail only known questions count, and the signature ends an answer.
    """
    return _Pairer(rules, is_form=is_form).read(lines[:MOST_LINES])


class _Pairer:
    """The state of one reading: the question whose answer is being collected, and what was read before."""

    def __init__(self, rules: FormRules, *, is_form: bool) -> None:
        self._rules, self._is_form = rules, is_form
        self._rows: list[Row] = []
        self._loose: list[str] = []
        self._open: Row | None = None
        self._answer: list[str] = []
        self._section = ""

    def read(self, lines: Sequence[Line]) -> Pairing:
        position = 0
        while position < len(lines):
            position += self._read_at(lines, position)
        self._close()
        return Pairing(rows=tuple(self._rows), loose=tuple(self._loose))

    def _read_at(self, lines: Sequence[Line], position: int) -> int:
        """Reads the line at a position and says how many lines it took."""
        line = lines[position]
        text = plain_line(line.text)
        if not text:
            self._blank()
        elif self._is_sign_off(text):
            self._close()
            self._loose.append(text)
        elif line.control in self._rules.fields:
            self._controlled(line, text)
        elif self._is_heading(text, line):
            self._close()
            self._section = text
        elif taken := self._spanning_question(lines, position):
            return taken
        elif question := self._question(text, line):
            return self._asked(question, lines, position)
        elif taken := self._wrapped_question(lines, position):
            return taken
        else:
            self._continue(text)
        return 1

    def _question(self, text: str, line: Line) -> tuple[Row, str] | None:
        """A line that asks something: the question, and what stands behind it on the same line."""
        head, tail, match = self._split(text)
        if not match.name and not (self._is_form and looks_asked(head, tail)):
            return None
        row = Row(
            label=head,
            answer="",
            source=line.source,
            field=match.name,
            confidence=_confidence(match),
            section=self._section,
        )
        return row, tail

    def _split(self, text: str) -> tuple[str, str, LabelMatch]:
        """Where the label ends: the split that fits a known wording best, else the first colon."""
        first_line, _, below = text.partition("\n")
        best = (first_line, below, self._whole(first_line))
        for mark in islice(_SEPARATOR.finditer(first_line[:_LONGEST_HEAD]), _MOST_SPLITS):
            head = first_line[: mark.end()].rstrip(" \t:=-–—")
            match = match_label(head, self._section, self._rules)
            if match.name and match.score >= best[2].score:
                best = (head, f"{first_line[mark.end() :].strip()}\n{below}".strip(), match)
        if best[2].name:
            return best
        head, colon, tail = first_line.partition(":")
        return (head.strip(), f"{tail.strip()}\n{below}".strip(), best[2]) if colon else best

    def _whole(self, text: str) -> LabelMatch:
        """A whole line counts as a label only where it is written exactly so: a story may use the same words."""
        match = match_label(text, self._section, self._rules)
        asks = text.endswith((":", "?")) or (self._is_form and not self._awaits(text) and not self._goes_on(text))
        return match if asks and match.score >= SURE else LabelMatch("", 0.0)

    def _goes_on(self, text: str) -> bool:
        """Whether a line in small letters goes on with the answer above it, as print breaks it."""
        return bool(self._answer) and text[:1].islower()

    def _awaits(self, text: str) -> bool:
        """Whether a word or two right below a question are its answer, though they might be a label ("Email")."""
        return (
            self._open is not None
            and not self._answer
            and self._open.label.endswith((":", "?"))
            and len(text.split()) <= _SHORT_ANSWER
        )

    def _asked(self, question: tuple[Row, str], lines: Sequence[Line], position: int) -> int:
        """A question found; its label may go on in the next lines, as a flat PDF breaks it."""
        row, answer = question
        for count in range(_WRAPPED_LINES, 1, -1) if self._is_form and row.field and not answer else ():
            label, match = self._joined(lines, position, count)
            if match.name == row.field and match.score >= _EXACT:
                self._start(row.but(label=label, confidence=_confidence(match)), "")
                return count
        self._start(row, answer)
        return 1

    def _spanning_question(self, lines: Sequence[Line], position: int) -> int:
        """A label broken over lines with its answer behind its last one; says how many lines it took."""
        first = lines[position].text.strip()
        for count in range(_WRAPPED_LINES, 1, -1) if self._is_form else ():
            texts = [line.text.strip() for line in lines[position : position + count]]
            head, tail, match = self._split(" ".join(texts)) if all(texts) else ("", "", LabelMatch("", 0.0))
            if match.score >= _EXACT and tail and len(" ".join(texts[:-1])) < len(head) and len(head) > len(first):
                asked = Row(
                    label=head, answer="", source=lines[position].source, field=match.name, section=self._section
                )
                self._start(asked.but(confidence=_confidence(match)), tail)
                return count
        return 0

    def _wrapped_question(self, lines: Sequence[Line], position: int) -> int:
        """A label that is known only once its lines are put together; says how many lines it took."""
        if not self._is_form or self._goes_on(lines[position].text.strip()):
            return 0
        best, taken, asked = SURE, 0, Row(label="", answer="", source=lines[position].source, section=self._section)
        for count in range(2, min(_WRAPPED_LINES, len(lines) - position) + 1):
            label, match = self._joined(lines, position, count)
            rest, later = self._joined(lines, position + 1, count - 1)
            adds = later.score < match.score or (later.score == match.score and fold_label(rest) != fold_label(label))
            if match.score > best and adds:
                best, taken = match.score, count
                asked = asked.but(label=label, field=match.name, confidence=_confidence(match))
        if taken:
            self._start(asked, "")
        return taken

    def _joined(self, lines: Sequence[Line], position: int, count: int) -> tuple[str, LabelMatch]:
        label = " ".join(line.text.strip() for line in lines[position : position + count])
        return label, match_label(label, self._section, self._rules)

    def _controlled(self, line: Line, text: str) -> None:
        """A control named after a field is its own label; a label in the same paragraph is taken off."""
        _, tail, match = self._split(text)
        if self._open is not None and self._open.field == line.control and not self._answer:
            self._start(self._open, text)
        else:
            self._start(
                Row(label=line.control, answer="", source=line.source, field=line.control, section=self._section),
                tail if match.name else text,
            )
        self._close()

    def _start(self, row: Row, answer: str) -> None:
        if self._open is not row:
            self._close()
        self._open, self._answer = row, [answer] if answer else []
        if answer and self._rules.kind_of(row.field).is_short and row.field and not self._is_form:
            self._close()

    def _continue(self, text: str) -> None:
        if self._open is None:
            self._loose.append(text)
        else:
            self._answer.append(text)
            if self._rules.kind_of(self._open.field).is_short and self._open.field:
                self._close()

    def _is_heading(self, text: str, line: Line) -> bool:
        """A heading opens a section, unless it is itself a known question with the answer below."""
        return (line.heading or _SECTION.match(text) is not None) and match_label(
            text.rstrip(": "), "", self._rules
        ).score < SURE

    def _blank(self) -> None:
        """An empty line ends a short answer, not a story; an answer may still follow its question after one."""
        if self._is_form and self._open is not None and not self._answer:
            self._open = self._open.but(label=self._open.label.rstrip(":? "))
        if self._answer and self._open is not None and self._rules.kind_of(self._open.field).is_short:
            self._close()

    def _close(self) -> None:
        if self._open is not None:
            self._rows.append(self._open.but(answer="\n".join(self._answer)))
        self._open, self._answer = None, []

    def _is_sign_off(self, text: str) -> bool:
        folded = fold(text)
        return text.strip() in {"--", "__", "-- "} or any(
            folded == end or (folded.startswith(f"{end} ") and len(folded.split()) <= len(end.split()) + 3)
            for end in self._rules.folded_sign_offs
        )


def _confidence(match: LabelMatch) -> float:
    return round(match.score, 2)
