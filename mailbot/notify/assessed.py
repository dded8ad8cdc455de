"""What may be said of a rating, a classification and of repeats: everything to the handling desk, to others only what
the configuration itself says (para 69).
"""

from mailbot.assessment import AXES, Assessment, Classification, Factor
from mailbot.incident import Incident
from mailbot.notify.assessed_view import (
    AssessmentView,
    ChangeView,
    ClassifiedView,
    FactorView,
    GridView,
    RepeatCountView,
    RepeatView,
)
from mailbot.notify.rules import NotifyRules
from mailbot.triage.severity_rules import without_points

MOST_REASONS = 4
"""So many reasons a rating is given to those who do not handle the incident."""


def assessment_view(assessment: Assessment | None) -> AssessmentView | None:
    """How the standing rating was worked out, for the handling desk; None where a person only named it."""
    if assessment is None:
        return None
    return AssessmentView(
        score=assessment.score,
        factors=tuple(_factor_view(one) for one in assessment.factors if one.name not in AXES and _says_something(one)),
        axes=tuple(_factor_view(one) for one in assessment.factors if one.name in AXES),
        beside=assessment.beside,
        grid=_grid_view(assessment),
        would_change=tuple(ChangeView(words=one.words, severity=one.severity) for one in assessment.would_change),
    )


def _factor_view(one: Factor) -> FactorView:
    return FactorView(words=one.words, points=one.points, source=one.source, quote=one.quote, known=one.known)


def _says_something(one: Factor) -> bool:
    return bool(one.points or one.quote)


def _grid_view(assessment: Assessment) -> GridView | None:
    grid = assessment.grid
    return GridView(likelihood=grid.likelihood, impact=grid.impact, outcome=grid.outcome) if grid else None


def known_reasons(incident: Incident, rules: NotifyRules) -> tuple[str, ...]:
    """Why the bot's own rating is what it is, in words of the configuration, without points; nothing a person wrote."""
    known = (one for one in incident.ratings[-1].reasons if one in rules.rating_words)
    return tuple(without_points(one) for one in known)[:MOST_REASONS]


def known_type_reasons(incident: Incident, rules: NotifyRules) -> tuple[str, ...]:
    """Why the type of incident is proposed, in words of the configuration."""
    classified = incident.classified.get(Classification.INCIDENT_TYPE)
    reasons = classified.reasons if classified else ()
    return tuple(dict.fromkeys(one.words for one in reasons if one.words in rules.rating_words))


def classified_views(incident: Incident) -> tuple[ClassifiedView, ...]:
    """Everything the incident is counted under, for the handling desk, in the order of the terms."""
    return tuple(
        ClassifiedView(
            title=one.words.capitalize(),
            value=found.value,
            reasons=tuple(reason.text for reason in found.reasons),
            confirmed=found.is_confirmed,
        )
        for one in Classification
        if (found := incident.classified.get(one)) and found.value
    )


def repeat_views(incident: Incident) -> tuple[RepeatView, ...]:
    """The earlier incidents with something in common, in the order in which they matter."""
    return tuple(
        RepeatView(reference=one.reference, received_at=one.received_at, same=one.words) for one in incident.repeats
    )


def repeat_count_views(incident: Incident) -> tuple[RepeatCountView, ...]:
    """How many earlier incidents there were by team, type and person, where the list does not show them all."""
    listed = {one.reference for one in incident.repeats}
    return tuple(
        RepeatCountView(words=one.words, since=one.since, newest=one.newest)
        for one in incident.repeat_counts
        if one.at_least or one.count > len(one.newest) or not listed.issuperset(one.newest)
    )
