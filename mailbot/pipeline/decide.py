"""The way of an email, once it has been read (``reader``): triage, procedure, notices. Reads from top to bottom.

``decide`` asks its questions in order and the first that knows the mail answers: is it the same mail again, a
machine's, an answer, a report? Whatever none of them knows is held and shown to a person; nothing is dropped.
"""

from collections.abc import Callable
from datetime import datetime

from mailbot.incident import AuditEntry, Incident
from mailbot.intake.email import Kind
from mailbot.mail import RawEmail
from mailbot.parse.reading import Reading
from mailbot.pipeline.acted import acted_upon, for_the_desk
from mailbot.pipeline.later import naming, tells_another_story, with_found
from mailbot.pipeline.listed import list_answered, list_returned
from mailbot.pipeline.message import Message
from mailbot.pipeline.outcome import Deciding, Fate, Known, Outcome
from mailbot.pipeline.proof import prove
from mailbot.pipeline.reply import IN_MAIL, ReplyContext, events_of
from mailbot.pipeline.reporter import reporter_of
from mailbot.pipeline.returned import FAILED, has_failed, returned_of
from mailbot.pipeline.shown import it_came_again, one_each, thanks_for_passing_on
from mailbot.procedure.decision import Decision, ReportedAgain
from mailbot.procedure.machine import open_incident
from mailbot.terms import Queue
from mailbot.triage.triage import triage

REPORTS = frozenset({Kind.REPORT, Kind.FOLLOW_UP})
NAMES_RESTRICTED = "its subject names an incident that is restricted"


def decide(raw: RawEmail, reading: Reading, known: Known, by: Deciding, now: datetime) -> Outcome:
    """What follows from one message. ``now`` is aware; nothing is read or written anywhere."""
    message = Message(raw, reading, known, by, now)
    return next(outcome for question in QUESTIONS if (outcome := question(message)))


def opens_incident(reading: Reading, known: Known) -> bool:
    """Whether a message would become an incident of its own, so that a number is taken for it.

    A follow-up to something nobody knows is a report too, and so is an answer to nothing that has the title or the
    form of one: better one incident too many than one too few (para 25).
    """
    return reports(reading) and not (known.seen_in or known.incident or known.again)


def reports(reading: Reading) -> bool:
    """Whether a message reports something, be it as an answer to nothing that anybody knows."""
    return reading.kind in REPORTS or (reading.kind is Kind.ANSWER and reading.titled)


def reports_anew(reading: Reading) -> bool:
    """Whether a message says by its title or its form that it is a report of its own, whatever number it names.

    A reply keeps the title of the mail it answers; with a form it is a report all the same.
    """
    email = reading.email
    has_form = any(not fact.source.startswith(IN_MAIL) for fact in reading.report.fields.values())
    return reports(reading) and reading.titled and (has_form or not (email.in_reply_to or email.references))


def _same_again(message: Message) -> Outcome | None:
    """The very same mail: in this mailbox nothing is left to do; in another one the other desk is told."""
    known = message.known
    if not known.seen_in:
        return None
    if message.raw.key.mailbox in known.seen_in or known.twin is None or message.reading.kind not in REPORTS:
        return Outcome(fate=Fate.KNOWN, because="the very same message was taken in before")
    event = ReportedAgain(original=message.original, queue=_desk_not_told(message, known.twin))
    because = f"the same report as {known.twin.reference}, sent to this mailbox too"
    return Outcome(fate=Fate.KNOWN, because=because, decision=message.advance(known.twin, event))


def _desk_not_told(message: Message, incident: Incident) -> Queue | None:
    """The desk in whose mailbox the report lies and that has not heard of it, wherever triage sent it (para 28)."""
    mailboxes = (message.raw.key.mailbox, *(one.mailbox for one in incident.originals))
    desks = (message.by.desks.get(mailbox) for mailbox in mailboxes)
    return next((desk for desk in desks if desk and desk not in {incident.queue, *incident.also_tell}), None)


