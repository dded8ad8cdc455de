"""The severity assessment: filled in with what the bot proposes, and read back to the letter."""

import io
import tomllib
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from pydantic import ValidationError

from mailbot.assessment import Assessment, Classification, Classified, Factor, Grid, Reason
from mailbot.incident import FieldValue, Incident, Rating, Reporter
from mailbot.intake.email import Document
from mailbot.notify.forms.assessment import assessment_form
from mailbot.notify.forms.docx import docx_of
from mailbot.notify.forms.form import Form
from mailbot.parse.answer_text import clean_answer
from mailbot.parse.assessment_form import is_assessment, read_assessment
from mailbot.parse.assessment_rules import TAG, AssessmentForm
from mailbot.parse.blocks import Paragraph
from mailbot.parse.document import read_document
from mailbot.parse.docx import read_docx
from mailbot.parse.returned_assessment import ReturnedAssessment
from mailbot.parse.rules import FormRules
from mailbot.terms import Queue, Reference, Severity
from mailbot.triage.classification import ClassificationRules
from tests.parse.papers import odt

CONFIG = Path(__file__).parents[3] / "config"
OWN = AssessmentForm.model_validate(tomllib.loads((CONFIG / "assessment_form.toml").read_text("utf-8")))
REPORT = FormRules.model_validate(tomllib.loads((CONFIG / "form.toml").read_text("utf-8")))
LISTS = ClassificationRules.model_validate(tomllib.loads((CONFIG / "classification.toml").read_text("utf-8")))
CHOICES = {one: LISTS.values(one) for one in Classification}
AT = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)
CODE = "[DB2026014 k7f3q2]"
PLACEHOLDERS = REPORT.folded_placeholders
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

FACTORS = (
    Factor(name="data: sensitive", points=4, words="health records", source="ENISA 2013", quote="her care plan"),
    Factor(name="ease of identification", points=1, words="people are named outright", source="ENISA 2013"),
    Factor(
        name="confidentiality", points=0.25, words="who may have it is not known", source="ENISA 2013", known=False,
        field="recipients",
    ),
)  # fmt: skip


def an_incident(**changes: object) -> Incident:
    assessment = Assessment(severity=Severity.VERY_HIGH, score=4.25, factors=FACTORS, grid=Grid(likelihood=3, impact=4))
    given: dict[str, object] = {
        "id": "0f" * 16,
        "reference": Reference("DB2026014"),
        "queue": Queue.IG,
        "received_at": AT,
        "aware_at": AT,
        "reporter": Reporter(address="sam.porter@council.example"),
        "health_or_social_care": True,
        "facts": {
            "description": FieldValue(value="x", raw="Her care plan went to Mr Tallow.", source="mail", confidence=1)
        },
        "classified": {
            Classification.MEDIUM: Classified(value="Email", reasons=(Reason(words="by email", quote="emailed it"),))
        },
        "ratings": (Rating(severity=Severity.VERY_HIGH, at=AT, by="mailbot", provisional=True, assessment=assessment),),
    }
    return Incident.model_validate(given | changes)


def form_for(incident: Incident) -> Form:
    return assessment_form(OWN, incident, "Exampleshire County Council", CHOICES)


def read_back(content: bytes, kind: str = "docx") -> ReturnedAssessment:
    return read_assessment(Document(number=0, name="form.docx", type=kind, content=content), OWN, PLACEHOLDERS)


def filled(form: Form, answers: dict[str, str]) -> Form:
    """The form as its reader filled it in."""
    sections = tuple(
        section.but(
            questions=tuple(
                one.but(answer=answers.get(one.field.removeprefix(TAG), one.answer)) for one in section.questions
            )
        )
        for section in form.sections
    )
    return form.but(sections=sections)


def changed_in_word(content: bytes, old: str, new: str) -> bytes:
    """The document with some of its XML changed, as a person's typing changes it."""
    into = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as package, zipfile.ZipFile(into, "w") as written:
        for name in package.namelist():
            part = package.read(name).decode()
            if name == "word/document.xml":
                assert old in part
                part = part.replace(old, new, 1)
            written.writestr(name, part)
    return into.getvalue()


