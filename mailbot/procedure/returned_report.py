"""An investigation report that came back (51, 52): taken with its recommendations, or asked for what it lacks."""

from datetime import datetime

from mailbot.assessment import Classification, Classified
from mailbot.incident import AuditEntry, Discharge, Duty, Incident
from mailbot.investigation import Investigation, Recommendation
from mailbot.organisation import Organisation
from mailbot.parse.returned import ReturnedInvestigation, Shortcoming
from mailbot.procedure.answerers import may_answer, who_answers
from mailbot.procedure.conditions import INVESTIGATE, WAIVED
from mailbot.procedure.corrected import recorded_beside
from mailbot.procedure.decision import Answered, Decision, InvestigationReturned
from mailbot.procedure.duties import end_duty, is_met
from mailbot.procedure.grammar import Problem
from mailbot.procedure.resolution import may_not_replace, with_report
from mailbot.procedure.rules import Rules
from mailbot.procedure.sent_back import held, may_write_to, reply, unclear
from mailbot.triage.classification import classified_as

RETURNED = "report returned"
HINDERS = frozenset(
    {
        Shortcoming.EMPTY,
        Shortcoming.A_PICTURE,
        Shortcoming.UNREADABLE,
        Shortcoming.OTHER_REFERENCE,
        Shortcoming.SEVERAL_FORMS,
        Shortcoming.TWO_LISTS,
        Shortcoming.TEXT_MISSING,
        Shortcoming.SAME_NUMBER,
    }
)
"""What makes a report another one, or none: it is not taken. Whatever else is missing the support officer sees."""


def investigation_returned(incident: Incident, event: InvestigationReturned, now: datetime, rules: Rules) -> Decision:
    """Takes the report, so that its review begins; what hinders that is asked of whoever sent it."""
    answer = Answered(
        duty_kind=INVESTIGATE,
        key="investigation",
        value="returned",
        by=event.by,
        signed=event.signed,
        received_at=event.received_at,
    )
    rows = rules.procedure.answers_to(answer.key)
    person = who_answers(answer, rules.organisation)
    if not may_answer(person or event.by.lower(), answer, rows, incident, rules):
        return held(incident, answer, now, rules)
    if person is None:
        return unclear(incident, answer, Problem.NOT_SIGNED, now, rules)
    report = event.report.checked_for(incident.reference, rules.procedure.reference.prefix)
    hindering = [one for one in report.problems if one.what in HINDERS]
    if hindering:
        return unclear(incident, answer, hindering[0].what, now, rules)
    if may_not_replace(incident):
        return unclear(incident, answer, Problem.REPORT_SIGNED, now, rules)
    return _taken(incident, report, answer, person, now, rules)


def _taken(  # noqa: PLR0917  the report, whose, when
    incident: Incident, report: ReturnedInvestigation, answer: Answered, person: str, now: datetime, rules: Rules
) -> Decision:
    done_at = min(answer.received_at or now, now)
    changed = with_report(incident, investigation_of(report, person, done_at, rules.organisation))
    changed = changed.but(classified=changed.classified | _said(report, person, now, rules))
    duty = incident.duty(INVESTIGATE)
    details = {
        "from": answer.by,
        "recommendations": str(len(report.recommendations)),
        "problems": "; ".join(one.words for one in report.problems),
    }
    history = [AuditEntry(at=now, action="investigation returned", by=person, details=details)]
    if duty is not None:
        ending = Discharge(at=done_at, by=person, how=RETURNED, met=is_met(duty, done_at))
        changed, ended = _ended(changed, duty, ending, now, rules)
        history += ended
    if not may_write_to(answer.by, incident):
        return Decision(incident=changed, audit=tuple(history))
    mentions = {"recorded": RETURNED}
    why = "you returned the investigation report"
    receipt = reply("receipt", why, incident, answer, mentions=mentions, rules=rules)
    return Decision(incident=changed, notices=(receipt,), audit=tuple(history))


def _ended(
    incident: Incident, duty: Duty, ending: Discharge, now: datetime, rules: Rules
) -> tuple[Incident, list[AuditEntry]]:
    """The duty ends; where it was said that no report is needed, the one that came all the same is recorded beside that."""
    if duty.is_open:
        return end_duty(incident, duty, ending, now, rules)
    if duty.discharged is None or duty.discharged.how != WAIVED:
        return incident, []
    return recorded_beside(incident, duty, ending, now, rules, is_open=False)


def investigation_of(
    report: ReturnedInvestigation, person: str, returned_at: datetime, organisation: Organisation
) -> Investigation:
    """The report as the incident keeps it: an owner counts only where the directory knows the address."""
    owned = (_owned(one, organisation) for one in report.recommendations)
    findings = report.findings | ({"no recommendation": report.none_because} if report.none_because else {})
    return Investigation(returned_at=returned_at, by=person, findings=findings, recommendations=tuple(owned))


def _owned(one: Recommendation, organisation: Organisation) -> Recommendation:
    return (
        one if organisation.staff(one.owner) else one.but(owner="", owner_as_written=one.owner_as_written or one.owner)
    )


def _said(report: ReturnedInvestigation, person: str, now: datetime, rules: Rules) -> dict[Classification, Classified]:
    """Root cause and action as the investigator has them, where they are of the council's lists."""
    said = {Classification.ROOT_CAUSE: report.root_cause, Classification.ACTION_TAKEN: report.action}
    found = {one: classified_as(words, one, rules.classification) for one, words in said.items() if words}
    return {one: Classified(value=value, by=person, at=now) for one, value in found.items() if value}
