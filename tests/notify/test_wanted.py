from datetime import UTC, datetime

import pytest

from mailbot.incident import Discharge, Incident, Rating, Told
from mailbot.notify.compose import compose
from mailbot.notify.email import OutgoingEmail
from mailbot.notify.rules import NotifyRules
from mailbot.notify.wanted import CONDITIONS, still_wanted
from mailbot.procedure.decision import Notice
from mailbot.terms import Role, Severity

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


@pytest.fixture
def email(incident: Incident, rules: NotifyRules) -> OutgoingEmail:
    notice = Notice(
        template="reminder", recipient="lin.manager@council.example", role=Role.LINE_MANAGER, why="w",
        duty_id=incident.duties[0].id, duty_kind=incident.duties[0].kind,
    )  # fmt: skip
    return compose((notice,), incident, rules, NOW, lambda: "1" * 32)[0]


def rated(incident: Incident, severity: Severity) -> Incident:
    return incident.but(ratings=(Rating(severity=severity, at=NOW, by="ig", provisional=False),))


def done(incident: Incident) -> Incident:
    first, *others = incident.duties
    return incident.but(duties=(first.but(discharged=Discharge(at=NOW, by="x", how="done")), *others))


def told(incident: Incident, email: OutgoingEmail, template: str = "line_manager_notice") -> Incident:
    one = Told(template=template, role=email.role, person=email.recipient, recipient=email.recipient, at=NOW, rating=1)
    return incident.but(told=(*incident.told, one))


@pytest.mark.parametrize("wanted", sorted(CONDITIONS))
def test_a_mail_is_wanted_while_nothing_has_changed(wanted: str, email: OutgoingEmail, incident: Incident) -> None:
    assert still_wanted(email.but(wanted=wanted), rated(told(incident, email), Severity.HIGH), NOW) == ""


@pytest.mark.parametrize("wanted", ["told_before", "told_before_and_open"])
def test_news_of_an_incident_is_withdrawn_when_what_told_of_it_was(
    wanted: str, email: OutgoingEmail, incident: Incident
) -> None:
    news = email.but(wanted=wanted, template="severity_changed")

    assert "not told of the incident" in still_wanted(news, told(incident, email, "severity_changed"), NOW)
    assert still_wanted(news, told(told(incident, email), email, "severity_changed"), NOW) == ""


def test_a_reminder_is_withdrawn_when_its_duty_was_done(email: OutgoingEmail, incident: Incident) -> None:
    assert "done in the meantime" in still_wanted(email.but(wanted="duty_open"), done(incident), NOW)


def test_a_reminder_is_withdrawn_when_its_duty_is_gone(email: OutgoingEmail, incident: Incident) -> None:
    assert "no longer exists" in still_wanted(email.but(wanted="duty_open"), incident.but(duties=()), NOW)


@pytest.mark.parametrize(
    ("wanted", "severity", "sent"),
    [
        ("still_medium_or_above", Severity.LOW, False),
        ("still_medium_or_above", Severity.MEDIUM, True),
        ("still_high_or_above", Severity.MEDIUM, False),
        ("still_high_or_above", Severity.HIGH, True),
        ("still_high_or_above", Severity.VERY_HIGH, True),
    ],
)
def test_senior_staff_are_told_only_while_the_rating_asks_for_it(
    wanted: str, severity: Severity, sent: bool, email: OutgoingEmail, incident: Incident
) -> None:
    reason = still_wanted(email.but(wanted=wanted), rated(incident, severity), NOW)

    assert (reason == "") is sent
    assert sent or severity.words in reason


@pytest.mark.parametrize("wanted", ["incident_open", "still_medium_or_above", "still_high_or_above"])
def test_a_notice_is_withdrawn_when_the_incident_is_closed(
    wanted: str, email: OutgoingEmail, incident: Incident
) -> None:
    closed = rated(incident, Severity.HIGH).but(closed_at=NOW)

    assert "closed" in still_wanted(email.but(wanted=wanted), closed, NOW)


def test_a_question_is_withdrawn_when_its_answers_arrived(email: OutgoingEmail, incident: Incident) -> None:
    assert "arrived" in still_wanted(email.but(wanted="still_missing"), incident.but(missing=()), NOW)


def test_a_mail_about_no_incident_is_always_wanted(email: OutgoingEmail) -> None:
    assert still_wanted(email, None, NOW) == ""
    assert "no longer exists" in still_wanted(email.but(wanted="duty_open"), None, NOW)


def test_an_unknown_condition_sends_rather_than_stays_silent(email: OutgoingEmail, incident: Incident) -> None:
    assert still_wanted(email.but(wanted="nosuch"), incident, NOW) == ""
