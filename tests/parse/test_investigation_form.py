"""The investigation report that comes back: exactly what was written, whatever was done to the file, and what is missing."""

from collections.abc import Callable
from datetime import date
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from mailbot.intake.email import Document
from mailbot.investigation import Recommendation
from mailbot.notify.forms.docx import docx_of
from mailbot.notify.forms.report_form import blank_report_form
from mailbot.parse.document import read_document
from mailbot.parse.investigation_form import BESIDE, is_investigation, read_investigation, read_typed, together
from mailbot.parse.recommendations import Written, understand
from mailbot.parse.returned import ReturnedInvestigation, ReturnProblem, Shortcoming
from tests.parse import papers
from tests.parse.investigations import (
    CODE,
    FILLED,
    FORM,
    FRIDAY,
    OWN,
    WORD,
    as_odt,
    as_rtf,
    docx_filled,
    edited,
    form_of,
    read_back,
    rows_of,
    ticked,
    without_controls,
)
from tests.parse.papers_97 import word_97

BLANK = docx_of(form_of(), CODE)
WHOLE = docx_filled()
FORMATS: dict[str, Callable[[list[list[str] | str]], bytes]] = {"odt": as_odt, "rtf": as_rtf}


def what(returned: ReturnedInvestigation) -> list[tuple[Shortcoming, int]]:
    return [(one.what, one.number) for one in returned.problems]


def shortcomings(returned: ReturnedInvestigation) -> list[Shortcoming]:
    return [one.what for one in returned.problems]


def cells_of(root: etree._Element, tag: str) -> list[etree._Element]:
    return list(root.xpath(f"//w:tc[.//w:tag[@w:val='investigation.{tag}']]", namespaces=WORD))


def write(cell: etree._Element, said: str) -> None:
    """Types into a cell as Word saves it where somebody wrote over its control."""
    for part in cell.xpath("w:p", namespaces=WORD):
        cell.remove(part)
    cell.append(etree.fromstring(f'<w:p xmlns:w="{WORD["w"]}"><w:r><w:t>{said}</w:t></w:r></w:p>'))


def typed_row(*texts: str) -> etree._Element:
    return etree.fromstring(f"<w:x {papers.WORD}>{papers.row(*texts)}</w:x>")[0]


def table_of(root: etree._Element) -> etree._Element:
    found: etree._Element = root.xpath("//w:tbl[.//w:tag[@w:val='investigation.recommendation']]", namespaces=WORD)[0]
    return found


def test_a_filled_form_is_read_back_exactly() -> None:
    assert read_back(WHOLE) == FILLED


@pytest.mark.parametrize("kind", FORMATS)
def test_a_form_saved_in_another_format_says_the_same(kind: str) -> None:
    returned = read_back(FORMATS[kind](rows_of(WHOLE)), kind)

    assert returned == FILLED


def test_a_form_saved_as_word_97_is_read() -> None:
    answered = [OWN.questions[0].question, "Two letters lay in the printer together."]
    made = ["1", "Train the team", "jo.fenn@council.example", "31 January 2027"]
    content = word_97("Investigation report", answered, list(OWN.recommendations.headings), made)

    returned = read_back(content, "doc")

    assert returned.findings == {"observations": "Two letters lay in the printer together."}
    assert [(one.text, one.due_on) for one in returned.recommendations] == [("Train the team", date(2027, 1, 31))]


def test_a_form_whose_controls_were_dropped_says_the_same() -> None:
    assert read_back(edited(WHOLE, without_controls)) == FILLED


@pytest.mark.parametrize("kind", ["docx", *FORMATS])
def test_an_empty_form_says_that_it_is_empty_and_nothing_else(kind: str) -> None:
    returned = read_back(FORMATS[kind](rows_of(BLANK)) if kind in FORMATS else BLANK, kind)

    assert shortcomings(returned) == [Shortcoming.EMPTY]
    assert returned.findings == {}
    assert returned.reference == CODE


