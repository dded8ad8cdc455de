"""ENISA's arithmetic: value of the data, ease of identification, circumstances, bands; known and unknown."""

import pytest

from mailbot.assessment import Assessment, Factor
from mailbot.terms import Severity
from mailbot.triage.rules import TriageRules
from mailbot.triage.severity_rows import Bands
from tests.triage.conftest import Sort

BANDS = Bands(medium_from=2, high_from=3, very_high_from=4)


def assessed(sort: Sort, story: str, **answers: str) -> Assessment:
    found = sort(story, **answers).assessment
    assert found is not None
    return found


def factor(assessment: Assessment, name: str) -> Factor:
    return next(one for one in assessment.factors if one.name.startswith(name))


@pytest.mark.parametrize(
    ("data", "points"),
    [
        ("The customer list of a supermarket", 1),
        ("The customer profiles of a shop for luxury goods", 2),
        ("The postal addresses to which an adult bookshop sends its parcels", 3),
        ("The names of undercover officers", 4),
        ("The choice of a paper or email preference", 1),
        ("The journeys made with a travel card on one day", 2),
        ("The travel history of a resident", 3),
        ("The browsing history of a resident, with pages about mental health", 4),
        ("A letter from her bank that thanks her for being a customer of the bank", 1),
        ("The transactions of one day", 2),
        ("The account balances of one month", 3),
        ("The bank statements of a whole year", 4),
        ("That somebody had general blood tests", 1),
        ("That somebody had blood tests in the emergency room: an emergency blood test", 2),
        ("That somebody was tested for a certain disease", 3),
        ("The results of the test for a certain disease", 4),
    ],
)
def test_data_is_worth_what_enisa_gives_it(data: str, points: float, sort: Sort) -> None:
    assert factor(assessed(sort, f"{data} was left on the bus."), "data").points == points


def test_the_highest_class_of_data_counts(sort: Sort) -> None:
    both = assessed(sort, "An invoice and a diagnosis were left on the bus.")

    assert factor(both, "data").name == "data: sensitive"


def test_a_password_counts_as_the_data_that_it_opens(sort: Sort) -> None:
    unnamed = assessed(sort, "I typed my password into a bogus page.")
    named = assessed(sort, "I typed my password into a bogus page. It opens the payroll.")

    assert (factor(unnamed, "data").points, factor(unnamed, "data").known) == (2, False)
    assert (factor(named, "data").points, factor(named, "data").known) == (3, True)


@pytest.mark.parametrize(
    ("told", "points", "known"),
    [
        ("The list was pseudonymised.", 0.25, True),
        ("Only initials were shown.", 0.5, True),
        ("The email addresses were shown.", 0.75, True),
        ("Names and dates of birth were shown.", 1, True),
        ("It was put online.", 1, False),
    ],
)
def test_people_are_the_easier_to_tell_the_more_is_shown(told: str, points: float, known: bool, sort: Sort) -> None:
    found = factor(assessed(sort, told), "ease")

    assert (found.points, found.known, found.field) == (points, known, "" if known else "data_categories")


@pytest.mark.parametrize(
    ("told", "name", "points"),
    [
        ("A folder of receipts is lost.", "confidentiality", 0),
        ("A receipt was posted to the wrong house.", "confidentiality", 0.25),
        ("Receipts were published on the website.", "confidentiality", 0.5),
        ("The invoices were altered and then corrected and restored.", "integrity", 0),
        ("Somebody changed the data of the invoices.", "integrity", 0.25),
        ("Somebody changed the data of the invoices and it cannot be restored.", "integrity", 0.5),
        ("A folder of receipts is lost, but we have a copy.", "availability", 0),
        ("The server with the invoices is down.", "availability", 0.25),
        ("The only copy of the invoices is lost.", "availability", 0.5),
        ("The invoices were deliberately published.", "malicious intent", 0.5),
    ],
)
def test_each_circumstance_adds_what_enisa_gives_it(told: str, name: str, points: float, sort: Sort) -> None:
    found = factor(assessed(sort, told), name)

    assert (found.points, found.known) == (points, True)


def test_who_may_have_it_is_asked_for_when_the_report_does_not_say(sort: Sort) -> None:
    found = factor(assessed(sort, "Something is wrong with the invoices."), "confidentiality")

    assert (found.points, found.known, found.field) == (0.25, False, "recipients")


