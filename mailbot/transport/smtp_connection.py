"""One connection to the mail server: opened when needed, kept for the next message, replaced when it has died.

Coroutines only: the event loop they run in, its thread and its limits are smtp.py's.
"""

import ssl
import time
from base64 import b64encode
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Literal

from aiosmtplib import SMTP
from aiosmtplib.errors import SMTPException, SMTPHeloError
from pydantic import Field

from mailbot.errors import MailbotError
from mailbot.mail import Delivery, FrozenEmail, Outcome
from mailbot.transport.credentials import Login, Token
from mailbot.transport.smtp_answers import BEFORE_ANY_MESSAGE, Moment, SmtpFault, address_problem, fault_for, tidy
from mailbot.value import Value

FAULTS = (SMTPException, OSError, ValueError, MailbotError)
"""All that the library, the socket, TLS and a credential raise for what happens outside the bot."""

REST_AT_MOST = 30.0
"""Seconds after which a resting connection is not trusted: a firewall may have forgotten it without a word."""

QUIT_WITHIN = 2.0

WHAT_NEEDS = {"8bitmime": "a message with 8-bit bytes", "smtputf8": "an address beyond ASCII"}


class SmtpAccess(Value):
    """How the mail server is reached.

    ``security``: ``tls`` from the first byte, ``starttls`` before the login, or ``plain`` (a relay on the same
    machine); never chosen by what the server happens to offer. ``answer_within`` is the limit for each answer.
    ``ca_file`` replaces the system's authorities.
    """

    host: str = Field(min_length=1)
    port: int = Field(ge=1, le=65535)
    security: Literal["tls", "starttls", "plain"]
    username: str | None = None
    connections: int = Field(default=3, ge=1, le=50)
    answer_within: timedelta = Field(default=timedelta(seconds=60), gt=timedelta(0))
    ca_file: Path | None = None
    local_hostname: str | None = None