def test_a_half_filled_form_names_each_question_that_is_missing() -> None:
    half = FILLED.but(
        findings={"observations": "It was posted twice."}, root_cause="", recommendations=(), cleared=False
    )

    returned = read_back(docx_filled(half))

    asked = [one.question for one in returned.problems if one.what is Shortcoming.NOT_ANSWERED]
    assert asked == [
        one.question for one in OWN.questions if one.field in {"non_compliance", "risks", "consequences", "root_cause"}
    ]
    assert shortcomings(returned)[-2:] == [Shortcoming.NO_RECOMMENDATION, Shortcoming.NOT_CLEARED]
    assert returned.action == "Training"


@pytest.mark.parametrize("kind", ["docx", *FORMATS])
@pytest.mark.parametrize(("said", "cleared"), [("Yes", True), ("No, not yet", False), ("", False)])
def test_only_a_ticked_yes_confirms_that_nobody_affected_is_named(kind: str, said: str, cleared: bool) -> None:
    content = docx_of(ticked(form_of(FILLED.but(cleared=False)), said), CODE)

    returned = read_back(FORMATS[kind](rows_of(content)) if kind in FORMATS else content, kind)

    assert returned.cleared is cleared
    assert (Shortcoming.NOT_CLEARED in shortcomings(returned)) is not cleared


@pytest.mark.parametrize(
    ("said", "cleared"),
    [
        ("yes", True),
        ("Confirmed", True),
        ("☒ Yes ☒ No, not yet", False),
        ("Yes      No, not yet", False),
        ("Yes, except one name", False),
    ],
)
def test_words_in_place_of_a_tick_confirm_only_what_they_say(said: str, cleared: bool) -> None:
    content = edited(WHOLE, lambda root: write(cells_of(root, "cleared")[0], said))

    assert read_back(content).cleared is cleared


def test_rows_that_were_added_are_read_and_numbered_on() -> None:
    def add(root: etree._Element) -> None:
        table_of(root).append(typed_row("", "Buy a new scanner", "jo.fenn@council.example", "1 February 2027"))
        table_of(root).append(typed_row("1", "Tell the schools", "jo.fenn@council.example", "end of March 2027"))

    found = read_back(edited(WHOLE, add)).recommendations

    assert [(one.number, one.text, one.due_on) for one in found[2:]] == [
        (3, "Buy a new scanner", date(2027, 2, 1)),
        (4, "Tell the schools", date(2027, 3, 31)),
    ]
    assert found[:2] == FILLED.recommendations


def test_a_row_whose_cells_were_joined_is_kept_and_asked_about() -> None:
    returned = read_back(
        edited(
            WHOLE, lambda root: table_of(root).append(typed_row("3", "Buy a scanner", "jo.fenn@council.example in May"))
        )
    )

    assert "Buy a scanner" in returned.recommendations[2].text
    assert returned.recommendations[2].owner == ""
    assert what(returned) == [(Shortcoming.OWNER_MISSING, 3), (Shortcoming.DUE_MISSING, 3)]


def test_text_typed_over_or_beside_a_control_is_the_answer() -> None:
    def change(root: etree._Element) -> None:
        write(cells_of(root, "risks")[0], "A new risk")
        cell = cells_of(root, "similar")[0]
        cell.append(etree.fromstring(f'<w:p xmlns:w="{WORD["w"]}"><w:r><w:t>Once, in May</w:t></w:r></w:p>'))

    findings = read_back(edited(WHOLE, change)).findings

    assert (findings["risks"], findings["similar"]) == ("A new risk", "Once, in May")


def test_what_is_written_between_the_tables_is_kept_beside() -> None:
    def change(root: etree._Element) -> None:
        table = table_of(root)
        said = f'<w:p xmlns:w="{WORD["w"]}"><w:r><w:t>We also thank the post room.</w:t></w:r></w:p>'
        table.addnext(etree.fromstring(said))

    returned = read_back(edited(WHOLE, change))

    assert returned.findings[BESIDE] == "We also thank the post room."
    assert returned.but(findings=FILLED.findings) == FILLED


