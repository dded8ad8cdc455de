"""Who may give which answer (DESIGN §8): only those asked, whoever stands in for them, and the DPO or nominee."""

from mailbot.incident import Duty, Incident, SentStep
from mailbot.organisation import Desk, Organisation
from mailbot.procedure.answer_rows import AnswerRule
from mailbot.procedure.decision import Answered
from mailbot.procedure.duties import holder_by
from mailbot.procedure.people import OPEN_IN_RESTRICTED, confidant, contact_for, is_kept_away
from mailbot.procedure.rules import Rules
from mailbot.procedure.standing import deputies
from mailbot.terms import Role


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


def may_answer(  # noqa: PLR0917  who, what, of what
    person: str,
    event: Answered,
    rows: tuple[AnswerRule, ...],
    incident: Incident,
    rules: Rules,
    about: str | None = None,
) -> bool:
    """Whether that person may give that answer: holding the duty, asked in the holder's place, or standing in for those.

    Who was only told that somebody else has not answered (the SIRO, a manager, the on-call rota) decides nothing. Nor
    does anybody whom the report names as involved, whoever asked them. ``about``: of which recommendation, where there is a
    duty for each; any of them otherwise.
    """
    if about is None and len(abouts := _abouts(event.duty_kind, incident)) > 1:
        return any(may_answer(person, event, rows, incident, rules, one) for one in abouts)
    duty = incident.duty(event.duty_kind, about)
    if _is_kept_out({person, event.by.lower()}, duty, incident, rules.organisation):
        return False
    asked = (
        {sent.recipient for sent in duty.sent if _counts(sent, duty, incident, rules.organisation)} if duty else set()
    )
    if duty and duty.person and _is_let_in(duty.person, duty, incident, rules.organisation):
        asked.add(duty.person)
    roles = {role for row in rows for role in row.by} | {Role.DPO} | _holding(event.duty_kind, duty, incident, rules)
    addresses = asked | {contact_for(role, incident, rules).address for role in roles}
    if event.by.lower() in {one.lower() for one in addresses}:
        return True
    return person in _with_stand_ins(addresses, rules.organisation)


def _holding(kind: str, duty: Duty | None, incident: Incident, rules: Rules) -> set[Role]:
    """Who holds the duty, or will: whoever answers before they were asked is heard, and told what is open still."""
    if duty is not None:
        return {duty.holder}
    rule = rules.procedure.find(kind)
    return {holder_by(rule, incident)} if rule else set()


def _abouts(kind: str, incident: Incident) -> frozenset[str]:
    return frozenset(duty.about for duty in incident.duties if duty.kind == kind)


def _is_kept_out(people: set[str], duty: Duty | None, incident: Incident, organisation: Organisation) -> bool:
    """Whether one of them is implicated; a Reporter who names themselves may still answer what only they are asked."""
    if duty and duty.holder is Role.REPORTER and incident.reporter.address.lower() in people:
        return False
    return any(is_kept_away(one, incident, organisation) for one in people)


def _counts(sent: SentStep, duty: Duty, incident: Incident, organisation: Organisation) -> bool:
    """Whether that step asked its reader in the holder's place; once restricted, whoever was asked before is out."""
    return sent.role is duty.holder and _is_let_in(sent.recipient, duty, incident, organisation)


def _is_let_in(address: str, duty: Duty, incident: Incident, organisation: Organisation) -> bool:
    """Whether somebody may know of the incident as it now is: who held a duty before it was restricted may not."""
    if not incident.restricted or duty.holder in OPEN_IN_RESTRICTED:
        return True
    handles = confidant(incident, organisation).address
    return address in {handles, *deputies(handles, organisation), organisation.roles.get(Role.SIRO)}


def _with_stand_ins(addresses: set[str], organisation: Organisation) -> set[str]:
    members = {member for desk in organisation.desks if desk.address in addresses for member in desk.members}
    everyone = {one.lower() for one in addresses | members}
    return everyone | {deputy.lower() for one in everyone if (deputy := organisation.deputy_of(one))}
