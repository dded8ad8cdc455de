"""The reader's own process: answers one question after another until its standard input closes.

Started by ``transport.sandbox`` with a clean environment. It holds no secret, opens no socket, imports no database,
can write nothing into a file, and gives way at its limits of memory and processor time; its parent watches the clock.
"""

import importlib
import os
import resource
import sys
from typing import BinaryIO

from mailbot.reader import ReadingRules, is_form, read, read_headers_only
from mailbot.transport.frames import Question, Sort, pack, read_frame, unpack_question
from mailbot.transport.ocr import Tesseract, tesseract

OPEN_FILES = 32
FOR_PICTURES = 0.6
"""The share of a mail's seconds that may go into reading writing in its pictures."""
HEAVY = ("inscriptis", "flufl.bounce", "pypdf", "pdfplumber", "olefile", "openpyxl")
"""Modules that some mail needs and that take long to load: loaded while nobody waits."""


def main(memory: int) -> None:
    """Serves standard input and output; ``memory`` bounds the address space, in bytes."""
    incoming, outgoing = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not stand between the frames
    _confine(memory)
    _, payload = read_frame(incoming)
    rules = ReadingRules.model_validate_json(payload)
    _write(outgoing, Sort.READY, b"")
    for module in HEAVY:
        importlib.import_module(module)
    while True:
        try:
            _, payload = read_frame(incoming)
        except EOFError:
            return
        _answer(outgoing, payload, rules)


def _answer(outgoing: BinaryIO, payload: bytes, rules: ReadingRules) -> None:
    question, content = unpack_question(payload)
    _allow_cpu(question.cpu_seconds)
    try:
        answer = _read(question, content, rules, outgoing)
    except MemoryError:
        os._exit(12)
    except Exception as error:  # noqa: BLE001 - its parent says in plain words what it means
        _write(outgoing, Sort.FAILURE, type(error).__name__.encode())
    else:
        _write(outgoing, Sort.ANSWER, answer)


def _read(question: Question, content: bytes, rules: ReadingRules, outgoing: BinaryIO) -> bytes:
    if question.form:
        return b"true" if is_form(content, rules) else b"false"
    if question.headers_because:
        return read_headers_only(content, rules, question.headers_because).model_dump_json().encode()

    def announce(number: int) -> None:
        _write(outgoing, Sort.DOCUMENT, str(number).encode())

    reading = read(content, question.received_at, rules, announce, question.skip, recogniser=_recogniser(question))
    return reading.model_dump_json().encode()


def _recogniser(question: Question) -> Tesseract | None:
    """The reader of pictures with its share of the time for this mail; None where it is not installed."""
    program = tesseract()
    return Tesseract(program, question.cpu_seconds * FOR_PICTURES) if program else None


def _write(outgoing: BinaryIO, sort: Sort, payload: bytes) -> None:
    outgoing.write(pack(sort, payload))
    outgoing.flush()


def _confine(memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))


def _allow_cpu(seconds: int) -> None:
    """Raises the soft limit to what was used so far and ``seconds`` more; past it the kernel ends the process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds + 1, hard))


if __name__ == "__main__":
    main(int(sys.argv[1]))
