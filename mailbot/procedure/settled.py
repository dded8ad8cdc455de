"""What has settled a matter, and whether a later answer says another thing (paras 12, 41, 42, 47, 72, 74). Pure look-ups.

Which answers settle a matter once is a column of config/procedure.toml (``settles_once``). What is said once more in the
same sense is no contradiction.
"""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from mailbot.incident import Incident
from mailbot.notifications import ExitKind
from mailbot.procedure.answer_rows import AnswerRule
from mailbot.procedure.clocks import lie_apart
from mailbot.procedure.decision import Answered
from mailbot.procedure.effect import Effect
from mailbot.procedure.external import ico_number
from mailbot.procedure.grammar import Understood
from mailbot.procedure.rules import Rules
from mailbot.terms import references_in

LEAVING = {
    Effect.LEAVE_NOT_AN_INCIDENT: ExitKind.NOT_AN_INCIDENT,
    Effect.LEAVE_NEAR_MISS: ExitKind.NEAR_MISS,
    Effect.LEAVE_DUPLICATE: ExitKind.DUPLICATE,
    Effect.LEAVE_PART: ExitKind.PART,
}
_ENTERED = {kind: effect for effect, kind in LEAVING.items()}


class Settled(NamedTuple):
    """What settled a matter: recorded under which word of the file, by whom, when."""

    how: str
    by: str
    at: datetime


def settled_before(rule: AnswerRule, kind: str, incident: Incident, rules: Rules) -> Settled | None:
    """What was answered before in the same matter; None while it is open, or where it ended without anybody's answer.

    ``kind``: of the duty that the answer is for, empty for one about the whole incident.
    """
    duty = incident.duty(kind) if kind else None
    if not rule.settles_once or (duty is not None and duty.is_open):
        return None
    look = _RECORDED.get(rule.effect)
    return look(incident, rules) if look else _by_duty(rule, kind, incident, rules)


def takes_the_place(rule: AnswerRule, verb: str, kind: str, incident: Incident, rules: Rules) -> bool:
    """Whether an answer rightly changes what another answer to the same key settled: evidence that came after all (40)."""
    if rule.settles_once or not rule.discharges:
        return False
    if not any(row.settles_once for row in rules.procedure.answers_to(rule.key)):
        return False
    before = _by_duty(rule, kind, incident, rules)
    return before is not None and before.how != (rule.how or verb)


def _by_duty(rule: AnswerRule, kind: str, incident: Incident, rules: Rules) -> Settled | None:
    duty = incident.duty(kind) if kind else None
    ending = duty.discharged if duty else None
    answers = {one for row in rules.procedure.answers_to(rule.key) for one in ((row.how,) if row.how else row.verbs)}
    return Settled(ending.how, ending.by, ending.at) if ending and ending.how in answers else None


def _of_the_regulator(incident: Incident, rules: Rules) -> Settled | None:
    ico = incident.ico
    if ico is None:
        return None
    effect = Effect.ICO_REPORTED if ico.reported else Effect.ICO_NOT_REQUIRED
    return Settled(_how_of(effect, rules), ico.by, ico.at)


def _of_the_people_affected(incident: Incident, rules: Rules) -> Settled | None:
    decided = incident.data_subjects
    if decided is None:
        return None
    effect = Effect.NOTIFY_DATA_SUBJECTS if decided.notify else Effect.DATA_SUBJECTS_NOT_REQUIRED
    return Settled(_how_of(effect, rules), decided.by, decided.at)


def _of_the_controller(incident: Incident, rules: Rules) -> Settled | None:
    role = incident.processing
    if role is None:
        return None
    effect = Effect.FOR_A_CONTROLLER if role.is_for_another else Effect.FOR_ITSELF
    return Settled(_how_of(effect, rules), role.by, role.at)


def _of_the_end(incident: Incident, rules: Rules) -> Settled | None:
    if incident.exit is not None:
        return Settled(_how_of(_ENTERED[incident.exit.kind], rules), incident.exit.by, incident.exit.at)
    closing = incident.duty("close")
    ending = closing.discharged if closing and incident.closed_at else None
    return Settled(ending.how, ending.by, ending.at) if ending else None


def _how_of(effect: Effect, rules: Rules) -> str:
    """The word under which the file records an effect; the effect's own name where it has no such row (any more)."""
    every = (*rules.procedure.answers, *(row for duty in rules.procedure.duties for row in duty.answers))
    return next((row.how for row in every if row.effect is effect and row.how), effect.value.replace("_", " "))


_REGULATOR = (Effect.ICO_REPORTED, Effect.ICO_NOT_REQUIRED, Effect.ICO_UNDECIDED)
_PEOPLE = (Effect.NOTIFY_DATA_SUBJECTS, Effect.DATA_SUBJECTS_NOT_REQUIRED, Effect.DATA_SUBJECTS_UNDECIDED)
_RECORDED: dict[Effect, Callable[[Incident, Rules], Settled | None]] = {
    **dict.fromkeys(_REGULATOR, _of_the_regulator),
    **dict.fromkeys(_PEOPLE, _of_the_people_affected),
    **dict.fromkeys((Effect.FOR_A_CONTROLLER, Effect.FOR_ITSELF), _of_the_controller),
    **dict.fromkeys(LEAVING, _of_the_end),
}
"""What is looked up in the incident itself; everything else in how its duty ended."""


def says_otherwise(settled: Settled, found: Understood, event: Answered, incident: Incident, rules: Rules) -> bool:
    """Whether an answer means another thing than what settled the matter, or names another moment, number or body."""
    differs = _DIFFERS.get(found.rule.effect)
    return settled.how != (found.rule.how or found.verb) or bool(differs and differs(found, event, incident, rules))


def _another_report(found: Understood, event: Answered, incident: Incident, _rules: Rules) -> bool:
    """A moment that nobody had named may be made exact, to an earlier one; a number may be added, but not changed."""
    ico, number = incident.ico, ico_number(found.rest)
    if ico is None:
        return False
    is_other_number = bool(number and ico.reference and number != ico.reference)
    if event.moment is None or (ico.at_assumed and event.moment <= ico.at):
        return is_other_number
    return is_other_number or lie_apart(event.moment, ico.at)


def _another_controller(found: Understood, _event: Answered, incident: Incident, _rules: Rules) -> bool:
    named = incident.processing.controller if incident.processing else ""
    return _plain(named) not in _plain(found.rest)


def _another_parent(found: Understood, _event: Answered, incident: Incident, rules: Rules) -> bool:
    parent = incident.exit.parent if incident.exit else None
    named = references_in(found.rest, rules.procedure.reference.prefix)
    return bool(parent and named and parent not in named)


def _plain(words: str) -> str:
    return " ".join(words.lower().split())


_DIFFERS: dict[Effect, Callable[[Understood, Answered, Incident, Rules], bool]] = {
    Effect.ICO_REPORTED: _another_report,
    Effect.FOR_A_CONTROLLER: _another_controller,
    Effect.LEAVE_DUPLICATE: _another_parent,
    Effect.LEAVE_PART: _another_parent,
}

ADDING = frozenset({Effect.ICO_REPORTED})
"""What may still be added to when it is said once more: the regulator's number, or the exact moment."""
