"""Word 97, rich text, workbooks, saved web pages and separated values."""

import io
from collections.abc import Sequence
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook  # type: ignore[import-untyped]

from mailbot.intake.filetypes import type_of
from mailbot.parse.document import read_document
from mailbot.parse.rules import FormRules
from tests.parse.papers import odt, package, paper
from tests.parse.papers_97 import word_97

STORY = "A letter for another family was put in the wrong envelope."
ASKED = [["Name of person reporting", "Sam Reporter"], ["Date of incident", "20/11/2026"], ["What happened?", STORY]]
TOLD = {"reporter": "Sam Reporter", "occurred_date": "20/11/2026", "description": STORY}


def answers(content: bytes, rules: FormRules, name: str = "form", kind: str = "") -> dict[str, str]:
    reading = read_document(paper(content, kind or type_of(content), name), rules)
    return {one.field or one.label: one.answer for one in reading.rows if one.answer}


def rtf(*rows: list[str] | str) -> bytes:
    body = ""
    for row in rows:
        if isinstance(row, str):
            body += rf"\pard {row}\par" + "\n"
        else:
            body += r"\trowd\cellx4000\cellx8000" + "".join(rf"\pard\intbl {one}\cell " for one in row) + "\\row\n"
    return rf"{{\rtf1\ansi\ansicpg1252{{\fonttbl{{\f0 Arial;}}}}{body}}}".encode("cp1252")


def workbook(*rows: Sequence[object], hidden: list[object] | None = None) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    if hidden:
        other = book.create_sheet("Lists")
        other.append(hidden)
        other.sheet_state = "hidden"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_a_word_97_table_is_read(rules: FormRules) -> None:
    assert answers(word_97("Data incident report form", *ASKED, "Thank you"), rules) == TOLD


def test_an_empty_last_cell_does_not_shift_the_next_row_when_a_word_97_form_is_read(rules: FormRules) -> None:
    content = word_97(["Your name", ""], ["Place of incident", "Town Hall"], ["Telephone", ""])

    assert answers(content, rules) == {"place": "Town Hall"}


def test_struck_out_words_and_field_codes_are_no_answer_when_a_word_97_form_is_read(rules: FormRules) -> None:
    content = word_97(["Was the data encrypted?", "~No~ Yes"], ["Place of incident", "\x13 FORMTEXT \x14Town Hall\x15"])

    assert answers(content, rules) == {"encrypted": "Yes", "place": "Town Hall"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (word_97("x", flags=0x0300), "protected by a password"),
        (word_97("x", magic=0xA5DC), "older than 1997"),
        (word_97("x")[:1500], "damaged"),
    ],
    ids=["encrypted", "Word 95", "broken off"],
)
def test_the_outcome_says_why_when_a_word_97_file_cannot_be_read(content: bytes, reason: str, rules: FormRules) -> None:
    assert reason in read_document(paper(content, "doc"), rules).outcome


def test_a_rich_text_table_is_read(rules: FormRules) -> None:
    assert answers(rtf("Data incident report form", *ASKED), rules) == TOLD


def test_an_answer_of_several_paragraphs_stays_in_its_cell_when_rich_text_is_read(rules: FormRules) -> None:
    assert answers(rtf(["What happened?", r"First.\par Second."]), rules) == {"description": "First.\nSecond."}


def test_boxes_lists_and_struck_out_words_are_read_as_people_see_them_when_text_is_rich(rules: FormRules) -> None:
    box = r"{\field{\*\fldinst FORMCHECKBOX {\*\formfield{\fftype1\ffres1\ffdefres0}}}{\fldrslt }} Yes"
    choice = r"{\field{\*\fldinst FORMDROPDOWN {\*\formfield{\fftype2\ffres1{\*\ffl Paper}{\*\ffl Email}}}}{\fldrslt }}"
    content = rtf(
        ["Was the data encrypted?", box], ["Media type", choice], ["Place of incident", r"{\strike Depot} Town Hall"]
    )

    assert answers(content, rules) == {"encrypted": "Yes", "medium": "Email", "place": "Town Hall"}


