"""Facts that arrive after the first report: merged, and the dates and people that follow from them found again."""

from datetime import datetime

from mailbot.incident import AuditEntry, FieldValue, Incident, Rating
from mailbot.organisation import Organisation
from mailbot.procedure.clocks import aware_of, date_doubts
from mailbot.procedure.conditions import INVOLVED, INVOLVED_TOLD
from mailbot.procedure.counting import proposed_anew, recounted
from mailbot.procedure.decision import Decision, FactsArrived, Notice
from mailbot.procedure.doubts import DISCOVERY_DOUBTFUL, OCCURRENCE_DOUBTFUL, OCCURRENCE_UNKNOWN
from mailbot.procedure.people import chain_of, is_named_as_involved
from mailbot.procedure.rules import Rules
from mailbot.terms import MAILBOT, Role
from mailbot.triage.triage import Triage

PLACE_FIELDS = ("group", "service")
CHAIN_NAMED = "somebody in the chain of notices is named as involved"
REPORTERS_DUTY = "complete_report"
OCCURRENCE_FIELDS = frozenset({"occurred_at", "occurred_date", "occurred_time"})
DISCOVERY_FIELDS = frozenset({"discovered_at", "discovered_date"})


def facts_arrived(incident: Incident, event: FactsArrived, now: datetime, rules: Rules) -> Decision:
    """The incident with the new facts; what was known stays unless the new value is at least as sure.

    A better date moves ``aware_at`` only to an earlier moment: to a later one only the DPO moves it.
    """
    merged, changed = merge(incident.facts, event.facts)
    before = incident
    incident = _with_dates(incident.but(facts=merged, missing=event.missing), event, now, rules)
    incident = with_people(incident, rules.organisation)
    if "involved" in changed:
        incident = restricted_by_chain(incident, rules.organisation)
    incident = proposed_anew(raised(incident, event.found, now), event.found, now)
    incident = _told_anew(before, incident)
    details = {name: fact.value for name, fact in changed.items()} | {"still missing": ", ".join(event.missing)}
    details |= {"raised": "; ".join(news_of(before, incident, event.found)), "proposed": recounted(before, incident)}
    return Decision(
        incident=incident,
        notices=_receipt(before, incident, event, rules.organisation),
        audit=(AuditEntry(at=now, action="facts arrived", by=event.by, details=details),),
    )


def raised(incident: Incident, found: Triage | None, now: datetime) -> Incident:
    """The incident with what triage finds in later words. It only raises: what stood stands, what a person rated stays."""
    if found is None:
        return incident
    graver = incident.severity_is_provisional and not incident.severity.at_least(found.severity)
    return incident.but(
        ratings=(*incident.ratings, provisional_rating(found, now)) if graver else incident.ratings,
        safety=tuple(dict.fromkeys((*incident.safety, *found.safety))),
        restricted=tuple(dict.fromkeys((*incident.restricted, *found.restricted))),
        stolen=incident.stolen or found.stolen,
        health_or_social_care=incident.health_or_social_care or found.health_or_social_care,
        personal_data=found.personal_data or incident.personal_data,
    )


def provisional_rating(found: Triage, now: datetime) -> Rating:
    """The bot's own rating by what triage found, with how it was worked out (40)."""
    return Rating(
        severity=found.severity,
        at=now,
        by=MAILBOT,
        provisional=True,
        reasons=found.severity_reasons,
        assessment=found.assessment,
    )


def proposes_graver(incident: Incident, found: Triage | None) -> bool:
    """Whether a person's rating stands, and later words would lead to a graver one than it and than any proposed so far."""
    if found is None or incident.severity_is_provisional:
        return False
    known = [incident.severity, *(one.severity for one in incident.ratings if one.by == MAILBOT)]
    return not any(one.at_least(found.severity) for one in known)


