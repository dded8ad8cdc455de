"""A report becomes an incident: its times, its people, its provisional rating. The duties follow in ``machine``."""

from datetime import datetime

from mailbot.incident import AuditEntry, Incident, Original, Reporter
from mailbot.parse.reading import Reading
from mailbot.procedure.clocks import arrived_at, aware_of, date_doubts
from mailbot.procedure.facts import provisional_rating, restricted_by_chain, with_people
from mailbot.procedure.rules import Rules
from mailbot.terms import MAILBOT, Reference
from mailbot.triage.triage import Triage
from mailbot.value import Value

PERSONAL_DATA_UNSURE = "The report seems to hold no personal data: the clocks run until the IG Team confirms it."


class Opening(Value):
    """A report as it comes to the machine: what was read, what triage proposes, where it lies, who sent it, its number."""

    reading: Reading
    triage: Triage
    original: Original
    reporter: Reporter
    reference: Reference
    incident_id: str


def opened(opening: Opening, now: datetime, rules: Rules) -> tuple[Incident, tuple[AuditEntry, ...]]:
    """The incident as the report and the triage have it, without duties and before anybody is told."""
    incident = _as_reported(opening, now)
    incident = incident.but(doubts=_doubts(opening, now, rules))
    lines_at = opening.reading.email.received_lines_at
    arrived = arrived_at(incident.received_at, lines_at, rules.procedure.clock)
    aware_at, because = aware_of(incident, _call_time(opening.reading), arrived)
    incident = with_people(incident.but(aware_at=aware_at, aware_because=because), rules.organisation)
    incident = restricted_by_chain(incident, rules.organisation)
    return incident, (_history(incident, opening.triage, now),)


def _as_reported(opening: Opening, now: datetime) -> Incident:
    report, triage = opening.reading.report, opening.triage
    # A mailbox whose clock is wrong must not put off any deadline.
    received_at = min(opening.original.received_at, now)
    return Incident(
        id=opening.incident_id,
        reference=opening.reference,
        queue=triage.queue,
        also_tell=triage.also_tell,
        queue_reasons=triage.reasons,
        classified=triage.classified,
        data_types=triage.data_types,
        subject_types=triage.subject_types,
        ratings=(provisional_rating(triage, now),),
        received_at=received_at,
        discovered_at=report.discovered_at,
        occurred_at=report.occurred_at,
        aware_at=received_at,
        reporter=opening.reporter,
        # What the bot only thinks it has read must not stop the regulator's clock (DESIGN §2.5).
        personal_data=triage.personal_data or None,
        health_or_social_care=triage.health_or_social_care,
        stolen=triage.stolen,
        allegation=triage.allegation,
        safety=triage.safety,
        restricted=triage.restricted,
        facts=report.fields,
        missing=report.missing,
        originals=(opening.original,),
    )


def _doubts(opening: Opening, now: datetime, rules: Rules) -> tuple[str, ...]:
    report = opening.reading.report
    doubts = date_doubts(
        received_at=opening.original.received_at,
        received_lines_at=opening.reading.email.received_lines_at,
        occurred_at=report.occurred_at,
        discovered_at=report.discovered_at,
        doubtful=report.doubtful,
        rules=rules.procedure.clock,
        now=now,
    )
    return (*doubts, PERSONAL_DATA_UNSURE) if opening.triage.personal_data is False else doubts


def _call_time(reading: Reading) -> datetime | None:
    """When a desk was told by telephone, where a desk logged the call (paras 30, 35); None where that is not known."""
    told = reading.report.fields.get("reported_at")
    if not reading.call_log or told is None or "reported_at" in reading.report.doubtful:
        return None
    try:
        moment = datetime.fromisoformat(told.value)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _history(incident: Incident, triage: Triage, now: datetime) -> AuditEntry:
    details = {
        "queue": incident.queue.value,
        "reasons": "; ".join(triage.reasons),
        "counted under": "; ".join(f"{one.words}: {said.value}" for one, said in triage.classified.items()),
        "severity": triage.severity.value,
        "severity reasons": "; ".join(triage.severity_reasons),
        "received at": incident.received_at.isoformat(),
        "aware at": incident.aware_at.isoformat(),
        "aware because": incident.aware_because,
        "doubts": "; ".join(incident.doubts),
    }
    return AuditEntry(at=now, action="incident opened", by=MAILBOT, details=details)
