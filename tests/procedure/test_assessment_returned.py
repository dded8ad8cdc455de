"""A severity assessment that comes back: taken whole as if it had been typed, or asked again, and never guessed."""

import tomllib
from pathlib import Path

import pytest

from mailbot.assessment import Assessment, Classification, Classified, Factor, Grid, Reason
from mailbot.incident import Incident, Rating
from mailbot.parse.assessment_rules import AssessmentForm
from mailbot.parse.returned_assessment import ReturnedAssessment
from mailbot.procedure.decision import AssessmentReturned, Decision
from mailbot.procedure.form_answers import FormProblem
from mailbot.procedure.grammar import Problem
from mailbot.procedure.machine import advance
from mailbot.procedure.proposed import proposed_answers
from mailbot.terms import MAILBOT, Severity
from mailbot.triage.classification import ClassificationRules
from mailbot.triage.severity_rules import SeverityRules
from tests.procedure.answering import EVENING, FRIDAY, duty_of, opened, problem_in
from tests.procedure.conftest import DORA, GWEN, IG_DESK, IGOR, RULES, STELLA, STRANGER, a_triage

CONFIG = Path(__file__).parents[2] / "config"


def table(name: str) -> dict[str, object]:
    return tomllib.loads((CONFIG / name).read_text("utf-8"))


FORM = AssessmentForm.model_validate(table("assessment_form.toml"))
SEVERITY = SeverityRules.model_validate(table("severity.toml") | {"shared": table("triage.toml")["words"]})
WITH_FORM = RULES.but(
    assessment_form=FORM,
    severity=SEVERITY,
    classification=ClassificationRules.model_validate(table("classification.toml")),
)
FACTORS = (
    Factor(name="data: simple", points=3, words="somebody's daily life", source="ENISA 2013", quote="where she goes"),
    Factor(name="ease of identification", points=0.75, words="by name", source="ENISA 2013"),
    Factor(
        name="confidentiality", points=0.25, words="known people", source="ENISA 2013", known=False, field="recipients"
    ),
    Factor(name="people", points=0, words="the number is not known", source="para 40", known=False, field="subjects"),
)
ASSESSMENT = Assessment(severity=Severity.MEDIUM, score=2.5, factors=FACTORS, grid=Grid(likelihood=2, impact=2))
WHY = (Reason(words="sent by email", quote="I emailed it"),)
TICK = "I have checked this form and confirm it"


def rated(severity: Severity = Severity.MEDIUM, assessment: Assessment | None = ASSESSMENT) -> Incident:
    proposals = {Classification.MEDIUM: Classified(value="Email", reasons=WHY)}
    incident = opened(triage=a_triage(severity=severity, health_or_social_care=True, classified=proposals))
    rating = Rating(severity=severity, at=FRIDAY, by=MAILBOT, provisional=True, assessment=assessment)
    return incident.but(ratings=(rating,))


def returned(incident: Incident, answers: dict[str, str], **changes: object) -> ReturnedAssessment:
    given: dict[str, object] = {
        "source": "form.docx",
        "reference": f"[{incident.reference} k7f3q2]",
        "version": FORM.version,
        "rating": len(incident.ratings),
        "answers": proposed_answers(FORM, incident) | answers,
    }
    return ReturnedAssessment.model_validate(given | changes)


def send(incident: Incident, answers: dict[str, str], by: str = IGOR, **changes: object) -> Decision:
    event = AssessmentReturned(forms=(returned(incident, answers, **changes),), by=by, received_at=EVENING)
    return advance(incident, event, EVENING, WITH_FORM)


def choice(name: str, points: float) -> str:
    question = FORM.question(name)
    found = question.worth(points) if question else None
    assert found is not None
    return found.shown


def test_a_rating_chosen_on_the_form_is_as_good_as_typed() -> None:
    decision = send(rated(), {"rating": "High", "because": "She may be followed home."})
    rating = decision.incident.ratings[-1]

    assert (rating.severity, rating.provisional, rating.by, rating.at) == (Severity.HIGH, False, IGOR, EVENING)
    assert (rating.reasons, rating.assessment) == (("She may be followed home.",), ASSESSMENT)
    assert not duty_of(decision, "assess").is_open
    assert STELLA in {one.recipient for one in decision.notices}
    assert decision.notices[0].mentions["rating"] == "high"


