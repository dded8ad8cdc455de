"""IMAP servers that are late, broken or cut off: what the adapter says, and that the next call works."""

import pytest

from mailbot.errors import MailboxError, MailboxLostError, MailboxRefusedError, MessageGoneError
from mailbot.transport.credentials import Login
from tests.servers.scripted_imap import Talk, cut, hang, no, ok
from tests.transport.imap_talk import ARRIVAL, HEADER, KEY, fetched_whole, password, talking


def test_a_server_that_never_greets_is_given_up_in_time() -> None:
    with (
        talking(greeting=b"") as (_, mailbox),
        pytest.raises(MailboxLostError, match=r"connecting to 127\.0\.0\.1.*no answer in time"),
    ):
        mailbox.open("INBOX")


def test_a_server_that_hangs_after_its_greeting_is_given_up_in_time() -> None:
    with talking({"CAPABILITY": hang}) as (_, mailbox), pytest.raises(MailboxLostError, match="no answer in time"):
        mailbox.open("INBOX")


def test_a_port_where_nobody_listens_is_a_lost_connection() -> None:
    with talking() as (server, _):
        pass
    with talking(port=server.port) as (_, mailbox), pytest.raises(MailboxLostError, match="refused"):
        mailbox.open("INBOX")


def test_a_server_too_busy_to_greet_is_a_lost_connection() -> None:
    with (
        talking(greeting=b"* BYE Too many connections\r\n") as (_, mailbox),
        pytest.raises(MailboxLostError, match="Too many connections"),
    ):
        mailbox.open("INBOX")


def test_a_connection_cut_while_logging_in_is_lost_not_refused() -> None:
    with (
        talking({"AUTHENTICATE": cut}) as (_, mailbox),
        pytest.raises(MailboxLostError, match=r"logging in as ig@council.example"),
    ):
        mailbox.open("INBOX")


def test_a_refused_login_is_said_with_advice_and_without_the_password() -> None:
    with (
        talking({"AUTHENTICATE": no("AUTHENTICATE failed.")}) as (_, mailbox),
        pytest.raises(MailboxRefusedError, match=r"IMAP\.AccessAsApp") as refusal,
    ):
        mailbox.open("INBOX")

    said, cause = str(refusal.value), refusal.value.__cause__
    assert "correct horse" not in said + repr(cause)


def test_the_credential_is_asked_anew_at_each_login() -> None:
    given = iter(["first", "second"])

    def log_in(talk: Talk, tag: str, arguments: str) -> None:
        (ok() if "second" in arguments else no("LOGIN failed."))(talk, tag, arguments)

    def credential() -> Login:
        return password(next(given))()

    with talking({"LOGIN": log_in}, credential, capabilities="IMAP4rev1") as (_, mailbox):
        with pytest.raises(MailboxRefusedError, match="Set-CASMailbox"):
            mailbox.open("INBOX")
        assert mailbox.open("INBOX").uidvalidity == 7


def test_a_password_beyond_ascii_is_not_sent_where_the_server_cannot_take_it() -> None:
    with (
        talking(capabilities="IMAP4rev1", credential=password("pässword")) as (server, mailbox),
        pytest.raises(MailboxRefusedError, match="AUTH=PLAIN") as refusal,
    ):
        mailbox.open("INBOX")

    assert "ä" not in str(refusal.value)
    assert server.count("LOGIN") == 0


def test_nothing_secret_is_sent_where_starttls_is_not_offered() -> None:
    with (
        talking(security="starttls") as (server, mailbox),
        pytest.raises(MailboxRefusedError, match='set `security` to "tls"'),
    ):
        mailbox.open("INBOX")

    assert server.count("AUTHENTICATE") == server.count("LOGIN") == 0


def test_a_message_cut_in_the_middle_is_lost_and_fetched_whole_by_the_next_call() -> None:
    def half_then_whole(talk: Talk, tag: str, arguments: str) -> None:
        if talk.number == 1:
            talk.say(f"* 2 FETCH (UID 2 {ARRIVAL} BODY[] {{5000}}\r\nSubject: hel".encode())
            cut(talk, tag, arguments)
        ok(fetched_whole(2, HEADER))(talk, tag, arguments)

    with talking({"UID FETCH": half_then_whole}) as (server, mailbox):
        with pytest.raises(MailboxLostError, match="fetching message 2"):
            mailbox.fetch(KEY)

        assert mailbox.fetch(KEY).content == HEADER
        assert server.connections == 2


def test_a_server_that_stops_in_the_middle_of_a_message_is_given_up_in_time() -> None:
    def stall(talk: Talk, tag: str, arguments: str) -> None:
        talk.say(f"* 2 FETCH (UID 2 {ARRIVAL} BODY[] {{5000}}\r\nSubject: hel".encode())
        talk.hang()

    with talking({"UID FETCH": stall}) as (_, mailbox), pytest.raises(MailboxLostError, match="no answer in time"):
        mailbox.fetch(KEY)


def test_a_message_removed_at_the_very_moment_is_gone() -> None:
    with (
        talking({"UID FETCH": no("[EXPUNGEISSUED] no such message")}) as (_, mailbox),
        pytest.raises(MessageGoneError),
    ):
        mailbox.fetch(KEY)


def test_a_server_that_says_no_keeps_its_connection() -> None:
    with talking({"UID FETCH": no("[SERVERBUG] internal error")}) as (server, mailbox):
        with pytest.raises(MailboxRefusedError, match="internal error"):
            mailbox.fetch(KEY)
        mailbox.open("INBOX")

        assert server.connections == 1


@pytest.mark.parametrize("words", ["[UNAVAILABLE] try later", "Request is throttled. Suggested Backoff Time: 9 ms"])
def test_a_refusal_that_passes_by_itself_is_a_lost_connection(words: str) -> None:
    with talking({"EXAMINE": no(words, "BAD")}) as (_, mailbox), pytest.raises(MailboxLostError):
        mailbox.open("INBOX")


def test_closing_a_dead_connection_never_raises() -> None:
    with talking({"LOGOUT": cut}) as (_, mailbox):
        mailbox.open("INBOX")
        mailbox.close()


def test_errors_name_the_mailbox_and_quote_no_line_of_a_message() -> None:
    def babble(talk: Talk, tag: str, arguments: str) -> None:
        talk.say(b"Dear Ann, about your adoption\r\n")
        cut(talk, tag, arguments)

    with talking({"UID FETCH": babble}) as (_, mailbox), pytest.raises(MailboxError) as error:
        mailbox.fetch(KEY)

    assert error.value.mailbox == "ig"
    assert "adoption" not in str(error.value)
