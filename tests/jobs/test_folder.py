from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.jobs.folder import LOOK_BACK, SLACK, Folder, _settle, start
from mailbot.mail import MessageHead, MessageKey
from mailbot.store import LedgerEntry, LedgerOutcome
from mailbot.store.values import Cursor
from mailbot.testing import InMemoryMailbox
from tests.house import SAM, House, report

NOW = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)
EARLIER = NOW - timedelta(days=3)
UIDNEXT = 10


def cursor(
    uidvalidity: int = 7, last_uid: int = 0, watched_from: datetime = NOW, first_uidnext: int = UIDNEXT
) -> Cursor:
    return Cursor(
        mailbox="ig",
        folder="INBOX",
        uidvalidity=uidvalidity,
        last_uid=last_uid,
        watched_from=watched_from,
        first_uidnext=first_uidnext,
    )


def folder(watched_from: datetime = NOW) -> Folder:
    return Folder(InMemoryMailbox("ig"), "INBOX", False, cursor(watched_from=watched_from), None, 0, uidnext=UIDNEXT)


def head(uid: int, received_at: datetime) -> MessageHead:
    key = MessageKey(mailbox="ig", folder="INBOX", uidvalidity=7, uid=uid)
    return MessageHead(key=key, received_at=received_at, size=1, header=b"")


def entry(outcome: LedgerOutcome, received_at: datetime) -> LedgerEntry:
    key = MessageKey(mailbox="ig", folder="INBOX", uidvalidity=7, uid=1)
    return LedgerEntry(key=key, outcome=outcome, received_at=received_at)


def test_a_first_look_begins_the_watch_now_and_looks_back_for_what_lies_there() -> None:
    assert _settle(None, cursor(), None) == (cursor(), NOW - LOOK_BACK)


def test_a_first_look_reaches_a_day_further_than_the_operator_says_as_servers_count_days_of_their_own() -> None:
    assert _settle(None, cursor(watched_from=EARLIER), EARLIER)[1] == EARLIER - SLACK


def test_a_later_look_goes_on_where_the_last_one_ended() -> None:
    stored = cursor(last_uid=41, watched_from=EARLIER)

    assert _settle(stored, cursor(), None) == (stored, None)


def test_everything_since_the_watch_began_is_looked_at_again_when_the_numbering_changed() -> None:
    stored = cursor(uidvalidity=6, last_uid=41, watched_from=EARLIER, first_uidnext=3)

    assert _settle(stored, cursor(), None) == (cursor(watched_from=EARLIER), EARLIER - SLACK)


@given(st.timedeltas(timedelta(0), timedelta(days=60)), st.timedeltas(timedelta(0), timedelta(days=60)))
def test_the_watch_only_ever_moves_back_when_the_operator_says_since_when(began: timedelta, since: timedelta) -> None:
    stored = cursor(last_uid=9, watched_from=NOW - began, first_uidnext=3)

    settled, received_since = _settle(stored, cursor(watched_from=NOW - since), NOW - since)

    assert settled.watched_from <= stored.watched_from
    assert (settled.last_uid, settled.first_uidnext) == (0, 3)
    assert received_since == NOW - since - SLACK


@pytest.mark.parametrize(("late", "before"), [(-1, True), (0, False), (1, False)])
def test_a_message_of_the_very_moment_in_which_the_watch_begins_is_not_before_it(late: int, before: bool) -> None:
    assert folder().is_before_watch(head(1, NOW + timedelta(seconds=late))) is before


@pytest.mark.parametrize(("uid", "before"), [(UIDNEXT - 1, True), (UIDNEXT, False)])
def test_a_message_numbered_after_the_watch_began_is_not_before_it_whatever_its_date(uid: int, before: bool) -> None:
    assert folder().is_before_watch(head(uid, NOW - timedelta(days=400))) is before


def test_only_what_lay_there_before_is_looked_at_once_more_when_the_watch_moved_back() -> None:
    moved_back = folder(EARLIER)

    assert moved_back.reopens(entry(LedgerOutcome.BEFORE_WATCH, EARLIER))
    assert not moved_back.reopens(entry(LedgerOutcome.BEFORE_WATCH, EARLIER - timedelta(seconds=1)))
    assert not moved_back.reopens(entry(LedgerOutcome.HANDLED, NOW))
    assert not moved_back.reopens(entry(LedgerOutcome.NOT_OURS, NOW))


def test_messages_come_in_batches_in_the_order_of_their_numbers(house: House) -> None:
    for number in range(7):
        house.deliver(report("Hello", sender=SAM, message_id=f"<{number}@x.example>"))

    assert list(start(house.app, "ig", "INBOX", None).batches(3)) == [(1, 2, 3), (4, 5, 6), (7,)]


def test_old_mail_that_a_search_by_date_left_out_is_not_looked_at_later(house: House) -> None:
    house.deliver(report("Hello"), at=house.clock.now() - timedelta(days=90))
    start(house.app, "ig", "INBOX", None).advanced_to(house.app, 1)
    since = house.clock.now() - timedelta(days=1)

    assert list(start(house.app, "ig", "INBOX", since).batches(3)) == []
    start(house.app, "ig", "INBOX", since).looked_through(house.app)

    assert list(start(house.app, "ig", "INBOX", None).batches(3)) == []


def test_mail_with_an_old_date_that_came_since_the_last_look_is_looked_at_when_the_operator_says_since_when(
    house: House,
) -> None:
    for number in range(3):
        house.deliver(report("Hello", message_id=f"<{number}@x.example>"), at=house.clock.now() - timedelta(days=90))
    start(house.app, "ig", "INBOX", None).advanced_to(house.app, 2)

    assert list(start(house.app, "ig", "INBOX", house.clock.now() - timedelta(days=1)).batches(3)) == [(3,)]


def test_the_cursor_is_stored_when_it_moves_on_and_never_moves_back(house: House) -> None:
    opened = start(house.app, "ig", "INBOX", None).advanced_to(house.app, 5)

    opened.advanced_to(house.app, 3)

    with house.app.store.reading() as unit:
        stored = unit.ledger.cursor("ig", "INBOX")
    assert stored is not None
    assert stored.last_uid == 5