def test_the_form_s_own_words_are_never_an_answer() -> None:
    placeholder = "Click or tap here to enter text"
    rows = [
        [row[0], row[1].replace(placeholder, f"{placeholder} Once, in May")]
        if not isinstance(row, str) and "Has something" in row[0]
        else row
        for row in rows_of(docx_filled())
    ]

    returned = read_back(as_odt(rows), "odt")

    assert returned.findings["similar"] == "Once, in May"
    assert BESIDE not in returned.findings


def test_a_placeholder_that_a_program_broke_over_lines_is_no_answer() -> None:
    rows = [
        row if isinstance(row, str) else [one.replace("here to enter", "here to\nenter") for one in row]
        for row in rows_of(WHOLE)
    ]

    assert read_back(as_odt(rows), "odt") == FILLED


def test_tracked_changes_are_read_as_if_they_were_accepted() -> None:
    def track(root: etree._Element) -> None:
        cell, below = cells_of(root, "recommendation")[:2]
        said = papers.para(
            f"<w:del>{papers.run('Print nothing')}</w:del>", f"<w:ins>{papers.run('Print twice')}</w:ins>"
        )
        for part in cell.xpath("w:p", namespaces=WORD):
            cell.remove(part)
        cell.append(etree.fromstring(f"<w:x {papers.WORD}>{said}</w:x>")[0])
        looks = next(iter(below.xpath("../w:trPr", namespaces=WORD)))
        looks.append(etree.fromstring(f'<w:del xmlns:w="{WORD["w"]}"/>'))

    found = read_back(edited(WHOLE, track)).recommendations

    assert [one.text for one in found] == ["Print twice"]


@pytest.mark.parametrize(
    ("owner", "address", "problem"),
    [
        ("jo.fenn@council.example", "jo.fenn@council.example", None),
        ("Jo Fenn, JO.FENN@Council.Example.", "jo.fenn@council.example", None),
        ("Jo Fenn", "", Shortcoming.OWNER_WITHOUT_ADDRESS),
        ("jo.fenn@council", "", Shortcoming.OWNER_WITHOUT_ADDRESS),
        ("jo.fenn@council.example and sam.porter@council.example", "", Shortcoming.SEVERAL_OWNERS),
        ("", "", Shortcoming.OWNER_MISSING),
    ],
)
def test_an_owner_is_one_address_or_is_asked_for(owner: str, address: str, problem: Shortcoming | None) -> None:
    returned = read_back(edited(WHOLE, lambda root: write(cells_of(root, "owner")[0], owner)))

    first = returned.recommendations[0]
    assert (first.owner, first.owner_as_written) == (address, owner)
    assert what(returned) == ([(problem, 1)] if problem else [])


@pytest.mark.parametrize(
    ("said", "due_on", "problem"),
    [
        ("12/12/2026", date(2026, 12, 12), None),
        ("12 Dec", date(2026, 12, 12), None),
        ("20 November 2026", date(2026, 11, 20), None),
        ("19 November 2026", date(2026, 11, 19), Shortcoming.DUE_PASSED),
        ("as soon as possible", None, Shortcoming.DUE_NOT_UNDERSTOOD),
        ("", None, Shortcoming.DUE_MISSING),
    ],
)
def test_a_deadline_is_one_day_or_is_asked_for(said: str, due_on: date | None, problem: Shortcoming | None) -> None:
    returned = read_back(edited(WHOLE, lambda root: write(cells_of(root, "by_when")[0], said)))

    assert returned.recommendations[0].due_on == due_on
    assert what(returned) == ([(problem, 1)] if problem else [])


def test_a_row_that_says_who_and_when_but_not_what_is_asked_about() -> None:
    returned = read_back(edited(WHOLE, lambda root: write(cells_of(root, "recommendation")[0], "")))

    assert [one.number for one in returned.recommendations] == [2]
    assert what(returned) == [(Shortcoming.TEXT_MISSING, 1)]


