"""Reads what strangers sent, in resident processes of its own: whatever a message does there, the bot goes on.

A reader that dies or overruns while a document is open is replaced and asked again with that document left out; one
that dies over the mail itself is asked for the headers alone; and where even that fails, the mail still stands as a
report that a person must open. Nothing is lost, nothing is raised (DESIGN §2.1).
"""

import queue
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from pydantic import ValidationError

from mailbot.intake.email import Address, InboundEmail, Kind
from mailbot.parse.reading import Reading, ReportedIncident
from mailbot.reader import ReadingRules
from mailbot.transport.frames import Question
from mailbot.transport.reader_worker import ReaderDiedError, ReaderLimits, Worker

MOST_DOCUMENTS_LOST = 5
NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)
TOO_MANY = "too many other documents of this mail stopped the reader"
UNREADABLE = "The reader stopped while reading the mail itself: {because}. A person must open the original."


class Sandbox:
    """The ``ports.Reader`` of the bot. Safe for several threads: each waits for one of ``workers`` processes."""

    def __init__(self, rules: ReadingRules, limits: ReaderLimits | None = None, workers: int = 1) -> None:
        self._limits = limits or ReaderLimits()
        self._attachments = rules.intake.limits.attachments
        made = [Worker(rules.model_dump_json().encode(), self._limits) for _ in range(max(1, workers))]
        self._workers = tuple(made)
        self._idle: queue.LifoQueue[Worker] = queue.LifoQueue()
        for worker in made:
            self._idle.put(worker)

    def start(self) -> None:
        """Starts all processes without waiting for them, so that the first message finds them ready."""
        for worker in self._workers:
            worker.start()

    @property
    def pids(self) -> tuple[int, ...]:
        """The numbers of the processes that run now."""
        return tuple(worker.pid for worker in self._workers if worker.pid is not None)

    def read(self, content: bytes, received_at: datetime) -> Reading:
        """What the message says. ``received_at`` is aware; the documents that could not be read are named in the problems."""
        with self._worker() as worker:
            return self._read_whole(worker, content, received_at)

    def is_report_form(self, content: bytes) -> bool:
        """Whether a document's own text shows it to be a report form; one that kills the reader is not known to be one."""
        question = Question(received_at=NO_TIME, form=True, cpu_seconds=self._limits.seconds)
        with self._worker() as worker:
            try:
                return worker.ask(question, content) == b"true"
            except (ReaderDiedError, OSError):
                return False

    def close(self) -> None:
        """Ends all processes; never raises."""
        for worker in self._workers:
            worker.stop()

    @contextmanager
    def _worker(self) -> Iterator[Worker]:
        worker = self._idle.get()
        try:
            yield worker
        finally:
            self._idle.put(worker)

    def _read_whole(self, worker: Worker, content: bytes, received_at: datetime) -> Reading:
        skip: dict[int, str] = {}
        again = True
        while True:
            question = Question(received_at=received_at, skip=skip, cpu_seconds=self._limits.seconds)
            answer = _ask(worker, question, content)
            if isinstance(answer, Reading):
                return answer
            if answer.number is not None and answer.number not in skip:
                skip = skip | {answer.number: answer.because} | self._all_if_too_many(skip)
            elif again:
                again = False  # the process may have been ended by something else than this mail
            else:
                return self._read_headers(worker, content, received_at, UNREADABLE.format(because=answer.because))

    def _all_if_too_many(self, skip: dict[int, str]) -> dict[int, str]:
        """Every document that is not yet left out, once so many were that a reader is not risked for another."""
        if len(skip) + 1 < MOST_DOCUMENTS_LOST:
            return {}
        return {number: TOO_MANY for number in range(self._attachments) if number not in skip}

    def _read_headers(self, worker: Worker, content: bytes, received_at: datetime, because: str) -> Reading:
        question = Question(received_at=received_at, headers_because=because, cpu_seconds=self._limits.seconds)
        answer = _ask(worker, question, content)
        return answer if isinstance(answer, Reading) else unread(because)


def unread(because: str) -> Reading:
    """The least that can be said of a message: it came, it may be a report, and ``because`` of this a person must open it."""
    email = InboundEmail(sender=Address(address=""), automatic=True, problems=(because,))
    return Reading(kind=Kind.REPORT, email=email, report=ReportedIncident(), problems=(because,))


def _ask(worker: Worker, question: Question, content: bytes) -> Reading | ReaderDiedError:
    try:
        return Reading.model_validate_json(worker.ask(question, content))
    except ReaderDiedError as died:
        return died
    except ValidationError:
        return ReaderDiedError(None, "its answer made no sense")
    except OSError as error:
        return ReaderDiedError(None, f"its process could not be used ({type(error).__name__})")
