"""Word forms in every layout that councils use."""

import pytest

from mailbot.parse.document import read_document
from mailbot.parse.rules import FormRules
from tests.parse.papers import cell, control, docx, form, legacy, package, paper, para, row, run, table, tick_box

STORY = "A letter for another family was put in the wrong envelope."


def answers(content: bytes, rules: FormRules) -> dict[str, str]:
    return {one.field or one.label: one.answer for one in read_document(paper(content), rules).rows if one.answer}


def test_answers_are_paired_with_their_labels_when_a_table_has_two_columns(rules: FormRules) -> None:
    content = form(
        ["Name of person reporting", "Sam Reporter"], ["Date of incident", "20/11/2026"], ["What happened?", STORY]
    )

    assert answers(content, rules) == {"reporter": "Sam Reporter", "occurred_date": "20/11/2026", "description": STORY}


def test_both_pairs_are_read_when_a_row_has_four_columns(rules: FormRules) -> None:
    content = form(
        ["Your name", "Sam Reporter", "Telephone", "01632 960001"], ["Job title", "", "Email", "sam@council.example"]
    )

    assert answers(content, rules) == {
        "reporter": "Sam Reporter",
        "reporter_phone": "01632 960001",
        "reporter_email": "sam@council.example",
    }


def test_the_numbering_column_is_passed_over_when_a_row_has_one(rules: FormRules) -> None:
    assert answers(form(["1.", "What happened?", STORY], ["2.", "Location", "Town Hall"]), rules) == {
        "description": STORY,
        "place": "Town Hall",
    }


def test_answers_below_are_read_when_the_table_has_one_column(rules: FormRules) -> None:
    content = docx(
        table(
            row("What happened?"),
            row(STORY),
            row("Place of incident"),
            row(""),
            row("Number of people affected"),
            row("14"),
        )
    )

    assert answers(content, rules) == {"description": STORY, "subjects": "14"}


def test_answers_below_are_read_column_by_column_when_a_row_holds_only_labels(rules: FormRules) -> None:
    content = form(["Date of incident", "Time of incident", "Location"], ["20/11/2026", "7pm", "Town Hall"])

    assert answers(content, rules) == {"occurred_date": "20/11/2026", "occurred_time": "7pm", "place": "Town Hall"}


def test_an_answer_is_an_answer_when_it_might_be_a_label(rules: FormRules) -> None:
    side_by_side = form(["How was the information sent?", "Email"], ["Location", "Site"])
    below = docx(table(row("How was the information sent?"), row("Email"), row("Location"), row("Town Hall")))

    assert answers(side_by_side, rules) == {"medium": "Email", "place": "Site"}
    assert answers(below, rules) == {"medium": "Email", "place": "Town Hall"}


def test_each_cell_is_read_alone_when_cells_hold_label_and_answer(rules: FormRules) -> None:
    assert answers(form(["Your name: Sam Reporter", "Location: Town Hall"]), rules) == {
        "reporter": "Sam Reporter",
        "place": "Town Hall",
    }


def test_an_answer_goes_on_when_its_label_is_merged_over_several_rows(rules: FormRules) -> None:
    first = row(cell("What happened?", merge='<w:vMerge w:val="restart"/>'), "One thing.")
    second = row(cell("", merge="<w:vMerge/>"), "Then another.")

    assert answers(docx(table(first, second)), rules) == {"description": "One thing.\nThen another."}


def test_a_box_within_a_cell_is_read_when_it_frames_the_answer(rules: FormRules) -> None:
    content = docx(table(row("What happened?", cell(table(row(STORY)), para("")))))

    assert answers(content, rules) == {"description": STORY}


def test_paragraphs_are_read_when_labels_end_in_a_colon(rules: FormRules) -> None:
    content = docx(
        para("Data Incident Report", style="Heading1"),
        para("Your name: Sam Reporter"),
        para("What happened?"),
        para(STORY),
        para("It was posted on Friday."),
    )

    assert answers(content, rules) == {"reporter": "Sam Reporter", "description": f"{STORY}\nIt was posted on Friday."}


