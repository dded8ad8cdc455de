"""Invented values for the store's tests, each complete and as small as it can be."""

from datetime import UTC, datetime, timedelta
from typing import Any

from mailbot.incident import AuditEntry, Duty, FieldValue, Incident, Rating, Reporter, SentStep
from mailbot.intake.email import Address, InboundEmail, Kind
from mailbot.mail import FrozenEmail, MessageKey, RawEmail
from mailbot.notify.email import OutgoingEmail
from mailbot.parse.reading import Reading, ReportedIncident
from mailbot.procedure.decision import Priority
from mailbot.store import LedgerEntry, LedgerOutcome
from mailbot.terms import Queue, Reference, Role, Severity

FRIDAY = datetime(2026, 11, 20, 19, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)


def incident(incident_id: str = "i1", **changes: Any) -> Incident:
    reference = changes.pop("reference", f"DB2026{incident_id.removeprefix('i').zfill(3)}")
    return Incident(
        id=incident_id,
        reference=Reference(reference),
        queue=Queue.IG,
        ratings=(Rating(severity=Severity.MEDIUM, at=FRIDAY, by="mailbot", provisional=True),),
        received_at=FRIDAY,
        aware_at=FRIDAY,
        reporter=Reporter(address="asha.field@council.example", name="Asha Field"),
    ).but(**changes)


def fact(value: str) -> FieldValue:
    return FieldValue(value=value, raw=value, source="mail, line 1", confidence=0.9)


def duty(duty_id: str = "d1", **changes: Any) -> Duty:
    return Duty(
        id=duty_id,
        kind="decide_ico",
        para="70",
        holder=Role.DPO,
        person="dpo@council.example",
        anchored_at=FRIDAY,
        started_at=FRIDAY,
        due_at=FRIDAY + 72 * HOUR,
        next_step_at=FRIDAY + 24 * HOUR,
    ).but(**changes)


def step(**changes: Any) -> SentStep:
    return SentStep(plan_version=1, step="24h", occurrence=1, recipient="dpo@council.example", at=FRIDAY).but(**changes)


def audit_entry(action: str = "opened", **changes: Any) -> AuditEntry:
    entry = AuditEntry(at=FRIDAY, action=action, by="asha.field@council.example", details={"what": action})
    return entry.but(**changes)


def key(uid: int = 1, mailbox: str = "ig", uidvalidity: int = 7) -> MessageKey:
    return MessageKey(mailbox=mailbox, folder="INBOX", uidvalidity=uidvalidity, uid=uid)


def entry(uid: int = 1, outcome: LedgerOutcome = LedgerOutcome.HANDLED, **changes: Any) -> LedgerEntry:
    mailbox = changes.pop("mailbox", "ig")
    return LedgerEntry(key=key(uid, mailbox), outcome=outcome, received_at=FRIDAY).but(**changes)


def raw(uid: int = 1, content: bytes = b"Subject: Urgent Data Incident\r\n\r\nA letter went astray.\r\n") -> RawEmail:
    return RawEmail(key=key(uid), received_at=FRIDAY, content=content)


def reading(**changes: Any) -> Reading:
    email = InboundEmail(
        sender=Address(address="asha.field@council.example", name="Asha Field"),
        subject="Urgent Data Incident",
        message_id="<one@council.example>",
        digest="digest-one",
    ).but(**changes)
    return Reading(kind=Kind.REPORT, email=email, report=ReportedIncident(fields={"description": fact("A letter.")}))


def outgoing(email_id: str = "o1", **changes: Any) -> OutgoingEmail:
    return OutgoingEmail(
        id=email_id,
        recipient="dpo@council.example",
        recipient_name="Noor Vale",
        role=Role.DPO,
        template="dpo_notice",
        template_version="1",
        values={"reference": "DB2026001", "hours": 72, "steps": ["one", "two"]},
        priority=Priority.CLOCK,
        created_at=FRIDAY,
    ).but(**changes)


def frozen(email_id: str = "o1") -> FrozenEmail:
    return FrozenEmail(
        message_id=f"<{email_id}.k7f3q2@council.example>",
        envelope_from="mailbot@council.example",
        recipient="dpo@council.example",
        content=b"Subject: DB2026001\r\n\r\n\xff\x00 exact bytes\r\n",
    )
