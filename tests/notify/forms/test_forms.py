"""Our own form: what it asks, how it is built, and that it is read back exactly."""

import io
import tomllib
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from pydantic import ValidationError

from mailbot.incident import FieldValue
from mailbot.intake.email import Address, Document, InboundEmail
from mailbot.notify.forms.docx import NEEDED, UNSURE, docx_of
from mailbot.notify.forms.form import Form, Question, Section
from mailbot.notify.forms.report_form import blank_report_form, filled_report_form
from mailbot.parse.answer_text import clean_answer
from mailbot.parse.dates import LONDON, understand_date
from mailbot.parse.document import read_document
from mailbot.parse.reading import DocumentReading
from mailbot.parse.report_form import read_report
from mailbot.parse.rules import FieldKind, FormRules, OwnForm, OwnQuestion, OwnSection

RULES = FormRules.model_validate(tomllib.loads((Path(__file__).parents[3] / "config" / "form.toml").read_text("utf-8")))
OWN = RULES.own or pytest.fail("the shipped form.toml describes a form")
EVERY_FIELD = OWN.but(
    sections=(
        OwnSection(title="All", questions=tuple(OwnQuestion(field=name, question=name) for name in RULES.fields)),
    )
)
COUNCIL = "Exampleshire County Council"
FRIDAY = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)
MOMENTS = {name for name, field in RULES.fields.items() if field.kind.is_moment}
NOBODY = InboundEmail(sender=Address(address="sam.porter@council.example"))


def fact(value: str, raw: str | None = None, confidence: float = 1.0) -> FieldValue:
    return FieldValue(value=value, raw=value if raw is None else raw, source="mail", confidence=confidence)


def filled(facts: dict[str, FieldValue], own: OwnForm = OWN, missing: tuple[str, ...] = ()) -> Form:
    return filled_report_form(RULES, own, COUNCIL, reference="DB2026014", facts=facts, missing=missing)


def read_back(form: Form, code: str = "") -> DocumentReading:
    return read_document(Document(number=0, name="form.docx", type="docx", content=docx_of(form, code)), RULES)


def answers(form: Form) -> dict[str, str]:
    return {row.field: row.answer for row in read_back(form).rows if row.answer and row.field != "external_ref"}


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def clean(said: str) -> str:
    return clean_answer(said, RULES.folded_placeholders)


seen = st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff") | st.just("\n")
typed = st.text(seen, max_size=80).map(clean).filter(lambda said: said and clean(said) == said)
misleading = st.sampled_from(
    [
        "Line manager", "Email", "Name: Jo", "Group: North", "What happened?", "yes / later", "1.", "Manager\nPhone: 1",
        "a & b < c > d", '"quoted"', "Actions: none\nSubjects: 4", "Yes", "No", "Not known", "Partly", "]]>", "&amp;",
    ]
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(sorted(set(RULES.fields) - MOMENTS)), typed | misleading, max_size=12))
def test_every_answer_is_read_back_to_the_letter_under_its_field(said: dict[str, str]) -> None:
    form = filled({name: fact(answer) for name, answer in said.items()}, EVERY_FIELD)

    reading = read_back(form)

    assert {
        row.field: row.answer for row in reading.rows if row.answer and row.source != "form.docx, table 1 row 1"
    } == said
    assert all(row.confidence == 1.0 for row in reading.rows if row.answer)


@given(st.sampled_from(sorted(RULES.fields)), typed | misleading)
def test_every_field_can_hold_whatever_was_written(name: str, said: str) -> None:
    form = Form(
        title=OWN.title,
        council=COUNCIL,
        sections=(
            Section(
                title="A", questions=(Question(field=name, question="Ask", kind=RULES.kind_of(name), answer=said),)
            ),
        ),
    )
    assert [(row.field, row.answer) for row in read_back(form).rows] == [(name, said)]


@given(st.integers(0, 10 * 365 * 24 * 60), st.sampled_from(["occurred_at", "discovered_at"]))
def test_a_moment_is_read_back_as_the_same_moment_whatever_was_written_first(minutes: int, name: str) -> None:
    told = (datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)).astimezone(LONDON)
    form = filled({name: fact(told.isoformat(), "last night")})

    report = read_report(NOBODY, (read_back(form),), datetime(2030, 6, 1, tzinfo=UTC), RULES)

    assert report.fields[name].value == told.isoformat()
    assert "last night" not in docx_of(form).decode("latin-1")


def test_a_day_stays_a_day_when_no_time_was_told() -> None:
    value = understand_date("20 November 2026", FRIDAY).iso
    assert answers(filled({"occurred_at": fact(value, "on Friday")})) == {"occurred_at": "20 November 2026"}


def test_a_date_that_was_not_understood_stays_as_it_was_written() -> None:
    said = "some time before the move"
    assert answers(filled({"occurred_at": fact(said, said, 0.3)})) == {"occurred_at": said}


@pytest.mark.parametrize("minute", [0, 30])
@pytest.mark.parametrize("fold", [0, 1])
def test_the_hour_that_comes_twice_in_autumn_keeps_its_place(minute: int, fold: int) -> None:
    told = datetime(2026, 10, 25, 1, minute, tzinfo=LONDON, fold=fold)
    report = read_report(NOBODY, (read_back(filled({"occurred_at": fact(told.isoformat())})),), FRIDAY, RULES)
    assert report.occurred_at == told.astimezone(UTC)


