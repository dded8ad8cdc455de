"""Whether two reports are one, or only read alike. Pure; what follows from it is for others to say.

One report that came twice is known by more than its words: by its writer together with the same filled form or the
same stated moment. Words alone prove nothing: “Letter sent to the wrong address” is written about many incidents.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime, time, timedelta

from mailbot.intake.email import InboundEmail
from mailbot.parse.reading import REFERENCE, Reading
from mailbot.parse.report_form import OTHER
from mailbot.parse.wording import fold
from mailbot.value import Instant, Value

STORY = "description"
MOST_WORDS = 400
"""So many words of a story are compared."""
FEWEST_WORDS = 3
"""A story of fewer words is like any other."""
MUCH_SAID = 30
"""Nobody writes so many words twice in a day about two incidents."""
SOON = timedelta(days=1)
NEARLY = 0.7
"""The share of their words that two stories have in common, from which they read nearly alike."""

SAME_FILE = "the same filled form or document is attached"
SAME_WORDS = "it is told in the same words"
NEAR_WORDS = "it is told in nearly the same words"

PASSED_ON = "it was passed on by somebody"
SENT_AGAIN = "its sender sent it once more"

_BANDS, _ROWS, _BYTES = 7, 3, 3
"""Stories that share seven words of ten share a band nineteen times of twenty, those that share one of five hardly ever."""
_UNTOLD = frozenset({STORY, OTHER, REFERENCE})
_CLOCKS_APART = timedelta(minutes=1)
"""The heading above a forwarded mail names no seconds."""


class Gist(Value):
    """What of a report is compared with others.

    ``writer``: who first wrote it, whoever sent it on; the heading of a mail sent on may hold no more than their name.
    ``story``: the words of what happened. ``said``: the other answers as written, by field; ``moments``: the
    times among them as understood, without days that name no time. ``files``: digests of the documents that hold
    answers, so that no logo counts. ``written_at``: when it was first sent, by its own claim.
    """

    writer: str
    name: str = ""
    forwarded: bool = False
    story: tuple[str, ...] = ()
    said: dict[str, str] = {}
    moments: dict[str, str] = {}
    files: tuple[str, ...] = ()
    written_at: Instant | None = None
    arrived_at: Instant


def gist_of(reading: Reading, arrived_at: datetime) -> Gist:
    """The gist of a report that arrived at that moment (aware)."""
    email, fields = reading.email, reading.report.fields
    first = email.forwarded or email
    story = fields[STORY].raw if STORY in fields else ""
    told = {name: fact for name, fact in fields.items() if name not in _UNTOLD}
    return Gist(
        writer=first.sender.address.lower(),
        name=fold(first.sender.name),
        forwarded=email.forwarded is not None,
        story=tuple(fold(story).split()[:MOST_WORDS]),
        said={name: fold(fact.raw) for name, fact in told.items()},
        moments={name: fact.value for name, fact in told.items() if _is_moment(fact.value)},
        files=_telling_files(reading, email),
        written_at=first.date,
        arrived_at=arrived_at,
    )


def same_report(new: Gist, known: Gist) -> str:
    """Why a report is one that is known already, or an empty text where it is another one.

    In doubt it is another one: an incident too many is put right by a word, an incident too few by nobody.
    """
    if new.forwarded and _same_sending(new, known) and (new.story == known.story or _share_a_file(new, known)):
        return PASSED_ON
    if not new.writer or new.writer != known.writer:
        return ""
    same_form = bool(new.files) and new.files == known.files
    return SENT_AGAIN if same_form or _same_answers(new, known) else ""


def likeness(one: Gist, other: Gist) -> str:
    """Why two reports read alike, in words for people; an empty text where they do not."""
    if _share_a_file(one, other):
        return SAME_FILE
    if len(one.story) < FEWEST_WORDS or len(other.story) < FEWEST_WORDS:
        return ""
    if one.story == other.story:
        return SAME_WORDS
    words, others = set(one.story), set(other.story)
    return NEAR_WORDS if len(words & others) >= NEARLY * len(words | others) else ""


def keys_of(gist: Gist) -> tuple[str, ...]:
    """The keys under which a report is found again by others like it; they tell its words, so only fingerprints of them may be kept.

    Two reports alike share at least one key nearly always; sharing one proves nothing yet.
    """
    story = " ".join(gist.story)
    whole = (f"{gist.writer} wrote {story}", f"story {story}") if len(gist.story) >= FEWEST_WORDS else ()
    files = [key for file in gist.files for key in (f"{gist.writer} sent {file}", f"file {file}")]
    return tuple(dict.fromkeys((*whole, *files, *_bands(gist.story))))


def _telling_files(reading: Reading, email: InboundEmail) -> tuple[str, ...]:
    sources = [fact.source for fact in reading.report.fields.values()]
    telling = (file for file in email.attachments if any(source.startswith(f"{file.name}, ") for source in sources))
    return tuple(sorted(file.sha256 for file in telling))


def _share_a_file(one: Gist, other: Gist) -> bool:
    return not set(one.files).isdisjoint(other.files)


def _same_answers(new: Gist, known: Gist) -> bool:
    """The same words throughout: at any time where they name the same moments, within a day where they say much."""
    if new.story != known.story or new.said != known.said:
        return False
    if known.moments and new.moments == known.moments:
        return True
    words = len(known.story) + sum(len(answer.split()) for answer in known.said.values())
    return words >= MUCH_SAID and abs(new.arrived_at - known.arrived_at) <= SOON


def _same_sending(new: Gist, known: Gist) -> bool:
    """Whether the mail passed on is the known one by its heading, which may name no date, or no time zone, or no address."""
    if new.writer != known.writer and (new.writer or not new.name or new.name != known.name):
        return False
    if new.written_at is None or known.written_at is None:
        return bool(new.writer)
    apart = abs(new.written_at - known.written_at) % timedelta(hours=1)
    hours = abs(new.written_at - known.written_at) <= SOON
    return hours and min(apart, timedelta(hours=1) - apart) <= _CLOCKS_APART


def _is_moment(value: str) -> bool:
    """Whether an understood answer names a day and a time of it."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return False
    return moment.tzinfo is not None and moment.time() != time()


def _bands(story: tuple[str, ...]) -> Iterator[str]:
    """Keys that stories share the likelier, the more words they share (MinHash in bands)."""
    words = set(story)
    if len(story) < FEWEST_WORDS:
        return
    size = _BANDS * _ROWS * _BYTES
    hashes = [hashlib.blake2b(word.encode("utf-8", "replace"), digest_size=size).digest() for word in words]
    least = [min(one[at : at + _BYTES] for one in hashes) for at in range(0, size, _BYTES)]
    for band in range(_BANDS):
        yield f"words {band} {b''.join(least[band * _ROWS : (band + 1) * _ROWS]).hex()}"
