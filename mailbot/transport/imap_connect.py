"""From an account's settings to an open, encrypted, logged-in IMAP connection."""

import ssl
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from socket import IPPROTO_TCP, TCP_NODELAY
from typing import Any, Literal

from imapclient import IMAPClient, SocketTimeout  # type: ignore[import-untyped]

from mailbot.errors import MailboxRefusedError
from mailbot.transport.credentials import Credential, Login, Password
from mailbot.transport.imap_faults import FAULTS, fault
from mailbot.value import Value


class ImapAccess(Value):
    """Where a mailbox lies and how it is reached. ``security`` is never lowered: no TLS, no login.

    ``connect_within`` and ``answer_within`` bound each wait for the server. ``ca_file`` names the certificate authority
    where it is not one of the machine's own. ``idle`` False: the server is polled only.
    """

    name: str
    host: str
    port: int = 993
    security: Literal["tls", "starttls", "plain"] = "tls"
    username: str
    connect_within: timedelta = timedelta(seconds=10)
    answer_within: timedelta = timedelta(seconds=60)
    ca_file: Path | None = None
    idle: bool = True


def connect(access: ImapAccess, credential: Credential) -> IMAPClient:
    """Connects, encrypts and logs in; the credential is asked anew each time.

    Raises ``MailboxLostError`` or ``MailboxRefusedError``; neither holds the password or token. What the credential
    itself raises passes through.
    """
    login = credential()
    where = f"connecting to {access.host}:{access.port}"
    try:
        client = _dial(access)
    except FAULTS as error:
        raise fault(access.name, where, error) from error
    try:
        if access.security == "starttls":
            client.starttls(_trust(access))
        where = f"logging in as {access.username}"
        _log_in(client, access, login)
    except FAULTS as error:
        hang_up(client)
        raise fault(access.name, where, error) from error
    except BaseException:
        hang_up(client)
        raise
    return client


def wire(client: IMAPClient) -> Any:
    """The imaplib connection below a client, for what imapclient has no words for."""
    return client._imap  # noqa: SLF001 - imapclient offers no other way to it


def hang_up(client: IMAPClient) -> None:
    """Closes the socket without a word; never raises."""
    with suppress(Exception):
        client.shutdown()


def _dial(access: ImapAccess) -> IMAPClient:
    timeout = SocketTimeout(access.connect_within.total_seconds(), access.answer_within.total_seconds())
    encrypted = access.security == "tls"
    client = IMAPClient(
        access.host,
        port=access.port,
        ssl=encrypted,
        ssl_context=_trust(access) if encrypted else None,
        timeout=timeout,
    )
    # imapclient asks imaplib to write every literal into a log that nobody reads: five times slower.
    wire(client).debug = 0
    # Otherwise each small command waits for the server's delayed acknowledgement.
    client.socket().setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
    # Aware dates, not naive ones in this machine's time zone.
    client.normalise_times = False
    return client


def _trust(access: ImapAccess) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=access.ca_file)
    except OSError as error:
        raise MailboxRefusedError(access.name, f"`ca_file` {access.ca_file} cannot be used: {error}") from error


def _log_in(client: IMAPClient, access: ImapAccess, login: Login) -> None:
    secret = login.value.get_secret_value()
    if not isinstance(login, Password):
        client.sasl_login("XOAUTH2", _Xoauth2(access.username, secret))
    elif client.has_capability("AUTH=PLAIN"):
        client.plain_login(access.username, secret)
    elif not (access.username + secret).isascii():
        raise MailboxRefusedError(access.name, "the server takes only ASCII passwords (it offers no AUTH=PLAIN)")
    else:
        client.login(access.username, secret)


class _Xoauth2:
    """Answers the server's challenges: first the token, then nothing, so that a refusal is said in plain."""

    def __init__(self, username: str, token: str) -> None:
        self._answers = [f"user={username}\x01auth=Bearer {token}\x01\x01".encode()]

    def __call__(self, challenge: bytes) -> bytes:  # noqa: ARG002 - imaplib hands it over
        return self._answers.pop() if self._answers else b""
