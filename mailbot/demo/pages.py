"""A story as a folder of plain pages: path → bytes. Nothing remote, no script, readable on a phone and on paper."""

from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message

from mailbot.demo.act import Act
from mailbot.demo.gather import in_order
from mailbot.demo.history import Historian
from mailbot.demo.letters import ADDRESSES
from mailbot.demo.record import BoxLine, Received, Sent, Story
from mailbot.demo.shown import decoded, environment

HEADERS = ("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "In-Reply-To", "Auto-Submitted")
Files = Iterator[tuple[str, bytes]]


class Pages:
    """Makes the pages of one story."""

    def __init__(self, act: Act) -> None:
        self._act = act
        self._record = act.record
        self._templates = environment(Historian(act.settings), act.record.at)

    def files(self) -> dict[str, bytes]:
        """Every file of the story, by its path with forward slashes."""
        return {f"{self._act.script.folder}/{path}": content for path, content in self._all()}

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
        return self._page(
            "story.html",
            stories=self._record.stories,
            of_the_bot=self._record.of_the_bot,
            left_alone=[one for one in self._record.boxes if one.is_untouched and not one.is_own],
            sent=self._act.mails,
            council=self._act.settings.organisation.council,
        )

    def _incident(self, story: Story) -> bytes:
        shows = next((one.mail.shows for one in story.received), "")
        return self._page(
            "incident.html", base="../../", story=story, incident=story.incident, shows=shows, moments=in_order(story)
        )

    def _received(self, received: Received, story: Story) -> Files:
        path = f"arrived/{received.number:04}"
        yield f"{path}.eml", received.mail.content
        yield (
            f"{path}.html",
            self._page(
                "received.html",
                base="../../",
                received=received,
                story=story,
                headers=headers_of(message_from_bytes(received.mail.content)),
            ),
        )

    def _sent(self, sent: Sent, story: Story | None) -> Files:
        path = f"mails/{sent.number:04}"
        if sent.row.frozen is None:
            yield f"{path}.html", self._page("unsent.html", base="../../", sent=sent, story=story)
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
                base="../../",
                sent=sent,
                story=story,
                headers=headers_of(message),
                text=_part(message, "text/plain"),
                body=f"{sent.number:04}.body.html",
                files=[(where.removeprefix("mails/"), name) for where, name, _ in files],
            ),
        )

    def _boxes(self) -> dict[str, list[BoxLine]]:
        return {name: [one for one in self._record.boxes if one.mail.mailbox == name] for name in ADDRESSES}

    def _page(self, template: str, base: str = "../", **values: object) -> bytes:
        page = self._templates.get_template(template)
        return page.render(base=base, at=self._record.at, script=self._act.script, **values).encode()


def headers_of(message: Message) -> tuple[tuple[str, str], ...]:
    """The headers worth a look, as people read them."""
    return tuple((name, decoded(message[name])) for name in HEADERS if message[name])


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