def test_a_bare_label_takes_the_meaning_of_its_section_when_it_has_one(rules: FormRules) -> None:
    content = docx(
        para("Line manager", style="Heading2"), table(row("Name", "Lee Manager"), row("Email", "lee@council.example"))
    )

    assert answers(content, rules) == {"line_manager": "Lee Manager", "line_manager_email": "lee@council.example"}


VALUE = run("Sam Reporter")


@pytest.mark.parametrize(
    "body",
    [
        para("Your name: ", control(VALUE)),
        para("Your name:") + control(para("Sam Reporter")),
        control(table(row("Your name", "Sam Reporter"))),
        table(control(row("Your name", "Sam Reporter"))),
        table(row("Your name", control(cell("Sam Reporter")))),
        table(row("Your name", cell(para(control(VALUE))))),
        table(row("Your name", cell(control(para("Sam Reporter"))))),
        control(control(table(row("Your name", cell(para(control(control(VALUE)))))))),
    ],
    ids=[
        "in a paragraph",
        "around a paragraph",
        "around a table",
        "around a row",
        "around a cell",
        "in a cell's paragraph",
        "in a cell",
        "in each other",
    ],
)
def test_a_content_control_is_read_wherever_it_stands(body: str, rules: FormRules) -> None:
    rest = table(row("Location", "Town Hall"))

    assert answers(docx(body, rest), rules) == {"reporter": "Sam Reporter", "place": "Town Hall"}


def test_the_next_answer_does_not_slip_up_when_a_control_around_a_cell_is_unanswered(rules: FormRules) -> None:
    hint = control(cell("Click or tap here to enter text."), placeholder=True)
    content = docx(table(row("Your name", hint), row("Location", "Town Hall")))

    assert answers(content, rules) == {"place": "Town Hall"}


def test_the_name_of_a_control_counts_when_it_is_the_name_of_a_field(rules: FormRules) -> None:
    assert answers(docx(table(row("Box 7b", cell(para(control(VALUE, tag="line_manager")))))), rules) == {
        "line_manager": "Sam Reporter"
    }


@pytest.mark.parametrize(("ticked", "answer"), [((True, False), "Yes"), ((False, True), "No")])
def test_the_ticked_choice_is_the_answer_when_choices_have_tick_boxes(
    ticked: tuple[bool, bool], answer: str, rules: FormRules
) -> None:
    boxes = para(tick_box(ticked=ticked[0]), " Yes  ", tick_box(ticked=ticked[1]), " No")

    assert answers(docx(table(row("Was it encrypted?", cell(boxes)))), rules) == {"encrypted": answer}


def test_nothing_is_the_answer_when_no_box_is_ticked(rules: FormRules) -> None:
    boxes = para(tick_box(ticked=False), " Yes  ", tick_box(ticked=False), " No")

    assert answers(docx(table(row("Was it encrypted?", cell(boxes)))), rules) == {}


def test_the_crossed_out_choice_is_not_the_answer_when_the_other_is_left(rules: FormRules) -> None:
    choice = para("Yes", run(" / No", looks="<w:strike/>"))

    assert answers(docx(table(row("Was it encrypted?", cell(choice)))), rules) == {"encrypted": "Yes"}


def test_a_month_first_date_control_is_read_by_its_stored_date_when_the_display_would_mislead(rules: FormRules) -> None:
    kind = '<w:date w:fullDate="2026-11-12T00:00:00Z"/>'
    content = docx(table(row("Date of incident", cell(para(control(run("11/12/2026"), kind=kind))))))

    assert answers(content, rules) == {"occurred_date": "2026-11-12"}


@pytest.mark.parametrize(
    ("field", "answer"),
    [
        (legacy("<w:textInput/>", "Town Hall"), "Town Hall"),
        (legacy("<w:textInput/>", "\u2002\u2002\u2002\u2002\u2002"), ""),
        (legacy('<w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox>', code="FORMCHECKBOX"), "Yes"),
        (legacy('<w:checkBox><w:default w:val="1"/><w:checked w:val="0"/></w:checkBox>', code="FORMCHECKBOX"), ""),
        (legacy('<w:checkBox><w:default w:val="1"/></w:checkBox>', code="FORMCHECKBOX"), "Yes"),
        (
            legacy(
                '<w:ddList><w:result w:val="1"/><w:listEntry w:val="Paper"/><w:listEntry w:val="Email"/></w:ddList>',
                code="FORMDROPDOWN",
            ),
            "Email",
        ),
        (legacy('<w:ddList><w:result w:val="²"/><w:listEntry w:val="Paper"/></w:ddList>', code="FORMDROPDOWN"), ""),
    ],
    ids=["text", "text unanswered", "ticked", "unticked", "ticked by default", "list", "list with nonsense"],
)
def test_a_legacy_field_is_read_when_a_form_has_one(field: str, answer: str, rules: FormRules) -> None:
    assert answers(docx(table(row("Location", cell(para(field))))), rules).get("place", "") == answer


