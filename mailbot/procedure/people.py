"""Who holds a duty, who is written to, who may answer. Look-ups in the council's directory; nobody is guessed.

An unknown holder falls back along ``unknown_holder`` of config/procedure.toml (the queue is asked); somebody away
or unreachable is stood in for (``standing``); a restricted incident is the DPO's alone, the SIRO's where the DPO is
implicated. Whoever the report names as involved is passed over in every look-up: neither written to nor heard.
"""

import re
from typing import NamedTuple

from mailbot.incident import Incident
from mailbot.organisation import Organisation
from mailbot.procedure.conditions import INVOLVED_TOLD
from mailbot.procedure.rules import Rules
from mailbot.terms import Queue, Role

DESKS = {Role.IG_TEAM: Queue.IG, Role.IT_SERVICE_DESK: Queue.IT}
OPEN_IN_RESTRICTED = frozenset({Role.REPORTER, Role.HR, Role.ON_CALL})
CONFIDANTS = (Role.DPO, Role.SIRO, Role.CALDICOTT_GUARDIAN)


class Contact(NamedTuple):
    """Somebody to write to, and in which capacity."""

    address: str
    role: Role


def holder_of(role: Role, incident: Incident, organisation: Organisation) -> str | None:
    """The address of whoever has that role in this incident, None where nobody is known or may know of it."""
    if incident.restricted and role not in OPEN_IN_RESTRICTED:
        return confidant(incident, organisation).address
    if role is Role.REPORTER:
        return incident.reporter.address or None
    named = _named(role, incident, organisation)
    if named and not is_kept_away(named, incident, organisation):
        return named
    # The regulator must be told of an incident that names the DPO too: the SIRO decides in their place.
    return confidant(incident, organisation).address if named and role is Role.DPO else None


def _named(role: Role, incident: Incident, organisation: Organisation) -> str | None:
    queue = _desk_of(role, incident)
    if queue is not None:
        return organisation.desk(queue).address
    group = organisation.group(incident.group) if incident.group else None
    own = {
        Role.LINE_MANAGER: incident.line_manager,
        Role.RESPONSIBLE_LINE_MANAGER: incident.responsible_line_manager,
        Role.GROUP_MANAGER: group.group_manager if group else None,
        Role.SERVICE_DIRECTOR: group.service_director if group else None,
        Role.INCIDENT_LEAD: incident.incident_lead,
        Role.SUPPORT_OFFICER: incident.support_officer,
        Role.OWNER: None,
    }
    return own[role] if role in own else organisation.roles.get(role)


def _desk_of(role: Role, incident: Incident) -> Queue | None:
    if role is Role.QUEUE_TEAM:
        return incident.queue
    if role is Role.OTHER_DESK:
        return Queue.IG if incident.queue is Queue.IT else Queue.IT
    return DESKS.get(role)


def confidant(incident: Incident, organisation: Organisation) -> Contact:
    """Who alone handles a restricted incident: the DPO, or the first of those after the DPO who is not implicated."""
    for role in CONFIDANTS:
        address = organisation.roles.get(role)
        if address and not is_kept_away(address, incident, organisation):
            return Contact(address, role)
    return Contact(organisation.desk(Queue.IG).address, Role.IG_TEAM)


def chain_of(incident: Incident, organisation: Organisation) -> frozenset[str]:
    """Everybody who may hear of a restricted incident besides the Reporter, HR and the on-call rota: who handles it, with deputies."""
    named = {confidant(incident, organisation).address, *(organisation.roles.get(role) for role in CONFIDANTS)}
    known = {one.lower() for one in named if one}
    return frozenset(known | {deputy.lower() for one in known if (deputy := organisation.deputy_of(one))})


def is_named_as_involved(address: str, incident: Incident, organisation: Organisation) -> bool:
    """Whether the report names that person as involved, by address or by full name (the careful side: not to tell)."""
    text = " ".join(incident.fact("involved").lower().split())
    if not text:
        return False
    entry = organisation.staff(address)
    names = [address.lower(), " ".join(entry.name.lower().split()) if entry else ""]
    return any(name and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) for name in names)


def is_kept_away(address: str, incident: Incident, organisation: Organisation) -> bool:
    """Whether somebody is neither written to nor heard, because the report names them as involved.

    IG may say to tell a manager all the same; whoever would handle incidents stays away from this one. A desk's shared
    mailbox is nobody in particular: where one of its members is named, the whole incident is restricted.
    """
    if not is_named_as_involved(address, incident, organisation):
        return False
    if address.lower() in {desk.address.lower() for desk in organisation.desks}:
        return False
    return not incident.fact(INVOLVED_TOLD) or address.lower() in handlers(organisation)


def handlers(organisation: Organisation) -> set[str]:
    """Everybody through whose hands incidents go: the named roles with their deputies, and the desks' members."""
    named = {one.lower() for one in organisation.roles.values()}
    deputies = {deputy.lower() for one in named if (deputy := organisation.deputy_of(one))}
    return named | deputies | {member.lower() for desk in organisation.desks for member in desk.members}


def contact_for(role: Role, incident: Incident, rules: Rules) -> Contact:
    """Whom to ask where a role is meant: its holder, or who is asked instead while nobody is known."""
    seen: set[Role] = set()
    while role not in seen:
        seen.add(role)
        address = holder_of(role, incident, rules.organisation)
        if address:
            return Contact(address, role)
        role = rules.procedure.unknown_holder.get(role, Role.QUEUE_TEAM)
    return Contact(rules.organisation.desk(incident.queue).address, Role.QUEUE_TEAM)
