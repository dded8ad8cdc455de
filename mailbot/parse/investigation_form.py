"""An investigation report of ours that came back, in whatever format it was saved, read by its controls or its words. Pure.

Every question is answered, or named as a problem; nothing that was written is dropped; nothing is guessed from pictures.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from mailbot.errors import UnreadableDocumentError
from mailbot.intake.email import Document
from mailbot.intake.headers import tidy
from mailbot.parse.answer_text import LONGEST_ANSWER, clean_answer
from mailbot.parse.blocks import Block, Paragraph
from mailbot.parse.formats import blocks_in
from mailbot.parse.investigation_rules import ACTION, CLEARED, ROOT_CAUSE, TAG, WRITTEN_BY, YES, InvestigationForm
from mailbot.parse.labels import SURE
from mailbot.parse.layout import pair_blocks
from mailbot.parse.lines import Pairing
from mailbot.parse.reading import REFERENCE, Row
from mailbot.parse.recommendation_table import take_out
from mailbot.parse.recommendations import Read, read_recommendations, understand
from mailbot.parse.returned import MAIL, ReturnedInvestigation, ReturnProblem, Shortcoming
from mailbot.parse.rules import FormRules
from mailbot.parse.wording import fold

BESIDE = "beside"
"""The finding that keeps what stands outside every answer."""

TITLE_LINES = 12
LONGEST_BESIDE = 20_000
_QUESTIONS_BELOW_TITLE = 2
_SPEAKING = 3
"""Words: a placeholder of so many words is never part of an answer."""
_CONFIRMED = frozenset(
    {fold(YES), "y", "confirmed", "yes confirmed", "yes it does", "yes i have checked", "yes checked"}
)


def is_investigation(text: str, own: InvestigationForm) -> bool:
    """Whether a document's text shows it to be this form, filled in or not: its title above its questions, or most of those."""
    words = f" {fold(text)} "
    top = f" {fold(' '.join(text.split(chr(10))[:TITLE_LINES]))} "
    asked = sum(f" {question} " in words for question in own.folded_questions)
    is_titled = f" {fold(own.title)} " in top
    return asked >= _QUESTIONS_BELOW_TITLE and (is_titled or 2 * asked >= len(own.questions))


def read_investigation(
    document: Document, own: InvestigationForm, form: FormRules, received_at: datetime
) -> ReturnedInvestigation:
    """What the form says and what it lacks; never raises for what somebody sent.

    ``form`` lends what marks an empty answer. ``received_at`` (aware): a day without a year is the next one from there.
    """
    try:
        blocks = blocks_in(document)
    except UnreadableDocumentError:
        return _with(document.name, Shortcoming.UNREADABLE)
    if not blocks:
        return _with(document.name, Shortcoming.A_PICTURE)
    return _Form(document.name, own, form).read(blocks, received_at, printed=document.type == "pdf")


def read_typed(reply: str, received_at: datetime) -> ReturnedInvestigation | None:
    """The recommendations that a reply lists in its own words; None where it lists none."""
    read = read_recommendations(reply, received_at)
    if not (read.recommendations or read.problems):
        return None
    return ReturnedInvestigation(source=MAIL, recommendations=read.recommendations, problems=read.problems)


def together(
    forms: Sequence[ReturnedInvestigation], typed: ReturnedInvestigation | None
) -> ReturnedInvestigation | None:
    """The one report of a mail: its form, with the recommendations typed beside it where the form makes none."""
    said = {one.but(source="").model_dump_json() for one in forms}
    if not forms:
        return typed
    found = forms[0]
    if len(said) > 1:
        return _and(found, Shortcoming.SEVERAL_FORMS)
    if typed is None or typed.recommendations == found.recommendations:
        return found
    if found.recommendations or found.none_because:
        return _and(found, Shortcoming.TWO_LISTS)
    kept = (one for one in found.problems if one.what is not Shortcoming.NO_RECOMMENDATION)
    return found.but(recommendations=typed.recommendations, problems=(*kept, *typed.problems))


def _with(source: str, what: Shortcoming) -> ReturnedInvestigation:
    return ReturnedInvestigation(source=source, problems=(ReturnProblem(what=what),))


def _and(found: ReturnedInvestigation, what: Shortcoming) -> ReturnedInvestigation:
    return found.but(problems=(ReturnProblem(what=what), *found.problems))


def _edges(placeholders: Iterable[str]) -> re.Pattern[str]:
    """Placeholders where a line begins or ends with them, wherever a program broke them."""
    words = sorted(placeholders, key=len, reverse=True)
    any_of = "|".join(r"\s+".join(map(re.escape, one.split())) for one in words) or r"(?!)"
    return re.compile(rf"^(?:{any_of})\b[.]?|\b(?:{any_of})$", re.IGNORECASE | re.MULTILINE)


