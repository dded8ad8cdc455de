"""What an incident is counted under, said by people: confirmed, corrected, or asked again with the council's list."""

import tomllib
from pathlib import Path

import pytest

from mailbot.assessment import Classification, Classified, Reason
from mailbot.incident import Incident
from mailbot.procedure.decision import Answered, Decision
from mailbot.procedure.grammar import Problem
from mailbot.procedure.machine import advance
from mailbot.triage.classification import ClassificationRules
from tests.procedure.answering import EVENING, opened, problem_in
from tests.procedure.conftest import DORA, GWEN, IGOR, RITA, RULES, a_triage

LISTS = ClassificationRules.model_validate(
    tomllib.loads((Path(__file__).parents[2] / "config" / "classification.toml").read_text("utf-8"))
)
WITH_LISTS = RULES.but(classification=LISTS)
WHY = (Reason(words="sent by email", quote="I emailed it"),)
PROPOSED = {
    Classification.INCIDENT_TYPE: Classified(value="Failure to use bcc", reasons=WHY),
    Classification.MEDIUM: Classified(value="Email", reasons=WHY),
}


def proposed() -> Incident:
    return opened(triage=a_triage(classified=PROPOSED))


def say(incident: Incident, line: str, by: str = IGOR) -> Decision:
    key, _, value = line.partition(":")
    return advance(incident, Answered(duty_kind="", key=key, value=value, by=by), EVENING, WITH_LISTS)


@pytest.mark.parametrize(
    ("line", "counted", "value"),
    [
        ("Type: Ransomware", Classification.INCIDENT_TYPE, "Ransomware"),
        ("Type: ransomware, because the files are locked", Classification.INCIDENT_TYPE, "Ransomware"),
        ("Type: failure to redact.", Classification.INCIDENT_TYPE, "Failure to redact"),
        ("Medium: letter", Classification.MEDIUM, "Letter"),
        ("Root cause: human error", Classification.ROOT_CAUSE, "Human Error"),
        ("Root_Cause: Human Error", Classification.ROOT_CAUSE, "Human Error"),
        ("Action: Training", Classification.ACTION_TAKEN, "Training"),
    ],
)
def test_a_person_says_what_the_incident_is_counted_under(line: str, counted: Classification, value: str) -> None:
    decision = say(proposed(), line)
    classified = decision.incident.classified[counted]

    assert (classified.value, classified.by, classified.at) == (value, IGOR, EVENING)
    assert classified.is_confirmed
    assert decision.notices[0].mentions["counted"] == value


@pytest.mark.parametrize("words", ["confirmed", "Confirm.", "yes"])
def test_a_proposal_is_confirmed_with_the_reasons_given_for_it(words: str) -> None:
    classified = say(proposed(), f"Type: {words}").incident.classified[Classification.INCIDENT_TYPE]

    assert (classified.value, classified.by, classified.reasons) == ("Failure to use bcc", IGOR, WHY)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("Type: something else entirely", Problem.NOT_LISTED),
        ("Type: unauthorised access", Problem.NOT_LISTED),
        ("Medium: pigeon post", Problem.NOT_LISTED),
        ("Root cause: confirmed", Problem.NOTHING_PROPOSED),
        ("Type: not sure", Problem.UNSETTLED),
    ],
)
def test_what_is_not_on_the_list_is_asked_again(line: str, problem: Problem) -> None:
    incident = proposed()
    decision = say(incident, line)

    assert problem_in(decision) == problem
    assert decision.incident == incident


def test_whoever_is_asked_again_is_shown_the_councils_list() -> None:
    (notice,) = [one for one in say(proposed(), "Medium: pigeon post").notices if one.template == "answer_unclear"]
    assert tuple(notice.mentions["choices"].split("\n")) == LISTS.values(Classification.MEDIUM)


def test_the_history_keeps_the_old_value_beside_the_new_one() -> None:
    details = say(proposed(), "Medium: letter").audit[0].details
    assert (details["medium before"], details["medium after"]) == ("Email", "Letter")


def test_a_confirmed_value_may_be_corrected_by_a_person_again() -> None:
    once = say(proposed(), "Type: confirmed").incident
    again = say(once, "Type: ransomware", by=DORA).incident.classified[Classification.INCIDENT_TYPE]
    assert (again.value, again.by) == ("Ransomware", DORA)


def test_nobody_classifies_who_was_not_asked() -> None:
    incident = proposed()
    assert say(incident, "Type: ransomware", by=GWEN).incident == incident


def test_what_the_reporter_writes_under_such_a_key_is_their_account_and_no_decision() -> None:
    incident = proposed()
    decision = say(incident, "Medium: letter", by=RITA)

    assert decision.incident.classified == incident.classified
    assert [entry.action for entry in decision.audit] == ["stated"]
