"""The two mailboxes that must behave alike, each with the means to play the other people who use it."""

from datetime import datetime, timedelta
from itertools import count
from typing import Literal, Protocol

from mailbot.mail import MessageKey
from mailbot.ports import Mailbox
from mailbot.testing import InMemoryMailbox
from mailbot.transport.credentials import Password
from mailbot.transport.imap import ImapAccess, ImapMailbox
from tests.servers.dovecot import Dovecot

USERS = count(1)


class World(Protocol):
    """A mailbox account, seen by the bot (``mailbox``) and by everybody else."""

    mailbox: Mailbox

    def deliver(self, content: bytes, at: datetime, folder: str = "INBOX") -> int: ...

    def remove(self, uid: int, folder: str = "INBOX") -> None: ...

    def flags(self, uid: int, folder: str = "INBOX") -> frozenset[str]: ...

    def contents(self, folder: str = "INBOX") -> tuple[bytes, ...]: ...

    def make_anew(self, folder: str) -> None: ...


class MemoryWorld:
    def __init__(self) -> None:
        self.mailbox: Mailbox = InMemoryMailbox("ig")
        self._memory = self.mailbox

    def deliver(self, content: bytes, at: datetime, folder: str = "INBOX") -> int:
        if folder not in self._memory.folders:
            self._memory.add_folder(folder)
        return self._memory.deliver(content, at, folder).uid

    def remove(self, uid: int, folder: str = "INBOX") -> None:
        self._memory.remove(self._key(uid, folder))

    def flags(self, uid: int, folder: str = "INBOX") -> frozenset[str]:
        return self._memory.flags(self._key(uid, folder))

    def contents(self, folder: str = "INBOX") -> tuple[bytes, ...]:
        return self._memory.contents(folder) if folder in self._memory.folders else ()

    def make_anew(self, folder: str) -> None:
        self._memory.add_folder(folder)

    @staticmethod
    def _key(uid: int, folder: str) -> MessageKey:
        return MessageKey(mailbox="ig", folder=folder, uidvalidity=0, uid=uid)


class DovecotWorld:
    def __init__(self, server: Dovecot, security: Literal["tls", "starttls", "plain"]) -> None:
        self._server = server
        self._user = f"contract{next(USERS)}"
        access = ImapAccess(
            name="ig",
            host=server.host,
            port=server.tls_port if security == "tls" else server.port,
            security=security,
            username=self._user,
            connect_within=timedelta(seconds=5),
            answer_within=timedelta(seconds=5),
            ca_file=server.ca_file,
        )
        self.mailbox: Mailbox = ImapMailbox(access, lambda: Password.model_validate({"value": server.password}))

    def deliver(self, content: bytes, at: datetime, folder: str = "INBOX") -> int:
        return self._server.deliver(self._user, content, at, folder)

    def remove(self, uid: int, folder: str = "INBOX") -> None:
        self._server.remove(self._user, uid, folder)

    def flags(self, uid: int, folder: str = "INBOX") -> frozenset[str]:
        return self._server.flags(self._user, uid, folder)

    def contents(self, folder: str = "INBOX") -> tuple[bytes, ...]:
        return self._server.contents(self._user, folder)

    def make_anew(self, folder: str) -> None:
        self._server.make_anew(self._user, folder)
