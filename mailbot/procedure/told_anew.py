"""Whoever was told of an incident learns when its severity is another than they know of: once, and only if it is still theirs.

What somebody knows of stands in the incident (``Told.rating``), so that settling again says nothing twice.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from mailbot.incident import Incident, Rating, Told
from mailbot.procedure.calendar import day_of
from mailbot.procedure.decision import Notice
from mailbot.procedure.people import Contact, holder_of
from mailbot.procedure.rows import UpdateRule
from mailbot.procedure.rules import Rules
from mailbot.procedure.standing import standing_in


class Telling(NamedTuple):
    """A notice with the kinds of duty whose first request it makes."""

    notice: Notice
    carries: tuple[str, ...]


def told_anew(
    incident: Incident, now: datetime, rules: Rules, said: Mapping[str, str]
) -> tuple[list[Telling], list[Told]]:
    """One notice to each person who knows of another severity, and everybody who now knows of this one.

    ``said``: address → template of a mail that tells them anyway.
    """
    rule = rules.procedure.severity_changed
    if rule is None:
        return [], []
    tellings: dict[str, Telling] = {}
    told: list[Told] = []
    for last in _who_knows_otherwise(incident, rule, rules):
        contact = standing_in(Contact(last.person, last.role), incident, rules.organisation, day_of(now))
        if contact.address not in said:
            tellings.setdefault(contact.address, _telling(rule, contact, known_rating(last, incident)))
        template = said.get(contact.address, rule.template)
        told.append(last.but(template=template, recipient=contact.address, at=now, rating=len(incident.ratings)))
    return list(tellings.values()), told


def _who_knows_otherwise(incident: Incident, rule: UpdateRule, rules: Rules) -> Iterator[Told]:
    """What each person was told last, of those whose incident it still is and who know of another severity."""
    newest = {one.person: one for one in sorted(incident.told, key=lambda one: (one.rating, one.at))}
    for person, last in newest.items():
        roles = [one.role for one in incident.told if one.person == person and one.role not in rule.left_out]
        own = next((role for role in roles if holder_of(role, incident, rules.organisation) == person), None)
        if own is not None and known_rating(last, incident).severity is not incident.severity:
            yield last.but(role=own)


def known_rating(told: Told, incident: Incident) -> Rating:
    """The newest rating that somebody knows of who was told then."""
    by_time = sum(one.at <= told.at for one in incident.ratings)
    return incident.ratings[max((told.rating or by_time) - 1, 0)]


def _telling(rule: UpdateRule, contact: Contact, before: Rating) -> Telling:
    mentions = {"before": before.severity.words} | ({"was_provisional": "1"} if before.provisional else {})
    notice = Notice(
        template=rule.template,
        recipient=contact.address,
        role=contact.role,
        why=rule.why,
        wanted=rule.wanted,
        mentions=mentions,
    )
    return Telling(notice, rule.carries)
