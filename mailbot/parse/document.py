"""One document read: told by its type, never raising, with an outcome in plain words."""

import re
from collections.abc import Callable, Sequence

from mailbot.errors import UnreadableDocumentError
from mailbot.intake.email import Document
from mailbot.parse.answer_text import clean_answer
from mailbot.parse.blocks import Block, text_of
from mailbot.parse.docx import read_docx
from mailbot.parse.html import read_html
from mailbot.parse.labels import match_label, pair_lines
from mailbot.parse.layout import pair_blocks
from mailbot.parse.lines import Line, Pairing
from mailbot.parse.marked import read_old_word, read_rtf
from mailbot.parse.odt import read_odt
from mailbot.parse.pdf import PdfField, read_pdf
from mailbot.parse.plain import read_csv, read_text
from mailbot.parse.reading import DocumentReading, Row
from mailbot.parse.rules import FormRules
from mailbot.parse.wording import fold
from mailbot.parse.xlsx import read_xlsx

LONGEST_TEXT = 200_000
"""Characters of a document's text that are kept."""

TITLE_LINES = 12
"""A form names itself at the top."""
TELLING_QUESTIONS, ALL_QUESTIONS = 2, 4
"""A document without a title is a report form when it asks at least so many questions that only a report asks, of so many known ones."""

_NOT_READ = {
    "gif": "not read: this is a picture",
    "tif": "not read: this is a picture of a kind that is not read",
}
_ANY_NAME = re.compile(
    r"[\W_]*(?:text|txt|field|check ?box|cb|dropdown|drop ?down|date|undefined|untitled|combo ?box|list ?box|group|button|radio|fill)?[\W_]*\d*[\W_]*",
    re.IGNORECASE,
)


def read_document(document: Document, rules: FormRules) -> DocumentReading:
    """The questions and answers of one document; ``outcome`` says in plain words what was read or why not."""
    read = _READERS.get(document.type)
    if read is None:
        outcome = _NOT_READ.get(document.type, "not read: this kind of file is opened by people only")
        return DocumentReading(number=document.number, name=document.name, outcome=outcome)
    try:
        pairing, text = read(document, rules)
    except UnreadableDocumentError as fault:
        return DocumentReading(number=document.number, name=document.name, outcome=f"could not be read: {fault}")
    except (RecursionError, MemoryError):
        return DocumentReading(
            number=document.number, name=document.name, outcome="could not be read: it is built in a way no form is"
        )
    return _told(document, pairing, text, rules)


def is_report_form(content: bytes, type: str, rules: FormRules) -> bool:  # noqa: A002 - the word used everywhere for it
    """Whether a document is a report form by what it says, whatever its name; an unreadable one is not known to be."""
    return read_document(Document(number=1, name="", type=type, content=content), rules).is_form


def _told(document: Document, pairing: Pairing, text: str, rules: FormRules) -> DocumentReading:
    rows = tuple(row.but(answer=clean_answer(row.answer, rules.folded_placeholders)) for row in pairing.rows)
    known = {row.field for row in rows if row.field}
    answered = sum(1 for row in rows if row.answer)
    return DocumentReading(
        number=document.number,
        name=document.name,
        outcome=_outcome(len(known), answered, text),
        rows=rows,
        text=text[:LONGEST_TEXT],
        loose="\n".join(pairing.loose)[:LONGEST_TEXT],
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
    """The fields of a PDF form; where it has none, the lines printed on it."""
    fields, text = read_pdf(document.content)
    if any(field.value for field in fields):
        return Pairing(rows=tuple(_field_row(field, document.name, rules) for field in fields)), text
    return pair_lines(_lines(text, document.name), rules, is_form=True), text


def _field_row(field: PdfField, name: str, rules: FormRules) -> Row:
    """A form field asks what its tooltip says; a field named exactly as one of ours needs none."""
    source = f"{name}, field {field.label or field.name}"
    if field.name in rules.fields:
        return Row(label=field.label or field.name, answer=field.value, source=source, field=field.name)
    asks = [
        match_label(words, "", rules) for words in (field.label, field.name) if words and not _ANY_NAME.fullmatch(words)
    ]
    best = max(asks, key=lambda match: (bool(match.name), match.score), default=None)
    found = best.name if best else ""
    return Row(
        label=field.label or field.name,
        answer=field.value,
        source=source,
        field=found,
        confidence=round(best.score, 2) if best and found else 0.5,
    )


def _lines(text: str, name: str) -> Sequence[Line]:
    return [Line(text=line, source=f"{name}, line {number}") for number, line in enumerate(text.splitlines(), start=1)]


_READERS: dict[str, Callable[[Document, FormRules], tuple[Pairing, str]]] = {
    "docx": _blocks(read_docx),
    "doc": _blocks(read_old_word),
    "odt": _blocks(read_odt),
    "rtf": _blocks(read_rtf),
    "xlsx": _blocks(read_xlsx),
    "html": _blocks(read_html),
    "pdf": _pdf,
    "text": _text,
}
