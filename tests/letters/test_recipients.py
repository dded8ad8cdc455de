"""A list of the people affected, row by row: who gets a letter, and what is said to the person who made the list."""

from datetime import date

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given, settings
from hypothesis import strategies as st

from mailbot.errors import ListError
from mailbot.letter import Channel, Confirmed, Recipient
from mailbot.letters.addresses import email_of
from mailbot.letters.recipients import Listed, Reading, Refused, read
from mailbot.letters.rules import ListRules
from tests.letters.conftest import GIVEN, HEADINGS, ROSA, ReadPeople, rows

CHILD = {"Date of birth": "2014-02-09", "Addressed to": "Nils Lindqvist", "Because": "Father, checked by social work"}


def reasons(listed: Listed) -> list[tuple[int, str, str]]:
    return [(one.row, one.column, one.problem) for one in listed.refused]


def only_person(listed: Listed) -> Recipient:
    assert listed.refused == ()
    (person,) = listed.recipients
    return person


def test_a_row_becomes_one_person_with_everything_the_letter_needs(people: ReadPeople) -> None:
    row = CHILD | {"Which data": "your name; the date of your visit", "Told on": "22/11/2026", "Told by": "Jo Fenn"}

    assert only_person(people(row)) == Recipient(
        row=2,
        name="Rosa Lindqvist",
        addressee="Nils Lindqvist",
        because="Father, checked by social work",
        child=True,
        lines=("12 Invented Street", "Newtown", "NE1 4XX"),
        channel=Channel.POST,
        data=("your name", "the date of your visit"),
        confirmed=Confirmed(by="Petra Quill", on=date(2026, 11, 21), source="Council Tax record"),
        told_on=date(2026, 11, 22),
        told_by="Jo Fenn",
    )


