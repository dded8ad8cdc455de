"""The file of the procedure: what it must say, and how it is refused."""

import tomllib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from mailbot.procedure.conditions import CONDITIONS, holds
from mailbot.procedure.effect import Effect
from mailbot.procedure.effects import EFFECTS
from mailbot.procedure.lengths import Base, Unit, read_length, read_offset
from mailbot.procedure.rules import ProcedureRules
from mailbot.terms import Role
from tests.procedure.conftest import CONFIG, london, opened_at, the_rules

MINIMAL: dict[str, Any] = {
    "duties": [
        {
            "kind": "triage",
            "title": "Confirm the desk",
            "para": "29",
            "holder": "queue_team",
            "limit": "next working morning",
            "ask": ["Queue: confirmed"],
            "steps": [{"name": "asked", "when": "start"}],
            "answers": [{"key": "queue", "verbs": ["confirmed"], "effect": "confirm_queue"}],
        }
    ],
    "told": [{"role": "dpo", "template": "dpo_notice", "para": "70", "why": "you are told of every incident"}],
}


def minimal(**changes: Any) -> dict[str, Any]:
    return MINIMAL | {"duties": [MINIMAL["duties"][0] | changes]}


def test_the_shipped_file_has_the_duties_that_every_incident_needs() -> None:
    kinds = {rule.kind for rule in the_rules().duties}

    assert {
        "complete_report", "contain", "police_reference", "triage", "assess", "decide_ico", "investigate",
    } <= kinds  # fmt: skip


def test_every_row_of_the_shipped_file_names_a_paragraph_of_the_procedure() -> None:
    rules = the_rules()
    rows = [row.para for row in rules.duties] + [row.para for row in rules.told]

    assert all(1 <= int(para) <= 87 for row in rows for para in row.split(", "))


def test_every_duty_of_the_shipped_file_asks_at_once_and_can_be_answered_or_ends_by_itself() -> None:
    for rule in the_rules().duties:
        assert rule.steps[0].when == read_offset("start"), rule.kind
        assert rule.answers or rule.conditions, rule.kind


def test_every_key_that_a_duty_tells_people_to_write_is_one_of_its_answers() -> None:
    for rule in the_rules().duties:
        keys = {answer.key for answer in rule.answers}
        asked = {line.partition(":")[0].lower() for line in rule.ask if ":" in line}
        assert asked <= keys, rule.kind


def test_the_ico_ladder_reminds_at_24_48_60_68_and_71_hours_and_when_overdue() -> None:
    steps = the_rules().duty("decide_ico").steps
    hours = {step.when.length.amount for step in steps if step.when.base is Base.ANCHOR}

    assert hours == {24, 48, 60, 68, 71}
    assert any(step.when.base is Base.DUE for step in steps)


def test_every_effect_and_every_condition_is_carried_out() -> None:
    incident = opened_at(london("Fri 2026-11-20 18:50")).incident

    assert set(EFFECTS) == set(Effect)
    assert all(holds(name, incident) is not holds(f"not {name}", incident) for name in CONDITIONS)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"conditions": ["no_such_thing"]}, "unknown condition no_such_thing"),
        ({"holder_when": {"not there": "dpo"}}, "unknown condition not there"),
        ({"holder": "caretaker"}, "holder"),
        ({"limit": "soon"}, "is no length of time"),
        ({"limit": None, "steps": [{"name": "a", "when": "due"}]}, "there is no limit"),
        ({"limit": None, "capped_by": "24 hours"}, "cannot be capped"),
        ({"capped_by": "1 working day"}, "takes hours"),
        ({"steps": [{"name": "a", "when": "whenever"}]}, "is no point in time"),
        ({"steps": [{"name": "a", "when": "start + next working morning"}]}, "takes working days"),
        ({"steps": [{"name": "a", "when": "start"}, {"name": "a", "when": "due"}]}, "two steps are called “a”"),
        ({"steps": [{"name": "a", "when": "due"}, {"name": "b", "when": "due - 1 hour"}]}, "do not stand in order"),
        ({"steps": [{"name": "a", "when": "start", "times": 3}]}, "say “every” how long"),
        ({"steps": [{"name": "a", "when": "start", "to": "everybody"}]}, "to"),
        ({"steps": []}, "steps"),
        ({"para": ""}, "para"),
        ({"also_ends_with": ["nothing"]}, "“nothing” is no kind of duty"),
        ({"colour": "red"}, "colour"),
        ({"answers": [{"key": "queue"}]}, "say “how” the answer is recorded"),
    ],
)
def test_a_row_that_makes_no_sense_is_refused_with_what_is_wrong(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        ProcedureRules.model_validate(minimal(**changes))


def test_an_answer_that_would_belong_to_two_duties_is_refused() -> None:
    twin = MINIMAL["duties"][0] | {"kind": "assess"}

    with pytest.raises(ValidationError, match="“queue” belongs to two duties"):
        ProcedureRules.model_validate(MINIMAL | {"duties": [MINIMAL["duties"][0], twin]})


def test_an_answer_about_the_incident_is_refused_when_nobody_may_give_it() -> None:
    with pytest.raises(ValidationError, match="say who may answer “group”"):
        ProcedureRules.model_validate(MINIMAL | {"answers": [{"key": "group", "how": "named"}]})


def test_senior_staff_cannot_be_kept_waiting_in_working_days() -> None:
    told = [MINIMAL["told"][0] | {"waits": "1 working day"}]

    with pytest.raises(ValidationError, match="“waits” takes minutes, hours or days"):
        ProcedureRules.model_validate(MINIMAL | {"told": told})


@pytest.mark.parametrize(
    ("key", "kind"), [("ICO", "decide_ico"), ("Personal  Data:", ""), ("police_reference", "police_reference")]
)
def test_a_key_is_found_in_any_spelling(key: str, kind: str) -> None:
    assert the_rules().kind_answered_by(key) == kind


def test_an_unknown_key_belongs_to_nothing() -> None:
    assert the_rules().kind_answered_by("weather") is None


def test_a_role_is_never_its_own_substitute_in_the_shipped_file() -> None:
    substitutes = tomllib.loads(CONFIG.read_text("utf-8"))["unknown_holder"]

    assert all(role != instead for role, instead in substitutes.items())
    assert {Role(role) for role in substitutes} >= {Role.GROUP_MANAGER, Role.RESPONSIBLE_LINE_MANAGER}


@given(st.integers(0, 9999), st.sampled_from(["minutes", "hours", "days", "working days"]))
def test_a_length_is_read_as_it_is_written(amount: int, unit: str) -> None:
    length = read_length(f"  {amount}  {unit.upper()} ")

    assert (length.amount, length.unit) == (amount, Unit(unit))


def refusal(read: Callable[[str], object], text: str) -> str | None:
    try:
        read(text)
    except ValueError as error:
        return str(error)
    return None


@pytest.mark.parametrize("read", [read_length, read_offset])
@given(text=st.text(max_size=30))
def test_whatever_else_stands_there_is_refused_in_words(read: Callable[[str], object], text: str) -> None:
    refused = refusal(read, text)

    assert refused is None or "write “" in refused
