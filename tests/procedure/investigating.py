"""Incidents on their way from the investigation to the closing, for the tests of those duties."""

from datetime import date, datetime

from mailbot.assessment import Classification, Classified
from mailbot.incident import Duty, Incident
from mailbot.investigation import Investigation, Recommendation, Ruling
from mailbot.procedure.decision import Decision, TimePassed
from mailbot.procedure.machine import advance
from mailbot.procedure.rules import Rules
from tests.procedure.answering import answer, opened
from tests.procedure.conftest import DORA, GWEN, IGOR, IVY, LIAM, RESA, RULES, fact, london

MONDAY = london("Mon 2026-11-23 10:00")
TUESDAY = london("Tue 2026-11-24 10:00")
WEDNESDAY = london("Wed 2026-11-25 10:00")
THURSDAY = london("Thu 2026-11-26 10:00")
LEAD, OFFICER = LIAM, IVY


def settled(incident: Incident, now: datetime, rules: Rules = RULES) -> Decision:
    return advance(incident, TimePassed(), now, rules)


def open_kinds(incident: Incident) -> list[str]:
    return [duty.kind for duty in incident.open_duties]


def said(incident: Incident, line: str, by: str, now: datetime = TUESDAY, **more: object) -> Incident:
    """The incident after an answer that is taken: nothing of it is asked again or held."""
    decision = answer(incident, line, by=by, now=now, **more)
    refused = {"answer_unclear", "answer_held"} & {notice.template for notice in decision.notices}
    assert not refused, [notice.mentions for notice in decision.notices]
    return decision.incident


def to_be_led(**changes: object) -> Incident:
    """An incident whose people are known, rated medium by a person, for which an investigation is recommended."""
    incident = opened(**changes).but(group="Housing", line_manager=LIAM, responsible_line_manager=RESA, doubts=())
    incident = incident.but(personal_data=True, occurred_at=london("Fri 2026-11-20 12:00"), missing=())
    incident = incident.but(facts=incident.facts | {"subjects": fact("4")})
    incident = said(incident, "queue: confirmed", IGOR, MONDAY)
    incident = said(incident, "severity: medium, because it went to a care home", IGOR, MONDAY)
    return said(incident, "investigation recommended: yes, because it happened before", IGOR, MONDAY)


def placed(**changes: object) -> Incident:
    """The same, to be investigated by ``LEAD`` and supported by ``OFFICER``."""
    incident = said(to_be_led(**changes), f"incident lead: {LEAD}", GWEN, MONDAY)
    return said(incident, f"support officer: {OFFICER}", IGOR, MONDAY)


def with_other_duties_done(incident: Incident, now: datetime = TUESDAY) -> Incident:
    """The same with all done that has nothing to do with the investigation."""
    incident = said(incident, "contained: yes, they deleted it and confirmed that", RESA, now)
    incident = said(incident, "others: not needed, because nobody else is concerned", IGOR, now)
    return said(incident, "ico: not required, because it was deleted unread", DORA, now)


def recommendation(number: int, owner: str = RESA, due_on: date | None = None) -> Recommendation:
    return Recommendation(number=number, text=f"Measure number {number}", owner=owner, due_on=due_on)


def ready_to_sign(incident: Incident, *recommendations: Recommendation, now: datetime = TUESDAY) -> Incident:
    """The same with a report that the support officer reviewed and cleared."""
    incident = said(incident, "investigation: returned", LEAD, now)
    report = incident.investigation
    assert report is not None
    incident = incident.but(investigation=report.but(recommendations=recommendations))
    incident = said(incident, "review: accepted", OFFICER, now)
    return said(incident, "no personal data: confirmed", OFFICER, now)


def signed(incident: Incident, *recommendations: Recommendation) -> Incident:
    """The same with every recommendation accepted."""
    return said(ready_to_sign(incident, *recommendations), "sign off: accept all", GWEN, WEDNESDAY)


def with_closing_facts(incident: Incident) -> Incident:
    known = {
        one: Classified(value="Human error", by=IGOR, at=TUESDAY)
        for one in (Classification.MEDIUM, Classification.ROOT_CAUSE, Classification.ACTION_TAKEN)
    }
    return incident.but(classified=incident.classified | known, publishable_summary="A list was emailed wrongly")


def carrying_out(incident: Incident) -> dict[str, Duty]:
    """The open duties to carry something out, by the number of the recommendation."""
    return {duty.about: duty for duty in incident.open_duties if duty.kind == "carry_out"}


def report_of(incident: Incident) -> Investigation:
    assert incident.investigation is not None
    return incident.investigation


def ruling(incident: Incident, number: int) -> Ruling | None:
    found = report_of(incident).recommendation(number)
    assert found is not None
    return found.signed
