"""The investigation report as it is sent: what it asks, what it tells, and what it cannot hold (paras 52, 54, 69)."""

import io
import tomllib
import zipfile
from datetime import UTC, datetime

import pytest
from lxml import etree
from pydantic import ValidationError

from mailbot.assessment import Classification
from mailbot.notify.forms.docx import docx_of
from mailbot.notify.forms.form import Form, Question, Rows
from mailbot.notify.forms.investigation import NONE_KNOWN, NOT_KNOWN, investigation_form
from mailbot.parse.investigation_rules import InvestigationForm
from mailbot.parse.returned import ReturnedInvestigation
from mailbot.terms import Reference
from tests.parse.investigations import CHOICES, CODE, CONFIG, FILLED, OWN, WORD, form_of, read_back, view


def stated(form: Form) -> dict[str, str]:
    return {one.label: one.said for section in form.sections for one in section.stated}


def questions(form: Form) -> dict[str, Question]:
    return {one.field.removeprefix("investigation."): one for section in form.sections for one in section.questions}


def table(form: Form) -> Rows:
    return next(section.table for section in form.sections if section.table)


def document(form: Form) -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(docx_of(form, CODE))) as package:
        return etree.fromstring(package.read("word/document.xml"))


def test_the_incident_is_told_in_words_of_the_configuration() -> None:
    assert stated(form_of()) == {
        "Group where it happened": "Libraries and Archives",
        "Type of incident": "Data posted to the wrong address",
        "Severity at present": "Medium (provisional)",
        "When it happened": "19 November 2026, 9am",
        "When it was first noticed": NOT_KNOWN,
        "When it was reported": "20 November 2026, 7:30pm",
        "Earlier incidents on record": "DB2026003",
    }


def test_what_is_not_known_is_said_to_be_so() -> None:
    form = investigation_form(OWN, view(group=None, incident_type=None, occurred_at=None, provisional=False))

    told = stated(form)
    assert (told["Group where it happened"], told["Type of incident"]) == (NOT_KNOWN, NOT_KNOWN)
    assert told["Severity at present"] == "Medium"
    assert told["Earlier incidents on record"] == NONE_KNOWN


def test_earlier_incidents_are_told_by_their_references_alone() -> None:
    earlier = [Reference("DB2026009"), Reference("DB2026003"), Reference("DB2026009")]

    assert (
        stated(investigation_form(OWN, view(), repeats=earlier))["Earlier incidents on record"]
        == "DB2026009 and DB2026003"
    )


def test_the_day_it_is_due_is_told_where_the_council_wants_it() -> None:
    own = OWN.but(sections=(OWN.sections[0].but(tells={"due_at": "Please return it by"}), *OWN.sections[1:]))

    form = investigation_form(own, view(), due_at=datetime(2026, 11, 29, 17, 0, tzinfo=UTC))

    assert stated(form)["Please return it by"] == "29 November 2026, 5pm"


def test_root_cause_and_action_are_chosen_from_the_lists_of_the_published_report() -> None:
    asked = questions(form_of())

    assert asked["root_cause"].choices == CHOICES[Classification.ROOT_CAUSE]
    assert asked["action_taken"].choices == CHOICES[Classification.ACTION_TAKEN]
    assert questions(investigation_form(OWN, view()))["root_cause"].choices == ()


def test_at_least_six_numbered_rows_wait_for_recommendations() -> None:
    rows = table(form_of())

    assert [one.heading for one in rows.columns] == list(OWN.recommendations.headings)
    assert [row[0] for row in rows.rows] == [str(number) for number in range(1, 9)]
    assert {cell for row in rows.rows for cell in row[1:]} == {""}


def test_a_report_that_is_sent_back_for_more_need_not_be_written_twice() -> None:
    form = form_of(FILLED.but(cleared=False))

    assert questions(form)["observations"].answer == FILLED.findings["observations"]
    assert [row[0] for row in table(form).rows] == [str(number) for number in range(1, 9)]
    assert questions(form)["cleared"].answer == ""


def test_a_report_with_many_recommendations_still_has_room_for_more() -> None:
    many = FILLED.but(recommendations=tuple(FILLED.recommendations[0].but(number=number) for number in range(1, 13)))

    assert [row[0] for row in table(form_of(many)).rows][-2:] == ["13", "14"]


def test_whatever_is_needed_says_so_until_it_is_answered() -> None:
    assert questions(form_of())["observations"].needed
    assert questions(form_of())["cleared"].needed
    assert not questions(form_of())["lessons"].needed
    assert not questions(form_of(FILLED))["observations"].needed


def test_the_form_warns_against_naming_the_people_affected() -> None:
    assert "do not name the people affected" in form_of().important


def test_the_table_is_headed_on_every_page_and_each_cell_of_it_is_a_control() -> None:
    root = document(form_of())

    heads = root.xpath("//w:tr[w:trPr/w:tblHeader]", namespaces=WORD)
    tags = root.xpath("//w:tag/@w:val", namespaces=WORD)
    assert len(heads) == 1
    assert {tags.count(f"investigation.{name}") for name in ("recommendation", "owner", "by_when")} == {8}
    numbers = root.xpath("//w:sdtPr/w:id/@w:val", namespaces=WORD)
    assert len(set(numbers)) == len(numbers)


def test_the_same_form_is_the_same_bytes() -> None:
    assert docx_of(form_of(FILLED), CODE) == docx_of(form_of(FILLED), CODE)


def test_a_blank_form_bears_its_reference_with_the_code() -> None:
    assert read_back(docx_of(form_of(), CODE)) == ReturnedInvestigation(
        source="report.docx", reference=CODE, problems=read_back(docx_of(form_of(), CODE)).problems
    )


RAW = tomllib.loads((CONFIG / "investigation_form.toml").read_text("utf-8"))
ASKS = [question for section in RAW["sections"] for question in section.get("questions", [])]


def spoilt(**changes: object) -> dict[str, object]:
    return RAW | changes


def only(*fields: str) -> list[dict[str, object]]:
    return [{"title": "All", "questions": [one for one in ASKS if one["field"] in fields]}]


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (spoilt(sections=only("root_cause", "action_taken")), "does not ask for cleared, which it must"),
        (spoilt(sections=only("cleared", "action_taken")), "does not ask for root_cause"),
        (spoilt(sections=[*RAW["sections"], *only("risks")]), "asks for risks twice"),
        (
            spoilt(sections=[{"title": "A", "tells": {"reporter": "Reporter"}}, *RAW["sections"]]),
            "tells reporter, which it cannot",
        ),
        (
            spoilt(
                sections=[
                    *RAW["sections"],
                    {"title": "A", "questions": [{"field": "more", "question": "Our Reference"}]},
                ]
            ),
            "says “our reference” over two answers",
        ),
        (spoilt(recommendations=RAW["recommendations"] | {"rows": 5}), "greater than or equal to 6"),
        (spoilt(recommendations=RAW["recommendations"] | {"before": "Nowhere"}), "before names no section: Nowhere"),
        (spoilt(colour="red"), "Extra inputs are not permitted"),
    ],
)
def test_a_form_that_cannot_work_is_refused_with_the_reason(raw: dict[str, object], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        InvestigationForm.model_validate(raw)


def test_the_confirmation_must_be_a_tick() -> None:
    untickable = [one | {"ticks": []} if one["field"] == "cleared" else one for one in ASKS]

    with pytest.raises(ValidationError, match="cleared must be ticked"):
        InvestigationForm.model_validate(spoilt(sections=[{"title": "What we can learn", "questions": untickable}]))
