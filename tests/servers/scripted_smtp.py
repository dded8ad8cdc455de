"""A mail server that does what a test tells it: accepts and records, refuses, stalls, hangs up.

    with ScriptedSmtp(Step("rcpt", reply="550 5.1.1 No such user", to="gone@council.example")) as server:
        ...                       # let something send to 127.0.0.1:server.port
        server.wait_for(2)        # the messages accepted so far, once there are two

The moments of a ``Step`` in the order of a session: ``connect``, ``ehlo``, ``starttls``, ``auth``, ``mail``, ``rcpt``,
``data`` (the command), ``body`` (part of the message has arrived), ``dot`` (all of it has; nothing is recorded),
``accepted`` (recorded, but the server's answer is this one), ``rset``, ``noop``.
"""

import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import Self

from mailbot.mail import FrozenEmail
from tests.servers.smtp_session import AcceptedEmail, HungUp, Session, Step

__all__ = ["OFFERS", "AcceptedEmail", "ScriptedSmtp", "Step", "an_email"]

OFFERS = ("8BITMIME", "SIZE 36700160")


class ScriptedSmtp:
    """Listens on a free port of 127.0.0.1 while it is entered; one thread per connection."""

    def __init__(
        self,
        *steps: Step,
        offers: Iterable[str] = OFFERS,
        users: Mapping[str, str] | None = None,
        tokens: Mapping[str, str] | None = None,
        tls: ssl.SSLContext | None = None,
        tls_from_start: bool = False,
        messages_per_connection: int | None = None,
        connections_at_most: int | None = None,
    ) -> None:
        """``users`` (name → password) and ``tokens`` (name → bearer token) make a login necessary."""
        self.offers = tuple(offers)
        self.users = dict(users or {})
        self.tokens = dict(tokens or {})
        self.tls = tls
        self.tls_from_start = tls_from_start
        self.messages_per_connection = messages_per_connection
        self.connections_at_most = connections_at_most
        self.connections = 0
        self.most_at_once = 0
        self.commands: list[tuple[int, str]] = []
        self._steps = list(steps)
        self._accepted: list[AcceptedEmail] = []
        self._open: dict[int, socket.socket] = {}
        self._news = threading.Condition()
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._start(self._listen)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.hang_up_all()
        for thread in self._threads:
            thread.join(5)

    @property
    def accepted(self) -> tuple[AcceptedEmail, ...]:
        with self._news:
            return tuple(self._accepted)

    def accepted_for(self, recipient: str) -> tuple[AcceptedEmail, ...]:
        return tuple(one for one in self.accepted if recipient in one.recipients)

    def wait_for(self, number: int, within: float = 5.0) -> tuple[AcceptedEmail, ...]:
        """The accepted messages as soon as there are so many; an AssertionError that lists them when time is up."""
        with self._news:
            if not self._news.wait_for(lambda: len(self._accepted) >= number, within):
                got = ", ".join(one.recipients[0] for one in self._accepted) or "none"
                raise AssertionError(f"{number} messages were expected within {within} s; accepted: {got}")
            return tuple(self._accepted)

    def add(self, step: Step) -> None:
        """Changes the script while the server runs."""
        with self._news:
            self._steps.append(step)

    def forget(self) -> None:
        """From now on everything is accepted."""
        with self._news:
            self._steps.clear()

    def hang_up_all(self, last_words: bytes = b"") -> None:
        """Closes every open connection, as a server does with clients that rest too long."""
        with self._news:
            sessions = list(self._open.values())
        for connection in sessions:
            try:
                if last_words:
                    connection.sendall(last_words)
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def verbs(self, connection: int) -> tuple[str, ...]:
        """The commands of one connection (counted from 1), without their arguments."""
        return tuple(line.split(" ", 1)[0].upper() for number, line in self.commands if number == connection)

    def step_for(self, moment: str, recipient: str = "") -> Step | None:
        with self._news:
            for step in self._steps:
                if step.moment != moment or step.times == 0 or step.to not in ("", recipient):
                    continue
                if step.after > 0:
                    step.after -= 1
                    continue
                if step.times is not None:
                    step.times -= 1
                return step
        return None

    def record(self, email: AcceptedEmail) -> int:
        """Takes responsibility for a message; how many there are now."""
        with self._news:
            self._accepted.append(email)
            self._news.notify_all()
            return len(self._accepted)

    def now_on(self, number: int, connection: socket.socket) -> None:
        """A session goes on over another socket, the encrypted one."""
        with self._news:
            self._open[number] = connection

    def rest(self) -> None:
        """Says nothing until the test is over."""
        self._stopping.wait(30)

    def _start(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _listen(self) -> None:
        while not self._stopping.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._news:
                self.connections += 1
                number = self.connections
                self._open[number] = connection
                now_open = len(self._open)
                self.most_at_once = max(self.most_at_once, now_open)
            self._start(self._serve, number, connection, now_open)

    def _serve(self, number: int, connection: socket.socket, now_open: int) -> None:
        session = Session(self, number, connection)
        try:
            session.run(now_open)
        except (HungUp, OSError):
            pass
        finally:
            with self._news:
                self._open.pop(number, None)
            session.end()


def an_email(recipient: str = "a.reporter@council.example", number: int = 1, body: str = "Hello.") -> FrozenEmail:
    """A small message to send."""
    message_id = f"<{number}.test@council.example>"
    content = (
        f"From: mailbot@council.example\r\nTo: {recipient}\r\nSubject: Test {number}\r\n"
        f"Message-ID: {message_id}\r\n\r\n{body}\r\n"
    )
    return FrozenEmail(
        message_id=message_id,
        envelope_from="mailbot@council.example",
        recipient=recipient,
        content=content.encode(),
    )
