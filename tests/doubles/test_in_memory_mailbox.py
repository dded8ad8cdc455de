"""What the in-memory mailbox can do beyond the port: play the world, fail on cue, and tell what was done to it."""

from datetime import UTC, datetime, timedelta

import pytest

from mailbot.errors import MailboxLostError, MailboxRefusedError, MessageGoneError
from mailbot.mail import Handling
from mailbot.testing import CountingIds, FixedClock, InMemoryMailbox

FRIDAY_NIGHT = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
MAIL = b"Subject: Urgent Data Incident\r\n\r\nIt went wrong.\r\n"


def test_the_connection_breaks_in_the_call_it_was_told_to_and_only_there() -> None:
    mailbox = InMemoryMailbox("ig")
    mailbox.lose_connection(after=1, times=2)

    mailbox.open("INBOX")
    for _ in range(2):
        with pytest.raises(MailboxLostError, match="mailbox ig"):
            mailbox.uids("INBOX", 0)
    assert mailbox.uids("INBOX", 0) == ()
    assert mailbox.calls == ["open", "uids", "uids", "uids"]


def test_a_message_can_be_made_impossible_to_fetch_but_still_be_seen() -> None:
    mailbox = InMemoryMailbox("ig")
    key = mailbox.deliver(MAIL, FRIDAY_NIGHT)
    mailbox.refuse_message(key, "disk error")

    assert [head.key for head in mailbox.heads("INBOX", [key.uid])] == [key]
    with pytest.raises(MailboxRefusedError, match="disk error"):
        mailbox.fetch(key)


def test_renumbering_keeps_the_messages_and_forgets_the_keys() -> None:
    mailbox = InMemoryMailbox("ig")
    gone, kept = (mailbox.deliver(MAIL, FRIDAY_NIGHT) for _ in range(2))
    mailbox.remove(gone)
    mailbox.renumber()

    assert mailbox.open("INBOX").uidvalidity != kept.uidvalidity
    assert mailbox.uids("INBOX", 0) == (1,)
    with pytest.raises(MessageGoneError):
        mailbox.fetch(kept)


def test_it_remembers_which_messages_were_fetched_whole_and_which_parts_were_peeked_at() -> None:
    mailbox = InMemoryMailbox("ig")
    first, second = (mailbox.deliver(MAIL, FRIDAY_NIGHT) for _ in range(2))
    mailbox.heads("INBOX", [first.uid, second.uid])
    mailbox.part(first, "1")
    mailbox.fetch(second)

    assert mailbox.fetched == [second]
    assert mailbox.peeked == [(first, "1")]


def test_a_moved_message_takes_its_flags_along() -> None:
    mailbox = InMemoryMailbox("ig")
    key = mailbox.deliver(MAIL, FRIDAY_NIGHT)
    mailbox.file(key, Handling.FLAG, "$Mailbot")
    mailbox.file(key, Handling.MOVE, "Handled")

    (moved,) = mailbox.heads("Handled", mailbox.uids("Handled", 0))
    assert mailbox.flags(moved.key) == {"$Mailbot"}
    assert mailbox.flags(key) == frozenset()


def test_mail_is_news_once_and_only_until_it_is_looked_for() -> None:
    mailbox = InMemoryMailbox("ig")
    mailbox.uids("INBOX", 0)
    mailbox.deliver(MAIL, FRIDAY_NIGHT)

    assert mailbox.wait("INBOX", timedelta(hours=1)) is True
    mailbox.uids("INBOX", 0)
    assert mailbox.wait("INBOX", timedelta(hours=1)) is False


def test_a_fixed_clock_moves_only_when_it_is_moved() -> None:
    clock = FixedClock(FRIDAY_NIGHT)
    clock.pass_by(timedelta(minutes=31))

    assert clock.now() == clock.now() == datetime(2026, 11, 21, 0, 1, tzinfo=UTC)
    clock.set(FRIDAY_NIGHT)
    assert clock.now() == FRIDAY_NIGHT
    with pytest.raises(ValueError, match="time zone"):
        clock.set(datetime(2026, 11, 21))  # noqa: DTZ001


def test_counted_identifiers_are_the_same_in_each_run() -> None:
    ids = CountingIds()

    assert [ids.new(), ids.new()] == ["0" * 31 + "1", "0" * 31 + "2"]
