"""What people tell after a first report: later words are triaged too, and what they show is raised; a report that names
an incident is kept beside it. Pure.
"""

from datetime import datetime

from mailbot.incident import Alike, AuditEntry, FieldValue, Incident
from mailbot.intake.email import Address, InboundEmail, Kind
from mailbot.parse.reading import Reading, ReportedIncident
from mailbot.pipeline.reply import STORY, ReplyContext
from mailbot.procedure.decision import Decision, Event, FactsArrived
from mailbot.procedure.facts import merge, proposes_graver, raised
from mailbot.triage.rules import TriageRules
from mailbot.triage.triage import Triage, triage


def with_found(events: tuple[Event, ...], reply: ReplyContext, rules: TriageRules) -> tuple[Event, ...]:
    """The events, the facts among them with what triage finds now that it has old and new words together.

    Words of the Reporter that state no fact become an event of their own where they show something graver.
    """
    facts = next((event for event in events if isinstance(event, FactsArrived)), None)
    if facts is not None:
        found = found_later(reply, facts.facts, rules)
        return tuple(event.but(found=found) if event is facts else event for event in events)
    if not reply.is_reporters:
        return events
    found = found_later(reply, {}, rules)
    incident = reply.incident
    if raised(incident, found, reply.received_at) == incident and not proposes_graver(incident, found):
        return events
    return (FactsArrived(facts={}, missing=incident.missing, by=reply.sender, found=found), *events)


def found_later(reply: ReplyContext, facts: dict[str, FieldValue], rules: TriageRules) -> Triage:
    """What triage finds in the known facts, the new ones and the reply's own words.

    Of the flags only those that the known facts alone did not show: what a person has lifted is not raised again by
    the words that had raised it.
    """
    incident = reply.incident
    together = _triaged(incident, merge(incident.facts, facts)[0], reply.reading.email.reply, rules)
    if not _raises(together):
        return together
    before = _triaged(incident, incident.facts, "", rules)
    return together.but(
        safety=tuple(one for one in together.safety if one not in before.safety),
        restricted=tuple(one for one in together.restricted if one not in before.restricted),
        stolen=together.stolen and not before.stolen,
        health_or_social_care=together.health_or_social_care and not before.health_or_social_care,
        personal_data=(together.personal_data and not before.personal_data) or None,
    )


def _raises(found: Triage) -> bool:
    """Whether triage raises any flag; where it does not, nobody needs to know which were raised before."""
    flags = (found.safety, found.restricted, found.stolen, found.health_or_social_care)
    return any(flags) or found.personal_data is not None


def _triaged(incident: Incident, facts: dict[str, FieldValue], words: str, rules: TriageRules) -> Triage:
    email = InboundEmail(sender=Address(address=incident.reporter.address), text=words, reply=words)
    # Triage passes over a mail's text where the description was taken from it; here it was another mail's.
    told = {name: fact.but(source="report") if name == STORY else fact for name, fact in facts.items()}
    reading = Reading(kind=Kind.ANSWER, email=email, report=ReportedIncident(fields=told))
    return triage(reading, incident.reporter.outside, rules)


def tells_another_story(reply: ReplyContext) -> bool:
    """Whether a reply under the title, or with a form, tells what happened though that is known: perhaps a new incident."""
    return reply.reading.titled and STORY in reply.reading.report.fields and bool(reply.incident.fact(STORY))


def naming(decision: Decision, named: Incident, sender: str, now: datetime) -> Decision:
    """A new incident with the one whose number stands in its subject: people see both and say whether they are one."""
    link = Alike(reference=named.reference, because="the subject of this report names it")
    others = (one for one in decision.incident.alike if one.reference != named.reference)
    details = {"reference": str(named.reference)}
    entry = AuditEntry(at=now, action="names another incident", by=sender, details=details)
    return decision.but(incident=decision.incident.but(alike=(link, *others)), audit=(*decision.audit, entry))
