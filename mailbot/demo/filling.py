"""Fills in a form of the bot as Word does: the words go into its content controls, and nothing else changes."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from lxml import etree

from mailbot.demo.forms import AT_NO_TIME
from mailbot.demo.servers import DemoError

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WORD_14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
DOCUMENT = "word/document.xml"
LONGEST_TITLE = 64
"""Word cuts the title of a control there."""


def can_fill_in(form: bytes, answers: Mapping[str, str]) -> bool:
    """Whether every question stands in that form."""
    titles = {_title(one) for one in _controls(_parsed(form))}
    return all(_asked(question) in titles or _ticked(question, said) in titles for question, said in answers.items())


def filled_in(form: bytes, answers: Mapping[str, str], rows: Sequence[Sequence[str]] = ()) -> bytes:
    """The same Word file with these answers, by question. ``rows`` go into the columns of its table, row by row.

    Raises ``DemoError`` for a question that the form does not ask.
    """
    if not can_fill_in(form, answers):
        raise DemoError(f"the form asks none of these: {', '.join(answers)}")
    document = _parsed(form)
    for question, said in answers.items():
        for control in _controls(document):
            if _title(control) == _asked(question):
                _write(control, said)
            elif _title(control) == _ticked(question, said):
                _tick(control)
    in_table = [one for one in _controls(document) if _is_cell(one)]
    for control, said in zip(in_table, (said for row in rows for said in row), strict=False):
        _write(control, said)
    return _packed(form, etree.tostring(document, xml_declaration=True, encoding="UTF-8", standalone=True))


def _is_cell(control: Any) -> bool:
    """Whether a control stands in a table of more columns than question and answer."""
    row = next(control.iterancestors(f"{WORD}tr"), None)
    return row is not None and len(row.findall(f"{WORD}tc")) > 2  # noqa: PLR2004 -- question and answer


def _parsed(form: bytes) -> Any:
    with zipfile.ZipFile(io.BytesIO(form)) as package:
        return etree.fromstring(package.read(DOCUMENT))


def _packed(form: bytes, document: bytes) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(form)) as old, zipfile.ZipFile(into, "w") as new:
        for name in old.namelist():
            described = zipfile.ZipInfo(name, AT_NO_TIME)
            described.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(described, document if name == DOCUMENT else old.read(name))
    return into.getvalue()


def _controls(document: Any) -> list[Any]:
    return list(document.iter(f"{WORD}sdt"))


def _title(control: Any) -> str:
    alias = control.find(f"{WORD}sdtPr/{WORD}alias")
    return "" if alias is None else str(alias.get(f"{WORD}val"))


def _asked(question: str) -> str:
    return question[:LONGEST_TITLE]


def _ticked(question: str, said: str) -> str:
    return f"{said}: {question}"[:LONGEST_TITLE]


def _write(control: Any, said: str) -> None:
    """Puts words into a box, in place of the words that invite to it."""
    properties, content = control.find(f"{WORD}sdtPr"), control.find(f"{WORD}sdtContent")
    for placeholder in properties.findall(f"{WORD}showingPlcHdr"):
        properties.remove(placeholder)
    content.clear()
    run = etree.SubElement(content, f"{WORD}r")
    etree.SubElement(run, f"{WORD}t", {"{http://www.w3.org/XML/1998/namespace}space": "preserve"}).text = said


def _tick(control: Any) -> None:
    control.find(f".//{WORD_14}checked").set(f"{WORD_14}val", "1")
    control.find(f"{WORD}sdtContent").find(f".//{WORD}t").text = "☒"
