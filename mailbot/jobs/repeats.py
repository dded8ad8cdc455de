"""Flags the earlier incidents that a new or changed one repeats (para 54): the store finds, ``procedure.repeats`` chooses.

It is asked each time an incident is written, so that a team, a type or a person that becomes known later is seen, and so
that no mail names an incident that was restricted meanwhile.
"""

from datetime import datetime

from mailbot.incident import Incident
from mailbot.procedure.decision import Decision
from mailbot.procedure.repeats import (
    MOST_COUNTED,
    flagged,
    kept_traits,
    looked_at_since,
    sought_traits,
    with_repeats,
)
from mailbot.procedure.rules import Rules
from mailbot.store import Unit


def flag_repeats(unit: Unit, decision: Decision, now: datetime, rules: Rules) -> Decision:
    """The decision with what went before its incident, and its history with whatever that changes."""
    incident = decision.incident
    traits, since = sought_traits(incident, rules), looked_at_since(incident, rules)
    found = unit.traits.find([one.key for one in traits], since, incident.received_at, MOST_COUNTED)
    after = with_repeats(incident, traits, found, since)
    return decision.but(incident=after, audit=(*decision.audit, *flagged(incident, after, now)))


def keep_traits(unit: Unit, incident: Incident, rules: Rules) -> None:
    """Keeps by what later incidents find this one."""
    unit.traits.keep(incident.reference, incident.received_at, [one.key for one in kept_traits(incident, rules)])