def test_a_factor_that_was_corrected_counts_and_the_score_with_it() -> None:
    decision = send(rated(), {"data": choice("data", 4), "rating": "High"})
    assessment = decision.incident.ratings[-1].assessment

    assert assessment is not None
    assert (assessment.score, assessment.severity) == (3.25, Severity.HIGH)
    assert [(one.name, one.points) for one in assessment.factors] == [
        ("data", 4),
        ("ease of identification", 0.75),
        ("confidentiality", 0.25),
        ("people", 0),
    ]
    assert assessment.factors[1:] == FACTORS[1:]


def test_a_circumstance_that_nobody_had_seen_may_be_added() -> None:
    decision = send(rated(), {"malicious_intent": choice("malicious_intent", 0.5), "rating": "High"})
    assessment = decision.incident.ratings[-1].assessment

    assert assessment is not None
    assert (assessment.score, assessment.factors[-1].name) == (3.0, "malicious intent")


def test_the_factors_may_change_without_the_rating_as_long_as_they_agree() -> None:
    decision = send(rated(), {"confidentiality": choice("confidentiality", 0.5)})

    assert decision.incident.severity is Severity.MEDIUM
    assert not decision.incident.severity_is_provisional


def test_whoever_changes_the_factors_to_another_rating_and_leaves_the_rating_is_asked_which() -> None:
    incident = rated()
    decision = send(incident, {"data": choice("data", 4)})

    assert problem_in(decision) == FormProblem.RATING_OR_FACTORS
    assert decision.incident == incident


def test_whoever_changes_the_grid_to_another_rating_and_leaves_the_rating_is_asked_which() -> None:
    incident = rated()
    assert problem_in(send(incident, {"likelihood": choice("likelihood", 4)})) == FormProblem.RATING_OR_GRID

    decision = send(incident, {"likelihood": choice("likelihood", 4), "rating": "High"})
    assessment = decision.incident.ratings[-1].assessment
    assert assessment is not None
    assert assessment.grid == Grid(likelihood=4, impact=2)


def test_a_form_sent_back_untouched_confirms_nothing_without_its_tick() -> None:
    incident = rated()

    assert problem_in(send(incident, {})) == FormProblem.UNTOUCHED
    assert problem_in(send(incident, {"assessed_by": "Igor Iggs", "because": "as it says"})) == FormProblem.UNTOUCHED
    assert send(incident, {}).incident == incident


def test_a_ticked_form_confirms_everything_that_it_proposes() -> None:
    incident = send(rated(), {"checked": TICK}).incident

    assert (incident.severity, incident.severity_is_provisional) == (Severity.MEDIUM, False)
    assert incident.ratings[-1].assessment == ASSESSMENT
    medium = incident.classified[Classification.MEDIUM]
    assert (medium.value, medium.by, medium.reasons) == ("Email", IGOR, WHY)


def test_only_what_was_changed_is_said_by_the_person_when_the_tick_is_missing() -> None:
    incident = send(rated(), {"rating": "High", "root_cause": "Human Error"}).incident

    assert not incident.classified[Classification.MEDIUM].is_confirmed
    assert incident.classified[Classification.ROOT_CAUSE].by == IGOR


@pytest.mark.parametrize(
    ("answers", "problem"),
    [
        ({"rating": "Quite high"}, FormProblem.NO_CHOICE),
        ({"rating": "High or very high"}, FormProblem.NO_CHOICE),
        ({"rating": ""}, FormProblem.NOT_ANSWERED),
        ({"data": "rather a lot", "rating": "High"}, FormProblem.NO_CHOICE),
        ({"data": "", "rating": "High"}, FormProblem.NOT_ANSWERED),
        ({"likelihood": "", "rating": "High"}, FormProblem.NOT_ANSWERED),
        ({"medium": "Pigeon", "rating": "High"}, FormProblem.NO_CHOICE),
        ({"rating": "Low"}, Problem.LOWERED_WITHOUT_REASON),
    ],
)
def test_what_stands_in_a_box_and_is_no_choice_is_asked_again(answers: dict[str, str], problem: str) -> None:
    incident = rated()
    decision = send(incident, answers)

    assert problem_in(decision) == problem
    assert decision.incident == incident


def test_whoever_is_asked_again_is_told_which_question_it_is_about() -> None:
    (notice,) = [one for one in send(rated(), {"data": "a lot"}).notices if one.template == "answer_unclear"]
    question = FORM.question("data")
    assert question is not None
    assert notice.mentions["choices"] == question.question


