"""The way of an email, once it has been read (``reader``): triage, procedure, notices. Reads from top to bottom.

``decide`` asks its questions in order and the first that knows the mail answers: is it the same mail again, a
machine's, an answer, a report? Whatever none of them knows is held and shown to a person; nothing is dropped.
"""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from mailbot.incident import AuditEntry, Incident, Original, Queue, Reference, Reporter, Role
from mailbot.intake.email import Kind
from mailbot.mail import RawEmail
from mailbot.notify.email import OutgoingEmail
from mailbot.notify.tokens import Tokens
from mailbot.parse.dates import understand_date
from mailbot.parse.reading import AnswerLine, Reading
from mailbot.procedure.decision import (
    Answered,
    Decision,
    Event,
    FactsArrived,
    Misaddressed,
    Notice,
    ReportedAgain,
)
from mailbot.procedure.machine import advance, open_incident
from mailbot.procedure.people import contact_for
from mailbot.procedure.rules import Rules
from mailbot.proof import Proof, prove
from mailbot.triage.rules import TriageRules
from mailbot.triage.triage import triage
from mailbot.value import Value

REPORTS = frozenset({Kind.REPORT, Kind.FOLLOW_UP})
FAILED = {
    Kind.BOUNCE: "it could not be delivered",
    Kind.AUTO_REPLY: "an automatic reply came back: nobody may be reading it",
}


class Fate(StrEnum):
    """What becomes of a message that is ours; the values are those of the ledger."""

    HANDLED = "handled"
    KNOWN = "known"
    HELD = "held"


class Known(Value):
    """What the store knows that bears on one message.

    ``seen_in``: the mailboxes in which the very same message was taken in before, and ``twin`` the incident it
    belongs to. ``incident``: the one that it answers by a code or by its thread. ``ours``: the mail of ours that it
    returns or automatically answers. ``reference``: the number for a new incident, where it would open one.
    """

    seen_in: tuple[str, ...] = ()
    twin: Incident | None = None
    incident: Incident | None = None
    ours: OutgoingEmail | None = None
    reference: Reference | None = None
    incident_id: str = ""


class Outcome(Value):
    """What is to be written: the fate of the message, and the decision about its incident, if there is one."""

    fate: Fate
    because: str = ""
    decision: Decision | None = None
    is_new: bool = False


class Deciding:
    """The rules by which a message is decided on, gathered once. ``desks``: mailbox name → the desk it belongs to."""

    def __init__(self, rules: Rules, triage_rules: TriageRules, tokens: Tokens, desks: dict[str, Queue | None]) -> None:
        self.rules = rules
        self.triage_rules = triage_rules
        self.tokens = tokens
        self.desks = desks


class _Message:
    """One message with everything that bears on it."""

    def __init__(self, raw: RawEmail, reading: Reading, known: Known, by: Deciding, now: datetime) -> None:
        self.raw = raw
        self.reading = reading
        self.known = known
        self.by = by
        self.now = now

    @property
    def sender(self) -> str:
        return self.reading.email.sender.address.lower()

    @property
    def original(self) -> Original:
        key = self.raw.key
        return Original(
            mailbox=key.mailbox, folder=key.folder, uid=key.uid, sender=self.sender, received_at=self.raw.received_at
        )

    def advance(self, incident: Incident, event: Event) -> Decision:
        return advance(incident, event, self.now, self.by.rules)


def decide(raw: RawEmail, reading: Reading, known: Known, by: Deciding, now: datetime) -> Outcome:
    """What follows from one message. ``now`` is aware; nothing is read or written anywhere."""
    message = _Message(raw, reading, known, by, now)
    return next(outcome for question in QUESTIONS if (outcome := question(message)))


def opens_incident(reading: Reading, known: Known) -> bool:
    """Whether a message would become an incident of its own, so that a number is taken for it.

    A follow-up to something nobody knows is a report too: better one incident too many than one too few (para 25).
    """
    return not (known.seen_in or known.incident) and reading.kind in REPORTS


def _same_again(message: _Message) -> Outcome | None:
    """The very same mail: in this mailbox nothing is left to do; in another one the other desk is told."""
    known = message.known
    if not known.seen_in:
        return None
    if message.raw.key.mailbox in known.seen_in or known.twin is None or message.reading.kind not in REPORTS:
        return Outcome(fate=Fate.KNOWN, because="the very same message was taken in before")
    event = ReportedAgain(original=message.original, queue=message.by.desks.get(message.raw.key.mailbox))
    because = f"the same report as {known.twin.reference}, sent to this mailbox too"
    return Outcome(fate=Fate.KNOWN, because=because, decision=message.advance(known.twin, event))


def _machine(message: _Message) -> Outcome | None:
    """Bounces and automatic replies: never answered; what they say of a mail of ours reaches its duty."""
    reading, known = message.reading, message.known
    if not reading.kind.is_machine:
        return None
    if known.ours is None or known.incident is None:
        return Outcome(fate=Fate.HELD, because=f"an automatic message ({reading.kind.value}) about no incident")
    failed = reading.kind in FAILED and (reading.bounce is None or reading.bounce.permanent)
    if failed:
        because = FAILED[reading.kind]
        event = Misaddressed(duty_id=known.ours.duty_id, recipient=known.ours.recipient, because=because)
        return Outcome(fate=Fate.HANDLED, because=because, decision=message.advance(known.incident, event))
    entry = AuditEntry(
        at=message.now, action=reading.kind.value, by="mail server", details={"recipient": known.ours.recipient}
    )
    return Outcome(fate=Fate.HANDLED, because=reading.kind.value, decision=_noted(known.incident, entry))


