"""The start page: both stories as timelines with the clock beside them, all mails by reader, and the duties."""

from collections.abc import Sequence
from typing import NamedTuple

from mailbot.demo.act import Act
from mailbot.demo.history import Historian
from mailbot.demo.record import Sent, Story
from mailbot.demo.shown import environment
from mailbot.demo.timeline import Moment, Teller
from mailbot.incident import Duty


class Reader(NamedTuple):
    """Somebody with every mail of the bot that they got, and in which capacities."""

    address: str
    roles: tuple[str, ...]
    mails: tuple[Sent, ...]


class Chapter(NamedTuple):
    """A story with one incident, as the start page tells it."""

    act: Act
    story: Story
    moments: tuple[Moment, ...]
    readers: tuple[Reader, ...]
    in_time: int
    late: int
    open: tuple[Duty, ...]


def start_page(acts: Sequence[Act]) -> bytes:
    """The page that the folder is opened with. Stories with a single incident are told in full, the others linked to."""
    long, others = (
        [act for act in acts if len(act.record.stories) == 1],
        [act for act in acts if len(act.record.stories) > 1],
    )
    last = max(acts, key=lambda act: act.record.at)
    templates = environment(Historian(last.settings), last.record.at)
    chapters = [_chapter(act) for act in long]
    return (
        templates.get_template("start.html")
        .render(base="", at=last.record.at, chapters=chapters, others=others)
        .encode()
    )


def _chapter(act: Act) -> Chapter:
    (story,) = act.record.stories
    met = [one.discharged.met for one in story.incident.duties if one.discharged]
    return Chapter(
        act=act,
        story=story,
        moments=Teller(Historian(act.settings), act.settings.templates.messages).moments(story, act.script.outages),
        readers=_readers([*story.sent, *act.record.of_the_bot]),
        in_time=met.count(True),
        late=met.count(False),
        open=story.incident.open_duties,
    )


def _readers(mails: Sequence[Sent]) -> tuple[Reader, ...]:
    """The readers by the moment of their first mail."""
    by_address: dict[str, list[Sent]] = {}
    for sent in sorted(mails, key=lambda one: one.number):
        by_address.setdefault(sent.row.email.recipient, []).append(sent)
    return tuple(
        Reader(address, tuple(dict.fromkeys(one.row.email.role.words for one in got)), tuple(got))
        for address, got in by_address.items()
    )
