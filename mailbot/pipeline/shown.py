"""Notices that show a person a mail that came about an incident: who wrote, what it changed, where it lies. Pure."""

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from mailbot.incident import Incident, Original
from mailbot.notify.words import moment
from mailbot.parse.reading import Reading
from mailbot.pipeline.outcome import CameAgain
from mailbot.procedure.decision import Notice, Priority
from mailbot.procedure.people import contact_for
from mailbot.procedure.rules import Rules
from mailbot.terms import Role


class News(NamedTuple):
    """What came with facts that arrived later: what they raised, and whether they may tell of another incident."""

    raised: tuple[str, ...] = ()
    another: bool = False


def facts_came(original: Original, incident: Incident, news: News, rules: Rules) -> Iterator[Notice]:
    """To the acting desk whenever somebody supplies facts; urgent where something is graver, or may be another incident.

    What the desk's own mailbox wrote it knows: it gets the receipt.
    """
    contact = contact_for(Role.QUEUE_TEAM, incident, rules)
    if contact.address == original.sender and not (news.raised or news.another):
        return
    mentions = _where(original) | {"facts": "yes"} | _another(is_asked=news.another)
    yield Notice(
        template="follow_up_notice",
        recipient=contact.address,
        role=contact.role,
        why="answers came in about an incident that your desk handles",
        priority=Priority.URGENT if news.raised or news.another else Priority.NOTICE,
        mentions=mentions | ({"raised": "\n".join(f"- {one}" for one in news.raised)} if news.raised else {}),
    )


def _another(*, is_asked: bool) -> dict[str, str]:
    return {"another": "yes"} if is_asked else {}


def somebody_wrote(
    original: Original, incident: Incident, problem: str, rules: Rules, *, another: bool = False
) -> Notice:
    """To the IG Team when somebody unproven answers, to the acting desk otherwise. ``problem``: what is not proven.

    ``another``: it may tell of another incident, which the desk is asked at once.
    """
    role, template = (Role.IG_TEAM, "answer_held") if problem else (Role.QUEUE_TEAM, "follow_up_notice")
    contact = contact_for(role, incident, rules)
    why = f"somebody answered about this incident, but {problem}" if problem else "somebody wrote about this incident"
    mentions = _where(original) | ({"because": problem} if problem else {}) | _another(is_asked=another)
    notice = Notice(template=template, recipient=contact.address, role=contact.role, why=why, mentions=mentions)
    return notice.but(priority=Priority.URGENT) if another else notice


def it_came_again(original: Original, again: CameAgain, rules: Rules) -> Iterator[Notice]:
    """To the acting desk, and to the Reporter where it was their own doing, who would otherwise wait for a word."""
    incident, reporter = again.incident, again.incident.reporter
    desk = contact_for(Role.QUEUE_TEAM, incident, rules)
    why = "a report came that your desk has already"
    mentions = _where(original) | {"because": again.because}
    yield Notice(template="came_again", recipient=desk.address, role=desk.role, why=why, mentions=mentions)
    if original.sender == reporter.address.lower() and reporter.may_be_written_to and not reporter.outside:
        why = "you sent us your report once more"
        yield Notice(template="already_reported", recipient=reporter.address, role=Role.REPORTER, why=why)


def thanks_for_passing_on(
    reading: Reading, incident: Incident, rules: Rules, told: Collection[str]
) -> Iterator[Notice]:
    """To whoever passed somebody's report on, so that they need not wonder; a desk or somebody told anyway needs no more."""
    sender = reading.email.sender.address.lower()
    is_passed_on = reading.email.forwarded is not None and sender != incident.reporter.address.lower()
    known = {*told, *(desk.address.lower() for desk in rules.organisation.desks)}
    if not is_passed_on or reading.email.automatic or sender in known:
        return
    if reading.email.authenticated and rules.organisation.is_inside(sender):
        why = "you passed on a report of an incident"
        yield Notice(template="passed_on", recipient=sender, role=Role.REPORTER, why=why)


def _where(original: Original) -> dict[str, str]:
    where = {"sender": original.sender, "mailbox": original.mailbox, "folder": original.folder}
    problems = "\n".join(original.problems)
    return where | {"at": moment(original.received_at)} | ({"problems": problems} if problems else {})


def one_each(notices: Iterable[Notice], machine: str) -> list[Notice]:
    """One receipt rather than three for a reply that answered three questions; none for ``machine``, an address."""
    seen: dict[tuple[str, str, str | None], Notice] = {}
    for notice in notices:
        if not (machine and notice.recipient == machine):
            seen.setdefault((notice.template, notice.recipient, notice.duty_kind), notice)
    return list(seen.values())