def without_controls(content: bytes) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as package, zipfile.ZipFile(into, "w") as written:
        for name in package.namelist():
            part = package.read(name)
            if name == "word/document.xml":
                root = etree.fromstring(part)
                for control in root.xpath("//w:sdt", namespaces={"w": WORD}):
                    at = control.getparent().index(control)
                    for run in control.xpath("w:sdtContent/*", namespaces={"w": WORD}):
                        control.getparent().insert(at, run)
                    control.getparent().remove(control)
                part = etree.tostring(root)
            written.writestr(name, part)
    return into.getvalue()


def test_the_form_proposes_what_the_bot_rates_and_says_why() -> None:
    asked = {
        one.field.removeprefix(TAG): one for section in form_for(an_incident()).sections for one in section.questions
    }

    assert asked["data"].answer.startswith("4: ")
    assert "health records (ENISA 2013), because: “her care plan”" in asked["data"].hint
    assert "The report does not say" in asked["confidentiality"].hint
    assert asked["likelihood"].answer.startswith("3: ")
    assert asked["medium"].answer == "Email"
    assert asked["rating"].answer == "Very high"
    assert (asked["because"].answer, asked["checked"].answer, asked["root_cause"].answer) == ("", "", "")


def test_a_circumstance_of_which_nothing_was_said_is_proposed_as_adding_nothing() -> None:
    asked = {
        one.field.removeprefix(TAG): one for section in form_for(an_incident()).sections for one in section.questions
    }
    assert [asked[name].answer[:2] for name in ("integrity", "availability", "malicious_intent")] == ["0:"] * 3


def test_the_grid_is_asked_only_where_health_or_social_care_is_concerned() -> None:
    fields = [
        one.field
        for section in form_for(an_incident(health_or_social_care=False)).sections
        for one in section.questions
    ]
    assert not {f"{TAG}likelihood", f"{TAG}impact"} & set(fields)


def test_an_incident_without_an_assessment_has_its_factors_to_be_filled_in() -> None:
    rating = Rating(severity=Severity.LOW, at=AT, by="mailbot", provisional=True)
    asked = {
        one.field: one.answer
        for section in form_for(an_incident(ratings=(rating,))).sections
        for one in section.questions
    }
    assert (asked[f"{TAG}data"], asked[f"{TAG}rating"]) == ("", "Low")


OFFERED = {one.name: [choice.shown for choice in one.choices] for one in OWN.questions if one.choices}
OFFERED |= {one.value: list(CHOICES[one]) for one in Classification}
OFFERED |= {"rating": ["Low", "Medium", "High", "Very high"]}
said = (
    st.text(st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="￾￿") | st.just("\n"), max_size=120)
    .map(lambda one: clean_answer(one, PLACEHOLDERS))
    .filter(lambda one: clean_answer(one, PLACEHOLDERS) == one)
)


@settings(deadline=None)
@given(
    st.fixed_dictionaries({}, optional={name: st.sampled_from(choices) for name, choices in OFFERED.items()}),
    said,
    st.sampled_from(["", "I have checked this form and confirm it"]),
    said,
)
def test_every_answer_is_read_back_to_the_letter(
    chosen: dict[str, str], because: str, checked: str, assessed_by: str
) -> None:
    answers = chosen | {"because": because, "checked": checked, "assessed_by": assessed_by}
    form = filled(form_for(an_incident()), answers)

    returned = read_back(docx_of(form, CODE))

    proposed = {one.field.removeprefix(TAG): one.answer for section in form.sections for one in section.questions}
    assert returned.answers == proposed | answers
    assert (returned.reference, returned.version, returned.rating, returned.beside) == (CODE, OWN.version, 1, False)


@settings(deadline=None)
@given(said)
def test_whatever_was_reported_does_not_pass_for_words_written_beside(words: str) -> None:
    fact = FieldValue(value="x", raw=words or "x", source="mail", confidence=1)
    facts = dict.fromkeys(("description", "medium", "severity", "root_cause"), fact)

    returned = read_back(docx_of(form_for(an_incident(facts=facts)), CODE))

    assert not returned.beside
    assert (returned.answers["medium"], returned.answers["rating"]) == ("Email", "Very high")


def test_the_form_is_read_alike_when_a_program_dropped_its_controls() -> None:
    content = docx_of(
        filled(form_for(an_incident()), {"rating": "High", "because": "Only one colleague saw it."}), CODE
    )

    returned = read_back(without_controls(content))

    assert returned.answers == read_back(content).answers
    assert not returned.beside


