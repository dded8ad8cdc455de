"""An answer to a digest, or its return: one mail, several incidents, a decision about each. Pure.

The code of a digest opens the incidents that it asked about, and what it asked there; nothing else.
"""

from collections.abc import Iterator

from mailbot.incident import AuditEntry, Incident
from mailbot.intake.email import Kind
from mailbot.parse.answers import read_answers
from mailbot.parse.investigation_form import read_typed
from mailbot.parse.reading import AnswerLine, Reading, ReportedIncident
from mailbot.pipeline.acted import acted_upon, for_the_desk
from mailbot.pipeline.later import with_found
from mailbot.pipeline.message import Message
from mailbot.pipeline.outcome import Fate, Listed, Outcome
from mailbot.pipeline.proof import Proof, prove_listed
from mailbot.pipeline.reply import ReplyContext, events_of
from mailbot.pipeline.returned import FAILED, has_failed, returned_of
from mailbot.pipeline.several import SIGNED, part
from mailbot.procedure.decision import Answered, Decision, Notice
from mailbot.procedure.effect import Effect
from mailbot.procedure.grammar import Problem
from mailbot.procedure.rules import ProcedureRules
from mailbot.procedure.sent_back import may_write_to, unclear
from mailbot.terms import Reference, Role

NAMING = frozenset({Effect.LEAVE_DUPLICATE, Effect.LEAVE_PART})
ESCALATE = "escalate"


def list_answered(message: Message) -> Outcome | None:
    """What a reply to a digest brings about. A mail that carries the code of one incident answers that one alone."""
    listed, reading = message.known.listed, message.reading
    if listed is None or not listed.incidents or reading.titled or reading.kind is not Kind.ANSWER:
        return None
    by = message.by
    if any(one.reference != listed.name for one in by.tokens.find(reading.email, reading.reference)):
        return None
    proof = prove_listed(reading.email, listed.name, by.tokens, by.rules.organisation)
    if proof.problem:
        return for_the_desk(message, listed.incidents[0], proof.problem, another=False)
    parts = list(_answered(message, listed, proof))
    if not parts:
        return for_the_desk(message, listed.incidents[0], "", another=False)
    decisions = tuple(one.decision for one in parts if one.decision)
    fate = Fate.HELD if any(one.fate is Fate.HELD for one in parts) else Fate.HANDLED
    about = ", ".join(one.incident.reference for one in decisions)
    return Outcome(
        fate=fate, because=f"an answer to a digest about {about}", decision=decisions[0], further=decisions[1:]
    )


def list_returned(message: Message) -> Outcome | None:
    """What a bounce or an automatic reply to a digest means for every duty that it asked for."""
    listed, reading = message.known.listed, message.reading
    if listed is None or not listed.incidents or not reading.kind.is_machine or message.known.ours is None:
        return None
    returned = returned_of(reading, message.known, message.by)
    if returned is None:
        return None
    if not has_failed(reading, returned.recipient, message.by):
        details = {"recipient": returned.recipient}
        entry = AuditEntry(at=message.now, action=reading.kind.value, by="mail server", details=details)
        noted = tuple(Decision(incident=one, audit=(entry,)) for one in listed.incidents)
        return Outcome(fate=Fate.HANDLED, because=reading.kind.value, decision=noted[0], further=noted[1:])
    because = FAILED[reading.kind]
    told = []
    for incident in listed.incidents:
        decision = Decision(incident=incident)
        for duty_id in dict.fromkeys(listed.duty_ids.get(incident.reference, ())):
            lost = returned.but(duty_id=duty_id, because=because)
            decision = _then(decision, message.advance(decision.incident, lost))
        told.append(decision)
    return Outcome(fate=Fate.HANDLED, because=because, decision=told[0], further=tuple(told[1:]))


def _answered(message: Message, listed: Listed, proof: Proof) -> Iterator[Outcome]:
    """One outcome for each incident that the reply speaks of; the first also asks again what names none."""
    reading, procedure = message.reading, message.by.rules.procedure
    references = tuple(one.reference for one in listed.incidents)
    parted = part(reading.email.reply, references, procedure.reference.prefix, _naming(procedure))
    named = [one for one in listed.incidents if one.reference in parted.about]
    asked_back = bool(parted.unplaced)
    for incident in named or (listed.incidents[:1] if asked_back else ()):
        outcome = Outcome(fate=Fate.HANDLED, decision=Decision(incident=incident))
        if incident in named:
            one = _part_of(reading, parted.about[incident.reference], message, is_only=len(references) == 1)
            outcome = _one(message, one, incident, proof, listed.kinds.get(incident.reference, ()))
        if asked_back and outcome.decision:
            back = _ask_back(message, outcome.decision.incident, parted.unplaced)
            outcome = outcome.but(decision=_then(outcome.decision, back))
            asked_back = False
        yield outcome


