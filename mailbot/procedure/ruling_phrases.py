"""The patterns of a decision, made of a table of words: "1 and 3 accept", "reject 2 because …", "all but 2". Pure."""

import re
from functools import lru_cache
from typing import NamedTuple

from mailbot.procedure.ruling_numbers import EXPLICIT, GAP, NUMBERS, TARGETS
from mailbot.procedure.ruling_words import RulingWords, Words

_STARTERS = (
    rf"(?:(?:i|we|i'm|im|i've|am|are|have|has|can|do|is|be|been|was|were|hereby|just|so|fully|formally|gladly|happily"
    rf"|(?:this{GAP}is{GAP}to{GAP})?confirm(?:{GAP}that)?|(?:happy|glad|pleased|content|delighted){GAP}to)\b,?{GAP})*+"
)
_NEGATION = (
    rf"(?:(?:do|does|can|will|could|would|is|are|am|was|has|have|must|shall|should){GAP})?"
    r"(?:not|never|cannot|can't|cant|don't|dont|doesn't|won't|wont|wouldn't|couldn't|isn't|aren't|wasn't|unable|no longer)\b"
    rf"(?:{GAP}(?:be|been|able|to|prepared|willing|going|in|a|position)\b)*+{GAP}"
)
NEGATIVE = re.compile(
    r"\b(?:not|never|no|nope|cannot|cant|dont|doesnt|wont|wouldnt|isnt|arent|unable|unhappy|unwilling|without|neither|nor"
    r"|hardly|nothing|nobody|none)\b|n't\b",
    re.IGNORECASE,
)
"""Words that may turn an acceptance round."""

_EXCEPT_FOR = (
    rf"[ ,\n(–—-]*(?:but{GAP})?(?:except(?:ing)?(?:{GAP}for)?|apart{GAP}from|other{GAP}than|excluding|bar|save(?:{GAP}for)?"
    rf"|with{GAP}the{GAP}exception{GAP}of){GAP}"
)
_BUT = rf"[ ,\n(–—-]*(?:but(?:{GAP}not)?|not){GAP}"
_EXCEPT = rf"(?:{_EXCEPT_FOR}|{_BUT})"
_COPULA = rf"(?:(?:is|are|was|were|has|have|been|to|be|can|all|both)\b{GAP}){{0,3}}"
_LABEL_ENDS = rf"(?:{GAP}?(?:[.:=)]|[-–—]|->){GAP}?|{GAP})"
_BECAUSE = (
    r"[\s,;:.(–—-]*(?:\b(?:because(?: of)?|as(?! (?:soon|long|far|well|much|many|if|though|per|of|at|to|an?|and|in|before|part|one)\b)"
    r"|since|due to|owing to|given that|on the grounds(?: that| of)?|bc|cos|coz)\b"
    r"|\b(?:the )?reasons?(?: is| being)?(?: that)?\b:?)[,:]?"
)
_AFTER = rf"(?:{GAP}(?:with|to|of)\b)?"
_LEADS = rf"{_AFTER}(?:{GAP}?[:–—-]{GAP}?|{GAP})"
_WHICH = rf"[\s,(–—-]*(?:(?:which|that){GAP})?{_STARTERS}"
_REASON_PARTS = r"[,;!\n(–—]|[.:](?=\s|$)|\s-\s|\s(?:and|but)(?=\s)|\s(?=\(?\d+[.):=] )"
_ENDS = r"\s*$|\s*[,;!\n()\"…]|\s*[.:](?=\s|$|[a-z…])|\s*[–—]|\s+-|-\s"

_ABOUT = (
    rf"\s*$|\s*[^\w\s£$€]|{GAP}(?:is|are|was|were|needs?|requires?|depends?|only|if|unless|subject|when|once|until|maybe|perhaps"
    r"|not|should|must|would|could|can|cannot|can't|will|won't|has|have|later|pending|with|in)\b"
)


LONGEST_CLOSING, MOST_WORDS_OF_A_NAME = 400, 8
_OF_A_NAME = re.compile(r"[A-Z0-9(+&|/–—-][^?]*|of|and|the|for|in|at|[^\s?]*[@/.:][^\s?]+")
_STARTS_A_NAME = re.compile(r"[A-Z]")


def any_of(words: Words) -> str:
    """A pattern that finds any of the words by themselves, the longest first; marks may stand close to others."""
    if not words:
        return r"(?!)"
    spelled = (re.escape(word).replace(r"\ ", GAP) for word in sorted(words, key=len, reverse=True))
    return "(?:" + "|".join(rf"\b{one}(?!\w)" if one[0].isalnum() else one for one in spelled) + ")"


class Phrases(NamedTuple):
    """The compiled patterns, to be matched at a place. Groups: targets, without, not, verb, tail.

    ``labelled``: "2: reject"; ``led``: "reject 2"; ``bare``: "approved"; ``judged_again``: the second verb of "accept
    1, 2 reject"; ``exception``: "except 2, which I reject". ``ends``: what may follow a decision. ``reason_parts``:
    where a reason may end. ``about``: a remark that begins with numbers as a decision would.
    """

    labelled: re.Pattern[str]
    led: re.Pattern[str]
    bare: re.Pattern[str]
    judged_again: re.Pattern[str]
    exception: re.Pattern[str]
    because: re.Pattern[str]
    ends: re.Pattern[str]
    courtesy: re.Pattern[str]
    greeting: re.Pattern[str]
    harmless: re.Pattern[str]
    verbs: re.Pattern[str]
    reason_parts: re.Pattern[str]
    about: re.Pattern[str]


