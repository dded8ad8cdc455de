"""Answers about numbered recommendations: signed or rejected, decided on after a rejection, carried out (paras 58, 59, 61).

``rulings`` reads the words; here they become what follows. What one reply leaves open stays open and is asked again.
"""

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple

from mailbot.incident import AuditEntry, Discharge, Incident
from mailbot.investigation import Investigation, Recommendation, Ruling
from mailbot.procedure.answer_rows import AnswerRule, Reads
from mailbot.procedure.answerers import may_answer
from mailbot.procedure.decision import Answered, Decision, Notice
from mailbot.procedure.duties import end_duty, is_met
from mailbot.procedure.grammar import Problem
from mailbot.procedure.ruled_again import (
    THE_REPORT,
    against_rulings,
    decided_in,
    differing,
    said_again,
    the_same_again,
)
from mailbot.procedure.rules import Rules
from mailbot.procedure.ruling_result import NumberRuling, Rulings
from mailbot.procedure.rulings import read_rulings
from mailbot.procedure.sent_back import may_write_to, reply, unclear

_NUMBERS = r"(?P<numbers>\d+(?P<more>\s*(?:,|&|\band\b)\s*\d+)*)(?!\d|[.,/:–-]\d|\s*[%/])(?P<rest>.*)"
_DEED = re.compile(rf"\W*{_NUMBERS}", re.DOTALL | re.IGNORECASE)
_DEED_LINE = re.compile(
    rf"^[^\w\n]*(?:\d{{1,2}}[.)]\s+)?[^\w\n]*done\b\W*{_NUMBERS}", re.DOTALL | re.IGNORECASE | re.MULTILINE
)
"""A deed by its number, and one on a line that begins with the key, below a greeting or beside a bullet's own number."""

_COUNTS = re.compile(
    r"\s*(?:st|nd|rd|th)\b|\s+(?:out )?of\b"
    r"|\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b|\s*[–-]\s*\d",
    re.IGNORECASE,
)
"""What makes a number that stands before it a day, or a count of something, and no recommendation."""

_OF_SEVERAL = re.compile(
    r"\s*$|\s*[^\w\s]|\s+(?:are|were|is|was|have|has|both|all|each|now|done|completed?|finished|carried|implemented"
    r"|in place|because|by|on|at|last|this|yesterday|today|please|thanks)\b",
    re.IGNORECASE,
)
"""How the words after several numbers begin, where the last of them counts nothing ("1, 2 leaflets were printed")."""
_TAKES_BACK = re.compile(
    r"\b(?:not|no|never|yet|except|but|part|partly|half|almost|nearly|will|if|once|until|waiting|still|nothing)\b|n't|\?",
    re.IGNORECASE,
)
"""Words after which "done" may not mean done: the whole is read then, and asked again in doubt."""


class _Reading(NamedTuple):
    """How one kind of answer reads: what it may still decide, and what a ruling changes in a recommendation."""

    is_open: Callable[[Recommendation], bool]
    changed: Callable[[Recommendation, Ruling], Recommendation]


_READINGS: dict[Reads, _Reading] = {
    # Who signs anew takes the DPO's word on the first decision along: that is asked for again (59).
    Reads.RULINGS: _Reading(lambda one: one.signed is None, lambda one, ruling: one.but(signed=ruling, reviewed=None)),
    Reads.DECISIONS: _Reading(lambda one: one.awaits_review, lambda one, ruling: one.but(reviewed=ruling)),
    Reads.DEEDS: _Reading(
        lambda one: one.is_to_be_done and one.done is None,
        lambda one, ruling: one.but(done=ruling) if ruling.accepted else one,
    ),
}


