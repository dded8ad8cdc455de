"""Writes down what the bot does at a mailbox, so that the demo can show what was left alone."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from mailbot.mail import FolderState, Handling, MessageHead, MessageKey, RawEmail
from mailbot.ports import Mailbox


class WitnessedMailbox:
    """A mailbox behind which the real one does the work.

    ``fetched`` and ``filed`` hold the messages fetched whole, flagged or moved; ``peeked`` those of which one part was
    looked into; ``validity`` each folder's UIDVALIDITY.
    """

    def __init__(self, real: Mailbox) -> None:
        self._real = real
        self.fetched: set[MessageKey] = set()
        self.filed: set[MessageKey] = set()
        self.peeked: set[MessageKey] = set()
        self.validity: dict[str, int] = {}

    @property
    def name(self) -> str:
        return self._real.name

    def open(self, folder: str) -> FolderState:
        state = self._real.open(folder)
        self.validity[folder] = state.uidvalidity
        return state

    def uids(self, folder: str, above: int, received_since: datetime | None = None) -> tuple[int, ...]:
        return self._real.uids(folder, above, received_since)

    def heads(self, folder: str, uids: Sequence[int]) -> tuple[MessageHead, ...]:
        return self._real.heads(folder, uids)

    def part(self, key: MessageKey, part: str) -> bytes:
        self.peeked.add(key)
        return self._real.part(key, part)

    def fetch(self, key: MessageKey) -> RawEmail:
        self.fetched.add(key)
        return self._real.fetch(key)

    def file(self, key: MessageKey, handling: Handling, target: str) -> None:
        self.filed.add(key)
        self._real.file(key, handling, target)

    def wait(self, folder: str, within: timedelta) -> bool:
        return self._real.wait(folder, within)

    def close(self) -> None:
        self._real.close()
