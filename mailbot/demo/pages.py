"""The weekend as a folder of plain pages: path → bytes. Nothing remote, no script, readable on a phone and on paper."""

from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from mailbot.demo.gather import in_order
from mailbot.demo.history import Historian
from mailbot.demo.letters import ADDRESSES
from mailbot.demo.record import BoxLine, Received, Sent, Story, WeekendRecord
from mailbot.incident import AuditEntry
from mailbot.notify.words import LONDON, counted, deadline, moment, time_left
from mailbot.settings import Settings
from mailbot.store import OutboxState
from mailbot.terms import Queue

TEMPLATES = Path(__file__).with_name("pages")
STYLE = "style.css"
HEADERS = ("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "In-Reply-To", "Auto-Submitted")
ABBREVIATIONS = frozenset({"ico", "siro", "dpo", "it", "ig", "hr"})
Files = Iterator[tuple[str, bytes]]


class Pages:
    """Makes the pages of one weekend."""

    def __init__(self, record: WeekendRecord, settings: Settings) -> None:
        self._record = record
        self._settings = settings
        self._historian = Historian(settings)
        self._templates = _environment(self._historian, record.at)

    def files(self) -> dict[str, bytes]:
        """Every file of the folder, by its path with forward slashes."""
        made = dict(self._all())
        made[STYLE] = (TEMPLATES / STYLE).read_bytes()
        return made

    def _all(self) -> Files:
        yield "index.html", self._index()
        yield "mailboxes.html", self._page("mailboxes.html", boxes=self._boxes(), addresses=ADDRESSES)
        for story in self._record.stories:
            yield f"incidents/{story.incident.reference}.html", self._incident(story)
            for received in story.received:
                yield from self._received(received, story)
            for sent in story.sent:
                yield from self._sent(sent, story)
        for sent in self._record.of_the_bot:
            yield from self._sent(sent, None)

    def _index(self) -> bytes:
        left_alone = [one for one in self._record.boxes if one.is_untouched and not one.is_own]
        sent = sum(len(one.sent) for one in self._record.stories) + len(self._record.of_the_bot)
        return self._page(
            "index.html",
            stories=self._record.stories,
            of_the_bot=self._record.of_the_bot,
            left_alone=left_alone,
            sent=sent,
            council=self._settings.organisation.council,
        )

    def _incident(self, story: Story) -> bytes:
        shows = next((one.mail.shows for one in story.received), "")
        return self._page(
            "incident.html", base="../", story=story, incident=story.incident, shows=shows, moments=in_order(story)
        )

    def _received(self, received: Received, story: Story) -> Files:
        path = f"arrived/{received.number:04}"
        yield f"{path}.eml", received.mail.content
        yield (
            f"{path}.html",
            self._page(
                "received.html",
                base="../",
                received=received,
                story=story,
                headers=_headers(message_from_bytes(received.mail.content)),
            ),
        )

    def _sent(self, sent: Sent, story: Story | None) -> Files:
        path = f"mails/{sent.number:04}"
        if sent.row.frozen is None:
            yield f"{path}.html", self._page("unsent.html", base="../", sent=sent, story=story)
            return
        message = message_from_bytes(sent.row.frozen.content)
        yield f"{path}.eml", sent.row.frozen.content
        yield f"{path}.body.html", _part(message, "text/html").encode()
        files = [(f"{path}-{number}.docx", name, content) for number, (name, content) in enumerate(_files(message), 1)]
        yield from ((where, content) for where, _, content in files)
        yield (
            f"{path}.html",
            self._page(
                "sent.html",
                base="../",
                sent=sent,
                story=story,
                headers=_headers(message),
                text=_part(message, "text/plain"),
                body=f"{sent.number:04}.body.html",
                files=[(where.removeprefix("mails/"), name) for where, name, _ in files],
            ),
        )

    def _boxes(self) -> dict[str, list[BoxLine]]:
        return {name: [one for one in self._record.boxes if one.mail.mailbox == name] for name in ADDRESSES}

    def _page(self, template: str, base: str = "", **values: object) -> bytes:
        return self._templates.get_template(template).render(base=base, at=self._record.at, **values).encode()


def subject_of(sent: Sent) -> str:
    """The subject as a mail program shows it."""
    content = sent.row.frozen.content if sent.row.frozen else b""
    return _decoded(message_from_bytes(content).get("Subject", sent.row.email.template.replace("_", " ")))


def in_plain_words(name: object) -> str:
    """A name of the code as people write it: ``consult_siro`` is “consult SIRO”."""
    words = str(name).replace("_", " ").split(" ")
    return " ".join(word.upper() if word in ABBREVIATIONS else word for word in words)


def _environment(historian: Historian, now: datetime) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "moment": moment,
        "deadline": deadline,
        "short": lambda at: f"{at.astimezone(LONDON):%a %d %b, %H:%M}",
        "left": lambda at: time_left(at, now),
        "counted": counted,
        "who": historian.who,
        "title_of": historian.title,
        "sentence": historian.sentence,
        "subject": subject_of,
        "plain": in_plain_words,
        "percent": lambda confidence: f"{confidence:.0%}",
        "overdue": lambda duties: [one for one in duties if one.due_at and one.due_at < now],
        "desk": lambda queue: Queue(queue).desk,
    }
    environment.tests |= {
        "entry": lambda one: isinstance(one, AuditEntry),
        "received": lambda one: isinstance(one, Received),
        "gone": lambda one: one.row.state is OutboxState.SENT,
        "past": lambda at: at < now,
    }
    return environment


def _headers(message: Message) -> tuple[tuple[str, str], ...]:
    return tuple((name, _decoded(message[name])) for name in HEADERS if message[name])


def _decoded(value: object) -> str:
    return " ".join(str(make_header(decode_header(str(value)))).split())


def _files(message: Message) -> Iterator[tuple[str, bytes]]:
    """What is enclosed with a mail: name and content."""
    for one in message.walk():
        name, content = one.get_filename(), one.get_payload(decode=True)
        if name and isinstance(content, bytes):
            yield name, content


def _part(message: Message, content_type: str) -> str:
    for one in message.walk():
        content = one.get_payload(decode=True) if one.get_content_type() == content_type else None
        if isinstance(content, bytes):
            return content.decode("utf-8", "replace").replace("\r\n", "\n")
    return ""
