"""What people write where a mail of the bot leaves something open: "…", "[date]", "[full name]"."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random

from mailbot.notify.words import LONDON
from mailbot.organisation import StaffEntry
from mailbot.value import Value

OPEN = re.compile(r"\[([^\]]*)\]|…")
CHOICE = re.compile(r"[^,]+(?:, [^,]+)+ or [^,]+")
ASIDE = re.compile(r"\s*\([^()]*\)\s*$")

REASONS: Mapping[str, tuple[str, ...]] = {
    "contained": (
        "we rang them, they deleted it and confirmed that nobody else had it",
        "the letter is back with us, and it was never opened",
        "the account is closed, and the log shows no other use",
    ),
    "severity": ("health information is involved", "it was one letter to one known address", "many people are concerned"),
    "ico": ("it was encrypted and the key is safe", "the recipient is known to us and deleted it"),
    "data subjects": ("they could come to harm", "it came back unread, so no harm is likely", "they must change their passwords"),
    "people told": ("we are looking for their present address",),
    "controller told": ("their office is closed today",),
    "siro view": ("the people are vulnerable", "nobody outside the council has seen it"),
    "caldicott view": ("it concerns a child's health record", "only another ward saw it"),
    "review": ("the root cause is missing", "the second recommendation has no owner"),
    "no personal data": ("the second answer names a pupil",),
    "investigation": ("the cause is plain and the envelope was changed on the day",),
    "names": ("it was an agency worker who has left",),
    "not an incident": ("nothing left the office", "it was a test of the printer"),
    "sign off": ("the system is being replaced in March",),
    "stepped in": ("I spoke to the Group Manager, who sees to it this week",),
    "summary": ("A letter about one person went to a former address and came back unopened",),
    "lessons": ("Addresses are checked by two people before letters leave",),
    "controller": ("Exampleshire Fire Authority",),
    "done": ("all staff of the team have been trained",),
}  # fmt: skip
"""Key of an answer → what people give as its reason, or say of it."""

ANY_REASON = ("we have checked it with the team", "this is how we agreed it on the telephone")
TIMES = ("{day:%d %B %Y} {day:%H:%M}", "{day:%d/%m/%Y} at {day:%H:%M}", "{day:%A} {day:%d %b} {day:%H:%M}")
DEEDS = (
    "{day:%d %B %Y}, by telephone",
    "{day:%d/%m/%y} by phone, a letter has followed",
    "{day:%A} {day:%d %b}, in person",
)
"""How people write when something was done."""

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
    key = plain.partition(":")[0].lower()
    return OPEN.sub(lambda open_part: _said(open_part[1] or "", key, at, directory, chance), plain)


def _said(hint: str, key: str, at: datetime, directory: Directory, chance: Random) -> str:
    """What somebody writes for a hint such as "date and time"; a reason where there is none."""
    if CHOICE.fullmatch(hint):
        return chance.choice(re.split(r", | or ", hint))
    low = hint.lower()
    past = at.astimezone(LONDON) - timedelta(hours=1)
    ahead = past + timedelta(days=chance.randint(10, 40))
    reason = chance.choice(REASONS.get(key, ANY_REASON))
    number = f"IC-{chance.randint(100_000, 999_999)}-{chance.choice('ABCDEFGH')}{chance.randint(1, 9)}Z{chance.randint(1, 9)}"
    table: tuple[tuple[tuple[str, ...], str], ...] = (
        (("what was done",), f"1, {reason}"),
        (("why", "sentences", "learnt", "seen to", "organisation"), reason),
        (("date and time",), chance.choice(TIMES).format(day=past)),
        (("ic-",), number),
        (("regulator decided",), f"no further action, {past:%d %B %Y}"),
        (("email", "full name", "name of", "your name"), _somebody(low, chance.choice(directory.staff))),
        (("police", "crime"), f"42/{chance.randint(1_000, 99_999)}/{past:%y}"),
        (("1 to 5",), str(chance.randint(1, 5))),
        (("type",), chance.choice(directory.types)),
        (("the group",), chance.choice(directory.groups)),
        (("by when", "date"), f"{ahead:%d %B %Y}"),
        (("when",), chance.choice(DEEDS).format(day=past)),
        (("how many", "number"), str(chance.choice((0, 1, 2, 3, 12)))),
    )
    return next((said for words, said in table if any(word in low for word in words)), reason)


def _somebody(hint: str, entry: StaffEntry) -> str:
    """A person as the hint asks for them: by name where a name will do."""
    return entry.name if "name" in hint else entry.address


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
    contained = REASONS["contained"]
    return next((said for word, said in table if word in question), chance.choice(("not known", *contained)))
