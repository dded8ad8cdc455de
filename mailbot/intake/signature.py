"""What closes a mail: the sign-off, the signature, what a telephone adds. The tables come first. Pure text, linear.

Nothing is taken away that may be words: a sign-off goes only with what looks like a signature below it.
"""

import re
from collections.abc import Sequence

from mailbot.intake.disclaimers import without_disclaimers, without_footer

LONGEST_LINE = 400
LONGEST_SIGNATURE = 14
LONGEST_SIGNATURE_LINE = 90
LONGEST_SIGN_OFF = 45
PROSE_WORDS = 9

APPS = (
    "outlook|mail|mailbox|yahoo|aol|gmail|proton|samsung|galaxy|windows|typeapp|blackberry|iphone|ipad|ipod|android|airmail"
    "|nine|spark|newton|huawei|honor|xiaomi|workspace|mobile|(?:a |the )?(?:mobile|phone|smartphone|tablet)|bluemail|aqua mail|vodafone|ee"
)
TAIL = r"(?:\s*[<(]\S{1,80}[>)].{0,20})?(?:[.,]\s*(?:please )?(?:excuse|forgive|apologi|ignore).{0,60})?[.>)]*"
DEVICE_LINES = (
    rf"sent (?:from|via|with|by|using) (?:my (?!.*\bto\b)[\w .()'’/-]{{1,40}}|\[?(?:{APPS})\b[^,;]{{0,60}}?){TAIL}",
    r"get \[?outlook for .{2,60}",
    r"from my (?:iphone|ipad|mobile|phone|blackberry).{0,20}",
    r"someone from mobile",
    r"envoyé (?:depuis|de mon|à partir de|avec) .{2,60}",
    r"von meinem? .{2,40} gesendet",
    r"diese nachricht wurde .{2,60} gesendet",
    r"gesendet (?:von|mit|über) .{2,60}",
    r"enviado (?:desde|do meu|de mi|de) .{2,60}",
    r"inviato (?:da|dal mio) .{2,60}",
    r"verzonden (?:vanaf|met|van) .{2,60}",
    r"(?:sendt|skickat|sänt) (?:fra|från) .{2,60}",
    r"wysłane? z .{2,60}",
    r"lähetetty .{2,60}",
    r"отправлено (?:с|из) .{2,60}",
    r"從我的 .{2,40} 傳送",
    r"anfonwyd o fy .{2,40}",
)
SIGN_OFFS = (
    r"(?:with |my )?(?:kind(?:est)?|best|warm(?:est)?|many|with)?\s*(?:regards|wishes)",
    r"(?:many |kind )?thanks (?:and|&) (?:kind |best )?regards",
    r"yours (?:sincerely|faithfully|truly)|(?:yours )?sincerely|cheers|all the best|best|respectfully|kr|br|rgds|kh|mvh|vh",
    r"mit (?:freundlichen|besten) grüßen|(?:viele|beste|liebe) grüße|mfg|cordialement|bien à vous|saludos|un saludo",
    r"cordiali saluti|distinti saluti|met vriendelijke groete?n?|med venlig hilsen|(?:venlig )?hilsen|med vänliga hälsningar|med vennlig hilsen",
    r"pozdrawiam|z powa[żz]aniem|s pozdravem|ystävällisin terveisin|с уважением|cofion(?: cynnes)?|yn gywir|diolch",
)
CONTACTS = (
    "tel|telephone|phone|mobile?|mob|handy|fax|direct|ddi|ext|e-?mail|web|website|www|address|twitter|t|m|e|w|f|a|p|d"
)

