"""Who gets a step of a duty, and who stands in for whom: past the away, the unreachable and the implicated.

Nobody stands in for the Reporter: what they reported is not told to their deputy or their manager in their place.
"""

from collections.abc import Iterator
from datetime import date

from mailbot.incident import Duty, Incident
from mailbot.organisation import Organisation
from mailbot.procedure.people import (
    OPEN_IN_RESTRICTED,
    Contact,
    confidant,
    contact_for,
    is_kept_away,
)
from mailbot.procedure.rows import Target
from mailbot.procedure.rules import Rules
from mailbot.terms import Queue, Role


def recipient_of(
    to: Target | Role, duty: Duty, incident: Incident, rules: Rules, *, occurrence: int, on: date
) -> Contact:
    """Who gets a step of a duty on that London day: the person meant, or whoever stands in."""
    if to is Role.ON_CALL:
        return on_call(incident, rules, occurrence, on)
    if isinstance(to, Role):
        return standing_in(contact_for(to, incident, rules), incident, rules.organisation, on)
    asked = standing_in(_asked(duty, incident, rules), incident, rules.organisation, on)
    if to is Target.HOLDER:
        return asked
    for contact in _climb(to, asked, incident, rules):
        reached = standing_in(contact, incident, rules.organisation, on)
        if reached.address != asked.address and is_free(reached.address, incident, rules.organisation, on):
            return reached
    return asked


def on_call(incident: Incident, rules: Rules, occurrence: int, on: date) -> Contact:
    """The ``occurrence``-th address of the on-call rota, round and round; the DPO where there is no rota."""
    rota = [one.address for one in rules.organisation.on_call if is_free(one.address, incident, rules.organisation, on)]
    if rota:
        return Contact(rota[occurrence % len(rota)], Role.ON_CALL)
    return standing_in(contact_for(Role.DPO, incident, rules), incident, rules.organisation, on)


def _asked(duty: Duty, incident: Incident, rules: Rules) -> Contact:
    if duty.person:
        return Contact(duty.person, duty.holder)
    return contact_for(duty.holder, incident, rules)


def _climb(to: Target, asked: Contact, incident: Incident, rules: Rules) -> Iterator[Contact]:
    """Deputy, then manager, then DPO, then SIRO: whoever is known. A restricted incident climbs no further than its own."""
    organisation = rules.organisation
    deputy, manager = organisation.deputy_of(asked.address), organisation.line_manager_of(asked.address)
    if to is Target.DEPUTY and deputy and not is_kept_away(deputy, incident, organisation):
        yield Contact(deputy, asked.role)
    if manager and not incident.restricted and not is_kept_away(manager, incident, organisation):
        yield Contact(manager, Role.LINE_MANAGER)
    yield contact_for(Role.DPO, incident, rules)
    yield contact_for(Role.SIRO, incident, rules)


def standing_in(contact: Contact, incident: Incident, organisation: Organisation, on: date) -> Contact:
    """The contact, or the first who can answer in their place; the contact itself where nobody can.

    The order: deputies down the line, line manager, DPO, SIRO, IG Team; the DPO's decisions go to no line manager. In
    a restricted incident only deputies and, in the end, the SIRO may be asked instead.
    """
    if contact.role is Role.REPORTER and contact.address == incident.reporter.address:
        return contact
    line = (contact.address.lower(), *successors(contact, incident, organisation))
    reached = next((one for one in line if is_free(one, incident, organisation, on)), contact.address)
    return Contact(reached, contact.role)


def is_free(address: str, incident: Incident, organisation: Organisation, on: date) -> bool:
    """Whether somebody can be asked on that day: not away, not unreachable by mail, not implicated."""
    return not (
        organisation.is_away(address, on)
        or address.lower() in incident.unreachable
        or is_kept_away(address, incident, organisation)
    )


def successors(contact: Contact, incident: Incident, organisation: Organisation) -> Iterator[str]:
    """Everybody who might be asked in somebody's place, in order. A circle of deputies ends where it began."""
    yield from deputies(contact.address, organisation)
    siro = organisation.roles.get(Role.SIRO)
    dpo = organisation.roles.get(Role.DPO)
    if incident.restricted:
        others = [] if contact.role in OPEN_IN_RESTRICTED else [confidant(incident, organisation).address, siro]
    else:
        manager = None if contact.role is Role.DPO else organisation.line_manager_of(contact.address)
        others = [
            manager,
            dpo,
            *(deputies(dpo, organisation) if dpo else ()),
            siro,
            organisation.desk(Queue.IG).address,
        ]
    yield from (one.lower() for one in others if one)


def deputies(address: str, organisation: Organisation) -> Iterator[str]:
    """The deputy, the deputy's deputy and so on, each once."""
    seen = {address.lower()}
    deputy = organisation.deputy_of(address)
    while deputy and deputy.lower() not in seen:
        seen.add(deputy.lower())
        yield deputy.lower()
        deputy = organisation.deputy_of(deputy)
