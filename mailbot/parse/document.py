"""One document read: told by its type, never raising, with an outcome in plain words."""

import re
from collections.abc import Callable, Sequence

from mailbot.errors import UnreadableDocumentError
from mailbot.intake.email import Document
from mailbot.intake.headers import tidy
from mailbot.parse.answer_text import clean_answer
from mailbot.parse.blocks import Block, text_of
from mailbot.parse.formats import WORD_LIKE
from mailbot.parse.labels import match_label, pair_lines
from mailbot.parse.layout import pair_blocks
from mailbot.parse.lines import Line, Pairing
from mailbot.parse.pdf import named_by_page, printed_pages, read_pdf
from mailbot.parse.pdf_fields import PdfField
from mailbot.parse.pdf_print import blocks_of
from mailbot.parse.plain import read_csv, read_text
from mailbot.parse.reading import DocumentReading, Row
from mailbot.parse.rules import FormRules
from mailbot.parse.scan import Recogniser, is_small, read_picture, read_scanned_pdf
from mailbot.parse.wording import LabelMatch, fold

LONGEST_TEXT = 200_000
"""Characters of a document's text that are kept."""

TITLE_LINES = 12
"""A form names itself at the top."""
TELLING_QUESTIONS, ALL_QUESTIONS = 2, 4
"""A document without a title is a report form when it asks at least so many questions that only a report asks, of so many known ones."""

PICTURES = frozenset({"png", "jpg"})
NO_RECOGNISER = "is a picture: the text reader (tesseract) is not installed; a person must open it"
BY_LOOKS = 0.85
"""What the pairing of answers made out in a picture is worth beside one that was typed."""

_NOT_READ = {
    "gif": "not read: this is a picture",
    "tif": "not read: this is a picture of a kind that is not read",
}
_ANY_NAME = re.compile(
    r"[\W_]*(?:text|txt|field|check ?box|cb|dropdown|drop ?down|date|undefined|untitled|combo ?box|list ?box|group|button|radio|fill)?[\W_]*\d*[\W_]*",
    re.IGNORECASE,
)


def read_document(document: Document, rules: FormRules, recogniser: Recogniser | None = None) -> DocumentReading:
    """The questions and answers of one document; ``outcome`` says in plain words what was read or why not.

    ``recogniser`` reads writing in pictures; without it, pictures are left to people.
    """
    if document.type in PICTURES and is_small(document.content):
        return _unread(document, "a small picture: kept, not read")
    read = _READERS.get(document.type)
    is_picture = document.type in PICTURES
    if read is None and not is_picture:
        return _unread(document, _NOT_READ.get(document.type, "not read: this kind of file is opened by people only"))
    try:
        pairing, text = read(document, rules) if read else (Pairing(), "")
        if text.strip() or pairing.rows:
            return _told(document, pairing, text, rules)
        return _looked_at(document, rules, recogniser)
    except UnreadableDocumentError as fault:
        return _unread(document, f"could not be read: {fault}")
    except (RecursionError, MemoryError):
        return _unread(document, "could not be read: it is built in a way no form is")


def _unread(document: Document, outcome: str) -> DocumentReading:
    return DocumentReading(number=document.number, name=document.name, outcome=outcome)


def _looked_at(document: Document, rules: FormRules, recogniser: Recogniser | None) -> DocumentReading:
    """A picture or a scan, read by its looks: whatever is made out is to be checked."""
    if document.type not in {*PICTURES, "pdf"}:
        return _told(document, Pairing(), "", rules)
    if recogniser is None:
        return _unread(document, NO_RECOGNISER)
    look = read_scanned_pdf if document.type == "pdf" else read_picture
    blocks = look(document.content, recogniser)
    pairing, text = _surest(blocks, document.name, rules), text_of(blocks)
    rows = tuple(row.but(confidence=round(row.confidence * BY_LOOKS, 2)) for row in pairing.rows)
    told = _told(document, pairing.but(rows=rows), text, rules)
    return told.but(outcome=f"{told.outcome}; it is a picture, so check it against the original", by_looks=True)


def _surest(blocks: tuple[Block, ...], name: str, rules: FormRules, text: str = "") -> Pairing:
    """The reading that answers more known questions: by where the words stand, or line by line."""
    by_place = pair_blocks(blocks, name, rules)
    by_line = pair_lines(_lines(text or text_of(blocks), name), rules, is_form=True)
    return max(by_place, by_line, key=lambda pairing: _answered(pairing, rules))


def _answered(pairing: Pairing, rules: FormRules) -> int:
    placeholders = rules.folded_placeholders
    return len({row.field for row in pairing.rows if row.field and clean_answer(row.answer, placeholders)})


