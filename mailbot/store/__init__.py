"""What outlives the process: ledger, received mail, incidents, outbox, audit trail and leases, in one database.

``Store`` opens units of work; a ``Unit`` is one transaction with one small object per noun. Tables and rows stay in
here: what goes in and comes out are the bot's own values.
"""

from mailbot.store.cipher import Keys
from mailbot.store.store import Store
from mailbot.store.unit import Unit
from mailbot.store.values import Cursor, LedgerEntry, LedgerOutcome, Mark, OutboxRow, OutboxState, StoredEmail

__all__ = [
    "Cursor",
    "Keys",
    "LedgerEntry",
    "LedgerOutcome",
    "Mark",
    "OutboxRow",
    "OutboxState",
    "Store",
    "StoredEmail",
    "Unit",
]
