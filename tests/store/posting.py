"""Putting in, claiming and looking at outgoing mail: what several tests of the outbox begin with."""

from datetime import timedelta

from mailbot.notify.email import OutgoingEmail
from mailbot.store import OutboxRow, Store
from tests.store.examples import FRIDAY

LEASE = timedelta(minutes=10)
TICK = timedelta(microseconds=1)


def put(store: Store, *emails: OutgoingEmail) -> None:
    with store.unit() as unit:
        for email in emails:
            unit.outbox.add(email)


def claim(store: Store, holder: str = "a", limit: int = 10, at: timedelta = timedelta()) -> list[str]:
    with store.unit() as unit:
        return [row.email.id for row in unit.outbox.claim(FRIDAY + at, holder, limit, LEASE)]


def look(store: Store, email_id: str = "o1") -> OutboxRow:
    with store.reading() as unit:
        row = unit.outbox.get(email_id)
    assert row
    return row
