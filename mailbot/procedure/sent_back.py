"""What goes back to whoever answered: a receipt, a question asked again, or nothing where somebody else must look first."""

from datetime import datetime
from enum import StrEnum

from mailbot.incident import AuditEntry, Duty, Incident
from mailbot.procedure.answerers import may_answer
from mailbot.procedure.decision import Answered, Decision, Notice
from mailbot.procedure.grammar import Problem
from mailbot.procedure.people import contact_for
from mailbot.procedure.rules import Rules
from mailbot.terms import Role

NOT_ASKED = "this person was not asked"


def unclear(
    incident: Incident, event: Answered, problem: StrEnum, now: datetime, rules: Rules, *, about: str = ""
) -> Decision:
    """Asks again, and says what is wrong, ``about`` which question of a form; nothing else is recorded.

    Who is on call is not written to: behind that address is a telephone, and the next call asks again.
    """
    details = {"key": event.key, "value": event.value, "problem": problem.value}
    entry = AuditEntry(at=now, action="answer unclear", by=event.by, details=details)
    if not may_write_to(event.by, incident) or rules.organisation.is_on_call(event.by):
        return Decision(incident=incident, audit=(entry,))
    why = "your answer about this incident was not clear to the bot"
    choices = {"choices": about} if about else _choices(event, problem, rules)
    mentions = {"problem": problem.value} | choices
    notice = reply("answer_unclear", why, incident, event, mentions=mentions, rules=rules)
    return Decision(incident=incident, notices=(notice,), audit=(entry,))


def _choices(event: Answered, problem: StrEnum, rules: Rules) -> dict[str, str]:
    """The council's list, where an answer was none of it."""
    classified = next((row.counts_as for row in rules.procedure.answers_to(event.key) if row.counts_as), None)
    if classified is None or problem not in {Problem.NOT_LISTED, Problem.NOTHING_PROPOSED}:
        return {}
    return {"choices": "\n".join(rules.classification.values(classified))}


def may_write_to(address: str, incident: Incident) -> bool:
    """An outside reporter is written to only where the gateway vouched for the address (DESIGN §8)."""
    reporter = incident.reporter
    return address.lower() != reporter.address.lower() or reporter.may_be_written_to


def reply(
    template: str, why: str, incident: Incident, event: Answered, *, mentions: dict[str, str], rules: Rules
) -> Notice:
    duty = incident.duty(event.duty_kind)
    return Notice(
        template=template,
        recipient=event.by.lower(),
        role=_role_of(event, incident, duty, rules),
        why=why,
        duty_id=duty.id if duty else None,
        duty_kind=event.duty_kind or None,
        mentions=mentions,
    )


def _role_of(event: Answered, incident: Incident, duty: Duty | None, rules: Rules) -> Role:
    """In which capacity somebody answered. The DPO and a desk may have reported the incident themselves."""
    by = event.by.lower()
    if duty is None and by == contact_for(Role.DPO, incident, rules).address.lower():
        return Role.DPO
    rows = rules.procedure.answers_to(event.key)
    if by == incident.reporter.address.lower() and not may_answer(by, event, rows, incident, rules):
        return Role.REPORTER
    return duty.holder if duty else Role.QUEUE_TEAM


def held(incident: Incident, event: Answered, now: datetime, rules: Rules) -> Decision:
    """Somebody answered who was not asked: nothing changes, and the IG Team sees it (DESIGN §8)."""
    contact = contact_for(Role.IG_TEAM, incident, rules)
    notice = Notice(
        template="answer_held",
        recipient=contact.address,
        role=contact.role,
        why="somebody answered for this incident who was not asked",
        duty_kind=event.duty_kind or None,
        mentions={"sender": event.by, "because": NOT_ASKED},
    )
    details = {"duty": event.duty_kind, "key": event.key, "value": event.value}
    entry = AuditEntry(at=now, action="answer held", by=event.by, details=details)
    return Decision(incident=incident, notices=(notice,), audit=(entry,))