def as_odt(content: bytes) -> bytes:
    """The form as a program saves it that knows no content controls, its paragraphs and tables kept."""
    body = []
    for block in read_docx(content):
        if isinstance(block, Paragraph):
            body.append(f"<text:p>{escape(block.text)}</text:p>")
            continue
        rows = (
            "".join(f"<table:table-cell>{_lines(cell.text)}</table:table-cell>" for cell in cells)
            for cells in block.rows
        )
        body.append(
            f"<table:table>{''.join(f'<table:table-row>{row}</table:table-row>' for row in rows)}</table:table>"
        )
    return odt("".join(body))


def _lines(text: str) -> str:
    return "".join(f"<text:p>{escape(line)}</text:p>" for line in text.split("\n"))


def test_the_form_is_read_alike_when_it_was_saved_as_an_open_document() -> None:
    content = docx_of(filled(form_for(an_incident()), {"rating": "High", "because": "One colleague saw it."}), CODE)

    returned = read_back(as_odt(content), kind="odt")

    assert returned == read_back(content)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<w:sectPr>", "<w:p><w:r><w:t>I do not agree at all</w:t></w:r></w:p><w:sectPr>"),
        ("Your rating", "Your rating: this is wrong"),
        ("Her care plan went to Mr Tallow.", "It was another client’s care plan."),
    ],
)
def test_words_written_beside_the_boxes_are_noticed(old: str, new: str) -> None:
    assert read_back(changed_in_word(docx_of(form_for(an_incident()), CODE), old, new)).beside


def test_words_typed_behind_a_choice_are_kept_with_it() -> None:
    content = docx_of(form_for(an_incident()), CODE)
    at = content_of(content).index(f'w:val="{TAG}rating"')
    end = content_of(content).index("</w:sdt>", at)
    part = content_of(content)[end : end + len("</w:sdt></w:p>")]
    typed = changed_in_word(
        content,
        content_of(content)[at : end + len(part)],
        content_of(content)[at:end] + "</w:sdt><w:r><w:t> or less</w:t></w:r></w:p>",
    )
    assert read_back(typed).answers["rating"] == "Very high or less"


def content_of(docx: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        return package.read("word/document.xml").decode()


def test_a_form_that_lost_its_stamp_no_longer_says_which_one_it_is() -> None:
    returned = read_back(changed_in_word(docx_of(form_for(an_incident()), CODE), "check ", "checked "))
    assert (returned.version, returned.rating) == ("", 0)


def test_a_printed_form_is_known_and_not_read() -> None:
    returned = read_back(b"%PDF-1.7", kind="pdf")
    assert not returned.is_exact
    assert returned.answers == {}


def test_the_form_is_known_by_its_own_words_alone() -> None:
    content = docx_of(form_for(an_incident()), CODE)
    reading = read_document(Document(number=0, name="form.docx", type="docx", content=content), REPORT)

    assert is_assessment(reading.text, OWN)
    assert not is_assessment("The severity assessment of this form was high.", OWN)


def test_the_same_incident_gives_the_same_bytes() -> None:
    assert docx_of(form_for(an_incident()), CODE) == docx_of(form_for(an_incident()), CODE)


def test_each_part_of_the_document_is_well_formed() -> None:
    with zipfile.ZipFile(io.BytesIO(docx_of(form_for(an_incident()), CODE))) as package:
        assert all(etree.fromstring(package.read(name)) is not None for name in package.namelist())


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"field": "rating"}, "asks for rating twice"),
        ({"field": "colour"}, "the field colour means nothing"),
        ({"factor": "speed"}, "has no choices"),
        (
            {"factor": "speed", "choices": [{"points": 1, "words": "a"}, {"points": 1, "words": "b"}]},
            "points of its own",
        ),
        ({}, "needs either a field or a factor"),
    ],
)
def test_a_form_that_could_not_be_read_back_is_refused(changes: dict[str, object], problem: str) -> None:
    sections = [section.model_dump() for section in OWN.sections]
    sections.append({"title": "More", "questions": [{"question": "And what else?"} | changes]})
    with pytest.raises(ValidationError, match=problem):
        AssessmentForm.model_validate(OWN.model_dump() | {"sections": sections})
