from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.jobs.undelivered import REFUSED_FOR, WAITS, retry_at
from mailbot.mail import Delivery, Outcome
from mailbot.notify.email import OutgoingEmail
from mailbot.procedure.decision import Priority
from mailbot.store import OutboxRow, OutboxState
from mailbot.terms import Role

NOW = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)
NOT_NOW = Delivery(outcome=Outcome.TEMPORARY, code=450, text="try again later")
AWAY = Delivery(outcome=Outcome.TEMPORARY, code=0, text="no connection")
NO = Delivery(outcome=Outcome.PERMANENT, code=550, text="no such user")


def row(
    tries: int = 1,
    created_at: datetime = NOW,
    not_before: datetime | None = None,
    delivery: Delivery | None = NOT_NOW,
) -> OutboxRow:
    email = OutgoingEmail(
        id="1" * 32,
        recipient="sam.porter@council.example",
        recipient_name="Sam Porter",
        role=Role.REPORTER,
        template="reminder",
        template_version="1",
        values={},
        priority=Priority.CLOCK,
        created_at=created_at,
        not_before=not_before,
    )
    return OutboxRow(email=email, state=OutboxState.CLAIMED, tries=tries, delivery=delivery)


def test_each_wait_is_longer_than_the_one_before_until_the_longest_when_a_reader_is_put_off() -> None:
    waits = [(retry_at(row(tries), NOT_NOW, NOW) or NOW) - NOW for tries in range(1, 9)]

    assert waits == [*WAITS, WAITS[-1], WAITS[-1]]


def test_a_mail_is_given_up_at_once_when_the_server_refuses_for_good() -> None:
    assert retry_at(row(), NO, NOW) is None


def test_a_reader_is_believed_to_be_away_for_four_hours_and_not_a_second_longer() -> None:
    assert retry_at(row(9), NOT_NOW, NOW + REFUSED_FOR - timedelta(seconds=1)) is not None
    assert retry_at(row(9), NOT_NOW, NOW + REFUSED_FOR) is None


def test_the_four_hours_run_from_the_moment_the_mail_was_to_leave_when_it_was_put_by() -> None:
    put_by = row(1, created_at=NOW - timedelta(days=2), not_before=NOW)

    assert retry_at(put_by, NOT_NOW, NOW + timedelta(hours=3)) is not None


@pytest.mark.parametrize("before", [AWAY, None])
def test_a_server_is_believed_when_it_says_not_now_for_the_first_time_after_a_day_away(before: Delivery | None) -> None:
    assert retry_at(row(30, delivery=before), NOT_NOW, NOW + timedelta(days=1)) is not None


@given(st.integers(0, 10_000), st.timedeltas(timedelta(0), timedelta(days=400)))
def test_a_mail_is_never_given_up_and_never_waits_long_when_the_server_cannot_be_reached(
    tries: int, later: timedelta
) -> None:
    now = NOW + later

    again = retry_at(row(tries), AWAY, now)

    assert again is not None
    assert WAITS[0] <= again - now <= WAITS[-1]
