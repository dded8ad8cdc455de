"""What a person's reply says about numbered recommendations (paras 58, 59): accepted, rejected and why, or unclear. Pure.

It never guesses. Words that leave something open about certain numbers leave those open; about the whole, everything.
A thumb, or a tick without a number, decides nothing: it may only say "seen", and para 58 wants the report signed.
"""

import re
from collections.abc import Iterable

from mailbot.procedure.ruling_clauses import Clause, Clauses, read_clauses
from mailbot.procedure.ruling_doubts import Judged, has_reason, judge_remark, problem_of_reason
from mailbot.procedure.ruling_phrases import any_of
from mailbot.procedure.ruling_result import Doubt, NumberRuling, RulingProblem, Rulings
from mailbot.procedure.ruling_words import RulingWords

LONGEST_REPLY, MOST_REMARKS = 5000, 40
"""Characters, and parts of sentences that decide nothing. Whoever writes more discusses: it is asked again."""

_QUOTED = re.compile(r"^ ?[>|].*$", re.MULTILINE)
_SPACES = re.compile(r"[^\S\n]+")
_PLEASANT = re.compile("[👍👌🙏🙂😊😀👏🎉][\U0001f3fb-\U0001f3ff]?|[:;]-?\\)")
_BOLD = re.compile(r"\*+|(?<!\w)_+|_+(?!\w)")
_LEAD = r"(?:[-–—•·‣▪●○] ?|\(?\d{1,2}[.)] )?[\"']?"
"""What may stand before the key of a line: a bullet sign or its number, a quotation mark."""

_UNSEEN = re.compile("[\u200b-\u200f\u2060\ufeff\ufe0e\ufe0f\u00ad]")
_PLAIN_SIGNS = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "\r": "\n", "\u2028": "\n", "\u2011": "-", "\u2010": "-"}
)


def read_rulings(
    reply: str, still_open: Iterable[int], words: RulingWords, *, decided_before: Iterable[int] = ()
) -> Rulings:
    """What a reply says about the numbers still open; ``reply`` holds its sender's own words only.

    ``decided_before``: numbers that exist and are open no more. Raises nothing.
    """
    numbers, before = frozenset(still_open), frozenset(decided_before)
    if not numbers:
        return Rulings()
    text = _plain(reply, words)
    if len(text) > LONGEST_REPLY:
        return _nothing(Judged(RulingProblem.NOT_UNDERSTOOD, numbers, text), numbers)
    said = read_clauses(text, words, MOST_REMARKS)
    if len(said.remarks) > MOST_REMARKS:
        return _nothing(Judged(RulingProblem.NOT_UNDERSTOOD, numbers, text), numbers)
    said = said._replace(decided=_meant(said.decided))
    found = [judge_remark(remark, numbers, words) for remark in said.remarks]
    judged = [one for one in found if one]
    against_all = next((one for one in judged if not one.numbers), None) or _unusable(said, judged, numbers, before)
    return _nothing(against_all, numbers) if against_all else _ruled(said, judged, numbers, before, words)


def _plain(reply: str, words: RulingWords) -> str:
    """The reply with single spaces and plain apostrophes, without quoted lines, keys, pleasant and bold signs."""
    text = _UNSEEN.sub("", reply.replace("\r\n", "\n")).translate(_PLAIN_SIGNS)
    text = _BOLD.sub("", _PLEASANT.sub(" ", _QUOTED.sub("", text)))
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    text = "\n".join(lines).strip()
    text = re.sub(rf"^{_LEAD}{any_of(words.other_keys)} ?:.*$", "", text, flags=re.IGNORECASE | re.MULTILINE)
    return re.sub(rf"^{_LEAD}{any_of(words.keys)} ?[:=] ?", "", text, flags=re.IGNORECASE | re.MULTILINE).strip()


def _nothing(judged: Judged, numbers: frozenset[int]) -> Rulings:
    return Rulings(doubts=(Doubt(problem=judged.problem, numbers=tuple(sorted(numbers)), words=judged.words[:200]),))


def _meant(decided: tuple[Clause, ...]) -> tuple[Clause, ...]:
    """Without the "ok" that only leads up to a decision on certain numbers."""
    named = [one for one in decided if not one.targets.vague]
    return tuple(one for one in decided if not (named and one.targets.vague and one.in_passing))