@pytest.mark.parametrize("said", ["4", choice("data", 4).partition(": ")[2], choice("data", 4).upper()])
def test_a_choice_may_be_typed_by_its_number_or_its_words(said: str) -> None:
    assessment = send(rated(), {"data": said, "rating": "High"}).incident.ratings[-1].assessment
    assert assessment is not None
    assert assessment.score == 3.25


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"reference": "[DB2026015 k7f3q2]"}, FormProblem.OTHER_INCIDENT),
        ({"reference": ""}, FormProblem.OLD_FORM),
        ({"version": "0"}, FormProblem.OLD_FORM),
        ({"rating": 0}, FormProblem.OLD_FORM),
        ({"beside": True}, FormProblem.BESIDE),
        ({"is_exact": False}, FormProblem.NOT_EXACT),
    ],
)
def test_a_form_that_is_not_this_one_as_it_was_sent_is_asked_for_again(
    changes: dict[str, object], problem: str
) -> None:
    incident = rated()
    decision = send(incident, {"rating": "High"}, **changes)  # type: ignore[arg-type]

    assert problem_in(decision) == problem
    assert decision.incident == incident


def test_a_form_made_before_the_rating_changed_is_an_old_one() -> None:
    incident = rated()
    old = returned(incident, {"checked": TICK})
    newer = incident.but(ratings=(*incident.ratings, incident.ratings[-1].but(severity=Severity.HIGH)))

    decision = advance(newer, AssessmentReturned(forms=(old,), by=IGOR, received_at=EVENING), EVENING, WITH_FORM)
    assert problem_in(decision) == FormProblem.OLD_FORM


@pytest.mark.parametrize(
    ("forms", "typed", "problem"), [(2, False, FormProblem.SEVERAL), (1, True, FormProblem.TYPED_TOO)]
)
def test_two_ratings_in_one_mail_are_asked_about(forms: int, typed: bool, problem: str) -> None:
    incident = rated()
    event = AssessmentReturned(
        forms=(returned(incident, {"rating": "High"}),) * forms, by=IGOR, also_typed=typed, received_at=EVENING
    )
    assert problem_in(advance(incident, event, EVENING, WITH_FORM)) == problem


@pytest.mark.parametrize("by", [STRANGER, GWEN])
def test_nobody_elses_form_changes_anything(by: str) -> None:
    incident = rated()
    decision = send(incident, {"rating": "Low", "because": "I say so"}, by=by)

    assert decision.incident == incident
    assert "answer_held" in {one.template for one in decision.notices}


def test_a_shared_mailbox_signs_on_the_form() -> None:
    incident = rated()

    assert problem_in(send(incident, {"rating": "High"}, by=IG_DESK)) == Problem.NOT_SIGNED
    signed = send(incident, {"rating": "High", "assessed_by": "Igor Iggs"}, by=IG_DESK)
    assert signed.incident.ratings[-1].by == IGOR


def test_a_lowered_rating_on_the_form_counts_with_its_reason() -> None:
    decision = send(rated(Severity.HIGH), {"rating": "Medium", "because": "It came back unread."}, by=DORA)
    assert decision.incident.severity is Severity.MEDIUM


def test_danger_keeps_the_worked_out_rating_up() -> None:
    assessment = ASSESSMENT.but(severity=Severity.HIGH, beside=(SEVERITY.danger.words,))
    decision = send(rated(Severity.HIGH, assessment), {"data": choice("data", 1)})
    kept = decision.incident.ratings[-1].assessment
    assert kept is not None
    assert (kept.score, kept.severity) == (1.0, SEVERITY.danger.at_least)


def test_an_incident_without_an_assessment_may_be_rated_by_the_form_alone() -> None:
    rating = send(rated(assessment=None), {"rating": "High"}).incident.ratings[-1]
    assert (rating.severity, rating.assessment) == (Severity.HIGH, None)


def test_factors_filled_in_by_hand_are_worked_out() -> None:
    answers = {one.name: one.choices[0].shown for one in FORM.factors} | {
        "data": choice("data", 4),
        "ease_of_identification": choice("ease_of_identification", 1),
    }
    rating = send(rated(assessment=None), answers | {"rating": "Very high"}).incident.ratings[-1]
    assert rating.assessment is not None
    assert (rating.assessment.score, rating.assessment.severity) == (4.0, Severity.VERY_HIGH)


def test_the_history_keeps_every_factor() -> None:
    details = send(rated(), {"data": choice("data", 4), "rating": "High"}).audit[0].details
    assert (details["severity before"], details["severity after"], details["score"]) == ("medium", "high", "3.25")
    assert "data: 4" in details["factors"]
