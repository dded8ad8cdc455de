"""Waits for a server's news (IDLE, RFC 2177) without the ways in which imapclient's own waiting goes wrong.

imapclient reads lines from a non-blocking socket: a line in two segments breaks the connection, an end of file looks
like silence. Here nothing is read while waiting: as soon as bytes have come, IDLE is ended, and all is read up to its
end with the ordinary timeout, so that a slow line is waited for and a dead connection is found.
"""

import select
import ssl
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from imapclient import IMAPClient  # type: ignore[import-untyped]

from mailbot.transport.imap_connect import wire

SLICE = timedelta(milliseconds=500)
"""How long a request to stop may go unheard."""


def hear_news(client: IMAPClient, within: timedelta, stopping: Callable[[], bool]) -> bool:
    """Waits in the selected folder until a message arrives, the time is over or ``stopping()``; True for a message.

    Raises what imaplib raises when the connection breaks: abort, OSError, TimeoutError.
    """
    until = time.monotonic() + within.total_seconds()
    while not has_news(client):
        rest = until - time.monotonic()
        if rest <= 0 or stopping():
            return False
        _idle_once(client, rest, stopping)
    return True


def has_news(client: IMAPClient) -> bool:
    """Whether the server has said, since this was last forgotten, how many messages there are now."""
    return "EXISTS" in wire(client).untagged_responses


def forget_news(client: IMAPClient) -> None:
    """Begins anew: what the server has said up to now is known."""
    wire(client).untagged_responses.pop("EXISTS", None)


def _idle_once(client: IMAPClient, seconds: float, stopping: Callable[[], bool]) -> None:
    connection = wire(client)
    tag = _begin(connection)
    until = time.monotonic() + seconds
    while not has_news(client) and not stopping() and (rest := until - time.monotonic()) > 0:
        if _has_heard(connection, min(SLICE.total_seconds(), rest)):
            break
    connection.send(b"DONE\r\n")
    _read_to_end(connection, tag)


def _begin(connection: Any) -> str:
    """Sends IDLE and reads to the server's "+"; news may come before it."""
    tag: str = connection._command("IDLE")  # noqa: SLF001 - imaplib of Python 3.11 has no IDLE
    while connection._get_response() is not None:  # noqa: SLF001
        if connection.tagged_commands[tag]:
            _read_to_end(connection, tag)
            raise connection.error("the server ended IDLE before it began")
    return tag


def _read_to_end(connection: Any, tag: str) -> None:
    while not connection.tagged_commands[tag]:
        connection._get_response()  # noqa: SLF001
    answer, said = connection.tagged_commands.pop(tag)
    if answer != "OK":
        raise connection.error(f"IDLE refused: {said[-1]!r}")


def _has_heard(connection: Any, seconds: float) -> bool:
    """Whether bytes have come within so long: already read into a buffer, or on the socket."""
    if _is_buffered(connection):
        return True
    poller = select.poll()
    poller.register(connection.sock.fileno(), select.POLLIN)
    return bool(poller.poll(seconds * 1000))


def _is_buffered(connection: Any) -> bool:
    """Whether bytes lie between the socket and imaplib: they came in one segment, or one TLS record, with the last line."""
    own = getattr(connection, "_readbuf", None)
    if own is not None:  # since Python 3.14 imaplib keeps a buffer of its own
        return bool(own)
    timeout = connection.sock.gettimeout()
    connection.sock.settimeout(0)
    try:
        return bool(connection.file.peek(1))
    except (ssl.SSLWantReadError, BlockingIOError):
        return False
    finally:
        connection.sock.settimeout(timeout)
