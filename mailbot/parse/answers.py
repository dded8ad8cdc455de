"""The ``Key: value`` lines of a reply, as its sender wrote them; what they mean is for the procedure to say. Pure."""

import re

from mailbot.parse.axes import IMPACT, LIKELIHOOD, as_one_answer, axis_line
from mailbot.parse.reading import AnswerLine

MOST_LINES = 200
LONGEST_VALUE = 2000

MOST_WORDS = 4

_BULLET = re.compile(r"^\s*(?:(?:[-–—*•·‣▪●○◦]|\(?\d{1,2}[.)](?=\s))\s*)?[\"“”‘'*_]{0,3}(?=\w)")
"""What people and their mail programs put in front of a line: a bullet sign, its number, a quotation mark, bold."""

_LINE = re.compile(r"^\s*([^:=：]{1,60})[:=：]\s*(\S.*)$")


def read_answers(reply: str) -> tuple[AnswerLine, ...]:
    """Each line that has a key of one to four words, a colon and a value. A line without a colon carries the value on.

    An empty line ends a value. Keys are in lower case with single spaces; values keep their own words. The two axes of
    the NHS grid are one answer, wherever they stand, and need no colon.
    """
    found: list[AnswerLine] = []
    going_on = False
    for line in reply.splitlines()[: MOST_LINES * 5]:
        answer = _answer(line[:LONGEST_VALUE])
        if answer:
            found.append(answer)
            going_on = True
        elif going_on and line.strip():
            last = found[-1]
            found[-1] = last.but(value=f"{last.value} {line.strip()}"[:LONGEST_VALUE])
        else:
            going_on = False
    return _axes_together(found)[:MOST_LINES]


def _answer(line: str) -> AnswerLine | None:
    line = _BULLET.sub("", line)
    axis = axis_line(line)
    if axis:
        return AnswerLine(key=axis[0], value=axis[1])
    match = _LINE.match(line)
    if match is None or match[2].startswith("//"):
        return None
    words = match[1].lower().split()
    is_key = 0 < len(words) <= MOST_WORDS and words[0][0].isalnum()
    return AnswerLine(key=" ".join(words), value=match[2].strip()) if is_key else None


def _axes_together(lines: list[AnswerLine]) -> tuple[AnswerLine, ...]:
    """Likelihood and impact as one answer, where the first of them stood. What only speaks of an impact is left alone."""
    likelihood = " ".join(one.value for one in lines if one.key == LIKELIHOOD)
    impact = " ".join(one.value for one in lines if one.key == IMPACT and (likelihood or _is_axis(one)))
    if not (likelihood or impact):
        return tuple(lines)
    together = AnswerLine(key=LIKELIHOOD, value=as_one_answer(likelihood, impact)[:LONGEST_VALUE])
    own = [one.key == LIKELIHOOD or (one.key == IMPACT and (bool(likelihood) or _is_axis(one))) for one in lines]
    first = own.index(True)
    return (
        *lines[:first],
        together,
        *(one for one, is_own in zip(lines[first:], own[first:], strict=True) if not is_own),
    )


def _is_axis(line: AnswerLine) -> bool:
    return axis_line(f"{line.key} {line.value}") is not None
