"""What is shown of an investigation report, to whom, and only once it was cleared (paras 53, 58, 59, 69)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from mailbot.incident import Duty, Incident
from mailbot.investigation import Investigation, Recommendation, Ruling
from mailbot.notify.rules import NotifyRules
from mailbot.notify.signing import review_view, signing_view
from mailbot.procedure.decision import Notice
from mailbot.terms import Role

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
MANAGER = "hanna.brook@council.example"
YES = Ruling(accepted=True, by=MANAGER, at=NOW)
NO = Ruling(accepted=False, by=MANAGER, at=NOW, reason="the system is replaced in March")
FIRST = Recommendation(number=1, text="Turn off the suggestions of addresses.", due_on=date(2026, 12, 18))
SECOND = Recommendation(number=2, text="Train the team.", owner=MANAGER)


def with_report(incident: Incident, *recommendations: Recommendation, cleared: Ruling | None = YES) -> Incident:
    report = Investigation(
        returned_at=NOW,
        by=MANAGER,
        findings={"conclusions": "Quillon's file was open."},
        recommendations=recommendations,
        cleared=cleared,
        reviewed=YES,
    )
    return incident.but(investigation=report)


def notice(**changes: Any) -> Notice:
    return Notice(
        template="sign_off", recipient=MANAGER, role=Role.GROUP_MANAGER, why="you sign", duty_kind="sign_off"
    ).but(**changes)


def test_whoever_signs_sees_every_recommendation_with_its_date(incident: Incident, rules: NotifyRules) -> None:
    view = signing_view(notice(), with_report(incident, FIRST, SECOND), rules)

    assert [one.text for one in view.recommendations] == [FIRST.text, SECOND.text]
    assert view.recommendations[0].due_on == date(2026, 12, 18)
    assert view.mine == (1, 2)


@pytest.mark.parametrize("cleared", [None, NO])
def test_nobody_sees_a_recommendation_before_it_was_cleared(
    incident: Incident, rules: NotifyRules, cleared: Ruling | None
) -> None:
    view = signing_view(notice(), with_report(incident, FIRST, SECOND, cleared=cleared), rules)

    assert (view.recommendations, view.mine) == ((), ())


def test_what_is_signed_already_is_not_asked_for_again(incident: Incident, rules: NotifyRules) -> None:
    view = signing_view(notice(), with_report(incident, FIRST.but(signed=YES), SECOND), rules)

    assert view.mine == (2,)
    assert view.recommendations[0].accepted


def test_why_a_recommendation_was_rejected_only_the_one_who_decides_on_it_reads(
    incident: Incident, rules: NotifyRules
) -> None:
    rejected = with_report(incident, FIRST, SECOND.but(signed=NO))

    deciding = signing_view(notice(duty_kind="review_rejection", role=Role.DPO), rejected, rules)

    assert deciding.mine == (2,)
    assert deciding.recommendations[1].reason == NO.reason
    assert [one.reason for one in signing_view(notice(), rejected, rules).recommendations] == [None, None]


def test_an_owner_sees_the_one_recommendation_that_is_theirs(incident: Incident, rules: NotifyRules) -> None:
    both = with_report(incident, FIRST.but(signed=YES), SECOND.but(signed=YES))
    duty = Duty(
        id="d" * 32,
        kind="carry_out",
        about="2",
        para="61",
        holder=Role.OWNER,
        person=MANAGER,
        anchored_at=NOW,
        started_at=NOW,
        due_at=None,
    )
    owned = both.but(duties=(*both.duties, duty))

    view = signing_view(notice(duty_kind="carry_out", duty_id=duty.id, role=Role.OWNER), owned, rules)

    assert [one.number for one in view.recommendations] == [2]
    assert view.mine == (2,)


def test_the_reviewer_reads_the_whole_report_before_it_is_cleared(incident: Incident, rules: NotifyRules) -> None:
    view = review_view(notice(duty_kind="review_report"), with_report(incident, FIRST, cleared=None), rules)

    assert [one.text for one in view.findings] == ["Quillon's file was open."]
    assert [one.text for one in view.recommendations] == [FIRST.text]
    assert view.round == 1
