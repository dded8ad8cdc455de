"""What is asked of a server to look at messages without fetching them, and how its answer is read."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from mailbot.mail import ARRIVAL_UNKNOWN, MessageHead, MessageKey
from mailbot.transport.bodystructure import read_parts

HEADER_AT_MOST = 256 * 1024
"""Bytes of a header block that are looked at; real ones hold a tenth of it."""

WITHOUT_PARTS = ("RFC822.SIZE", "INTERNALDATE", f"BODY.PEEK[HEADER]<0.{HEADER_AT_MOST}>")
WHOLE_LOOK = ("BODYSTRUCTURE", *WITHOUT_PARTS)
ARRIVAL_ONLY = ("INTERNALDATE",)

SEARCHED_AT_ONCE = 50_000
"""Messages named in one answer to SEARCH: imaplib refuses a line of more than a million bytes."""


def windows(messages: int) -> Iterator[list[str]]:
    """Search criteria that together cover a folder of so many messages, the newest first.

    They go by sequence number, which shrinks when somebody deletes: backwards, a message may be named twice, never missed.
    """
    if messages <= SEARCHED_AT_ONCE:
        yield from ([[]] if messages else [])
        return
    end = "*"
    for start in range((messages - 1) // SEARCHED_AT_ONCE * SEARCHED_AT_ONCE + 1, 0, -SEARCHED_AT_ONCE):
        yield [f"{start}:{end}"]
        end = str(start)


def read_heads(places: Sequence[MessageKey], answer: Mapping[int, Any], problem: str = "") -> tuple[MessageHead, ...]:
    """What imapclient read → heads in the order asked for; vanished messages are left out.

    Raises ``ValueError`` for an answer without date of arrival or header.
    """
    found = ((key, answer[key.uid]) for key in places if b"INTERNALDATE" in answer.get(key.uid, {}))
    return tuple(
        MessageHead(
            key=key,
            received_at=_arrival(key.uid, fields),
            size=fields.get(b"RFC822.SIZE") or 0,
            header=_header(fields),
            parts=read_parts(fields.get(b"BODYSTRUCTURE")),
            problem=problem,
        )
        for key, fields in found
    )


def unknown_head(key: MessageKey, problem: str) -> MessageHead:
    """A message of which the server tells nothing, not even when it came; to be tried again."""
    return MessageHead(key=key, received_at=ARRIVAL_UNKNOWN, size=0, header=b"", problem=problem)


def _arrival(uid: int, fields: Mapping[bytes, Any]) -> datetime:
    arrived = fields[b"INTERNALDATE"]
    if not isinstance(arrived, datetime):
        raise ValueError(f"message {uid}: the server gives no date of arrival that can be read")  # noqa: TRY004
    return arrived


def _header(fields: Mapping[bytes, Any]) -> bytes:
    """The header block, empty where none was asked for.

    NIL is what Dovecot answers for a message that another program has just removed, with size 0 and a date in 1970;
    asked again, it knows nothing of it.
    """
    for name, value in fields.items():
        if name.startswith(b"BODY[HEADER]"):
            if value is None:
                raise ValueError("the server gives no header")
            return bytes(value)
    return b""
