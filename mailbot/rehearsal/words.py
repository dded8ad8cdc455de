"""What people write where a mail of the bot leaves something open: "…", "[date]", "[full name]"."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from mailbot.notify.words import LONDON
from mailbot.organisation import StaffEntry
from mailbot.value import Value

OPEN = re.compile(r"\[([^\]]*)\]|…")
ASIDE = re.compile(r"\s*\([^()]*\)\s*$")

REASONS = (
    "the letter came back unopened",
    "the recipient confirmed in writing that it was deleted",
    "only one person was affected and they were told",
    "we have checked it with the team",
    "the information was already known to the recipient",
    "health information is involved",
    "the person could come to harm",
    "the files were encrypted and the key is safe",
    "it was passed on to others before we heard of it",
    "this is how we agreed it on the telephone",
)
CHATTER = (
    "Thanks, I'll have a look when I can.",
    "Who is this? I don't know anything about it.",
    "See below, can somebody pick this up?",
    "ok",
    "I think Jo deals with these now.",
    "Can we talk about this next week?",
    "Please stop sending me these.",
)


class Directory(Value):
    """Whom and what people name when they are asked: staff, groups, types of incident."""

    staff: tuple[StaffEntry, ...]
    groups: tuple[str, ...]
    types: tuple[str, ...]


def finished(label: str, at: datetime, directory: Directory, chance: Random) -> str:
    """An offered line with its open parts said; ``at`` (aware) is when it is written."""
    plain = ASIDE.sub("", label) if "…" in ASIDE.sub("", label) else label
    return OPEN.sub(lambda open_part: _said(open_part[1] or "", at, directory, chance), plain)


def _said(hint: str, at: datetime, directory: Directory, chance: Random) -> str:
    """What somebody writes for a hint such as "date and time"; a reason where there is none."""
    low = hint.lower()
    local = at.astimezone(LONDON)
    table: Sequence[tuple[tuple[str, ...], str]] = (
        (("date and time",), f"{local - timedelta(hours=1):%d %B %Y %H:%M}"),
        (
            ("ic-",),
            f"IC-{chance.randint(100_000, 999_999)}-{chance.choice('ABCDEFGH')}{chance.randint(1, 9)}Z{chance.randint(1, 9)}",
        ),
        (("email",), chance.choice(directory.staff).address),
        (("full name", "name of", "your name", "who "), chance.choice(directory.staff).name),
        (("police", "crime"), f"42/{chance.randint(1_000, 99_999)}/{local:%y}"),
        (("1 to 5",), str(chance.randint(1, 5))),
        (("type",), chance.choice(directory.types)),
        (("group",), chance.choice(directory.groups)),
        (("date", "day", "when"), f"{local + timedelta(days=chance.randint(10, 40)):%d %B %Y}"),
        (("how many", "number"), str(chance.choice((0, 1, 2, 3, 12)))),
    )
    return next((said for words, said in table if any(word in low for word in words)), chance.choice(REASONS))


def questionnaire(body: str, plain: str, at: datetime, directory: Directory, chance: Random) -> str:
    """The open lines of a link that asks for several things ("Group: "), answered by what the mail asks under each."""
    lines = []
    for line in body.splitlines():
        key, colon, rest = line.partition(":")
        question = _question(key, plain)
        filled = rest.strip() or _answered(question, at, directory, chance)
        lines.append(f"{key}{colon} {filled}" if colon else line)
    return "\n".join(lines)


def _question(key: str, plain: str) -> str:
    found = re.search(rf"{re.escape(key.strip())}:\s*(.+?)(?:\n\s*\n|\n\s*[-*] |\Z)", plain, re.DOTALL)
    return " ".join(found[1].split()).lower() if found else key.lower()


def _answered(question: str, at: datetime, directory: Directory, chance: Random) -> str:
    local = at.astimezone(LONDON) - timedelta(hours=chance.randint(2, 60))
    table = (
        ("when ", f"{local:%d %B %Y} {local:%H:%M}"),
        ("how many", str(chance.choice((1, 2, 5, 40, 150)))),
        ("group", chance.choice(directory.groups)),
        ("line manager", chance.choice(directory.staff).name),
        ("what kind", "names, addresses and appointment dates"),
        ("crime", f"42/{chance.randint(1_000, 99_999)}/{local:%y}"),
    )
    return next((said for word, said in table if word in question), chance.choice(("not known", *REASONS)))
