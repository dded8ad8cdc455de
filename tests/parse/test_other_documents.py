"""PDF, OpenDocument and plain text, and what makes any document a report form."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from mailbot.parse.document import read_document
from mailbot.parse.rules import FormRules
from tests.parse.papers import docx, form, odt, paper, para


def pdf(*fields: dict[str, object], password: str = "") -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(300, 300)
    held = ArrayObject()
    for field in fields:
        held.append(
            writer._add_object(DictionaryObject({NameObject(key): _pdf_value(value) for key, value in field.items()}))
        )
    writer.root_object[NameObject("/AcroForm")] = DictionaryObject({NameObject("/Fields"): held})
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def _pdf_value(value: object) -> NameObject | TextStringObject | ArrayObject:
    if isinstance(value, list):
        return ArrayObject([_pdf_value(one) for one in value])
    return NameObject(str(value)) if str(value).startswith("/") else TextStringObject(str(value))


def answers(content: bytes, kind: str, rules: FormRules) -> dict[str, str]:
    return {
        one.field or one.label: one.answer
        for one in read_document(paper(content, kind, f"form.{kind}"), rules).rows
        if one.answer
    }


def test_pdf_fields_are_read_by_their_tooltips(rules: FormRules) -> None:
    content = pdf(
        {"/FT": "/Tx", "/T": "Text1", "/TU": "Name of person reporting", "/V": "Zoë Reporter"},
        {"/FT": "/Tx", "/T": "occurred_date", "/V": "20/11/2026"},
        {"/FT": "/Tx", "/T": "placeOfIncident", "/V": "Town Hall"},
    )

    assert answers(content, "pdf", rules) == {
        "reporter": "Zoë Reporter",
        "occurred_date": "20/11/2026",
        "place": "Town Hall",
    }


@pytest.mark.parametrize(
    ("field", "answer"),
    [
        ({"/FT": "/Btn", "/V": "/Yes"}, "Yes"),
        ({"/FT": "/Btn", "/V": "/1"}, "Yes"),
        ({"/FT": "/Btn", "/V": "/Partly"}, "Partly"),
        ({"/FT": "/Btn", "/V": "/Off"}, ""),
        ({"/FT": "/Ch", "/V": "b", "/Opt": [["a", "Paper"], ["b", "Email"]]}, "Email"),
        ({"/FT": "/Ch", "/V": ["a", "b"], "/Opt": [["a", "Paper"], ["b", "Email"]]}, "Paper; Email"),
    ],
)
def test_a_box_or_choice_is_read_as_a_person_sees_it(field: dict[str, object], answer: str, rules: FormRules) -> None:
    content = pdf({"/T": "encrypted", **field}, {"/FT": "/Tx", "/T": "place", "/V": "Town Hall"})

    assert answers(content, "pdf", rules).get("encrypted", "") == answer


def test_the_outcome_says_so_when_a_pdf_has_a_password(rules: FormRules) -> None:
    content = pdf({"/FT": "/Tx", "/T": "place", "/V": "Town Hall"}, password="secret")

    assert read_document(paper(content, "pdf"), rules).outcome == "could not be read: it is protected by a password"


def test_a_person_is_asked_when_a_pdf_holds_no_text_and_nothing_reads_pictures(rules: FormRules) -> None:
    assert read_document(paper(pdf(), "pdf"), rules).outcome.endswith("is not installed; a person must open it")


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"%PDF-1.7\n%%EOF", pdf()[:200]])
def test_the_outcome_says_so_when_a_pdf_is_damaged(content: bytes, rules: FormRules) -> None:
    assert read_document(paper(content, "pdf"), rules).outcome.startswith("could not be read: ")


def test_an_opendocument_table_is_read(rules: FormRules) -> None:
    cells = "".join(
        f"<table:table-cell><text:p>{text}</text:p></table:table-cell>" for text in ("Location", "Town<text:s/>Hall")
    )

    assert answers(odt(f"<table:table><table:table-row>{cells}</table:table-row></table:table>"), "odt", rules) == {
        "place": "Town Hall"
    }


def test_labels_broken_over_lines_are_put_together_when_a_text_is_flat(rules: FormRules) -> None:
    lines = [
        "Name of person",
        "reporting",
        "Sam Reporter",
        "Number of data subjects",
        "affected, if known:",
        "14",
        "20.11.2026",
        "Place of incident:",
        "Town Hall",
    ]

    assert answers("\n".join(lines).encode(), "text", rules) == {
        "reporter": "Sam Reporter",
        "subjects": "14",
        "place": "Town Hall",
    }


def test_a_document_is_a_form_when_it_says_so_at_the_top(rules: FormRules) -> None:
    content = docx(para("Exampleshire County Council"), para("DATA BREACH  report form"))

    assert read_document(paper(content), rules).is_form


def test_a_document_is_a_form_when_it_asks_what_only_a_report_asks(rules: FormRules) -> None:
    content = form(["Name", ""], ["What happened?", ""], ["Date of incident", ""], ["Number of people affected", ""])

    assert read_document(paper(content), rules).is_form


@pytest.mark.parametrize(
    "content",
    [
        form(
            ["Name", "Sam"],
            ["Job title", "Clerk"],
            ["Email", "sam@council.example"],
            ["Telephone", "01632 960001"],
            ["Line manager", "Lee"],
            ["Date", "1/2/2026"],
        ),
        docx(
            para("Minutes of the meeting"),
            para("Training: the new form was explained."),
            para("Summary: all went well."),
        ),
        docx(para("The incident was discussed at length and a report will follow.")),
        b"",
    ],
    ids=["a leave form", "minutes", "a letter", "nothing"],
)
def test_a_document_is_no_form_when_it_asks_other_things(content: bytes, rules: FormRules) -> None:
    assert not read_document(paper(content), rules).is_form


@settings(max_examples=60, deadline=None)
@given(
    cut=st.integers(0, 4000),
    flips=st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 255)), max_size=8),
    kind=st.sampled_from(["docx", "odt", "pdf", "text"]),
)
def test_nothing_is_raised_whatever_a_stranger_sends(
    cut: int, flips: list[tuple[int, int]], kind: str, rules: FormRules
) -> None:
    whole = bytearray(
        pdf({"/FT": "/Tx", "/T": "place", "/V": "Town Hall"}) if kind == "pdf" else form(["What happened?", "A thing"])
    )
    for position, value in flips:
        whole[position % len(whole)] = value

    assert read_document(paper(bytes(whole[: max(1, cut % (len(whole) + 1))]), kind), rules).outcome
