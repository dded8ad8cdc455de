"""A returned severity assessment, understood: the rating, how it is worked out, what the incident is counted under.

Nothing is guessed: what stands in a box and is none of its choices, or what contradicts itself, is asked again.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from mailbot.assessment import Assessment, Classification, Factor, Grid
from mailbot.incident import Incident
from mailbot.parse.assessment_rules import (
    ASSESSED_BY,
    BECAUSE,
    CHECKED,
    IMPACT,
    LIKELIHOOD,
    RATING,
    AssessmentForm,
    AssessmentQuestion,
)
from mailbot.parse.returned_assessment import ReturnedAssessment
from mailbot.parse.wording import fold
from mailbot.procedure.proposed import RATINGS, factor_of, proposed_answers
from mailbot.procedure.rating import standing_assessment
from mailbot.procedure.rules import Rules
from mailbot.terms import Severity, references_in
from mailbot.triage.classification import classified_as
from mailbot.triage.severity_rules import SeverityRules

BY_A_PERSON = "chosen by the person who assessed it"


class FormProblem(StrEnum):
    """Why a returned form could not be taken as it is, in words for whoever sent it."""

    OTHER_INCIDENT = "The form that came with your mail belongs to another incident."
    OLD_FORM = "The form is an older one: the form or the rating has changed since it was made. Please use the one that comes with this mail."
    NOT_EXACT = "The form came as a PDF or a picture. The bot reads only the Word file itself: please send that, or write the rating into your reply."
    SEVERAL = "More than one severity assessment came with your mail. Please send the one that counts."
    TYPED_TOO = "Your mail and the form both rate the incident. Please send only one of them."
    BESIDE = "Something was changed or written outside the boxes of the form, where the bot does not read it. Please write it into a box."
    NO_CHOICE = "An answer is none of the choices that the form offers. Please choose one for:"
    NOT_ANSWERED = "A question of the form has no answer. Please answer:"
    UNTOUCHED = "The form came back as it was sent. If you agree with it, please tick the box that says so, or write “Severity: confirmed”."
    RATING_OR_FACTORS = "The factors that you chose come to another rating than the one at the end. Please choose the rating that you mean, and say why."
    RATING_OR_GRID = "The likelihood and the impact that you chose stand for another rating than the one at the end. Please choose the rating that you mean, and say why."


class Trouble(NamedTuple):
    """What to ask again, and about which question of the form, in its own words."""

    problem: FormProblem
    question: str = ""


class Understood(NamedTuple):
    """What a form says. ``counted``: only what the person changed or, with the tick, confirmed. ``agrees``: nothing was changed."""

    severity: Severity
    reason: str
    assessment: Assessment | None
    counted: dict[Classification, str]
    signed: str
    agrees: bool


def understand_form(returned: ReturnedAssessment, incident: Incident, rules: Rules) -> Understood | Trouble:
    """The form's meaning for that incident, or what is wrong with it."""
    form = rules.assessment_form
    problem = _not_this_one(returned, incident, form, rules)
    if problem or form is None:
        return Trouble(problem or FormProblem.OLD_FORM)
    try:
        return _Reading(returned, incident, form, rules).understood()
    except _AskAgainError as found:
        return found.trouble


def _not_this_one(
    returned: ReturnedAssessment, incident: Incident, form: AssessmentForm | None, rules: Rules
) -> FormProblem | None:
    if not returned.is_exact:
        return FormProblem.NOT_EXACT
    named = references_in(returned.reference, rules.procedure.reference.prefix)
    if named and named != (incident.reference,):
        return FormProblem.OTHER_INCIDENT
    is_old = form is None or (returned.version, returned.rating) != (form.version, len(incident.ratings))
    if is_old or not named:
        return FormProblem.OLD_FORM
    return FormProblem.BESIDE if returned.beside else None


class _AskAgainError(Exception):
    def __init__(self, problem: FormProblem, question: AssessmentQuestion | None = None) -> None:
        super().__init__(problem)
        self.trouble = Trouble(problem, question.question if question else "")


