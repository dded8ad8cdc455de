"""What people may say of the severity: named, confirmed, by the grid; what is asked again; what the history keeps."""

import pytest

from mailbot.assessment import Assessment, Factor, Grid, GridOutcome
from mailbot.incident import Incident, Rating
from mailbot.parse.answers import read_answers
from mailbot.procedure.decision import Decision
from mailbot.procedure.grammar import Problem
from mailbot.procedure.rules import ProcedureRules
from mailbot.terms import MAILBOT, Severity
from tests.procedure.answering import EVENING, FRIDAY, answer, duty_of, opened, problem_in
from tests.procedure.conftest import DORA, GWEN, IG_DESK, IGOR, STRANGER, a_triage, the_rules

WORKED_OUT = Assessment(
    severity=Severity.MEDIUM,
    score=2.25,
    factors=(Factor(name="data: simple", points=2, words="financial details", source="ENISA 2013"),),
)


def rated_by_the_bot(severity: Severity = Severity.MEDIUM, **changes: object) -> Incident:
    incident = opened(triage=a_triage(severity=severity, **changes))
    rating = Rating(severity=severity, at=FRIDAY, by=MAILBOT, provisional=True, assessment=WORKED_OUT)
    return incident.but(ratings=(rating,))


def by_reply(incident: Incident, text: str, **more: object) -> Decision:
    """What a reply with one answer in it brings about, read as the reader reads it."""
    (line,) = read_answers(text)
    return answer(incident, f"{line.key}: {line.value}", **more)  # type: ignore[arg-type]


# ---------------------------------------------------------------- the grid


@pytest.mark.parametrize(
    "text",
    [
        "Likelihood: 3, impact: 4",
        "Likelihood: 3\nImpact: 4",
        "Impact: 4\nLikelihood: 3",
        "likelihood 3, impact 4",
        "Likelihood 3 impact 4",
        "LIKELIHOOD = 3; IMPACT = 4.",
        "- likelihood: three\n- impact: four",
        "NHS grid: likelihood 3, impact 4",
        "Grid - likelihood 3 and impact 4",
        "Likelihood: 3/5, impact: 4/5",
        "Likelihood is 3 out of 5, impact is 4 out of 5",
        "L3 I4",
        "L: 3, I: 4",
        "l3/i4",
        "Likelihood: L3 I4",
        "Likelihood 3, impact: 4, because a carer read it",
        "Likelihood: 3 because a carer read it\nImpact: 4",
    ],
)
def test_likelihood_and_impact_set_the_rating_however_they_are_written(text: str) -> None:
    decision = by_reply(rated_by_the_bot(), text)
    rating = decision.incident.ratings[-1]

    assert (rating.severity, rating.provisional, rating.by, rating.at) == (Severity.VERY_HIGH, False, IGOR, EVENING)
    assert rating.assessment is not None
    assert rating.assessment.grid == Grid(likelihood=3, impact=4)
    assert rating.assessment.factors == WORKED_OUT.factors
    assert rating.reasons == (("a carer read it",) if "because" in text else ())
    assert not duty_of(decision, "assess").is_open
    assert decision.notices[0].mentions["rating"] == "very high"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Impact: 4", Problem.LIKELIHOOD_MISSING),
        ("impact 4", Problem.LIKELIHOOD_MISSING),
        ("Likelihood: 3", Problem.IMPACT_MISSING),
        ("Likelihood: 3\nImpact: high", Problem.IMPACT_MISSING),
        ("Likelihood: 3, impact: 6", Problem.OFF_THE_GRID),
        ("Likelihood: 0, impact: 4", Problem.OFF_THE_GRID),
        ("Likelihood: 3, impact: 44", Problem.OFF_THE_GRID),
        ("Likelihood: 3-4, impact: 4", Problem.LIKELIHOOD_MISSING),
        ("Likelihood: 3 or 4, impact: 4", Problem.LIKELIHOOD_MISSING),
        ("Likelihood: 2.5, impact: 4", Problem.LIKELIHOOD_MISSING),
        ("Likelihood: 3, likelihood: 4, impact: 4", Problem.LIKELIHOOD_MISSING),
        ("Likelihood: medium, impact: low", Problem.AXES_MISSING),
        ("Likelihood: 3, impact: 4, but I am not sure", Problem.UNSETTLED),
        ("Likelihood: 3, impact: 4?", Problem.UNSETTLED),
        ("Likelihood: 3, impact: 4 because", Problem.REASON_MISSING),
        ("Likelihood: [1 to 5], impact: [1 to 5], because …", Problem.REASON_MISSING),
    ],
)
def test_half_a_grid_answer_is_asked_again_and_nothing_is_recorded(text: str, problem: Problem) -> None:
    incident = rated_by_the_bot()
    decision = by_reply(incident, text)

    assert problem_in(decision) == problem
    assert decision.incident == incident


def test_what_only_speaks_of_an_impact_is_no_answer() -> None:
    assert [line.key for line in read_answers("Impact: 4 families have seen it")] == ["impact"]
    assert read_answers("The likelihood is small and the impact 4 times what we thought") == ()