def _unusable(said: Clauses, judged: list[Judged], numbers: frozenset[int], before: frozenset[int]) -> Judged | None:
    """What leaves the whole reply open although no remark does."""
    remarks = " ".join(remark.words for remark in said.remarks)
    if not said.decided:
        return None if judged else Judged(RulingProblem.NOT_UNDERSTOOD, numbers, remarks)
    if said.remarks and any(one.targets.vague for one in said.decided):
        return Judged(RulingProblem.NOT_UNDERSTOOD, numbers, remarks)
    rest = numbers - _named(said.decided, judged)
    for one in said.decided:
        if one.targets.rest and rest == numbers and not before:
            return Judged(RulingProblem.NOT_UNDERSTOOD, numbers, one.words)
        meant = rest if one.targets.rest else numbers
        if one.targets.how_many is not None and one.targets.how_many != len(meant):
            return Judged(RulingProblem.WRONG_COUNT, numbers, one.words)
    return None


def _named(decided: tuple[Clause, ...], judged: list[Judged]) -> frozenset[int]:
    """The numbers that stand in the reply as figures; "the rest" is what is left of the open ones."""
    of_clauses = {number for one in decided for number in (*one.targets.numbers, *one.targets.without)}
    return frozenset(of_clauses.union(*(one.numbers for one in judged)))


def _ruled(
    said: Clauses, judged: list[Judged], numbers: frozenset[int], before: frozenset[int], words: RulingWords
) -> Rulings:
    named = _named(said.decided, judged)
    doubts = _doubts_of(judged)
    doubtful = frozenset(number for one in doubts for number in one.numbers)
    ruled: list[NumberRuling] = []
    for number in sorted(numbers - doubtful):
        about = _about(number, said.decided, numbers - named)
        found = _decide(number, about, words) if about else None
        doubts += [found] if isinstance(found, Doubt) else []
        ruled += [found] if isinstance(found, NumberRuling) else []
    answered = doubtful | {one.number for one in ruled} | {number for one in doubts for number in one.numbers}
    return Rulings(
        ruled=tuple(ruled),
        doubts=(*_joined(doubts), *_strangers(named, numbers, before)),
        not_mentioned=tuple(sorted(numbers - answered)),
        remarks=tuple(one.words for one in said.remarks if judge_remark(one, numbers, words) is None),
    )


def _doubts_of(judged: list[Judged]) -> list[Doubt]:
    """The doubts that the remarks raise, each number under the first that names it."""
    first: dict[int, Judged] = {}
    for one in judged:
        for number in one.numbers:
            first.setdefault(number, one)
    return [_doubt(one.problem, {number}, one.words) for number, one in first.items()]


def _about(number: int, decided: tuple[Clause, ...], rest: frozenset[int]) -> list[Clause]:
    """The clauses that decide on a number; what is said of all gives way to an exception from it."""
    found = [one for one in decided if _concerns(one, number, rest)]
    excepted = any(one.against and number in one.targets.numbers for one in found)
    return [one for one in found if one.targets.numbers or not excepted]


def _concerns(clause: Clause, number: int, rest: frozenset[int]) -> bool:
    targets = clause.targets
    if number in targets.without:
        return False
    return number in targets.numbers or targets.everything or (targets.rest and number in rest)


def _decide(number: int, about: list[Clause], words: RulingWords) -> NumberRuling | Doubt:
    spoken = "; ".join(one.words for one in about)
    if len({one.accepts for one in about}) > 1:
        return _doubt(RulingProblem.CONTRADICTION, {number}, spoken)
    problems = [problem for problem in (problem_of_reason(one, words) for one in about) if problem]
    reasons = list(dict.fromkeys(one.reason for one in about if has_reason(one)))
    lasting = [one for one in problems if one is not RulingProblem.REASON_MISSING or not reasons]
    if lasting:
        return _doubt(lasting[0], {number}, spoken)
    return NumberRuling(number=number, accepted=about[0].accepts, reason="; ".join(reasons))


def _strangers(named: frozenset[int], numbers: frozenset[int], before: frozenset[int]) -> tuple[Doubt, ...]:
    """The numbers somebody decided on that are open no more, or that do not exist."""
    known = _doubt(RulingProblem.ALREADY_DECIDED, named & before - numbers, "")
    unknown = _doubt(RulingProblem.NO_SUCH_NUMBER, named - before - numbers, "")
    return tuple(one for one in (known, unknown) if one.numbers)


def _doubt(problem: RulingProblem, numbers: Iterable[int], words: str) -> Doubt:
    return Doubt(problem=problem, numbers=tuple(sorted(numbers)), words=words[:200])


def _joined(doubts: list[Doubt]) -> tuple[Doubt, ...]:
    """The doubts with the same problem and words as one: what is said of all numbers is asked once."""
    together: dict[tuple[RulingProblem, str], set[int]] = {}
    for one in doubts:
        together.setdefault((one.problem, one.words), set()).update(one.numbers)
    return tuple(_doubt(problem, numbers, words) for (problem, words), numbers in together.items())
