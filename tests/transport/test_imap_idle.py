"""Waiting for mail: news in any shape, no news, and connections that die meanwhile."""

from collections.abc import Mapping

import pytest

from mailbot.errors import MailboxLostError, MailboxRefusedError
from mailbot.transport.imap_idle import _is_buffered
from tests.servers.scripted_imap import Answer, Talk, cut, no, ok
from tests.transport.imap_talk import LONG, SHORT, talking


def news(*pieces: bytes) -> Answer:
    """IDLE answered with "+" and these pieces."""

    def answer(talk: Talk, tag: str, arguments: str) -> None:
        talk.say(*pieces)
        assert talk.hear() == "DONE"
        ok()(talk, tag, arguments)

    return answer


IDLES: Mapping[str, Answer] = {
    "in one line": news(b"+ idling\r\n", b"* 4 EXISTS\r\n"),
    "in fragments": news(b"+ idl", b"ing\r\n", b"* 4 EX", b"IST", b"S\r", b"\n"),
    "with the plus": news(b"+ idling\r\n* 4 EXISTS\r\n"),
    "before the plus": news(b"* 4 EXISTS\r\n+ idling\r\n"),
    "after small talk": news(b"+ idling\r\n", b"* OK Still here\r\n", b"* 4 EXISTS\r\n"),
}


@pytest.mark.parametrize("idle", IDLES.values(), ids=IDLES.keys())
def test_news_is_heard_however_it_comes(idle: Answer) -> None:
    with talking({"IDLE": idle}) as (server, mailbox):
        mailbox.open("INBOX")

        assert mailbox.wait("INBOX", LONG) is True
        assert mailbox.open("INBOX").uidnext == 4
        assert server.connections == 1


def test_a_server_that_only_says_it_is_there_has_no_news() -> None:
    with talking({"IDLE": news(b"+ idling\r\n", b"* OK Still here\r\n")}) as (_, mailbox):
        assert mailbox.wait("INBOX", SHORT) is False


def test_a_connection_that_ends_while_waiting_is_lost_at_once() -> None:
    def end(talk: Talk, tag: str, arguments: str) -> None:
        talk.say(b"+ idling\r\n")
        cut(talk, tag, arguments)

    with talking({"IDLE": end}, answer_within=LONG) as (server, mailbox):
        with pytest.raises(MailboxLostError, match="waiting for mail"):
            mailbox.wait("INBOX", LONG)
        mailbox.open("INBOX")

        assert server.connections == 2


def test_a_half_open_connection_is_found_when_the_waiting_ends() -> None:
    def fall_silent(talk: Talk, tag: str, arguments: str) -> None:
        talk.say(b"+ idling\r\n")
        talk.hang()

    with (
        talking({"IDLE": fall_silent}) as (_, mailbox),
        pytest.raises(MailboxLostError, match="no answer in time"),
    ):
        mailbox.wait("INBOX", SHORT)


def test_a_wait_ends_when_the_bot_is_told_to_stop() -> None:
    answers = iter([False, False, True, True])
    with talking(stopping=lambda: next(answers)) as (_, mailbox):
        assert mailbox.wait("INBOX", LONG) is False


def test_a_refused_idle_is_said_and_the_connection_goes_on() -> None:
    with talking({"IDLE": no("not now")}) as (server, mailbox):
        with pytest.raises(MailboxRefusedError, match="not now"):
            mailbox.wait("INBOX", LONG)
        mailbox.open("INBOX")

        assert server.connections == 1


@pytest.mark.parametrize(("capabilities", "idle"), [("IMAP4rev1", True), ("IMAP4rev1 IDLE", False)])
def test_there_is_no_waiting_where_idle_is_not_offered_or_not_wanted(capabilities: str, idle: bool) -> None:
    with talking(capabilities=capabilities, idle=idle) as (server, mailbox):
        assert mailbox.wait("INBOX", LONG) is False

    assert server.count("IDLE") == 0


def test_an_interruption_leaves_no_half_read_connection_behind() -> None:
    class Interrupted(BaseException):
        pass

    def stop() -> bool:
        raise Interrupted

    with talking(stopping=stop) as (server, mailbox):
        with pytest.raises(Interrupted):
            mailbox.wait("INBOX", LONG)
        mailbox.open("INBOX")

        assert server.connections == 2


def test_bytes_that_imaplib_holds_itself_count_as_heard() -> None:
    class LaterImaplib:
        """As of Python 3.14, which reads ahead into a list of its own."""

        _readbuf = [b"* 4 EXISTS\r\n"]

    assert _is_buffered(LaterImaplib())


def test_an_idle_that_ends_before_it_begins_is_said() -> None:
    with talking({"IDLE": ok()}) as (_, mailbox), pytest.raises(MailboxRefusedError, match="before it began"):
        mailbox.wait("INBOX", LONG)