@pytest.mark.parametrize("said", ["Yes", "No", "Not known", "I think so, but not the stick"])
def test_a_tick_and_other_words_are_read_back_alike(said: str) -> None:
    assert answers(filled({"encrypted": fact(said)})) == {"encrypted": said}


def test_a_blank_form_is_read_as_an_empty_report_form() -> None:
    reading = read_back(blank_report_form(RULES, OWN, COUNCIL))
    assert (reading.is_form, reading.outcome) == (True, "read: it is an empty form")


def test_the_reference_and_its_code_are_read_back() -> None:
    reading = read_back(filled({}), "[DB2026014 k7f3q2]")
    assert [(row.field, row.answer) for row in reading.rows if row.answer] == [("external_ref", "[DB2026014 k7f3q2]")]


def test_every_question_is_known_by_its_words_when_a_program_dropped_the_controls() -> None:
    said = {
        question.field: f"answer {number}"
        for number, question in enumerate(OWN.questions)
        if question.field not in MOMENTS
    }
    content = docx_of(filled({name: fact(answer) for name, answer in said.items()}))
    bare = io.BytesIO()
    with zipfile.ZipFile(bare, "w") as package:
        for name, part in parts(content).items():
            package.writestr(name, _without_controls(part) if name == "word/document.xml" else part)

    reading = read_document(Document(number=0, name="f.docx", type="docx", content=bare.getvalue()), RULES)

    assert {row.field: row.answer for row in reading.rows if row.answer.startswith("answer")} == said


def _without_controls(part: bytes) -> bytes:
    root = etree.fromstring(part)
    space = {"w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main"}
    for control in root.xpath("//w:sdt", namespaces=space):
        at = control.getparent().index(control)
        for run in control.xpath("w:sdtContent/*", namespaces=space):
            control.getparent().insert(at, run)
        control.getparent().remove(control)
    return etree.tostring(root)


def test_the_same_form_is_the_same_bytes() -> None:
    assert docx_of(filled({"description": fact("It was lost.")})) == docx_of(
        filled({"description": fact("It was lost.")})
    )


def test_every_part_is_well_formed_whatever_was_written() -> None:
    said = "\x00\x0b<w:p>&\ud800 ]]> 'a' \"b\" \U0001f600"
    for name, part in parts(docx_of(filled({"description": fact(said)}), "[<&>]")).items():
        assert etree.fromstring(part) is not None, name


def test_what_is_needed_is_said_in_words() -> None:
    blank = parts(docx_of(blank_report_form(RULES, OWN, COUNCIL)))["word/document.xml"].decode()
    asked = {question.field for question in OWN.questions}
    assert blank.count(NEEDED) == sum(1 for name in asked if RULES.fields[name].required)


def test_only_what_is_still_missing_is_needed_once_somebody_has_reported() -> None:
    form = filled({"subjects": fact("40")}, missing=("actions", "subjects"))
    assert [one.field for section in form.sections for one in section.questions if one.needed] == ["actions"]


def test_an_answer_that_was_read_unsurely_is_to_be_checked() -> None:
    content = parts(docx_of(filled({"subjects": fact("40", confidence=0.6)})))["word/document.xml"].decode()
    assert content.count(UNSURE) == 1
    assert UNSURE not in parts(docx_of(filled({"subjects": fact("40")})))["word/document.xml"].decode()


def test_the_form_warns_against_sending_the_information_itself() -> None:
    assert "do not attach or copy in the information itself" in OWN.important


def test_each_control_has_a_name_of_its_own_and_cannot_be_deleted() -> None:
    root = etree.fromstring(parts(docx_of(filled({})))["word/document.xml"])
    space = {"w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main"}
    controls = root.xpath("//w:sdtPr", namespaces=space)
    numbers = root.xpath("//w:sdtPr/w:id/@w:val", namespaces=space)
    assert len(set(numbers)) == len(controls) > len(OWN.questions)
    assert len(root.xpath("//w:sdtPr[w:alias][w:tag][w:lock]", namespaces=space)) == len(controls)
    assert {table.get(f"{{{space['w']}}}val") for table in root.xpath("//w:tblCaption", namespaces=space)} >= {
        "About you"
    }


@pytest.mark.parametrize(
    ("questions", "problem"),
    [
        (OWN.questions[:3], "own does not ask for"),
        ((*OWN.questions, OwnQuestion(field="subjects", question="Again?")), "own asks for subjects twice"),
        ((*OWN.questions, OwnQuestion(field="colour", question="Colour?")), "own asks for colour, which is no field"),
    ],
)
def test_a_form_that_cannot_work_is_refused_with_the_reason(questions: tuple[OwnQuestion, ...], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        RULES.but(own=OWN.but(sections=(OwnSection(title="All", questions=questions),)))


def test_a_date_field_is_filled_in_by_its_day() -> None:
    fields = {name: field for name, field in RULES.fields.items() if field.kind is FieldKind.DATE}
    on = date(2026, 11, 20) - timedelta(days=1)
    for name in fields:
        assert answers(filled({name: fact(on.isoformat(), "yesterday")}, EVERY_FIELD)) == {name: "19 November 2026"}
