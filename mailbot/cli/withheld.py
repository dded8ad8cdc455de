"""An incident as it may be shown on a screen that others see: without what was reported (para 69)."""

from mailbot.assessment import BECAUSE, Assessment, Classified
from mailbot.incident import Incident, Rating


def without_words(incident: Incident) -> Incident:
    """The same incident without its facts, and without the passages of the report that its reasons quote."""
    return incident.but(
        facts={},
        queue_reasons=tuple(one.partition(BECAUSE)[0] for one in incident.queue_reasons),
        classified={one: _classified(found) for one, found in incident.classified.items()},
        ratings=tuple(_rating(one) for one in incident.ratings),
        investigation=None,
    )


def _classified(found: Classified) -> Classified:
    return found.but(reasons=tuple(reason.but(quote="") for reason in found.reasons))


def _rating(rating: Rating) -> Rating:
    return rating.but(assessment=_assessment(rating.assessment) if rating.assessment else None)


def _assessment(assessment: Assessment) -> Assessment:
    return assessment.but(factors=tuple(one.but(quote="") for one in assessment.factors))