def _told(document: Document, pairing: Pairing, text: str, rules: FormRules) -> DocumentReading:
    text, placeholders = tidy(text), rules.folded_placeholders
    rows = tuple(
        row.but(label=tidy(row.label), answer=clean_answer(tidy(row.answer), placeholders)) for row in pairing.rows
    )
    known = {row.field for row in rows if row.field}
    answered = sum(1 for row in rows if row.answer)
    return DocumentReading(
        number=document.number,
        name=document.name,
        outcome=_outcome(len(known), answered, text),
        rows=rows,
        text=text[:LONGEST_TEXT],
        loose=tidy("\n".join(pairing.loose)[:LONGEST_TEXT]),
        is_form=_names_itself(text, rules) or _asks_like_a_report(known, rules),
    )


def _outcome(questions: int, answered: int, text: str) -> str:
    if not questions:
        return (
            "read, but no question of a report form was found in it"
            if text.strip()
            else "read, but it holds no text: it may be a scan or a photograph"
        )
    return f"read: {answered} answer{'' if answered == 1 else 's'} found" if answered else "read: it is an empty form"


def _names_itself(text: str, rules: FormRules) -> bool:
    top = fold("\n".join(text.split("\n")[:TITLE_LINES])[:1000])
    return any(re.search(rf"\b{re.escape(title)}\b", top) for title in rules.folded_titles)


def _asks_like_a_report(known: set[str], rules: FormRules) -> bool:
    telling = sum(1 for name in known if rules.fields[name].telling)
    return telling >= TELLING_QUESTIONS and len(known) >= ALL_QUESTIONS


def _blocks(read: Callable[[bytes], tuple[Block, ...]]) -> Callable[[Document, FormRules], tuple[Pairing, str]]:
    """A reader that knows paragraphs and tables."""

    def reader(document: Document, rules: FormRules) -> tuple[Pairing, str]:
        blocks = read(document.content)
        return pair_blocks(blocks, document.name, rules), text_of(blocks)

    return reader


def _text(document: Document, rules: FormRules) -> tuple[Pairing, str]:
    if document.name.lower().endswith(".csv"):
        return _blocks(read_csv)(document, rules)
    text = read_text(document.content)
    return pair_lines(_lines(text, document.name), rules, is_form=True), text


def _pdf(document: Document, rules: FormRules) -> tuple[Pairing, str]:
    """The fields of a PDF form; where it has none, what is printed on its pages."""
    read = read_pdf(document.content)
    if any(field.value for field in read.fields) or read.xfa:
        fields = read.fields
        if any(field.value and not _asked(field, rules).name for field in fields):
            fields = named_by_page(fields, printed_pages(document.content))
        rows = [_field_row(field, document.name, rules) for field in fields]
        known = {row.field for row in rows if row.field}
        rows += [row for row in (_xfa_row(one, document.name, rules) for one in read.xfa) if row.field not in known]
        return Pairing(rows=tuple(rows)), read.text
    if not read.text.strip():
        return Pairing(), ""
    return _surest(blocks_of(printed_pages(document.content)), document.name, rules, read.text), read.text


def _asked(field: PdfField, rules: FormRules) -> LabelMatch:
    """What a form field asks: what its tooltip says, or its name; a field named exactly as one of ours needs no more."""
    if field.own_name in rules.fields:
        return LabelMatch(field.own_name, 1.0)
    asks = [
        match_label(one, "", rules) for one in (field.label, field.own_name) if one and not _ANY_NAME.fullmatch(one)
    ]
    return max(asks, key=lambda match: (bool(match.name), match.score), default=LabelMatch("", 0.0))


def _field_row(field: PdfField, name: str, rules: FormRules) -> Row:
    label = field.label or field.own_name
    return _row(label, field.value, f"{name}, field {label}", _asked(field, rules))


def _xfa_row(found: tuple[str, str, str], name: str, rules: FormRules) -> Row:
    own_name, question, answer = found
    asked = _asked(PdfField(name=own_name, label=question, value=answer), rules)
    return _row(question or own_name, answer, f"{name}, field {question or own_name}", asked)


def _row(label: str, answer: str, source: str, asked: LabelMatch) -> Row:
    confidence = round(asked.score, 2) if asked.name else 0.5
    return Row(label=label, answer=answer, source=source, field=asked.name, confidence=confidence)


def _lines(text: str, name: str) -> Sequence[Line]:
    return [Line(text=line, source=f"{name}, line {number}") for number, line in enumerate(text.splitlines(), start=1)]


_READERS: dict[str, Callable[[Document, FormRules], tuple[Pairing, str]]] = {
    **{name: _blocks(read) for name, read in WORD_LIKE.items()},
    "pdf": _pdf,
    "text": _text,
}
