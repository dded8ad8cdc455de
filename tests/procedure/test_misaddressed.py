"""A required notice that does not arrive goes to the deputy at once, and the duty does not count as told."""

from datetime import timedelta

from mailbot.incident import Incident
from mailbot.procedure.decision import Decision, Misaddressed, TimePassed
from mailbot.procedure.machine import advance
from tests.procedure.conftest import (
    DAN,
    DORA,
    GUY,
    GWEN,
    IG_DESK,
    LIAM,
    RITA,
    ROTA,
    RULES,
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

    assert recipients(decision) == [IG_DESK]


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
