"""A mailbox that lives in memory: as good as a server to the bot, and it tells what was done to it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from mailbot.errors import MailboxLostError, MailboxRefusedError, MessageGoneError
from mailbot.mail import FolderState, Handling, MessageHead, MessageKey, RawEmail
from mailbot.testing.folder import MemoryFolder, MemoryMessage
from mailbot.testing.mime import header_of, parts_of


class InMemoryMailbox:
    """The port ``Mailbox`` over folders in memory.

    The world's side: ``deliver``, ``remove``, ``renumber``, ``add_folder``; what happened: ``calls``, ``fetched``,
    ``peeked``, ``flags``, ``contents``. Faults are scripted: ``lose_connection``, ``refuse_message``. ``wait`` never
    sleeps: it is True when mail has come since the folder was last searched.
    """

    def __init__(self, name: str, folders: Sequence[str] = ("INBOX",)) -> None:
        self._name = name
        self._validity = 1000
        self._folders: dict[str, MemoryFolder] = {}
        self._searched: dict[str, int] = {}
        self._losing: set[int] = set()
        self._refused: dict[int, str] = {}
        self.calls: list[str] = []
        self.fetched: list[MessageKey] = []
        self.peeked: list[tuple[MessageKey, str]] = []
        self.closed = 0
        for folder in folders:
            self.add_folder(folder)

    @property
    def name(self) -> str:
        return self._name

    # --- the world's side ---

    def add_folder(self, folder: str) -> None:
        """Makes an empty folder, or makes it anew: with another UIDVALIDITY."""
        self._validity += 1
        self._folders[folder] = MemoryFolder(self._validity)

    def deliver(self, content: bytes, received_at: datetime, folder: str = "INBOX") -> MessageKey:
        """A message arrives."""
        uid = self._folders[folder].add(content, received_at.astimezone(UTC))
        return self._key(folder, uid)

    def remove(self, key: MessageKey) -> None:
        """A person deletes the message or moves it away."""
        self._folders[key.folder].messages.pop(key.uid, None)

    def renumber(self, folder: str = "INBOX") -> None:
        """The server gives the folder another UIDVALIDITY and its messages other UIDs."""
        self._validity += 1
        self._folders[folder] = self._folders[folder].renumbered(self._validity)

    def lose_connection(self, after: int = 0, times: int = 1) -> None:
        """Lets so many calls pass from now, then breaks the connection in the next ``times`` calls."""
        start = len(self.calls) + after
        self._losing |= set(range(start, start + times))

    def refuse_message(self, key: MessageKey, because: str = "internal error") -> None:
        """From now on the server cannot hand over this message whole or in parts."""
        self._refused[key.uid] = because

    def flags(self, key: MessageKey) -> frozenset[str]:
        """The flags of a message; none for one that is no longer there."""
        message = self._folders[key.folder].messages.get(key.uid)
        return frozenset(message.flags) if message else frozenset()

    def contents(self, folder: str = "INBOX") -> tuple[bytes, ...]:
        """All messages of a folder, the oldest first."""
        return tuple(message.content for message in self._folders[folder].messages.values())

    @property
    def folders(self) -> tuple[str, ...]:
        return tuple(self._folders)

    # --- the port ---

    def open(self, folder: str) -> FolderState:
        state = self._enter("open", folder).state
        self._searched[folder] = state.uidnext
        return state

    def uids(self, folder: str, above: int, received_since: datetime | None = None) -> tuple[int, ...]:
        opened = self._enter("uids", folder)
        self._searched[folder] = opened.state.uidnext
        since = received_since.astimezone(UTC).date() if received_since else None
        return tuple(
            uid
            for uid, message in opened.messages.items()
            if uid > above and (since is None or message.received_at.date() >= since)
        )

    def heads(self, folder: str, uids: Sequence[int]) -> tuple[MessageHead, ...]:
        opened = self._enter("heads", folder)
        return tuple(self._head(folder, uid, opened.messages[uid]) for uid in uids if uid in opened.messages)

    def part(self, key: MessageKey, part: str) -> bytes:
        message = self._message("part", key)
        self.peeked.append((key, part))
        return next((encoded for head, encoded in parts_of(message.content) if head.section == part), b"")

    def fetch(self, key: MessageKey) -> RawEmail:
        message = self._message("fetch", key)
        self.fetched.append(key)
        return RawEmail(key=key, received_at=message.received_at, content=message.content)

    def file(self, key: MessageKey, handling: Handling, target: str) -> None:
        opened = self._enter("file", key.folder)
        message = opened.messages.get(key.uid) if opened.uidvalidity == key.uidvalidity else None
        if message is None or handling is Handling.LEAVE:
            return
        if handling is Handling.FLAG:
            message.flags.add(target)
            return
        if target not in self._folders:
            self.add_folder(target)
        del opened.messages[key.uid]
        self._folders[target].add(message.content, message.received_at, message.flags)

    def wait(self, folder: str, within: timedelta) -> bool:  # noqa: ARG002 - the port has it
        opened = self._enter("wait", folder)
        return opened.state.uidnext > self._searched.get(folder, opened.state.uidnext)

    def close(self) -> None:
        self.closed += 1

    def _enter(self, call: str, folder: str) -> MemoryFolder:
        number = len(self.calls)
        self.calls.append(call)
        if number in self._losing:
            raise MailboxLostError(self._name, f"{call}: the connection broke")
        if folder not in self._folders:
            raise MailboxRefusedError(self._name, f"there is no folder {folder}: create it or correct `folders`")
        return self._folders[folder]

    def _message(self, call: str, key: MessageKey) -> MemoryMessage:
        opened = self._enter(call, key.folder)
        message = opened.messages.get(key.uid) if opened.uidvalidity == key.uidvalidity else None
        if message is None:
            raise MessageGoneError(self._name, f"message {key.uid} is no longer in folder {key.folder}")
        if key.uid in self._refused:
            raise MailboxRefusedError(self._name, f"message {key.uid}: {self._refused[key.uid]}")
        return message

    def _head(self, folder: str, uid: int, message: MemoryMessage) -> MessageHead:
        return MessageHead(
            key=self._key(folder, uid),
            received_at=message.received_at,
            size=len(message.content),
            header=header_of(message.content),
            parts=tuple(head for head, _ in parts_of(message.content)),
        )

    def _key(self, folder: str, uid: int) -> MessageKey:
        return MessageKey(mailbox=self._name, folder=folder, uidvalidity=self._folders[folder].uidvalidity, uid=uid)