_DELIMITER = re.compile(r"^\s*(?:--|—|__)\s?$")
_DEVICE = re.compile(rf"^[\s<(*_]*(?:{'|'.join(DEVICE_LINES)})[.!]?$", re.IGNORECASE)
_SIGN_OFF = re.compile(rf"^[\s*_]*(?:{'|'.join(SIGN_OFFS)})[\s,.!*_]*$", re.IGNORECASE)
_RULED_LINE = re.compile(r"^\s*[-_=*~#+]{2,}\s*$")
_LABELLED = re.compile(r"^\s*((?:[^\s:]+\s+){0,4}[^\s:]*[^\s\d:])\s*:\s*\S")
_CONTACT = re.compile(rf"^[\s*_]*(?:{CONTACTS})\b[\w\s./()]{{0,15}}$", re.IGNORECASE)
_REACHED = re.compile(r"\d{3,}[\d\s]{3,}|\S@\w|www\.|https?:|\|", re.IGNORECASE)
_NUMBERED = re.compile(r"^\s*\d{1,2}(?:[.)]\s*|\s+)(?:yes|no|n/a|accept|reject|approve|agree|done)", re.IGNORECASE)
_POSTSCRIPT = re.compile(r"^\s*p\.?\s?s\.?\b", re.IGNORECASE)


def is_device_line(line: str) -> bool:
    """Whether a line is what a telephone or a mail program adds ("Sent from my iPhone")."""
    return len(line) <= LONGEST_LINE and _DEVICE.match(line.strip()) is not None


def is_answer_line(line: str) -> bool:
    """Whether a line may answer a question: "Key: value", or a point by its number."""
    label = _LABELLED.match(line[:LONGEST_LINE])
    labelled = label is not None and not _CONTACT.match(label[1]) and "//" not in line
    return labelled or _NUMBERED.match(line) is not None


def without_signature(lines: Sequence[str]) -> list[str]:
    """The lines without device lines, disclaimers, banners, list footers and the signature; the words stay as they are."""
    kept = [line for line in without_disclaimers(lines) if not is_device_line(line)]
    for cut in (_cut_delimiter, without_footer, _cut_sign_off):
        kept = _trimmed(cut(kept))
    return kept


def _cut_delimiter(lines: list[str]) -> list[str]:
    """What stands above "-- ", the mark of RFC 3676; other lines by themselves count where a signature stands below."""
    for number, line in enumerate(lines):
        if not _DELIMITER.match(line) or not any(one.strip() for one in lines[:number]):
            continue
        below = lines[number + 1 :]
        if _is_signature(below) or (line.strip() == "--" and not any(is_answer_line(one) for one in below)):
            return lines[:number]
    return lines


def _cut_sign_off(lines: list[str]) -> list[str]:
    """What stands above "Kind regards" with a signature: a name in the same block, or below it how its owner is reached.

    "Thanks" is said, and so is a name that stands by itself after a gap.
    """
    for number in range(max(1, len(lines) - 2 * LONGEST_SIGNATURE), len(lines)):
        line, below = lines[number], lines[number + 1 :]
        signs_off = len(line) <= LONGEST_SIGN_OFF and _SIGN_OFF.match(line) is not None
        if signs_off and _is_signature(below) and any(one.strip() for one in lines[:number]):
            in_one_block = bool(below) and bool(below[0].strip())
            return lines[:number] if in_one_block or any(_REACHED.search(one) for one in below) else lines
    return lines


def _is_signature(lines: Sequence[str]) -> bool:
    written = [line for line in lines if line.strip()]
    return len(written) <= LONGEST_SIGNATURE and not any(_is_said(line) for line in written)


def _is_said(line: str) -> bool:
    """Whether a line below a sign-off is rather something its sender says: a sentence, a postscript, "Key: value"."""
    sentence = len(line.split()) >= PROSE_WORDS and line.rstrip().endswith((".", "!", "?"))
    long = len(line) > LONGEST_SIGNATURE_LINE and "|" not in line
    return (
        is_answer_line(line) or sentence or long or _POSTSCRIPT.match(line) is not None or line.rstrip().endswith("?")
    )


def _trimmed(lines: list[str]) -> list[str]:
    """Without empty and ruled lines at the end."""
    end = len(lines)
    while end and (not lines[end - 1].strip() or _RULED_LINE.match(lines[end - 1][:LONGEST_LINE])):
        end -= 1
    return lines[:end]
