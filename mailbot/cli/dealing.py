"""Held mail that a person has dealt with: it leaves the lists, and the history keeps who said so and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailbot.errors import MailbotError
from mailbot.incident import AuditEntry

if TYPE_CHECKING:
    from datetime import datetime

    from mailbot.mail import MessageKey
    from mailbot.store import LedgerEntry, OutboxRow, Unit

DEALT_WITH = "a person dealt with it"
OPERATOR = "operator"


def number_of(key: MessageKey) -> str:
    """How a received mail is named on the command line: ``ig/INBOX/7/214``."""
    return f"{key.mailbox}/{key.folder}/{key.uidvalidity}/{key.uid}"


def deal_with(unit: Unit, number: str, because: str, now: datetime) -> None:
    """Ends the waiting of one received or outgoing mail; ``because`` goes into the history and nowhere else.

    ``number`` is what ``mailbot held`` shows; of an outgoing mail's its beginning will do. Raises ``MailbotError``
    where it names none or several, or a received one that the bot still tries to take in.
    """
    received = [one for one in unit.ledger.waiting() if number_of(one.key) == number]
    outgoing = [one for one in stuck(unit) if number and one.email.id.startswith(number)]
    if len(received) + len(outgoing) != 1:
        found = len(received) + len(outgoing)
        raise MailbotError(f"{found} mails that wait have the number {number!r}; `mailbot held` lists them")
    incident = _end_received(unit, received[0], now) if received else _end_outgoing(unit, outgoing[0], now)
    details = {"mail": number, "because": because}
    unit.audit.append(incident, (AuditEntry(at=now, action="held mail dealt with", by=OPERATOR, details=details),))


def stuck(unit: Unit, limit: int = 1000) -> list[OutboxRow]:
    """The mails of the bot that do not leave by themselves: held ones and given-up ones."""
    from mailbot.store.values import OutboxState  # noqa: PLC0415 -- keeps `--help` quick

    return [row for one in (OutboxState.HELD, OutboxState.GIVEN_UP) for row in unit.outbox.list(one, limit)]


def _end_received(unit: Unit, entry: LedgerEntry, now: datetime) -> str | None:
    from mailbot.store.values import LedgerOutcome  # noqa: PLC0415 -- keeps `--help` quick

    if entry.outcome is not LedgerOutcome.HELD:
        raise MailbotError(
            f"{number_of(entry.key)} may be a report, and the bot still tries to take it in: it cannot be set aside."
            " Why it waits stands in `mailbot held`; docs/operations.md says what to do"
        )
    # Filed already, so that it is neither flagged nor moved: it stays where the person found it.
    unit.ledger.put(
        entry.but(outcome=LedgerOutcome.HANDLED, because=DEALT_WITH, retry_at=None, filed_at=now, noted_at=now)
    )
    return entry.incident_id


def _end_outgoing(unit: Unit, row: OutboxRow, now: datetime) -> str | None:
    from mailbot.store.values import OutboxState  # noqa: PLC0415 -- keeps `--help` quick

    if row.state is OutboxState.GIVEN_UP:
        unit.outbox.release(row.email.id)  # in the same transaction: it cannot leave in between
    unit.outbox.withdraw(row.email.id, DEALT_WITH, now)
    return row.email.incident_id