@lru_cache(maxsize=8)
def phrases_of(words: RulingWords) -> Phrases:
    """The patterns for a table of words."""
    plain = any_of((*words.accept, *words.assent, *words.reject))
    marks = any_of((*words.accept_marks, *words.reject_marks))
    every = rf"(?:{plain}|{marks})"
    verb = rf"(?P<not>{_NEGATION})?(?P<verb>{every})"
    harmless = rf"(?:,?{GAP}{any_of(words.harmless)})*+"
    judged = rf"{_LABEL_ENDS}{_COPULA}{_STARTERS}{verb}{_AFTER}(?:{GAP}(?:this|it|them|that|these)\b)?{harmless}"
    unnamed = rf"{_LABEL_ENDS}{_COPULA}{_STARTERS}(?:{_NEGATION})?{every}"
    named = rf"(?P<targets>{EXPLICIT}|(?:these|those|they|this)\b)(?:{_EXCEPT}(?P<without>{NUMBERS}))?"
    tail = rf"(?P<tail>{_WHICH}{verb})?"
    follows = rf"{GAP}(?:{_courtesy()}|{_STARTERS}{TARGETS}{unnamed}|{_STARTERS}(?:{_NEGATION})?{every})"
    return Phrases(
        labelled=_compiled(rf"{_STARTERS}{named}{judged}"),
        led=_compiled(rf"{_STARTERS}{verb}{_LEADS}(?P<targets>{TARGETS}){harmless}"),
        bare=_compiled(rf"{_STARTERS}(?P<not>{_NEGATION})?(?P<verb>{plain}){harmless}(?! ?[:=])"),
        judged_again=_compiled(rf"(?!\n){judged}(?!{_LEADS}{EXPLICIT})"),
        exception=_compiled(rf"(?:{_EXCEPT_FOR}|{_BUT}(?!{NUMBERS}{unnamed}))(?P<targets>{NUMBERS}){tail}"),
        because=_compiled(_BECAUSE),
        ends=_compiled(rf"{_ENDS}|{GAP}(?:and|but)\b|{_BECAUSE}|{follows}|{_EXCEPT}{NUMBERS}"),
        courtesy=_compiled(rf"{_courtesy()}(?={_ENDS})"),
        greeting=_compiled(rf"{_greeting()}(?={_ENDS})"),
        harmless=_compiled(rf"{any_of(words.harmless)}(?={_ENDS}|{GAP}(?:and|but)\b)"),
        verbs=_compiled(every),
        reason_parts=_compiled(rf"{_REASON_PARTS}|\s(?=\d+{GAP}?{_signs(marks)})"),
        about=_compiled(rf"{_STARTERS}(?:{_NEGATION})?(?:{every}{_AFTER}{GAP})?(?:{NUMBERS})(?={_ABOUT}|{unnamed})"),
    )


def _signs(marks: str) -> str:
    """A mark that is no word: only such a one is told from the words around it without a comma before it."""
    return rf"(?![a-z]){marks}"


def _courtesy() -> str:
    said = rf"(?:(?:many|kind|best|warm|with){GAP})?(?:thanks|thank{GAP}you|thx|ta|cheers|regards|wishes)\b"
    closed = rf"all{GAP}the{GAP}best\b|yours{GAP}(?:sincerely|faithfully)\b|best\b|kr\b|much{GAP}appreciated\b"
    device = rf"(?:sent{GAP}from|get{GAP}outlook{GAP}for)\b[^\n]*"
    more = rf"(?:{GAP}(?:again|so{GAP}much|very{GAP}much|a{GAP}lot|all|both|everyone|{_name()}))*+"
    reason = rf"(?:{GAP}for{GAP}(?:this|that|these|it|sending(?:{GAP}this)?|the{GAP}report|your{GAP}(?:report|work|help|email)))?"
    return rf"(?:{said}{more}{reason}|{closed}|{device})"


def _greeting() -> str:
    return rf"(?:hi|hello|hey|dear|(?:good{GAP})?(?:morning|afternoon|evening))\b(?:{GAP}(?:all|both|team|{_name()}))*+"


def _name() -> str:
    return r"(?-i:[A-Z][\w'’-]+)"


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def says(words: Words, text: str) -> bool:
    """Whether a text has one of the words."""
    return re.search(any_of(words), text, re.IGNORECASE) is not None


def is_closing(text: str, phrases: Phrases, words: RulingWords) -> bool:
    """Whether a text, to its end, reads as a name and what stands below one: few words to the line, in capitals."""
    if len(text) > LONGEST_CLOSING or not _STARTS_A_NAME.match(text):
        return False
    lines = [line.split() for line in text.splitlines() if line.strip()]
    if not all(
        len(line) <= MOST_WORDS_OF_A_NAME and all(_OF_A_NAME.fullmatch(word) for word in line) for line in lines
    ):
        return False
    undecided = says((*words.conditional, *words.unsettled, *words.deferred), text) or NEGATIVE.search(text)
    return not (undecided or phrases.verbs.search(text))
