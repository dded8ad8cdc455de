from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from mailbot.errors import TemplateError
from mailbot.incident import Discharge, Incident
from mailbot.notify.compose import compose
from mailbot.notify.email import OutgoingEmail
from mailbot.notify.render import Rendered
from mailbot.notify.rules import NotifyRules
from mailbot.procedure.decision import Notice, Priority
from mailbot.terms import Role

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
MANAGER = "lin.manager@council.example"


def notice(**fields: object) -> Notice:
    given = {"template": "reminder", "recipient": MANAGER, "role": Role.LINE_MANAGER, "why": "you lead the team"}
    return Notice.model_validate(given | {"duty_kind": "contain"} | fields)


def test_each_notice_becomes_one_mail_with_its_own_id_in_order(incident: Incident, rules: NotifyRules) -> None:
    ids = iter(("1" * 32, "2" * 32))
    told = (notice(), notice(template="dpo_notice", recipient="dana.officer@council.example"))
    emails = compose(told, incident, rules, NOW, lambda: next(ids))

    assert [(one.id[0], one.recipient_name, one.template) for one in emails] == [
        ("1", "Lin Manager", "reminder"),
        ("2", "Dana Officer", "dpo_notice"),
    ]


def test_a_mail_keeps_what_the_notice_decided(incident: Incident, rules: NotifyRules) -> None:
    later = NOW + timedelta(hours=4)
    told = notice(priority=Priority.URGENT, wanted="duty_open", not_before=later, step="first", duty_id="d")
    email = compose((told,), incident, rules, NOW, lambda: "1" * 32, {MANAGER: "<first@council.example>"})[0]

    assert (email.priority, email.wanted, email.not_before, email.step) == (
        Priority.URGENT,
        "duty_open",
        later,
        "first",
    )
    assert (email.duty_id, email.duty_kind, email.reference) == ("d", "contain", incident.reference)
    assert email.thread == "<first@council.example>"
    assert email.template_version == rules.templates.message("reminder").version


def test_a_name_is_taken_from_the_directory_never_from_the_address(incident: Incident, rules: NotifyRules) -> None:
    email = compose((notice(recipient="jo.victim@council.example"),), incident, rules, NOW, lambda: "1" * 32)[0]

    assert email.recipient_name == ""


def test_a_notice_without_a_template_is_kept_and_refused_where_a_person_sees_it(
    incident: Incident, rules: NotifyRules, write: Callable[[OutgoingEmail], Rendered]
) -> None:
    email = compose((notice(template="nosuch"),), incident, rules, NOW, lambda: "1" * 32)[0]

    with pytest.raises(TemplateError, match=r"nosuch\.md is missing"):
        write(email)


def test_a_mail_asks_for_every_duty_its_notice_carries(
    incident: Incident, rules: NotifyRules, write: Callable[[OutgoingEmail], Rendered]
) -> None:
    told = notice(template="queue_notice", duty_kind="triage", asks=("triage", "contain"))
    text = write(compose((told,), incident, rules, NOW, lambda: "1" * 32)[0]).text

    assert text.index("Queue: confirmed") < text.index("Contained: yes")


def test_a_receipt_says_what_is_done_and_what_is_left(
    incident: Incident, rules: NotifyRules, write: Callable[[OutgoingEmail], Rendered]
) -> None:
    done = Discharge(at=NOW, by=MANAGER, how="contained")
    duties = tuple(
        duty.but(discharged=done)
        if duty.kind == "contain"
        else duty.but(person=MANAGER if duty.kind == "triage" else None)
        for duty in incident.duties
    )
    told = notice(template="receipt")
    text = write(compose((told,), incident.but(duties=duties), rules, NOW, lambda: "1" * 32)[0]).text

    assert "This is now done, as of 21 November 2026, 9:30am" in text
    assert "Queue: confirmed" in text
    assert "Contained: yes" not in text
    assert "regulator" not in text


def test_a_mail_that_stands_for_missed_ones_says_that_it_is_late(
    incident: Incident, rules: NotifyRules, write: Callable[[OutgoingEmail], Rendered]
) -> None:
    late, punctual = compose((notice(late=("first",)), notice()), incident, rules, NOW, lambda: "1" * 32)

    assert "This mail is late" in write(late).text
    assert "This mail is late" not in write(punctual).text
