"""How the bot and its reader processes talk: length-prefixed frames over pipes. Bytes and JSON, never pickle.

A frame is one letter, eight bytes of length (big-endian) and the payload.
"""

import struct
from enum import Enum
from typing import BinaryIO

from mailbot.value import Instant, Value

HEAD = struct.Struct(">cQ")
QUESTION_HEAD = struct.Struct(">I")


class Sort(Enum):
    """What a frame carries."""

    RULES = b"R"
    READY = b"Y"
    QUESTION = b"Q"
    DOCUMENT = b"D"
    ANSWER = b"A"
    FAILURE = b"F"


class Question(Value):
    """What is asked of a reader about the bytes that follow. ``form``: is it a report form, instead of reading mail.

    ``skip`` names documents (by number) to leave out, each with its reason; ``headers_because`` asks for the headers
    alone and says why; ``cpu_seconds`` may be spent on it.
    """

    received_at: Instant
    form: bool = False
    skip: dict[int, str] = {}
    headers_because: str = ""
    cpu_seconds: int = 20


def pack(sort: Sort, payload: bytes) -> bytes:
    """A whole frame."""
    return HEAD.pack(sort.value, len(payload)) + payload


def pack_question(question: Question, content: bytes) -> bytes:
    """A question with the bytes it is about, as a whole frame."""
    asked = question.model_dump_json().encode()
    return pack(Sort.QUESTION, QUESTION_HEAD.pack(len(asked)) + asked + content)


def unpack_question(payload: bytes) -> tuple[Question, bytes]:
    """A question frame's payload as the question and the bytes it is about."""
    (length,) = QUESTION_HEAD.unpack_from(payload)
    start = QUESTION_HEAD.size
    return Question.model_validate_json(payload[start : start + length]), payload[start + length :]


def read_frame(stream: BinaryIO) -> tuple[Sort, bytes]:
    """The next frame of a blocking stream; raises ``EOFError`` when the other side has gone."""
    head = stream.read(HEAD.size)
    if len(head) < HEAD.size:
        raise EOFError
    letter, length = HEAD.unpack(head)
    payload = stream.read(length)
    if len(payload) < length:
        raise EOFError
    return Sort(letter), payload
