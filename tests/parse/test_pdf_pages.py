"""PDFs by their looks: printed and flattened forms, fields without names, Adobe's XFA forms."""

import io
from collections.abc import Sequence

import pytest
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from mailbot.parse.blocks import Table
from mailbot.parse.document import read_document
from mailbot.parse.pdf_print import Page, Word, blocks_of
from mailbot.parse.rules import FormRules
from mailbot.parse.xfa import read_xfa
from tests.parse.papers import paper

Text = tuple[float, float, str]
"""Where a text stands, in points from the left and from the top of the page, and the text."""


def pdf(
    texts: Sequence[Text] = (),
    fields: Sequence[dict[str, object]] = (),
    rules: Sequence[tuple[float, float, float, float]] = (),
    xfa: str = "",
    *,
    direct: bool = False,
) -> bytes:
    """A page of print with ruled lines, fields with boxes, and an XFA packet."""
    writer = PdfWriter()
    page = writer.add_blank_page(600, 800)
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): DictionaryObject({NameObject("/F"): font})})
    drawn = "".join(f"{a} {800 - b} m {c} {800 - d} l S\n" for a, b, c, d in rules)
    drawn += "".join(f"BT /F 10 Tf {left} {800 - top} Td ({text}) Tj ET\n" for left, top, text in texts)
    stream = DecodedStreamObject()
    stream.set_data(drawn.encode("cp1252"))
    page[NameObject("/Contents")] = writer._add_object(stream)
    widgets = [_widget(one) for one in fields]
    held = ArrayObject([one if direct else writer._add_object(one) for one in widgets])
    page[NameObject("/Annots")] = held
    form = DictionaryObject({NameObject("/Fields"): held})
    if xfa:
        packet = DecodedStreamObject()
        packet.set_data(xfa.encode())
        form[NameObject("/XFA")] = ArrayObject([TextStringObject("datasets"), writer._add_object(packet)])
    if fields or xfa:
        writer.root_object[NameObject("/AcroForm")] = form
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def _widget(field: dict[str, object]) -> DictionaryObject:
    made = DictionaryObject({NameObject("/Subtype"): NameObject("/Widget"), NameObject("/Type"): NameObject("/Annot")})
    for key, value in field.items():
        if key == "box":
            assert isinstance(value, tuple)
            left, top, right, bottom = value
            made[NameObject("/Rect")] = ArrayObject(
                [FloatObject(one) for one in (left, 800 - bottom, right, 800 - top)]
            )
        elif key == "state":
            states = DictionaryObject({NameObject(str(value)): NumberObject(0), NameObject("/Off"): NumberObject(0)})
            made[NameObject("/AP")] = DictionaryObject({NameObject("/N"): states})
        else:
            made[NameObject(key)] = (
                NameObject(str(value)) if str(value).startswith("/") else TextStringObject(str(value))
            )
    return made


def answers(content: bytes, rules: FormRules) -> dict[str, str]:
    rows = read_document(paper(content, "pdf", "form.pdf"), rules).rows
    return {one.field or one.label: one.answer for one in rows if one.answer}


PRINTED: list[Text] = [
    (50, 80, "Data incident report form"),
    (300, 120, "Sam Reporter"),
    (300, 140, "20/11/2026"),
    (300, 160, "Town Hall, in the post room"),
    (300, 172, "on the first floor"),
    (50, 120, "Name of person reporting"),
    (50, 140, "Date of incident"),
    (50, 160, "Place of incident"),
]
TOLD = {
    "reporter": "Sam Reporter",
    "occurred_date": "20/11/2026",
    "place": "Town Hall, in the post room on the first floor",
}


def test_labels_and_answers_meet_by_their_place_when_a_printed_form_lists_them_apart(rules: FormRules) -> None:
    assert answers(pdf(PRINTED), rules) == TOLD


def test_ruled_tables_are_read_when_a_form_was_flattened(rules: FormRules) -> None:
    lines = [(40.0, top, 560.0, top) for top in (105.0, 127.0, 147.0, 180.0)]
    lines += [(left, 105.0, left, 180.0) for left in (40.0, 290.0, 560.0)]

    assert answers(pdf(PRINTED, rules=lines), rules) == TOLD


@pytest.mark.parametrize("direct", [False, True], ids=["listed objects", "direct objects"])
def test_fields_without_a_name_are_asked_by_what_is_printed_beside_or_above_them(
    direct: bool, rules: FormRules
) -> None:
    content = pdf(
        [(50, 120, "Name of person reporting"), (50, 160, "What happened?")],
        [
            {"/FT": "/Tx", "/T": "Text1", "/V": "Sam Reporter", "box": (220, 108, 500, 124)},
            {"/FT": "/Tx", "/T": "Text2", "/V": "A phone was lost.", "box": (50, 165, 500, 260)},
        ],
        direct=direct,
    )

    assert answers(content, rules) == {"reporter": "Sam Reporter", "description": "A phone was lost."}


def test_the_words_behind_the_ticked_box_are_the_answer(rules: FormRules) -> None:
    content = pdf(
        [(50, 120, "Was the data encrypted?"), (265, 120, "Yes"), (335, 120, "No")],
        [
            {"/FT": "/Btn", "/T": "Check Box1", "/V": "/Off", "state": "/On", "box": (250, 110, 260, 122)},
            {"/FT": "/Btn", "/T": "Check Box2", "/V": "/On", "state": "/On", "box": (320, 110, 330, 122)},
        ],
    )

    assert answers(content, rules) == {"encrypted": "No"}


def test_fields_that_only_stand_on_a_page_are_read(rules: FormRules) -> None:
    content = pdf(fields=[{"/FT": "/Tx", "/T": "place", "/V": "Town Hall", "box": (50, 100, 90, 120)}]).replace(
        b"/AcroForm", b"/AcroForn"
    )

    assert answers(content, rules) == {"place": "Town Hall"}


def test_the_answers_of_an_xfa_form_are_read(rules: FormRules) -> None:
    data = '<xfa:datasets xmlns:xfa="urn:x"><xfa:data><form1><page><place>Town Hall</place><NameOfPersonReporting>Sam Reporter</NameOfPersonReporting><empty/></page></form1></xfa:data></xfa:datasets>'

    assert answers(pdf([(50, 50, "Please wait...")], xfa=data), rules) == {
        "place": "Town Hall",
        "reporter": "Sam Reporter",
    }


def test_the_questions_of_an_xfa_form_stand_in_its_template() -> None:
    template = b'<template><subform><field name="F7"><caption><value><text>Place of incident</text></value></caption></field></subform></template>'
    data = b"<xdp><datasets><data><f><F7>Town Hall</F7></f></data></datasets></xdp>"

    assert read_xfa({"template": template, "datasets": data}) == (("F7", "Place of incident", "Town Hall"),)
    assert read_xfa({"datasets": b"<broken"}) == ()
    assert read_xfa({"datasets": b'<!DOCTYPE d [<!ENTITY e "x">]><d>&e;</d>'}) == ()


def test_a_rule_that_was_taken_for_a_letter_parts_two_columns() -> None:
    line = [Word(text, left, 0, left + 20, 10) for text, left in (("Place", 0), ("|", 22), ("Town", 26))]
    words = [one._replace(top=30 * step, bottom=30 * step + 10) for step in range(3) for one in line]
    blocks = blocks_of([Page(tuple(words), ())])

    assert isinstance(blocks[0], Table)
    assert [[cell.text for cell in row] for row in blocks[0].rows] == [["Place", "Town"]] * 3
