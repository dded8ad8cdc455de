"""Lines of a mail or a document: with where they stand, without their decoration."""

import re

from mailbot.parse.reading import Row
from mailbot.value import Value

_UNKNOWN_WORDS = 9
_NOT_A_LABEL = re.compile(
    r"^(?:https?|mailto|tel|fwd?|re|fw|from|to|cc|bcc|sent|subject|note|nb|ps|hi|hello|dear)$", re.IGNORECASE
)
_BULLET = re.compile(r"^\s*(?:[>*•·▪◦‣]|[-–](?=\s))+\s*")
_MARKDOWN = re.compile(r"^(\*{1,2}|_{1,2})(.{1,200}?)\1")


class Line(Value):
    """One line or paragraph with where it stands; ``control`` names the form control that holds its answer."""

    text: str
    source: str
    control: str = ""
    heading: bool = False


class Pairing(Value):
    """Labelled lines read: the questions with their answers, and the lines that belong to none."""

    rows: tuple[Row, ...] = ()
    loose: tuple[str, ...] = ()


def plain_line(text: str) -> str:
    """A line without bullets, quotation marks and the stars of bold type."""
    return _MARKDOWN.sub(r"\2", _BULLET.sub("", text, count=1)).strip()


def looks_asked(head: str, tail: str) -> bool:
    """Whether an unknown line of a document has the shape of a question: short, ending in a colon."""
    return (
        0 < len(head.split()) <= _UNKNOWN_WORDS
        and bool(tail)
        and not tail.startswith("//")
        and not _NOT_A_LABEL.match(head)
        and not head[-1].isdigit()
    )
