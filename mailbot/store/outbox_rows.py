"""An outgoing mail as a row and back. Who it goes to, what it says and what became of it is sealed."""

import base64
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from mailbot.mail import Delivery, FrozenEmail
from mailbot.notify.email import OutgoingEmail
from mailbot.store.cipher import Cipher
from mailbot.store.values import OutboxRow, OutboxState

SEALED = ("recipient", "recipient_name", "values", "thread", "enclosures")
CLEAR = tuple(name for name in OutgoingEmail.model_fields if name not in SEALED)
KEPT_CLEAR = ("state", "tries", "ready_at", "claimed_by", "gathered_into", "frozen_at", "sent_at")


def to_row(email: OutgoingEmail, cipher: Cipher) -> dict[str, Any]:
    """The row of a mail that waits to be sent, by column. ``values`` must be what JSON can say."""
    return {name: getattr(email, name) for name in CLEAR} | {
        "state": OutboxState.WAITING,
        "tries": 0,
        "ready_at": email.not_before or email.created_at,
        "recipient_index": cipher.address_index(email.recipient),
        "sealed": cipher.seal_json(email.model_dump(mode="json", include=set(SEALED))),
    }


def from_row(row: Row[Any], cipher: Cipher) -> OutboxRow:
    """The mail with its fate; raises ``StoreError`` where a sealed column cannot be opened."""
    email = {name: getattr(row, name) for name in CLEAR} | cipher.unseal_json(row.sealed)
    fate: dict[str, Any] = cipher.unseal_json(row.fate) if row.fate else {}
    return OutboxRow.model_validate(
        {name: getattr(row, name) for name in KEPT_CLEAR}
        | fate
        | {"email": email, "frozen": _unseal_frozen(row.frozen, cipher) if row.frozen else None}
    )


def seal_fate(
    cipher: Cipher, *, because: str = "", delivery: Delivery | None = None, ended_at: datetime | None = None
) -> bytes:
    """Why and when a mail ended, or what the server answered: such answers quote addresses."""
    answer = delivery.model_dump(mode="json") if delivery else None
    return cipher.seal_json(
        {"because": because, "delivery": answer, "ended_at": ended_at.isoformat() if ended_at else None}
    )


def seal_frozen(frozen: FrozenEmail, cipher: Cipher) -> bytes:
    """The exact bytes with their envelope."""
    content = base64.b64encode(frozen.content).decode("ascii")
    return cipher.seal_json(frozen.model_dump(exclude={"content"}) | {"content": content})


def _unseal_frozen(sealed: bytes, cipher: Cipher) -> FrozenEmail:
    fields: dict[str, Any] = cipher.unseal_json(sealed)
    return FrozenEmail.model_validate(fields | {"content": base64.b64decode(fields["content"])})
