"""A severity assessment of ours that came back, read exactly: each answer by its control, or by its question's own words.

Whatever else stands in the document must be what the form itself says: a short digest of that is printed on it, so that
words written beside the boxes are noticed in every format, and nothing that somebody wrote is passed over.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence

from mailbot.intake.email import Document
from mailbot.parse.answer_text import clean_answer
from mailbot.parse.assessment_rules import OUR_REFERENCE, STAMP, TAG, AssessmentForm
from mailbot.parse.blocks import Block, Cell, Paragraph, Table
from mailbot.parse.formats import WORD_LIKE
from mailbot.parse.returned_assessment import ReturnedAssessment
from mailbot.parse.wording import fold

TOP = 2_000
"""Characters from the beginning among which the form's title stands."""
DIGEST = 8
MOST_OF_ALL = 0.6
"""The share of its questions that a form still asks; those of the grid are not asked of everybody."""

_STAMP = re.compile(r"version\s+([\w.-]+)\W+rating\s+(\d{1,6})\W+check\s+([0-9a-f]{8})", re.IGNORECASE)


def read_assessment(document: Document, form: AssessmentForm, placeholders: frozenset[str]) -> ReturnedAssessment:
    """What a document says that is a severity assessment.

    Raises ``UnreadableDocumentError`` as every reader of its format does.
    """
    read = WORD_LIKE.get(document.type)
    if read is None:
        return ReturnedAssessment(source=document.name, is_exact=False)
    boxes = _Boxes(form, placeholders)
    boxes.read(read(document.content))
    stamp = _STAMP.search(boxes.stamp)
    return ReturnedAssessment(
        source=document.name,
        reference=boxes.reference,
        version=stamp[1] if stamp else "",
        rating=int(stamp[2]) if stamp else 0,
        answers=boxes.answers,
        beside=boxes.asked_twice or (stamp is not None and stamp[3].lower() != digest_of(boxes.own)),
    )


def stamp_of(version: str, rating: int, digest: str) -> str:
    """What is printed on a form so that it can say when it comes back which one it is."""
    return f"version {version}, rating {rating}, check {digest}"


def own_words(blocks: Sequence[Block], form: AssessmentForm) -> tuple[str, ...]:
    """What a form says by itself, in order: everything but its boxes, its reference and its stamp."""
    boxes = _Boxes(form, frozenset())
    boxes.read(blocks)
    return tuple(boxes.own)


def digest_of(words: Iterable[str]) -> str:
    """Eight characters that tell one text from another; case, spacing and punctuation do not matter."""
    return hashlib.sha256(fold(" ".join(words)).encode()).hexdigest()[:DIGEST]


def is_assessment(text: str, form: AssessmentForm) -> bool:
    """Whether everything that is written in a document shows it to be a severity assessment of ours, in any format."""
    folded = f" {fold(text)} "
    asked = sum(f" {question} " in folded for question in form.folded_questions)
    return fold(form.title) in fold(text[:TOP]) and asked >= MOST_OF_ALL * len(form.questions)


class _Boxes:
    """One document taken apart: its boxes, and everything else that is written in it."""

    def __init__(self, form: AssessmentForm, placeholders: frozenset[str]) -> None:
        self.answers: dict[str, str] = {}
        self.own: list[str] = []
        self.reference = self.stamp = ""
        self.asked_twice = False
        self._form, self._placeholders = form, placeholders

    def read(self, blocks: Iterable[Block]) -> None:
        for block in blocks:
            if isinstance(block, Paragraph):
                self.own.append(block.text)
            else:
                self._table(block)

    def _table(self, table: Table) -> None:
        for cells in table.rows:
            self._row(cells)

    def _row(self, cells: Sequence[Cell]) -> None:
        label = cells[0].text if cells else ""
        said = "\n".join(cell.text for cell in cells[1:])
        name = self._name(cells, label)
        if name:
            self.asked_twice = self.asked_twice or name in self.answers
            self.answers[name] = clean_answer(said, self._placeholders)
            self.own.append(label)
        elif fold(label) == fold(OUR_REFERENCE):
            self.reference = said
        elif fold(label) == fold(STAMP):
            self.stamp = said
        else:
            for cell in cells:
                self.read(cell.parts)

    def _name(self, cells: Sequence[Cell], label: str) -> str:
        """The question that a row asks: as its control says, else as its label does, its hint on further lines."""
        tags = (cell.control.removeprefix(TAG) for cell in cells[1:] if cell.control.startswith(TAG))
        named = next((tag for tag in tags if self._form.question(tag)), "")
        lines = [line for line in label.split("\n") if line.strip()]
        return named or (self._form.folded_questions.get(fold(lines[0]), "") if lines and len(cells) > 1 else "")
