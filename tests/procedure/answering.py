"""Answering a request of the bot, for the tests of answers and of what they change."""

from datetime import datetime

from mailbot.incident import Duty, Incident
from mailbot.procedure.decision import Answered, Decision
from mailbot.procedure.machine import advance
from tests.procedure.conftest import (
    IGOR,
    RULES,
    london,
    opened_at,
)

FRIDAY = london("Fri 2026-11-20 18:50")

EVENING = london("Fri 2026-11-20 21:50")


def opened(**changes: object) -> Incident:
    return opened_at(FRIDAY, **changes).incident  # type: ignore[arg-type]


def answer(incident: Incident, line: str, by: str = IGOR, now: datetime = EVENING, **more: object) -> Decision:
    key, _, value = line.partition(":")
    event = Answered.model_validate({"duty_kind": "", "key": key, "value": value, "by": by} | more)
    return advance(incident, event, now, RULES)


def duty_of(decision: Decision, kind: str) -> Duty:
    duty = decision.incident.duty(kind)
    assert duty is not None
    return duty


def problem_in(decision: Decision) -> str:
    (notice,) = [one for one in decision.notices if one.template == "answer_unclear"]
    return notice.mentions["problem"]
