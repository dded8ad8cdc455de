"""Answers of one word, without their key: what somebody on call writes on a telephone ("Reached", "ok, thanks"). Pure."""

import re

from mailbot.procedure.answer_rows import AnswerRule
from mailbot.procedure.grammar import COURTESY
from mailbot.value import Value

_PARAGRAPH_ENDS = re.compile(r"\n\s*\n")
_CLOCK = r"(?:at\s+|@\s*)?\d{1,2}(?:[:.]?\d\d)?\s*(?:am|pm|hrs)?"
_NOTHING_MORE = re.compile(rf"[^\w?]*(?:{_CLOCK}\b[^\w?]*)?(?:{COURTESY}[^?\n]{{0,40}})?", re.IGNORECASE)
"""What may follow the word: the time, thanks and a name. Anything else might take it back ("ok, who is this?")."""


class BareAnswer(Value):
    """A row of the file and the verb by which a reply gave its answer."""

    rule: AnswerRule
    verb: str


def understand_bare(reply: str, rows: tuple[AnswerRule, ...]) -> BareAnswer | None:
    """The answer that is all of a reply's first paragraph, among the ``bare`` rows; None where it says anything else.

    ``reply`` holds its sender's own words. Whatever stands below an empty line is what a gateway adds.
    """
    first = " ".join(_PARAGRAPH_ENDS.split(reply.strip(), maxsplit=1)[0].split()).lstrip(" \t\"'“”‘’.*-–")
    for rule in rows:
        for verb in sorted(rule.verbs if rule.bare else (), key=len, reverse=True):
            if first.lower().startswith(verb) and _NOTHING_MORE.fullmatch(first[len(verb) :]):
                return BareAnswer(rule=rule, verb=verb)
    return None
