"""A unit: one transaction, with one small object per noun."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from mailbot.store.audit import Audit
from mailbot.store.cipher import Cipher
from mailbot.store.emails import Emails
from mailbot.store.failures import failures_explained
from mailbot.store.gathered import Gathered
from mailbot.store.incidents import Incidents
from mailbot.store.kept import Kept
from mailbot.store.leases import Leases
from mailbot.store.ledger import Ledger
from mailbot.store.likenesses import Likenesses
from mailbot.store.marks import Marks
from mailbot.store.outbox import Outbox
from mailbot.store.recent import Recent
from mailbot.store.traits import Traits


class Unit:
    """Everything the store knows, as it stands in one transaction. Does not know when that ends: ``Store`` does."""

    def __init__(self, connection: Connection, cipher: Cipher, recent: Recent) -> None:
        self._connection = connection
        self.ledger = Ledger(connection, cipher)
        self.kept = Kept(connection, cipher)
        self.emails = Emails(connection, cipher)
        self.incidents = Incidents(connection, cipher, recent)
        self.likenesses = Likenesses(connection, cipher)
        self.traits = Traits(connection, cipher)
        self.outbox = Outbox(connection, cipher)
        self.gathered = Gathered(connection, cipher)
        self.audit = Audit(connection, cipher)
        self.leases = Leases(connection)
        self.marks = Marks(connection)

    @contextmanager
    def apart(self) -> Iterator[None]:
        """A part of the unit that is undone alone when an exception leaves it; the unit itself goes on.

        Raises what ``Store.unit`` raises.
        """
        with failures_explained(), self._connection.begin_nested():
            yield
