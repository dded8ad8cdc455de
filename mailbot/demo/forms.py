"""Filled report forms as people send them: the same questions in each of the ways that Word and PDF know.

Written byte by byte, without a clock: the same form gives the same file in every run.
"""

import io
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

Answers = Mapping[str, str]
"""Question → answer; "" where the reporter left it open."""

TITLE = "Data Incident Report Form"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
AT_NO_TIME = (2026, 1, 1, 0, 0, 0)
"""Every file inside the form is dated alike."""

CONTENT_TYPES = (
    f'<Types xmlns="{PACKAGE}/content-types">'
    f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{WORD_TYPE}.document.main+xml"/></Types>'
)
RELATIONS = (
    f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
)
PLACEHOLDER = "Click or tap here to enter text."
PAGE = (595, 842)
MARGIN = 50
ROW = 44


def table_form(answers: Answers, title: str = TITLE) -> bytes:
    """A .docx with a table of two columns: question and answer."""
    rows = "".join(
        f"<w:tr>{_cell(_paragraph(label))}{_cell(_paragraph(text))}</w:tr>" for label, text in answers.items()
    )
    return _docx(f"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid>{rows}</w:tbl>", title)


def content_controls_form(answers: Answers) -> bytes:
    """A .docx whose answers stand in content controls; an open one still shows its placeholder."""
    rows = "".join(
        f"<w:tr>{_cell(_paragraph(label))}{_cell(f'<w:p>{_control(label, text)}</w:p>')}</w:tr>"
        for label, text in answers.items()
    )
    return _docx(f"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid>{rows}</w:tbl>")


def legacy_fields_form(answers: Answers) -> bytes:
    """A .docx with the form fields of Word 97, as old forms still have them."""
    numbered = enumerate(answers.items(), start=1)
    return _docx(
        "".join(f"<w:p>{_run(label + ': ')}{_field(number, text)}</w:p>" for number, (label, text) in numbered)
    )


def pdf_form(answers: Answers) -> bytes:
    """A PDF form (AcroForm): each field carries its question as its tooltip."""
    writer = PdfWriter()
    page = writer.add_blank_page(*PAGE)
    fields = [_pdf_field(writer, number, label, text) for number, (label, text) in enumerate(answers.items())]
    page[NameObject("/Annots")] = ArrayObject(fields)
    page[NameObject("/Contents")] = writer._add_object(_pdf_text([TITLE, *answers]))  # noqa: SLF001 - it has no other way
    page[NameObject("/Resources")] = _fonts()
    writer._root_object[NameObject("/AcroForm")] = DictionaryObject(  # noqa: SLF001
        {
            NameObject("/Fields"): ArrayObject(fields),
            NameObject("/NeedAppearances"): BooleanObject(value=True),
            NameObject("/DR"): _fonts(),
            NameObject("/DA"): TextStringObject("/Helv 10 Tf 0 g"),
        }
    )
    into = io.BytesIO()
    writer.write(into)
    return into.getvalue()


def damaged(form: bytes) -> bytes:
    """The form as it comes off a memory stick that was pulled out too early."""
    return form[: len(form) * 2 // 3]


def _docx(body: str, title: str = TITLE) -> bytes:
    document = f'<w:document xmlns:w="{WORD}"><w:body>{_paragraph(title)}{body}<w:sectPr/></w:body></w:document>'
    files = {"[Content_Types].xml": CONTENT_TYPES, "_rels/.rels": RELATIONS, "word/document.xml": document}
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as package:
        for name, content in files.items():
            described = zipfile.ZipInfo(name, AT_NO_TIME)
            described.compress_type = zipfile.ZIP_DEFLATED
            declared = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{content}'
            package.writestr(described, declared.encode())
    return into.getvalue()


def _run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _paragraph(text: str) -> str:
    return f"<w:p>{_run(text)}</w:p>"


def _cell(content: str) -> str:
    return f"<w:tc><w:tcPr/>{content}</w:tc>"


def _control(label: str, text: str) -> str:
    empty = "" if text else "<w:showingPlcHdr/>"
    properties = f"<w:sdtPr><w:alias w:val={_quoted(label)}/>{empty}<w:text/></w:sdtPr>"
    return f"<w:sdt>{properties}<w:sdtContent>{_run(text or PLACEHOLDER)}</w:sdtContent></w:sdt>"


def _field(number: int, text: str) -> str:
    data = f'<w:ffData><w:name w:val="Text{number}"/><w:enabled/><w:textInput/></w:ffData>'
    begin = f'<w:r><w:fldChar w:fldCharType="begin">{data}</w:fldChar></w:r>'
    code = '<w:r><w:instrText xml:space="preserve"> FORMTEXT </w:instrText></w:r>'
    separate = '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    return f'{begin}{code}{separate}{_run(text)}<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def _quoted(text: str) -> str:
    return '"' + escape(text, {'"': "&quot;"}) + '"'


def _pdf_field(writer: PdfWriter, number: int, label: str, text: str) -> IndirectObject:
    top = PAGE[1] - MARGIN - ROW * (number + 1)
    corners = (MARGIN, top - 30, PAGE[0] - MARGIN, top - 12)
    field = {
        "/Type": NameObject("/Annot"),
        "/Subtype": NameObject("/Widget"),
        "/FT": NameObject("/Tx"),
        "/T": TextStringObject(f"field{number + 1}"),
        "/TU": TextStringObject(label),
        "/V": TextStringObject(text),
        "/F": NumberObject(4),
        "/DA": TextStringObject("/Helv 10 Tf 0 g"),
        "/Rect": ArrayObject(FloatObject(one) for one in corners),
    }
    named = DictionaryObject({NameObject(name): value for name, value in field.items()})
    return writer._add_object(named)  # noqa: SLF001


def _pdf_text(lines: list[str]) -> DecodedStreamObject:
    drawn = [
        f"BT /Helv 10 Tf {MARGIN} {PAGE[1] - MARGIN - ROW * number} Td ({_pdf_string(line)}) Tj ET"
        for number, line in enumerate(lines)
    ]
    stream = DecodedStreamObject()
    stream.set_data("\n".join(drawn).encode("latin-1", "replace"))
    return stream


def _pdf_string(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _fonts() -> DictionaryObject:
    helvetica = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    return DictionaryObject({NameObject("/Font"): DictionaryObject({NameObject("/Helv"): helvetica})})
