"""Made-up values for every template, so that each can be written without a mailbox or a store."""

from datetime import datetime, timedelta

from mailbot.assessment import Classification, Classified
from mailbot.incident import Duty, FieldValue, Incident, Original, Rating, Reporter
from mailbot.notify.compose import compose, compose_alarm
from mailbot.notify.digest import compose_digest, triage_digest
from mailbot.notify.digest_view import DigestProblem, Health, MailboxHealth
from mailbot.notify.email import OutgoingEmail
from mailbot.notify.gathered_receipts import receipts
from mailbot.notify.gathering import gathered
from mailbot.notify.personal_digest import personal_digest
from mailbot.notify.rules import ICO_DUTY, NotifyRules
from mailbot.notify.tokens import Tokens
from mailbot.notify.views import OperatorView
from mailbot.procedure.decision import Notice
from mailbot.terms import Queue, Reference, Role, Severity
from mailbot.value import Value

NUMBER = "e" * 32
REPORTER = "alex.reporter@council.example"

DUTIES = (
    ("triage", Role.IG_TEAM, 24),
    ("complete_report", Role.REPORTER, 48),
    ("contain", Role.RESPONSIBLE_LINE_MANAGER, None),
    ("assess", Role.IG_TEAM, 24),
    (ICO_DUTY, Role.DPO, 71),
    ("investigate", Role.RESPONSIBLE_LINE_MANAGER, 240),
)

FACTS = {
    "occurred_at": "yesterday, about 5pm",
    "description": "A list of clients was emailed to the wrong care home.",
    "subjects": "40",
    "contained": "Asked them to delete it & waiting for an answer.",
}

ABOUT = {
    "answer_held": "contain",
    "answer_unclear": ICO_DUTY,
    "dpo_notice": ICO_DUTY,
    "escalation": ICO_DUTY,
    "receipt": "contain",
    "reminder": ICO_DUTY,
    "restricted_notice": ICO_DUTY,
}
"""What the example is about, for templates whose front matter names no duty of their own."""


GATHERED = {"personal_digest": ("reminder", "escalation"), "receipts": ("receipt", "answer_unclear")}
"""Audience → the messages that its example stands for."""

MENTIONS = {"sender": "somebody@elsewhere.example", "because": "the sender could not be proven"}


def example_incident(rules: NotifyRules, now: datetime) -> Incident:
    """An incident of yesterday evening with every part of it filled in."""
    received_at = now - timedelta(hours=14)
    return Incident(
        id="0" * 32,
        reference=Reference(f"DB{received_at.year}014"),
        queue=Queue.IG,
        also_tell=(Queue.IT,),
        queue_reasons=("information sent to the wrong recipient (para 28)",),
        classified={Classification.INCIDENT_TYPE: Classified(value=min(rules.incident_types, default=""))},
        ratings=(
            Rating(severity=Severity.MEDIUM, at=received_at, by="mailbot", provisional=True, reasons=("health data",)),
        ),
        received_at=received_at,
        discovered_at=received_at - timedelta(hours=1),
        occurred_at=received_at - timedelta(hours=2),
        aware_at=received_at - timedelta(hours=1),
        reporter=Reporter(address=REPORTER, name="Alex Reporter"),
        group=rules.organisation.groups[0].name if rules.organisation.groups else None,
        personal_data=True,
        facts={
            name: FieldValue(value=said, raw=said, source="form.docx, table 1 row 3", confidence=0.9)
            for name, said in FACTS.items()
        },
        missing=tuple(rules.questions)[:3],
        doubts=("the time of discovery lies before the time it happened",),
        originals=(Original(mailbox="ig", folder="INBOX", uid=7, sender=REPORTER, received_at=received_at),),
        duties=tuple(_duty(kind, holder, hours, received_at) for kind, holder, hours in DUTIES),
    )


def example_email(name: str, rules: NotifyRules, now: datetime) -> OutgoingEmail:
    """The template of that name with the example's values; raises ``TemplateError`` where there is no such template."""
    template = rules.templates.message(name)
    if template.audience == "operator":
        return compose_alarm(_trouble(now), rules.desk(Queue.IG).address, rules, now, NUMBER)
    incident = example_incident(rules, now)
    if template.audience == "digest":
        return _digest(name, incident, rules, now)
    if template.audience in GATHERED:
        return _gathered(name, GATHERED[template.audience], incident, rules, now)
    kind = template.duty or ABOUT.get(name)
    duty = incident.duty(kind) if kind else None
    notice = Notice(
        template=name,
        recipient=REPORTER,
        role=duty.holder if duty else Role.DPO,
        why="this is an example of what the mail looks like",
        duty_id=duty.id if duty else None,
        duty_kind=kind,
        mentions=MENTIONS,
    )
    return compose((notice,), incident, rules, now, lambda: NUMBER)[0]


def _gathered(
    name: str, stands_for: tuple[str, ...], incident: Incident, rules: NotifyRules, now: datetime
) -> OutgoingEmail:
    other = incident.but(id="1" * 32, reference=Reference(f"{incident.reference[:-1]}5"))
    emails = tuple(
        compose((_request(one, template, "contain"),), one, rules, now, lambda: NUMBER)[0]
        for one, template in zip((incident, other), stands_for, strict=True)
    )
    tokens = Tokens(b"an example key of 32 bytes......", rules.identity)
    view: Value = (
        personal_digest(emails, {one.id: one for one in (incident, other)}, (), rules, tokens, now)
        if name == "digest"
        else receipts(emails, (incident, other), rules, tokens)
    )
    return gathered(name, emails, rules, now, NUMBER).but(values=view.model_dump(mode="json"))


def _request(incident: Incident, template: str, kind: str) -> Notice:
    duty = incident.duty(kind)
    assert duty
    return Notice(
        template=template,
        recipient="lin.manager@council.example",
        role=Role.RESPONSIBLE_LINE_MANAGER,
        why="this is an example of what the mail looks like",
        duty_id=duty.id,
        duty_kind=kind,
        asks=(kind,),
    )


def _duty(kind: str, holder: Role, hours: int | None, start: datetime) -> Duty:
    return Duty(
        id=f"{kind:0<32}",
        kind=kind,
        para="",
        holder=holder,
        person=None,
        anchored_at=start,
        started_at=start,
        due_at=start + timedelta(hours=hours) if hours else None,
    )


def _digest(name: str, incident: Incident, rules: NotifyRules, now: datetime) -> OutgoingEmail:
    problems = (DigestProblem(what="Mails given up", count=1, since=now, advice="The outbox says why"),)
    health = Health(mailboxes=(MailboxHealth(name="ig", last_read_at=now, is_late=False),), waiting_to_send=2)
    tomorrow = now + timedelta(days=1)
    view = triage_digest(
        (incident,), rules, now, tomorrow,
        since=now - timedelta(days=1), problems=problems, health=health, audit_head="k3f9-77a1-c20d",
    )  # fmt: skip
    urgent = name != "triage_digest"
    return compose_digest(view, rules.desk(Queue.IG).address, rules, now, NUMBER, urgent=urgent)


def _trouble(now: datetime) -> OperatorView:
    return OperatorView(
        what="A mail could not be delivered",
        advice="Check the address in staff.csv, then run `mailbot release` to send it again.",
        reference=Reference("DB2026014"),
        template="reminder",
        recipient=REPORTER,
        tries=5,
        code=550,
        at=now,
    )
