"""Who may give which answer (DESIGN §8): only those asked, whoever stands in for them, and the DPO or nominee."""

from mailbot.incident import Incident, Role
from mailbot.organisation import Desk, Organisation
from mailbot.procedure.decision import Answered
from mailbot.procedure.people import contact_for
from mailbot.procedure.rows import AnswerRule
from mailbot.procedure.rules import Rules


def who_answers(event: Answered, organisation: Organisation) -> str | None:
    """The person behind an answer, as an address. None: it came from a shared mailbox and no listed member signed it.

    A desk that lists no members is taken at its word: whatever name is signed answers for it.
    """
    by = event.by.lower()
    desk = next((one for one in organisation.desks if one.address.lower() == by), None)
    if desk is None:
        return by
    if not desk.members:
        return event.signed.strip() or None
    return _member_signed(event.signed, desk, organisation)


def _member_signed(signed: str, desk: Desk, organisation: Organisation) -> str | None:
    wanted = " ".join(signed.lower().split())
    named = [one for one in desk.members if wanted and wanted in {one.lower(), organisation.person(one).name.lower()}]
    return named[0] if len(named) == 1 else None


def may_answer(person: str, event: Answered, rows: tuple[AnswerRule, ...], incident: Incident, rules: Rules) -> bool:
    """Whether that person may give that answer: asked by a mail of this duty, holding it, or standing in for those.

    A restricted incident is answered by those who were written to about it and by nobody else.
    """
    duty = incident.duty(event.duty_kind)
    asked = {sent.recipient for sent in duty.sent} if duty else set()
    if duty and duty.person:
        asked.add(duty.person)
    roles = {role for row in rows for role in row.by} | {Role.DPO} | ({duty.holder} if duty else set())
    addresses = asked | {contact_for(role, incident, rules).address for role in roles}
    if event.by.lower() in {one.lower() for one in addresses}:
        return True
    return person in _with_stand_ins(addresses, rules.organisation)


def _with_stand_ins(addresses: set[str], organisation: Organisation) -> set[str]:
    members = {member for desk in organisation.desks if desk.address in addresses for member in desk.members}
    everyone = {one.lower() for one in addresses | members}
    deputies = {deputy.lower() for one in everyone if (deputy := organisation.deputy_of(one))}
    return everyone | deputies