@pytest.mark.parametrize(
    ("likelihood", "impact", "severity"),
    [
        (1, 5, Severity.LOW),
        (5, 1, Severity.LOW),
        (2, 5, Severity.LOW),
        (3, 2, Severity.HIGH),
        (5, 3, Severity.HIGH),
        (3, 4, Severity.VERY_HIGH),
    ],
)
def test_the_axes_count_and_never_their_product(likelihood: int, impact: int, severity: Severity) -> None:
    decision = by_reply(rated_by_the_bot(Severity.LOW), f"Likelihood: {likelihood}, impact: {impact}")
    assert decision.incident.severity is severity


def test_a_grid_answer_that_lowers_needs_a_reason_too() -> None:
    incident = rated_by_the_bot(Severity.HIGH)

    assert problem_in(by_reply(incident, "Likelihood: 2, impact: 3")) == Problem.LOWERED_WITHOUT_REASON
    lowered = by_reply(incident, "Likelihood: 2, impact: 3, because it was never opened")
    assert lowered.incident.severity is Severity.LOW
    assert lowered.incident.ratings[-1].reasons == ("it was never opened",)


def test_a_grid_answer_counts_though_nothing_was_worked_out_before() -> None:
    rating = by_reply(opened(), "Likelihood: 3, impact: 2").incident.ratings[-1]

    assert rating.severity is Severity.HIGH
    assert rating.assessment is not None
    assert (rating.assessment.grid, rating.assessment.factors) == (Grid(likelihood=3, impact=2), ())


def test_the_configuration_says_what_each_outcome_means() -> None:
    changed = the_rules().but(rated_by_grid=dict.fromkeys(GridOutcome, Severity.MEDIUM))
    assert changed.rated_by_grid[GridOutcome.NO_IMPACT] is Severity.MEDIUM
    with pytest.raises(ValueError, match="does not say what report_to_ico is"):
        ProcedureRules.model_validate(
            the_rules().model_dump()
            | {"rated_by_grid": {"no_impact": "low", "impact_unlikely": "low", "report_to_ico_and_dhsc": "high"}}
        )


# ---------------------------------------------------------------- named and confirmed


@pytest.mark.parametrize("words", ["high", "High.", "high because many are named", "very high", "medium", "medium."])
def test_raising_or_keeping_a_rating_needs_no_reason(words: str) -> None:
    decision = answer(rated_by_the_bot(), f"Severity: {words}")

    assert decision.incident.severity.at_least(Severity.MEDIUM)
    assert not decision.incident.severity_is_provisional


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("low", Problem.LOWERED_WITHOUT_REASON),
        ("low.", Problem.LOWERED_WITHOUT_REASON),
        ("low, because", Problem.REASON_MISSING),
        ("high, because", Problem.REASON_MISSING),
        ("high, because …", Problem.REASON_MISSING),
    ],
)
def test_whoever_lowers_or_begins_a_reason_must_give_it(words: str, problem: Problem) -> None:
    incident = rated_by_the_bot()
    decision = answer(incident, f"Severity: {words}")

    assert problem_in(decision) == problem
    assert decision.incident == incident


def test_a_person_may_lower_even_what_another_person_confirmed() -> None:
    confirmed = answer(rated_by_the_bot(Severity.HIGH), "Severity: confirmed", by=DORA).incident

    assert problem_in(answer(confirmed, "Severity: medium")) == Problem.LOWERED_WITHOUT_REASON
    assert answer(confirmed, "Severity: medium, because it came back unread").incident.severity is Severity.MEDIUM


@pytest.mark.parametrize("words", ["confirmed", "confirm", "yes", "medium"])
def test_whoever_agrees_confirms_how_it_was_worked_out(words: str) -> None:
    assert answer(rated_by_the_bot(), f"Severity: {words}").incident.ratings[-1].assessment == WORKED_OUT


def test_a_rating_that_was_only_named_does_not_claim_to_have_been_worked_out() -> None:
    assert answer(rated_by_the_bot(), "Severity: high").incident.ratings[-1].assessment is None


def test_the_history_keeps_the_old_rating_beside_the_new_one() -> None:
    details = answer(rated_by_the_bot(), "Severity: high, because many are named").audit[0].details
    assert (details["severity before"], details["severity after"]) == ("medium", "high")


@pytest.mark.parametrize("by", [STRANGER, GWEN])
@pytest.mark.parametrize("text", ["Severity: low, because I say so", "Likelihood: 1, impact: 1, because I say so"])
def test_nobody_rates_who_was_not_asked_to(by: str, text: str) -> None:
    incident = rated_by_the_bot()
    decision = by_reply(incident, text, by=by)

    assert decision.incident == incident
    assert "answer_held" in {notice.template for notice in decision.notices}


def test_a_shared_mailbox_must_sign_its_rating() -> None:
    incident = rated_by_the_bot()

    assert problem_in(answer(incident, "Severity: high", by=IG_DESK)) == Problem.NOT_SIGNED
    assert answer(incident, "Severity: high", by=IG_DESK, signed="Igor Iggs").incident.ratings[-1].by == IGOR
