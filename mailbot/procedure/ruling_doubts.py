"""Whether words that decide nothing stand in the way of what is decided beside them. Pure."""

import re
from typing import NamedTuple

from mailbot.procedure.ruling_clauses import Clause, Remark
from mailbot.procedure.ruling_numbers import mentioned_in, named_first
from mailbot.procedure.ruling_phrases import NEGATIVE, phrases_of, says
from mailbot.procedure.ruling_result import RulingProblem
from mailbot.procedure.ruling_words import RulingWords

_OPEN_REASON = re.compile(r"\[[^\]]*\]|[\W_]*|why\W*|(?:your |the )?reasons?\W*", re.IGNORECASE)
_NUMBER_FIRST = re.compile(r"\W*(?:the )?(?:recommendations? )?#?\d", re.IGNORECASE)


class Judged(NamedTuple):
    """A remark that stands in the way of ``numbers``; of everything where there are none."""

    problem: RulingProblem
    numbers: frozenset[int]
    words: str


def judge_remark(remark: Remark, exist: frozenset[int], words: RulingWords) -> Judged | None:
    """What a remark leaves open, None where it is of no account ("the team did well")."""
    about = phrases_of(words).about.match(remark.words)
    numbers = mentioned_in(remark.words) & exist
    problem = _problem_of(remark, words)
    if problem is None and not (numbers and _NUMBER_FIRST.match(remark.words)):
        return None
    is_local = about or _speaks_of_one(remark.words, words)
    return Judged(problem or RulingProblem.NOT_UNDERSTOOD, numbers if is_local else frozenset(), remark.words)


def _problem_of(remark: Remark, words: RulingWords) -> RulingProblem | None:
    if remark.asks:
        return RulingProblem.QUESTION
    if says(words.conditional, remark.words):
        return RulingProblem.CONDITIONAL
    if says((*words.unsettled, *words.deferred), remark.words):
        return RulingProblem.UNSETTLED
    decides = phrases_of(words).verbs.search(remark.words) or NEGATIVE.search(remark.words)
    return RulingProblem.NOT_UNDERSTOOD if decides or remark.contrast else None


def _speaks_of_one(text: str, words: RulingWords) -> bool:
    """Whether one is spoken of by its name, with no condition or decision before it."""
    before = named_first(text)
    if before is None:
        return False
    return not (
        says((*words.conditional, "all", "rest", "everything"), before) or phrases_of(words).verbs.search(before)
    )


def problem_of_reason(clause: Clause, words: RulingWords) -> RulingProblem | None:
    """What is wrong with the words behind a decision, None where they are a reason or there are none."""
    if clause.reason.endswith("?"):
        return RulingProblem.QUESTION
    if (clause.accepts or not clause.introduced) and says(words.conditional, clause.reason):
        return RulingProblem.CONDITIONAL
    if says(words.deferred, clause.reason):
        return RulingProblem.UNSETTLED
    needed = words.accept_needs_reason if clause.accepts else words.reject_needs_reason
    return RulingProblem.REASON_MISSING if needed and not has_reason(clause) else None


def has_reason(clause: Clause) -> bool:
    """Whether a reason was written, and no open part of a prefilled answer."""
    return _OPEN_REASON.fullmatch(clause.reason) is None
