"""What a server's refusal is taken for, and what the operator is told to do."""

import imaplib
import ssl

import pytest
from imapclient.exceptions import LoginError, ProtocolError  # type: ignore[import-untyped]

from mailbot.errors import MailboxLostError, MailboxRefusedError
from mailbot.transport.imap_faults import HINTS, fault, is_broken

LOST, REFUSED = MailboxLostError, MailboxRefusedError


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (LoginError("[AUTHENTICATIONFAILED] Authentication failed."), REFUSED, "check `username`"),
        (LoginError("LOGIN failed."), REFUSED, "use a token"),
        (LoginError("AUTHENTICATE failed."), REFUSED, "New-ServicePrincipal"),
        (LoginError("User is authenticated but not connected."), REFUSED, "Add-MailboxPermission"),
        (LoginError("[UNAVAILABLE] Temporary authentication failure."), LOST, "user directory"),
        (LoginError("[LIMIT] Too many connections"), LOST, "too many connections"),
        (LoginError("Server Unavailable. 15"), LOST, "busy"),
        (LoginError("[EXPIRED] password too old"), REFUSED, "set a new one"),
        (imaplib.IMAP4.error(b"[PRIVACYREQUIRED] no plaintext"), REFUSED, "`security`"),
        (imaplib.IMAP4.error("select failed: Mailbox doesn't exist: Junk"), REFUSED, "correct `folders`"),
        (imaplib.IMAP4.error("something new"), REFUSED, "something new"),
        (imaplib.IMAP4.readonly("mailbox status changed to READ-ONLY"), REFUSED, "READ-ONLY"),
        (imaplib.IMAP4.abort("socket error: EOF"), LOST, "socket error: EOF"),
        (TimeoutError("timed out"), LOST, "no answer in time"),
        (ConnectionResetError(104, "Connection reset by peer"), LOST, "reset by peer"),
        (ssl.SSLCertVerificationError(1, "self-signed certificate"), REFUSED, "`ca_file`"),
        (ssl.SSLError(1, "wrong version number"), LOST, "wrong version number"),
        (ProtocolError("Tuple incomplete before 'medical file.pdf'"), REFUSED, "cannot be read"),
        (RecursionError("maximum recursion depth exceeded"), REFUSED, "cannot be read"),
        (imaplib.IMAP4.error(), REFUSED, "error"),
    ],
)
def test_a_fault_is_lost_or_refused_with_its_advice(
    error: Exception, kind: type[MailboxLostError | MailboxRefusedError], words: str
) -> None:
    told = fault("ig", "logging in as ig@council.example", error)

    assert type(told) is kind
    assert str(told).startswith("mailbox ig: logging in as ig@council.example: ")
    assert words in str(told)
    assert "medical" not in str(told)


def test_what_a_broken_line_held_is_not_repeated() -> None:
    told = fault("ig", "looking", imaplib.IMAP4.abort("socket error: unterminated line: b'* 1 FETCH (Ann Lee'"))

    assert str(told) == "mailbox ig: looking: socket error: unterminated line"


def test_a_login_that_failed_because_the_connection_broke_is_broken() -> None:
    broken = LoginError("socket error: EOF")
    broken.__context__ = imaplib.IMAP4.abort("socket error: EOF")  # as imapclient leaves it

    assert is_broken(broken)
    assert not is_broken(LoginError("LOGIN failed."))


def test_every_hint_can_match_a_servers_words() -> None:
    assert all(hint.words == hint.words.lower() and hint.advice for hint in HINTS)
