"""When an incident ends early by somebody's word, whoever knows of it learns that they may stop (DESIGN §5, Exits).

That is whoever was told, whoever was asked for something that was still open, and the Reporter; each gets one mail.
"""

from collections.abc import Iterator
from datetime import datetime

from mailbot.incident import Incident
from mailbot.procedure.calendar import day_of
from mailbot.procedure.decision import Notice
from mailbot.procedure.people import OPEN_IN_RESTRICTED, Contact, holder_of, is_kept_away
from mailbot.procedure.rules import Rules
from mailbot.procedure.standing import standing_in
from mailbot.terms import Role

ENDED, ENDED_FOR_REPORTER = "ended_early", "ended_reporter"
WHY = "you were told of this incident, and somebody has ended it"
WHY_ASKED = "you were asked for something about this incident, and somebody has ended it"
WHY_REPORTER = "you reported this incident, and it has been looked into"


def ended_early(before: Incident, after: Incident, by: str, now: datetime, rules: Rules) -> tuple[Notice, ...]:
    """One notice to each person whom it concerns, except whoever ended it; none where nothing ended."""
    if after.exit is None or before.exit is not None:
        return ()
    notices: dict[str, Notice] = {}
    for notice in (*_to_told(after, now, rules), *_to_asked(before, after, rules), *_to_reporter(after)):
        notices.setdefault(notice.recipient, notice)
    return tuple(one for address, one in notices.items() if address != by.lower())


def _to_told(after: Incident, now: datetime, rules: Rules) -> Iterator[Notice]:
    """Whoever was told and whose incident it still is; what told them may not have left yet, or was taken back."""
    for told in after.told:
        if told.role not in OPEN_IN_RESTRICTED and holder_of(told.role, after, rules.organisation) == told.person:
            contact = standing_in(Contact(told.person, told.role), after, rules.organisation, day_of(now))
            yield _notice(ENDED, contact, WHY, after).but(wanted="told_before")


def _to_asked(before: Incident, after: Incident, rules: Rules) -> Iterator[Notice]:
    """Whoever got a mail about something that was open until now: the Incident Lead, an owner, whom it was escalated to.

    In a restricted incident nobody but those who handle it, who were told, hears anything more.
    """
    if after.restricted:
        return
    for duty in before.open_duties:
        for sent in duty.sent:
            contact = Contact(sent.recipient, sent.role or duty.holder)
            is_shut_out = is_kept_away(contact.address, after, rules.organisation)
            if contact.role not in OPEN_IN_RESTRICTED and not is_shut_out:
                yield _notice(ENDED, contact, WHY_ASKED, after)


def _to_reporter(after: Incident) -> Iterator[Notice]:
    """A Reporter inside the council; what somebody outside is told of the outcome is for people to say (34)."""
    reporter = after.reporter
    if reporter.may_be_written_to and not reporter.outside:
        contact = Contact(reporter.address.lower(), Role.REPORTER)
        yield _notice(ENDED_FOR_REPORTER, contact, WHY_REPORTER, after)


def _notice(template: str, contact: Contact, why: str, after: Incident) -> Notice:
    ended = {"ended": after.exit.kind.value} if after.exit else {}
    parent = {"parent": after.exit.parent} if after.exit and after.exit.parent else {}
    return Notice(template=template, recipient=contact.address, role=contact.role, why=why, mentions=ended | parent)
