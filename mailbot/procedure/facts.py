"""Facts that arrive after the first report: merged, and the dates and people that follow from them found again."""

from datetime import datetime

from mailbot.incident import AuditEntry, FieldValue, Incident
from mailbot.organisation import Organisation
from mailbot.procedure.clocks import (
    DISCOVERY_DOUBTFUL,
    OCCURRENCE_DOUBTFUL,
    OCCURRENCE_UNKNOWN,
    aware_of,
    date_doubts,
)
from mailbot.procedure.conditions import INVOLVED, INVOLVED_TOLD
from mailbot.procedure.decision import Decision, FactsArrived
from mailbot.procedure.people import is_named_as_involved
from mailbot.procedure.rules import Rules

PLACE_FIELDS = ("group", "service")


def facts_arrived(incident: Incident, event: FactsArrived, now: datetime, rules: Rules) -> Decision:
    """The incident with the new facts; what was known stays unless the new value is at least as sure.

    A better date moves ``aware_at`` only to an earlier moment: to a later one only the DPO moves it.
    """
    merged, changed = merge(incident.facts, event.facts)
    incident = incident.but(
        facts=merged,
        missing=event.missing,
        occurred_at=event.occurred_at or incident.occurred_at,
        discovered_at=event.discovered_at or incident.discovered_at,
    )
    incident = _with_dates(incident, event, rules)
    incident = with_people(incident, rules.organisation)
    details = {name: fact.value for name, fact in changed.items()} | {"still missing": ", ".join(event.missing)}
    return Decision(
        incident=incident, audit=(AuditEntry(at=now, action="facts arrived", by=event.by, details=details),)
    )


def merge(
    known: dict[str, FieldValue], new: dict[str, FieldValue]
) -> tuple[dict[str, FieldValue], dict[str, FieldValue]]:
    """All facts, and those that changed: an empty value never replaces one, a less sure one neither."""
    changed = {
        name: fact
        for name, fact in new.items()
        if fact.value and fact != known.get(name) and (name not in known or _is_better(fact, known[name]))
    }
    return known | changed, changed


def _is_better(new: FieldValue, old: FieldValue) -> bool:
    return not old.value or new.confidence >= old.confidence


def _with_dates(incident: Incident, event: FactsArrived, rules: Rules) -> Incident:
    if event.occurred_at is None and event.discovered_at is None:
        return incident
    doubts = date_doubts(
        received_at=incident.received_at,
        received_lines_at=None,
        occurred_at=incident.occurred_at,
        discovered_at=incident.discovered_at,
        doubtful=(),
        rules=rules.procedure.clock,
    )
    lifted = {DISCOVERY_DOUBTFUL} if event.discovered_at else set()
    lifted |= {OCCURRENCE_DOUBTFUL, OCCURRENCE_UNKNOWN} if event.occurred_at else set()
    kept = [doubt for doubt in incident.doubts if doubt not in lifted]
    incident = incident.but(doubts=tuple(dict.fromkeys([*kept, *doubts])))
    if incident.aware_because == "dpo":
        return incident
    at, because = min((incident.aware_at, incident.aware_because), aware_of(incident))
    return incident.but(aware_at=at, aware_because=because)


def with_people(incident: Incident, organisation: Organisation) -> Incident:
    """The incident with its group and the Reporter's Line Manager, as far as the report and the directory name them.

    Nobody is asked for a Line Manager whom the directory knows.
    """
    line_manager = incident.line_manager or line_manager_of(incident, organisation)
    return incident.but(
        group=incident.group or group_of(incident, organisation),
        line_manager=line_manager,
        missing=tuple(name for name in incident.missing if name != "line_manager" or line_manager is None),
    )


def with_involved(incident: Incident, organisation: Organisation) -> Incident:
    """The incident with the doubt that a manager is named as involved, as long as IG has not said to tell them."""
    group = organisation.group(incident.group) if incident.group else None
    managers = [incident.line_manager, incident.responsible_line_manager]
    managers += [group.group_manager, group.service_director] if group else []
    held = any(one and is_kept_back(one, incident, organisation) for one in managers)
    others = tuple(doubt for doubt in incident.doubts if doubt != INVOLVED)
    doubts = (*others, INVOLVED) if held else others
    return incident if doubts == incident.doubts else incident.but(doubts=doubts)


def is_kept_back(address: str, incident: Incident, organisation: Organisation) -> bool:
    """Whether a manager is not told yet because the report names them as involved and IG has not decided."""
    return not incident.fact(INVOLVED_TOLD) and is_named_as_involved(address, incident, organisation)


def group_of(incident: Incident, organisation: Organisation) -> str | None:
    """The group where it occurred, as the form says; the reporter's own only where the form says nothing.

    None where the form names no known group, or more than one: then the queue is asked (para 67, "solely").
    """
    named = [incident.fact(field) for field in PLACE_FIELDS if incident.fact(field)]
    if not named:
        entry = organisation.staff(incident.reporter.address)
        own = organisation.group(entry.group) if entry else None
        return own.name if own else None
    found = {group.name for name in named if (group := organisation.group(name))}
    return found.pop() if len(found) == 1 else None


def line_manager_of(incident: Incident, organisation: Organisation) -> str | None:
    """The Reporter's Line Manager by the directory; the one the form names only by an address of the council's own."""
    listed = organisation.line_manager_of(incident.reporter.address)
    if listed:
        return listed
    named = incident.fact("line_manager_email").lower()
    return named if "@" in named and organisation.is_inside(named) else None
