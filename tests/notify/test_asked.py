"""What a mail asks for: words that its reader may really answer with, and only what is still open."""

from datetime import UTC, datetime

import pytest

from mailbot.incident import Incident
from mailbot.notify.compose import compose
from mailbot.notify.rules import DutyWords, NotifyRules
from mailbot.notify.views import AskView
from mailbot.procedure.answer_rows import AnswerRule
from mailbot.procedure.decision import Notice
from mailbot.terms import Role

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)

ROWS = (
    AnswerRule(key="group", how="named", by=(Role.QUEUE_TEAM,), ask="Group: [its name]", when=("group_unknown",)),
    AnswerRule(key="aware", how="moved", by=(Role.DPO,), ask="Aware: [date and time], because …"),
    AnswerRule(key="managers", verbs=("tell",), by=(Role.IG_TEAM,), ask="Managers: tell"),
    AnswerRule(key="restricted", verbs=("released",), by=(Role.DPO,), ask="Restricted: released, because …",
               when=("restricted",)),
)  # fmt: skip


@pytest.fixture
def asking(rules: NotifyRules) -> NotifyRules:
    triage = DutyWords(title="Confirm the queue", ask=("Queue: confirmed",), asks_for=("group",))
    return rules.but(answers=ROWS, duties=rules.duties | {"triage": triage})


def values(incident: Incident, rules: NotifyRules, role: Role, *asks: str) -> dict[str, object]:
    template = "queue_notice" if role is Role.QUEUE_TEAM else "dpo_notice"
    notice = Notice(template=template, recipient="somebody@council.example", role=role, why="it is so", asks=asks)
    return compose((notice,), incident, rules, NOW, lambda: "1" * 32)[0].values


@pytest.mark.parametrize(
    ("role", "restricted", "lines"),
    [
        (Role.QUEUE_TEAM, (), ["Group: [its name]", "Managers: tell"]),
        (Role.IG_TEAM, (), ["Group: [its name]", "Managers: tell"]),
        (Role.IT_SERVICE_DESK, (), []),
        (Role.GROUP_MANAGER, (), []),
        (Role.DPO, (), ["Aware: [date and time], because …"]),
        (Role.DPO, ("data of staff",), [row.ask for row in ROWS]),
    ],
)
def test_each_reader_sees_what_they_may_answer(
    incident: Incident, asking: NotifyRules, role: Role, restricted: tuple[str, ...], lines: list[str]
) -> None:
    assert values(incident.but(group=None, restricted=restricted), asking, role)["may_say"] == lines


def test_what_is_known_is_not_asked_for(incident: Incident, asking: NotifyRules) -> None:
    assert values(incident, asking, Role.QUEUE_TEAM)["may_say"] == ["Managers: tell"]


def test_what_a_duty_asks_for_is_not_said_twice(incident: Incident, asking: NotifyRules) -> None:
    shown = values(incident.but(group=None), asking, Role.QUEUE_TEAM, "triage")
    asks = [AskView.model_validate(one) for one in shown["asks"]]  # type: ignore[attr-defined]

    assert asks[0].words == ("Group: [its name]", "Queue: confirmed")
    assert shown["may_say"] == ["Managers: tell"]
