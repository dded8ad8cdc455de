"""The outbox: mail waits here in the transaction of the fact it tells, and is claimed by lease to be sent.

Every change is one conditional update on the state as it stands, so that two senders never both succeed.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, insert, or_, select, update

from mailbot.errors import StoreError
from mailbot.mail import Delivery, FrozenEmail, Outcome
from mailbot.notify.email import OutgoingEmail
from mailbot.store.cipher import Cipher
from mailbot.store.outbox_rows import from_row, seal_fate, seal_frozen, to_row
from mailbot.store.tables import OutgoingRow
from mailbot.store.tables.base import table_of
from mailbot.store.values import OutboxRow, OutboxState

ON_THE_WAY = (OutboxState.WAITING, OutboxState.CLAIMED)
STOPPABLE = (*ON_THE_WAY, OutboxState.HELD, OutboxState.GATHERED)
RELEASABLE = (OutboxState.HELD, OutboxState.GIVEN_UP)
CLAIMED = (OutboxState.CLAIMED,)
UNSENT = tuple(state for state in OutboxState if state is not OutboxState.SENT)
AT_REST: dict[str, Any] = {"ready_at": None, "claimed_by": None}

outbox = table_of(OutgoingRow)


def _stands_in(states: Sequence[OutboxState]) -> ColumnElement[bool]:
    return or_(*(outbox.c.state == state for state in states))


ADD = insert(outbox)
EVERY = select(outbox)
BY_URGENCY = (outbox.c.priority, outbox.c.position)
IS_READY = (outbox.c.ready_at.is_not(None), outbox.c.ready_at <= bindparam("now"))
THESE = outbox.c.position.in_(bindparam("positions", expanding=True))
# SQLite's only writer needs no row locks and ignores them; PostgreSQL's senders pass by each other's rows.
READY = (
    select(outbox.c.position)
    .where(*IS_READY)
    .order_by(*BY_URGENCY)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
CLAIM = update(outbox).where(THESE, *IS_READY).values(tries=outbox.c.tries + 1).returning(outbox.c.position)
CLAIMANTS = select(outbox.c.claimed_by).where(outbox.c.state == OutboxState.CLAIMED).distinct()
FORFEIT = update(outbox).where(outbox.c.state == OutboxState.CLAIMED, outbox.c.claimed_by == bindparam("its_claimant"))
ITS = outbox.c.id == bindparam("its_id")
FREEZE = update(outbox).where(ITS, outbox.c.frozen.is_(None)).returning(outbox.c.position)
CHANGE: dict[tuple[OutboxState, ...], Any] = {
    states: update(outbox).where(ITS, _stands_in(states)).returning(outbox.c.position)
    for states in (CLAIMED, UNSENT, ON_THE_WAY, STOPPABLE, RELEASABLE)
}
AS_EARLY = func.coalesce(outbox.c.not_before, outbox.c.created_at, type_=outbox.c.created_at.type)
PUT_BACK = CHANGE[CLAIMED].values(ready_at=AS_EARLY, tries=outbox.c.tries - 1)
RELEASE = CHANGE[RELEASABLE].values(ready_at=AS_EARLY)
COUNT = select(func.count()).select_from(outbox).where(outbox.c.sent_at >= bindparam("since"))
COUNT_TO = COUNT.where(outbox.c.recipient_index == bindparam("reader"))
COUNT_OF = COUNT_TO.where(outbox.c.template.in_(bindparam("templates", expanding=True)))
UNDER_MESSAGE_ID = EVERY.where(outbox.c.message_id_index == bindparam("message_id"))
ONE = EVERY.where(ITS)
OF_INCIDENT = EVERY.where(outbox.c.incident_id == bindparam("its_incident")).order_by(outbox.c.position)
FIRST_FROZEN = (
    select(func.min(outbox.c.position))
    .where(outbox.c.incident_id == bindparam("its_incident"), outbox.c.frozen.is_not(None))
    .where(outbox.c.recipient_index.in_(bindparam("readers", expanding=True)))
    .group_by(outbox.c.recipient_index)
)
THREADS = EVERY.where(outbox.c.position.in_(FIRST_FROZEN)).order_by(outbox.c.position)
OLDEST = select(func.min(AS_EARLY)).where(outbox.c.ready_at.is_not(None))


class Outbox:
    """All outgoing mail, on its way or ended. Belongs to one unit."""

    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._connection = connection
        self._cipher = cipher

    def add(self, email: OutgoingEmail) -> None:
        """Puts a mail in the outbox, to leave at ``not_before`` or at once."""
        self._connection.execute(ADD, to_row(email, self._cipher))

    def claim(self, now: datetime, holder: str, limit: int, lease: timedelta) -> tuple[OutboxRow, ...]:
        """Takes mail that is ready, urgent first, then in the order of arrival; nobody else gets it until the lease ends.

        A row whose sender died comes again when its lease has run out, with the bytes it froze.
        """
        ready = self._connection.execute(READY, {"now": now, "most": limit}).scalars().all()
        if not ready:
            return ()
        values = {"state": OutboxState.CLAIMED, "claimed_by": holder, "ready_at": now + lease}
        claimed = {"positions": ready, "now": now, **values}
        taken = self._connection.execute(CLAIM, claimed).scalars().all()
        return self._rows(EVERY.where(THESE).order_by(*BY_URGENCY), positions=taken)

    def put_back(self, email_id: str) -> bool:
        """Gives back a claim that was not tried (a pause, a stop, a rate limit); it does not count as a try."""
        values = {"its_id": email_id, "state": OutboxState.WAITING, "claimed_by": None}
        return self._took_effect(PUT_BACK, values)

    def claimants(self) -> tuple[str, ...]:
        """Everybody who has claimed mail, run out or not."""
        return tuple(one for one in self._connection.execute(CLAIMANTS).scalars() if one)

    def forfeit(self, holder: str, now: datetime) -> None:
        """Makes ready at once what a sender had claimed that has died; whether it left is not known."""
        self._connection.execute(FORFEIT, {"its_claimant": holder, "ready_at": now})

    def freeze(self, email_id: str, frozen: FrozenEmail, now: datetime) -> None:
        """Keeps the exact bytes before they first leave; raises ``StoreError`` where others were frozen before."""
        values = {
            "its_id": email_id,
            "frozen": seal_frozen(frozen, self._cipher),
            "frozen_at": now,
            "message_id_index": self._cipher.message_id_index(frozen.message_id),
        }
        if not self._took_effect(FREEZE, values) and self._one(email_id).frozen != frozen:
            raise StoreError(f"outgoing mail {email_id} was frozen before: its bytes may not change")

    def record(self, email_id: str, delivery: Delivery, now: datetime, retry_at: datetime | None) -> None:
        """Writes down the mail server's answer.

        Accepted is sent, whoever held the claim. A temporary failure with ``retry_at`` waits until then; any other
        failure gives the mail up. Where the claim was lost to another sender, a failure changes nothing.
        """
        waits = delivery.outcome is Outcome.TEMPORARY and retry_at is not None
        fate = seal_fate(self._cipher, delivery=delivery, ended_at=None if waits else now)
        if delivery.outcome is Outcome.ACCEPTED:
            self._change(email_id, UNSENT, state=OutboxState.SENT, sent_at=now, fate=fate, **AT_REST)
        elif waits:
            waiting = {"state": OutboxState.WAITING, "ready_at": retry_at, "claimed_by": None}
            self._change(email_id, CLAIMED, fate=fate, **waiting)
        else:
            self._change(email_id, CLAIMED, state=OutboxState.GIVEN_UP, fate=fate, **AT_REST)

    def withdraw(self, email_id: str, because: str, now: datetime) -> bool:
        """Takes a mail back that is no longer wanted; False where it has already left or ended."""
        fate = seal_fate(self._cipher, because=because, ended_at=now)
        return self._change(email_id, STOPPABLE, state=OutboxState.WITHDRAWN, fate=fate, **AT_REST)

    def hold(self, email_id: str, because: str) -> bool:
        """Keeps a mail from leaving until a person releases it; False where it has already left or ended."""
        fate = seal_fate(self._cipher, because=because)
        return self._change(email_id, ON_THE_WAY, state=OutboxState.HELD, fate=fate, **AT_REST)

    def release(self, email_id: str) -> bool:
        """Lets a held or given-up mail leave after all; False where it is neither."""
        return self._took_effect(RELEASE, {"its_id": email_id, "state": OutboxState.WAITING, "fate": None})

    def sent_since(self, instant: datetime) -> int:
        """How many mails the server accepted at or after a moment (the rate limit)."""
        return self._count(COUNT, since=instant)

    def sent_to_since(self, address: str, instant: datetime, templates: Collection[str] = ()) -> int:
        """How many mails to one address, of some templates or (none named) of all, left at or after a moment."""
        asked = {"reader": self._cipher.address_index(address), "since": instant}
        return (
            self._count(COUNT_OF, **asked, templates=list(templates)) if templates else self._count(COUNT_TO, **asked)
        )

    def by_message_id(self, message_id: str) -> OutboxRow | None:
        """The mail of ours that left, or will leave, under a Message-ID; None for a stranger's."""
        index = self._cipher.message_id_index(message_id)
        return next(iter(self._rows(UNDER_MESSAGE_ID, message_id=index)), None)

    def get(self, email_id: str) -> OutboxRow | None:
        """The mail of that id, None when there is none."""
        return next(iter(self._rows(ONE, its_id=email_id)), None)

    def list(self, state: OutboxState | None = None, limit: int = 100) -> tuple[OutboxRow, ...]:
        """Mail in one state or all, the newest first."""
        query = EVERY if state is None else EVERY.where(outbox.c.state == state)
        return self._rows(query.order_by(outbox.c.position.desc()).limit(limit))

    def of_incident(self, incident_id: str) -> tuple[OutboxRow, ...]:
        """All mail about an incident, in the order in which it was put in the outbox."""
        return self._rows(OF_INCIDENT, its_incident=incident_id)

    def threads(self, incident_id: str, addresses: Collection[str]) -> dict[str, str]:
        """By address, the Message-ID of the first mail about an incident that was frozen for that person.

        Only of those addresses: each costs the opening of a sealed mail.
        """
        readers = {self._cipher.address_index(one) for one in addresses}
        if not readers:
            return {}
        found = self._rows(THREADS, its_incident=incident_id, readers=list(readers))
        return {one.email.recipient: one.frozen.message_id for one in found if one.frozen}

    def counts(self) -> dict[OutboxState, int]:
        """How many mails stand in each state; every state is named."""
        query = select(outbox.c.state, func.count()).group_by(outbox.c.state)
        found: dict[str, int] = dict(tuple(row) for row in self._connection.execute(query))
        return {state: found.get(state, 0) for state in OutboxState}

    def oldest_waiting(self) -> datetime | None:
        """Since when the longest waiting mail could have left, None when nothing waits."""
        oldest: datetime | None = self._connection.execute(OLDEST).scalar()
        return oldest

    def _change(self, email_id: str, allowed: tuple[OutboxState, ...], **values: Any) -> bool:
        return self._took_effect(CHANGE[allowed], {"its_id": email_id, **values})

    def _took_effect(self, statement: Any, values: dict[str, Any]) -> bool:
        return self._connection.execute(statement, values).first() is not None

    def _one(self, email_id: str) -> OutboxRow:
        row = self.get(email_id)
        if row is None:
            raise StoreError(f"no outgoing mail has the id {email_id}")
        return row

    def _count(self, query: Select[Any], **asked: Any) -> int:
        return int(self._connection.execute(query, asked).scalar_one())

    def _rows(self, query: Select[Any], **asked: Any) -> tuple[OutboxRow, ...]:
        return tuple(from_row(row, self._cipher) for row in self._connection.execute(query, asked))
