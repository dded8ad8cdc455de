"""Where the words of others begin in a text: the marks that mail programs set, in the languages they speak. Pure text.

The tables come first: what a program writes above a quotation is data. Three kinds of mark are known: a *rule*
("-----Original Message-----"), a *header block* ("From: … Sent: … Subject: …") and an *attribution* ("On … wrote:").
A line is looked at up to ``LONGEST_LINE`` letters and an attribution up to ``MOST_JOINED`` lines, so all of it is
linear in the length of the text.
"""

import re
from collections.abc import Sequence

from mailbot.intake.headings import HEADINGS
from mailbot.intake.signature import is_answer_line
from mailbot.value import Value

LONGEST_LINE = 400
MOST_JOINED = 8
MOST_BLANKS = 3
BLOCK_LINES = 12
FEWEST_HEADERS = 3

RULES = (
    "original message|original appointment|forwarded message|reply message|forwarded by .{1,60}"
    "|ursprüngliche nachricht|originalnachricht|weitergeleitete nachricht|message d.origine|message original|message transféré"
    "|mensaje original|mensaje reenviado|messaggio originale|messaggio inoltrato|mensagem original|mensagem encaminhada"
    "|oorspronkelijk bericht|doorgestuurd bericht|oprindelig (?:meddelelse|besked)|videresendt (?:meddelelse|besked)"
    "|opprinnelig melding|ursprungligt meddelande|alkuperäinen viesti|oryginalna wiadomość|wiadomość oryginalna"
    "|wiadomość przekazana|původní zpráva|исходное сообщение|пересылаемое сообщение|neges wreiddiol"
)
FORWARDS = "begin forwarded message|début du message réexpédié|anfang der weitergeleiteten nachricht|inizio messaggio inoltrato"

FROM = "|".join(HEADINGS["from"])
OTHER_HEADERS = "|".join(word for kind, words in HEADINGS.items() if kind != "from" for word in words)
ON = "on|at|le|am|el|il|op|den|em|dne|dnia|w dniu|ar"
WROTE = "wrote|writes"
WROTE_ELSEWHERE = (
    "a écrit|schrieb|schreibt|escribió|ha scritto|schreef|skrev|escreveu|napisał(?:\\(a\\)|a)?|pisze|kirjoitti|napsala?"
    "|написал(?:а|\\(а\\))?|пише|пишет|ysgrifennodd"
)

_FRAMED = re.compile(r"^[>\s]*[-_=*]{2,}\s*([^-_=*\s][^\n]{2,80}?)\s*[-_=*]{2,}[\s:]*$")
_RULE = re.compile(rf"^[>\s*]*[-_=]{{2,}}\s*(?:{RULES})\b|^[>\s*]*(?:{FORWARDS})\s*:", re.IGNORECASE)
_LINE = re.compile(r"^\s*[-_=*]{5,}\s*$")
_FROM = re.compile(rf"^[>\s*]*(?:{FROM})\s*\**\s*:\**\s*\S", re.IGNORECASE)
_HEADER = re.compile(rf"^[>\s*]*(?:{FROM}|{OTHER_HEADERS})\s*\**\s*:", re.IGNORECASE)
_QUOTED = re.compile(r"^\s*(?:>|\|\s|\|$)")

_ON = re.compile(rf"^[>\s*_-]*(?:{ON})\s", re.IGNORECASE)
_DATED = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b")
_TIME = re.compile(r"\b\d{1,2}[:.]\d\d\b")
_ADDRESS = re.compile(r"[^\s<>\"\[\]():;,]@[\w-]+(?:\.[\w-]+)+")
_WROTE = re.compile(rf"\b(?:{WROTE}|{WROTE_ELSEWHERE})(?=\W|$)[^\n]{{0,60}}$", re.IGNORECASE)
_ENDS = re.compile(r"(?::|\b(?:wrote|writes)[\s-]*)[\s*_]*$")
_WROTE_ELSEWHERE = re.compile(rf"\b(?:{WROTE_ELSEWHERE})[\s*_]*:?[\s*_]*$", re.IGNORECASE)
_NAMED = re.compile(
    r"\d(?:\s?[AaPp]\.?[Mm]\.?)?[^,]{0,12},\s+(?:at [^,]{3,20},\s+)?(?!(?:he|she|it|they|we|i|you|who|someone)\b)"
    r"(?:[\"'*_]?[A-Z][^,]{1,60}|[\w.-]+)\swrote:[\s*_]*$"
)
_GMT = re.compile(r"^[>\s*_]*\d{4}[-/]\d\d?[-/]\d\d?,?\s\d{1,2}:\d\d\sGMT[+-]\d\d?:\d\d\s")
_STARTS_WITH_DATE = re.compile(r"^[>\s*_]*\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\b")
_SENTENCE_END = re.compile(r"[a-zà-ÿ]{2}[.!?]\s*$")


