"""One connection of the scripted mail server, from the greeting to the end."""

import base64
import socket
import ssl
import time
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from typing import Protocol


@dataclass
class Step:
    """What to do at a moment instead of the ordinary answer: say ``reply``, wait, hang up, or one after the other.

    ``to`` narrows it to one recipient, ``times`` to that many occasions (None: always), ``after`` lets so many
    occasions pass first.
    """

    moment: str
    reply: str = ""
    hang_up: bool = False
    stall: bool = False
    to: str = ""
    times: int | None = None
    after: int = 0


@dataclass(frozen=True)
class AcceptedEmail:
    """A message the server took responsibility for, with its envelope."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    user: str
    connection: int
    encrypted: bool
    at: float

    @property
    def message(self) -> Message:
        return message_from_bytes(self.content)


class HungUp(Exception):  # noqa: N818 - it is how a session ends, on either side
    pass


class Host(Protocol):
    """What a session asks of its server."""

    offers: tuple[str, ...]
    users: dict[str, str]
    tokens: dict[str, str]
    tls: ssl.SSLContext | None
    tls_from_start: bool
    messages_per_connection: int | None
    connections_at_most: int | None
    commands: list[tuple[int, str]]

    def step_for(self, moment: str, recipient: str = "") -> Step | None: ...

    def record(self, email: AcceptedEmail) -> int: ...

    def now_on(self, number: int, connection: socket.socket) -> None: ...

    def rest(self) -> None: ...


@dataclass
class Session:
    """One connection, from the greeting to the end."""

    server: Host
    number: int
    connection: socket.socket
    buffer: bytes = b""
    encrypted: bool = False
    user: str = ""
    sender: str = ""
    recipients: list[str] = field(default_factory=list)
    taken: int = 0

    def run(self, now_open: int) -> None:
        if self.server.tls_from_start:
            self._encrypt()
        most = self.server.connections_at_most
        if most is not None and now_open > most:
            self.say("421 4.3.2 Too many connections")
            return
        self.answer("connect", "220 mail.council.example ESMTP")
        while True:
            line = self.read_line().decode("utf-8", "replace")
            self.server.commands.append((self.number, line))
            verb, _, rest = line.partition(" ")
            handler = getattr(self, f"do_{verb.lower()}", None)
            if handler is None:
                self.say("502 5.5.1 Command not known")
            else:
                handler(rest)

    def do_ehlo(self, name: str) -> None:
        offers = list(self.server.offers)
        if self.server.tls and not self.encrypted:
            offers.append("STARTTLS")
        kinds = ["PLAIN"] * bool(self.server.users) + ["XOAUTH2"] * bool(self.server.tokens)
        if kinds:
            offers.append("AUTH " + " ".join(kinds))
        lines = ["mail.council.example greets you", *offers]
        last = len(lines) - 1
        self.answer("ehlo", "\r\n".join(f"250{' ' if at == last else '-'}{line}" for at, line in enumerate(lines)))

    def do_helo(self, name: str) -> None:
        self.say("250 mail.council.example")

    def do_starttls(self, rest: str) -> None:
        if not self.server.tls:
            self.say("454 4.7.0 TLS not available")
        elif self.answer("starttls", "220 2.0.0 Go ahead"):
            self._encrypt()

    def do_auth(self, rest: str) -> None:
        kind, _, proof = rest.partition(" ")
        words = base64.b64decode(proof).decode("utf-8", "replace")
        if kind.upper() == "PLAIN":
            _, user, password = words.split("\0")
            good = self.server.users.get(user) == password
        else:
            user = words.partition("\1")[0].removeprefix("user=")
            good = words == f"user={user}\1auth=Bearer {self.server.tokens.get(user)}\1\1"
            if not good:
                self.say("334 " + base64.b64encode(b'{"status":"400"}').decode())
                self.read_line()
        if self.answer("auth", "235 2.7.0 Welcome" if good else f"535 5.7.8 Not accepted: AUTH {rest}") and good:
            self.user = user

    def do_mail(self, rest: str) -> None:
        limit = self.server.messages_per_connection
        if limit is not None and self.taken >= limit:
            self.say("421 4.7.0 Enough for one connection")
            raise HungUp
        if (self.server.users or self.server.tokens) and not self.user:
            self.say("530 5.7.0 Log in first")
        elif self.answer("mail", "250 2.1.0 Ok"):
            self.sender, self.recipients = _address(rest), []

    def do_rcpt(self, rest: str) -> None:
        if self.answer("rcpt", "250 2.1.5 Ok", _address(rest)):
            self.recipients.append(_address(rest))

    def do_data(self, rest: str) -> None:
        recipient = self.recipients[0] if self.recipients else ""
        if not self.recipients:
            self.say("503 5.5.1 No recipient")
        elif self.answer("data", "354 End with a dot on a line of its own", recipient):
            self._take(recipient)

    def do_rset(self, rest: str) -> None:
        self.recipients = []
        self.answer("rset", "250 2.0.0 Ok")

    def do_noop(self, rest: str) -> None:
        self.answer("noop", "250 2.0.0 Ok")

    def do_quit(self, rest: str) -> None:
        self.say("221 2.0.0 Bye")
        raise HungUp

    def _take(self, recipient: str) -> None:
        lines = [self.read_line()]
        if step := self.server.step_for("body", recipient):
            self._do(step)
        while lines[-1] != b".":
            lines.append(self.read_line())
        if not self.answer("dot", "", recipient):
            return
        content = b"".join(line.removeprefix(b".") + b"\r\n" for line in lines[:-1])
        envelope = (self.sender, tuple(self.recipients))
        email = AcceptedEmail(*envelope, content, self.user, self.number, self.encrypted, time.monotonic())
        self.taken += 1
        self.recipients = []
        self.answer("accepted", f"250 2.0.0 Queued as {self.server.record(email)}", recipient)

    def answer(self, moment: str, ordinary: str, recipient: str = "") -> bool:
        """Says the ordinary answer, or what the script has for this moment; whether the client may go on."""
        step = self.server.step_for(moment, recipient)
        if step is None:
            if ordinary:
                self.say(ordinary)
            return not ordinary.startswith(("4", "5"))
        self._do(step)
        return not step.reply

    def _do(self, step: Step) -> None:
        if step.stall:
            self.server.rest()
        if step.reply:
            self.say(step.reply)
        if step.hang_up or step.stall:
            raise HungUp

    def say(self, line: str) -> None:
        self.connection.sendall(line.encode() + b"\r\n")

    def read_line(self) -> bytes:
        while b"\r\n" not in self.buffer:
            more = self.connection.recv(65536)
            if not more:
                raise HungUp
            self.buffer += more
        line, _, self.buffer = self.buffer.partition(b"\r\n")
        return line

    def _encrypt(self) -> None:
        if self.server.tls is None:
            raise ValueError("a server that encrypts needs tls=")
        self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)
        self.server.now_on(self.number, self.connection)
        self.encrypted = True

    def end(self) -> None:
        # Read what the client still sends: closing over unread bytes would reset the connection and could
        # overtake the last answer.
        try:
            self.connection.shutdown(socket.SHUT_WR)
            self.connection.settimeout(0.2)
            while self.connection.recv(65536):
                pass
        except OSError:
            pass
        finally:
            self.connection.close()


def _address(argument: str) -> str:
    return argument.partition("<")[2].partition(">")[0]
