"""What a severity assessment form holds before anybody has touched it: the rating and the lists as they stand."""

from mailbot.assessment import Assessment, Classification, Factor
from mailbot.incident import Incident
from mailbot.parse.assessment_rules import IMPACT, LIKELIHOOD, RATING, AssessmentForm, AssessmentQuestion
from mailbot.procedure.rating import standing_assessment
from mailbot.terms import Severity

RATINGS = tuple(one.words.capitalize() for one in Severity)
"""The ratings as they stand in the form's list, from the least to the gravest."""


def proposed_answers(form: AssessmentForm, incident: Incident) -> dict[str, str]:
    """Name of the question → answer, empty where nothing is proposed."""
    assessment = standing_assessment(incident)
    answers = {one.name: _points(one, assessment) for one in form.questions}
    answers |= {one.value: incident.counted_under(one) for one in Classification if one.value in answers}
    return answers | {RATING: incident.severity.words.capitalize()}


def factor_of(question: AssessmentQuestion, assessment: Assessment) -> Factor | None:
    """The factor that a question is about. The value of the data bears the name of its class behind a colon."""
    return next(
        (one for one in assessment.factors if one.name.partition(": ")[0] == (question.factor or question.name)), None
    )


def _points(question: AssessmentQuestion, assessment: Assessment | None) -> str:
    points = points_of(question, assessment) if assessment else None
    choice = question.worth(points) if points is not None else None
    return choice.shown if choice else ""


def points_of(question: AssessmentQuestion, assessment: Assessment) -> float | None:
    """What an assessment gives a factor or an axis; a circumstance of which it says nothing adds nothing."""
    grid = assessment.grid
    if question.name in {LIKELIHOOD, IMPACT}:
        return getattr(grid, question.name) if grid else None
    if not question.factor:
        return None
    factor = factor_of(question, assessment)
    if factor is None:
        return 0.0 if assessment.factors else None
    return factor.points