def test_insertions_are_read_and_deletions_are_not_when_changes_are_tracked(rules: FormRules) -> None:
    deleted = "<w:del><w:r><w:delText>Old Hall</w:delText></w:r></w:del>"
    changed = para(deleted, f"<w:ins>{run('Town Hall')}</w:ins>")
    gone = row("Telephone", "01632 960009", looks='<w:trPr><w:del w:id="1"/></w:trPr>')

    assert answers(docx(table(row("Location", cell(changed)), gone)), rules) == {"place": "Town Hall"}


def test_one_of_two_alternatives_is_read_when_word_stores_both(rules: FormRules) -> None:
    both = f"<mc:AlternateContent><mc:Choice>{run('Town Hall')}</mc:Choice><mc:Fallback>{run('Town Hall')}</mc:Fallback></mc:AlternateContent>"

    assert answers(docx(table(row("Location", cell(para(f"<w:r>{both}</w:r>"))))), rules) == {"place": "Town Hall"}


def test_an_empty_form_is_a_form_without_answers(rules: FormRules) -> None:
    reading = read_document(
        paper(
            form(
                ["What happened?", ""],
                ["Date of incident", "DD/MM/YYYY"],
                ["Number of people affected", "…"],
                ["Was it encrypted?", "Yes / No"],
            )
        ),
        rules,
    )

    assert (reading.is_form, reading.outcome, [one.answer for one in reading.rows]) == (
        True,
        "read: it is an empty form",
        ["", "", "", ""],
    )


def test_an_unknown_question_keeps_its_label_when_it_has_an_answer(rules: FormRules) -> None:
    assert answers(form(["Zebra crossing colour", "Mauve"]), rules) == {"Zebra crossing colour": "Mauve"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "damaged"),
        (b"PK\x03\x04 and nothing more", "damaged"),
        (docx(para("x"))[:-40], "damaged"),
        (package({"other.txt": "x"}), "damaged"),
        (package({"word/document.xml": "<w:document"}), "damaged"),
        (package({"word/document.xml": "<a/>"}), "no text"),
        (package({"word/document.xml": b"<a>" + b" " * 21_000_000 + b"</a>"}), "far more"),
        (docx(table(*(row("x", "y") for _ in range(10_500)))), "far more"),
        (docx(para("&boom;"), head='<!DOCTYPE a [<!ENTITY boom "boom">]>'), "document type"),
        (docx("<w:p>" * 3000 + "</w:p>" * 3000), "damaged"),
    ],
    ids=[
        "empty",
        "cut after the start",
        "cut before the end",
        "no text part",
        "broken XML",
        "no body",
        "unpacks to megabytes",
        "endless table",
        "entities",
        "deep nesting",
    ],
)
def test_the_outcome_says_why_when_a_document_cannot_be_read(content: bytes, reason: str, rules: FormRules) -> None:
    reading = read_document(paper(content), rules)

    assert reading.outcome.startswith("could not be read: ")
    assert reason in reading.outcome
    assert reading.rows == ()


@pytest.mark.parametrize("kind", ["gif", "tif", "zip", "archive", "msg", "tnef", "other"])
def test_the_outcome_says_that_people_must_open_it_when_a_type_is_not_read(kind: str, rules: FormRules) -> None:
    assert read_document(paper(b"anything", kind), rules).outcome.startswith("not read: ")


def test_a_table_without_rows_stops_nothing(rules: FormRules) -> None:
    assert answers(docx(table(), table(row("Place of incident", "Town Hall"))), rules) == {"place": "Town Hall"}
