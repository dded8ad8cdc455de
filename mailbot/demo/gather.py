"""What a story left in the store and in the mailboxes, as values for the pages."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import parseaddr

from mailbot.app import App
from mailbot.demo.letters import ADDRESSES
from mailbot.demo.record import ActRecord, Arrived, BoxLine, Received, Sent, Story
from mailbot.demo.servers import MailServers
from mailbot.demo.witness import WitnessedMailbox
from mailbot.incident import Incident
from mailbot.mail import MessageKey
from mailbot.store import OutboxRow, StoredEmail, Unit

INBOX = "INBOX"
EVERYTHING = 100_000


def gather(
    app: App, servers: MailServers, witnesses: Mapping[str, WitnessedMailbox], arrived: Sequence[Arrived]
) -> ActRecord:
    """The whole story, read from the bot's database and from the servers."""
    with app.store.reading() as unit:
        sent = _sent(unit.outbox.list(limit=EVERYTHING))
        incidents = sorted(unit.incidents.list(limit=None), key=lambda one: one.reference)
        stories = tuple(_story(unit, incident, arrived, sent) for incident in incidents)
        flags = {name: servers.flags(ADDRESSES[name]) for name in witnesses}
        boxes = tuple(_line(unit, one, witnesses[one.mailbox], flags[one.mailbox]) for one in arrived)
    of_the_bot = tuple(one for one in sent if one.row.email.incident_id is None)
    return ActRecord(at=app.clock.now(), stories=stories, of_the_bot=of_the_bot, boxes=boxes)


def _sent(rows: Sequence[OutboxRow]) -> tuple[Sent, ...]:
    """In the order in which they left, numbered from 1; what has not left (withdrawn, held) comes last."""
    ordered = sorted(rows, key=lambda row: (row.sent_at is None, row.sent_at or row.email.created_at, row.email.id))
    return tuple(Sent(number=number, row=row) for number, row in enumerate(ordered, start=1))


def _story(unit: Unit, incident: Incident, arrived: Sequence[Arrived], sent: Sequence[Sent]) -> Story:
    return Story(
        incident=incident,
        history=unit.audit.of_incident(incident.id),
        received=tuple(_received(one, arrived) for one in unit.emails.of_incident(incident.id)),
        sent=tuple(one for one in sent if one.row.email.incident_id == incident.id),
    )


def _received(stored: StoredEmail, arrived: Sequence[Arrived]) -> Received:
    number, mail = next(
        (number, one)
        for number, one in enumerate(arrived, start=1)
        if (one.mailbox, one.uid) == (stored.key.mailbox, stored.key.uid)
    )
    return Received(number=number, mail=mail, reading=stored.reading)


def _line(unit: Unit, mail: Arrived, witness: WitnessedMailbox, flags: Mapping[int, tuple[str, ...]]) -> BoxLine:
    key = MessageKey(mailbox=mail.mailbox, folder=INBOX, uidvalidity=witness.validity[INBOX], uid=mail.uid)
    entry = unit.ledger.entry(key)
    incident = unit.incidents.get(entry.incident_id) if entry and entry.incident_id else None
    return BoxLine(
        mail=mail,
        is_own=parseaddr(mail.sender)[1] == ADDRESSES["bot"],
        outcome=entry.outcome.value if entry else "",
        because=entry.because if entry else "",
        reference=incident.reference if incident else "",
        fetched=key in witness.fetched,
        looked_into=key in witness.peeked,
        filed=key in witness.filed,
        flags=flags[mail.uid],
    )


def in_order(story: Story) -> tuple[tuple[datetime, object], ...]:
    """Everything about an incident by time: what came in first, then what was decided, then what was sent."""
    moments: list[tuple[datetime, int, object]] = [(one.mail.at, 0, one) for one in story.received]
    moments += [(one.at, 1, one) for one in story.history]
    moments += [(one.row.sent_at or one.row.email.created_at, 2, one) for one in story.sent]
    return tuple((at, what) for at, _, what in sorted(moments, key=lambda one: one[:2]))
