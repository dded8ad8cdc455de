"""The closed lists an incident is counted under, and what people may write for their values."""

import tomllib
from typing import Any

import pytest
from pydantic import ValidationError

from mailbot.assessment import Classification
from mailbot.triage.classification import Bands, Category, ClassificationRules, classified_as
from tests.triage.conftest import ROOT

TYPE, MEDIUM = Classification.INCIDENT_TYPE, Classification.MEDIUM
CAUSE, ACTION = Classification.ROOT_CAUSE, Classification.ACTION_TAKEN


def table() -> dict[str, Any]:
    return tomllib.loads((ROOT / "config" / "classification.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def lists() -> ClassificationRules:
    return ClassificationRules.model_validate(table())


def test_the_regulator_has_fourteen_types_without_a_technical_attack_and_nine_with_one(
    lists: ClassificationRules,
) -> None:
    categories = [one.category for one in lists.incident_type]

    assert (categories.count(Category.NON_CYBER), categories.count(Category.CYBER)) == (14, 9)
    assert lists.category("Unauthorised access (cyber)") is Category.CYBER
    assert lists.category("Unauthorised access (non-cyber)") is Category.NON_CYBER
    assert lists.category("Something else") is None


def test_the_columns_of_the_published_report_are_complete(lists: ClassificationRules) -> None:
    assert lists.values(MEDIUM) == ("Electronic", "Email", "Laptop", "Letter", "Mobile", "Multiple", "Paper", "Verbal")
    assert lists.values(CAUSE) == ("Cyber", "Human Error", "Inappropriate Action by Staff", "Criminal Action", "System Error")  # fmt: skip
    assert lists.values(ACTION) == ("Corrective Action", "Disciplinary", "Police Notified", "Revised Process", "Training")  # fmt: skip


def test_the_regulators_kinds_of_data_and_of_people_are_complete(lists: ClassificationRules) -> None:
    assert (len(lists.data_type), len(lists.subject_type)) == (16, 9)


def test_every_value_says_what_it_means(lists: ClassificationRules) -> None:
    rows = [row for one in Classification for row in lists.rows(one)]

    assert [row.value for row in (*rows, *lists.data_type, *lists.subject_type) if not row.means] == []


@pytest.mark.parametrize(
    ("text", "classification", "value"),
    [
        ("Email", MEDIUM, "Email"),
        ("  e-mail. ", MEDIUM, "Email"),
        ("HUMAN ERROR", CAUSE, "Human Error"),
        ("human-error!", CAUSE, "Human Error"),
        ("inappropriate", CAUSE, "Inappropriate Action by Staff"),
        ("crim", CAUSE, "Criminal Action"),
        ("police", ACTION, "Police Notified"),
        ("bcc", TYPE, "Failure to use bcc"),
        ("phishing", TYPE, "Phishing"),
        ("Phish", TYPE, "Phishing"),
        ("data emailed", TYPE, "Data emailed to incorrect recipient"),
        ("posted or faxed", TYPE, "Data posted or faxed to incorrect recipient"),
        ("theft of device", TYPE, "Loss/theft of device containing personal data"),
        ("unauthorised access (cyber)", TYPE, "Unauthorised access (cyber)"),
        ("Unauthorised access, non cyber", TYPE, "Unauthorised access (non-cyber)"),
        ("lost phone", TYPE, "Loss/theft of device containing personal data"),
        ("client portal", TYPE, "Data of wrong data subject shown in client portal"),
    ],
)
def test_a_value_is_understood_by_its_name_its_other_names_its_beginning_or_some_of_its_words(
    text: str, classification: Classification, value: str, lists: ClassificationRules
) -> None:
    assert classified_as(text, classification, lists) == value


@pytest.mark.parametrize(
    ("text", "classification"),
    [
        ("", MEDIUM),
        ("e", MEDIUM),
        ("el", MEDIUM),
        ("unauthorised access", TYPE),
        ("disposal", TYPE),
        ("data", TYPE),
        ("loss", TYPE),
        ("hardware", TYPE),
        ("not phishing", TYPE),
        ("something of a muddle", CAUSE),
        ("error", MEDIUM),
        ("Email or letter", MEDIUM),
        ("it was by email", MEDIUM),
    ],
)
def test_nothing_is_guessed_when_none_or_more_than_one_value_could_be_meant(
    text: str, classification: Classification, lists: ClassificationRules
) -> None:
    assert classified_as(text, classification, lists) is None


@pytest.mark.parametrize("classification", list(Classification))
def test_every_value_is_understood_when_written_in_full(
    classification: Classification, lists: ClassificationRules
) -> None:
    for value in lists.values(classification):
        assert classified_as(value.upper(), classification, lists) == value


@pytest.mark.parametrize("classification", list(Classification))
def test_every_other_name_means_one_value(classification: Classification, lists: ClassificationRules) -> None:
    for row in lists.rows(classification):
        for name in row.also:
            assert classified_as(name, classification, lists) == row.value, name


@pytest.mark.parametrize(
    ("number", "published", "regulator"),
    [
        (None, "Not known", "Unknown"),
        (0, "Not known", "Unknown"),
        (1, "1", "1 to 9"),
        (2, "2 to 5", "1 to 9"),
        (5, "2 to 5", "1 to 9"),
        (6, "> 5", "1 to 9"),
        (9, "> 5", "1 to 9"),
        (10, "> 5", "10 to 99"),
        (99, "> 5", "10 to 99"),
        (100, "> 5", "100 to 1k"),
        (999, "> 5", "100 to 1k"),
        (1_000, "> 5", "1k to 10k"),
        (10_000, "> 5", "10k to 100k"),
        (99_999, "> 5", "10k to 100k"),
        (100_000, "> 5", "100k and above"),
    ],
)
def test_one_number_of_people_gives_both_bands(
    number: int | None, published: str, regulator: str, lists: ClassificationRules
) -> None:
    assert lists.people_affected["published"].of(number) == published
    assert lists.people_affected["ico"].of(number) == regulator


@pytest.mark.parametrize("begins", [(), ((2, "2 to 5"),), ((1, "1"), (1, "one")), ((1, "1"), (6, "> 5"), (2, "2"))])
def test_bands_are_refused_when_they_leave_a_gap_or_go_backwards(begins: tuple[tuple[int, str], ...]) -> None:
    with pytest.raises(ValidationError, match="must begin with 1 and go upwards"):
        Bands(begins=begins, unknown="Not known")


def _twice(raw: dict[str, Any]) -> None:
    raw["medium"].append({"value": "email"})


def _over_nothing(raw: dict[str, Any]) -> None:
    raw["medium"][0]["over"] = ["Telegram"]


def _no_such_type(raw: dict[str, Any]) -> None:
    raw["medium"][0]["clues"].append({"words": "a telegram", "weight": 1, "types": ["Telegram"]})


def _no_such_list(raw: dict[str, Any]) -> None:
    raw["medium"][0]["clues"].append({"words": "a telegram", "weight": 1, "phrases": ["$telegrams & lost"]})


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (_twice, "a value stands twice in the list that begins with “Electronic”"),
        (_over_nothing, "“Electronic” stands over “Telegram”, which is not in the list"),
        (_no_such_type, "“a telegram” is about the type “Telegram”, which is not in the list"),
        (_no_such_list, "“a telegram”: there is no list of words called telegrams"),
    ],
)
def test_lists_are_refused_in_plain_words_when_they_contradict_themselves(spoil: Any, problem: str) -> None:
    raw = table()
    spoil(raw)

    with pytest.raises(ValidationError, match=problem):
        ClassificationRules.model_validate(raw)
