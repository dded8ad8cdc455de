"""An answer that says another thing than the one that settled the matter: it changes nothing, and a person is shown both.

Who says which one stands is a column of config/procedure.toml (``settled_by``): the DPO on the regulator and the people
affected (paras 41, 42, 72), the desk that handles the incident on the rest.
"""

from datetime import datetime

from mailbot.incident import AuditEntry, Incident
from mailbot.procedure.answer_rows import AnswerRule
from mailbot.procedure.calendar import day_of
from mailbot.procedure.decision import Answered, Decision, Notice, Priority
from mailbot.procedure.grammar import OPEN_PART, Understood, understand
from mailbot.procedure.people import Contact, contact_for
from mailbot.procedure.rules import Rules
from mailbot.procedure.sent_back import may_write_to, reply
from mailbot.procedure.settled import Settled
from mailbot.procedure.standing import standing_in

TEMPLATE = "contradiction"
WHY = "two answers about this incident do not agree, and somebody must say which one stands"
WHY_WRITER = "your answer does not agree with the one on record"


def contradicted(  # noqa: PLR0917  what against what, by whom
    incident: Incident, event: Answered, found: Understood, settled: Settled, person: str, now: datetime, rules: Rules
) -> Decision:
    """Nothing changes; whoever settles it is shown both answers, and so is whoever gave the later one."""
    said = found.rule.how or found.verb
    history = {
        "duty": event.duty_kind,
        "key": found.rule.key,
        "value": event.value,
        "from": event.by,
        "on record": settled.how,
        "recorded by": settled.by,
        "recorded at": settled.at.isoformat(),
    }
    entry = AuditEntry(at=now, action="contradicted", by=person, details=history)
    both = mentions_of(settled, found.rule.key, said, person, event.received_at or now, rules)
    both |= {"line": line} if (line := _line_of(found, rules)) else {}
    notices = shown(incident, event, found.rule, both, now, rules)
    return Decision(incident=incident, notices=notices, audit=(entry,))


def mentions_of(  # noqa: PLR0917  what against what
    settled: Settled, key: str, said: str, person: str, at: datetime, rules: Rules
) -> dict[str, str]:
    """Both answers in words of the file, with the names of the directory: what anybody may read (69)."""
    return {
        "key": _as_asked(key, rules),
        "stands": settled.how,
        "stands_by": _name_of(settled.by, rules),
        "stands_at": settled.at.isoformat(),
        "said": said,
        "said_by": _name_of(person, rules),
        "said_at": at.isoformat(),
    }


def _as_asked(key: str, rules: Rules) -> str:
    """A key as the lines of the file spell it: ICO, SIRO view."""
    lines = rules.procedure.asks_of(key)
    return lines[0].partition(":")[0] if lines else key.capitalize()


def _name_of(address: str, rules: Rules) -> str:
    entry = rules.organisation.staff(address)
    return entry.name if entry else address


def _line_of(found: Understood, rules: Rules) -> str:
    """The line of the file that gives the later answer, to be written behind "Correct:"; empty where there is none."""
    if found.rule.ask:
        return found.rule.ask
    rows = rules.procedure.answers_to(found.rule.key)
    return next((line for line in rules.procedure.asks_of(found.rule.key) if _means(line, rows) is found.rule), "")


def _means(line: str, rows: tuple[AnswerRule, ...]) -> AnswerRule | None:
    """Which row a line of a request is an answer by, as far as it is filled in."""
    found = understand(OPEN_PART.split(line.partition(":")[2], maxsplit=1)[0], rows)
    return found.rule if found else None


def shown(  # noqa: PLR0917  what to whom
    incident: Incident, event: Answered, rule: AnswerRule, both: dict[str, str], now: datetime, rules: Rules
) -> tuple[Notice, ...]:
    """The mail with both answers to whoever settles it, and to whoever gave the later one, each once."""
    asked = standing_in(contact_for(rule.settled_by, incident, rules), incident, rules.organisation, day_of(now))
    settler = _to_settler(asked, event, both, rules)
    if event.by.lower() == asked.address.lower() or not may_write_to(event.by, incident):
        return (settler,)
    writer = reply(TEMPLATE, WHY_WRITER, incident, event, mentions=both | {"asked": asked.role.words}, rules=rules)
    return (settler, writer.but(duty_id=None, duty_kind=settler.duty_kind))


def _to_settler(asked: Contact, event: Answered, both: dict[str, str], rules: Rules) -> Notice:
    """Not bound to a duty whose whole reply is read as a decision: "Correct: …" must be seen for what it is."""
    is_read_whole = rules.procedure.ruling_of(event.duty_kind) is not None
    return Notice(
        template=TEMPLATE,
        recipient=asked.address,
        role=asked.role,
        why=WHY,
        duty_kind=None if is_read_whole else event.duty_kind or None,
        priority=Priority.CLOCK,
        mentions=both,
    )
