"""What people have got of the bot, and which of these mails somebody answers: they know nothing but what stands in them."""

from email import message_from_bytes
from email.message import Message

from mailbot.demo.filling import can_fill_in
from mailbot.demo.script import Answer
from mailbot.demo.servers import DemoError
from mailbot.rehearsal.seen import Offer, see
from mailbot.value import Value


class Asked(Value):
    """The mail that somebody answers, and the link in it that asks for what they write; None where they just reply."""

    content: bytes
    offer: Offer | None = None


class Letterbox:
    """Every mail of the bot that reached an address, in order."""

    def __init__(self) -> None:
        self._got: dict[str, list[bytes]] = {}

    def keep(self, recipient: str, content: bytes) -> None:
        """A mail has come."""
        self._got.setdefault(recipient.lower(), []).append(content)

    def asked(self, answer: Answer) -> Asked:
        """The newest mail that asks for what the answer says. Raises ``DemoError`` where nobody asked."""
        for content in reversed(self._got.get(answer.read_by.lower(), [])):
            if found := _asks(content, answer):
                return found
        raise DemoError(
            f"{answer.read_by} never got a mail about {answer.about} that asks for: {answer.words or answer.duty}"
        )


def _asks(content: bytes, answer: Answer) -> Asked | None:
    message = message_from_bytes(content)
    if answer.form == "enclosed":
        is_about = answer.about.lower() in str(message["Message-ID"])
        fits = is_about and any(can_fill_in(one, answer.answers) for one in documents(message))
        return Asked(content=content) if fits else None
    if answer.key and not answer.form:
        for offer in see(content).offers:
            if answer.about in offer.subject and answer.key in _keys(offer):
                return Asked(content=content, offer=offer)
    begins = f"<{answer.about}.{answer.duty}.".lower()
    return Asked(content=content) if answer.duty and str(message["Message-ID"]).startswith(begins) else None


def _keys(offer: Offer) -> set[str]:
    """What a link asks for: the key of its one answer, or each question of a list that it fills in."""
    return {offer.key, *(line.partition(":")[0].strip().lower() for line in offer.body.splitlines() if ":" in line)}


def documents(message: Message) -> list[bytes]:
    """The Word files that are enclosed with a mail."""
    named = ((one.get_filename() or "", one.get_payload(decode=True)) for one in message.walk())
    return [content for name, content in named if name.endswith(".docx") and isinstance(content, bytes)]
