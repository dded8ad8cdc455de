"""The sender's own words: a reply without what it quotes and without its signature. Pure text, linear in its length.

Where a mark of quotation is doubtful the words are kept: an answer that quotes too much is asked again, one that
lost its words would be lost.
"""

import re
from collections.abc import Sequence

MOST_LINES = 4000
ATTRIBUTION_LINES = 4
HEADER_LINES = 6
LONGEST_ATTRIBUTION = 400

_ATTRIBUTION_START = re.compile(
    r"^[>\s*_]*(?:On|Le|Am|El|Il|Op|Den|Em|W dniu)\s.{3,}|^.{0,80}\d{4}.{0,40}\d{1,2}:\d\d.{0,120}(?:<|@)",
    re.IGNORECASE,
)
_ATTRIBUTION_END = re.compile(
    r"(?:wrote|writes|a écrit|schrieb|escribió|ha scritto|schreef|skrev|escreveu|napisał\(a\)|pisze)\b.{0,120}?:?\s*[*_]*\s*:?\s*$",
    re.IGNORECASE,
)
_RULE = re.compile(
    r"^[>\s*]*[-_=]{2,}\s*(?:Original Message|Original Appointment|Forwarded message|Reply message|Ursprüngliche Nachricht|Message d'origine)\b",
    re.IGNORECASE,
)
_LINE = re.compile(r"^\s*[_\-=*]{5,}\s*$")
_HEADER = re.compile(r"^[>\s]*\**(From|Von|De|Da|Van)\s*:\**\s*\**\s*\S", re.IGNORECASE)
_OTHER_HEADER = re.compile(
    r"^[>\s]*\**(Sent|Date|To|Cc|Subject|Gesendet|Datum|An|Betreff|Envoyé|Objet|À|Enviado|Para|Asunto|Reply-To)\s*:\**",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"^\s*(?:--|—|__)\s?$")
_PHONE = re.compile(
    r"^\s*(?:Sent (?:from|via) (?:my )?[\w .()']{2,40}|Get Outlook for [\w .]{2,30}(?:<\S+>)?|Sent from Outlook.*|Von meinem \w+ gesendet)\.?\s*$",
    re.IGNORECASE,
)


def own_words(text: str, marker: str) -> str:
    """What the sender wrote above, below or between what is quoted; ``marker`` stands above the quotation in our mail."""
    lines = text.split("\n")[:MOST_LINES]
    kept: list[str] = []
    number = 0
    while number < len(lines):
        line = lines[number]
        if marker.lower() in line.lower() or _starts_quotation(lines, number):
            break
        length = _attribution_length(lines, number)
        if length:
            if not _quotes_with_marks(lines, number + length):
                break
            number += length
            continue
        if not line.lstrip().startswith(">"):
            kept.append(line)
        number += 1
    return _without_signature(kept)


def _starts_quotation(lines: Sequence[str], number: int) -> bool:
    line = lines[number]
    if _RULE.match(line):
        return True
    if _HEADER.match(line):
        others = sum(bool(_OTHER_HEADER.match(one)) for one in lines[number + 1 : number + HEADER_LINES])
        return others >= 2  # noqa: PLR2004 - Sent and To, or To and Subject: one alone may be the sender's own label
    if _LINE.match(line):
        following = [one for one in lines[number + 1 : number + 4] if one.strip()]
        return (
            bool(following)
            and bool(_HEADER.match(following[0]))
            and _starts_quotation(lines, lines.index(following[0], number))
        )
    return False


def _attribution_length(lines: Sequence[str], number: int) -> int:
    """How many lines "On … wrote:" takes from here; 0 where it does not stand here."""
    if not _ATTRIBUTION_START.match(lines[number][:LONGEST_ATTRIBUTION]):
        return 0
    joined = ""
    for length in range(1, ATTRIBUTION_LINES + 1):
        if number + length > len(lines) or not lines[number + length - 1].strip(" >"):
            return 0
        joined += " " + lines[number + length - 1].strip(" >")
        if len(joined) > LONGEST_ATTRIBUTION:
            return 0
        if _ATTRIBUTION_END.search(joined) and any(letter.isdigit() or letter == "@" for letter in joined):
            return length
    return 0


def _quotes_with_marks(lines: Sequence[str], number: int) -> bool:
    following = next((one for one in lines[number : number + ATTRIBUTION_LINES] if one.strip()), "")
    return following.lstrip().startswith(">")


def _without_signature(lines: list[str]) -> str:
    for number, line in enumerate(lines):
        if _SIGNATURE.match(line) and any(one.strip() for one in lines[:number]):
            lines = lines[:number]
            break
    return "\n".join(line for line in lines if not _PHONE.match(line)).strip()
