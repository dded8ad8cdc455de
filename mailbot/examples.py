"""An invented incident, and every message about it: for ``preview``, and for ``check`` to see that each can be written.

The council, its people and its duties are the configured ones, so that a council sees its own mail.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from mailbot.assessment import Repeat, Same
from mailbot.example_report import WEEK, further_on
from mailbot.incident import Duty, FieldValue, Incident, Original, Reporter
from mailbot.intake.email import Address, InboundEmail, Kind
from mailbot.notify.compose import compose, compose_alarm
from mailbot.notify.digest import compose_digest, triage_digest
from mailbot.notify.email import OutgoingEmail
from mailbot.notify.gathered_receipts import receipts
from mailbot.notify.gathering import gathered
from mailbot.notify.personal_digest import personal_digest
from mailbot.notify.rules import NotifyRules
from mailbot.notify.tokens import ReplyTo, Tokens
from mailbot.notify.views import OperatorView
from mailbot.notify.words import moment
from mailbot.organisation import StaffEntry
from mailbot.parse.reading import Reading, ReportedIncident
from mailbot.procedure.calendar import WorkingCalendar, build_calendar
from mailbot.procedure.decision import Notice
from mailbot.procedure.duties import keep_duties
from mailbot.procedure.facts import provisional_rating
from mailbot.procedure.follow import why
from mailbot.procedure.people import Contact, holder_of
from mailbot.procedure.rows import Target
from mailbot.procedure.standing import recipient_of
from mailbot.settings import Settings, notify_rules, procedure_rules
from mailbot.settings.model import BotSettings
from mailbot.terms import Queue, Reference, Role
from mailbot.triage.triage import triage
from mailbot.value import Value

AT = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)
REFERENCE = Reference("DB2026014")
OTHER_REFERENCE = Reference("DB2026015")
ID = "0" * 31 + "1"
OTHER_ID = "0" * 31 + "2"
NO_PROOF = b"an example's key proves nothing"
STORY = "My work laptop was stolen from my car. It holds the care plans of 12 clients and was not encrypted."
TOLD = FieldValue(value=STORY, raw=STORY, source="mail, line 3", confidence=1.0)
DIGESTS = {"triage_digest": False, "triage_digest_urgent": True}
MENTIONS = {
    "because": "the mail gateway did not vouch for its sender",
    "mailbox": "ig",
    "folder": "INBOX",
    "at": moment(AT),
    "ended": "near_miss",
    "recorded": "not required",
    "key": "ICO",
    "stands": "reported",
    "said": "not required",
    "line": "ICO: not required, because …",
    "accepted": "1",
    "rejected": "2",
}
"""What the mails of one kind or another tell besides; each takes what it knows."""
GATHERED = {"personal_digest": ("reminder", "escalation"), "receipts": ("answer_unclear", "receipt")}
"""Audience → the messages that the example stands for."""
ROLES = {"reporter": Role.REPORTER, "outside": Role.REPORTER, "desk": Role.QUEUE_TEAM}


class ExampleMail(Value):
    """A mail about the invented incident, and where an answer to it would go."""

    email: OutgoingEmail
    reply_to: ReplyTo


def example_mails(settings: Settings) -> tuple[ExampleMail, ...]:
    """One mail for each template, by name. Raises ``TemplateError`` for a template that no view fits."""
    return tuple(example_mail(settings, name) for name in sorted(settings.templates.messages))


def example_mail(settings: Settings, template: str) -> ExampleMail:
    """The mail of that template. Raises ``TemplateError`` where there is no such template."""
    rules = notify_rules(settings)
    audience = settings.templates.message(template).audience
    if audience == "digest":
        email = _digest(rules, settings, urgent=DIGESTS.get(template, False)).but(template=template)
    elif audience == "operator":
        email = _alarm(rules, settings.bot)
    elif audience in GATHERED:
        email = _gathered(rules, settings, template)
    else:
        email = _notice(rules, settings, template, audience)
    return ExampleMail(email=email, reply_to=Tokens(NO_PROOF, rules.identity).reply_to(email))


def example_incident(settings: Settings, duty: str = "") -> Incident:
    """A laptop stolen on a Friday evening, with the duties that the configured procedure gives to it.

    ``duty``: how far on it is; a kind that belongs to an investigation shows it a week later.
    """
    rules = procedure_rules(settings, _calendar(settings))
    reported = keep_duties(_stolen_laptop(settings), AT, "mailbot", rules)[0]
    later = further_on(reported, duty, _reporter(settings), AT)
    return reported if later == reported else keep_duties(later, AT + WEEK, "mailbot", rules)[0]


def _calendar(settings: Settings) -> WorkingCalendar:
    return build_calendar(settings.procedure.calendar, (AT.year, AT.year + 1))


def _reporter(settings: Settings) -> StaffEntry:
    nobody = StaffEntry(address=settings.bot.address, name="")
    return next((one for one in settings.organisation.people.values() if one.line_manager), nobody)


def _stolen_laptop(settings: Settings) -> Incident:
    staff = _reporter(settings)
    account = settings.mailboxes[0].username
    found = triage(_reading(staff), False, settings.triage)  # noqa: FBT003  from inside the council
    return Incident(
        id=ID,
        reference=REFERENCE,
        queue=found.queue,
        also_tell=found.also_tell,
        queue_reasons=found.reasons,
        classified=found.classified,
        ratings=(provisional_rating(found, AT),),
        received_at=AT,
        discovered_at=AT - timedelta(minutes=40),
        occurred_at=AT - timedelta(hours=2),
        aware_at=AT - timedelta(minutes=40),
        aware_because="discovered",
        reporter=Reporter(address=staff.address, name=staff.name, proven=True),
        group=staff.group or settings.organisation.groups[0].name,
        line_manager=staff.line_manager or None,
        responsible_line_manager=staff.line_manager or None,
        personal_data=True,
        stolen=True,
        health_or_social_care=found.health_or_social_care,
        facts={"description": TOLD},
        repeats=(Repeat(reference=Reference("DB2026009"), received_at=AT - 8 * WEEK, same=(Same.TEAM, Same.TYPE)),),
        missing=tuple(name for name, field in settings.form.fields.items() if field.required)[:3],
        originals=(Original(mailbox=account, folder="INBOX", uid=214, sender=staff.address, received_at=AT),),
    )


def _reading(staff: StaffEntry) -> Reading:
    """The report as it was read, so that the example is triaged and rated as a real one would be."""
    email = InboundEmail(sender=Address(address=staff.address, name=staff.name), text=STORY, reply=STORY)
    return Reading(kind=Kind.REPORT, email=email, report=ReportedIncident(fields={"description": TOLD}))


def _notice(rules: NotifyRules, settings: Settings, template: str, audience: str) -> OutgoingEmail:
    named = settings.templates.message(template).duty
    incident, organisation = example_incident(settings, named), settings.organisation
    told = next((row for row in settings.procedure.told if row.template == template), None)
    role = told.role if told else ROLES.get(audience, Role.DPO)
    recipient = holder_of(role, incident, organisation) or organisation.roles[Role.DPO]
    asked = _asked(incident, settings, recipient, told.carries) if told else _own(incident, named, role)
    duty = asked[0] if asked else None
    reader = duty.person if duty and named and not told else None
    notice = Notice(
        template=template,
        recipient=reader or recipient,
        role=duty.holder if reader and duty else role,
        why=told.why if told else _why(settings, duty),
        duty_id=duty.id if duty else None,
        duty_kind=duty.kind if duty else None,
        asks=tuple(one.kind for one in asked),
        mentions=MENTIONS | {"sender": incident.reporter.address},
    )
    at = incident.investigation.returned_at if incident.investigation else AT
    return compose((notice,), incident, rules, at, lambda: ID)[0]


def _asked(incident: Incident, settings: Settings, recipient: str, carried: Sequence[str]) -> Sequence[Duty]:
    """The duties that a first mail asks its reader for."""
    rules = procedure_rules(settings, _calendar(settings))
    found = (incident.duty(kind) for kind in carried)
    return [
        duty
        for duty in found
        if duty and recipient_of(Target.HOLDER, duty, incident, rules, occurrence=0, on=AT.date()).address == recipient
    ]


def _own(incident: Incident, named: str, role: Role) -> Sequence[Duty]:
    """The duty a mail is about: the template's own, or the first of its reader's."""
    found = (incident.duty(named), *(one for one in incident.duties if one.holder is role))
    return [one for one in found if one][:1]


def _why(settings: Settings, duty: Duty | None) -> str:
    rule = settings.procedure.find(duty.kind) if duty else None
    if not (rule and duty):
        return "you have a part in this incident"
    own = Contact(role=duty.holder, address=duty.person or "")
    return why(rule, duty, Target.HOLDER, own)


def _digest(rules: NotifyRules, settings: Settings, *, urgent: bool) -> OutgoingEmail:
    view = triage_digest(
        (example_incident(settings),), rules, AT, AT + timedelta(hours=12), audit_head="4f1c 09ab 77e2"
    )
    return compose_digest(view, rules.desk(Queue.IG).address, rules, AT, ID, urgent=urgent)


def _gathered(rules: NotifyRules, settings: Settings, template: str) -> OutgoingEmail:
    """A mail that stands for one about the invented incident and one about another like it."""
    tokens, first = Tokens(NO_PROOF, rules.identity), example_incident(settings)
    incidents = (first, first.but(id=OTHER_ID, reference=OTHER_REFERENCE))
    reader = settings.organisation.roles[Role.DPO]
    kinds = [duty.kind for duty in first.open_duties if not rules.duty(duty.kind).alone]
    emails = tuple(
        compose((_about(one, name, kind, reader),), one, rules, AT, lambda: ID)[0]
        for one, name, kind in zip(
            incidents, GATHERED[settings.templates.message(template).audience], kinds, strict=False
        )
    )
    view: Value = (
        personal_digest(emails, {one.id: one for one in incidents}, (), rules, tokens, AT)
        if template == "digest"
        else receipts(emails, incidents, rules, tokens)
    )
    return gathered(template, emails, rules, AT, ID).but(values=view.model_dump(mode="json"))


def _about(incident: Incident, template: str, kind: str, reader: str) -> Notice:
    duty = incident.duty(kind)
    return Notice(
        template=template,
        recipient=reader,
        role=Role.DPO,
        why="you have a part in this incident",
        duty_id=duty.id if duty else None,
        duty_kind=kind,
        asks=(kind,),
    )


def _alarm(rules: NotifyRules, bot: BotSettings) -> OutgoingEmail:
    view = OperatorView(
        what="A mail could not be delivered",
        advice="Ring the person, and correct the address in staff.csv.",
        reference=REFERENCE,
        template="line manager notice",
        tries=12,
        code=550,
        at=AT,
    )
    return compose_alarm(view, bot.address, rules, AT, ID)
