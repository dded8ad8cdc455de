"""The report inside a mail that only passes it on: who wrote it, when, in which words. Pure text; nothing raises.

A manager or a desk sends a report on, as an attachment or below a heading ("From: … Sent: … Subject: …") that the mail
program wrote. It counts as the report only where its subject is the title, or stands in the mail's own subject: a
suspicious mail that somebody attaches as evidence was not written by the Reporter.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import NamedTuple
from zoneinfo import ZoneInfo

from mailbot.intake.email import Address, Forwarded, InboundEmail
from mailbot.intake.headers import decode_words, moment
from mailbot.intake.headings import HEADINGS
from mailbot.intake.kinds import is_titled
from mailbot.intake.reply import own_words
from mailbot.intake.rules import IntakeRules
from mailbot.intake.title import words_of

MOST_LINES = 4_000
MOST_BLOCKS = 20
BLOCK_LINES = 12
LONGEST_LINE = 1_000
SHORTEST_SUBJECT = 2
"""Words: a shorter subject stands in too many others to prove anything."""
REMARK = 25
"""Words above an own mail sent on: more of them are a report of their own."""

_KINDS = {word: kind for kind, words in HEADINGS.items() for word in words}
_LABEL = re.compile(r"^([>\s|]*)\**([\w-]{1,12})\s*\**:\**\s*(.*?)\**\s*$")
_SENT_ON = re.compile(r"(?:^|[\s\]:])(?:fw|fwd|wg|tr|rv|i|vb|doorst)\s*:", re.IGNORECASE)
_MARKED = re.compile(
    r"^[>\s]*(?:-{2,}\s*forwarded (?:message|by)|begin forwarded message|-{2,}\s*weitergeleitete nachricht)",
    re.IGNORECASE | re.MULTILINE,
)
_MAIL_ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_AROUND_NAMES = "<[(\"'* "
_WRITTEN_DATE = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th)?\s+([a-z]{3,9})|([a-z]{3,9})\s+(\d{1,2})),?\s+(\d{4})\D{1,6}(\d{1,2}):(\d\d)(?::\d\d)?\s*([ap]m)?",
    re.IGNORECASE,
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONDON = ZoneInfo("Europe/London")


class _Block(NamedTuple):
    """A heading in a text: what it says, how its lines are quoted, and where the words below it begin."""

    said: dict[str, str]
    quote: str
    below: int


def forwarded_in(
    email: InboundEmail, attached: Sequence[tuple[Forwarded, str]], rules: IntakeRules
) -> Forwarded | None:
    """The report that a mail passes on, None where the mail is itself the report.

    ``attached`` are the messages attached to it, each with its text. Of several headings below one another the last
    that fits is taken: what was passed on twice was written by the first.
    """
    inline = _in_text(email, rules) if _is_sent_on(email) else ()
    candidates = (*(one.but(text=own_words(text, rules.reply_marker)) for one, text in attached), *reversed([*inline]))
    return next((one for one in candidates if _is_the_report(one, email, rules)), None)


def _is_sent_on(email: InboundEmail) -> bool:
    return _SENT_ON.search(email.subject) is not None or _MARKED.search(email.text) is not None


def _is_the_report(one: Forwarded, email: InboundEmail, rules: IntakeRules) -> bool:
    if not (one.sender.address or one.sender.name) or (_is_senders_own(one, email) and not _is_all(one, email)):
        return False
    inner, outer = words_of(one.subject), words_of(email.subject)
    named = len(inner) >= SHORTEST_SUBJECT and " ".join(inner) in " ".join(outer)
    return is_titled(one.subject, rules) or named


def _is_senders_own(one: Forwarded, email: InboundEmail) -> bool:
    return one.sender.address.lower() == email.sender.address.lower()


def _is_all(one: Forwarded, email: InboundEmail) -> bool:
    """Whether a mail says nothing of its own beside what it passes on: who sends an own mail on may report anew."""
    return email.reply.strip() == one.text.strip() or len(email.reply.split()) <= REMARK


def _in_text(email: InboundEmail, rules: IntakeRules) -> Iterator[Forwarded]:
    lines = email.text.split("\n")[:MOST_LINES]
    for block in islice(_blocks(lines), MOST_BLOCKS):
        below = [line.removeprefix(block.quote.rstrip()).removeprefix(" ") for line in lines[block.below :]]
        yield Forwarded(
            sender=_person(block.said["from"]),
            date=_date(block.said.get("date", "")),
            subject=block.said.get("subject", ""),
            text=own_words("\n".join(below if ">" in block.quote else lines[block.below :]), rules.reply_marker),
        )


def _blocks(lines: Sequence[str]) -> Iterator[_Block]:
    """The headings of a text: From and at least two other labels on lines that follow one another."""
    number = 0
    while number < len(lines):
        block = _block_at(lines, number)
        if block:
            yield block
        number = block.below if block else number + 1


def _block_at(lines: Sequence[str], start: int) -> _Block | None:
    first = _labelled(lines[start])
    if first is None or first[0] != "from" or not first[1]:
        return None
    said, last, end = {"from": first[1]}, "from", start + 1
    labels = 1
    while end < len(lines) and end - start < BLOCK_LINES:
        found = _labelled(lines[end])
        if found:
            last, labels = found[0], labels + 1
            said.setdefault(*found)
        elif not lines[end].strip("> \t") or not lines[end][:1].isspace():
            break
        else:
            said[last] = f"{said[last]} {lines[end].strip()}"
        end += 1
    quote = _LABEL.match(lines[start])
    return _Block(said, quote[1] if quote else "", end) if labels > SHORTEST_SUBJECT else None


def _labelled(line: str) -> tuple[str, str] | None:
    found = _LABEL.match(line[:LONGEST_LINE])
    kind = _KINDS.get(found[2].lower(), "") if found else ""
    return (kind, found[3].strip()) if found and kind else None


def _person(text: str) -> Address:
    found = _MAIL_ADDRESS.search(text)
    name = text[: found.start()] if found else text
    name = name.strip().removesuffix("mailto:").strip(_AROUND_NAMES)
    return Address(address=found[0] if found else "", name=decode_words(name)[:200])


def _date(text: str) -> datetime | None:
    """The moment as a mail program writes it: as in a header, or "20 November 2026 19:02" in London's time."""
    found = _WRITTEN_DATE.search(text)
    if found is None or re.search(r"[+-]\d{4}\b", text):
        return moment(text)
    day, month = (found[1], found[2]) if found[1] else (found[4], found[3])
    hour = int(found[6]) % 12 + (12 if found[8].lower() == "pm" else 0) if found[8] else int(found[6])
    try:
        number = _MONTHS.index(month[:3].lower()) + 1
        return datetime(int(found[5]), number, int(day), hour, int(found[7]), tzinfo=_LONDON)
    except ValueError:
        return None
