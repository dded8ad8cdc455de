"""Takes a mail back that is no longer wanted, and the record that its reader was told by it, in one unit."""

from datetime import datetime

from mailbot.app import App
from mailbot.incident import Incident
from mailbot.jobs.record import record_decision
from mailbot.procedure.untold import untold
from mailbot.store import OutboxRow, Unit


def withdraw(  # noqa: PLR0917  where, what, why
    app: App, unit: Unit, row: OutboxRow, incident: Incident | None, because: str, now: datetime
) -> None:
    """Withdraws a claimed mail. What was frozen may have left before a crash: its reader counts as told all the same.

    Raises ``ConflictError`` when the incident changed since it was read: nothing is written then.
    """
    unit.outbox.withdraw(row.email.id, because, now)
    if incident is None or row.frozen is not None:
        return
    decision = untold(incident, row.email.template, row.email.recipient, because, now)
    if decision.audit:
        record_decision(app, unit, decision)
