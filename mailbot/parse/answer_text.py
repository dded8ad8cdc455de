"""What somebody put into the place for an answer: ticks read, placeholders and untouched choices taken for nothing."""

import re

from mailbot.parse.wording import fold

LONGEST_ANSWER = 20_000
"""Characters kept of one answer; the rest stays in the document."""

_TICKED = frozenset("☒☑✓✔✗✘⊠🗹🗷")
_MARK = re.compile(r"[☒☑✓✔✗✘⊠🗹🗷☐□◻⬜]|\[\s?[xX✓✔]?\s?\]|\(\s?[xX✓✔]\s?\)|\(\s\)")
_UNTOUCHED = re.compile(
    r"^(?:yes|no|y|n)(?:\s*(?:/|\||or)\s*(?:yes|no|y|n|n/?a|not known|unknown|don'?t know|unsure|not sure)){1,3}\s*\??$",
    re.IGNORECASE,
)
_NOTHING = re.compile(r"^[\s._\-–—…:;,/\\|*#?]*$")
_LEFT_OVER = re.compile(r"^(?:/\s*)?(yes|no|n/?a|not known|unknown|unsure)(?:\s*[/|])?$", re.IGNORECASE)
"""A choice whose other half was struck out: "Yes /"."""
_SPACES = re.compile(r"[^\S\n]+")


def clean_answer(text: str, placeholders: frozenset[str]) -> str:
    """The answer without decoration, or an empty text where nobody has answered."""
    lines = (_SPACES.sub(" ", line).strip() for line in text.replace("\r", "\n")[:LONGEST_ANSWER].splitlines())
    answer = "\n".join(read for read in (_line(line) for line in lines) if read)
    answer = _LEFT_OVER.sub(r"\1", answer)
    is_nothing = _NOTHING.match(answer) or _UNTOUCHED.match(answer) or fold(answer) in placeholders
    return "" if is_nothing else answer


def has_ticks(text: str) -> bool:
    """Whether a text holds tick boxes, ticked or not."""
    return _MARK.search(text) is not None


def _line(line: str) -> str:
    """A line with its tick boxes read: the ticked choices, with whatever was written beside them."""
    marks = list(_MARK.finditer(line))
    if not marks:
        return line
    after = [*(mark.start() for mark in marks[1:]), len(line)]
    words = [line[: marks[0].start()], *(line[mark.end() : end] for mark, end in zip(marks, after, strict=True))]
    boxes_follow = bool(fold(words[0])) and not fold(words[-1])
    labels, lead = (words[:-1], "") if boxes_follow else (words[1:], words[0].strip())
    read = [
        _choice(label.strip(" \t,;/"), ticked=_is_ticked(mark.group()))
        for mark, label in zip(marks, labels, strict=True)
    ]
    chosen = "; ".join(choice for choice in read if choice)
    return f"{lead} {chosen}".strip() if chosen else ""


def _choice(label: str, *, ticked: bool) -> str:
    """A ticked choice by its name; beside one left open only what was written after a colon counts ("Other: fax")."""
    return label or "Yes" if ticked else label.partition(":")[2].strip()


def _is_ticked(mark: str) -> bool:
    return mark[0] in _TICKED or any(sign in mark for sign in "xX✓✔")
