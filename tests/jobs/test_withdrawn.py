"""A notice that was taken back before it left tells nobody, and its reader hears nothing more as if they had been told."""

import pytest

from mailbot.errors import ConflictError
from mailbot.jobs.record import record_decision
from mailbot.jobs.send import LEASE, send_outbox
from mailbot.procedure.decision import Answered
from mailbot.procedure.machine import advance
from mailbot.store import OutboxState
from mailbot.terms import Severity
from tests.e2e.mails import WRONG_CARE_HOME
from tests.house import House, report

MEMBER = "sofia.marlow@council.example"
SIRO = "gareth.holm@council.example"


def says(house: House, key: str, value: str) -> None:
    with house.app.store.unit() as unit:
        event = Answered(duty_kind="", key=key, value=value, by=MEMBER)
        record_decision(house.app, unit, advance(house.incident(), event, house.clock.now(), house.app.rules))


@pytest.fixture
def raised(house: House) -> House:
    """Rated high by a person; nothing has left yet, the notice to the SIRO waits in the outbox."""
    house.deliver(report(WRONG_CARE_HOME))
    house.poll()
    says(house, "severity", "high, because of the children")
    assert "senior_notice" in house.templates_to(SIRO)
    return house


def fates(house: House) -> dict[str, OutboxState]:
    return {row.email.template: row.state for row in house.rows_to(SIRO)}


def sent_all(house: House) -> None:
    while send_outbox(house.app):
        pass


def test_whoever_a_withdrawn_notice_was_to_tell_counts_as_told_no_more(raised: House) -> None:
    says(raised, "severity", "low, because it was one person after all")

    sent_all(raised)

    assert fates(raised) == {"senior_notice": OutboxState.WITHDRAWN, "severity_changed": OutboxState.WITHDRAWN}
    assert SIRO not in {one.recipient for one in raised.incident().told}
    with raised.app.store.reading() as unit:
        history = unit.audit.of_incident(raised.incident().id)
    untold = [one.details["template"] for one in history if one.action == "not told after all"]
    assert {"senior_notice", "severity_changed"} <= set(untold)


def test_nobody_hears_of_the_end_who_was_never_told(raised: House) -> None:
    says(raised, "severity", "low, because it was one person after all")
    sent_all(raised)

    says(raised, "not an incident", "because it was a test")
    sent_all(raised)

    assert "ended_early" not in raised.templates_to(SIRO)


def test_nobody_hears_of_the_end_whose_first_notice_still_waited_then(raised: House) -> None:
    says(raised, "not an incident", "because it was a test")

    sent_all(raised)

    assert fates(raised)["senior_notice"] is OutboxState.WITHDRAWN
    assert fates(raised).get("ended_early", OutboxState.WITHDRAWN) is OutboxState.WITHDRAWN


def test_they_are_told_from_the_start_when_it_becomes_grave_again(raised: House) -> None:
    says(raised, "severity", "low, because it was one person after all")
    sent_all(raised)

    says(raised, "severity", "high, because there were forty")
    sent_all(raised)

    assert raised.incident().severity is Severity.HIGH
    assert raised.templates_to(SIRO).count("senior_notice") == 2
    assert [one.template for one in raised.incident().told if one.recipient == SIRO] == ["senior_notice"]
    assert raised.rows_to(SIRO)[-1].state is OutboxState.SENT


def test_who_was_told_before_the_rating_was_lowered_is_told_of_that(raised: House) -> None:
    sent_all(raised)

    says(raised, "severity", "low, because it was one person after all")
    sent_all(raised)

    assert fates(raised) == {"senior_notice": OutboxState.SENT, "severity_changed": OutboxState.SENT}


def test_the_others_leave_when_another_bot_changes_the_incident_meanwhile(
    raised: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    says(raised, "severity", "low, because it was one person after all")

    def changed(*_given: object) -> None:
        raise ConflictError("changed")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("mailbot.jobs.send.withdraw", changed)
        sent_all(raised)
    assert fates(raised)["senior_notice"] is OutboxState.CLAIMED
    assert SIRO in {one.recipient for one in raised.incident().told}

    raised.pass_by(LEASE)
    sent_all(raised)

    assert fates(raised)["senior_notice"] is OutboxState.WITHDRAWN
    told = [one.template for one in raised.incident().told if one.recipient == SIRO]
    assert "senior_notice" not in told
