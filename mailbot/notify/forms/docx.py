"""A form as a Word file: plain, accessible, and the same bytes for the same form.

Questions stand in the left column and answers in content controls on the right, each tagged with the name of its
field: so an answer is read back exactly, whatever words it uses, and still by its label where a program drops the
tags. The file is not protected: Word on a telephone cannot fill in protected forms.
"""

from collections.abc import Iterator
from xml.sax.saxutils import escape

from mailbot.notify.forms.form import Column, Form, Question, Rows, Section, Stated
from mailbot.notify.forms.package import packed
from mailbot.notify.forms.styles import SETTINGS, STYLES
from mailbot.notify.forms.wordprocessing import Controls, cell, field_code, paragraph, row, run, table
from mailbot.parse.rules import FieldKind

TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WRITE, PICK_DAY, PICK = "Click or tap here to enter text", "Click or tap to enter a date", "Choose an item"
"""What stands in a box before anybody has answered; ``placeholders`` of config/form.toml knows these words."""

NEEDED = " (needed)"
UNSURE = "Please check this answer: we were not sure we read it rightly."
YES_NO = ("Yes", "No", "Not known")

_WIDTHS = (3_600, 6_038)
_SHADE = "F2F2F2"
_LINE = 380
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SPACES = (
    f'xmlns:w="{_WORD}" xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="w14"'
)
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_KIND}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_KIND}.styles+xml"/>'
    f'<Override PartName="/word/settings.xml" ContentType="{_KIND}.settings+xml"/>'
    f'<Override PartName="/word/footer1.xml" ContentType="{_KIND}.footer+xml"/>'
    '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    "</Types>"
)
_RELATIONS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
    f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    "</Relationships>"
)
_WORD_RELATIONS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/settings" Target="settings.xml"/>'
    f'<Relationship Id="rId3" Type="{_OFFICE}/footer" Target="footer1.xml"/></Relationships>'
)
_PAGE = (
    '<w:sectPr><w:footerReference w:type="default" r:id="rId3"/><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>'
)


def docx_of(form: Form, code: str = "") -> bytes:
    """The Word file. ``code``, such as ``[DB2026014 k7f3q2]``, lets the form that comes back prove whose it is."""
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELATIONS,
        "docProps/core.xml": _core(form),
        "word/_rels/document.xml.rels": _WORD_RELATIONS,
        "word/document.xml": _document(form, code),
        "word/footer1.xml": _footer(form),
        "word/settings.xml": SETTINGS,
        "word/styles.xml": STYLES,
    }
    return packed(parts)


def _document(form: Form, code: str) -> str:
    controls = Controls()
    body = [
        paragraph(run(form.council), style="Council"),
        paragraph(run(form.title), style="Title"),
        *(paragraph(run(said)) for said in form.about),
    ]
    if form.important:
        body.append(paragraph(run(form.important), style="Important"))
    if form.reference:
        body += [_reference(code or form.reference), paragraph()]
    body += [part for section in form.sections for part in _section(section, controls)]
    return f"<w:document {_SPACES}><w:body>{''.join(body)}{_PAGE}</w:body></w:document>"


def _reference(said: str) -> str:
    label = cell(_WIDTHS[0], paragraph(run("Our reference"), style="Question"), shade=_SHADE)
    return table(_WIDTHS, "Our reference", row(label, cell(_WIDTHS[1], paragraph(run(said)))))


def _section(section: Section, controls: Controls) -> Iterator[str]:
    yield paragraph(run(section.title), style="Heading1")
    if section.about:
        yield paragraph(run(section.about))
    rows = [*map(_stated, section.stated), *(_row(question, controls) for question in section.questions)]
    if rows:
        yield table(_WIDTHS, section.title, *rows)
    if section.table:
        yield _rows(section.title, section.table, controls)


def _stated(one: Stated) -> str:
    label = cell(_WIDTHS[0], paragraph(run(one.label), style="Question"), shade=_SHADE)
    return row(label, cell(_WIDTHS[1], paragraph(run(one.said))))


def _rows(title: str, filled: Rows, controls: Controls) -> str:
    """A table whose heading is repeated on every page, so that each page can be read by itself."""
    columns = filled.columns
    headings = (cell(one.width, paragraph(run(one.heading), style="Question"), shade=_SHADE) for one in columns)
    rows = [
        row(*(_cell(column, said, controls) for column, said in zip(columns, each, strict=True)), height=_LINE * 2)
        for each in filled.rows
    ]
    widths = [one.width for one in columns]
    return table(widths, title, row(*headings, heads=True), *rows, heads=True)


def _cell(column: Column, said: str, controls: Controls) -> str:
    if not column.field:
        return cell(column.width, paragraph(run(said), style="Narrow"), shade=_SHADE)
    asked = Question(field=column.field, question=column.heading, kind=column.kind, answer=said)
    return cell(column.width, paragraph(*_answer(asked, controls), style="Narrow"))


def _row(question: Question, controls: Controls) -> str:
    asked = [paragraph(run(question.question), *_needed(question), style="Question")]
    asked += [paragraph(run(hint), style="Hint") for hint in (question.hint, UNSURE if question.unsure else "") if hint]
    answer = paragraph(*_answer(question, controls))
    return row(cell(_WIDTHS[0], *asked, shade=_SHADE), cell(_WIDTHS[1], answer), height=_LINE * question.lines)


def _needed(question: Question) -> list[str]:
    return [run(NEEDED)] if question.needed else []


def _answer(question: Question, controls: Controls) -> Iterator[str]:
    tag, title, said = question.field, question.question, question.answer
    ticks = question.ticks or (YES_NO if question.kind is FieldKind.YES_NO else ())
    if ticks and said in {"", *ticks}:
        for choice in ticks:
            yield controls.tick(tag, f"{choice}: {title}", ticked=said == choice)
            yield run(f" {choice}" if choice == ticks[-1] else f" {choice}      ")
    elif question.choices:
        yield controls.choice(tag, title, said, PICK, question.choices)
    elif question.kind in {FieldKind.DATE, FieldKind.DATETIME} and "\n" not in said:
        yield controls.date(tag, title, said, PICK_DAY)
    else:
        yield controls.lines(tag, title, said, WRITE)


def _footer(form: Form) -> str:
    said = f"{form.title}{f', {form.reference}' if form.reference else ''} – page "
    pages = (field_code("PAGE"), run(" of "), field_code("NUMPAGES"))
    return f"<w:ftr {_SPACES}>{paragraph(run(said), *pages, style='Footer')}</w:ftr>"


def _core(form: Form) -> str:
    return (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(form.title)}</dc:title><dc:creator>{escape(form.council)}</dc:creator>"
        "<dc:language>en-GB</dc:language></cp:coreProperties>"
    )
