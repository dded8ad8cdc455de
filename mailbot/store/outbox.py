"""The outbox: mail waits here in the transaction of the fact it tells, and is claimed by lease to be sent.

Every change is one conditional update on the state as it stands, so that two senders never both succeed.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, and_, col, func, select, update

from mailbot.errors import StoreError
from mailbot.mail import Delivery, FrozenEmail, Outcome
from mailbot.notify.email import OutgoingEmail
from mailbot.store.cipher import Cipher
from mailbot.store.outbox_rows import from_row, seal_fate, seal_frozen, to_row
from mailbot.store.tables import OutgoingRow
from mailbot.store.values import OutboxRow, OutboxState

ON_THE_WAY = (OutboxState.WAITING, OutboxState.CLAIMED)
STOPPABLE = (*ON_THE_WAY, OutboxState.HELD)
RELEASABLE = (OutboxState.HELD, OutboxState.GIVEN_UP)
AT_REST: dict[str, Any] = {"ready_at": None, "claimed_by": None}


class Outbox:
    """All outgoing mail, on its way or ended. Belongs to one unit."""

    def __init__(self, session: Session, cipher: Cipher) -> None:
        self._session = session
        self._cipher = cipher

    def add(self, email: OutgoingEmail) -> None:
        """Puts a mail in the outbox, to leave at ``not_before`` or at once."""
        self._session.add(to_row(email, self._cipher))

    def claim(self, now: datetime, holder: str, limit: int, lease: timedelta) -> tuple[OutboxRow, ...]:
        """Takes mail that is ready, urgent first, then in the order of arrival; nobody else gets it until the lease ends.

        A row whose sender died comes again when its lease has run out, with the bytes it froze.
        """
        ready = (col(OutgoingRow.ready_at).is_not(None), col(OutgoingRow.ready_at) <= now)
        free = select(OutgoingRow.position).where(*ready).order_by(col(OutgoingRow.priority), col(OutgoingRow.position))
        # SQLite's only writer needs no row locks and ignores them; PostgreSQL's senders pass by each other's rows.
        positions = self._session.exec(free.limit(limit).with_for_update(skip_locked=True)).all()
        if not positions:
            return ()
        claimed = update(OutgoingRow).where(col(OutgoingRow.position).in_(positions), *ready)
        values = {
            "state": OutboxState.CLAIMED,
            "claimed_by": holder,
            "ready_at": now + lease,
            "tries": OutgoingRow.tries + 1,
        }
        taken = self._session.execute(claimed.values(**values).returning(col(OutgoingRow.position))).scalars().all()
        return self._rows(col(OutgoingRow.position).in_(taken))

    def put_back(self, email_id: str) -> bool:
        """Gives back a claim that was not tried (a pause, a stop, a rate limit); it does not count as a try."""
        return self._change(
            email_id,
            (OutboxState.CLAIMED,),
            state=OutboxState.WAITING,
            ready_at=func.coalesce(OutgoingRow.not_before, OutgoingRow.created_at),
            claimed_by=None,
            tries=OutgoingRow.tries - 1,
        )

    def claimants(self) -> tuple[str, ...]:
        """Everybody who has claimed mail, run out or not."""
        claimed = col(OutgoingRow.state) == OutboxState.CLAIMED
        return tuple(one for one in self._session.exec(select(OutgoingRow.claimed_by).where(claimed).distinct()) if one)

    def forfeit(self, holder: str, now: datetime) -> None:
        """Makes ready at once what a sender had claimed that has died; whether it left is not known."""
        claims = (col(OutgoingRow.state) == OutboxState.CLAIMED, col(OutgoingRow.claimed_by) == holder)
        self._session.execute(update(OutgoingRow).where(*claims).values(ready_at=now))
        self._session.expire_all()

    def freeze(self, email_id: str, frozen: FrozenEmail, now: datetime) -> None:
        """Keeps the exact bytes before they first leave; raises ``StoreError`` where others were frozen before."""
        statement = (
            update(OutgoingRow)
            .where(col(OutgoingRow.id) == email_id, col(OutgoingRow.frozen).is_(None))
            .values(
                frozen=seal_frozen(frozen, self._cipher),
                frozen_at=now,
                message_id_index=self._cipher.message_id_index(frozen.message_id),
            )
        )
        if not self._took_effect(statement) and self._one(email_id).frozen != frozen:
            raise StoreError(f"outgoing mail {email_id} was frozen before: its bytes may not change")

    def record(self, email_id: str, delivery: Delivery, now: datetime, retry_at: datetime | None) -> None:
        """Writes down the mail server's answer.

        Accepted is sent, whoever held the claim. A temporary failure with ``retry_at`` waits until then; any other
        failure gives the mail up. Where the claim was lost to another sender, a failure changes nothing.
        """
        waits = delivery.outcome is Outcome.TEMPORARY and retry_at is not None
        fate = seal_fate(self._cipher, delivery=delivery, ended_at=None if waits else now)
        if delivery.outcome is Outcome.ACCEPTED:
            unsent = tuple(state for state in OutboxState if state is not OutboxState.SENT)
            self._change(email_id, unsent, state=OutboxState.SENT, sent_at=now, fate=fate, **AT_REST)
        elif waits:
            waiting = {"state": OutboxState.WAITING, "ready_at": retry_at, "claimed_by": None}
            self._change(email_id, (OutboxState.CLAIMED,), fate=fate, **waiting)
        else:
            self._change(email_id, (OutboxState.CLAIMED,), state=OutboxState.GIVEN_UP, fate=fate, **AT_REST)

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
        at = func.coalesce(OutgoingRow.not_before, OutgoingRow.created_at)
        return self._change(email_id, RELEASABLE, state=OutboxState.WAITING, ready_at=at, fate=None)

    def sent_since(self, instant: datetime) -> int:
        """How many mails the server accepted at or after a moment (the rate limit)."""
        return self._count(col(OutgoingRow.sent_at) >= instant)

    def sent_to_since(self, address: str, instant: datetime, templates: Collection[str] = ()) -> int:
        """How many mails to one address, of some templates or (none named) of all, left at or after a moment."""
        index = self._cipher.address_index(address)
        sent = and_(col(OutgoingRow.recipient_index) == index, col(OutgoingRow.sent_at) >= instant)
        return self._count(and_(sent, col(OutgoingRow.template).in_(templates)) if templates else sent)

    def by_message_id(self, message_id: str) -> OutboxRow | None:
        """The mail of ours that left, or will leave, under a Message-ID; None for a stranger's."""
        index = self._cipher.message_id_index(message_id)
        return next(iter(self._rows(col(OutgoingRow.message_id_index) == index)), None)

    def get(self, email_id: str) -> OutboxRow | None:
        """The mail of that id, None when there is none."""
        return next(iter(self._rows(col(OutgoingRow.id) == email_id)), None)

    def list(self, state: OutboxState | None = None, limit: int = 100) -> tuple[OutboxRow, ...]:
        """Mail in one state or all, the newest first."""
        conditions = [] if state is None else [col(OutgoingRow.state) == state]
        return self._rows(*conditions, order=col(OutgoingRow.position).desc(), limit=limit)

    def of_incident(self, incident_id: str) -> tuple[OutboxRow, ...]:
        """All mail about an incident, in the order in which it was put in the outbox."""
        return self._rows(col(OutgoingRow.incident_id) == incident_id, order=col(OutgoingRow.position))

    def threads(self, incident_id: str, addresses: Collection[str]) -> dict[str, str]:
        """By address, the Message-ID of the first mail about an incident that was frozen for that person.

        Only of those addresses: each costs the opening of a sealed mail.
        """
        readers = {self._cipher.address_index(one) for one in addresses}
        if not readers:
            return {}
        frozen = (col(OutgoingRow.incident_id) == incident_id, col(OutgoingRow.frozen).is_not(None))
        of_these = (*frozen, col(OutgoingRow.recipient_index).in_(readers))
        first = select(func.min(OutgoingRow.position)).where(*of_these).group_by(col(OutgoingRow.recipient_index))
        found = self._rows(col(OutgoingRow.position).in_(first), order=col(OutgoingRow.position))
        return {one.email.recipient: one.frozen.message_id for one in found if one.frozen}

    def counts(self) -> dict[OutboxState, int]:
        """How many mails stand in each state; every state is named."""
        query = select(OutgoingRow.state, func.count()).group_by(col(OutgoingRow.state))
        found = dict(self._session.exec(query).all())
        return {state: found.get(state, 0) for state in OutboxState}

    def oldest_waiting(self) -> datetime | None:
        """Since when the longest waiting mail could have left, None when nothing waits."""
        on_the_way = col(OutgoingRow.ready_at).is_not(None)
        since = func.coalesce(OutgoingRow.not_before, OutgoingRow.created_at, type_=OutgoingRow.created_at.type)  # type: ignore[attr-defined]
        return self._session.exec(select(func.min(since)).where(on_the_way)).one()

    def _change(self, email_id: str, allowed: Sequence[OutboxState], **values: Any) -> bool:
        states = col(OutgoingRow.state).in_(allowed)
        return self._took_effect(update(OutgoingRow).where(col(OutgoingRow.id) == email_id, states).values(**values))

    def _took_effect(self, statement: Any) -> bool:
        changed = self._session.execute(statement.returning(col(OutgoingRow.position))).first()
        self._session.expire_all()
        return changed is not None

    def _one(self, email_id: str) -> OutboxRow:
        row = self.get(email_id)
        if row is None:
            raise StoreError(f"no outgoing mail has the id {email_id}")
        return row

    def _count(self, condition: Any) -> int:
        return self._session.exec(select(func.count()).where(condition)).one()

    def _rows(self, *conditions: Any, order: Any = None, limit: int | None = None) -> tuple[OutboxRow, ...]:
        by_urgency = (col(OutgoingRow.priority), col(OutgoingRow.position))
        query = select(OutgoingRow).where(*conditions).order_by(*(by_urgency if order is None else (order,)))
        rows = self._session.exec(query.limit(limit).execution_options(populate_existing=True))
        return tuple(from_row(row, self._cipher) for row in rows)
