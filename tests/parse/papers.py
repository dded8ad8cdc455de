"""Small documents written by hand, byte for byte as Word and its rivals lay them out."""

import io
import zipfile
from collections.abc import Iterable, Mapping

from mailbot.intake.email import Document

WORD = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)


def run(text: str, looks: str = "") -> str:
    return f'<w:r>{f"<w:rPr>{looks}</w:rPr>" if looks else ""}<w:t xml:space="preserve">{text}</w:t></w:r>'


def para(*inside: str, style: str = "") -> str:
    looks = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{looks}{''.join(part if part.startswith('<') else run(part) for part in inside)}</w:p>"


def cell(*inside: str, merge: str = "") -> str:
    looks = f"<w:tcPr>{merge}</w:tcPr>" if merge else ""
    return f"<w:tc>{looks}{''.join(part if part.startswith('<') else para(part) for part in inside)}</w:tc>"


def row(*cells: str, looks: str = "") -> str:
    return f"<w:tr>{looks}{''.join(one if one.startswith(('<w:tc', '<w:sdt')) else cell(one) for one in cells)}</w:tr>"


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def control(inside: str, tag: str = "", kind: str = "", *, placeholder: bool = False) -> str:
    shown = "<w:showingPlcHdr/>" if placeholder else ""
    name = f'<w:tag w:val="{tag}"/>' if tag else ""
    return f"<w:sdt><w:sdtPr>{name}{kind}{shown}</w:sdtPr><w:sdtContent>{inside}</w:sdtContent></w:sdt>"


def tick_box(*, ticked: bool) -> str:
    kind = f'<w14:checkbox><w14:checked w14:val="{int(ticked)}"/></w14:checkbox>'
    return control(run("☒" if ticked else "☐"), kind=kind)


def legacy(data: str, result: str = "", code: str = "FORMTEXT") -> str:
    shown = f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run(result)}' if result else ""
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:name w:val="Text1"/>{data}</w:ffData></w:fldChar></w:r>'
        f'<w:r><w:instrText> {code} </w:instrText></w:r>{shown}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def package(parts: Mapping[str, str | bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in parts.items():
            opened.writestr(name, content)
    return target.getvalue()


def docx(*blocks: str, head: str = "") -> bytes:
    return package({"word/document.xml": f"{head}<w:document {WORD}><w:body>{''.join(blocks)}</w:body></w:document>"})


def form(*rows: Iterable[str]) -> bytes:
    return docx(table(*(row(*cells) for cells in rows)))


def odt(body: str) -> bytes:
    names = "office:urn:oasis:names:tc:opendocument:xmlns:office:1.0 text:urn:oasis:names:tc:opendocument:xmlns:text:1.0 table:urn:oasis:names:tc:opendocument:xmlns:table:1.0"
    spaces = " ".join(f'xmlns:{name.partition(":")[0]}="{name.partition(":")[2]}"' for name in names.split())
    return package(
        {
            "content.xml": f"<office:document-content {spaces}><office:body><office:text>{body}</office:text></office:body></office:document-content>"
        }
    )


def paper(content: bytes, kind: str = "docx", name: str = "form.docx", number: int = 1) -> Document:
    return Document(number=number, name=name, type=kind, content=content)
