"""A spreadsheet or a text as rows: whatever program saved it, and nothing lost without a word."""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook  # type: ignore[import-untyped]
from openpyxl.utils.datetime import CALENDAR_MAC_1904  # type: ignore[import-untyped]

from mailbot.errors import ListError
from mailbot.letters import separated, workbook_parts
from mailbot.letters.blank_list import LIST, blank_list
from mailbot.letters.recipients import read
from mailbot.letters.rules import Column, ListRules
from mailbot.letters.table import rows_of
from tests.letters.conftest import GIVEN, ROSA, rows

Table = list[tuple[int, tuple[str, ...]]]


def table(content: bytes, name: str = "list.csv", **more: Any) -> Table:
    return list(rows_of(content, name, **more))


def workbook(*people: Iterable[Any], change: Callable[[Any], None] = lambda book: None) -> bytes:
    book = Workbook()
    for row in people:
        book.active.append(list(row))
    change(book)
    into = io.BytesIO()
    book.save(into)
    return into.getvalue()


def as_excel_saves(content: bytes, texts: bytes = b"") -> bytes:
    """The same workbook with its texts kept apart from the sheet; ``texts``: that part, where it is to be another."""
    said: list[bytes] = []

    def refer(found: re.Match[bytes]) -> bytes:
        said.append(found[1])
        return b't="s"><v>%d</v>' % (len(said) - 1)

    def relate(xml: bytes) -> bytes:
        return xml.replace(b"</Relationships>", b'<Relationship Id="rId9" Type="x/sharedStrings" Target="sharedStrings.xml"/></Relationships>')  # fmt: skip

    apart = repacked(content, SHEET, lambda xml: re.sub(rb't="inlineStr"><is>(.*?)</is>', refer, xml, flags=re.DOTALL))
    into = io.BytesIO(repacked(apart, "xl/_rels/workbook.xml.rels", relate))
    with zipfile.ZipFile(into, "a") as package:
        items = b"".join(b"<si>%s</si>" % one for one in said)
        package.writestr(SHARED, texts or b'<sst xmlns="http://x.example/main">' + items + b"</sst>")
    return into.getvalue()