class _Reading:
    """One returned form against the incident as it stands."""

    def __init__(self, returned: ReturnedAssessment, incident: Incident, form: AssessmentForm, rules: Rules) -> None:
        self._said, self._form, self._rules = returned.answers, form, rules
        self._incident, self._standing = incident, standing_assessment(incident)
        self._proposed = proposed_answers(form, incident)

    def understood(self) -> Understood:
        severity, assessment = self._severity(), self._assessment()
        changed = [one for one in self._form.questions if self._is_changed(one)]
        is_checked = bool(self._said.get(CHECKED, ""))
        if not changed and not is_checked:
            raise _AskAgainError(FormProblem.UNTOUCHED)
        if severity is self._incident.severity:
            self._must_agree(severity, assessment)
        return Understood(
            severity=severity,
            reason=self._said.get(BECAUSE, ""),
            assessment=assessment,
            counted={one: value for one, value in self._counted() if is_checked or self._differs(one.value, value)},
            signed=self._said.get(ASSESSED_BY, ""),
            agrees=not changed,
        )

    def _is_changed(self, question: AssessmentQuestion) -> bool:
        if question.name in {BECAUSE, CHECKED, ASSESSED_BY} or question.name not in self._said:
            return False
        return self._differs(question.name, self._said[question.name])

    def _differs(self, name: str, said: str) -> bool:
        return fold(said) != fold(self._proposed.get(name, ""))

    def _severity(self) -> Severity:
        said, question = self._said.get(RATING, ""), self._form.question(RATING)
        if not said:
            raise _AskAgainError(FormProblem.NOT_ANSWERED, question)
        for severity, words in zip(Severity, RATINGS, strict=True):
            if fold(said) == fold(words):
                return severity
        raise _AskAgainError(FormProblem.NO_CHOICE, question)

    def _counted(self) -> Iterator[tuple[Classification, str]]:
        for one in Classification:
            said, question = self._said.get(one.value, ""), self._form.question(one.value)
            if not said or question is None:
                continue
            value = classified_as(said, one, self._rules.classification)
            if value is None:
                raise _AskAgainError(FormProblem.NO_CHOICE, question)
            yield one, value

    def _points(self, question: AssessmentQuestion) -> float | None:
        """What was chosen; None where the form was sent and came back without an answer."""
        said = self._said.get(question.name, "")
        choice = question.choice(said)
        if said and choice is None:
            raise _AskAgainError(FormProblem.NO_CHOICE, question)
        if choice is None and question.name in self._said and self._proposed.get(question.name):
            raise _AskAgainError(FormProblem.NOT_ANSWERED, question)
        return choice.points if choice else None

    def _assessment(self) -> Assessment | None:
        """The standing assessment with what the person changed; None where it could not be worked out from the form."""
        chosen = {one.factor: self._points(one) for one in self._form.factors}
        grid = self._grid()
        standing = self._standing
        if all(points is None for points in chosen.values()):
            return standing.but(grid=grid or standing.grid) if standing else None
        missing = next((one for one in self._form.factors if chosen[one.factor] is None), None)
        if missing or self._rules.severity is None:
            raise _AskAgainError(FormProblem.NOT_ANSWERED, missing)
        factors = tuple(self._factors())
        beside = standing.beside if standing else ()
        score = score_of(chosen)
        return Assessment(
            severity=_band(score, beside, factors, self._rules.severity),
            score=score,
            factors=factors,
            beside=beside,
            grid=grid or (standing.grid if standing else None),
            would_change=standing.would_change if standing and factors == standing.factors else (),
        )

    def _factors(self) -> Iterator[Factor]:
        """The factors as they stood where nothing was changed; a person's where something was."""
        standing = self._standing.factors if self._standing else ()
        asked = [one for one in self._form.questions if one.has_points]
        about = {factor_of(one, self._standing): one for one in asked} if self._standing else {}
        for factor in standing:
            question = about.get(factor)
            yield self._corrected(question, factor) if question else factor
        for one in asked:
            is_new = self._standing is None or factor_of(one, self._standing) is None
            if is_new and self._points(one) and self._is_changed(one):
                yield self._corrected(one, None)

    def _corrected(self, question: AssessmentQuestion, standing: Factor | None) -> Factor:
        choice = question.choice(self._said.get(question.name, ""))
        if choice is None or (standing and standing.points == choice.points):
            return standing or Factor(name=question.name, points=0, words="", source=BY_A_PERSON)
        return Factor(
            name=question.factor or question.name, points=choice.points, words=choice.words, source=BY_A_PERSON
        )

    def _grid(self) -> Grid | None:
        axes = {one.name: self._points(one) for one in self._form.questions if one.name in {LIKELIHOOD, IMPACT}}
        likelihood, impact = axes.get(LIKELIHOOD), axes.get(IMPACT)
        if likelihood is None and impact is None:
            return None
        if likelihood is None or impact is None:
            raise _AskAgainError(
                FormProblem.NOT_ANSWERED, self._form.question(LIKELIHOOD if likelihood is None else IMPACT)
            )
        return Grid(likelihood=int(likelihood), impact=int(impact))

    def _must_agree(self, severity: Severity, assessment: Assessment | None) -> None:
        """Whoever changes what a rating comes from, and leaves the rating, is asked which of the two they mean."""
        before = self._standing.severity if self._standing else severity
        if assessment and assessment.severity not in {severity, before}:
            raise _AskAgainError(FormProblem.RATING_OR_FACTORS)
        grid_before = self._standing.grid if self._standing else None
        if assessment and assessment.grid and assessment.grid != grid_before:
            meant = self._rules.procedure.rated_by_grid[assessment.grid.outcome]
            if meant is not severity:
                raise _AskAgainError(FormProblem.RATING_OR_GRID)


def score_of(points: dict[str, float | None]) -> float:
    """ENISA's score: value of the data × ease of identification + circumstances; nothing without personal data."""
    data, ease = points.get("data") or 0.0, points.get("ease of identification") or 0.0
    others = sum(one or 0.0 for name, one in points.items() if name not in {"data", "ease of identification"})
    return round(data * ease + others, 2) if data else 0.0


def _band(score: float, beside: tuple[str, ...], factors: tuple[Factor, ...], rules: SeverityRules) -> Severity:
    """The band of a score, never below what danger, or many people whom nothing protects, makes the least."""
    protected = {one.words for one in rules.protections} & {one.words for one in factors}
    least = [rules.bands.of(score)]
    least += [rules.danger.at_least] if rules.danger.words in beside else []
    least += [rules.people.at_least] if rules.people.words in beside and not protected and score else []
    return max(least, key=lambda severity: severity.rank)
