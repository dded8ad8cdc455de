import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.intake.kinds import is_titled
from mailbot.intake.title import says, slips_between
from tests.intake.mails import RULES


@pytest.mark.parametrize(
    "subject",
    [
        "Urgent Data Incident",
        "URGENT DATA INCIDENT",
        "urgent data incident.",
        "RE: FW: [EXTERNAL] Urgent Data Incident - laptop",
        "AW: WG: Urgent  data   incident",
        "CAUTION: OFFICIAL-SENSITIVE: urgent-data-incident",
        "Urgent_Data_Incident",
        "UrgentDataIncident",
        "urgentdata incident",
        "Urgent Data Incedent",
        "Urgent Date Incident",
        "Ugrent Data Incident",
        "Urgent Data Incidents x2",
        "'Urgent Data Incident'",
        "Urgent: Data Incident!!!",
        "URGENT DATA  BREACH INCIDENT",
        "Urgent personal data incident",
        "Urgent\u200b Data\u00ad Incident",
        "\uff35rgent Data Incident",
    ],
)
def test_subject_is_titled_when_it_says_the_title_however_typed(subject: str) -> None:
    assert is_titled(subject, RULES)


@pytest.mark.parametrize(
    "subject",
    [
        "",
        "data for urgent meeting",
        "Urgent: incident with the data centre",
        "Urgent data needed for committee",
        "Data incident statistics",
        "Recent data: accidents on the A60",
        "Urgent meeting about data and one incident",
        "agenda data incident",
    ],
)
def test_subject_is_not_titled_when_the_words_differ_or_stand_in_another_order(subject: str) -> None:
    assert not is_titled(subject, RULES)


def test_words_between_count_as_fillers_only_when_configured() -> None:
    assert says("urgent incident", "urgent data incident", {"data"})
    assert not says("urgent incident", "urgent data incident")
    assert not says("urgent incident", "urgent data data data incident", {"data"})


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [("data", "data", 0), ("data", "date", 1), ("urgent", "ugrent", 1), ("incident", "incedant", 2), ("cat", "", 2)],
)
def test_slips_are_counted_with_swapped_neighbours_as_one(one: str, other: str, slips: int) -> None:
    assert slips_between(one, other, 1) == min(slips, 2)


@given(st.text(max_size=8), st.text(max_size=8))
def test_slips_are_the_same_both_ways(one: str, other: str) -> None:
    assert slips_between(one, other, 3) == slips_between(other, one, 3)
