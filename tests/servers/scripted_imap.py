"""An IMAP server that does what a test tells it: late, broken, cut off. It knows just enough to be logged in to.

Each connection is served by a thread. ``answers`` says what to do at a command (``"UID FETCH"``, ``"IDLE"``…); the
rest is answered as an obliging server with one folder of three messages would.
"""

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

CAPABILITIES = "IMAP4rev1 IDLE MOVE UIDPLUS AUTH=PLAIN"
HANGS_AT_MOST = 20.0


class Cut(Exception):  # noqa: N818 - not an error: the script says so
    """The server drops the connection."""


@dataclass
class Talk:
    """One connection, from the server's side."""

    wire: socket.socket
    lines: Iterator[bytes]
    number: int

    def say(self, *pieces: bytes) -> None:
        """Sends each piece in a segment of its own."""
        for piece in pieces:
            self.wire.sendall(piece)
            if len(pieces) > 1:
                threading.Event().wait(0.02)

    def hear(self) -> str:
        """The client's next line; at the end of the connection ``Cut``."""
        line = next(self.lines, b"")
        if not line:
            raise Cut
        return line.decode().rstrip("\r\n")

    def hang(self) -> None:
        """Says nothing more until the client has gone."""
        while True:
            self.hear()


Answer = Callable[[Talk, str, str], None]
"""What to do at a command: given the talk, the command's tag and its arguments."""


def ok(*untagged: str) -> Answer:
    """Answers with these untagged lines and OK."""

    def answer(talk: Talk, tag: str, arguments: str) -> None:
        talk.say("".join([*(f"* {line}\r\n" for line in untagged), f"{tag} OK done\r\n"]).encode())

    return answer


def no(words: str, status: str = "NO") -> Answer:
    """Refuses with these words."""

    def answer(talk: Talk, tag: str, arguments: str) -> None:
        talk.say(f"{tag} {status} {words}\r\n".encode())

    return answer


def cut(talk: Talk, tag: str, arguments: str) -> None:
    """Drops the connection instead of an answer."""
    raise Cut


def hang(talk: Talk, tag: str, arguments: str) -> None:
    """Never answers."""
    talk.hang()


def opened(*extra: str, mode: str = "READ-WRITE", messages: int = 3, uidnext: int | None = 4) -> Answer:
    """Answers SELECT and EXAMINE."""
    told = [f"{messages} EXISTS", "0 RECENT", "OK [UIDVALIDITY 7] fine", *extra]
    if uidnext is not None:
        told.append(f"OK [UIDNEXT {uidnext}] next")

    def answer(talk: Talk, tag: str, arguments: str) -> None:
        talk.say("".join([*(f"* {line}\r\n" for line in told), f"{tag} OK [{mode}] open\r\n"]).encode())

    return answer


def _authenticate(talk: Talk, tag: str, arguments: str) -> None:
    talk.say(b"+ \r\n")
    talk.hear()
    ok()(talk, tag, arguments)


def _idle(talk: Talk, tag: str, arguments: str) -> None:
    talk.say(b"+ idling\r\n")
    talk.hear()
    ok()(talk, tag, arguments)


def _logout(talk: Talk, tag: str, arguments: str) -> None:
    talk.say(f"* BYE\r\n{tag} OK\r\n".encode())
    raise Cut


OBLIGING: Mapping[str, Answer] = {
    "LOGIN": ok(),
    "AUTHENTICATE": _authenticate,
    "EXAMINE": opened(mode="READ-ONLY"),
    "SELECT": opened("OK [PERMANENTFLAGS (\\Seen \\Deleted \\*)] kept"),
    "UID SEARCH": ok("SEARCH 1 2 3"),
    "IDLE": _idle,
    "LOGOUT": _logout,
}


@dataclass
class ScriptedImap:
    """The running server: where it listens, and what it was told on all connections."""

    port: int
    commands: list[str] = field(default_factory=list)
    connections: int = 0

    def count(self, command: str) -> int:
        return sum(line.startswith(command) for line in self.commands)


@contextmanager
def scripted_imap(
    answers: Mapping[str, Answer] | None = None,
    greeting: bytes = b"* OK ready\r\n",
    capabilities: str = CAPABILITIES,
) -> Iterator[ScriptedImap]:
    """Listens on a port of 127.0.0.1 until the end of the block."""
    known = {**OBLIGING, "CAPABILITY": ok(f"CAPABILITY {capabilities}"), **(answers or {})}
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = ScriptedImap(listening.getsockname()[1])
        threads: list[threading.Thread] = []

        def accept() -> None:
            with suppress(OSError):
                while True:
                    wire, _ = listening.accept()
                    server.connections += 1
                    serving = threading.Thread(target=_serve, args=(server, wire, greeting, known))
                    threads.append(serving)
                    serving.start()

        accepting = threading.Thread(target=accept)
        accepting.start()
        try:
            yield server
        finally:
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            for thread in [accepting, *threads]:
                thread.join(HANGS_AT_MOST)


def _serve(server: ScriptedImap, wire: socket.socket, greeting: bytes, answers: Mapping[str, Answer]) -> None:
    wire.settimeout(HANGS_AT_MOST)
    wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with wire, wire.makefile("rb") as lines, suppress(Cut, OSError):
        talk = Talk(wire, lines, server.connections)
        talk.say(greeting)
        while True:
            tag, _, rest = talk.hear().partition(" ")
            server.commands.append(rest)
            words = rest.split(" ")
            length = 2 if words[0].upper() == "UID" else 1
            command, arguments = " ".join(words[:length]).upper(), " ".join(words[length:])
            answers.get(command, ok())(talk, tag, arguments)
