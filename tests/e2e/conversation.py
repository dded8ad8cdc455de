"""What people do with the bot's mails: find one, answer it, wait."""

from datetime import datetime
from email.message import EmailMessage

from mailbot.incident import Incident
from tests.house import LONDON, House, answer_to


def mail_of(house: House, address: str, template: str) -> EmailMessage:
    """The mail of that template that went to an address."""
    rows = [row for row in house.outbox() if row.email.recipient == address and row.email.template == template]
    assert rows, house.templates_to(address)
    assert rows[-1].frozen is not None
    message_id = rows[-1].frozen.message_id
    return next(one for one in house.sent_to(address) if str(one["Message-ID"]) == message_id)


def answer(house: House, to: EmailMessage, body: str, sender: str, **headers: str) -> Incident:
    """The incident after somebody has answered a mail of the bot and everything that follows was sent."""
    number = len(house.mailboxes["bot"].contents())
    house.deliver(answer_to(to, body, sender, message_id=f"<answer-{number}@mail.council.example>", **headers), "bot")
    house.round()
    return house.incident()


def discharge_of(incident: Incident, kind: str) -> str:
    duty = incident.duty(kind)
    assert duty is not None
    return f"{duty.discharged.how}: {duty.discharged.reason}" if duty.discharged else ""


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    """A moment of 2026 in London."""
    return datetime(2026, month, day, hour, minute, tzinfo=LONDON)


def go_to(house: House, moment: datetime) -> None:
    """A moment comes, and the heart beats."""
    house.clock.set(moment)
    house.round()