def _part_of(reading: Reading, words: str, message: Message, *, is_only: bool) -> Reading:
    """The reading of one part. What hangs on the mail as a whole belongs to a part only where there is no other."""
    email = reading.email.but(reply=words)
    if is_only:
        return reading.but(email=email, answers=read_answers(words))
    return Reading(
        kind=reading.kind,
        email=email,
        report=ReportedIncident(),
        answers=read_answers(words),
        investigation=read_typed(words, message.raw.received_at),
    )


def _one(message: Message, reading: Reading, incident: Incident, proof: Proof, kinds: tuple[str, ...]) -> Outcome:
    """What one part brings about, as if it had answered a mail about this incident alone."""
    rules = message.by.rules
    asked = [one for one in reading.answers if _is_asked(one, kinds, rules.procedure)]
    beside = [one for one in reading.answers if one not in asked]
    reading = reading.but(answers=tuple(asked))
    part_of = Message(message.raw, reading, message.known, message.by, message.now)
    own = proof.but(duty_kind=_understood_as(kinds, rules.procedure))
    reply = ReplyContext(reading, incident, own, message.raw.received_at, message.known.mentioned)
    events = () if beside and not asked else events_of(reply, rules)
    events = with_found(events, reply, message.by.triage_rules)
    if events:
        outcome = acted_upon(part_of, reply, events)
    elif beside:
        outcome = Outcome(fate=Fate.HANDLED, decision=Decision(incident=incident))
    else:
        outcome = for_the_desk(part_of, incident, "", another=False)
    for line in beside[:1]:
        outcome = outcome.but(decision=_not_in_list(message, outcome.decision, line))
    return outcome


def _is_asked(line: AnswerLine, kinds: tuple[str, ...], procedure: ProcedureRules) -> bool:
    """Whether the digest asked for such an answer; what no row knows is left to be asked about as in any reply."""
    kind = procedure.kind_answered_by(line.key)
    if kind is None or kind in kinds or line.key in {SIGNED, ESCALATE}:
        return True
    whole = {key for one in kinds if (rule := procedure.find(one)) for key in rule.asks_for}
    return any(row.key in whole for row in procedure.answers_to(line.key))


def _understood_as(kinds: tuple[str, ...], procedure: ProcedureRules) -> str:
    """The request that words without a key answer: one that takes no whole reply as its answer, where there is any."""
    plain = (one for one in kinds if procedure.ruling_of(one) is None)
    return next(plain, kinds[0] if kinds else "")


def _not_in_list(message: Message, decision: Decision | None, line: AnswerLine) -> Decision | None:
    if decision is None:
        return None
    event = Answered(duty_kind="", key=line.key, value=line.value, by=message.sender)
    back = unclear(decision.incident, event, Problem.NOT_IN_LIST, message.now, message.by.rules)
    return _then(decision, back)


def _ask_back(message: Message, incident: Incident, words: str) -> Decision:
    """Asks once more which incident is meant, in a mail about the first of them."""
    problem = Problem.NO_REFERENCE.value
    details = {"key": "", "value": words, "problem": problem}
    entry = AuditEntry(at=message.now, action="answer unclear", by=message.sender, details=details)
    if message.reading.email.automatic or not may_write_to(message.sender, incident):
        return Decision(incident=incident, audit=(entry,))
    notice = Notice(
        template="answer_unplaced",
        recipient=message.sender,
        role=Role.QUEUE_TEAM,
        why="you answered a list of ours, and part of your answer does not say which incident it means",
        mentions={"problem": problem},
    )
    return Decision(incident=incident, notices=(notice,), audit=(entry,))


def _then(first: Decision, more: Decision) -> Decision:
    return Decision(incident=more.incident, notices=(*first.notices, *more.notices), audit=(*first.audit, *more.audit))


def _naming(procedure: ProcedureRules) -> frozenset[Reference | str]:
    rows = (*procedure.answers, *(one for rule in procedure.duties for one in rule.answers))
    return frozenset(row.key for row in rows if row.effect in NAMING)
