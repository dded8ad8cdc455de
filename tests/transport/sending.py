"""A sender set up against a scripted mail server."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from pydantic import SecretStr

from mailbot.transport.credentials import Credential, Password
from mailbot.transport.smtp import SmtpAccess, SmtpSender
from tests.servers.scripted_smtp import ScriptedSmtp

LONG = timedelta(seconds=10)
SHORT = timedelta(seconds=0.2)
SECRET = "correct horse battery"


@contextmanager
def sending_to(
    server: ScriptedSmtp, credential: Credential | None = None, answer_within: timedelta = LONG, **changes: object
) -> Iterator[SmtpSender]:
    plain = {"host": "127.0.0.1", "port": server.port, "security": "plain", "local_hostname": "bot.council.example"}
    sender = SmtpSender(SmtpAccess.model_validate(plain | {"answer_within": answer_within} | changes), credential)
    try:
        yield sender
    finally:
        sender.close()


def password() -> Password:
    return Password(value=SecretStr(SECRET))
