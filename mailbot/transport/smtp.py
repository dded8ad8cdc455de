"""The way out: SMTP with aiosmtplib, behind ``ports.Sender``.

The only asyncio in the package lives here, inside one long-lived runner, because connections die with their event
loop and are worth keeping: reusing them is several times faster than connecting anew. Each message has one recipient
and goes out as the bytes that were frozen. Nothing here decides whether to try again: the answer is a value, and the
outbox has the last word.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

from mailbot.errors import SenderError
from mailbot.mail import Delivery, FrozenEmail
from mailbot.transport.credentials import Credential, Login
from mailbot.transport.smtp_answers import NOT_TRIED, SmtpFault
from mailbot.transport.smtp_connection import SmtpAccess, SmtpConnection

__all__ = ["SmtpAccess", "SmtpSender"]

T = TypeVar("T")


class SmtpSender:
    """Sends over at most ``access.connections`` connections at once; implements ``ports.Sender``.

    May be called from any thread, and then serves one call after the other.
    """

    def __init__(self, access: SmtpAccess, credential: Credential | None = None) -> None:
        """``credential`` is asked at each login; not needed where ``access`` names no user."""
        self._credential = credential
        self._connections = [SmtpConnection(access, self._ask) for _ in range(access.connections)]
        self._turn = threading.Lock()
        self._runner: asyncio.Runner | None = None

    def send(self, emails: Sequence[FrozenEmail]) -> tuple[Delivery, ...]:
        """Hands over each message; one answer each, in their order. Earlier ones are offered first."""
        if not emails:
            return ()
        with self._turn:
            return self._run(self._send(_Round(emails)))

    def check(self) -> str:
        """Connects and logs in afresh without sending; one line that says what was found. Raises ``SenderError``."""
        with self._turn:
            return self._run(self._check(self._connections[0]))

    def close(self) -> None:
        """Lets go of all connections; never raises. A later ``send`` connects anew."""
        with self._turn:
            if self._runner is None:
                return
            self._run(self._quit())
            self._runner.close()
            self._runner = None

    async def _ask(self) -> Login:
        """A token's endpoint may be slow: the other connections go on meanwhile."""
        if self._credential is None:
            raise SenderError("no password is set for it")
        return await asyncio.to_thread(self._credential)

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        if self._runner is None:
            # With a factory the runner leaves the calling thread's own event loop setting alone.
            self._runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        return self._runner.run(work)

    async def _send(self, this_round: "_Round") -> tuple[Delivery, ...]:
        # Those still open first: a single message should not log in on a second connection.
        connections = sorted(self._connections, key=lambda one: not one.is_open)[: len(this_round.waiting)]
        # One tries first: a wrong password, tried on all at once, would lock the account three times as soon.
        if await this_round.opens(connections[0]):
            async with asyncio.TaskGroup() as group:
                for one in connections:
                    group.create_task(this_round.work(one))
        return this_round.result()

    async def _check(self, connection: SmtpConnection) -> str:
        await connection.quit()
        try:
            await connection.open()
        except SmtpFault as fault:
            raise SenderError(fault.delivery.text) from fault
        return connection.describe()

    async def _quit(self) -> None:
        await asyncio.gather(*(one.quit() for one in self._connections))


class _Round:
    """The messages of one ``send``: those waiting, the answers so far, and why the rest was not tried."""

    def __init__(self, emails: Sequence[FrozenEmail]) -> None:
        self.waiting = deque(enumerate(emails))
        self._answers: dict[int, Delivery] = {}
        self._rest = NOT_TRIED

    async def opens(self, connection: SmtpConnection) -> bool:
        """Whether a connection can be had; if not, its reason stands for all that nobody takes."""
        try:
            await connection.open()
        except SmtpFault as fault:
            self._rest = fault.delivery
            return False
        return True

    async def work(self, connection: SmtpConnection) -> None:
        """Takes one message after the other, until none waits or this connection is of no more use.

        So a server that dies is met once per connection, not once per message, and a server that allows fewer
        connections than configured is served by those it allows.
        """
        while self.waiting and await self.opens(connection):
            if self.waiting and await self._hand_over_next(connection):
                return

    async def _hand_over_next(self, connection: SmtpConnection) -> bool:
        number, email = self.waiting.popleft()
        self._answers[number], too_slow = await connection.hand_over(email)
        return too_slow

    def result(self) -> tuple[Delivery, ...]:
        """One answer per message in their order; what nobody took shares the reason."""
        left = {number: self._rest for number, _ in self.waiting}
        return tuple(answer for _, answer in sorted((self._answers | left).items()))