@pytest.mark.parametrize(
    ("changes", "column", "problem"),
    [
        ({"Name": ""}, "Name", "is empty"),
        ({"Name": "Mr"}, "Name", "is empty"),
        ({"Name": "Unknown"}, "Name", "names nobody"),
        ({"Name": "Zo? Marsh"}, "Name", "has a question mark: something is unsure, or a letter was lost"),
        ({"Name": "Zo\ufffd Marsh"}, "Name", "has a letter that was lost when the list was saved"),
        ({"Name": "Jo\x07 Marsh"}, "Name", "has a control character or one that turns the direction of the text"),
        ({"Name": "Jo \u202eMarsh"}, "Name", "has a control character or one that turns the direction of the text"),
        ({"Name": "Jo Marsh\nSam Marsh"}, "Name", "has more than one line"),
        ({"Name": '=HYPERLINK("https://x.example")'}, "Name", "is a formula, or begins like one"),
        ({"Told by": "@SUM(A1)"}, "Told by", "is a formula, or begins like one"),
        ({"Which data": "-2+3+cmd|' /C calc'!A0"}, "Which data", "is a formula, or begins like one"),
        ({"Address": "#REF!"}, "Address", "shows a spreadsheet's error instead of a value"),
        ({"Because": "x" * 501}, "Because", "is longer than 500 characters"),
        ({"Name": "Example: Rosa Lindqvist", "Email": "nonsense"}, "Name", "is the example of the blank list"),
        ({"Email": "rosa.council.example"}, "Email", "is not an email address"),
        ({"Email": "a@x.example; b@x.example"}, "Email", "holds more than one email address"),
        ({"Email": "a@x.example b@x.example"}, "Email", "holds more than one email address"),
        ({"Email": "Data.Protection@Council.example"}, "Email", "is a mailbox of the council"),
        ({"How": "email"}, "Email", "is empty, and they are to be told by email"),
        ({"How": "pigeon"}, "How", "is not email, post or telephone"),
        ({"Postcode": "NE1 4X"}, "Postcode", "does not end with a UK postcode or a country"),
        ({"Postcode": "NE1 4XO"}, "Postcode", "does not end with a UK postcode or a country"),
        ({"Address": "1 A Street, SR1 3AA", "Postcode": "NE1 4XX"}, "Postcode", "has two different postcodes"),
        ({"Address": "", "Postcode": ""}, "Address", "is empty"),
        ({"Address": "No fixed abode", "Postcode": ""}, "Address", "says that there is no fixed address"),
        ({"Confirmed by": ""}, "Confirmed by", "is empty"),
        ({"Confirmed on": ""}, "Confirmed on", "is empty"),
        ({"Source": ""}, "Source", "is empty"),
        ({"Source": "LIQUIDLOGIC case file"}, "Source", "is the record that was wrong"),
        ({"Source": "the mosaic record"}, "Source", "is the record that was wrong"),
        ({"Confirmed on": "last week"}, "Confirmed on", "is not a date we can read"),
        ({"Confirmed on": "21/11/26"}, "Confirmed on", "is not a date we can read"),
        ({"Confirmed on": "11/21/2026"}, "Confirmed on", "is not a date we can read"),
        ({"Told on": "2026-11-23"}, "Told on", "lies in the future"),
        ({"Date of birth": "2026-11-23"}, "Date of birth", "cannot be right: nobody alive was born then"),
        ({"Date of birth": "1905-12-31"}, "Date of birth", "cannot be right: nobody alive was born then"),
        ({"Child": "perhaps"}, "Child", "is neither yes nor no"),
        ({"Child": "yes", "Date of birth": "2000-01-01"}, "Child", "does not fit the date of birth: they are 18 or older"),
        (CHILD | {"Child": "no"}, "Child", "does not fit the date of birth: they are under 18"),
        (CHILD | {"Addressed to": ""}, "Addressed to", "is empty, and the person is under 18"),
        (CHILD | {"Addressed to": "rosa LINDQVIST"}, "Addressed to", "is the child"),
        (CHILD | {"Because": ""}, "Because", "is empty, and the letter goes to somebody else"),
        ({"Addressed to": "Ola Lindqvist"}, "Because", "is empty, and the letter goes to somebody else"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_used_is_refused_with_its_column_and_one_reason(
    changes: dict[str, str], column: str, problem: str, people: ReadPeople
) -> None:
    listed = people(changes)

    assert listed.recipients == ()
    assert reasons(listed) == [(2, column, problem)]
    assert listed.refused[0].what_to_do


def test_every_reason_against_a_row_is_told_at_once(people: ReadPeople) -> None:
    listed = people({"Name": "", "Email": "nonsense", "Source": "", "Told on": "2027-01-01"})

    assert {one.column for one in listed.refused} == {"Name", "Email", "Source", "Told on"}


def test_what_is_refused_repeats_nothing_of_the_row(people: ReadPeople) -> None:
    listed = people({"Name": "=Secretname", "Email": "secret", "Source": "Mosaic secret", "Told on": "secretday"})

    assert len(listed.refused) == 4
    assert "secret" not in str(listed.refused).lower()


@pytest.mark.parametrize(
    ("address", "postcode", "lines"),
    [
        ("12 Invented Street", "ne1 4xx", ("12 Invented Street", "NE1 4XX")),
        ("12 Invented Street, Newtown NE14XX", "", ("12 Invented Street", "Newtown", "NE1 4XX")),
        ("12 Invented Street\nNewtown,\nNE1 4XX", "NE14XX", ("12 Invented Street", "Newtown", "NE1 4XX")),
        ("12 Invented Street, Newtown, NE1 4XX, England", "", ("12 Invented Street", "Newtown", "NE1 4XX")),
        ("Rosa Lindqvist, 12 Invented Street, Newtown", "NE1 4XX", ("12 Invented Street", "Newtown", "NE1 4XX")),
        ("12 Invented Street, Newtown, Newtown", "NE1 4XX", ("12 Invented Street", "Newtown", "NE1 4XX")),
        ("3 Rue Imaginaire, 75001 Paris, FRANCE", "", ("3 Rue Imaginaire", "75001 Paris", "France")),
        ("1, 2, 3, 4, 5", "NE1 4XX", ("1", "2", "3", "4", "5", "NE1 4XX")),
    ],
)
def test_an_address_is_written_as_the_post_takes_it(
    address: str, postcode: str, lines: tuple[str, ...], people: ReadPeople
) -> None:
    assert only_person(people({"Address": address, "Postcode": postcode})).lines == lines


@pytest.mark.parametrize(
    "postcode", ["M1 1AA", "B33 8TH", "CR2 6XH", "DN55 1PT", "W1A 1HQ", "EC1A 1BB", "GIR 0AA", "BF1 3AA", "JE2 4UE"]
)
def test_every_shape_of_postcode_is_known(postcode: str, people: ReadPeople) -> None:
    assert only_person(people({"Postcode": postcode.lower().replace(" ", "")})).lines[-1] == postcode


def test_the_name_and_two_lines_are_enough_and_one_line_is_too_short(people: ReadPeople) -> None:
    three, two = people({"Address": "12 Invented Street"}), people({"Address": ""})

    assert len(only_person(three).lines) + 1 == 3
    assert reasons(two) == [(2, "Postcode", "is too short: with the name it has 2 lines, and needs 3")]


def test_the_name_and_six_lines_fit_the_window_and_seven_do_not(people: ReadPeople) -> None:
    seven, eight = people({"Address": "1,2,3,4,5"}), people({"Address": "1,2,3,4,5,6"})

    assert len(only_person(seven).lines) + 1 == 7
    assert reasons(eight) == [(2, "Postcode", "is too long: with the name it has 8 lines, and an envelope shows 7")]


@pytest.mark.parametrize("beginning", list('()[]"\\/<>='))
def test_no_line_begins_with_what_a_printer_takes_for_something_else(beginning: str, people: ReadPeople) -> None:
    listed = people({"Address": f"12 Invented Street\n{beginning}Newtown"})

    assert reasons(listed) == [(2, "Postcode", f"has a line that begins with “{beginning}”")]
    assert people({"Address": f"12 Invented Street\nNew{beginning}town"}).refused == ()


def test_the_name_above_the_address_is_a_line_of_it(people: ReadPeople) -> None:
    by_email = {"Email": "rosa@mail.example", "Address": "", "Postcode": ""}

    assert reasons(people({"Name": "(Rosa) Lindqvist"})) == [(2, "Postcode", "has a line that begins with “(”")]
    assert people({"Name": "(Rosa) Lindqvist"} | by_email).refused == ()


def test_a_comma_at_the_end_of_a_line_is_dropped_and_at_its_beginning_refused(people: ReadPeople) -> None:
    assert only_person(people({"Address": "12 Invented Street,\nNewtown,"})).lines[1] == "Newtown"
    assert reasons(people({"Address": "12 Invented Street\n,Newtown"}))


@pytest.mark.parametrize(
    ("changes", "channel"),
    [
        ({}, Channel.POST),
        ({"Email": "rosa@mail.example"}, Channel.EMAIL),
        ({"Email": "rosa@mail.example", "How": "By post"}, Channel.POST),
        ({"Email": "rosa@mail.example", "How": "E-MAIL"}, Channel.EMAIL),
        ({"Email": "n/a"}, Channel.POST),
        ({"How": "phone only"}, Channel.TELEPHONE),
    ],
)
def test_somebody_is_told_as_the_list_says_or_by_email_where_there_is_one(
    changes: dict[str, str], channel: Channel, people: ReadPeople
) -> None:
    assert only_person(people(changes)).channel is channel


def test_who_is_told_by_telephone_has_no_address_to_write_to(people: ReadPeople) -> None:
    person = only_person(people({"How": "telephone", "Email": "rosa@mail.example", "Confirmed by": "", "Source": ""}))

    assert (person.email, person.lines, person.confirmed) == ("", (), None)


def test_an_address_that_is_wrong_and_not_needed_is_left_out_and_told(people: ReadPeople) -> None:
    by_post = people({"Email": "nonsense", "How": "post"})
    by_email = people({"Email": "rosa@mail.example", "Postcode": "??"}, {"Email": "sam@mail.example", "Postcode": "XX"})

    assert only_person(by_post).email == ""
    assert [one.rows for one in by_post.doubts] == [(2,)]
    assert by_email.recipients[0].lines == ()
    assert reasons(by_email)[0][1] == "Postcode"


@pytest.mark.parametrize(
    ("born", "on", "child"),
    [
        ("22 November 2008", date(2026, 11, 21), True),
        ("22 November 2008", date(2026, 11, 22), False),
        ("29/02/2008", date(2026, 2, 28), True),
        ("29/02/2008", date(2026, 3, 1), False),
        ("2014-02-09T00:00:00", date(2026, 11, 22), True),
    ],
)
def test_a_child_is_under_18_on_the_day_of_the_list(born: str, on: date, child: bool, people: ReadPeople) -> None:
    day = {"Confirmed on": on.isoformat()}
    listed = people(CHILD | day | {"Date of birth": born}, given=GIVEN.but(on=on, happened_on=None))

    assert only_person(listed).child is child


@pytest.mark.parametrize(
    ("on", "problem"),
    [
        ("2026-11-19", "lies before the incident"),
        ("2026-11-20", ""),
        ("2026-11-22", ""),
        ("2026-11-23", "lies in the future"),
    ],
)
def test_an_address_is_confirmed_between_the_incident_and_today(on: str, problem: str, people: ReadPeople) -> None:
    assert [one[2] for one in reasons(people({"Confirmed on": on}))] == ([problem] if problem else [])


def test_where_the_day_of_the_incident_is_not_known_an_older_confirmation_stands(people: ReadPeople) -> None:
    assert people({"Confirmed on": "2020-01-01"}, given=GIVEN.but(happened_on=None)).refused == ()


@pytest.mark.parametrize("source", ["Logic puzzle record", "Electoral roll", "Mosaics museum members"])
def test_a_source_is_at_fault_only_under_its_own_name(source: str, people: ReadPeople) -> None:
    refused = reasons(people({"Source": source}))

    assert bool(refused) is (source == "Mosaics museum members")


def test_invisible_leftovers_and_odd_spaces_cost_nothing(people: ReadPeople) -> None:
    person = only_person(people({"Name": "\ufeffRosa\u00a0 Lindqvist\u200b", "Confirmed on": "\u200e21/11/2026"}))

    assert person.name == "Rosa Lindqvist"


NAMES = [
    "O'Brien-Ní Dhomhnaill",
    "Łukasz Żak",
    "Ελένη Παππά",
    "Жанна Агузарова",
    "José da Silva",
    "Nguyễn Thị Hoa",
    "محمد علي",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_any_alphabet_stands_as_it_was_written(name: str, people: ReadPeople) -> None:
    listed = people({"Name": name if " " in name else f"Aoife {name}"})

    assert only_person(listed).name.endswith(name)
    assert listed.doubts == ()


LOCAL = st.text(st.sampled_from("aZ9._-+'é \""), min_size=1, max_size=70)
DOMAIN = st.text(st.sampled_from("aZ9.-é_"), min_size=1, max_size=20).map(lambda text: f"{text}.example")


@settings(max_examples=300, deadline=None)
@given(LOCAL, DOMAIN | st.just("mail.example"))
def test_an_email_address_is_what_the_library_says(local: str, domain: str) -> None:
    text = f"{local}@{domain}"
    try:
        expected = validate_email(text, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        expected = ""

    assert email_of(text, frozenset()).address == expected


# --- Headings


def test_columns_are_known_in_any_order_and_spelling(rules: ListRules) -> None:
    headings = ("SOURCE", "Post-code", "address line 2", "Surname", "Date confirmed", "E-mail", "House colour", "Fore name", "ADDRESS_LINE_1", "Confirmed By*", "Title (Mr, Ms)")  # fmt: skip
    cells = ("Council Tax", "NE1 4XX", "Newtown", "Lindqvist", "21 Nov 2026", "", "blue", "Rosa", "12 Invented Street", "Petra Quill", "Dr")  # fmt: skip

    listed = read([(1, ("People affected", "", "")), (4, headings), (7, cells)], rules, GIVEN)

    person = only_person(listed)
    assert (person.row, person.name, person.lines[0]) == (7, "Dr Rosa Lindqvist", "12 Invented Street")
    assert listed.ignored == ("House colour",)


def test_all_missing_columns_are_one_clear_error(rules: ListRules) -> None:
    with pytest.raises(
        ListError,
        match=r"Row 1: the list lacks an address: .*; a column “Address confirmed by”.*; and a column “Address confirmed from”",
    ):
        read([(1, ("Name", "Which data")), (2, ("Rosa Lindqvist", "your name"))], rules, GIVEN)


def test_two_columns_of_one_meaning_are_an_error(rules: ListRules) -> None:
    with pytest.raises(ListError, match=r"two columns are both read as “Email”: “Email” and “E-mail address”"):
        read(rows(ROSA, headings=(*HEADINGS, "E-mail address")), rules, GIVEN)


@pytest.mark.parametrize("table", [[], [(1, ("a", "b"))], [(1, ("Name",)), (2, ("Rosa",))]])
def test_a_list_without_headings_is_an_error_that_shows_what_they_look_like(
    table: list[tuple[int, tuple[str, ...]]], rules: ListRules
) -> None:
    with pytest.raises(ListError, match=r"no row of headings.*“Name”"):
        read(table, rules, GIVEN)


def test_a_list_of_nobody_is_an_error(rules: ListRules) -> None:
    with pytest.raises(ListError, match="Nobody stands under the headings"):
        read(rows(), rules, GIVEN)


def test_a_list_may_be_as_long_as_configured_and_no_longer(rules: ListRules) -> None:
    short = rules.but(lists=rules.lists.but(people=2))
    three = rows(*(ROSA | {"Name": f"Rosa {name}"} for name in ("Ax", "Bo", "Cy")))

    assert len(read(three[:3], short, GIVEN).recipients) == 2
    with pytest.raises(ListError, match=r"Row 4: the list holds more than 2 people"):
        read(three, short, GIVEN)


def test_a_cell_beyond_the_last_heading_shows_that_a_comma_moved_the_columns(rules: ListRules) -> None:
    (heading, (number, cells)) = rows(ROSA)

    listed = read([heading, (number, (*cells, "x"))], rules, GIVEN)

    assert reasons(listed) == [(2, "cell 17", "stands to the right of the last heading")]


@pytest.mark.parametrize("row", [{"First name": "Rosa"}, {"Surname": "Lindqvist"}])
def test_half_a_name_in_two_columns_is_refused(row: dict[str, str], rules: ListRules) -> None:
    headings = ("First name", "Surname", *HEADINGS[1:])
    rest = {key: value for key, value in ROSA.items() if key != "Name"}

    listed = read(rows(rest | row, headings=headings), rules, GIVEN)

    assert [one[2] for one in reasons(listed)] == ["is empty"]
    assert listed.refused[0].column not in row


# --- Properties

CELL = st.text(max_size=12) | st.sampled_from(
    ["Rosa Lindqvist", "2026-11-21", "NE1 4XX", "a@mail.example", "post", "=1", "yes", "2014-02-09"]
)
PERSON = st.fixed_dictionaries({}, optional=dict.fromkeys(HEADINGS, CELL)).map(lambda changes: ROSA | changes)


@settings(max_examples=60, deadline=None)
@given(st.lists(PERSON, min_size=1, max_size=6))
def test_every_row_ends_as_a_person_or_refused_in_order_and_never_both(
    rules: ListRules, them: list[dict[str, str]]
) -> None:
    listed = read(rows(*them), rules, GIVEN)

    given_out, refused = [one.row for one in listed.recipients], [one.row for one in listed.refused]
    assert sorted({*given_out, *refused}) == list(range(2, len(them) + 2))
    assert not {*given_out} & {*refused}
    assert given_out == sorted(given_out)
    assert refused == sorted(refused)


@settings(max_examples=60, deadline=None)
@given(st.lists(PERSON, min_size=1, max_size=6))
def test_reading_again_gives_the_same(rules: ListRules, them: list[dict[str, str]]) -> None:
    assert read(rows(*them), rules, GIVEN) == read(rows(*them), rules, GIVEN)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sets(st.sampled_from(HEADINGS[:3] + HEADINGS[5:]), max_size=13), min_size=1, max_size=8))
def test_nothing_of_one_row_stands_in_another(rules: ListRules, filled: list[set[str]]) -> None:
    them = [
        ROSA | {"Name": f"Rosa mark{at}q", "Because": f"mark{at}q"} | {heading: _marked(heading, at) for heading in one}
        for at, one in enumerate(filled)
    ]

    for entry in Reading(rows(*them), rules, GIVEN):
        others = {f"mark{at}q" for at in range(len(them))} - {f"mark{entry.row - 2}q"}
        assert not [mark for mark in others if mark in str(entry)]


def _marked(heading: str, at: int) -> str:
    fixed = {"Postcode": "NE1 4XX", "How": "post", "Confirmed on": "2026-11-21", "Told on": "2026-11-21"}
    special = {"Email": f"mark{at}q@mail.example", "Address": f"mark{at}q Street, Newtown"}
    return fixed.get(heading) or special.get(heading) or f"mark{at}q"


def test_a_person_is_given_out_before_the_next_row_is_taken(rules: ListRules) -> None:
    taken: list[int] = []

    def one_by_one():  # type: ignore[no-untyped-def]  # noqa: ANN202 - a generator of rows
        for number, cells in rows(ROSA, ROSA | {"Name": "Sam Marsh"}):
            taken.append(number)
            yield number, cells

    reading = iter(Reading(one_by_one(), rules, GIVEN))  # type: ignore[no-untyped-call]

    assert isinstance(next(reading), Recipient)
    assert taken == [1, 2]


def test_a_refused_row_names_the_column_as_the_list_does(rules: ListRules) -> None:
    headings = tuple("Postal Code" if one == "Postcode" else one for one in HEADINGS)

    listed = read(rows(ROSA | {"Postal Code": "none"}, headings=headings), rules, GIVEN)

    assert listed.refused[0] == Refused(2, "Postal Code", listed.refused[0].problem, listed.refused[0].what_to_do)
