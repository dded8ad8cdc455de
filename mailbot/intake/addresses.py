"""Addresses out of a From, To or Cc line, as tolerant as mail is careless. Pure text; nothing raises.

The library's own reader changes between patch releases and trips over hostile lines; this one knows names, quotes,
comments, groups and angle brackets, and gives up on nothing: what holds no @ is dropped.
"""

import re

from mailbot.intake.email import Address
from mailbot.intake.headers import decode_words, tidy

MOST = 500

_COMMENT = re.compile(r"\(((?:[^()\\]|\\.)*)\)")
_ANGLE = re.compile(r"<([^<>]*)>?\s*$")
_BARE = re.compile(r"[^\s<>\",;:()\[\]]+@[^\s<>\",;:()]+")


def read_addresses(line: str) -> tuple[Address, ...]:
    """The addresses of one header line (encoded words not yet decoded), in order, at most five hundred."""
    found = (_read_one(piece) for piece in _pieces(line))
    return tuple(one for one in found if one is not None)[:MOST]


def local_part(address: str) -> str:
    """What stands before the last @, in lower case."""
    return address.rpartition("@")[0].lower()


def domain_of(address: str) -> str:
    """What stands behind the last @, in lower case."""
    return address.rpartition("@")[2].lower()


def _pieces(line: str) -> list[str]:
    """Cuts a line at the commas and semicolons that stand outside quotes, comments and brackets."""
    pieces, current, quoted, comments, angle, escaped = [], [""], False, 0, False, False
    for letter in line:
        outside = not quoted and comments == 0
        if not escaped and letter == '"' and comments == 0:
            quoted = not quoted
        elif outside and letter in "<>":
            angle = letter == "<"
        elif not escaped and not quoted and letter in "()":
            comments = max(0, comments + (1 if letter == "(" else -1))
        elif outside and (letter == ";" or (letter == "," and not angle)):
            pieces.append("".join(current))
            current, angle = [], False
            continue
        elif outside and letter == ":" and not angle and "@" not in "".join(current):
            current = []  # the name of a group, not of a person
            continue
        escaped = letter == "\\" and not escaped
        current.append(letter)
    pieces.append("".join(current))
    return pieces


def _read_one(piece: str) -> Address | None:
    angle = _ANGLE.search(_COMMENT.sub(" ", piece) if "<" not in piece else piece)
    angle = angle or _ANGLE.search(_COMMENT.sub(" ", piece))
    if angle:
        address, name = angle[1].rpartition(":")[2], piece[: piece.rindex("<")]
        address = "".join(_COMMENT.sub("", address).split())
    else:
        bare = _BARE.search(_COMMENT.sub(" ", piece))
        address = bare[0] if bare else ""
        comment = _COMMENT.search(piece)
        name = comment[1] if comment else ""
    if "@" not in address.strip("@"):
        return None
    return Address(address=tidy(address).strip("\"' "), name=_name(name))


def _name(text: str) -> str:
    text = text.strip()
    if text.startswith('"'):
        text = re.sub(r"\\(.)", r"\1", text.strip('"'))
    return " ".join(tidy(decode_words(text)).split()).strip("'\" ")
