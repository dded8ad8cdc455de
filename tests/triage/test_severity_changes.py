"""What would change a rating is worked out, not guessed; and bad news never makes anything look better."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailbot.assessment import Assessment, Change
from mailbot.terms import Severity
from mailbot.triage.rules import TriageRules
from mailbot.triage.severity import severity_of
from mailbot.triage.severity_facts import Chosen, Facts
from mailbot.triage.severity_rules import SeverityRules
from mailbot.triage.triage import triage
from tests.triage.conftest import Sort, reading

ANSWERS = {
    "it was encrypted and the key is safe": "Yes",
    "it only reached a colleague or a trusted partner": "A colleague",
    "they have deleted it or given it back": "Yes",
    "no personal data is involved": "None",
    "it is only names, addresses and the like": "Names and addresses",
    "it is about where people were or what they did": "Location data",
    "it is about money: income, bank details, benefits or debts": "Benefits",
    "it is about health, care or other sensitive things": "Health records",
    "nobody can be told from it": "Anonymised figures",
    "nobody knows how many have it": "It was published online",
    "more than 100 people are affected": "About 250",
}
"""What somebody would write on the form for each answer that is offered."""

STORIES = [
    "Something went wrong tonight.",
    "My work laptop was stolen from my car last night.",
    "A letter was posted to the wrong address.",
    "A care plan was emailed to the wrong person by mistake.",
    "A care plan was emailed to a colleague by mistake.",
    "The names and addresses of some residents went to the wrong firm.",
    "The parking website has been hacked.",
    "A patient's prescription is missing.",
]


def assessed(story: str, rules: TriageRules, **answers: str) -> Assessment:
    found = triage(reading(story, **answers), False, rules).assessment
    assert found is not None
    return found


def condition(change: Change) -> str:
    return change.words.removeprefix("If ").rpartition(": ")[0]


@pytest.mark.parametrize("story", STORIES)
def test_the_answer_that_would_change_the_rating_really_does(story: str, rules: TriageRules) -> None:
    before = assessed(story, rules)

    assert before.would_change
    for change in before.would_change:
        after = assessed(story, rules, **{change.field: ANSWERS[condition(change)]})
        assert (change.words, after.severity) == (change.words, change.severity)


@pytest.mark.parametrize("story", STORIES)
def test_every_change_is_another_rating_and_names_a_question_that_is_open(story: str, rules: TriageRules) -> None:
    found = assessed(story, rules)
    open_questions = {one.field for one in found.factors if not one.known}

    assert all(change.severity is not found.severity for change in found.would_change)
    assert {change.field for change in found.would_change} <= open_questions
    assert all(change.words.endswith(f": {change.severity.words}") for change in found.would_change)


def test_a_stolen_laptop_would_be_low_if_it_was_encrypted(sort: Sort) -> None:
    found = sort("My work laptop was stolen from my car last night.").assessment

    assert found is not None
    change = Change(field="encrypted", words="If it was encrypted and the key is safe: low", severity=Severity.LOW)
    assert change in found.would_change


@pytest.mark.parametrize(
    ("story", "field"),
    [
        ("My laptop was stolen. It was not encrypted.", "encrypted"),
        ("My laptop was stolen. It was encrypted.", "encrypted"),
        ("A letter was posted to the wrong house.", "encrypted"),
        ("A letter was posted to a neighbour.", "recipients"),
        ("My laptop was stolen with the payslips of a colleague.", "data_categories"),
    ],
)
def test_nothing_is_asked_that_is_known_denied_or_beside_the_point(story: str, field: str, rules: TriageRules) -> None:
    assert field not in {change.field for change in assessed(story, rules).would_change}


def test_what_is_only_doubted_is_asked(rules: TriageRules) -> None:
    found = assessed("My laptop was stolen. I do not know whether it was encrypted.", rules)

    assert "encrypted" in {change.field for change in found.would_change}


KNOWN = [
    "A letter went to the wrong house.",
    "The names and addresses of two residents were sent to a colleague.",
    "My encrypted laptop was stolen.",
    "A care plan was emailed to a colleague, who has deleted it.",
    "A folder of receipts is lost.",
    "An appointment letter from the hospital came back unopened.",
]
BAD_NEWS = [
    "It also held the diagnosis of a child.",
    "The bank statements of a whole year were with it.",
    "It was published on the website.",
    "It was passed on.",
    "It was done deliberately.",
    "The password was written on it.",
    "It was not encrypted.",
    "She has not deleted it.",
    "The only copy is gone.",
    "Hackers accessed it.",
    "She was threatened.",
    "The address of the refuge was in it.",
    "It is about 500 people.",
]


@settings(max_examples=60, deadline=None)
@given(
    story=st.sampled_from(KNOWN),
    told=st.lists(st.sampled_from(BAD_NEWS), max_size=4, unique=True),
    news=st.sampled_from(BAD_NEWS),
)
def test_bad_news_never_lowers_a_rating(story: str, told: list[str], news: str, rules: TriageRules) -> None:
    before = assessed(" ".join([story, *told]), rules)
    after = assessed(" ".join([story, *told, news]), rules)

    assert after.severity.at_least(before.severity)
    if before.grid and after.grid:
        assert after.grid.impact >= before.grid.impact


def facts(rules: SeverityRules, steps: tuple[int, ...], *, many: bool, danger: bool, protected: int) -> Facts:
    """One step of every factor, by its number."""
    data, ease, *others = steps
    levels = sorted(rules.data.levels, key=lambda level: level.points)
    circumstances = tuple(
        Chosen(one.name, one.levels[number % len(one.levels)])
        for one, number in zip(rules.circumstances, others, strict=True)
    )
    protections = (*rules.protections, None)
    return Facts(
        data=Chosen("data", levels[data % len(levels)]),
        ease=Chosen("ease", rules.ease.levels[ease % len(rules.ease.levels)]),
        circumstances=circumstances,
        protection=protections[protected % len(protections)],
        protected_by="",
        many=many,
        in_danger=danger,
    )


def worse(known: Facts, rules: SeverityRules) -> list[Facts]:
    """The same facts, each with one factor at its worst."""
    data = max(rules.data.levels, key=lambda level: level.points)
    ease = max(rules.ease.levels, key=lambda level: level.points)
    return [
        known._replace(data=Chosen("data", data)),
        known._replace(ease=Chosen("ease", ease)),
        known._replace(circumstances=tuple(Chosen(one.name, one.levels[-1]) for one in rules.circumstances)),
        known._replace(protection=None),
        known._replace(many=True),
        known._replace(in_danger=True),
    ]


@given(
    steps=st.tuples(*[st.integers(0, 20)] * 6),
    protected=st.integers(0, 6),
    many=st.booleans(),
    danger=st.booleans(),
)
def test_a_worse_step_of_any_factor_never_lowers_a_rating(
    steps: tuple[int, ...], protected: int, many: bool, danger: bool, rules: TriageRules
) -> None:
    assert rules.severity is not None
    known = facts(rules.severity, steps, many=many, danger=danger, protected=protected)
    before = severity_of(known, rules.severity)

    assert all(severity_of(one, rules.severity).at_least(before) for one in worse(known, rules.severity))
