"""Builds the views of an investigation report: what its reviewer reads, and what may be signed and carried out."""

from collections.abc import Iterable

from mailbot.incident import Incident
from mailbot.investigation import Recommendation
from mailbot.notify.asked import listed_name, own_duty
from mailbot.notify.look import internal_view
from mailbot.notify.rules import NotifyRules
from mailbot.notify.signing_view import FindingView, RecommendationView, ReviewView, SigningView
from mailbot.procedure.decision import Notice

REJECTION, OWN = "review_rejection", "carry_out"


def signing_view(notice: Notice, incident: Incident, rules: NotifyRules) -> SigningView:
    """The recommendations that the mail is about, once they may be shown (69)."""
    report = incident.investigation
    cleared = report.recommendations if report and report.may_be_shown else ()
    duty = own_duty(notice, incident)
    mine = [one for one in cleared if _is_meant(one, notice, duty.about if duty else "")]
    own = {
        "recommendations": tuple(
            _recommendation(one, rules, shows_reason=notice.duty_kind == REJECTION)
            for one in (mine if duty and duty.about else cleared)
        ),
        "mine": tuple(one.number for one in mine),
    }
    return SigningView.model_validate(internal_view(notice, incident, rules).model_dump() | own)


def _is_meant(one: Recommendation, notice: Notice, about: str) -> bool:
    if notice.duty_kind == OWN or about:
        return about in {"", str(one.number)}
    return one.awaits_review if notice.duty_kind == REJECTION else one.signed is None


def review_view(notice: Notice, incident: Incident, rules: NotifyRules) -> ReviewView:
    """The whole report, for the support officer."""
    report = incident.investigation
    own = {
        "returned_at": report.returned_at if report else None,
        "returned_by": listed_name(report.by, rules) if report else None,
        "round": report.round if report else 0,
        "findings": _findings(report.findings.items() if report else ()),
        "recommendations": tuple(
            _recommendation(one, rules, shows_reason=True) for one in (report.recommendations if report else ())
        ),
    }
    return ReviewView.model_validate(internal_view(notice, incident, rules).model_dump() | own)


def _findings(said: Iterable[tuple[str, str]]) -> tuple[FindingView, ...]:
    return tuple(FindingView(label=name.replace("_", " ").capitalize(), text=text) for name, text in said if text)


def _recommendation(one: Recommendation, rules: NotifyRules, *, shows_reason: bool) -> RecommendationView:
    """One recommendation. Why it was rejected nobody has cleared: only who decides on it and its reviewer read that."""
    standing = one.reviewed or one.signed
    return RecommendationView(
        number=one.number,
        text=one.text,
        owner=listed_name(one.owner, rules),
        due_on=one.due_on,
        decided=standing is not None,
        accepted=one.is_to_be_done,
        reason=(standing.reason or None) if shows_reason and standing and not standing.accepted else None,
    )
