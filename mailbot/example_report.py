"""The invented incident a week later: rated, investigated, and as far on as the mail that is to be shown wants it."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from mailbot.incident import Incident, Rating
from mailbot.investigation import Investigation, Recommendation, Ruling
from mailbot.organisation import StaffEntry
from mailbot.terms import Severity

WEEK = timedelta(days=7)


def further_on(incident: Incident, duty: str, staff: StaffEntry, at: datetime) -> Incident:
    """The incident at the moment at which that duty is asked for; unchanged where it is none of an investigation.

    ``at`` is when the incident was reported.
    """
    stage = STAGES.get(duty)
    if stage is None:
        return incident
    lead = staff.line_manager or staff.address
    rating = Rating(severity=Severity.MEDIUM, at=at, by=staff.address, provisional=False)
    told = incident.but(
        ratings=(*incident.ratings, rating),
        queue_confirmed=True,
        investigation_recommended=True,
        incident_lead=lead,
        support_officer=staff.address,
    )
    return stage(told, _returned(staff, lead, at + WEEK))


def _returned(staff: StaffEntry, lead: str, at: datetime) -> Investigation:
    return Investigation(
        returned_at=at,
        by=lead,
        findings={"conclusions": "The laptop was left in a car overnight, and its disk was not encrypted."},
        recommendations=(
            Recommendation(
                number=1,
                text="Encrypt the disks of all laptops that leave the office.",
                owner=staff.address,
                due_on=(at + 5 * WEEK).date(),
            ),
            Recommendation(
                number=2,
                text="Remind everybody to take equipment indoors overnight.",
                owner=staff.address,
                due_on=(at + 2 * WEEK).date(),
            ),
        ),
    )


def _cleared(report: Investigation) -> Investigation:
    ruling = Ruling(accepted=True, by=report.by, at=report.returned_at)
    return report.but(cleared=ruling, reviewed=ruling)


def _signed(report: Investigation) -> Investigation:
    """The first recommendation accepted, the second rejected."""
    cleared = _cleared(report)
    yes = Ruling(accepted=True, by=report.by, at=report.returned_at)
    no = Ruling(accepted=False, by=report.by, at=report.returned_at, reason="everybody was reminded last month")
    first, second = cleared.recommendations
    return cleared.but(recommendations=(first.but(signed=yes), second.but(signed=no)))


STAGES: Mapping[str, Callable[[Incident, Investigation], Incident]] = {
    "investigate": lambda incident, _: incident,
    "review_report": lambda incident, report: incident.but(investigation=report),
    "sign_off": lambda incident, report: incident.but(investigation=_cleared(report)),
    "review_rejection": lambda incident, report: incident.but(investigation=_signed(report)),
    "carry_out": lambda incident, report: incident.but(investigation=_signed(report)),
}
"""Kind of duty → how far the investigation is when it is asked for."""