@pytest.mark.parametrize("name", ["integrity", "availability", "malicious intent"])
def test_a_circumstance_of_which_nothing_is_said_adds_nothing(name: str, sort: Sort) -> None:
    assert not [one for one in assessed(sort, "A letter went to the wrong house.").factors if one.name == name]


def test_the_score_is_data_times_ease_plus_the_circumstances(sort: Sort) -> None:
    found = assessed(sort, "The initials and the payslips of 3 employees were deliberately published.")

    assert (factor(found, "data").points, factor(found, "ease").points) == (3, 1)
    assert [factor(found, name).points for name in ("confidentiality", "malicious intent")] == [0.5, 0.5]
    assert found.score == 4


@pytest.mark.parametrize(
    ("score", "severity"),
    [
        (0, Severity.LOW),
        (1.99, Severity.LOW),
        (2, Severity.MEDIUM),
        (2.99, Severity.MEDIUM),
        (3, Severity.HIGH),
        (3.99, Severity.HIGH),
        (4, Severity.VERY_HIGH),
        (6, Severity.VERY_HIGH),
    ],
)
def test_a_rating_begins_at_its_score_and_not_below(score: float, severity: Severity) -> None:
    assert BANDS.of(score) is severity


@pytest.mark.parametrize(
    ("subjects", "severity", "is_flagged"),
    [("99", Severity.LOW, False), ("100", Severity.LOW, False), ("101", Severity.MEDIUM, True)],
)
def test_more_than_a_hundred_people_stand_beside_the_score(
    subjects: str, severity: Severity, is_flagged: bool, sort: Sort
) -> None:
    found = assessed(sort, "The names and addresses went to the wrong house.", subjects=subjects)

    assert (found.severity, found.score) == (severity, 1.25)
    assert ("more than 100 people are affected" in found.beside) is is_flagged


@pytest.mark.parametrize(
    ("told", "is_many"),
    [
        ("The names of 101 residents were shown.", True),
        ("The names of 100 residents were shown.", False),
        ("The names of 2,000 council tax payers who are residents were shown.", False),
        ("The names of 2,000 older residents were shown.", True),
        ("The names on 450 pages were shown.", False),
    ],
)
def test_the_number_of_people_is_read_from_running_words(told: str, is_many: bool, sort: Sort) -> None:
    assert ("more than 100 people are affected" in assessed(sort, told).beside) is is_many


def test_the_number_on_the_form_counts_before_the_one_in_running_words(sort: Sort) -> None:
    found = assessed(sort, "One letter for 300 parents went to the wrong house.", subjects="1")

    assert found.beside == ()


def test_a_danger_is_never_rated_low_whatever_the_score(sort: Sort) -> None:
    found = sort("Her encrypted laptop with the address of the refuge was stolen.", encrypted="Yes")

    assert found.severity is Severity.HIGH
    assert found.severity_reasons[0] == "somebody may be in danger"


def test_a_bare_report_is_rated_medium_and_asks(sort: Sort) -> None:
    found = assessed(sort, "Something went wrong tonight.")

    assert found.severity is Severity.MEDIUM
    assert not any(one.known for one in found.factors)


@pytest.mark.parametrize(
    "told",
    [
        "My memory stick is lost. No personal data was on it.",
        "The laptop was stolen, but there was nothing on it.",
        "The phone is lost. It was brand new.",
    ],
)
def test_equipment_with_nothing_on_it_is_rated_low(told: str, sort: Sort) -> None:
    found = assessed(sort, told)

    assert (found.severity, found.score, found.would_change) == (Severity.LOW, 0, ())


def test_that_no_personal_data_is_involved_is_not_believed_where_the_report_names_some(sort: Sort) -> None:
    found = assessed(sort, "No personal data was sent, only the payslips of two colleagues.")

    assert factor(found, "data").points == 3


def test_reasons_are_words_of_the_configuration_the_weightiest_first(sort: Sort, rules: TriageRules) -> None:
    found = sort("The care plan of a resident went to the wrong house.")

    assert found.severity_reasons == (
        "health or care records, or information that reveals them (ENISA: 4)",
        "people are named outright",
        "sent, shown or told to people who are known",
    )
    assert set(found.severity_reasons) <= rules.reason_words


def test_a_factor_quotes_the_passage_that_set_it_and_names_its_source(sort: Sort) -> None:
    found = factor(assessed(sort, "The care plan went to the wrong house."), "data")

    assert found.quote == "The care plan went to the wrong house"
    assert found.source.startswith("ENISA 2013")
