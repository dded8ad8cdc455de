"""Who is told of an incident (paras 34, 40, 66–69): the ordered rows of config/procedure.toml, each person once."""

from datetime import datetime
from typing import NamedTuple

from mailbot.incident import AuditEntry, Incident, Told
from mailbot.procedure.calendar import day_of
from mailbot.procedure.clocks import real_time
from mailbot.procedure.conditions import all_hold
from mailbot.procedure.decision import Notice, Priority
from mailbot.procedure.people import Contact, holder_of
from mailbot.procedure.rows import ToldRule
from mailbot.procedure.rules import Rules
from mailbot.procedure.standing import standing_in
from mailbot.procedure.told_anew import Telling, told_anew
from mailbot.terms import MAILBOT


class ToBeTold(NamedTuple):
    """A row that applies, the person it names, and from when on they may be told."""

    rule: ToldRule
    person: str
    at: datetime


def tell(
    incident: Incident, now: datetime, rules: Rules, informed: dict[str, str]
) -> tuple[Incident, list[Telling], list[AuditEntry]]:
    """Tells everybody who is to know by ``now`` and does not yet: one notice each, by the first row that names them.

    Whoever knows of another severity is told what it is now. ``informed``: address → template of a mail that says so
    already, and that somebody gets anyway.
    """
    if incident.closed_at is not None:
        return incident.but(tell_next_at=None), [], []
    waiting = to_be_told(incident, rules)
    told: list[Told] = []
    tellings: dict[str, Telling] = {}
    for rule, person, at in waiting:
        if at <= now:
            contact = standing_in(Contact(person, rule.role), incident, rules.organisation, day_of(now))
            tellings.setdefault(contact.address, _telling(rule, person, contact))
            told.append(
                Told(
                    template=rule.template,
                    role=rule.role,
                    person=person,
                    recipient=contact.address,
                    at=now,
                    rating=len(incident.ratings),
                )
            )
    later = min((one.at for one in waiting if one.at > now), default=None)
    incident = incident.but(told=(*incident.told, *told), tell_next_at=later)
    said = informed | {address: one.notice.template for address, one in tellings.items()}
    updates, updated = told_anew(incident, now, rules, said)
    history = [_told(one, now) for one in (*told, *updated)]
    return incident.but(told=(*incident.told, *updated)), [*tellings.values(), *updates], history


def to_be_told(incident: Incident, rules: Rules) -> list[ToBeTold]:
    """Everybody the rows name who was not told in that role, in the rows' order. Nobody unknown, nobody implicated."""
    known = {(one.role, one.person) for one in incident.told}
    found = []
    for rule in rules.procedure.told:
        if not all_hold(rule.conditions, incident):
            continue
        person = holder_of(rule.role, incident, rules.organisation)
        if person and (rule.role, person) not in known:
            known.add((rule.role, person))
            found.append(ToBeTold(rule, person, _from_when(rule, incident, rules)))
    return found


def _from_when(rule: ToldRule, incident: Incident, rules: Rules) -> datetime:
    rating = incident.ratings[-1]
    if rule.waits and rating.provisional and not rating.severity.at_least(rules.procedure.at_once_from):
        return rating.at + real_time(rule.waits)
    return incident.received_at


def _telling(rule: ToldRule, person: str, contact: Contact) -> Telling:
    stands_in = "" if contact.address == person else f", and you stand in for the {rule.role.words}"
    notice = Notice(
        template=rule.template,
        recipient=contact.address,
        role=rule.role,
        why=rule.why + stands_in,
        priority=Priority.URGENT if rule.urgent else Priority.NOTICE,
        wanted=rule.wanted,
    )
    return Telling(notice, rule.carries)


def _told(one: Told, now: datetime) -> AuditEntry:
    details = {"template": one.template, "role": one.role.value, "person": one.person, "recipient": one.recipient}
    return AuditEntry(at=now, action="told", by=MAILBOT, details=details)
