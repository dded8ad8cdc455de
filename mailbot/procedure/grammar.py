"""The grammar of answers: which row of the file a value means, and what it still lacks. Pure, and it never guesses.

A verb counts only where it stands by itself: before the end, a punctuation mark or a reason ("because …"). "No idea
yet" is therefore no "no", and what says in the same breath that it is not settled is asked again.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from mailbot.parse.axes import LIKELIHOOD, read_axes
from mailbot.procedure.answer_rows import AnswerRule, Needs, Reason
from mailbot.value import Value

OPEN_PART = re.compile(r"[…\[(]")
"""What begins the part of an ``ask`` that its reader fills in: a prefilled answer stops before it."""

KEYED = re.compile(r"[A-Z][\w ]{1,30}:")
"""An ``ask`` that is an answer to be sent, and no instruction."""

_LEADING = " \t\"'“”‘’:;,.–—-"
_REASON = r"(?:because|as|since|due to|given that)\b"
_BECAUSE = re.compile(rf"\b{_REASON}", re.IGNORECASE)
_ENDS_IN_BECAUSE = re.compile(r"\bbecause[\s\W]*$", re.IGNORECASE)
_STARTS_WITH_REASON = re.compile(rf"\A{_REASON}", re.IGNORECASE)
COURTESY = r"(?:(?:many |kind )?(?:thanks|regards)|thank you|cheers|best wishes)\b"
# "No-one", "it's", "IT/IG": what is joined to a word makes another word of it.
_STANDS_ALONE = re.compile(rf"\s*$|(?![-'’/&+@]\w)\s*(?![/&+])[^\w\s]|\s+(?:{_REASON}|{COURTESY})", re.IGNORECASE)
_SAYS_WHEN = re.compile(
    r"\s+(?:on|at|today|yesterday|this (?:morning|afternoon|evening)|to the ico)\b|\s+\d", re.IGNORECASE
)
_CLAUSES = re.compile(r"[,;:.!?–—()]|\s-\s|[>→⇒]")
_ICO_NUMBER = re.compile(r"\bIC[-–\s]?\d|\bIC-[A-Z0-9-]*\d", re.IGNORECASE)


class Problem(StrEnum):
    """Why an answer could not be recorded, in words for the one who gave it."""

    UNKNOWN_KEY = "The bot does not know this key."
    NOT_UNDERSTOOD = "The bot did not understand this answer."
    UNSETTLED = (
        "Your words leave open whether it is settled. If it is, please write so once more, "
        "without words such as “yet”, “will” or “not sure”."
    )
    REASON_MISSING = "Something is missing after the answer: please add what the line above asks for."
    REASON_FOR_LATENESS_MISSING = (
        "This comes after the time limit. If it was done in time, please write the exact time; "
        "otherwise add “because …” and say why."
    )
    NUMBER_MISSING = "Please write the number that you were given."
    TIME_OR_NUMBER_MISSING = "Please write when the ICO was told, such as 20 November 2026, 4pm, or its number IC-…"
    TIME_IN_FUTURE = "The time you name lies in the future."
    TIME_TOO_EARLY = "The time you name lies before the incident."
    NO_ADDRESS = "Please name the person by one email address of the council."
    NOT_THE_COUNCILS = "This address is not one of the council's."
    UNKNOWN_GROUP = "The council's directory knows no group of this name."
    MOMENT_MISSING = "Please write the date and the time, such as 20 November 2026, 4pm."
    LOWERED_WITHOUT_REASON = (
        "This is lower than the rating that stands. Whoever lowers a rating says why: please add “because …”."
    )
    AXES_MISSING = "Please write both numbers, such as “Likelihood: 3, impact: 4”."
    LIKELIHOOD_MISSING = "The likelihood is missing. Please write both numbers, such as “Likelihood: 3, impact: 4”."
    IMPACT_MISSING = "The impact is missing. Please write both numbers, such as “Likelihood: 3, impact: 4”."
    OFF_THE_GRID = "Likelihood and impact are whole numbers from 1 to 5."
    NOT_LISTED = "This is not one of the council's list, or it could mean more than one. Please write one of these:"
    NOTHING_PROPOSED = "There is no proposal yet that could be confirmed. Please write one of these:"
    NOT_REPORTED = "The regulator has not been told of this incident, so there is nothing to update."
    PARENT_UNKNOWN = (
        "Please name the other incident by its reference, such as DB2026014. It must be one that the bot knows."
    )
    NOT_CLOSED = "This incident is open already."
    DUTIES_OPEN = "It cannot be closed yet, because something is still open:"
    FACTS_MISSING = "It cannot be closed yet, because something for the report is missing:"
    NO_REPORT = "There is no investigation report yet."
    REPORT_SIGNED = (
        "The report of this incident is signed already. If another one is to take its place, "
        "the support officer sends the first one back."
    )
    NOT_IN_THE_DIRECTORY = (
        "The directory does not know exactly one person of this name there. Please give the email address."
    )
    NOT_ASKED_YET = "Nobody was asked for this in this incident yet. You will be asked when it is time for it."
    NOTHING_ON_RECORD = "There is no earlier answer to this that could stand."
    NO_REFERENCE = (
        "Your mail answers a list about several incidents, and part of it does not say which one it means. "
        "Please begin each line with a reference of that list, such as DB2026014: …"
    )
    NOT_IN_LIST = "The list that you answered did not ask this of you for this incident."
    NOT_SIGNED = "A shared mailbox answered: please add a line “By:” with your full name."


class Unsettled(Value):
    """Words by which an answer says that nothing is settled: ``anywhere`` in it, or only ``before_a_reason``.

    "No, because it will harm nobody" is an answer; "yes, we will do it" is none.
    """

    anywhere: tuple[str, ...] = ("yet", "no idea", "don't know", "do not know", "not sure")
    before_a_reason: tuple[str, ...] = ("will", "must")


class Understood(NamedTuple):
    """A row of the file with the verb found in the answer and what was written after it."""

    rule: AnswerRule
    verb: str
    rest: str


def understand(value: str, rows: tuple[AnswerRule, ...]) -> Understood | None:
    """The first row whose verb begins the answer, forgiving in case, spacing and punctuation; None where none does."""
    words = " ".join(value.split()).strip(_LEADING)
    for rule in rows:
        for verb in sorted(rule.verbs, key=len, reverse=True):
            rest = words[len(verb) :]
            if words.lower().startswith(verb) and _is_followed_well(rest, verb, rule):
                return Understood(rule, verb, rest.strip(_LEADING))
        if not rule.verbs and any(sign.isalnum() for sign in words):
            return Understood(rule, "", words)
    return None


def _is_followed_well(rest: str, verb: str, rule: AnswerRule) -> bool:
    """What comes after the verb must not make another answer of it; "not yet" ends nothing and is clear by itself."""
    if not rule.discharges and " " in verb:
        return not rest[:1].isalnum()
    return bool(_STANDS_ALONE.match(rest) or (rule.names_moment and _SAYS_WHEN.match(rest)))


def shortfall(
    found: Understood, rows: tuple[AnswerRule, ...], unsettled: Unsettled, moment: datetime | None
) -> Problem | None:
    """What an answer lacks by its own row, None where it can be recorded. ``moment`` is what it names as its time."""
    rule = found.rule
    if rule.discharges and is_unsettled(found, rows, unsettled):
        return Problem.UNSETTLED
    is_unexplained = rule.reason is Reason.REQUIRED and not any(sign.isalnum() for sign in reason_in(found.rest))
    is_unfinished = rule.reason is Reason.TO_LOWER and _ENDS_IN_BECAUSE.search(found.rest)
    if is_unexplained or is_unfinished:
        return Problem.REASON_MISSING
    return _needed(rule, found.rest, moment)


def _needed(rule: AnswerRule, rest: str, moment: datetime | None) -> Problem | None:
    if rule.needs is Needs.LIKELIHOOD_AND_IMPACT:
        return _axes_problem(f"{LIKELIHOOD} {rest}")
    if rule.needs is Needs.NUMBER and not any(sign.isdigit() for sign in rest):
        return Problem.NUMBER_MISSING
    if rule.needs is Needs.TIME_OR_ICO_NUMBER and moment is None and not _ICO_NUMBER.search(rest):
        return Problem.TIME_OR_NUMBER_MISSING
    return None


def _axes_problem(words: str) -> Problem | None:
    axes = read_axes(words)
    if not axes.are_on_the_grid:
        return Problem.OFF_THE_GRID
    missing = {
        (True, True): Problem.AXES_MISSING,
        (True, False): Problem.LIKELIHOOD_MISSING,
        (False, True): Problem.IMPACT_MISSING,
    }
    return missing.get((axes.likelihood is None, axes.impact is None))


def is_unsettled(found: Understood, rows: tuple[AnswerRule, ...], unsettled: Unsettled) -> bool:
    """Whether the answer takes itself back: by its own words, by a question mark, or by another answer to the key.

    Where any words will do and nothing hangs on them (a view), "we must report it" is as good an answer as any.
    """
    if any(_says(word, found.rest) for word in unsettled.anywhere):
        return True
    if not found.rule.verbs and found.rule.needs is None:
        return False
    before = _BECAUSE.split(found.rest, maxsplit=1)[0]
    return (
        "?" in before
        or found.rest.endswith("?")
        or any(_says(word, before) for word in unsettled.before_a_reason)
        or any(_says_too(verb, row, before) for verb, row in _others(found, rows))
    )


def _others(found: Understood, rows: tuple[AnswerRule, ...]) -> Iterator[tuple[str, AnswerRule]]:
    """The verbs that mean another answer than the one found."""
    meant = found.rule.how or found.verb
    return ((verb, row) for row in rows for verb in row.verbs if (row.how or verb) != meant)


def _says(word: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text.replace("’", "'"), re.IGNORECASE) is not None


def _says_too(verb: str, row: AnswerRule, text: str) -> bool:
    if " " in verb and _says(verb, text):
        return True
    clauses = (clause.strip(_LEADING) for clause in _CLAUSES.split(text))
    return any(one.lower().startswith(verb) and _is_followed_well(one[len(verb) :], verb, row) for one in clauses)


def reason_in(rest: str) -> str:
    """What is said after "because", or after the verb itself."""
    return _STARTS_WITH_REASON.sub("", rest.strip(_LEADING), count=1).strip(_LEADING)


def before_reason(rest: str) -> str:
    """What is said before the reason for it."""
    return _BECAUSE.split(rest, maxsplit=1)[0].strip(_LEADING)


def says_because(rest: str) -> bool:
    """Whether a reason is given as one."""
    return _BECAUSE.search(rest) is not None


def is_a_copy(value: str, asks: tuple[str, ...]) -> bool:
    """Whether somebody sent the line of the request itself back, its open part still open."""
    return any(_plain(value) == _plain(ask.partition(":")[2]) for ask in asks if OPEN_PART.search(ask))


def _plain(text: str) -> str:
    return " ".join(text.lower().split()).strip(_LEADING)


def ask_problem(ask: str, rows: tuple[AnswerRule, ...], unsettled: Unsettled) -> str | None:
    """What is wrong with a line that tells people what to write, None where it is well made.

    A whole answer must be understood. One with an open part must not be an answer before it is filled in: somebody
    sends the prefilled mail unread.
    """
    if not KEYED.match(ask):
        return None
    key, _, value = ask.partition(":")
    own = tuple(row for row in rows if row.key == key.lower())
    if not own:
        return f"“{ask}” asks for a key that is none of its answers"
    if any(row.reads for row in own):
        # Read as a whole, and what is left open in it is asked again (``ruled``).
        return None
    filled, *left_open = OPEN_PART.split(value, maxsplit=1)
    found = understand(filled, own)
    counts = found is not None and shortfall(found, own, unsettled, None) is None
    if left_open and counts and found is not None and found.rule.discharges:
        return f'“{ask}” is an answer even before its open part is filled in: give that answer reason = "required"'
    return None if left_open or counts else f"“{ask}” would not be understood: let an open part begin with “…” or “[”"