@pytest.mark.parametrize(
    ("said", "problems"),
    [
        ("None, because the process was changed on the day", []),
        ("No recommendations are needed: the system has been replaced", []),
        ("None", [Shortcoming.NONE_WITHOUT_REASON]),
        ("None needed.", [Shortcoming.NONE_WITHOUT_REASON]),
    ],
)
def test_nothing_to_recommend_needs_a_reason(said: str, problems: list[Shortcoming]) -> None:
    returned = read_back(docx_filled(FILLED.but(recommendations=(), none_because=said)))

    assert (returned.none_because, returned.recommendations) == (said, ())
    assert shortcomings(returned) == problems


@pytest.mark.parametrize(
    ("on_form", "is_another"),
    [
        (CODE, False),
        ("DB2026014", False),
        ("db2026014", False),
        ("", False),
        ("[DB2026015 k7f3q2]", True),
        ("DB2026015", True),
    ],
)
def test_a_form_of_another_incident_says_so(on_form: str, is_another: bool) -> None:
    returned = FILLED.but(reference=on_form).checked_for("DB2026014", "DB")

    assert (Shortcoming.OTHER_REFERENCE in shortcomings(returned)) is is_another


def test_every_problem_is_said_without_a_word_that_anybody_wrote() -> None:
    for one in Shortcoming:
        words = ReturnProblem(what=one, number=3, question="What was the root cause?").words
        assert "{" not in words
        assert words.endswith(".")


@pytest.mark.parametrize("kind", ["png", "jpg"])
def test_a_picture_of_the_form_is_asked_for_as_a_file(kind: str) -> None:
    assert shortcomings(read_back(b"\x89PNG\r\n\x1a\n", kind)) == [Shortcoming.A_PICTURE]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", WHOLE[:900]])
def test_a_damaged_file_is_asked_for_again(content: bytes) -> None:
    assert shortcomings(read_back(content)) == [Shortcoming.UNREADABLE]


def test_an_address_that_a_page_cut_in_two_is_not_taken_for_another() -> None:
    cut = Written("1", "Train", "jo.fenn@council.ex ample", "12/12/2026")
    bracketed = Written("2", "Train", "Jo Fenn <jo.fenn@co uncil.example>", "12/12/2026")
    alone = Written("3", "Train", "jo.fenn@council.example", "12/12/2026")

    read = understand([cut, bracketed, alone], FRIDAY, printed=True)

    assert [one.owner for one in read.recommendations] == ["", "jo.fenn@council.example", "jo.fenn@council.example"]
    assert [(one.what, one.number) for one in read.problems] == [(Shortcoming.OWNER_WITHOUT_ADDRESS, 1)]


def as_text(content: bytes, kind: str = "docx") -> str:
    return read_document(Document(number=0, name="a", type=kind, content=content), FORM).text


def test_the_form_is_known_from_the_report_form_and_the_other_way_round() -> None:
    report = docx_of(blank_report_form(FORM, FORM.own or pytest.fail("no form"), "Exampleshire County Council"))

    assert is_investigation(as_text(BLANK), OWN)
    assert is_investigation(as_text(WHOLE), OWN)
    assert not is_investigation(as_text(report), OWN)


@pytest.mark.parametrize("title", ["Investigation report", "Data security incident investigation report"])
def test_a_paper_of_somebody_else_s_is_not_taken_for_the_form(title: str) -> None:
    theirs = papers.form((title,), ("What happened?", "A letter"), ("Root cause", "Haste"), ("Recommendations", "None"))

    assert not is_investigation(as_text(theirs), OWN)


def test_a_form_whose_title_was_taken_off_is_still_known_by_its_questions() -> None:
    def untitled(root: etree._Element) -> None:
        for one in root.xpath("//w:p[w:pPr/w:pStyle[@w:val='Title']]", namespaces=WORD):
            one.getparent().remove(one)

    content = edited(WHOLE, untitled)

    assert is_investigation(as_text(content), OWN)
    assert read_back(content).recommendations == FILLED.recommendations


