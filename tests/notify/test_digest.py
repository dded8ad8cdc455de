from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from mailbot.incident import Discharge, Incident
from mailbot.notify.digest import compose_digest, digest_needed_now, triage_digest
from mailbot.notify.digest_view import DigestProblem, DigestView, Health, MailboxHealth
from mailbot.notify.email import OutgoingEmail
from mailbot.notify.render import Rendered
from mailbot.notify.rules import NotifyRules
from mailbot.procedure.decision import Priority
from mailbot.terms import Reference

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
IG = "data.protection@council.example"


def due(incident: Incident, number: int, *moments: datetime | None) -> Incident:
    """The incident under another number, with duties that fall due at these moments."""
    duties = tuple(
        duty.but(id=f"{number}-{place}", due_at=at)
        for place, (duty, at) in enumerate(zip(incident.duties, moments, strict=False))
    )
    return incident.but(id=str(number), reference=Reference(f"DB202600{number}"), duties=duties)


def written(view: DigestView, rules: NotifyRules, write: Callable[[OutgoingEmail], Rendered]) -> Rendered:
    return write(compose_digest(view, IG, rules, MONDAY, "1" * 32))


def test_the_incident_with_the_least_time_left_stands_first(incident: Incident, rules: NotifyRules) -> None:
    later = due(incident, 1, MONDAY + timedelta(hours=9))
    nowhere = due(incident, 2, None)
    overdue = due(incident, 3, MONDAY - timedelta(hours=1))
    view = triage_digest((later, nowhere, overdue), rules, MONDAY, TUESDAY)

    assert [item.reference for item in view.items] == ["DB2026003", "DB2026001", "DB2026002"]


def test_a_digest_says_what_is_asked_of_whom_and_what_is_overdue(
    incident: Incident, rules: NotifyRules, write: Callable[[OutgoingEmail], Rendered]
) -> None:
    view = triage_digest((due(incident, 1, MONDAY - timedelta(hours=3)),), rules, MONDAY, TUESDAY)
    text = " ".join(written(view, rules, write).text.split())

    assert "Overdue: Confirm the queue: IG Team, Monday 23 November 2026, 5am (3 hours overdue)" in text


def test_only_what_came_since_the_last_digest_is_new(incident: Incident, rules: NotifyRules) -> None:
    def is_new(since: datetime | None) -> bool:
        return triage_digest((incident,), rules, MONDAY, TUESDAY, since=since).items[0].is_new

    assert is_new(None)
    assert is_new(incident.received_at - timedelta(seconds=1))
    assert not is_new(incident.received_at)


def test_restricted_incidents_are_counted_and_not_shown(
    incident: Incident, rules: NotifyRules, write: Callable[[OutgoingEmail], Rendered]
) -> None:
    view = triage_digest((incident.but(restricted=("data of staff",)),), rules, MONDAY, TUESDAY)
    text = written(view, rules, write).text

    assert view.items == ()
    assert "1 restricted incident more" in text
    assert incident.reference not in text


def test_closed_incidents_are_left_out(incident: Incident, rules: NotifyRules) -> None:
    view = triage_digest((incident.but(closed_at=MONDAY),), rules, MONDAY, TUESDAY)

    assert (view.items, view.restricted_elsewhere) == ((), 0)


def test_an_empty_digest_is_written_all_the_same(
    rules: NotifyRules, write: Callable[[OutgoingEmail], Rendered]
) -> None:
    mail = written(triage_digest((), rules, MONDAY, TUESDAY), rules, write)

    assert "No incident is open" in mail.text
    assert "0 open incidents" in mail.subject
    assert "If it does not come" in " ".join(mail.text.split())


def test_a_digest_shows_problems_the_bots_health_and_the_seal(
    rules: NotifyRules, write: Callable[[OutgoingEmail], Rendered]
) -> None:
    health = Health(
        mailboxes=(
            MailboxHealth(name="ig", last_read_at=MONDAY, is_late=False),
            MailboxHealth(name="it", last_read_at=None, is_late=True),
        ),
        waiting_to_send=3,
        sending_paused=True,
    )
    problems = (DigestProblem(what="Mails held", count=2, since=MONDAY, advice="Look at them"),)
    view = triage_digest((), rules, MONDAY, TUESDAY, problems=problems, health=health, audit_head="k3f9-77a1")
    text = written(view, rules, write).text

    for words in (
        "Mails held: 2, since 23 November 2026, 8am. Look at them", "Mailbox ig: last read 23 November 2026, 8am",
        "Mailbox it: not read yet (late", "waiting to be sent: 3", "Sending is paused", "k3f9-77a1",
    ):  # fmt: skip
        assert words in text


@pytest.mark.parametrize(
    ("due_at", "needed"),
    [
        (MONDAY, False),
        (MONDAY + timedelta(seconds=1), True),
        (TUESDAY, True),
        (TUESDAY + timedelta(seconds=1), False),
        (None, False),
    ],
)
def test_a_digest_is_needed_at_once_when_a_clock_runs_out_before_the_next(
    due_at: datetime | None, needed: bool, incident: Incident
) -> None:
    found = digest_needed_now((due(incident, 1, due_at),), MONDAY, TUESDAY)

    assert bool(found) is needed


def test_an_urgent_digest_names_each_duty_once(incident: Incident) -> None:
    one = due(incident, 1, TUESDAY)

    assert digest_needed_now((one,), MONDAY, TUESDAY, said={"1-0"}) == ()


def test_a_discharged_duty_needs_no_digest(incident: Incident) -> None:
    one = due(incident, 1, TUESDAY)
    done = one.but(duties=(one.duties[0].but(discharged=Discharge(at=MONDAY, by="x", how="done")),))

    assert digest_needed_now((done,), MONDAY, TUESDAY) == ()


@pytest.mark.parametrize("change", [{"restricted": ("staff",)}, {"closed_at": MONDAY}])
def test_a_restricted_or_closed_incident_needs_no_digest(change: dict[str, object], incident: Incident) -> None:
    assert digest_needed_now((due(incident, 1, TUESDAY).but(**change),), MONDAY, TUESDAY) == ()


def test_an_urgent_digest_goes_before_ordinary_ones(rules: NotifyRules) -> None:
    view = triage_digest((), rules, MONDAY, TUESDAY)
    urgent = compose_digest(view, IG, rules, MONDAY, "1" * 32, urgent=True)
    morning = compose_digest(view, IG, rules, MONDAY, "1" * 32)

    assert (urgent.priority, morning.priority) == (Priority.CLOCK, Priority.DIGEST)
    assert (urgent.template, morning.template) == ("triage_digest_urgent", "triage_digest")