def ruled(
    incident: Incident, event: Answered, rule: AnswerRule, *, person: str, now: datetime, rules: Rules
) -> Decision:
    """Records what a reply says about the recommendations that its sender may decide on, and asks for the rest."""
    report = incident.investigation
    if report is None or rule.reads is None:
        return unclear(incident, event, Problem.NO_REPORT, now, rules)
    if event.corrects:
        return _corrected(incident, report, event, rule, person=person, now=now, rules=rules)
    reads, decided = rule.reads, decided_in(report, rule.reads)
    numbers = _open_to(person, report, incident, event, rule, rules)
    before = {one.number for one in report.recommendations} - numbers
    found = _read(event.value, numbers, before, reads, rules)
    again = said_again(found, numbers, decided, lambda some, others: _read(event.value, some, others, reads, rules))
    against = differing(again.ruled, decided)
    if not found.ruled and not again.ruled:
        return _unclear(incident, event, found, now, rules)
    if not found.ruled and not against:
        return the_same_again(incident, event, rule, person, now, rules)
    decision = _taken(incident, report, event, rule, found, person=person, now=now, rules=rules)
    if not against:
        return decision
    shown = against_rulings(incident, event, rule, against, decided, person, now, rules)
    return decision.but(notices=(*decision.notices, *shown.notices), audit=(*decision.audit, *shown.audit))


def _unclear(incident: Incident, event: Answered, found: Rulings, now: datetime, rules: Rules) -> Decision:
    problem = found.doubts[0].problem if found.doubts else Problem.NOT_UNDERSTOOD
    return unclear(incident, event, problem, now, rules)


def _corrected(
    incident: Incident,
    report: Investigation,
    event: Answered,
    rule: AnswerRule,
    *,
    person: str,
    now: datetime,
    rules: Rules,
) -> Decision:
    """What was decided is decided otherwise, outright; the frozen end of the duty stays as it is."""
    reads = rule.reads or Reads.RULINGS
    decided = decided_in(report, reads)
    before = {one.number for one in report.recommendations} - decided.keys()
    found = _read(event.value, set(decided), before, reads, rules)
    if not found.ruled:
        return _unclear(incident, event, found, now, rules)
    found = found.but(ruled=differing(found.ruled, decided), not_mentioned=())
    if not found.ruled:
        return the_same_again(incident, event, rule, person, now, rules)
    return _taken(incident, report, event, rule, found, person=person, now=now, rules=rules)


def _taken(
    incident: Incident,
    report: Investigation,
    event: Answered,
    rule: AnswerRule,
    found: Rulings,
    *,
    person: str,
    now: datetime,
    rules: Rules,
) -> Decision:
    """The incident with what was ruled, the duties that end with it, and a receipt; nothing where nothing was."""
    if not found.ruled:
        return Decision(incident=incident)
    reads = rule.reads or Reads.RULINGS
    changed = incident.but(investigation=_with_rulings(report, found.ruled, reads, person, now))
    history = [_recorded(event, person, found, now)]
    changed, ended = _discharged(changed, event, rule, found, person=person, now=now, rules=rules)
    return Decision(
        incident=changed,
        notices=_receipt(incident, event, found, rules),
        audit=(*history, *ended),
    )


def _read(value: str, numbers: set[int], before: set[int], reads: Reads, rules: Rules) -> Rulings:
    """What the words say. Who has carried something out also says what: that is kept, unless it takes the deed back."""
    words = rules.procedure.words_of(reads)
    deed = (_DEED_LINE.search(value) or _DEED.match(value)) if reads is Reads.DEEDS else None
    if deed and _names_deeds(deed):
        found = read_rulings(deed["numbers"] + " done", numbers, words, decided_before=before)
        told = tuple(one.but(reason=deed["rest"].strip(" \t\n,.;:–-")) for one in found.ruled)
        return found.but(ruled=told)
    return read_rulings(value, numbers, words, decided_before=before)


def _names_deeds(deed: re.Match[str]) -> bool:
    """Whether the numbers name recommendations, and what follows says what was done."""
    rest = deed["rest"]
    if _TAKES_BACK.search(rest) or _COUNTS.match(rest):
        return False
    return deed["more"] is None or _OF_SEVERAL.match(rest) is not None