def test_a_workbook_is_read_whatever_empty_columns_stand_between(rules: FormRules) -> None:
    content = workbook(
        ["Data incident report form"],
        [None, "Name of person reporting", None, "Sam Reporter"],
        [None, "Date of incident", None, datetime(2026, 11, 20, 0, 0)],  # noqa: DTZ001 - Excel knows no time zone
        [None, "Number of people affected", 14.0],
        hidden=["Place of incident", "Town Hall"],
    )

    assert answers(content, rules) == {"reporter": "Sam Reporter", "occurred_date": "20/11/2026", "subjects": "14"}


def test_the_outcome_says_so_when_a_workbook_is_a_bomb_or_broken(rules: FormRules) -> None:
    bomb = package({"xl/workbook.xml": b"<a/>", "xl/sharedStrings.xml": b" " * 21_000_000})

    assert "far more" in read_document(paper(bomb, "xlsx"), rules).outcome
    assert "damaged" in read_document(paper(package({"xl/workbook.xml": b"<a>"}), "xlsx"), rules).outcome


def test_a_saved_web_page_is_read_with_its_fields_and_without_its_scripts(rules: FormRules) -> None:
    content = b"""<!DOCTYPE html><html><head><title>x</title><script>steal()</script></head><body><h1>Data breach form</h1>
    <table><tr><td>Name of person reporting</td><td><input value="Sam Reporter"></td></tr>
    <tr><td>Was the data encrypted?</td><td><input type=checkbox checked> Yes <input type=checkbox> No</td></tr>
    <tr><td>What happened?</td><td><p>A phone was lost.</p><p style="display:none">hidden</p><img src="http://x.example/a.png"></td></tr></table>"""

    assert answers(content, rules) == {
        "reporter": "Sam Reporter",
        "encrypted": "Yes",
        "description": "A phone was lost.",
    }


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separated_values_are_read_as_labels_and_answers(separator: str, rules: FormRules) -> None:
    content = "\n".join(separator.join(row) for row in ASKED[:2]).encode()

    assert answers(content, rules, "form.csv") == {"reporter": "Sam Reporter", "occurred_date": "20/11/2026"}


def test_text_in_two_bytes_a_letter_is_read(rules: FormRules) -> None:
    content = "Name of person reporting: Zoë Reporter".encode("utf-16")

    assert type_of(content) == "text"
    assert answers(content, rules) == {"reporter": "Zoë Reporter"}


def test_struck_out_words_are_no_answer_when_an_opendocument_text_is_read(rules: FormRules) -> None:
    body = (
        '<style:style xmlns:style="urn:s" style:name="T1"><style:text-properties style:text-line-through-style="solid"/></style:style>'
        '<text:p>Was the data encrypted? Yes / <text:span text:style-name="T1">No</text:span></text:p>'
    )

    assert answers(odt(body), rules, kind="odt") == {"encrypted": "Yes"}


def test_the_outcome_says_so_when_an_opendocument_text_has_a_password(rules: FormRules) -> None:
    content = package({"content.xml": b"\x01\x02", "META-INF/manifest.xml": b"<manifest:encryption-data/>"})

    assert "password" in read_document(paper(content, "odt"), rules).outcome


@pytest.mark.parametrize("codepage", [0, 42, 1200, 99999])
def test_a_rich_text_of_a_code_page_that_nobody_knows_is_read_as_western(codepage: int, rules: FormRules) -> None:
    content = rtf(*ASKED).replace(b"ansicpg1252", b"ansicpg%d" % codepage)

    assert answers(content, rules, kind="rtf") == answers(rtf(*ASKED), rules, kind="rtf")


@settings(max_examples=80, deadline=None)
@given(
    cut=st.integers(1, 6000),
    flips=st.lists(st.tuples(st.integers(0, 6000), st.integers(0, 255)), max_size=8),
    kind=st.sampled_from(["doc", "rtf", "xlsx", "html"]),
)
def test_nothing_is_raised_whatever_happened_to_an_older_document(
    cut: int, flips: list[tuple[int, int]], kind: str, rules: FormRules
) -> None:
    made = {
        "doc": word_97(*ASKED),
        "rtf": rtf(*ASKED),
        "xlsx": workbook(*ASKED),
        "html": b"<html><table><tr><td>a<td>b",
    }[kind]
    whole = bytearray(made)
    for position, value in flips:
        whole[position % len(whole)] = value

    assert read_document(paper(bytes(whole[: max(1, cut % (len(whole) + 1))]), kind), rules).outcome
