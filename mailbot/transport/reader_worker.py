"""One reader process as its parent sees it: started, asked, watched by the clock, ended. Used by one thread at a time."""

import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import mailbot
from mailbot.transport.frames import HEAD, Question, Sort, pack, pack_question
from mailbot.value import Value

PROCESS = "mailbot.transport.reader_process"
CHUNK = 1 << 20
PATIENCE_AT_START = 60.0
OUT_OF_MEMORY = 12
MEGABYTE = 1 << 20


class ReaderLimits(Value):
    """Limits for one message, and after how many messages a process is replaced.

    ``seconds`` holds for processor time and for the clock on the wall; the output is what the reader may answer.
    """

    memory_mb: int = 768
    seconds: int = 20
    output_mb: int = 16
    recycle_after: int = 200


class ReaderDiedError(Exception):
    """The process gave no answer. ``number`` is the document announced last, None before the first; ``because`` says why."""

    def __init__(self, number: int | None, because: str) -> None:
        self.number = number
        self.because = because
        super().__init__(because)


class Worker:
    """A reader process that is started when it is needed and replaced when it died or served long enough."""

    def __init__(self, rules: bytes, limits: ReaderLimits) -> None:
        self._rules = rules
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._ready = False
        self._served = 0

    @property
    def pid(self) -> int | None:
        """The process's number, None while there is no process."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Starts the process without waiting for it; does nothing where it runs."""
        if self._process is not None and self._process.poll() is None:
            return
        self.stop()
        code = Path(mailbot.__file__).parents[1]
        command = [sys.executable, "-B", "-s", "-P", "-m", PROCESS, str(self._limits.memory_mb * MEGABYTE)]
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a traceback may quote the mail
            env={"PYTHONPATH": str(code), "PYTHONUTF8": "1", "LANG": "C.UTF-8", "TZ": "UTC"},
            cwd="/",
            start_new_session=True,
            close_fds=True,
            bufsize=0,
        )
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                os.set_blocking(pipe.fileno(), False)
        self._ready, self._served = False, 0

    def ask(self, question: Question, content: bytes) -> bytes:
        """The JSON answer to one question; raises ``ReaderDiedError`` where there is none."""
        self.start()
        self._greet()
        talk = _Talk(self._running(), time.monotonic() + self._limits.seconds, self._limits.output_mb * MEGABYTE)
        try:
            talk.write(pack_question(question, content))
            answer = talk.answer()
        except _SilenceError as silence:
            because = self._cause(silence.because)
            self.stop()
            raise ReaderDiedError(talk.number, because) from None
        self._served += 1
        if self._served >= self._limits.recycle_after:
            self.stop()
            self.start()
        return answer

    def stop(self) -> None:
        """Ends the process at once; never raises."""
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=5)

    def _greet(self) -> None:
        """Hands over the rules once and waits until the process has loaded: not counted against the message."""
        if self._ready:
            return
        talk = _Talk(self._running(), time.monotonic() + PATIENCE_AT_START, MEGABYTE)
        try:
            talk.write(pack(Sort.RULES, self._rules))
            talk.frame()
        except _SilenceError:
            self.stop()
            raise ReaderDiedError(None, "it could not be started") from None
        self._ready = True

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._process is None:
            raise ReaderDiedError(None, "it is not running")
        return self._process

    def _cause(self, because: str) -> str:
        if because or self._process is None:
            return because
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=1)
        code = self._process.returncode
        if code == -signal.SIGXCPU:
            return "it took too long"
        return "it needed too much memory" if code in {OUT_OF_MEMORY, -signal.SIGKILL} else "it broke off"


class _SilenceError(Exception):
    def __init__(self, because: str = "") -> None:
        self.because = because


class _Talk:
    """One exchange with a process, until a moment of the monotonic clock and within an amount of output."""

    def __init__(self, process: "subprocess.Popen[bytes]", until: float, most: int) -> None:
        if process.stdin is None or process.stdout is None:
            raise _SilenceError
        self._in, self._out = process.stdin.fileno(), process.stdout.fileno()
        self._until, self._most = until, most
        self._waiting = b""
        self.number: int | None = None

    def write(self, frame: bytes) -> None:
        view = memoryview(frame)
        while view:
            self._await(write=True)
            try:
                view = view[os.write(self._in, view[:CHUNK]) :]
            except BlockingIOError:
                continue
            except OSError:
                raise _SilenceError from None

    def answer(self) -> bytes:
        while True:
            sort, payload = self.frame()
            if sort is Sort.ANSWER:
                return payload
            if sort is not Sort.DOCUMENT:
                raise _SilenceError("its content is damaged")
            self.number = int(payload)

    def frame(self) -> tuple[Sort, bytes]:
        letter, length = HEAD.unpack(self._take(HEAD.size))
        if length > self._most:
            raise _SilenceError("there is too much in it")
        try:
            return Sort(letter), self._take(length)
        except ValueError:
            raise _SilenceError from None

    def _take(self, length: int) -> bytes:
        pieces = [self._waiting]
        have = len(self._waiting)
        while have < length:
            self._await(write=False)
            try:
                piece = os.read(self._out, CHUNK)
            except BlockingIOError:
                continue
            if not piece:
                raise _SilenceError
            pieces.append(piece)
            have += len(piece)
        everything = b"".join(pieces)
        self._waiting = everything[length:]
        return everything[:length]

    def _await(self, *, write: bool) -> None:
        left = self._until - time.monotonic()
        reading, writing = ([], [self._in]) if write else ([self._out], [])
        if left <= 0 or not any(_select(reading, writing, left)):
            raise _SilenceError("it took too long")


def _select(reading: list[int], writing: list[int], within: float) -> tuple[bool, bool]:
    """Like select, for any file number."""
    poll = select.poll()
    for number in reading:
        poll.register(number, select.POLLIN)
    for number in writing:
        poll.register(number, select.POLLOUT)
    ready = {number for number, _ in poll.poll(within * 1000)}
    return bool(ready & set(reading)), bool(ready & set(writing))
