"""A notice was taken back before it left: its reader has not heard of the incident by it, and counts as told no more."""

from datetime import datetime

from mailbot.incident import AuditEntry, Incident, Told
from mailbot.procedure.decision import Decision
from mailbot.terms import MAILBOT


def untold(incident: Incident, template: str, recipient: str, because: str, now: datetime) -> Decision:
    """The incident without the newest record that this reader was told by that template; as it is where there is none.

    ``because``: why the notice was taken back, for the history. Whoever must know of it later is told then (66–68).
    """
    taken_back = _newest(incident, template, recipient)
    if taken_back is None:
        return Decision(incident=incident)
    told = tuple(one for one in incident.told if one is not taken_back)
    details = {
        "template": template,
        "role": taken_back.role.value,
        "person": taken_back.person,
        "recipient": taken_back.recipient,
        "because": because,
    }
    entry = AuditEntry(at=now, action="not told after all", by=MAILBOT, details=details)
    return Decision(incident=incident.but(told=told), audit=(entry,))


def _newest(incident: Incident, template: str, recipient: str) -> Told | None:
    mine = (one for one in incident.told if one.template == template and one.recipient.lower() == recipient.lower())
    return max(mine, key=lambda one: one.at, default=None)