class SmtpConnection:
    """A connection that takes one message after another. Used inside one event loop, by one task at a time."""

    def __init__(self, access: SmtpAccess, ask: Callable[[], Awaitable[Login]]) -> None:
        """``ask`` gives the credential for each login, and may take its time."""
        self._access = access
        self._ask = ask
        self._local_hostname = access.local_hostname or None
        self._smtp: SMTP | None = None
        self._abort: Callable[[], None] = _nothing
        self._proven = False
        self._rested_since = 0.0

    @property
    def is_open(self) -> bool:
        return self._smtp is not None and self._smtp.is_connected

    async def open(self) -> SMTP:
        """Connects, encrypts and logs in unless that is done already; raises ``SmtpFault``."""
        if self._smtp is not None and self._smtp.is_connected:
            if time.monotonic() - self._rested_since < REST_AT_MOST:
                return self._smtp
            await self.quit()
        self.drop()
        return await self._open()

    async def hand_over(self, email: FrozenEmail) -> tuple[Delivery, bool]:
        """Gives one message to the server: the answer, and whether the server let its time run out.

        A server may hang up on a connection that it has served before: while nothing of this message has crossed,
        it is offered once more on a new one.
        """
        if problem := address_problem(email):
            return Delivery(outcome=Outcome.PERMANENT, text=problem), False
        proven = self._proven
        try:
            try:
                return await self._hand_over(email), False
            except SmtpFault as fault:
                if not (proven and fault.lost and not fault.slow and fault.moment is not Moment.CONTENT):
                    raise
                return await self._hand_over(email), False
        except SmtpFault as fault:
            return fault.delivery, fault.slow

    def describe(self) -> str:
        """What was found, on one line; asks an open connection."""
        access = self._access
        cipher = self._smtp.get_transport_info("cipher") if self._smtp else None
        secured = f"encrypted with {cipher[1]}" if cipher else "not encrypted"
        login = f"logged in as {access.username}" if access.username else "no login"
        return f"{access.host}:{access.port} answers, {secured}, {login}"

    async def quit(self) -> None:
        """Takes leave of the server where it still listens; never raises."""
        if self._smtp is not None and self._smtp.is_connected:
            with suppress(*FAULTS):
                await self._smtp.quit(timeout=QUIT_WITHIN)
        self.drop()

    def drop(self) -> None:
        """Lets go of the connection as it is, without TLS's farewell: a silent server would never answer it."""
        if self._smtp is not None:
            self._smtp.close()
        self._abort()
        self._smtp, self._abort, self._proven = None, _nothing, False

    async def _open(self) -> SMTP:
        access = self._access
        with self._during(Moment.TLS):
            context = None if access.security == "plain" else ssl.create_default_context(cafile=access.ca_file)
        with self._during(Moment.CONNECT):
            smtp = self._smtp = SMTP(
                hostname=access.host,
                port=access.port,
                timeout=access.answer_within.total_seconds(),
                use_tls=access.security == "tls",
                start_tls=False,
                tls_context=context,
                local_hostname=self._local_hostname,
            )
            await smtp.connect()
        with self._during(Moment.TLS):
            if access.security == "starttls":
                await smtp.starttls()
        self._abort = getattr(smtp.transport, "abort", _nothing)
        with self._during(Moment.CONNECT):
            await _greet(smtp)
        if access.username:
            await self._log_in(smtp, access.username)
        self._local_hostname = smtp.local_hostname
        self._rested_since = time.monotonic()
        return smtp

    async def _log_in(self, smtp: SMTP, username: str) -> None:
        with self._during(Moment.LOGIN):
            login = await self._ask()
        with self._during(Moment.LOGIN, _spellings(username, login)):
            secret = login.value.get_secret_value()
            if isinstance(login, Token):
                await smtp.auth_xoauth2(username, secret)
            else:
                await smtp.login(username, secret)

    async def _hand_over(self, email: FrozenEmail) -> Delivery:
        smtp = await self.open()
        try:
            with self._during(Moment.SENDER):
                encoding = "ascii" if _is_ascii(email) else "utf-8"
                await smtp.mail(email.envelope_from, options=_options(smtp, email), encoding=encoding)
            with self._during(Moment.RECIPIENT):
                await smtp.rcpt(email.recipient, encoding=encoding)
            with self._during(Moment.CONTENT):
                answer = await smtp.data(email.content)
        except SmtpFault:
            await self._reset()
            raise
        finally:
            self._rested_since = time.monotonic()
        self._proven = True
        return Delivery(outcome=Outcome.ACCEPTED, code=answer.code, text=tidy(answer.message))

    async def _reset(self) -> None:
        """Clears a half-told envelope, so that the next message starts clean."""
        if self._smtp is None:
            return
        try:
            await self._smtp.rset()
        except FAULTS:
            self.drop()

    @contextmanager
    def _during(self, moment: Moment, secrets: tuple[str, ...] = ()) -> Iterator[None]:
        """Turns whatever goes wrong at a moment into a fault, and drops a connection that cannot be used again."""
        try:
            yield
        except SmtpFault:
            raise
        except FAULTS as error:
            fault = fault_for(error, moment, secrets)
            fault.lost = fault.lost or not self.is_open
            if fault.lost or moment in BEFORE_ANY_MESSAGE:
                self.drop()
            raise fault from error
        except BaseException:
            # Cancelled half-way through a command: what the server says next would answer the wrong question.
            self.drop()
            raise


def _nothing() -> None:
    """What there is to abort before a connection is made."""


async def _greet(smtp: SMTP) -> None:
    """Learns what the server offers, after STARTTLS afresh (RFC 3207 §4.2); an old server is greeted the old way."""
    try:
        await smtp.ehlo()
    except SMTPHeloError:
        await smtp.helo()


def _options(smtp: SMTP, email: FrozenEmail) -> list[str]:
    """What MAIL FROM must announce (RFC 1870, 6152, 6531); raises ``SmtpFault`` where the server cannot take it."""
    wanted = {"8bitmime": not email.content.isascii(), "smtputf8": not _is_ascii(email)}
    for extension in (name for name, needed in wanted.items() if needed and not smtp.supports_extension(name)):
        text = f"The mail server cannot take {WHAT_NEEDS[extension]}: it does not offer {extension.upper()}"
        raise SmtpFault(Delivery(outcome=Outcome.PERMANENT, text=text), Moment.SENDER)
    size = [f"SIZE={len(email.content)}"] if smtp.supports_extension("size") else []
    spelling = {"8bitmime": "BODY=8BITMIME", "smtputf8": "SMTPUTF8"}
    return size + [spelling[name] for name, needed in wanted.items() if needed]


def _is_ascii(email: FrozenEmail) -> bool:
    return (email.envelope_from + email.recipient).isascii()


def _spellings(username: str, login: Login) -> tuple[str, ...]:
    """A secret as a server may quote it back: plain, in base64, and within AUTH PLAIN's and XOAUTH2's answer."""
    secret = login.value.get_secret_value()
    plain = f"\0{username}\0{secret}"
    bearer = f"user={username}\1auth=Bearer {secret}\1\1"
    return secret, *(b64encode(one.encode()).decode() for one in (secret, plain, bearer))
