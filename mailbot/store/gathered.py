"""Mails whose place a digest takes: gathered while they wait, and taken apart again where the digest cannot be written.

A mail stands in one digest at most, and only while it was never tried: each change is conditional on that.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, exists, func, insert, select, update

from mailbot.errors import ConflictError
from mailbot.notify.email import OutgoingEmail
from mailbot.store.cipher import Cipher
from mailbot.store.outbox_rows import from_row, to_row
from mailbot.store.tables import DutyRow, DutyStepRow, OutgoingRow
from mailbot.store.tables.base import table_of
from mailbot.store.values import OutboxRow, OutboxState
from mailbot.terms import Reference

MOST_INCIDENTS = 50

outbox, duty, duty_step = table_of(OutgoingRow), table_of(DutyRow), table_of(DutyStepRow)
URGENCY = (outbox.c.priority, outbox.c.position)
"""The order of the index over what is on its way, so that no query looks at what has left."""

ADD = insert(outbox)
UNTRIED = and_(outbox.c.state == OutboxState.WAITING, outbox.c.tries == 0)
FREE = and_(
    outbox.c.ready_at.is_not(None),
    outbox.c.ready_at <= bindparam("now"),
    UNTRIED,
    outbox.c.template.in_(bindparam("templates", expanding=True)),
)
"""What may be gathered: waiting, ready, never tried."""

READERS = select(outbox.c.recipient_index).where(FREE).order_by(*URGENCY)
WAITING = select(outbox).where(FREE).order_by(*URGENCY).with_for_update(skip_locked=True)
GATHER = (
    update(outbox)
    .where(outbox.c.id.in_(bindparam("its_mails", expanding=True)), UNTRIED)
    .values(state=OutboxState.GATHERED, ready_at=None, claimed_by=None, gathered_into=bindparam("its_digest"))
    .returning(outbox.c.position)
)
IN_DIGEST = and_(
    outbox.c.gathered_into.is_not(None),
    outbox.c.gathered_into == bindparam("its_digest"),
    outbox.c.state == OutboxState.GATHERED,
)
TAKE_APART = (
    update(outbox)
    .where(IN_DIGEST)
    .values(
        state=OutboxState.WAITING,
        ready_at=func.coalesce(outbox.c.not_before, outbox.c.created_at),
        tries=outbox.c.tries + 1,
        gathered_into=None,
    )
)
MEMBERS = select(outbox).where(IN_DIGEST).order_by(outbox.c.position)
BY_NAME = (
    select(outbox)
    .where(outbox.c.reference == bindparam("its_name"), outbox.c.incident_id.is_(None), outbox.c.reference.is_not(None))
    .order_by(outbox.c.position.desc())
    .limit(1)
)
WAS_SENT = exists().where(duty_step.c.duty_id == duty.c.id, duty_step.c.recipient_index == bindparam("reader"))
OPEN_WITH = select(duty.c.incident_id).where(duty.c.discharged_at.is_(None), WAS_SENT)


class Gathered:
    """Digests of outgoing mail and the mails in them. Belongs to one unit."""

    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._connection = connection
        self._cipher = cipher

    def several_wait(self, now: datetime, templates: Collection[str]) -> bool:
        """Whether any reader has two or more mails of these templates that could leave now and were never tried."""
        readers = self._connection.execute(READERS, {"now": now, "templates": list(templates)}).scalars()
        return any(number > 1 for number in Counter(readers).values())

    def waiting(self, now: datetime, templates: Collection[str]) -> tuple[tuple[OutboxRow, ...], ...]:
        """Those mails, by reader, in the order in which they were written; nobody else can take them in this unit.

        What another bot is claiming at this moment is passed by.
        """
        by_reader: dict[str, list[OutboxRow]] = {}
        rows = self._connection.execute(WAITING, {"now": now, "templates": list(templates)}).all()
        for row in sorted(rows, key=lambda one: one.position):
            by_reader.setdefault(row.recipient_index, []).append(from_row(row, self._cipher))
        return tuple(tuple(same) for same in by_reader.values() if len(same) > 1)

    def gather(self, digest: OutgoingEmail, email_ids: Sequence[str]) -> None:
        """Puts a digest in the outbox in place of these mails.

        Raises ``ConflictError`` where one of them is not waiting any more: the whole unit must be undone.
        """
        self._connection.execute(ADD, to_row(digest, self._cipher))
        taken = self._connection.execute(GATHER, {"its_mails": list(email_ids), "its_digest": digest.id}).all()
        if len(taken) != len(email_ids):
            raise ConflictError("a mail that was to be gathered is on its way already")

    def take_apart(self, digest_id: str) -> None:
        """Lets the mails of a digest leave by themselves. They count as tried, so that no digest gathers them again."""
        self._connection.execute(TAKE_APART, {"its_digest": digest_id})

    def members(self, digest_id: str) -> tuple[OutboxRow, ...]:
        """The mails that stand in a digest, withdrawn ones left out, in the order in which they were written."""
        rows = self._connection.execute(MEMBERS, {"its_digest": digest_id})
        return tuple(from_row(row, self._cipher) for row in rows)

    def by_name(self, name: Reference) -> OutboxRow | None:
        """The digest of that name, the newest where two have it; None where there is none."""
        row = self._connection.execute(BY_NAME, {"its_name": name}).first()
        return from_row(row, self._cipher) if row else None

    def incidents_open_with(self, address: str, limit: int = MOST_INCIDENTS) -> tuple[str, ...]:
        """The ids of incidents in which a duty is open that somebody was written to about."""
        found = self._connection.execute(OPEN_WITH, {"reader": self._cipher.address_index(address)}).scalars()
        return tuple(sorted(set(found))[:limit])
