"""When an incident ends early by somebody's word, whoever was told of it is told that they may stop (DESIGN §5, Exits)."""

from datetime import datetime

from mailbot.incident import Incident
from mailbot.procedure.calendar import day_of
from mailbot.procedure.decision import Notice
from mailbot.procedure.people import OPEN_IN_RESTRICTED, Contact, holder_of
from mailbot.procedure.rules import Rules
from mailbot.procedure.standing import standing_in

ENDED = "ended_early"
WHY = "you were told of this incident, and somebody has ended it"


def ended_early(before: Incident, after: Incident, by: str, now: datetime, rules: Rules) -> tuple[Notice, ...]:
    """One notice to each person who was told and whose incident it is, except whoever ended it; none where nothing ended."""
    if after.exit is None or before.exit is not None:
        return ()
    notices: dict[str, Notice] = {}
    for told in after.told:
        if told.role in OPEN_IN_RESTRICTED or holder_of(told.role, after, rules.organisation) != told.person:
            continue
        contact = standing_in(Contact(told.person, told.role), after, rules.organisation, day_of(now))
        notice = Notice(
            template=ENDED,
            recipient=contact.address,
            role=told.role,
            why=WHY,
            mentions={"ended": after.exit.kind.value} | ({"parent": after.exit.parent} if after.exit.parent else {}),
        )
        notices.setdefault(contact.address, notice)
    return tuple(one for address, one in notices.items() if address != by.lower())
