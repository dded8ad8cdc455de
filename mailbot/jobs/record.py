"""Writes a decision: incident, history and outbox in the transaction that the caller opened."""

from mailbot.app import App
from mailbot.incident import Incident
from mailbot.jobs.flood import hold_back, is_in_flood
from mailbot.jobs.repeats import flag_repeats, keep_traits
from mailbot.notify.compose import compose
from mailbot.procedure.decision import Decision
from mailbot.store import Unit


def record_decision(app: App, unit: Unit, decision: Decision, *, is_new: bool = False) -> Incident:
    """Stores what was decided and queues what it tells people; returns the incident as stored.

    Raises ``ConflictError`` when the incident changed since it was read: nothing is written then.
    """
    decision = flag_repeats(unit, decision, app.clock.now(), app.rules)
    incident = decision.incident
    stored = unit.incidents.add(incident) if is_new else unit.incidents.save(incident)
    keep_traits(unit, stored, app.rules)
    unit.audit.append(incident.id, decision.audit)
    threads = {} if is_new else unit.outbox.threads(incident.id, [one.recipient for one in decision.notices])
    emails = compose(decision.notices, stored, app.notify, app.clock.now(), app.ids.new, threads)
    for email in emails:
        unit.outbox.add(email)
    if is_new and is_in_flood(app, unit):
        hold_back(app, unit, stored, emails)
    return stored
