"""People of one list beside one another: who stands on it twice, and who could be taken for somebody else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailbot.letters.doubts import Doubt, named
from mailbot.letters.names import Name, is_near, mixes_alphabets, skeleton
from mailbot.letters.recipients import Listed, read
from mailbot.letters.rules import ListRules
from tests.letters.conftest import GIVEN, ROSA, ReadPeople, rows

HERE, THERE = {"Address": "12 Invented Street"}, {"Address": "7 Elsewhere Road"}


def doubts(listed: Listed) -> list[tuple[tuple[int, ...], str]]:
    return [(one.rows, one.problem) for one in listed.doubts]


def only_doubt(listed: Listed) -> Doubt:
    assert listed.refused == ()
    (doubt,) = listed.doubts
    return doubt


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {}),
        ({}, {"Name": "Ms ROSA  Lindqvist", "Postcode": "ne14xx"}),
        ({}, {"Name": "Rösa Lindqvist", "Address": "12 invented street,\nNewtown."}),
        ({"Email": "r@mail.example"}, {"Email": "R@MAIL.example", "Address": "", "Postcode": ""}),
        ({"Email": "r@mail.example"}, {}),
    ],
)
def test_the_same_person_twice_at_one_address_is_refused_with_the_other_row(
    first: dict[str, str], second: dict[str, str], people: ReadPeople
) -> None:
    listed = people(first, {"Name": "Sam Marsh"} | THERE, second)

    assert [one.row for one in listed.recipients] == [2, 3]
    assert [(one.row, one.problem) for one in listed.refused] == [
        (4, "is the same person at the same address as row 2")
    ]


CHILD = {"Child": "yes", "Because": "parental responsibility"}


@pytest.mark.parametrize(
    "second",
    [
        {"Date of birth": "1950-02-09"},
        {"Name": "Rosa B Lindqvist"},
        CHILD | {"Addressed to": "Nils Lindqvist"},
    ],
)
def test_two_people_of_one_name_at_one_address_are_a_doubt_and_both_stay(
    second: dict[str, str], people: ReadPeople
) -> None:
    listed = people({"Date of birth": "1980-01-01"} if "Date of birth" in second else {}, second)

    assert [one.row for one in listed.recipients] == [2, 3]
    assert doubts(listed)[0] == (
        (2, 3),
        "Rows 2 and 3 have the same name at the same address. One person twice, or two of one family?",
    )


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("Jon Marsh", "John Marsh", "nearly the same name at different addresses"),
        ("Anna Smith", "Anna Smyth", "nearly the same name at different addresses"),
        ("Brain Marsh", "Brian Marsh", "nearly the same name at different addresses"),
        ("Sarah Marsh", "Sara Marsh", "nearly the same name at different addresses"),
        ("Rosa Lindqvist", "Mrs rosa LINDQVIST", "the same name at different addresses"),
        ("Rosa Lindqvist", "Rosa Maria Lindqvist", "the same name at different addresses"),
        ("José Núñez", "Jose Nunez", "the same name at different addresses"),
        ("Aoife O'Brien", "Aoife O’Brien", "the same name at different addresses"),
        ("Marsh John", "John Marsh", "the same two names the other way round"),
        ("Łukasz Nowak", "Lukasz Nowak", "names that look the same and are spelt with different letters"),
    ],
)
def test_names_that_could_be_one_anothers_are_a_doubt(one: str, other: str, said: str, people: ReadPeople) -> None:
    doubt = only_doubt(
        people({"Name": one} | HERE, {"Name": "Zuri Okafor", "Address": "1 Third Way"}, {"Name": other} | THERE)
    )

    assert doubt.rows == (2, 4)
    assert said in doubt.problem


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jo Marsh", "Joe Marsh"),
        ("John Marsh", "Joanna Marsh"),
        ("Jon Marsh", "John Fenn"),
        ("Ian Marsh", "Dan Marsh"),
    ],
)
def test_names_that_are_plainly_different_are_no_doubt(one: str, other: str, people: ReadPeople) -> None:
    listed = people({"Name": one} | HERE, {"Name": other} | THERE)

    assert [text for _, text in doubts(listed) if "name at" in text or "names" in text] == []


def test_a_letter_of_another_alphabet_is_seen(people: ReadPeople) -> None:
    listed = people({"Name": "John Marsh"} | HERE, {"Name": "J\u043ehn Marsh"} | THERE)

    looks, mixed = doubts(listed)
    assert looks == ((2, 3), "Rows 2 and 3 have names that look the same and are spelt with different letters, accents or another alphabet. One person, or two?")  # fmt: skip
    assert mixed == ((3,), "Row 3 has a name that mixes Latin letters with others that look like them. Type it afresh.")


def test_nearly_the_same_name_at_one_address_is_told_as_one_person_misspelt(people: ReadPeople) -> None:
    listed = people({"Name": "Jon Marsh"}, {"Name": "John Marsh"})

    assert doubts(listed)[0] == (
        (2, 3),
        "Rows 2 and 3 have nearly the same name at the same address. One person twice, misspelt?",
    )


def test_different_people_at_one_email_or_one_address_are_a_doubt(people: ReadPeople) -> None:
    mail = {"Email": "family@mail.example"}
    listed = people({} | mail, {"Name": "Sam Marsh"} | mail | THERE, {"Name": "Zuri Okafor"})

    assert [one.rows for one in listed.doubts] == [(2, 3), (2, 4)]
    assert "the same email address" in listed.doubts[0].problem
    assert "the same postal address" in listed.doubts[1].problem


def test_a_parent_who_gets_a_childs_letter_and_an_own_one_is_no_doubt(people: ReadPeople) -> None:
    listed = people({}, CHILD | {"Name": "Nils Lindqvist", "Addressed to": "Rosa Lindqvist"})

    assert (listed.refused, listed.doubts) == ((), ())


@pytest.mark.parametrize(("domain", "meant"), [("gmial.com", "gmail.com"), ("gmai.com", "gmail.com"), ("hotnail.co.uk", "hotmail.co.uk"), ("gmail.con", "gmail.com"), ("gmail.co.uk", "gmail.com")])  # fmt: skip
def test_a_misspelt_provider_is_doubted_with_the_right_one(domain: str, meant: str, people: ReadPeople) -> None:
    listed = people({"Email": f"rosa@{domain}"} | HERE, {"Name": "Sam Marsh", "Email": f"sam@{domain}"} | THERE)

    assert only_doubt(listed) == Doubt((2, 3), f"Rows 2 and 3 have an email address at {domain}. Is {meant} meant?")


@pytest.mark.parametrize("domain", ["gmail.com", "mail.com", "ymail.com", "council.example", "nhs.net"])
def test_a_provider_that_exists_is_not_doubted(domain: str, people: ReadPeople) -> None:
    assert people({"Email": f"rosa@{domain}"}).doubts == ()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"Name": "ZoÃ« Marsh"}, "letters were garbled"),
        ({"Name": "Mr & Mrs Marsh"}, "two people’s"),
        ({"Name": "Jo and Sam Marsh"}, "two people’s"),
        ({"Name": "Marsh, Jo"}, "a name with a comma"),
        ({"Name": "Marsh"}, "a name of one word"),
        ({"Name": "J0hn Marsh"}, "a figure in it"),
        ({"Needs": "Large print"}, "a note on language or needs: “Large print”"),
    ],
)
def test_what_looks_odd_in_one_row_is_a_doubt(changes: dict[str, str], said: str, people: ReadPeople) -> None:
    doubt = only_doubt(people(changes))

    assert doubt.rows == (2,)
    assert said in doubt.problem


def test_rows_with_one_doubt_are_told_together_and_not_all_named(people: ReadPeople) -> None:
    listed = people(
        *(
            {"Name": f"Name{chr(97 + at)}x Marsh{'abcdefghijkl'[at] * 3}", "Address": f"{at} Way", "Needs": "Braille"}
            for at in range(12)
        )
    )

    braille = [one for one in listed.doubts if "Braille" in one.problem]
    assert [one.rows for one in braille] == [tuple(range(2, 14))]
    assert "2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 2 more" in braille[0].problem


@pytest.mark.parametrize(
    ("numbers", "text"), [((3,), "row 3"), ((3, 9), "rows 3 and 9"), ((3, 4, 9), "rows 3, 4 and 9")]
)
def test_rows_are_named_as_people_do(numbers: tuple[int, ...], text: str) -> None:
    assert named(numbers) == text


@pytest.mark.parametrize(("pairs", "told", "more"), [(3, 3, 0), (4, 3, 1)])
def test_doubts_of_one_kind_are_listed_up_to_a_number(pairs: int, told: int, more: int, rules: ListRules) -> None:
    few = rules.but(lists=rules.lists.but(doubts=3))
    them = [
        ROSA | {"Name": f"Anna {surname}", "Address": f"{surname} {street}"}
        for surname in ("Quillen", "Brandt", "Osei", "Tamm")[:pairs]
        for street in ("Road", "Lane")
    ]

    listed = read(rows(*them), few, GIVEN)

    assert len([one for one in listed.doubts if "the same name at" in one.problem]) == told
    assert len([one for one in listed.doubts if one.problem.startswith("There are more like the last 3")]) == more


@pytest.mark.parametrize(("notes", "more"), [(3, 0), (4, 1)])
def test_notes_of_one_kind_are_listed_up_to_a_number(notes: int, more: int, rules: ListRules) -> None:
    few = rules.but(lists=rules.lists.but(doubts=3))
    them = [
        ROSA | {"Name": f"{one} Lindqvist", "Address": f"{one} Way", "Needs": one}
        for one in ("Abena", "Bodil", "Chidi", "Dimitra")
    ]

    listed = read(rows(*them[:notes]), few, GIVEN)

    assert [one.rows for one in listed.doubts if "language or needs" in one.problem] == [(2,), (3,), (4,)]
    assert len([one for one in listed.doubts if one.problem.startswith("There are more")]) == more


def test_who_shares_an_address_is_told_from_the_top_of_the_list(rules: ListRules) -> None:
    few = rules.but(lists=rules.lists.but(doubts=2))
    houses = [{"Address": f"{at} Way"} for at in range(9)]
    names = ("Abena Osei", "Chidi Okoro")

    listed = read(rows(*(ROSA | house | {"Name": name} for name in names for house in houses)), few, GIVEN)

    assert [one.rows for one in listed.doubts if "same postal address" in one.problem] == [(2, 11), (3, 12)]


WORD = st.text(st.sampled_from("abcd"), min_size=1, max_size=6)


def distance(one: str, other: str) -> int:
    """Letters to add, drop, change or swap with a neighbour, by the textbook."""
    table = {(i, 0): i for i in range(len(one) + 1)} | {(0, j): j for j in range(len(other) + 1)}
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            changed = one[i - 1] != other[j - 1]
            table[i, j] = min(table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + changed)
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                table[i, j] = min(table[i, j], table[i - 2, j - 2] + 1)
    return table[len(one), len(other)]


@settings(max_examples=60, deadline=None)
@given(WORD, WORD)
def test_near_is_one_step_of_the_textbooks_distance(one: str, other: str) -> None:
    long_enough = max(len(one), len(other)) >= 4

    assert is_near(one, other) is (long_enough and distance(one, other) == 1)


@settings(max_examples=60, deadline=None)
@given(st.lists(WORD, min_size=2, max_size=8, unique=True))
def test_every_near_pair_of_a_surname_is_found(rules: ListRules, firsts: list[str]) -> None:
    them = [ROSA | {"Name": f"{first} Lindqvist", "Address": f"{at} Way"} for at, first in enumerate(firsts)]

    found = {one.rows for one in read(rows(*them), rules, GIVEN).doubts if "nearly the same" in one.problem}

    near = {
        (i + 2, j + 2) for i in range(len(firsts)) for j in range(i + 1, len(firsts)) if is_near(firsts[i], firsts[j])
    }
    assert found == near


@pytest.mark.parametrize(
    ("one", "other"), [("Νora", "Nora"), ("АННА", "анна"), ("Ołga", "Olga"), ("Ｒosa", "rosa"), ("Straße", "STRASSE")]
)
def test_words_that_look_alike_have_one_skeleton(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


def test_a_name_of_another_alphabet_mixes_nothing() -> None:
    assert not any(map(mixes_alphabets, ("Жанна Агузарова", "Ελένη Παππά", "Zoë O'Brien", "Nguyễn")))


def test_a_title_alone_is_still_a_name() -> None:
    assert Name("Dame", frozenset({"dame"})).last == "dame"
