"""A document of any kind as paragraphs and tables, as it lies in the file: pictures are not looked at."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from mailbot.intake.email import Document
from mailbot.parse.blocks import Block, Paragraph
from mailbot.parse.docx import read_docx
from mailbot.parse.html import read_html
from mailbot.parse.marked import read_old_word, read_rtf
from mailbot.parse.odt import read_odt
from mailbot.parse.pdf import printed_pages
from mailbot.parse.pdf_print import blocks_of
from mailbot.parse.plain import read_csv, read_text
from mailbot.parse.xlsx import read_xlsx

WORD_LIKE: Mapping[str, Callable[[bytes], tuple[Block, ...]]] = MappingProxyType(
    {
        "docx": read_docx,
        "doc": read_old_word,
        "odt": read_odt,
        "rtf": read_rtf,
        "xlsx": read_xlsx,
        "html": read_html,
    }
)
"""The formats that keep paragraphs and tables, by the type told from the content."""


def blocks_in(document: Document) -> tuple[Block, ...]:
    """Paragraphs and tables in order; of a PDF as they look on its pages. None for what only people open.

    Raises ``UnreadableDocumentError`` with the reason in plain words.
    """
    if document.type in WORD_LIKE:
        return WORD_LIKE[document.type](document.content)
    if document.type == "pdf":
        return blocks_of(printed_pages(document.content))
    if document.type != "text":
        return ()
    if document.name.lower().endswith(".csv"):
        return read_csv(document.content)
    return tuple(Paragraph(text=line.strip()) for line in read_text(document.content).splitlines())
