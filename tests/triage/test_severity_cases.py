"""Cases on the boundary, as an IG officer would rate them: denial, encryption, trusted recipients, vulnerable people."""

import pytest

from mailbot.assessment import GridOutcome
from mailbot.terms import Severity
from tests.triage.conftest import Sort

LOW, MEDIUM, HIGH, VERY_HIGH = Severity
LAPTOP = "My laptop with the case files of clients was stolen from the car."
UNREADABLE = "unreadable: encrypted, and the key is safe"


@pytest.mark.parametrize(
    ("told", "answers", "severity"),
    [
        ("It was encrypted.", {}, LOW),
        ("It was encrypted and the password was not written on it.", {}, LOW),
        ("BitLocker was on, and the recovery key is with the service desk.", {}, LOW),
        ("", {"encrypted": "Yes"}, LOW),
        ("", {"encrypted": "Yes, BitLocker"}, LOW),
        ("It was not encrypted.", {}, VERY_HIGH),
        ("It was never encrypted.", {}, VERY_HIGH),
        ("It wasn't encrypted.", {}, VERY_HIGH),
        ("It was unencrypted.", {}, VERY_HIGH),
        ("It had no encryption.", {}, VERY_HIGH),
        ("The laptop was encrypted, the memory stick in the bag was unencrypted.", {}, VERY_HIGH),
        ("", {"encrypted": "No"}, VERY_HIGH),
        ("", {"encrypted": "Not known"}, VERY_HIGH),
        ("", {"encrypted": "The laptop yes, the paper no"}, VERY_HIGH),
        ("It should have been encrypted.", {}, VERY_HIGH),
        ("I think it is encrypted.", {}, VERY_HIGH),
        ("I do not know whether it was encrypted.", {}, VERY_HIGH),
        ("It was encrypted, but the password was written on a label on it.", {}, VERY_HIGH),
        ("It was encrypted. My PIN is on a note in the bag.", {}, VERY_HIGH),
        ("It was encrypted, but I was still logged in.", {}, VERY_HIGH),
        ("It was only password protected.", {}, VERY_HIGH),
        ("It has just a PIN.", {}, VERY_HIGH),
        ("", {"encrypted": "Only a password"}, VERY_HIGH),
    ],
)
def test_an_encrypted_device_is_low_only_where_the_key_is_safe(
    told: str, answers: dict[str, str], severity: Severity, sort: Sort
) -> None:
    found = sort(f"{LAPTOP} {told}", **answers).assessment

    assert found is not None
    assert found.severity is severity
    assert (UNREADABLE in found.beside) is (severity is LOW)


def test_files_that_an_attacker_encrypted_are_not_protected(sort: Sort) -> None:
    found = sort("Ransomware has encrypted our files with the care records.")

    assert found.severity is VERY_HIGH


MISSENT = "I emailed a client's care plan by mistake to"


@pytest.mark.parametrize(
    ("told", "severity"),
    [
        (f"{MISSENT} a colleague. She has deleted it.", LOW),
        (f"{MISSENT} another department. They confirmed deletion.", LOW),
        (f"{MISSENT} the wrong hospital. They have destroyed it.", LOW),
        (f"{MISSENT} a colleague.", MEDIUM),
        (f"{MISSENT} a colleague. I asked for it to be deleted.", MEDIUM),
        (f"{MISSENT} a colleague. She has not deleted it.", MEDIUM),
        (f"{MISSENT} a colleague. She will delete it.", MEDIUM),
        (f"{MISSENT} a neighbour. She has deleted it.", VERY_HIGH),
        (f"{MISSENT} the wrong person. They have deleted it.", VERY_HIGH),
        (f"{MISSENT} a colleague's private email. She has deleted it.", VERY_HIGH),
        (f"{MISSENT} all staff. A colleague has deleted it.", VERY_HIGH),
        (f"{MISSENT} a colleague. She has deleted it, but it was passed on.", VERY_HIGH),
        (f"{MISSENT} a colleague. It was published on the website and then deleted.", VERY_HIGH),
        (f"{MISSENT} Pat Smith and told a colleague, who deleted it.", VERY_HIGH),
    ],
)
def test_a_trusted_recipient_contains_it_only_once_it_is_gone(told: str, severity: Severity, sort: Sort) -> None:
    assert sort(told).severity is severity


@pytest.mark.parametrize(
    ("told", "severity"),
    [
        ("A letter with a diagnosis came back unopened from the wrong house.", LOW),
        ("A letter with a diagnosis came back opened from the wrong house.", VERY_HIGH),
        ("We hope the letter with a diagnosis is still unopened at the wrong house.", VERY_HIGH),
        ("The email with the diagnosis bounced.", LOW),
        ("The email with the diagnosis to the wrong person was recalled successfully.", LOW),
        ("The email with the diagnosis to the wrong person was recalled, but the recall failed.", VERY_HIGH),
        ("I got a bogus email. I did not click on the link.", LOW),
        ("I got a bogus email and clicked on the link.", MEDIUM),
    ],
)
def test_what_was_never_read_is_low(told: str, severity: Severity, sort: Sort) -> None:
    assert sort(told).severity is severity


@pytest.mark.parametrize(
    ("told", "denied"),
    [
        ("The letter with the name and address of a resident held health data.", "The letter with the name and address of a resident held no health data."),
        ("The names were sent with bank details.", "The names were sent without bank details."),
        ("The names were deliberately shared.", "The names were not deliberately shared."),
        ("The names were shared and published.", "The names were shared, never published."),
    ],
)  # fmt: skip
def test_what_is_denied_does_not_weigh(told: str, denied: str, sort: Sort) -> None:
    said, unsaid = sort(told).assessment, sort(denied).assessment

    assert said is not None
    assert unsaid is not None
    assert unsaid.score < said.score


@pytest.mark.parametrize(
    ("people", "severity"),
    [
        ("residents", LOW),
        ("pupils", MEDIUM),
        ("carers", HIGH),
        ("vulnerable adults", HIGH),
    ],
)
def test_the_same_list_weighs_more_the_more_vulnerable_the_people_are(
    people: str, severity: Severity, sort: Sort
) -> None:
    assert sort(f"The names and dates of birth of 12 {people} were sent to the wrong firm.").severity is severity


def test_the_home_address_of_somebody_vulnerable_weighs_most(sort: Sort) -> None:
    found = sort("The name and home address of a vulnerable woman were sent to the wrong firm.")

    assert found.severity is VERY_HIGH


def test_the_address_of_an_adoptive_family_sent_to_the_birth_parents_is_grave(sort: Sort) -> None:
    """The regulator's first example: it and the people affected are told."""
    found = sort(
        "The adoptive parents' names and address were not redacted in papers that were sent to the birth parents."
    )

    assert found.severity.at_least(HIGH)
    assert found.safety == ("adoptive parents or an adopted child may be found",)
    assert found.assessment is not None
    assert found.assessment.grid is not None
    assert found.assessment.grid.outcome is GridOutcome.REPORT_TO_ICO_AND_DHSC


def test_a_vulnerable_clients_file_that_a_colleague_deleted_and_reported_stays_in_the_log(sort: Sort) -> None:
    """The regulator's second example: nothing but an entry in the council's own log."""
    found = sort(
        "A file on a vulnerable client, with details of debts and mental health, was emailed by mistake to a colleague "
        "in another department, who deleted it and told us."
    )

    assert found.severity is LOW
    assert found.safety == ()
    assert found.assessment is not None
    assert found.assessment.grid is not None
    assert found.assessment.grid.outcome is GridOutcome.IMPACT_UNLIKELY
