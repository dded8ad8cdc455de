"""Logging in to a real server: by password and by token, in clear and encrypted."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest

from mailbot.errors import MailboxRefusedError
from mailbot.transport.credentials import Login, Password, Token
from mailbot.transport.imap import ImapAccess, ImapMailbox
from tests.servers.certificates import make_certificates
from tests.servers.dovecot import Dovecot

Security = Literal["tls", "starttls", "plain"]
USER = "data.protection@council.example"


def access(server: Dovecot, security: Security, ca_file: Path | None = None) -> ImapAccess:
    return ImapAccess(
        name="ig",
        host=server.host,
        port=server.tls_port if security == "tls" else server.port,
        security=security,
        username=USER,
        connect_within=timedelta(seconds=5),
        answer_within=timedelta(seconds=5),
        ca_file=ca_file or server.ca_file,
    )


def by_password(secret: str) -> Login:
    return Password.model_validate({"value": secret})


def by_token(token: str) -> Login:
    return Token.model_validate({"value": token})


@pytest.mark.parametrize("security", ["tls", "starttls", "plain"])
def test_a_token_opens_the_mailbox(dovecot: Dovecot, security: Security) -> None:
    mailbox = ImapMailbox(access(dovecot, security), lambda: by_token(dovecot.token(USER)))

    assert mailbox.open("INBOX").uidvalidity > 0
    mailbox.close()


def test_a_token_is_fetched_afresh_when_the_connection_is_built_up_anew(dovecot: Dovecot) -> None:
    tokens: Iterator[str] = iter([dovecot.token(USER), dovecot.token(USER, seconds=-60), dovecot.token(USER)])
    mailbox = ImapMailbox(access(dovecot, "tls"), lambda: by_token(next(tokens)))
    mailbox.open("INBOX")
    mailbox.close()

    with pytest.raises(MailboxRefusedError, match="password or token"):
        mailbox.open("INBOX")
    assert mailbox.open("INBOX").uidvalidity > 0
    mailbox.close()


@pytest.mark.parametrize("secret", ["wrong", "pässwörd", 'quo"ted\\'])
def test_a_wrong_password_is_refused_without_being_repeated(dovecot: Dovecot, secret: str) -> None:
    with pytest.raises(MailboxRefusedError, match="check `username`") as refusal:
        ImapMailbox(access(dovecot, "tls"), lambda: by_password(secret)).open("INBOX")

    assert secret not in str(refusal.value)


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_server_whose_certificate_is_not_trusted_is_told_no_password(
    dovecot: Dovecot, security: Security, tmp_path: Path
) -> None:
    stranger = make_certificates(tmp_path).ca_file

    with pytest.raises(MailboxRefusedError, match=r"certificate is not trusted.*ca_file"):
        ImapMailbox(access(dovecot, security, stranger), lambda: by_password("secret")).open("INBOX")


def test_a_certificate_file_that_is_missing_is_named(dovecot: Dovecot) -> None:
    nowhere = Path("/nowhere/ca.pem")

    with pytest.raises(MailboxRefusedError, match=r"ca_file.*/nowhere/ca\.pem"):
        ImapMailbox(access(dovecot, "tls", nowhere), lambda: by_password("secret")).open("INBOX")
