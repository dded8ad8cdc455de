"""What the words of a proven reply bring about, for one incident: facts, answers, notices, history. Pure."""

from mailbot.incident import AuditEntry, Incident
from mailbot.pipeline.later import tells_another_story
from mailbot.pipeline.message import Message
from mailbot.pipeline.outcome import Fate, Outcome
from mailbot.pipeline.receipts import one_receipt
from mailbot.pipeline.reply import ReplyContext
from mailbot.pipeline.shown import News, facts_came, one_each, somebody_wrote
from mailbot.procedure.decision import Decision, Event, FactsArrived, Notice
from mailbot.procedure.facts import news_of

ANSWER_HELD = "answer held"


def acted_upon(message: Message, reply: ReplyContext, events: tuple[Event, ...]) -> Outcome:
    """What a proven reply brings about; the desk is shown every fact that came, and whoever answers can be reached."""
    email, before = message.reading.email, reply.incident
    kept = tuple(one for one in before.unreachable if one != message.sender or email.automatic)
    incident = before.but(unreachable=kept)
    notices: list[Notice] = []
    history: list[AuditEntry] = []
    for event in events:
        decision = message.advance(incident, event)
        incident = decision.incident
        notices += decision.notices
        history += decision.audit
    facts = next((event for event in events if isinstance(event, FactsArrived)), None)
    if facts is not None:
        news = News(raised=news_of(before, incident, facts.found), another=tells_another_story(reply))
        notices += facts_came(message.original, incident, news, message.by.rules)
    receipts = one_receipt(notices, message.by.rules)
    notices = one_each(receipts, message.sender if email.automatic else "")
    decision = Decision(incident=incident, notices=tuple(notices), audit=tuple(history))
    fate = Fate.HELD if any(entry.action == ANSWER_HELD for entry in history) else Fate.HANDLED
    return Outcome(fate=fate, because=f"an answer about {incident.reference}", decision=decision)


def for_the_desk(message: Message, incident: Incident, problem: str, *, another: bool) -> Outcome:
    """Shown to people, changes nothing: the IG Team when somebody unproven answers, the acting desk otherwise."""
    entry = AuditEntry(
        at=message.now,
        action=ANSWER_HELD if problem else "wrote again",
        by=message.sender,
        details={"because": problem, "mailbox": message.raw.key.mailbox},
    )
    notice = somebody_wrote(message.original, incident, problem, message.by.rules, another=another)
    kept = incident.but(originals=(*incident.originals, message.original))
    decision = Decision(incident=kept, notices=(notice,), audit=(entry,))
    return Outcome(fate=Fate.HELD if problem else Fate.HANDLED, because=notice.why, decision=decision)
