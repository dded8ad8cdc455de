"""A mailbox on a scripted server, and the answers that the tests of it share."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

from mailbot.mail import MessageKey
from mailbot.transport.credentials import Login, Password
from mailbot.transport.imap import ImapAccess, ImapMailbox
from tests.servers.scripted_imap import CAPABILITIES, Answer, ScriptedImap, scripted_imap

SHORT = timedelta(milliseconds=300)
LONG = timedelta(seconds=10)
HEADER = b"Subject: hello\r\n\r\n"
ARRIVAL = 'INTERNALDATE "20-Nov-2026 23:30:00 +0000"'
KEY = MessageKey(mailbox="ig", folder="INBOX", uidvalidity=7, uid=2)


def password(secret: str = "correct horse") -> Callable[[], Login]:
    return lambda: Password.model_validate({"value": secret})


@contextmanager
def talking(
    answers: Mapping[str, Answer] | None = None,
    credential: Callable[[], Login] | None = None,
    stopping: Callable[[], bool] = lambda: False,
    greeting: bytes = b"* OK ready\r\n",
    capabilities: str = CAPABILITIES,
    **changes: object,
) -> Iterator[tuple[ScriptedImap, ImapMailbox]]:
    """A mailbox on a server that answers so; ``changes`` are fields of its ``ImapAccess``."""
    with scripted_imap(answers, greeting, capabilities) as server:
        settings = {
            "name": "ig", "host": "127.0.0.1", "port": server.port, "security": "plain",
            "username": "ig@council.example", "connect_within": SHORT, "answer_within": SHORT,
        }  # fmt: skip
        mailbox = ImapMailbox(ImapAccess.model_validate(settings | changes), credential or password(), stopping)
        try:
            yield server, mailbox
        finally:
            mailbox.close()


def fetched(uid: int, *items: str) -> str:
    """One untagged FETCH with the date of arrival and these items."""
    return f"{uid} FETCH (UID {uid} {ARRIVAL} {' '.join(items)})"


def fetched_whole(uid: int, content: bytes) -> str:
    return fetched(uid, f"BODY[] {{{len(content)}}}\r\n{content.decode()}")
