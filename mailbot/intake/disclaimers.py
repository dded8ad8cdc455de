"""What gateways and organisations write into everybody's mail: disclaimers, banners, footers of lists. Pure text.

A report of a breach speaks of confidential letters, wrong recipients and deleted copies itself. So a paragraph goes
only where it uses the set phrases of a disclaimer and nobody speaks in it, and of a banner only its own lines.
"""

import re
from collections.abc import Sequence

LONGEST_LINE = 400
LONGEST_PARAGRAPH = 20
LONGEST_FOOTER = 15
LONGEST_BANNER = 5
FEWEST_MARKS = 3

SET_PHRASES = (
    r"if you (?:are|is) not (?:the|an|a) (?:intended|named|designated|authori[sz]ed) (?:recipient|addressee|person)",
    r"if (?:you(?: have)?|it has been) (?:received?|reached)(?: (?:this|it|the))?(?: (?:e-?mail|message|communication|transmission))?(?: (?:and|or) [\w ]{1,40})? in error[,:]? (?:please|you|kindly|notify|then|do)",
    r"any views or opinions (?:expressed|presented)|views expressed (?:in|are) .{0,60}(?:do not|not necessarily|those of)",
    r"(?:e-?mails?|communications?|messages?) .{0,60}may be (?:monitored|recorded|intercepted|disclosed|subject to)",
    r"consider the environment before|think before you print|(?:really )?need to print this e-?mail",
    r"(?:swept|checked|scanned) (?:for|by) .{0,40}(?:virus|mimesweeper|mimecast|messagelabs|antivirus)",
    r"riservate e per uso esclusivo|ricevete questo messaggio per errore|diese e-?mail enthält vertrauliche|ce message .{0,60}confidentiel",
)
"""One of these makes a paragraph a disclaimer."""

BEGINS = r"this (?:e-?mail|message|communication|transmission)\b|the information (?:contained )?in this|privileged|confidential"
MARKS = (
    r"confidential|privileged|proprietary",
    r"intended (?:solely |only )?for|designated recipient|sole(?:ly)? (?:for the )?use|named addressee|to whom (?:it is|they are) addressed",
    r"unauthori[sz]ed|prohibited|unlawful|disclos|distribut|copying",
    r"legally|liab(?:le|ility)|copyright|freedom of information|virus",
)
"""A paragraph that begins as disclaimers do needs three of these."""

SPEAKS = r"\b(?:I|I'm|I've|my|he|she|they|his|her|their|yesterday|today|tonight|was|were|went)\b"
"""Somebody speaks: the paragraph stays, whatever else is in it."""

BANNERS = (
    r"\W{0,4}(?:caution|warning|notice|attention|alert|important|external)\b.{0,80}(?:originat\w+|(?:from )?outside (?:of )?(?:the|our|your)|external (?:e-?mail|sender|source)|do not (?:click|open))",
    r"\W{0,4}external(?: e-?mail| sender| message)?\W{0,4}$",
    r"\W{0,4}this (?:e-?mail|message) originated",
    r"\W{0,4}you don.t often get e-?mail from",
)
BANNER_GOES_ON = r"do not (?:click|open|reply|respond)|unless you|recogni[sz]e the sender|content is safe|learn why this is important"
BANNER_WRAPS = r"organi[sz]ation|council|links?|attachments?|sender|content|important"
"""What the next line of a banner speaks of where its sentence was cut in two."""
FOOTERS = r"mailing list|unsubscribe|to stop receiving|manage (?:your )?(?:subscription|preferences)|reply to this (?:e-?mail|message)"

_SET_PHRASE = re.compile("|".join(SET_PHRASES), re.IGNORECASE)
_BEGINS = re.compile(rf"\W*(?:{BEGINS})", re.IGNORECASE)
_MARKS = tuple(re.compile(one, re.IGNORECASE) for one in MARKS)
_SPEAKS = re.compile(SPEAKS)
_BANNER = re.compile("|".join(BANNERS), re.IGNORECASE)
_BANNER_GOES_ON = re.compile(BANNER_GOES_ON, re.IGNORECASE)
_BANNER_WRAPS = re.compile(BANNER_WRAPS, re.IGNORECASE)
_FOOTER = re.compile(FOOTERS, re.IGNORECASE)
_RULED_LINE = re.compile(r"^\s*[-_=*~#+]{2,}\s*$")
_SENTENCE_END = re.compile(r"[.!?\])*]\s*$")


def without_disclaimers(lines: Sequence[str]) -> list[str]:
    """The lines without the paragraphs and lines that a gateway or an organisation added."""
    kept: list[str] = []
    paragraph: list[str] = []
    for line in (*lines, ""):
        if line.strip():
            paragraph.append(line)
            continue
        said = paragraph[_banner_length(paragraph) :]
        kept += [*([] if _is_disclaimer(said) else said), line]
        paragraph = []
    return kept[:-1]


def without_footer(lines: list[str]) -> list[str]:
    """What stands above a ruled line with a list's footer below it."""
    for number in range(max(0, len(lines) - LONGEST_FOOTER), len(lines)):
        below = lines[number + 1 :]
        if _RULED_LINE.match(lines[number]) and any(_FOOTER.search(one[:LONGEST_LINE]) for one in below):
            return lines[:number]
    return lines


def _banner_length(paragraph: Sequence[str]) -> int:
    """How many lines at a paragraph's beginning are a gateway's banner: to the end of its sentences."""
    first = [one[:LONGEST_LINE] for one in paragraph[:2]]
    if not any(_BANNER.match(one) for one in (*first[:1], " ".join(first))):
        return 0
    length = 1
    for line in paragraph[1:LONGEST_BANNER]:
        cut = not _SENTENCE_END.search(paragraph[length - 1][:LONGEST_LINE])
        goes_on = _BANNER_GOES_ON.search(line[:LONGEST_LINE]) or (cut and _BANNER_WRAPS.search(line[:LONGEST_LINE]))
        if not goes_on or _SPEAKS.search(line[:LONGEST_LINE]):
            break
        length += 1
    return length


def _is_disclaimer(paragraph: Sequence[str]) -> bool:
    text = " ".join(line.strip() for line in paragraph[:LONGEST_PARAGRAPH])[: 10 * LONGEST_LINE]
    if not text or _SPEAKS.search(text):
        return False
    marks = sum(mark.search(text) is not None for mark in _MARKS)
    return _SET_PHRASE.search(text) is not None or (_BEGINS.match(text) is not None and marks >= FEWEST_MARKS)
