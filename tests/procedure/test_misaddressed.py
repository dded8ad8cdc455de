"""A required notice that does not arrive goes to the deputy at once, and the duty does not count as told."""

from datetime import timedelta

import pytest

from mailbot.incident import Incident
from mailbot.procedure.decision import Answered, Decision, Misaddressed, TimePassed
from mailbot.procedure.machine import advance
from tests.procedure.conftest import (
    DAN,
    DORA,
    GUY,
    GWEN,
    HEATHER,
    IG_DESK,
    LIAM,
    RITA,
    ROTA,
    RULES,
    SIMON,
    STRANGER,
    a_report,
    a_triage,
    london,
    opened_at,
    recipients,
    templates,
)

FRIDAY = london("Fri 2026-11-20 18:50")
LATER = FRIDAY + timedelta(minutes=1)


def lost(incident: Incident, recipient: str, kind: str | None = None) -> Decision:
    duty = incident.duty(kind) if kind else None
    event = Misaddressed(duty_id=duty.id if duty else None, recipient=recipient, because="it bounced")
    return advance(incident, event, LATER, RULES)


def test_the_deputy_is_told_at_once_when_a_notice_bounces() -> None:
    decision = lost(opened_at(FRIDAY).incident, GWEN)

    assert templates(decision) == {GUY: "group_manager_notice"}
    assert GWEN not in {one.recipient for one in decision.incident.told}


def test_the_deputy_is_asked_what_the_lost_mail_asked() -> None:
    decision = lost(opened_at(FRIDAY).incident, DORA, "decide_ico")

    (mail,) = decision.notices
    assert (mail.recipient, mail.template, mail.asks) == (DAN, "dpo_notice", ("decide_ico",))
    duty = decision.incident.duty("decide_ico")
    assert duty is not None
    assert [sent.recipient for sent in duty.sent if sent.step == "asked"] == [DORA, DAN]


def test_later_steps_go_to_the_deputy_too() -> None:
    incident = lost(opened_at(FRIDAY).incident, DORA, "decide_ico").incident
    day_after = advance(incident, TimePassed(), FRIDAY + timedelta(hours=24), RULES)

    assert DAN in recipients(day_after)
    assert DORA not in recipients(day_after)


def test_the_next_in_line_is_asked_when_the_deputy_cannot_be_reached_either() -> None:
    incident = lost(opened_at(FRIDAY).incident, DORA, "decide_ico").incident
    decision = lost(incident, DAN, "decide_ico")

    assert recipients(decision) == [SIMON]


def test_the_siro_may_decide_when_neither_the_dpo_nor_the_deputy_can_be_reached() -> None:
    incident = lost(lost(opened_at(FRIDAY).incident, DORA, "decide_ico").incident, DAN, "decide_ico").incident
    event = Answered(duty_kind="", key="ico", value="not required, because it was encrypted", by=SIMON)
    duty = advance(incident, event, LATER, RULES).incident.duty("decide_ico")

    assert duty is not None
    assert duty.discharged is not None


def test_a_flood_of_bounces_moves_each_request_on_once() -> None:
    incident = opened_at(FRIDAY, report=a_report(missing=("subjects",))).incident
    for address in (DORA, RITA, IG_DESK):
        first = lost(incident, address)
        again = lost(first.incident, address)

        assert first.notices, address
        assert again.notices == (), address
        assert again.incident == first.incident, address


def test_what_an_unreachable_person_still_missed_is_moved_on_when_it_bounces_later() -> None:
    incident = lost(
        opened_at(FRIDAY, triage=a_triage(safety=("adoption",))).incident, ROTA[0], "reach_on_call"
    ).incident
    later = advance(incident, TimePassed(), FRIDAY + timedelta(hours=1), RULES).incident

    assert templates(lost(later, ROTA[1], "reach_on_call")) == {DORA: "on_call_notice"}


@pytest.mark.parametrize("kind", ["decide_ico", "triage"])
def test_the_siro_is_asked_when_neither_the_dpo_nor_the_deputy_can_be_reached_in_a_restricted_incident(
    kind: str,
) -> None:
    incident = opened_at(FRIDAY, triage=a_triage(restricted=("confidentiality asked for",))).incident
    incident = lost(incident, DORA, kind).incident
    decision = lost(incident, DAN, kind)

    assert set(recipients(decision)) == {SIMON}


def test_nobody_else_reads_the_advice_asked_of_hr_when_hr_cannot_be_reached() -> None:
    incident = opened_at(FRIDAY, triage=a_triage(restricted=("confidentiality asked for",))).incident

    assert set(recipients(lost(incident, HEATHER))) <= {DORA}


def test_the_same_bounce_twice_sends_nothing_twice() -> None:
    incident = lost(opened_at(FRIDAY).incident, GWEN).incident

    assert lost(incident, GWEN).notices == ()


def test_a_bounce_of_an_address_we_never_wrote_to_makes_no_mail() -> None:
    incident = opened_at(FRIDAY).incident
    decision = lost(incident, STRANGER)

    assert decision.notices == ()
    assert decision.incident == incident


def test_the_desk_is_told_to_telephone_when_the_reporter_cannot_be_reached() -> None:
    decision = lost(opened_at(FRIDAY, report=a_report(missing=("subjects",))).incident, RITA)

    (mail,) = decision.notices
    assert (mail.recipient, mail.template, mail.duty_kind) == (IG_DESK, "escalation", "complete_report")


def test_the_next_on_the_rota_is_called_when_the_first_cannot_be_reached() -> None:
    incident = opened_at(FRIDAY, triage=a_triage(safety=("adoption",))).incident
    decision = lost(incident, ROTA[0], "reach_on_call")

    assert templates(decision) == {ROTA[1]: "on_call_notice"}


def test_a_line_managers_manager_is_told_when_there_is_no_deputy() -> None:
    assert recipients(lost(opened_at(FRIDAY, report=a_report()).incident, LIAM)) == []
    elsewhere = opened_at(
        FRIDAY, report=a_report(fields={"group": {"value": "Adult Care", "raw": "", "source": "", "confidence": 1}})
    )

    assert recipients(lost(elsewhere.incident, LIAM)) == [GWEN]
