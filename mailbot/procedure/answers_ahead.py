"""Answers that come before anybody was asked: kept, and counted as soon as their duty starts.

Which answers count so is a column of config/procedure.toml (``counts_ahead``): what was done stays done, but a decision
that nothing is needed is asked for again by the facts that start the duty.
"""

from mailbot.incident import Ahead, Discharge, Incident
from mailbot.procedure.answer_rows import AnswerRule
from mailbot.procedure.duties import may_start
from mailbot.procedure.rules import Rules


def with_answer_ahead(incident: Incident, kind: str, rule: AnswerRule, ending: Discharge, rules: Rules) -> Incident:
    """The incident with an answer kept for a duty of that kind that has not started; the latest one counts."""
    duty_rule = rules.procedure.find(kind)
    duty = incident.duty(kind)
    if duty_rule is None or (duty is not None and (duty.is_open or not may_start(duty, duty_rule))):
        return incident
    others = tuple(one for one in incident.ahead if one.kind != kind)
    if others == incident.ahead and not rule.counts_ahead:
        return incident
    kept = (Ahead(kind=kind, ending=ending.but(met=None)),) if rule.counts_ahead and rule.discharges else ()
    return incident.but(ahead=(*others, *kept))
