"""Effects of answers from the investigation to the closing (paras 47–65): who leads, what was found, what was accepted."""

import re
from collections.abc import Callable

from mailbot.assessment import Classification
from mailbot.incident import Incident
from mailbot.investigation import Investigation, Ruling
from mailbot.organisation import Organisation
from mailbot.procedure.conditions import LAST_DUTIES
from mailbot.procedure.given import Given
from mailbot.procedure.grammar import Problem, before_reason
from mailbot.procedure.rules import Rules

_ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
CLOSING_FACTS = (
    Classification.MEDIUM,
    Classification.ROOT_CAUSE,
    Classification.ACTION_TAKEN,
)
"""What the published report counts an incident under: confirmed or corrected by a person before it is closed."""


def recommend_investigation(*, wanted: bool) -> Callable[[Incident, Given, Rules], Incident]:
    """What the IG Team says on an investigation (47)."""
    return lambda incident, _given, _rules: incident.but(investigation_recommended=wanted)


def name_by(field: str) -> Callable[[Incident, Given, Rules], Incident | Problem]:
    """Names somebody of the council by address, or by a full name that the directory has exactly once."""

    def name(incident: Incident, given: Given, rules: Rules) -> Incident | Problem:
        found = {one.lower() for one in _ADDRESS.findall(given.words)}
        if not found:
            found = _listed_as(before_reason(given.words), rules.organisation)
            if len(found) != 1:
                return Problem.NOT_IN_THE_DIRECTORY
        if len(found) != 1:
            return Problem.NO_ADDRESS
        address = found.pop()
        if not rules.organisation.is_inside(address):
            return Problem.NOT_THE_COUNCILS
        return incident.but(**{field: address})

    return name


def _listed_as(words: str, organisation: Organisation) -> set[str]:
    """Everybody in the directory of that full name: the name alone must be what was written."""
    wanted = " ".join(re.split(r"[,;(\n]", words, maxsplit=1)[0].lower().strip(" .").split())
    return {one.address for one in organisation.people.values() if wanted and one.name.lower() == wanted}


def report_returned(incident: Incident, given: Given, _rules: Rules) -> Incident | Problem:
    """An investigation report came back in some other form than the bot's own: people read it where it lies (51).

    A mere word takes nothing of a report that is here and was not sent back.
    """
    if may_not_replace(incident):
        return Problem.REPORT_SIGNED
    if incident.investigation is not None and not incident.investigation.is_sent_back:
        return incident
    return with_report(incident, Investigation(returned_at=given.done_at, by=given.by))


def may_not_replace(incident: Incident) -> bool:
    """Whether a report stands that the Group Manager has decided on: it would take the decisions with it (58)."""
    report = incident.investigation
    return report is not None and report.is_signed_in_part and not report.is_sent_back


def with_report(incident: Incident, report: Investigation) -> Incident:
    """The incident with a report that came back; one that came before is counted, not kept: its mail is (53)."""
    before = incident.investigation
    return incident.but(investigation=report.but(round=before.round + 1 if before else 1))


def review(*, accepted: bool) -> Callable[[Incident, Given, Rules], Incident | Problem]:
    """The support officer's review (53): accepted, or sent back with a reason."""

    def reviewed(incident: Incident, given: Given, _rules: Rules) -> Incident | Problem:
        report = incident.investigation
        if report is None:
            return Problem.NO_REPORT
        ruling = Ruling(accepted=accepted, by=given.by, at=given.now, reason=given.words)
        return incident.but(investigation=report.but(reviewed=ruling))

    return reviewed


def clear(incident: Incident, given: Given, _rules: Rules) -> Incident | Problem:
    """The support officer confirms that the report holds no data of the people affected (69)."""
    report = incident.investigation
    if report is None:
        return Problem.NO_REPORT
    return incident.but(investigation=report.but(cleared=Ruling(accepted=True, by=given.by, at=given.now)))


def not_clear(incident: Incident, given: Given, _rules: Rules) -> Incident | Problem:
    """The report holds data of the people affected: it goes back to be written without them (53, 69)."""
    report = incident.investigation
    if report is None:
        return Problem.NO_REPORT
    ruling = Ruling(accepted=False, by=given.by, at=given.now, reason=given.words)
    return incident.but(investigation=report.but(cleared=ruling, reviewed=ruling))


def summarise(incident: Incident, given: Given, _rules: Rules) -> Incident:
    """The summary for the published report, written by a person (63)."""
    return incident.but(publishable_summary=given.whole or given.words)


def learn(incident: Incident, given: Given, _rules: Rules) -> Incident:
    """What was learnt, about the incident or about the procedure itself (55, 63)."""
    said = given.whole or given.words
    return incident.but(lessons=f"{incident.lessons}\n{said}".strip())


def close(incident: Incident, given: Given, _rules: Rules) -> Incident | Problem:
    """Closed by a person, once every duty is done and nothing for the report is missing (60, 65); once only."""
    if incident.closed_at is not None:
        return incident
    if waiting_duties(incident):
        return Problem.DUTIES_OPEN
    return Problem.FACTS_MISSING if missing_for_closing(incident) else incident.but(closed_at=given.now)


def waiting_duties(incident: Incident) -> tuple[str, ...]:
    """The kinds of duty that keep an incident open, each once: the final status too, but not the closing itself."""
    others = (duty.kind for duty in incident.open_duties if duty.kind not in LAST_DUTIES - {"final_status"})
    return tuple(dict.fromkeys(others))


def missing_for_closing(incident: Incident) -> tuple[str, ...]:
    """The keys of the answers that the published report still wants (63, 65)."""
    classified = (one for one in CLOSING_FACTS if not _is_said(one, incident))
    missing = [one.words.removesuffix(" taken") for one in classified]
    missing += ["subjects"] if not incident.fact("subjects") else []
    return (*missing, *(["summary"] if not incident.publishable_summary else []))


def _is_said(one: Classification, incident: Incident) -> bool:
    found = incident.classified.get(one)
    return found is not None and found.is_confirmed
