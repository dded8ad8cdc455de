"""The tables. Clear columns are only those that are asked for; whatever is personal stands in ``sealed`` ones.

Moments are kept in UTC and come back aware (SQLModel's UTCDateTime).
"""

from mailbot.store.tables.base import Table
from mailbot.store.tables.incident import DutyRow, DutyStepRow, IncidentRow, ReferenceCounterRow
from mailbot.store.tables.likeness import LikenessRow
from mailbot.store.tables.post import CursorRow, EmailContentRow, EmailRow, KeptRow, LedgerRow, OutgoingRow
from mailbot.store.tables.running import JobRunRow, LeaseRow, MarkRow
from mailbot.store.tables.trail import AuditChainRow, AuditPayloadRow, AuditRow, AuditSealRow
from mailbot.store.tables.trait import TraitRow

__all__ = [
    "AuditChainRow",
    "AuditPayloadRow",
    "AuditRow",
    "AuditSealRow",
    "CursorRow",
    "DutyRow",
    "DutyStepRow",
    "EmailContentRow",
    "EmailRow",
    "IncidentRow",
    "JobRunRow",
    "KeptRow",
    "LeaseRow",
    "LedgerRow",
    "LikenessRow",
    "MarkRow",
    "OutgoingRow",
    "ReferenceCounterRow",
    "Table",
    "TraitRow",
]
