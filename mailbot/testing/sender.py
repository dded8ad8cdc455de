"""The double of ``ports.Sender``."""

from collections.abc import Sequence

from mailbot.errors import SenderError
from mailbot.mail import Delivery, FrozenEmail, Outcome


class RecordingSender:
    """A ``ports.Sender`` that sends nothing: it remembers what it was given, and answers as it was told to.

    ``sent`` holds what was accepted, ``offered`` everything, both in order.
    """

    def __init__(self) -> None:
        self.sent: list[FrozenEmail] = []
        self.offered: list[FrozenEmail] = []
        self._for_address: dict[str, Delivery] = {}
        self._next: list[Delivery] = []
        self._down = ""

    def refuse(self, address: str, *, permanent: bool = True) -> None:
        """From now on refuses one recipient, for good or for the time being."""
        self._for_address[address.lower()] = _refusal(permanent=permanent)

    def refuse_next(self, number: int, *, permanent: bool = False) -> None:
        """Refuses the next so many messages, whoever they are for."""
        self._next = [_refusal(permanent=permanent)] * number

    def go_down(self, reason: str = "The mail server could not be reached") -> None:
        """From now on nothing gets through, as when the mail server is away; ``check`` raises the reason."""
        self._down = reason

    def accept_all(self) -> None:
        """Forgets every refusal."""
        self._for_address, self._next, self._down = {}, [], ""

    def sent_to(self, address: str) -> tuple[FrozenEmail, ...]:
        """What was accepted for one recipient, in order."""
        return tuple(email for email in self.sent if email.recipient.lower() == address.lower())

    def send(self, emails: Sequence[FrozenEmail]) -> tuple[Delivery, ...]:
        return tuple(self._send(email) for email in emails)

    def check(self) -> str:
        if self._down:
            raise SenderError(self._down)
        return f"keeps mail in memory: {len(self.sent)} so far"

    def close(self) -> None:
        """There is nothing to let go of."""

    def _send(self, email: FrozenEmail) -> Delivery:
        self.offered.append(email)
        answer = self._answer(email.recipient.lower())
        if answer.outcome is Outcome.ACCEPTED:
            self.sent.append(email)
        return answer

    def _answer(self, address: str) -> Delivery:
        if self._down:
            return Delivery(outcome=Outcome.TEMPORARY, text=self._down)
        if self._next:
            return self._next.pop()
        return self._for_address.get(address, Delivery(outcome=Outcome.ACCEPTED, code=250, text="2.0.0 Kept"))


def _refusal(*, permanent: bool) -> Delivery:
    if permanent:
        return Delivery(outcome=Outcome.PERMANENT, code=550, text="The recipient was refused: 550 5.1.1 No such user")
    return Delivery(outcome=Outcome.TEMPORARY, code=450, text="The recipient was refused: 450 4.2.1 Try again later")
