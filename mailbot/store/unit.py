"""A unit: one transaction, with one small object per noun."""

from sqlmodel import Session

from mailbot.store.audit import Audit
from mailbot.store.cipher import Cipher
from mailbot.store.emails import Emails
from mailbot.store.incidents import Incidents
from mailbot.store.kept import Kept
from mailbot.store.leases import Leases
from mailbot.store.ledger import Ledger
from mailbot.store.likenesses import Likenesses
from mailbot.store.marks import Marks
from mailbot.store.outbox import Outbox
from mailbot.store.traits import Traits


class Unit:
    """Everything the store knows, as it stands in one transaction. Does not know when that ends: ``Store`` does."""

    def __init__(self, session: Session, cipher: Cipher) -> None:
        self.ledger = Ledger(session, cipher)
        self.kept = Kept(session, cipher)
        self.emails = Emails(session, cipher)
        self.incidents = Incidents(session, cipher)
        self.likenesses = Likenesses(session, cipher)
        self.traits = Traits(session, cipher)
        self.outbox = Outbox(session, cipher)
        self.audit = Audit(session, cipher)
        self.leases = Leases(session)
        self.marks = Marks(session)
