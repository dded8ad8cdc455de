"""Who holds a duty, who is written to, who may answer. Look-ups in the council's directory; nobody is guessed.

An unknown holder falls back along ``unknown_holder`` of config/procedure.toml (the queue is asked); somebody away
or unreachable is stood in for; a restricted incident is the DPO's alone, the SIRO's where the DPO is implicated.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from mailbot.incident import Duty, Incident, Queue, Role
from mailbot.organisation import Organisation
from mailbot.procedure.rows import Target
from mailbot.procedure.rules import Rules

DESKS = {Role.IG_TEAM: Queue.IG, Role.IT_SERVICE_DESK: Queue.IT}
OPEN_IN_RESTRICTED = frozenset({Role.REPORTER, Role.HR, Role.ON_CALL})


class Contact(NamedTuple):
    """Somebody to write to, and in which capacity."""

    address: str
    role: Role


def holder_of(role: Role, incident: Incident, organisation: Organisation) -> str | None:
    """The address of whoever has that role in this incident, None where nobody is known."""
    if incident.restricted and role not in OPEN_IN_RESTRICTED:
        return confidant(incident, organisation).address
    queue = _desk_of(role, incident)
    if queue is not None:
        return organisation.desk(queue).address
    group = organisation.group(incident.group) if incident.group else None
    own = {
        Role.REPORTER: incident.reporter.address,
        Role.LINE_MANAGER: incident.line_manager,
        Role.RESPONSIBLE_LINE_MANAGER: incident.responsible_line_manager,
        Role.GROUP_MANAGER: group.group_manager if group else None,
        Role.SERVICE_DIRECTOR: group.service_director if group else None,
    }
    return (own[role] if role in own else organisation.roles.get(role)) or None


def _desk_of(role: Role, incident: Incident) -> Queue | None:
    if role is Role.QUEUE_TEAM:
        return incident.queue
    if role is Role.OTHER_DESK:
        return Queue.IG if incident.queue is Queue.IT else Queue.IT
    return DESKS.get(role)


def confidant(incident: Incident, organisation: Organisation) -> Contact:
    """Who alone handles a restricted incident: the DPO, or the SIRO where the DPO is named as involved."""
    dpo, siro = organisation.roles.get(Role.DPO), organisation.roles.get(Role.SIRO)
    if dpo and not is_named_as_involved(dpo, incident, organisation):
        return Contact(dpo, Role.DPO)
    if siro:
        return Contact(siro, Role.SIRO)
    return Contact(dpo or organisation.desk(Queue.IG).address, Role.DPO)


def is_named_as_involved(address: str, incident: Incident, organisation: Organisation) -> bool:
    """Whether the report names that person as involved, by address or by full name (the careful side: not to tell)."""
    text = " ".join(incident.fact("involved").lower().split())
    if not text:
        return False
    entry = organisation.staff(address)
    names = [address.lower(), " ".join(entry.name.lower().split()) if entry else ""]
    return any(name and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) for name in names)


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


def on_call(incident: Incident, rules: Rules, occurrence: int) -> Contact:
    """The ``occurrence``-th address of the on-call rota, round and round; the DPO where there is no rota."""
    rota = [one.address for one in rules.organisation.on_call if one.address not in incident.unreachable]
    if rota:
        return Contact(rota[occurrence % len(rota)], Role.ON_CALL)
    return contact_for(Role.DPO, incident, rules)


def recipient_of(
    to: Target | Role, duty: Duty, incident: Incident, rules: Rules, *, occurrence: int, on: date
) -> Contact:
    """Who gets a step of a duty on that London day: the person meant, or whoever stands in."""
    if to is Role.ON_CALL:
        return on_call(incident, rules, occurrence)
    if isinstance(to, Role):
        return standing_in(contact_for(to, incident, rules), incident, rules.organisation, on)
    asked = standing_in(_asked(duty, incident, rules), incident, rules.organisation, on)
    if to is Target.HOLDER:
        return asked
    for contact in _climb(to, asked, incident, rules):
        reached = standing_in(contact, incident, rules.organisation, on)
        if reached.address != asked.address:
            return reached
    return asked


def _asked(duty: Duty, incident: Incident, rules: Rules) -> Contact:
    if duty.person:
        return Contact(duty.person, duty.holder)
    return contact_for(duty.holder, incident, rules)


def _climb(to: Target, asked: Contact, incident: Incident, rules: Rules) -> Iterator[Contact]:
    """Deputy, then manager, then DPO: whoever of them is known. A restricted incident climbs no further than its own."""
    organisation = rules.organisation
    deputy, manager = organisation.deputy_of(asked.address), organisation.line_manager_of(asked.address)
    if to is Target.DEPUTY and deputy:
        yield Contact(deputy, asked.role)
    if manager and not incident.restricted:
        yield Contact(manager, asked.role)
    yield contact_for(Role.DPO, incident, rules)


def standing_in(contact: Contact, incident: Incident, organisation: Organisation, on: date) -> Contact:
    """The contact, or who answers in their place: absent and unreachable people are passed over."""
    address = organisation.stand_in(contact.address, on)
    seen: set[str] = set()
    while address in incident.unreachable and address not in seen:
        seen.add(address)
        following = successor(address, incident, organisation)
        if following is None:
            return contact
        address = organisation.stand_in(following, on)
    return Contact(address, contact.role)


def successor(address: str, incident: Incident, organisation: Organisation) -> str | None:
    """Who is asked when an address cannot be reached: deputy, line manager, DPO, IG Team; None when all are exhausted.

    In a restricted incident only a deputy may be asked instead.
    """
    others = [organisation.deputy_of(address)]
    if not incident.restricted:
        others += [
            organisation.line_manager_of(address),
            organisation.roles.get(Role.DPO),
            organisation.desk(Queue.IG).address,
        ]
    return next((one for one in others if one and one != address and one not in incident.unreachable), None)