class _Form:
    """One returned form being read."""

    def __init__(self, name: str, own: InvestigationForm, form: FormRules) -> None:
        self._name, self._own, self._placeholders = name, own, form.folded_placeholders
        self._rules = own.pairing(form)
        self._labels = {name: fold(field.wordings[0]) for name, field in self._rules.fields.items()}
        self._hints = frozenset(fold(one.hint) for one in own.questions if one.hint)
        self._never_answers = _edges([one for one in form.placeholders if len(one.split()) >= _SPEAKING])

    def read(self, blocks: tuple[Block, ...], received_at: datetime, *, printed: bool) -> ReturnedInvestigation:
        rows, rest = take_out(blocks, self._own.recommendations.headings, self._clean)
        pairing = pair_blocks(self._below_title(rest), self._name, self._rules)
        answers = self._answers(pairing)
        made = understand(rows, received_at, printed=printed)
        beside = "\n".join(self._beside(pairing))[:LONGEST_BESIDE]
        if not (made.recommendations or made.problems or made.none_because):
            typed = read_recommendations(beside, received_at)
            made, beside = (typed, beside) if typed.recommendations else (made, beside)
        return self._returned(answers, made, beside)

    def _returned(self, answers: dict[str, str], made: Read, beside: str) -> ReturnedInvestigation:
        special = {REFERENCE, ROOT_CAUSE, ACTION, CLEARED, WRITTEN_BY}
        findings = {name: said for name, said in answers.items() if name not in special}
        return ReturnedInvestigation(
            source=self._name,
            reference=answers.get(REFERENCE, ""),
            findings=findings | ({BESIDE: beside} if beside else {}),
            root_cause=answers.get(ROOT_CAUSE, ""),
            action=answers.get(ACTION, ""),
            recommendations=made.recommendations,
            none_because=made.none_because,
            cleared=_is_confirmed(answers),
            written_by=answers.get(WRITTEN_BY, ""),
            problems=tuple(self._problems(answers, made)),
        )

    def _problems(self, answers: dict[str, str], made: Read) -> Iterator[ReturnProblem]:
        has_list = bool(made.recommendations or made.problems or made.none_because)
        if not has_list and not set(answers) - {REFERENCE}:
            yield ReturnProblem(what=Shortcoming.EMPTY)
            return
        for asked in self._own.questions:
            if asked.needed and asked.field not in answers:
                yield ReturnProblem(what=Shortcoming.NOT_ANSWERED, question=asked.question)
        if not has_list:
            yield ReturnProblem(what=Shortcoming.NO_RECOMMENDATION)
        yield from made.problems
        if not _is_confirmed(answers):
            yield ReturnProblem(what=Shortcoming.NOT_CLEARED)

    def _answers(self, pairing: Pairing) -> dict[str, str]:
        """Field → answer; what was written under one question in two places is put together."""
        asked = {f"{TAG}{one.field}": one.field for one in self._own.questions} | {REFERENCE: REFERENCE}
        answers: dict[str, str] = {}
        for row in pairing.rows:
            said, name = self._clean(row.answer), asked.get(self._field_of(row), "")
            if not (name and said):
                continue
            answers[name] = f"{answers[name]}\n{said}" if name in answers and answers[name] != said else said
        return answers

    def _field_of(self, row: Row) -> str:
        """The question of a row: surely known, or the words that its label begins with, as print joins label and hint."""
        if row.field and row.confidence >= SURE:
            return row.field
        label = f"{fold(row.label)} "
        begun = [(len(words), name) for name, words in self._labels.items() if label.startswith(f"{words} ")]
        return max(begun, default=(0, ""))[1]

    def _beside(self, pairing: Pairing) -> Iterator[str]:
        """What somebody wrote where nothing is asked."""
        for row in pairing.rows:
            if not self._field_of(row):
                yield from self._not_ours(f"{row.label.rstrip(': ')}: {self._clean(row.answer)}".rstrip(": "))
        for line in pairing.loose:
            yield from self._not_ours(self._clean(line))

    def _not_ours(self, line: str) -> Iterator[str]:
        folded = fold(line)
        is_footer = folded.startswith(fold(self._own.title)) and " page " in f" {folded} "
        if folded and not is_footer and f" {folded} " not in self._own.own_words:
            yield line

    def _clean(self, answer: str) -> str:
        """An answer without the words of the form itself: placeholders, and hints that a program put into its line."""
        stripped = "\n".join(line.strip() for line in tidy(answer)[:LONGEST_ANSWER].split("\n"))
        lines = self._never_answers.sub("", stripped).split("\n")
        said = "\n".join(line for line in lines if fold(line) not in self._hints or not fold(line))
        return clean_answer(said, self._placeholders)

    def _below_title(self, blocks: Iterable[Block]) -> tuple[Block, ...]:
        """The document from its title on: above it stands the council's name."""
        blocks = tuple(blocks)
        title = fold(self._own.title)
        heads = (
            at for at, one in enumerate(blocks[:TITLE_LINES]) if isinstance(one, Paragraph) and fold(one.text) == title
        )
        return blocks[next(heads, -1) + 1 :]


def _is_confirmed(answers: dict[str, str]) -> bool:
    return fold(answers.get(CLEARED, "")) in _CONFIRMED
