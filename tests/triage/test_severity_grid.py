"""The NHS grid: reportable by its two axes, never by their product; who is never below 2 unless it is contained."""

import pytest

from mailbot.assessment import Grid, GridOutcome
from tests.triage.conftest import Sort

NONE, UNLIKELY, ICO, DHSC = GridOutcome
CELLS = [
    # likelihood 1 to 5, impact 1 to 5
    [NONE, NONE, NONE, NONE, NONE],
    [NONE, UNLIKELY, UNLIKELY, UNLIKELY, UNLIKELY],
    [NONE, ICO, ICO, DHSC, DHSC],
    [NONE, ICO, ICO, DHSC, DHSC],
    [NONE, ICO, ICO, DHSC, DHSC],
]


@pytest.mark.parametrize(("likelihood", "impact"), [(one, other) for one in range(1, 6) for other in range(1, 6)])
def test_every_cell_says_what_the_guide_says(likelihood: int, impact: int) -> None:
    assert Grid(likelihood=likelihood, impact=impact).outcome is CELLS[likelihood - 1][impact - 1]


def grid(sort: Sort, story: str, **answers: str) -> tuple[int, int] | None:
    found = sort(story, **answers).assessment
    assert found is not None
    return (found.grid.likelihood, found.grid.impact) if found.grid else None


@pytest.mark.parametrize(
    ("told", "cell"),
    [
        ("The care plan went to the wrong house.", (3, 3)),
        ("The care plan is missing.", (3, 3)),
        ("The care plan was published on the website.", (4, 3)),
        ("The care plan went to the wrong house and she was threatened.", (5, 4)),
        ("The care plan with the bank details went to the wrong house.", (3, 4)),
        ("The care plan went to a colleague, who has deleted it.", (2, 3)),
        ("The care plan went to a colleague.", (2, 3)),
        ("An invoice for social care went to the wrong house.", (3, 2)),
        ("The invoices for social care were open in a shared folder. The audit logs show that nobody opened them.", (1, 1)),
        ("The invoices for social care went to the wrong house. A client has died of it.", (5, 5)),
    ],
)  # fmt: skip
def test_both_axes_follow_what_is_told(told: str, cell: tuple[int, int], sort: Sort) -> None:
    assert grid(sort, told) == cell


@pytest.mark.parametrize(
    "told",
    [
        "A parking fine went to the wrong house.",
        "A laptop of social care is lost. No personal data was on it.",
    ],
)
def test_there_is_no_grid_without_health_or_social_care_data(told: str, sort: Sort) -> None:
    assert grid(sort, told) is None


@pytest.mark.parametrize(
    ("people", "cell"),
    [
        ("adults", (1, 1)),
        ("vulnerable adults", (2, 2)),
        ("looked after children", (2, 2)),
        ("people with criminal convictions", (2, 2)),
        ("people with a mental illness", (2, 2)),
        ("patients with tuberculosis", (2, 2)),
    ],
)
def test_some_people_are_never_below_two_even_where_no_harm_is_proven(
    people: str, cell: tuple[int, int], sort: Sort
) -> None:
    story = f"The social care details of {people} were open to all. The audit logs show that nobody opened them."

    assert grid(sort, story) == cell


def test_the_floor_does_not_hold_where_the_data_is_contained(sort: Sort) -> None:
    story = "The encrypted laptop with social care details of vulnerable adults is back. The audit logs show that nobody opened them."

    assert grid(sort, story) == (1, 1)


def test_both_axes_are_explained_with_their_source(sort: Sort) -> None:
    found = sort("The care plan went to the wrong house.").assessment

    assert found is not None
    axes = [one for one in found.factors if one.name in {"likelihood", "impact"}]
    assert [(one.points, one.source.startswith("NHS guide")) for one in axes] == [(3, True), (3, True)]


def test_the_grid_changes_nothing_of_the_rating(sort: Sort) -> None:
    found = sort("The care plan went to a colleague, who has deleted it.").assessment

    assert found is not None
    assert found.score == 1
    assert sum(one.points for one in found.factors if one.name in {"likelihood", "impact"}) == 5
