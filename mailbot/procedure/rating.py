"""The rating that a person gives (paras 39, 40, 43): named, confirmed, or by the NHS grid.

Raising it or keeping it needs no reason. Whoever goes below what stands must say why; the bot itself never does.
"""

from mailbot.assessment import Assessment, Grid
from mailbot.incident import Incident, Rating
from mailbot.parse.axes import LIKELIHOOD, read_axes, reason_after
from mailbot.procedure.given import Given
from mailbot.procedure.grammar import Problem
from mailbot.procedure.rules import Rules
from mailbot.terms import Severity


def rate(incident: Incident, given: Given, _rules: Rules) -> Incident | Problem:
    """The rating that was named. Named as it stands, it is as good as confirmed and keeps how it was worked out."""
    severity = Severity(given.verb.replace(" ", "_"))
    agrees = severity is incident.severity
    return rated(incident, severity, given, given.words, standing_assessment(incident) if agrees else None)


def confirm(incident: Incident, given: Given, _rules: Rules) -> Incident | Problem:
    """The rating that stands."""
    return rated(incident, incident.severity, given, given.words, standing_assessment(incident))


def rate_by_grid(incident: Incident, given: Given, rules: Rules) -> Incident | Problem:
    """The rating that the configuration gives to what the two axes say, never their product."""
    likelihood, impact = read_axes(f"{LIKELIHOOD} {given.whole}")
    if likelihood is None or impact is None:
        return Problem.AXES_MISSING
    grid = Grid(likelihood=likelihood, impact=impact)
    severity = rules.procedure.rated_by_grid[grid.outcome]
    standing = standing_assessment(incident) or Assessment(severity=severity, score=0.0, factors=())
    return rated(incident, severity, given, reason_after(given.whole), standing.but(grid=grid))


def rated(
    incident: Incident, severity: Severity, given: Given, reason: str, assessment: Assessment | None
) -> Incident | Problem:
    """The incident with a person's rating on top of its history; asked again where it is lowered without a reason."""
    if not severity.at_least(incident.severity) and not any(sign.isalnum() for sign in reason):
        return Problem.LOWERED_WITHOUT_REASON
    rating = Rating(
        severity=severity,
        at=given.now,
        by=given.by,
        provisional=False,
        reasons=(reason,) if reason else (),
        assessment=assessment,
    )
    return incident.but(ratings=(*incident.ratings, rating))


def standing_assessment(incident: Incident) -> Assessment | None:
    """How the rating was last worked out, None where it never was: people may only have named it since."""
    return next((one.assessment for one in reversed(incident.ratings) if one.assessment), None)
