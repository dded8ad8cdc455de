"""An incident's story as a timeline: at each moment what came, what it changed, what the bot wrote to whom, and the clock. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from mailbot.demo.gather import in_order
from mailbot.demo.history import Historian
from mailbot.demo.record import Received, Sent, Story
from mailbot.demo.script import Outage
from mailbot.incident import AuditEntry
from mailbot.notify.templates import Template
from mailbot.notify.words import LONDON
from mailbot.store import OutboxState

CLOCK = "decide_ico"
SOON = timedelta(hours=24)
HOUR = timedelta(hours=1)
OFF = "The bot was off from {} to {}: what was due meanwhile leaves now, and says that it is late"

VERBS = (  # the beginning of a template's name → what the bot does by it; the first that fits
    ("acknowledgement", "answers"),
    ("receipt", "confirms to"),
    ("ruled_receipt", "confirms to"),
    ("answer_unclear", "asks again"),
    ("answer_held", "shows"),
    ("escalation", "escalates to"),
    ("on_call_notice", "alerts"),
    ("severity_changed", "tells"),
    ("follow_up_notice", "tells"),
    ("digest", "reminds"),
    ("triage_digest", "tells"),
)
ASKED = "asked"
BEGUN = frozenset({"duty started", "duty planned anew"})
TROUBLE = frozenset({"answer unclear", "answer held", "not reached"})


class Clock(NamedTuple):
    """The 72 hours at a moment; ``state`` is "running", "soon", "over", "met" or "missed"."""

    words: str
    state: str


class Change(NamedTuple):
    """Something that an answer or the bot changed, with the paragraph it follows, where it follows one."""

    words: str
    para: str = ""
    is_trouble: bool = False


class Post(NamedTuple):
    """A mail of the bot: what it does by it, and whether it comes later than planned."""

    sent: Sent
    verb: str
    para: str
    is_late: bool
    is_escalation: bool


class Moment(NamedTuple):
    """All that happened at one moment. ``begun``: the duties that start with it."""

    at: datetime
    clock: Clock | None
    came: tuple[Received, ...]
    changes: tuple[Change, ...]
    begun: tuple[Change, ...]
    posts: tuple[Post, ...]


class Teller:
    """Tells stories. ``messages``: the templates by name, for their paragraphs."""

    def __init__(self, historian: Historian, messages: Mapping[str, Template]) -> None:
        self._historian = historian
        self._messages = messages

    def moments(self, story: Story, outages: Sequence[Outage] = ()) -> tuple[Moment, ...]:
        """The incident's timeline in order; moments at which nothing is worth a line are left out."""
        ended = {
            one.until_at: Change(OFF.format(_short(one.from_at), _short(one.until_at)), is_trouble=True)
            for one in outages
        }
        by_minute = groupby(in_order(story), key=lambda one: one[0].replace(second=0, microsecond=0))
        told = (
            self._moment(at, [what for _, what in same], story, (ended[at],) if at in ended else ())
            for at, same in by_minute
        )
        return tuple(one for one in told if one.came or one.changes or one.begun or one.posts)

    def _moment(self, at: datetime, happened: list[object], story: Story, first: tuple[Change, ...]) -> Moment:
        entries = [one for one in happened if isinstance(one, AuditEntry)]
        late = {_step_of(one) for one in entries if one.details.get("late") == "yes"}
        return Moment(
            at=at,
            clock=clock_at(at, story),
            came=tuple(one for one in happened if isinstance(one, Received)),
            changes=tuple(dict.fromkeys((*first, *self._changes(entries, begun=False)))),
            begun=tuple(dict.fromkeys(self._changes(entries, begun=True))),
            posts=tuple(self._post(one, late) for one in happened if isinstance(one, Sent) and _has_gone(one)),
        )

    def _changes(self, entries: list[AuditEntry], *, begun: bool) -> Iterator[Change]:
        for entry in entries:
            words = self._historian.sentence(entry) if (entry.action in BEGUN) is begun else ""
            if words:
                trouble = entry.action in TROUBLE or entry.details.get("met") == "no"
                yield Change(words, self._historian.para(entry), trouble)

    def _post(self, sent: Sent, late: set[tuple[str, str, str]]) -> Post:
        email = sent.row.email
        message = self._messages.get(email.template)
        first = next((verb for start, verb in VERBS if email.template.startswith(start)), "")
        verb = first or _verb(sent)
        duty = self._historian.para_of(email.duty_kind or "") if email.step else ""
        return Post(
            sent=sent,
            verb=verb,
            para=duty or (message.para if message else ""),
            is_late=(email.duty_kind or "", email.step or "", email.recipient) in late,
            is_escalation=email.template == "escalation",
        )


def clock_at(at: datetime, story: Story) -> Clock | None:
    """How the 72 hours stand at a moment; None where the incident has no such clock."""
    duty = story.incident.duty(CLOCK)
    if duty is None or duty.due_at is None:
        return None
    recorded = (one.at for one in story.history if one.action == "duty ended" and one.details["duty"] == CLOCK)
    if duty.discharged and min(recorded, default=at) <= at:
        said = "told" if duty.discharged.how == "reported" else duty.discharged.how
        return Clock(f"ICO: {said}, in time", "met") if duty.discharged.met else Clock(f"ICO: {said}, late", "missed")
    left = duty.due_at - at
    if left < timedelta(0):
        return Clock(f"{-left // HOUR} h over the 72", "over")
    return Clock(f"{left // HOUR} of 72 h left", "soon" if left < SOON else "running")


def _short(at: datetime) -> str:
    return f"{at.astimezone(LONDON):%a %d %b, %H:%M}"


def _verb(sent: Sent) -> str:
    if sent.row.email.template.endswith("_notice"):
        return "tells"
    return "asks" if sent.row.email.step in {None, ASKED} else "reminds"


def _has_gone(sent: Sent) -> bool:
    return sent.row.state is not OutboxState.WITHDRAWN and sent.row.frozen is not None


def _step_of(entry: AuditEntry) -> tuple[str, str, str]:
    said = entry.details
    return said.get("duty", ""), said.get("step", ""), said.get("recipient", "")
