"""Notices about a mail that changes nothing: a person is shown who wrote, why it changed nothing, and where it lies. Pure."""

from collections.abc import Iterator

from mailbot.incident import Incident, Original, Role
from mailbot.notify.words import moment
from mailbot.outcome import CameAgain
from mailbot.procedure.decision import Notice
from mailbot.procedure.people import contact_for
from mailbot.procedure.rules import Rules


def somebody_wrote(original: Original, incident: Incident, problem: str, rules: Rules) -> Notice:
    """To the IG Team when somebody unproven answers, to the acting desk otherwise. ``problem``: what is not proven."""
    role, template = (Role.IG_TEAM, "answer_held") if problem else (Role.QUEUE_TEAM, "follow_up_notice")
    contact = contact_for(role, incident, rules)
    why = f"somebody answered about this incident, but {problem}" if problem else "somebody wrote about this incident"
    mentions = _where(original) | ({"because": problem} if problem else {})
    return Notice(template=template, recipient=contact.address, role=contact.role, why=why, mentions=mentions)


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


def _where(original: Original) -> dict[str, str]:
    where = {"sender": original.sender, "mailbox": original.mailbox, "folder": original.folder}
    problems = "\n".join(original.problems)
    return where | {"at": moment(original.received_at)} | ({"problems": problems} if problems else {})