def _open_to(  # noqa: PLR0917  whose, of what
    person: str, report: Investigation, incident: Incident, event: Answered, rule: AnswerRule, rules: Rules
) -> set[int]:
    """The numbers that this person may still decide on: of deeds only those that are theirs."""
    reads = rule.reads or Reads.RULINGS
    if reads is Reads.RULINGS and not report.recommendations:
        return {THE_REPORT} if report.signed is None else set()
    waiting = (one.number for one in report.recommendations if _READINGS[reads].is_open(one))
    if reads is not Reads.DEEDS:
        return set(waiting)
    return {number for number in waiting if may_answer(person, event, (rule,), incident, rules, about=str(number))}


def _with_rulings(
    report: Investigation, said: Iterable[NumberRuling], reads: Reads, person: str, now: datetime
) -> Investigation:
    for one in said:
        ruling = Ruling(accepted=one.accepted, by=person, at=now, reason=one.reason)
        found = report.recommendation(one.number)
        if found is not None:
            report = report.with_recommendation(_READINGS[reads].changed(found, ruling))
        elif reads is Reads.RULINGS:
            # Who will not sign a report that recommends nothing sends it back, with the reason.
            report = report.but(signed=ruling) if one.accepted else report.but(reviewed=ruling)
    return report


def _discharged(
    incident: Incident, event: Answered, rule: AnswerRule, found: Rulings, *, person: str, now: datetime, rules: Rules
) -> tuple[Incident, list[AuditEntry]]:
    """Ends the duties that are now done: the one for all, or those of the numbers carried out."""
    history: list[AuditEntry] = []
    done_at = min(event.received_at or now, now)
    for about in _settled(incident, rule, found):
        duty = incident.duty(event.duty_kind, about)
        if duty is not None and duty.is_open:
            how = Discharge(at=done_at, by=person, how=rule.how, reason=event.value, met=is_met(duty, done_at))
            incident, ended = end_duty(incident, duty, how, now, rules)
            history += ended
    return incident, history


def _settled(incident: Incident, rule: AnswerRule, found: Rulings) -> tuple[str, ...]:
    """What the ended duties are about: every number that is done, or the whole once nothing in it waits any more."""
    report = incident.investigation
    if rule.reads is Reads.DEEDS or report is None:
        return tuple(str(number) for number in found.accepted)
    waits = any(one.awaits_review for one in report.recommendations)
    return () if (waits if rule.reads is Reads.DECISIONS else report.is_ready_to_sign) else ("",)


def _recorded(event: Answered, person: str, found: Rulings, now: datetime) -> AuditEntry:
    details = {
        "duty": event.duty_kind,
        "value": event.value,
        "accepted": _numbers(found.accepted),
        "rejected": _numbers(found.rejected),
        "from": event.by,
    } | ({"corrects": "yes"} if event.corrects else {})
    return AuditEntry(at=now, action="ruled", by=person, details=details)


def _receipt(incident: Incident, event: Answered, found: Rulings, rules: Rules) -> tuple[Notice, ...]:
    """What was recorded and, where something was not, why and of which numbers: in one mail."""
    if not may_write_to(event.by, incident):
        return ()
    still = {number for doubt in found.doubts for number in doubt.numbers} | set(found.not_mentioned)
    mentions = {"accepted": _numbers(found.accepted), "rejected": _numbers(found.rejected), "open": _numbers(still)}
    mentions |= {"problem": found.doubts[0].problem.value} if found.doubts else {}
    why = "you answered a request about this incident"
    said = {name: value for name, value in mentions.items() if value}
    return (reply("ruled_receipt", why, incident, event, mentions=said, rules=rules),)


def _numbers(numbers: Iterable[int]) -> str:
    return ", ".join(str(one) for one in sorted(numbers))
