"""What a mail asks of its reader and what its reader may say: the words to answer with, from the configuration alone."""

from mailbot.incident import Duty, Incident
from mailbot.notify.rules import NotifyRules
from mailbot.notify.views import AskView
from mailbot.procedure.answer_rows import AnswerRule
from mailbot.procedure.conditions import all_hold, holds
from mailbot.procedure.decision import Notice
from mailbot.terms import Queue, Role


def asks_of(notice: Notice, incident: Incident, rules: NotifyRules) -> tuple[AskView, ...]:
    """The open duties this mail asks for; where it asks for none, those its reader has, so that a receipt says what is left."""
    if notice.asks:
        asked = tuple(duty for kind in notice.asks for duty in incident.open_duties if duty.kind == kind)
    else:
        asked = tuple(duty for duty in incident.open_duties if _is_readers(duty, notice.recipient, rules))
    own = own_duty(notice, incident)
    first = (own,) if own and own.is_open else ()
    return tuple(ask_of(duty, incident, rules) for duty in (*first, *(duty for duty in asked if duty != own)))


def may_say(notice: Notice, incident: Incident, asks: tuple[AskView, ...], rules: NotifyRules) -> tuple[str, ...]:
    """What the reader may answer about the whole incident as it now is, as far as the mail does not ask for it already."""
    asked = {line for ask in asks for line in ask.words}
    roles = _roles_of(notice, incident)
    return tuple(
        row.ask
        for row in rules.answers
        if not roles.isdisjoint(row.by) and row.ask not in asked and _is_to_be_said(row, incident)
    )


def _is_to_be_said(row: AnswerRule, incident: Incident) -> bool:
    return bool(row.ask) and all_hold(row.when, incident)


def _roles_of(notice: Notice, incident: Incident) -> frozenset[Role]:
    """In which roles somebody reads a mail: the acting desk is one of the two, and who handles a restricted incident is all."""
    if incident.restricted and notice.role in {Role.DPO, Role.SIRO}:
        return frozenset(Role) - {Role.REPORTER}
    acting = Role.IG_TEAM if incident.queue is Queue.IG else Role.IT_SERVICE_DESK
    desk = {acting, Role.QUEUE_TEAM}
    return frozenset({notice.role} | (desk if notice.role in desk else set()))


def own_duty(notice: Notice, incident: Incident) -> Duty | None:
    found = next((duty for duty in incident.duties if duty.id == notice.duty_id), None)
    return found or (incident.duty(notice.duty_kind) if notice.duty_kind else None)


def _is_readers(duty: Duty, reader: str, rules: NotifyRules) -> bool:
    desks = {Role.IG_TEAM: Queue.IG, Role.IT_SERVICE_DESK: Queue.IT}
    if duty.person is None and duty.holder in desks:
        return rules.desk(desks[duty.holder]).address == reader
    return duty.person == reader


def ask_of(duty: Duty, incident: Incident, rules: NotifyRules) -> AskView:
    words = rules.duty(duty.kind)
    about_the_whole = tuple(
        row.ask for row in rules.answers if row.key in words.asks_for and _is_to_be_said(row, incident)
    )
    further = (line for condition, lines in words.ask_when.items() if holds(condition, incident) for line in lines)
    return AskView(
        kind=duty.kind,
        title=words.title,
        para=words.para or duty.para,
        words=(*about_the_whole, *words.ask, *further),
        holder=duty.holder,
        person=listed_name(duty.person, rules),
        started_at=duty.started_at,
        due_at=duty.due_at,
        is_open=duty.is_open,
        discharged_at=duty.discharged.at if duty.discharged else None,
    )


def listed_name(address: str | None, rules: NotifyRules) -> str | None:
    return (rules.name_of(address) if address else "") or None
