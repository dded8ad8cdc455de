"""What an answer lacks to be recorded: by its words, and by the moment that it names. Pure."""

from datetime import datetime

from mailbot.incident import Incident
from mailbot.procedure.calendar import day_of
from mailbot.procedure.decision import Answered
from mailbot.procedure.grammar import Problem, Understood, is_a_copy, reason_in, says_because, shortfall
from mailbot.procedure.rules import Rules


def lacks(event: Answered, understood: Understood, rules: Rules) -> Problem | None:
    """What the words lack, whatever the duty: the line of the request sent back as it was lacks everything."""
    if is_a_copy(event.value, rules.procedure.asks_of(event.key)):
        return Problem.REASON_MISSING
    if event.corrects and not any(sign.isalnum() for sign in reason_in(understood.rest)):
        return Problem.REASON_MISSING
    rows = rules.procedure.answers_to(event.key)
    return shortfall(understood, rows, rules.procedure.unsettled, event.moment)


def lacks_in_time(
    incident: Incident, event: Answered, understood: Understood, done_at: datetime, now: datetime
) -> Problem | None:
    """What the moment of an answer (aware) lacks: not yet come, before the council knew, or late without a reason."""
    rule, _, rest = understood
    duty = incident.duty(event.duty_kind)
    if duty is None or not rule.discharges:
        return None
    if done_at > now:
        return Problem.TIME_IN_FUTURE
    if rule.names_moment and day_of(done_at) < day_of(min(duty.anchored_at, incident.aware_at)):
        return Problem.TIME_TOO_EARLY
    late = (duty.is_open or event.corrects) and duty.due_at is not None and done_at > duty.due_at
    unexplained = rule.because_if_late and late and not says_because(rest)
    return Problem.REASON_FOR_LATENESS_MISSING if unexplained else None