def _machine(message: Message) -> Outcome | None:
    """Bounces and automatic replies: never answered; what they say of a mail of ours reaches its duty."""
    reading, known = message.reading, message.known
    if not reading.kind.is_machine:
        return None
    returned = returned_of(reading, known, message.by)
    if returned is None or known.incident is None:
        return Outcome(fate=Fate.HELD, because=f"an automatic message ({reading.kind.value}) about no incident")
    if not has_failed(reading, returned.recipient, message.by):
        entry = AuditEntry(
            at=message.now, action=reading.kind.value, by="mail server", details={"recipient": returned.recipient}
        )
        return Outcome(fate=Fate.HANDLED, because=reading.kind.value, decision=_noted(known.incident, entry))
    event = returned.but(because=FAILED[reading.kind])
    return Outcome(fate=Fate.HANDLED, because=event.because, decision=message.advance(known.incident, event))


def _answer(message: Message) -> Outcome | None:
    """A mail about an incident: acted upon when its sender is proven, otherwise kept and shown to the desk."""
    incident = message.known.incident
    if incident is None:
        return None
    email, rules = message.reading.email, message.by.rules
    proof = prove(email, incident, message.by.tokens, rules.organisation, message.reading.reference)
    reply = ReplyContext(message.reading, incident, proof, message.raw.received_at, message.known.mentioned)
    events = () if proof.problem else with_found(events_of(reply, rules), reply, message.by.triage_rules)
    if not events and message.known.again:
        return _came_again(message)
    if not events:
        problem = proof.problem if _means_to_answer(message) else ""
        return for_the_desk(message, incident, problem, another=not proof.problem and tells_another_story(reply))
    return acted_upon(message, reply, events)


def _came_again(message: Message) -> Outcome | None:
    """A known report sent once more or passed on: it joins its incident, the desk is told, and its Reporter thanked."""
    again = message.known.again
    if again is None:
        return None
    decision = message.advance(again.incident, ReportedAgain(original=message.original, queue=None))
    shown = it_came_again(message.original, again, message.by.rules)
    machine = message.sender if message.reading.email.automatic else ""
    notices = tuple(one_each([*decision.notices, *shown], machine))
    because = f"the report of {again.incident.reference} once more: {again.because}"
    return Outcome(fate=Fate.HANDLED, because=because, decision=decision.but(notices=notices))


def _means_to_answer(message: Message) -> bool:
    """Whether a mail claims to answer somebody's request, by a code it carries or by a key it uses."""
    procedure = message.by.rules.procedure
    asked = any(procedure.kind_answered_by(line.key) is not None for line in message.reading.answers)
    return asked or bool(message.by.tokens.find(message.reading.email, message.reading.reference))


def _report(message: Message) -> Outcome | None:
    """A report: triage, then the machine opens the incident with its duties, clocks and notices."""
    reading, known = message.reading, message.known
    if known.reference is None:
        return None
    reporter = reporter_of(reading, message.by.rules.organisation)
    found = triage(reading, reporter.outside, message.by.triage_rules)
    if known.named and known.named.restricted:
        found = found.but(restricted=(*found.restricted, NAMES_RESTRICTED))
    decision = open_incident(
        reading=reading,
        triage=found,
        original=message.original,
        reporter=reporter,
        reference=known.reference,
        incident_id=known.incident_id,
        now=message.now,
        rules=message.by.rules,
    )
    because = f"a report: incident {known.reference}"
    told = [notice.recipient for notice in decision.notices]
    thanks = thanks_for_passing_on(reading, decision.incident, message.by.rules, told)
    decision = decision.but(incident=decision.incident.but(alike=known.alike), notices=(*decision.notices, *thanks))
    if known.named:
        decision = naming(decision, known.named, message.sender, message.now)
    return Outcome(fate=Fate.HANDLED, because=because, decision=decision, is_new=True)


def _unknown(message: Message) -> Outcome:
    return Outcome(
        fate=Fate.HELD, because=f"no incident is named ({message.reading.kind.value}); a person must read it"
    )


QUESTIONS: tuple[Callable[[Message], Outcome | None], ...] = (
    _same_again,
    list_returned,
    _machine,
    list_answered,
    _answer,
    _came_again,
    _report,
    _unknown,
)


def _noted(incident: Incident, entry: AuditEntry) -> Decision:
    return Decision(incident=incident, audit=(entry,))
