"""What an incident is counted under: as a person says it, and as later words make a proposal more exact."""

from datetime import datetime

from mailbot.assessment import Classification, Classified
from mailbot.incident import Incident
from mailbot.procedure.given import Given
from mailbot.procedure.grammar import Problem, before_reason
from mailbot.procedure.rules import Rules
from mailbot.triage.classification import classified_as
from mailbot.triage.classify import refined
from mailbot.triage.triage import Triage


def classify(incident: Incident, given: Given, rules: Rules) -> Incident | Problem:
    """The value of the list that was meant; what could mean none of them, or more than one, is asked again."""
    if given.counts_as is None:
        return Problem.NOT_LISTED
    value = classified_as(before_reason(given.whole), given.counts_as, rules.classification)
    if value is None:
        return Problem.NOT_LISTED
    said = Classified(value=value, by=given.by, at=given.now)
    return incident.but(classified=incident.classified | {given.counts_as: said})


def confirm_classified(incident: Incident, given: Given, _rules: Rules) -> Incident | Problem:
    """What was proposed, with the reasons that were given for it."""
    standing = incident.classified.get(given.counts_as) if given.counts_as else None
    if given.counts_as is None or standing is None:
        return Problem.NOTHING_PROPOSED
    said = standing.but(by=given.by, at=given.now)
    return incident.but(classified=incident.classified | {given.counts_as: said})


def proposed_anew(incident: Incident, found: Triage | None, now: datetime) -> Incident:
    """The incident with the proposals that later words make more exact; what a person confirmed or corrected stays."""
    if found is None:
        return incident
    better = refined(incident.classified, found.classified)
    dated = {one: said if said is incident.classified.get(one) else said.but(at=now) for one, said in better.items()}
    return incident.but(
        classified=dated,
        data_types=tuple(dict.fromkeys((*incident.data_types, *found.data_types))),
        subject_types=tuple(dict.fromkeys((*incident.subject_types, *found.subject_types))),
    )


def recounted(before: Incident, after: Incident) -> str:
    """What is proposed anew, in the words of the lists: ``medium: Letter → Multiple``; empty where nothing is."""
    changed = [one for one in Classification if before.counted_under(one) != after.counted_under(one)]
    return "; ".join(
        f"{one.words}: {before.counted_under(one) or 'not known'} → {after.counted_under(one)}" for one in changed
    )