def _answer(message: _Message) -> Outcome | None:
    """A mail about an incident: acted upon when its sender is proven, otherwise kept and shown to the desk."""
    incident = message.known.incident
    if incident is None:
        return None
    proof = prove(message.reading.email, incident, message.by.tokens, message.by.rules.organisation)
    events = () if proof.problem else tuple(_events(message, incident, proof))
    if not events:
        wants_to_answer = bool(message.reading.answers) and bool(proof.problem)
        return _for_the_desk(message, incident, proof.problem if wants_to_answer else "")
    notices: list[Notice] = []
    history: list[AuditEntry] = []
    for event in events:
        decision = message.advance(incident, event)
        incident = decision.incident
        notices += decision.notices
        history += decision.audit
    decision = Decision(incident=incident, notices=_one_each(notices), audit=tuple(history))
    return Outcome(fate=Fate.HANDLED, because=f"an answer about {incident.reference}", decision=decision)


def _report(message: _Message) -> Outcome | None:
    """A report: triage, then the machine opens the incident with its duties, clocks and notices."""
    reading, known = message.reading, message.known
    if known.reference is None:
        return None
    reporter = _reporter(message)
    decision = open_incident(
        reading=reading,
        triage=triage(reading, reporter.outside, message.by.triage_rules),
        original=message.original,
        reporter=reporter,
        reference=known.reference,
        incident_id=known.incident_id,
        now=message.now,
        rules=message.by.rules,
    )
    because = f"a report: incident {known.reference}"
    return Outcome(fate=Fate.HANDLED, because=because, decision=decision, is_new=True)


def _unknown(message: _Message) -> Outcome:
    return Outcome(
        fate=Fate.HELD, because=f"no incident is named ({message.reading.kind.value}); a person must read it"
    )


QUESTIONS: tuple[Callable[[_Message], Outcome | None], ...] = (_same_again, _machine, _answer, _report, _unknown)


def _events(message: _Message, incident: Incident, proof: Proof) -> list[Event]:
    """What a proven reply says: facts of the report, answers to duties, or words that must be asked about again."""
    reading, rules = message.reading, message.by.rules
    known_keys = [line for line in reading.answers if rules.procedure.kind_answered_by(line.key) is not None]
    events: list[Event] = []
    if reading.report.fields and _may_supply_facts(message, incident):
        missing = tuple(name for name in incident.missing if name not in reading.report.fields)
        events.append(
            FactsArrived(
                facts=reading.report.fields,
                missing=missing,
                by=message.sender,
                occurred_at=reading.report.occurred_at,
                discovered_at=reading.report.discovered_at,
            )
        )
    events += [_answered(message, line, proof) for line in known_keys]
    asked_to_act = proof.duty_kind not in {"", "complete_report"} and incident.duty(proof.duty_kind)
    if not events and asked_to_act and reading.email.reply.strip():
        events.append(_answered(message, AnswerLine(key="", value=reading.email.reply), proof))
    return events


def _answered(message: _Message, line: AnswerLine, proof: Proof) -> Answered:
    signed = next((one.value for one in message.reading.answers if one.key == "by"), "")
    return Answered(
        duty_kind=proof.duty_kind,
        key=line.key,
        value=line.value,
        by=message.sender,
        signed=signed,
        moment=understand_date(line.value, message.raw.received_at).at,
        received_at=message.raw.received_at,
    )


def _may_supply_facts(message: _Message, incident: Incident) -> bool:
    members = {member for desk in message.by.rules.organisation.desks for member in (desk.address, *desk.members)}
    return message.sender == incident.reporter.address.lower() or message.sender in members


def _for_the_desk(message: _Message, incident: Incident, problem: str) -> Outcome:
    """Shown to people, changes nothing: the IG Team when somebody unproven answers, the acting desk otherwise."""
    role, template = (Role.IG_TEAM, "answer_held") if problem else (Role.QUEUE_TEAM, "follow_up_notice")
    contact = contact_for(role, incident, message.by.rules)
    why = f"somebody answered about this incident, but {problem}" if problem else "somebody wrote about this incident"
    notice = Notice(template=template, recipient=contact.address, role=contact.role, why=why)
    entry = AuditEntry(
        at=message.now,
        action="answer held" if problem else "wrote again",
        by=message.sender,
        details={"because": problem, "mailbox": message.raw.key.mailbox},
    )
    kept = incident.but(originals=(*incident.originals, message.original))
    decision = Decision(incident=kept, notices=(notice,), audit=(entry,))
    return Outcome(fate=Fate.HELD if problem else Fate.HANDLED, because=why, decision=decision)


def _reporter(message: _Message) -> Reporter:
    email, organisation = message.reading.email, message.by.rules.organisation
    return Reporter(
        address=message.sender,
        name=email.sender.name,
        outside=not organisation.is_inside(message.sender),
        proven=email.authenticated,
    )


def _noted(incident: Incident, entry: AuditEntry) -> Decision:
    return Decision(incident=incident, audit=(entry,))


def _one_each(notices: list[Notice]) -> tuple[Notice, ...]:
    """One receipt rather than three for a reply that answered three questions."""
    seen: dict[tuple[str, str, str | None], Notice] = {}
    for notice in notices:
        seen.setdefault((notice.template, notice.recipient, notice.duty_kind), notice)
    return tuple(seen.values())