def repacked(content: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same workbook with one part changed by hand, as other programs write it."""
    into = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.namelist():
            new.writestr(one, change(old.read(one)) if one == part else old.read(one))
    return into.getvalue()


SHEET, SHARED = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
TEXT = 'Name,Address\nZoë Marsh,"12 Invented Street\nNewtown"\n'


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_text_is_read_in_whatever_letters_it_is_written(charset: str) -> None:
    assert table(TEXT.encode(charset)) == [(1, ("Name", "Address")), (2, ("Zoë Marsh", "12 Invented Street\nNewtown"))]


@pytest.mark.parametrize("charset", ["utf-8", "cp1252"])
def test_a_guess_at_the_letters_is_told(charset: str) -> None:
    assert bool(rows_of(TEXT.encode(charset), "list.csv").notes) is (charset == "cp1252")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends_of_every_program_are_known(separator: str, end: str, rules: ListRules) -> None:
    lines = ("People, affected; by it", separator.join(("Name", "Email", "Why, because")), separator.join(("Jo Marsh", "jo@x.example", "none")))  # fmt: skip

    found = table(end.join(lines).encode(), is_heading=rules.is_heading)

    assert found[-1] == (3, ("Jo Marsh", "jo@x.example", "none"))


def test_excels_line_that_names_the_separator_is_no_row() -> None:
    assert table(b"sep=;\r\nName;Email, home\r\n") == [(1, ("Name", "Email, home"))]


def test_empty_rows_are_left_out_and_still_counted() -> None:
    assert table(b"Name,Email\n\n,,\nJo,x\n") == [(1, ("Name", "Email")), (4, ("Jo", "x"))]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b" \r\n\x00", "the file is empty"),
        (b'Name,Email\nJo,"x\nSam,y\n', "row 2: a quotation mark is opened and never closed"),
        (b'Name,Email\nJo,"x" y\n', "row 2: a quotation mark stands where it cannot be"),
        (b"Name,Email\nJo," + b"x" * 200_000, "row 2: a cell is too long"),
        (b"Name,Email\n" + b"," * 300, "row 2 has more than 200 cells"),
        ("Name,Email\nJo".encode("utf-16")[:-1], "something is no text"),
        (b"%PDF-1.7\n...", "it is a PDF"),
        (b"<html><body><table>", "it is a web page"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "older Excel files"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        (b"\x89PNG\r\n\x1a\n", "it is no spreadsheet we can read"),
    ],
)
def test_what_cannot_be_read_is_said_in_plain_words(content: bytes, said: str) -> None:
    with pytest.raises(ListError, match=f"list.csv: .*{said}"):
        table(content)


def test_a_kind_of_file_is_told_by_its_content_and_not_its_name() -> None:
    assert table(workbook(("Name", "Email")), "list.csv") == table(b"Name,Email", "list.xlsx")


# --- Workbooks


def test_cells_of_a_workbook_are_shown_as_people_write_them() -> None:
    row = (
        "Zoë",
        7,
        7.0,
        7.5,
        True,
        datetime.combine(date(2014, 2, 9), time()),
        date(2026, 11, 21),
        1632960001,
        None,
        "a\nb",
        " x ",
    )

    assert table(workbook(row)) == [
        (1, ("Zoë", "7", "7", "7.5", "Yes", "2014-02-09", "2026-11-21", "1632960001", "", "a\nb", "x"))
    ]


def test_a_workbook_that_counts_from_1904_has_the_same_days() -> None:
    def since_1904(book: Any) -> None:
        book.epoch = CALENDAR_MAC_1904

    assert table(workbook((date(2014, 2, 9),), change=since_1904)) == [(1, ("2014-02-09",))]


def test_a_number_is_a_date_only_where_its_format_shows_one() -> None:
    def formats(book: Any) -> None:
        for at, code in enumerate(("0.00", "d mmm yyyy", '"day" 0', "[Red]0", "dd/mm/yy"), start=1):
            book.active.cell(1, at).number_format = code

    assert table(workbook((41679,) * 5, change=formats)) == [
        (1, ("41679", "2014-02-09", "41679", "41679", "2014-02-09"))
    ]


def test_a_formula_is_shown_and_not_worked_out() -> None:
    plain = workbook(("Name", '=HYPERLINK("https://x.example","Jo")'))
    worked_out = repacked(
        plain, SHEET, lambda xml: xml.replace(b"<v></v>", b"<v>Jo</v>").replace(b"<v/>", b"<v>Jo</v>")
    )

    assert table(plain) == table(worked_out) == [(1, ("Name", '=HYPERLINK("https://x.example","Jo")'))]


def test_a_formula_in_a_column_we_use_refuses_the_row_and_elsewhere_harms_nobody(rules: ListRules) -> None:
    (_, headings), (_, cells) = rows(ROSA)
    used = tuple("=A1" if heading == "Source" else cell for heading, cell in zip(headings, cells, strict=True))
    content = workbook((*headings, "Age"), (*cells, "=1+1"), (*used, ""))

    listed = read(rows_of(content, "list.xlsx", rules.is_heading), rules, GIVEN)

    assert [one.row for one in listed.recipients] == [2]
    assert [(one.row, one.column) for one in listed.refused] == [(3, "Source")]


def test_the_first_visible_sheet_with_the_headings_is_read_and_the_others_are_told(rules: ListRules) -> None:
    def sheets(book: Any) -> None:
        book.active.title = "Cover"
        for title, cells in (("Old", ("Name", "Email")), ("North", ("Name", "Email")), ("South", ("Name", "Email"))):
            book.create_sheet(title).append(cells)
        book["Old"].sheet_state = "hidden"
        book["North"].append(("Jo", "x"))

    found = rows_of(workbook(("A page about it",), change=sheets), "list.xlsx", rules.is_heading)

    assert list(found) == [(1, ("Name", "Email")), (2, ("Jo", "x"))]
    assert found.notes == (
        "The sheet “Cover” was not read: it has none of the headings.",
        "The sheet “Old” is hidden and was not read.",
    )
    assert [text.partition(" has")[0] for text in found.warnings] == ["The sheet “South”"]


def test_hidden_rows_are_read_and_a_doubt(rules: ListRules) -> None:
    def hide(book: Any) -> None:
        book.active.row_dimensions[3].hidden = True
        book.active.row_dimensions[9].hidden = True

    them = (cells for _, cells in rows(ROSA, ROSA | {"Name": "Sam Marsh", "Address": "7 Elsewhere Road"}))

    listed = read(rows_of(workbook(*them, change=hide), "list.xlsx", rules.is_heading), rules, GIVEN)

    assert len(listed.recipients) == 2
    assert listed.doubts[0].rows == (3,)
    assert listed.doubts[0].problem.startswith("Row 3 is hidden in the spreadsheet")


def test_rows_keep_the_numbers_that_the_sheet_shows() -> None:
    def spread(book: Any) -> None:
        book.active["B7"] = "Jo"

    assert table(workbook(("Name", "Email"), change=spread)) == [(1, ("Name", "Email")), (7, ("", "Jo"))]


def test_shared_texts_with_several_formats_and_reading_aids_are_one_text() -> None:
    texts = b'<sst><si><r><t>Jo </t></r><r><t>Marsh</t></r><rPh sb="0" eb="1"><t>aid</t></rPh></si><si><t/></si></sst>'

    assert table(as_excel_saves(workbook(("x", "y", 1)), texts)) == [(1, ("Jo Marsh", "", "1"))]


def test_a_text_that_is_referred_to_and_not_there_is_damage() -> None:
    with pytest.raises(ListError, match="damaged"):
        table(as_excel_saves(workbook(("x",)), b"<sst/>"))


@pytest.mark.parametrize("part", [SHEET, SHARED, "xl/workbook.xml"])
def test_a_document_type_is_refused_wherever_it_stands(part: str) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'

    with pytest.raises(ListError, match="document type"):
        table(repacked(as_excel_saves(workbook(("Name",))), part, lambda _: bomb))


@pytest.mark.parametrize("part", [SHEET, SHARED, "xl/workbook.xml", "xl/styles.xml"])
@pytest.mark.parametrize("content", [b"", b"<x", b"\x00" * 50])
def test_a_damaged_workbook_is_said_to_be_damaged(part: str, content: bytes) -> None:
    with pytest.raises(ListError, match=r"list\.xlsx: .*damaged"):
        table(repacked(as_excel_saves(workbook(("Name",))), part, lambda _: content), "list.xlsx")


def test_half_a_workbook_is_said_to_be_damaged() -> None:
    content = workbook(("Name", "Email"))

    with pytest.raises(ListError, match=r"list\.xlsx: .*(?:damaged|no spreadsheet)"):
        table(content[: len(content) // 2], "list.xlsx")


@pytest.mark.parametrize(("limit", "part"), [("LARGEST_STREAM", SHEET), ("LARGEST_TEXTS", SHARED)])
def test_a_bomb_is_stopped_while_it_unpacks(limit: str, part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    content = as_excel_saves(workbook(*((f"Name {at}", "x" * 40) for at in range(4000))))
    assert len(table(content)) == 4000

    monkeypatch.setattr(workbook_parts, limit, 60_000)

    with pytest.raises(ListError, match="unpacks to far more"):
        table(content)


def test_a_cell_longer_than_excel_allows_is_refused_with_its_row() -> None:
    long = workbook(("Name",), ("x" * 32_000,))
    inline = b'<row r="3"><c r="A3" t="inlineStr"><is><t>' + b"x" * 32_768 + b"</t></is></c></row></sheetData>"

    assert len(table(long)) == 2
    with pytest.raises(ListError, match="row 3: a cell holds more than 32767 characters"):
        table(repacked(long, SHEET, lambda xml: xml.replace(b"</sheetData>", inline)))


def test_a_workbook_without_anything_in_it_is_an_error() -> None:
    with pytest.raises(ListError, match="no visible sheet holds anything"):
        table(workbook(()))


CELLS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp"), exclude_characters="\ufeff\ufffe\uffff"), min_size=1, max_size=9)  # fmt: skip
TABLES = st.lists(st.lists(CELLS, min_size=2, max_size=4).map(tuple), min_size=1, max_size=5)


@settings(max_examples=40, deadline=None)
@given(TABLES)
def test_a_workbook_and_a_text_of_the_same_table_are_read_alike(cells: list[tuple[str, ...]]) -> None:
    plain = [tuple(f"a{cell}" for cell in row) for row in cells]
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL).writerows(plain)
    expected = list(enumerate(plain, start=1))

    assert table(workbook(*plain)) == table(as_excel_saves(workbook(*plain))) == expected
    assert table(written.getvalue().encode("utf-8-sig"), is_heading=lambda row: tuple(row) == plain[0]) == expected


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_do_worse_than_a_plain_error(content: bytes) -> None:
    for name in ("list.csv", "list.xlsx"):
        try:
            table(content, name)
        except ListError as error:
            assert str(error).startswith(name)  # noqa: PT017 - either outcome is right


def test_letters_are_decoded_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(separated, "_CHUNK", 1)

    assert separated.charset_of("Zoë".encode()) == "utf-8"
    assert separated.charset_of("Zoë".encode()[:-1]) == "cp1252"


# --- The blank list


def test_the_blank_list_is_the_same_each_time_and_its_example_is_refused(rules: ListRules) -> None:
    content = blank_list(rules)

    listed = read(rows_of(content, "blank.xlsx", rules.is_heading), rules, GIVEN)

    assert content == blank_list(rules)
    assert (listed.recipients, listed.ignored) == ((), ())
    assert [(one.row, one.problem, one.what_to_do) for one in listed.refused] == [
        (2, "is the example of the blank list", "Delete this row.")
    ]


def test_a_filled_in_blank_list_is_read_back_exactly(rules: ListRules) -> None:
    book = load_workbook(io.BytesIO(blank_list(rules)))
    sheet = book[LIST]
    at = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(2, at[rules.title(Column.NAME)], "Ola Marsh")
    sheet.cell(2, at[rules.title(Column.POSTCODE)], "ne1 4xx")
    sheet.cell(2, at[rules.title(Column.CONFIRMED_ON)], date(2026, 11, 21))
    into = io.BytesIO()
    book.save(into)

    (person,) = read(rows_of(into.getvalue(), "list.xlsx", rules.is_heading), rules, GIVEN).recipients

    assert (person.name, person.addressee, person.child) == ("Ola Marsh", "Nils Lindqvist", True)
    assert person.lines == ("12 Invented Street", "Newtown", "NE1 4XX")
    assert person.data == ("your name and address", "the date of your appointment")
    assert person.confirmed
    assert (person.confirmed.by, person.confirmed.on.isoformat()) == ("Petra Quill", "2026-11-21")
    assert sheet.data_validations.dataValidation[0].formula1 == '"Email,Post,Telephone"'


def test_the_blank_list_asks_for_every_needed_column(rules: ListRules) -> None:
    needed = {Column.NAME, Column.LINE_1, Column.POSTCODE, Column.EMAIL, Column.CONFIRMED_BY, Column.CONFIRMED_ON, Column.SOURCE}  # fmt: skip

    assert needed <= {column for column, rule in rules.columns.items() if rule.in_blank}