# ---------------------------------------------------------------- one mail, several things in it


LINE = "Recommendation 1: Train the team, owner jo.fenn@council.example, by 12 December 2026"


def test_recommendations_typed_beside_a_form_without_any_complete_it() -> None:
    form = read_back(docx_filled(FILLED.but(recommendations=())))
    assert shortcomings(form) == [Shortcoming.NO_RECOMMENDATION]

    whole = together([form], read_typed(LINE, FRIDAY))

    assert whole is not None
    assert [one.text for one in whole.recommendations] == ["Train the team"]
    assert whole.problems == ()


def test_two_different_lists_are_asked_about() -> None:
    both = together([FILLED], read_typed(LINE, FRIDAY))

    assert both is not None
    assert shortcomings(both) == [Shortcoming.TWO_LISTS]


def test_two_different_forms_are_asked_about_and_two_copies_are_one() -> None:
    other = FILLED.but(source="other.docx", root_cause="System Error")

    for first, second in permutations((FILLED, other)):
        both = together([first, second], None)
        assert both is not None
        assert shortcomings(both) == [Shortcoming.SEVERAL_FORMS]
    assert together([FILLED, FILLED.but(source="copy.docx")], None) == FILLED
    assert together([], None) is None


# ---------------------------------------------------------------- whatever is written comes back


seen = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="\ufffe\uffff")
plain = st.text(st.sampled_from("abc ,.;&<>'\"–é"), min_size=1, max_size=60).map(lambda one: " ".join(one.split()))
tricky = st.sampled_from(
    [
        "What was the root cause?",
        "Recommendation",
        "No.",
        "Owner: none",
        "Investigation report",
        "]]>",
        "Yes",
        "by 1 May 2027",
    ]
)
words = (plain | tricky).filter(lambda one: any(sign.isalpha() for sign in one))
owners = st.sampled_from(
    ["jo.fenn@council.example", "Hanna Brook <hanna.brook@council.example>", "Sam, sam.porter@council.example"]
)
TEXT_FIELDS = [
    one.field for one in OWN.questions if one.field not in {"root_cause", "action_taken", "cleared", "written_by"}
]


@st.composite
def reports(draw: st.DrawFn) -> ReturnedInvestigation:
    count = draw(st.integers(1, 12))
    made = []
    for number in range(1, count + 1):
        owner = draw(owners)
        address = owner.split("<")[-1].split()[-1].strip(">")
        due_on = draw(st.dates(date(2026, 11, 20), date(2030, 12, 31)))
        said = draw(words)
        made.append(Recommendation(number=number, text=said, owner=address, owner_as_written=owner, due_on=due_on))
    return FILLED.but(
        findings={name: draw(words) for name in TEXT_FIELDS},
        root_cause=draw(words),
        action=draw(words),
        recommendations=tuple(made),
        written_by=draw(words),
    )


@settings(max_examples=40)
@given(reports())
def test_every_answer_and_recommendation_comes_back_to_the_letter(report: ReturnedInvestigation) -> None:
    assert read_back(docx_filled(report)) == report


@settings(deadline=None)  # the first PDF loads the library
@given(
    st.binary(max_size=300),
    st.sampled_from(["docx", "odt", "doc", "rtf", "pdf", "html", "text", "xlsx", "gif", "other"]),
)
def test_no_file_makes_the_reading_fail(content: bytes, kind: str) -> None:
    document = Document(number=0, name="report", type=kind, content=content)

    assert read_investigation(document, OWN, FORM, FRIDAY).source == "report"


@settings(max_examples=20)
@given(reports())
def test_a_report_survives_the_way_through_json(report: ReturnedInvestigation) -> None:
    assert ReturnedInvestigation.model_validate_json(report.model_dump_json()) == report
