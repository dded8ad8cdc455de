"""Decisions on recommendations that were decided before: the same again, another one, or a correction (paras 58, 59)."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from mailbot.incident import AuditEntry, Incident
from mailbot.investigation import Investigation, Ruling
from mailbot.procedure.answer_rows import AnswerRule, Reads
from mailbot.procedure.contradicted import mentions_of, shown
from mailbot.procedure.decision import Answered, Decision
from mailbot.procedure.rules import Rules
from mailbot.procedure.ruling_result import NumberRuling, RulingProblem, Rulings
from mailbot.procedure.sent_back import may_write_to, reply
from mailbot.procedure.settled import Settled

Read = Callable[[set[int], set[int]], Rulings]
"""Reads a reply about some numbers, others being decided or open beside them."""

THE_REPORT = 1
"""A report without recommendations is signed as if it were one."""


class Words(NamedTuple):
    """How a decision is recorded, and the verb that gives it."""

    recorded: str
    verb: str


DECIDED: Mapping[Reads, tuple[Words, Words]] = {
    Reads.RULINGS: (Words("rejected", "reject"), Words("accepted", "accept")),
    Reads.DECISIONS: (Words("dropped", "drop"), Words("to be carried out", "carry out")),
}
"""The words of a decision against something, and of one for it."""


def decided_in(report: Investigation, reads: Reads) -> dict[int, Ruling]:
    """What was decided before, by number."""
    if reads is Reads.RULINGS and not report.recommendations:
        return {THE_REPORT: report.signed} if report.signed else {}
    found = {one.number: one.signed if reads is Reads.RULINGS else one.reviewed for one in report.recommendations}
    return {number: ruling for number, ruling in found.items() if ruling is not None and reads in DECIDED}


def said_again(found: Rulings, open_numbers: set[int], decided: Mapping[int, Ruling], read: Read) -> Rulings:
    """What a reply says of the numbers decided before: those it names, or all of them where nothing else is open."""
    named = {one for doubt in found.doubts if doubt.problem is RulingProblem.ALREADY_DECIDED for one in doubt.numbers}
    meant = named & decided.keys() if open_numbers else set(decided)
    again = read(meant, open_numbers | (decided.keys() - meant)) if meant else Rulings()
    return again.but(ruled=tuple(one for one in again.ruled if one.number in meant))


def differing(said: Collection[NumberRuling], decided: Mapping[int, Ruling]) -> tuple[NumberRuling, ...]:
    """Those that were decided otherwise."""
    return tuple(one for one in said if one.accepted is not decided[one.number].accepted)


def against_rulings(  # noqa: PLR0917  what against what, by whom
    incident: Incident,
    event: Answered,
    rule: AnswerRule,
    said: tuple[NumberRuling, ...],
    decided: Mapping[int, Ruling],
    person: str,
    now: datetime,
    rules: Rules,
) -> Decision:
    """Nothing of them changes; whoever signs is shown both decisions, and so is whoever gave the later one."""
    first = said[0]
    alike = [one.number for one in said if one.accepted is first.accepted]
    before = decided[first.number]
    words, stands = _words(rule, accepted=first.accepted), _words(rule, accepted=before.accepted)
    settled = Settled(stands.recorded, before.by, before.at)
    both = mentions_of(settled, rule.key, words.recorded, person, event.received_at or now, rules)
    both |= {"numbers": ", ".join(map(str, alike)), "verb": words.verb}
    details = {
        "duty": event.duty_kind,
        "value": event.value,
        "from": event.by,
        "numbers": ", ".join(str(one.number) for one in said),
        "on record": stands.recorded,
        "recorded by": before.by,
        "recorded at": before.at.isoformat(),
    }
    entry = AuditEntry(at=now, action="contradicted", by=person, details=details)
    notices = shown(incident, event, rule, both, now, rules)
    return Decision(incident=incident, notices=notices, audit=(entry,))


def _words(rule: AnswerRule, *, accepted: bool) -> Words:
    return DECIDED[rule.reads or Reads.RULINGS][accepted]


def the_same_again(  # noqa: PLR0917  whose, of what
    incident: Incident, event: Answered, rule: AnswerRule, person: str, now: datetime, rules: Rules
) -> Decision:
    """It stands in the history, and its writer is told that it was on record."""
    details = {"duty": event.duty_kind, "value": event.value, "from": event.by}
    entry = AuditEntry(at=now, action="answered again", by=person, details=details)
    if not may_write_to(event.by, incident):
        return Decision(incident=incident, audit=(entry,))
    mentions = {"key": rule.key.capitalize(), "recorded": rule.how, "same": "1"}
    receipt = reply(
        "receipt", "you answered a request about this incident", incident, event, mentions=mentions, rules=rules
    )
    return Decision(incident=incident, notices=(receipt,), audit=(entry,))
