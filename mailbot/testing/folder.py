"""One folder in memory: messages by UID, which only ever grows."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from mailbot.mail import FolderState


@dataclass
class MemoryMessage:
    """A message as it lies in a folder; line ends are CRLF, as on a server."""

    content: bytes
    received_at: datetime
    flags: set[str] = field(default_factory=set)


class MemoryFolder:
    """Messages in order of their UIDs; ``uidvalidity`` says which numbering these belong to."""

    def __init__(self, uidvalidity: int) -> None:
        self.uidvalidity = uidvalidity
        self.messages: dict[int, MemoryMessage] = {}
        self._uidnext = 1

    @property
    def state(self) -> FolderState:
        return FolderState(uidvalidity=self.uidvalidity, uidnext=self._uidnext)

    def add(self, content: bytes, received_at: datetime, flags: Iterable[str] = ()) -> int:
        """Takes a message in under the next UID, which is returned. Servers keep whole seconds only."""
        uid, self._uidnext = self._uidnext, self._uidnext + 1
        content = content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        self.messages[uid] = MemoryMessage(content, received_at.replace(microsecond=0), set(flags))
        return uid

    def renumbered(self, uidvalidity: int) -> "MemoryFolder":
        """The same messages in a new numbering."""
        anew = MemoryFolder(uidvalidity)
        for message in self.messages.values():
            anew.add(message.content, message.received_at, message.flags)
        return anew
