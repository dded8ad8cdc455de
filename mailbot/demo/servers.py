"""The demo's mail servers: IMAP and SMTP on free ports of this machine, in a thread of this process, for a minute.

Nothing but the demo uses this module: the bot itself speaks to real servers, and so do its tests. Both servers take
plain connections from this machine only, and forget everything when they stop.
"""

import asyncio
import socket
import threading
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack, ExitStack, suppress
from datetime import datetime
from typing import Any, Self

from aiosmtpd.smtp import SMTP, Envelope, Session
from imapclient import IMAPClient  # type: ignore[import-untyped]
from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.dict import DictBackend
from pymap.imap import IMAPServer, IMAPService
from pymap.user import Passwords, UserMetadata

from mailbot.errors import MailbotError

HOST = "127.0.0.1"
PASSWORD = "a-minute-long"
STARTS_WITHIN = 20.0
LARGEST_MAIL = 40 * 1024 * 1024
SERVERS_FLAG = b"\\Recent"


class DemoError(MailbotError):
    """The demo cannot go on; says why."""


class MailServers:
    """Both servers, running between ``with`` and its end; used from one thread, the demo's.

    ``delivered`` holds what the SMTP server took since it was last emptied: (recipient, bytes), in no settled order.
    """

    def __init__(self, mailboxes: tuple[str, ...]) -> None:
        self._mailboxes = mailboxes
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="demo mail servers", daemon=True)
        self._servers = AsyncExitStack()
        self._world = ExitStack()
        self._clients: dict[str, IMAPClient] = {}
        self.delivered: list[tuple[str, bytes]] = []
        self.imap_port = 0
        self.smtp_port = 0

    def __enter__(self) -> Self:
        self._thread.start()
        try:
            self._await(self._start())
        except OSError as reason:
            self.__exit__()
            raise DemoError(f"the demo's mail servers cannot listen on {HOST}: {reason.strerror}") from reason
        return self

    def __exit__(self, *_: object) -> None:
        self._world.close()
        with suppress(TimeoutError):
            self._await(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(STARTS_WITHIN)
        self._loop.close()

    def put(self, mailbox: str, content: bytes, at: datetime, folder: str = "INBOX") -> int:
        """A message arrives in a mailbox at a moment (aware); returns its UID."""
        said = self._client(mailbox).append(folder, content, (), at)
        # [APPENDUID 1700000000 7] APPEND completed.
        return int(said.split(b"APPENDUID", 1)[1].split(b"]", 1)[0].split()[1])

    def flags(self, mailbox: str, folder: str = "INBOX") -> Mapping[int, tuple[str, ...]]:
        """UID → the flags of each message: what a person would see changed. Recent, the server's own, is left out."""
        client = self._client(mailbox)
        client.select_folder(folder, readonly=True)
        uids = client.search()
        found = client.fetch(uids, ["FLAGS"]) if uids else {}
        return {
            uid: tuple(sorted(flag.decode() for flag in data[b"FLAGS"] if flag != SERVERS_FLAG))
            for uid, data in found.items()
        }

    def take_delivered(self) -> tuple[tuple[str, bytes], ...]:
        """What was delivered since the last time, in an order that is the same in each run."""
        taken, self.delivered = sorted(self.delivered), []
        return tuple(taken)

    def _client(self, mailbox: str) -> IMAPClient:
        if mailbox not in self._clients:
            client = IMAPClient(HOST, self.imap_port, ssl=False, timeout=STARTS_WITHIN)
            client._imap.debug = 0  # noqa: SLF001 - logs every line otherwise
            client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            client.normalise_times = False
            client.login(mailbox, PASSWORD)
            if mailbox in self._mailboxes and not client.folder_exists("Junk"):
                client.create_folder("Junk")
            self._world.callback(client.shutdown)
            self._clients[mailbox] = client
        return self._clients[mailbox]

    def prepare(self) -> None:
        """Makes every mailbox's folders, as a real server would have them."""
        for mailbox in self._mailboxes:
            self._client(mailbox)

    def _await(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(STARTS_WITHIN)

    async def _start(self) -> None:
        backend, config = await DictBackend.init(_arguments())
        config.apply_context()
        hashed = await Passwords(config).hash_password(PASSWORD)
        for mailbox in self._mailboxes:
            backend.login.users_dict[mailbox] = UserMetadata(config, mailbox, password=hashed)
        await backend.start(self._servers)
        answer = ProxyProtocolReader(config.proxy_protocol).get_callback(KeepingServer(backend.login, config))
        self.imap_port = await self._listen(await asyncio.start_server(answer, HOST, 0))
        self.smtp_port = await self._listen(await self._loop.create_server(self._postman, HOST, 0))

    async def _listen(self, server: asyncio.Server) -> int:
        await self._servers.enter_async_context(server)
        return int(server.sockets[0].getsockname()[1])

    async def _stop(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self._servers.aclose()

    def _postman(self) -> SMTP:
        return SMTP(Postman(self.delivered_now), data_size_limit=LARGEST_MAIL, hostname="mx.council.example")

    def delivered_now(self, recipient: str, content: bytes) -> None:
        """The SMTP server has taken a message."""
        self.delivered.append((recipient, content))


class Postman:
    """What the SMTP server does with mail: it hands it on, one recipient at a time."""

    def __init__(self, hand_on: Callable[[str, bytes], None]) -> None:
        self._hand_on = hand_on

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - the library's name
        """Takes the message."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        for recipient in envelope.rcpt_tos:
            self._hand_on(recipient, content)
        return "250 2.0.0 Delivered"


class KeepingServer(IMAPServer):
    """Holds on to its running conversations: from Python 3.13 on they would be swept away in mid-sentence."""

    _running: set[asyncio.Task[Any] | None] = set()

    async def __call__(self, *arguments: Any) -> None:
        """One conversation with a client, until either side ends it."""
        task = asyncio.current_task()
        self._running.add(task)
        try:
            await super().__call__(*arguments)
        finally:
            self._running.discard(task)


def _arguments() -> Namespace:
    """The IMAP server's command line, as if somebody had typed it."""
    parser = ArgumentParser()
    IMAPService.add_arguments(parser)
    DictBackend.add_subparser("dict", parser.add_subparsers())
    arguments = parser.parse_args(["--host", HOST, "--port", "0", "--no-tls", "dict"])
    arguments.skip_services, arguments.passlib_cfg, arguments.debug = [], None, False
    return arguments