def news_of(before: Incident, after: Incident, found: Triage | None = None) -> tuple[str, ...]:
    """What became graver, in words of the configuration. ``found``: what triage finds in the later words."""
    words = [one for one in (*after.safety, *after.restricted) if one not in (*before.safety, *before.restricted)]
    rose = after.severity_is_provisional and after.severity is not before.severity  # what a person rates is no news
    words += ["provisional rating: " + after.severity.words] if rose else []
    if found is not None and proposes_graver(after, found):
        words += [f"the bot would now propose {found.severity.words}; the rating that a person gave stands"]
    words += ["something was stolen"] if after.stolen and not before.stolen else []
    words += ["health or social care"] if after.health_or_social_care and not before.health_or_social_care else []
    words += ["personal data are involved"] if after.personal_data and not before.personal_data else []
    return tuple(words)


def _told_anew(before: Incident, after: Incident) -> Incident:
    """Who was told what is no longer true of it is told again: the Reporter of a danger, the DPO of a restriction."""
    again = {Role.REPORTER} if after.safety and not before.safety else set()
    again |= {Role.DPO} if after.restricted and not before.restricted else set()
    return after.but(told=tuple(one for one in after.told if one.role not in again)) if again else after


def _receipt(before: Incident, after: Incident, event: FactsArrived, organisation: Organisation) -> tuple[Notice, ...]:
    """A word of thanks to whoever supplied them; the Reporter of a danger gets more than that (``_told_anew``).

    Of a restricted incident nobody hears but who handles it: what the desk adds reaches them, and is not answered.
    """
    is_reporters = event.by.lower() == after.reporter.address.lower()
    if not is_reporters and after.restricted and event.by.lower() not in chain_of(after, organisation):
        return ()
    if is_reporters and (not after.reporter.may_be_written_to or (after.safety and not before.safety)):
        return ()
    duty = after.duty(REPORTERS_DUTY)
    notice = Notice(
        template="receipt",
        recipient=event.by.lower(),
        role=Role.REPORTER if is_reporters else Role.QUEUE_TEAM,
        why="you told us more about this incident",
        duty_id=duty.id if duty else None,
        duty_kind=duty.kind if duty else None,
        mentions={"facts": str(len(event.facts))} if event.facts else {},
    )
    return (notice,)


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


def _with_dates(incident: Incident, event: FactsArrived, now: datetime, rules: Rules) -> Incident:
    """The better dates. A doubtful one fills a gap but replaces nothing, lifts no doubt and moves no clock."""
    if event.occurred_at is None and event.discovered_at is None:
        return incident
    occurred_is_sure = event.occurred_at is not None and not OCCURRENCE_FIELDS & set(event.doubtful)
    discovered_is_sure = event.discovered_at is not None and not DISCOVERY_FIELDS & set(event.doubtful)
    fills_occurred = incident.occurred_at is None and event.occurred_at is not None
    fills_discovered = incident.discovered_at is None and event.discovered_at is not None
    unsure = (OCCURRENCE_FIELDS if fills_occurred and not occurred_is_sure else set()) | (
        DISCOVERY_FIELDS if fills_discovered and not discovered_is_sure else set()
    )
    incident = incident.but(
        occurred_at=event.occurred_at if occurred_is_sure or fills_occurred else incident.occurred_at,
        discovered_at=event.discovered_at if discovered_is_sure or fills_discovered else incident.discovered_at,
    )
    doubts = date_doubts(
        received_at=incident.received_at,
        received_lines_at=None,
        occurred_at=incident.occurred_at,
        discovered_at=incident.discovered_at,
        doubtful=tuple(unsure),
        rules=rules.procedure.clock,
        now=now,
    )
    lifted = {DISCOVERY_DOUBTFUL} if discovered_is_sure else set()
    lifted |= {OCCURRENCE_DOUBTFUL} if occurred_is_sure else set()
    lifted |= {OCCURRENCE_UNKNOWN} if incident.occurred_at else set()
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


def restricted_by_chain(incident: Incident, organisation: Organisation) -> Incident:
    """Restricted where the report names as involved somebody who would handle it: a desk's member or a named role.

    A line or group manager so named does not restrict it: they are not told until IG decides (DESIGN §5).
    """
    chain = {*organisation.roles.values(), *(member for desk in organisation.desks for member in desk.members)}
    is_named = any(is_named_as_involved(one, incident, organisation) for one in chain)
    if not is_named or CHAIN_NAMED in incident.restricted:
        return incident
    return incident.but(restricted=(*incident.restricted, CHAIN_NAMED))


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