class Mark(Value):
    """A mark of quotation: how many lines it takes, and whether it is an attribution ("On … wrote:")."""

    length: int
    attribution: bool = False


def mark_at(lines: Sequence[str], number: int) -> Mark | None:
    """The mark that begins at a line; None where none does."""
    line = lines[number][:LONGEST_LINE]
    if not line.strip(" >*_"):
        return None
    ruled = _is_rule(lines, number)
    start = _next_written(lines, number + 1) if ruled else number
    headers = header_block(lines, start)
    if ruled or headers:
        return Mark(length=start + headers - number)
    length = _attribution_length(lines, number)
    return Mark(length=length, attribution=True) if length else None


def is_quoted(line: str) -> bool:
    """Whether a line itself bears a mark of quotation ("> ", "| ")."""
    return _QUOTED.match(line) is not None


def quotes_follow(lines: Sequence[str], number: int) -> bool:
    """Whether the next written line bears a mark of quotation."""
    at = _next_written(lines, number)
    return at < min(len(lines), number + MOST_JOINED) and is_quoted(lines[at])


def header_block(lines: Sequence[str], number: int) -> int:
    """How many lines a quoted message's headers take from here, one of them naming its sender; 0 where none stand here."""
    if number >= len(lines) or not _HEADER.match(lines[number][:LONGEST_LINE]):
        return 0
    headers, named, end = 0, False, number
    for at in range(number, min(len(lines), number + BLOCK_LINES)):
        line = lines[at][:LONGEST_LINE]
        if not line.strip(" >"):
            break
        if _HEADER.match(line):
            headers, end = headers + 1, at + 1
            named = named or _FROM.match(line) is not None
        elif at > end:  # one line between two headers carries the former on; two are prose
            break
    return end - number if named and headers >= FEWEST_HEADERS else 0


def _is_rule(lines: Sequence[str], number: int) -> bool:
    """Whether a line says that another message follows, or stands right above one's headers."""
    line = lines[number][:LONGEST_LINE]
    if _RULE.match(line):
        return True
    above = _LINE.match(line) or _FRAMED.match(line)
    return above is not None and header_block(lines, _next_written(lines, number + 1)) > 0


def _attribution_length(lines: Sequence[str], number: int) -> int:
    """How many lines "On … wrote:" takes from here; 0 where it does not stand here."""
    first = lines[number][:LONGEST_LINE]
    if not _may_open(lines, number, first):
        return 0
    joined, blanks = "", 0
    for length in range(1, min(MOST_JOINED, len(lines) - number) + 1):
        line = lines[number + length - 1].lstrip(" >\t").rstrip()
        if length > 1 and _ON.match(line):
            return 0  # another attribution begins here, and what stands above it was written by the sender
        blanks += not line
        joined = f"{joined} {line}".strip()
        if blanks > MOST_BLANKS or len(joined) > LONGEST_LINE:
            return 0
        if line and _is_attribution(joined, lines, number + length):
            return length
        if _SENTENCE_END.search(line) and not _TIME.search(line):
            return 0
    return 0


def _may_open(lines: Sequence[str], number: int, line: str) -> bool:
    """Whether an attribution may begin with a line: "On …", a date after an empty line, or a name with an address."""
    names_writer = "@" in line and _WROTE.search(line) is not None
    if _ON.match(line):
        return names_writer or any(letter.isdigit() for letter in line)
    if is_answer_line(line):
        return False  # "ICO: reported, 20 November 2026, 7pm" is what was asked for, however much it looks like a date
    after_gap = number == 0 or not lines[number - 1].strip(" >") or is_quoted(lines[number - 1])
    return (after_gap and _DATED.search(line[:80]) is not None) or names_writer


def _is_attribution(text: str, lines: Sequence[str], following: int) -> bool:
    has_address, has_time = _ADDRESS.search(text) is not None, _TIME.search(text) is not None
    balanced = text.count(">") <= text.count("<")  # a line that begins inside the brackets is none
    if has_address and balanced and _ENDS.search(text):
        return _WROTE.search(text) is not None or (has_time and _DATED.search(text) is not None)
    if _WROTE_ELSEWHERE.search(text) or _GMT.match(text):
        return _DATED.search(text) is not None
    if _ON.match(text) and _WROTE.search(text) and (_DATED.search(text) or has_time):
        return quotes_follow(lines, following) or _NAMED.search(text) is not None
    dated_address = _STARTS_WITH_DATE.match(text) and has_address and balanced and text.endswith(">")
    return bool(dated_address) and quotes_follow(lines, following)


def _next_written(lines: Sequence[str], number: int) -> int:
    while number < len(lines) and not lines[number].strip(" >\t"):
        number += 1
    return number
