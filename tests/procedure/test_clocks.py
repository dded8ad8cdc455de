"""Which moment starts which clock, and when things fall due."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.procedure.doubts import (
    ARRIVAL_AHEAD,
    ARRIVAL_DOUBTFUL,
    DISCOVERY_DOUBTFUL,
    OCCURRENCE_DOUBTFUL,
    OCCURRENCE_UNKNOWN,
)
from tests.procedure.conftest import STRANGER, a_report, a_triage, fact, london, opened_at

FRIDAY = "Fri 2026-11-20 18:50"


def due_of(kind: str, received: str, **changes: object) -> datetime | None:
    duty = opened_at(london(received), **changes).incident.duty(kind)  # type: ignore[arg-type]
    assert duty is not None
    return duty.due_at


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("Fri 2026-11-20 18:50", "Mon 2026-11-23 18:50"),
        ("Thu 2026-12-24 23:00", "Sun 2026-12-27 23:00"),
        ("Fri 2026-03-27 18:50", "Mon 2026-03-30 19:50"),  # an hour is lost: 72 real hours end later on the clock
        ("Fri 2026-10-23 18:50", "Mon 2026-10-26 17:50"),  # an hour is won
        ("Sun 2026-03-29 02:00", "Wed 2026-04-01 02:00"),
        ("Sun 2026-03-29 00:59", "Wed 2026-04-01 01:59"),
    ],
)
def test_the_regulators_72_hours_are_real_hours_on_any_day(received: str, due: str) -> None:
    assert due_of("decide_ico", received) == london(due)


@pytest.mark.parametrize(
    ("received", "personal", "due"),
    [
        ("Fri 2026-11-20 18:50", True, "Sat 2026-11-21 18:50"),
        ("Fri 2026-11-20 18:50", None, "Sat 2026-11-21 18:50"),
        ("Mon 2026-11-23 03:00", True, "Mon 2026-11-23 12:00"),
        ("Mon 2026-11-23 10:00", True, "Tue 2026-11-24 10:00"),
        ("Tue 2026-11-24 13:00", True, "Wed 2026-11-25 12:00"),
    ],
)
def test_triage_is_due_the_next_working_morning_or_a_day_after_awareness(
    received: str, personal: bool | None, due: str
) -> None:
    assert due_of("triage", received, triage=a_triage(personal_data=personal)) == london(due)


def test_the_ten_days_run_from_the_occurrence_and_not_from_the_report() -> None:
    report = a_report(occurred_at=london("Mon 2026-11-16 09:00"))

    assert due_of("investigate", FRIDAY, report=report) == london("Thu 2026-11-26 17:00")


def test_the_ten_days_are_over_already_when_the_incident_is_found_late() -> None:
    report = a_report(occurred_at=london("Mon 2026-11-02 09:00"))

    assert due_of("investigate", FRIDAY, report=report) == london("Thu 2026-11-12 17:00")


def test_the_ten_days_fall_back_on_discovery_when_the_occurrence_is_unknown() -> None:
    incident = opened_at(london(FRIDAY), report=a_report(discovered_at=london("Thu 2026-11-19 09:00"))).incident
    duty = incident.duty("investigate")

    assert OCCURRENCE_UNKNOWN in incident.doubts
    assert duty is not None
    assert duty.due_at == london("Sun 2026-11-29 17:00")


def test_awareness_begins_with_the_discovery_when_it_is_believable() -> None:
    discovered = london("Fri 2026-11-20 09:10")
    incident = opened_at(london(FRIDAY), report=a_report(discovered_at=discovered)).incident

    assert (incident.aware_at, incident.aware_because) == (discovered, "discovered")
    assert DISCOVERY_DOUBTFUL not in incident.doubts


@pytest.mark.parametrize(
    ("discovered", "occurred", "doubtful"),
    [
        ("Fri 2026-11-20 09:10", None, ("discovered_at",)),
        ("Sat 2026-11-21 09:10", None, ()),  # lies in the future
        ("Wed 2026-10-21 18:49", None, ()),  # a minute more than thirty days ago
        ("Thu 2026-11-19 09:10", "Fri 2026-11-20 09:00", ()),  # before it happened
    ],
)
def test_a_doubtful_discovery_starts_no_clock_and_is_said_to_be_doubtful(
    discovered: str, occurred: str | None, doubtful: tuple[str, ...]
) -> None:
    report = a_report(
        discovered_at=london(discovered), occurred_at=london(occurred) if occurred else None, doubtful=doubtful
    )
    incident = opened_at(london(FRIDAY), report=report).incident

    assert (incident.aware_at, incident.aware_because) == (london(FRIDAY), "received")
    assert DISCOVERY_DOUBTFUL in incident.doubts


def test_a_discovery_exactly_thirty_days_ago_still_counts() -> None:
    incident = opened_at(london(FRIDAY), report=a_report(discovered_at=london(FRIDAY) - timedelta(days=30))).incident

    assert incident.aware_because == "discovered"


def test_what_a_stranger_discovered_does_not_start_the_councils_clock() -> None:
    report = a_report(discovered_at=london("Thu 2026-11-19 09:00"))

    assert opened_at(london(FRIDAY), report=report, sender=STRANGER).incident.aware_because == "received"


def test_a_future_occurrence_is_doubtful_and_starts_no_clock() -> None:
    report = a_report(occurred_at=london("Mon 2027-11-15 09:00"))
    incident = opened_at(london(FRIDAY), report=report).incident
    duty = incident.duty("investigate")

    assert OCCURRENCE_DOUBTFUL in incident.doubts
    assert duty is not None
    assert duty.anchored_at == incident.received_at


@pytest.mark.parametrize(("minutes", "doubtful"), [(59, False), (60, False), (61, True), (-61, True)])
def test_an_arrival_is_doubtful_when_it_disagrees_with_the_received_lines(minutes: int, doubtful: bool) -> None:
    lines = london(FRIDAY) - timedelta(minutes=minutes)
    incident = opened_at(london(FRIDAY), received_lines_at=lines).incident

    assert (ARRIVAL_DOUBTFUL in incident.doubts) is doubtful


@pytest.mark.parametrize(
    ("call_log", "value", "because"),
    [
        (True, "2026-11-20T16:00:00+00:00", "call"),
        (False, "2026-11-20T16:00:00+00:00", "received"),
        (True, "2026-11-20T16:00:00", "received"),
        (True, "about four", "received"),
    ],
)
def test_a_logged_call_told_the_council_when_it_was_made(call_log: bool, value: str, because: str) -> None:
    report = a_report(fields={"reported_at": fact(value)})

    assert opened_at(london(FRIDAY), report=report, call_log=call_log).incident.aware_because == because


@pytest.mark.parametrize(
    ("before", "counts"),
    [
        (timedelta(days=4), True),
        (timedelta(minutes=-1), False),
        (timedelta(days=30), True),
        (timedelta(days=30, minutes=1), False),  # longer ago than is believed: anybody can write such a line
    ],
)
def test_awareness_begins_with_the_received_line_when_it_is_earlier_and_believable(
    before: timedelta, counts: bool
) -> None:
    lines = london(FRIDAY) - before
    incident = opened_at(london(FRIDAY), received_lines_at=lines).incident

    assert incident.aware_at == (lines if counts else london(FRIDAY))
    assert incident.received_at == london(FRIDAY)


@pytest.mark.parametrize(("minutes", "doubtful"), [(0, False), (60, False), (61, True)])
def test_no_clock_waits_for_an_arrival_that_lies_in_the_future(minutes: int, doubtful: bool) -> None:
    incident = opened_at(london(FRIDAY), received_at=london(FRIDAY) + timedelta(minutes=minutes)).incident

    assert (incident.received_at, incident.aware_at) == (london(FRIDAY), london(FRIDAY))
    assert (ARRIVAL_AHEAD in incident.doubts) is doubtful


@pytest.mark.parametrize(
    ("discovered", "occurred", "doubtful"),
    [
        ("Fri 2026-11-20 00:00", "Fri 2026-11-20 17:00", False),  # the same day, without a time
        ("Thu 2026-11-19 00:00", "Fri 2026-11-20 17:00", True),
        ("Fri 2026-11-20 00:01", "Fri 2026-11-20 17:00", True),
        ("Fri 2026-11-20 09:00", "Fri 2026-11-20 00:00", False),
    ],
)
def test_dates_without_a_time_are_compared_as_days(discovered: str, occurred: str, doubtful: bool) -> None:
    report = a_report(discovered_at=london(discovered), occurred_at=london(occurred))

    assert (DISCOVERY_DOUBTFUL in opened_at(london(FRIDAY), report=report).incident.doubts) is doubtful


def test_a_discovery_on_the_day_it_happened_is_not_before_it_happened() -> None:
    report = a_report(discovered_at=london("Fri 2026-11-20 00:00"), occurred_at=london("Fri 2026-11-20 17:00"))
    incident = opened_at(london(FRIDAY), report=report).incident

    assert (incident.aware_at, incident.aware_because) == (london("Fri 2026-11-20 17:00"), "discovered")


START = london("Thu 2026-01-01 00:00")


@given(st.integers(0, 600 * 24 * 60), st.one_of(st.none(), st.integers(0, 40 * 24 * 60)))
def test_no_limit_outruns_the_72_hours_while_personal_data_may_be_involved(minutes: int, found: int | None) -> None:
    received = START + timedelta(minutes=minutes)
    discovered = None if found is None else received - timedelta(minutes=found)
    incident = opened_at(received, report=a_report(discovered_at=discovered)).incident
    due = {duty.kind: duty.due_at for duty in incident.duties if duty.due_at}

    assert due["decide_ico"] - incident.aware_at == timedelta(hours=72)
    assert incident.aware_at <= incident.received_at
    assert due["triage"] <= incident.aware_at + timedelta(hours=24)
    assert due["assess"] <= incident.aware_at + timedelta(hours=24)
