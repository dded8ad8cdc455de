"""Follows the duties: whatever is due by now is due, however long nobody looked."""

import logging

from mailbot.app import App
from mailbot.errors import ConflictError
from mailbot.jobs.record import record_decision
from mailbot.procedure.decision import TimePassed
from mailbot.procedure.machine import advance

log = logging.getLogger(__name__)

BATCH = 50


def follow_duties(app: App) -> int:
    """Sends every step that is due into the outbox; returns how many incidents moved.

    What is due is asked of the store, one incident and one commit at a time, until nothing is left. An incident
    that another bot changes meanwhile is left to the next round: its step is still due then.
    """
    moved = 0
    tried: set[str] = set()
    while True:
        with app.store.reading() as unit:
            due = [one for one in unit.incidents.due(app.clock.now(), BATCH + len(tried)) if one not in tried]
        if not due:
            return moved
        for incident_id in due:
            tried.add(incident_id)
            moved += _follow(app, incident_id)


def _follow(app: App, incident_id: str) -> bool:
    try:
        with app.store.unit() as unit:
            incident = unit.incidents.get(incident_id)
            if incident is None:
                return False
            record_decision(app, unit, advance(incident, TimePassed(), app.clock.now(), app.rules))
    except ConflictError:
        log.info("incident %s was changed by another bot; it is followed next time", incident_id)
        return False
    except Exception:
        log.exception("incident %s could not be followed; it is tried again next time", incident_id)
        return False
    return True
