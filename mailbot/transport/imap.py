"""A mailbox on an IMAP server (RFC 3501, with IDLE, MOVE and UIDPLUS where the server has them).

Looking is done on a folder opened read-only (EXAMINE) and with PEEK: it cannot change a thing in a mailbox that people
share. Only ``file`` opens a folder for writing. This adapter does not know what a report is, what was handled before,
nor when to try again: a broken connection is closed, said, and built up anew by the next call.
"""

import imaplib
import logging
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from imapclient import IMAPClient  # type: ignore[import-untyped]

from mailbot.errors import MailboxError, MailboxRefusedError, MessageGoneError
from mailbot.mail import FolderState, Handling, MessageHead, MessageKey, RawEmail
from mailbot.transport.credentials import Credential
from mailbot.transport.imap_connect import ImapAccess, connect, hang_up, wire
from mailbot.transport.imap_faults import FAULTS, fault, is_broken, is_gone, is_out_of_step
from mailbot.transport.imap_filing import Filing, keep_off_peoples_flags
from mailbot.transport.imap_idle import forget_news, hear_news
from mailbot.transport.imap_look import ARRIVAL_ONLY, WHOLE_LOOK, WITHOUT_PARTS, read_heads, unknown_head, windows

__all__ = ["ImapAccess", "ImapMailbox"]

log = logging.getLogger(__name__)

BATCH = 50
"""Messages looked at in one command: more gains nothing and costs memory (measured)."""

IDLE_AT_MOST = timedelta(minutes=5)
"""Some servers and firewalls drop a silent connection after ten minutes; a wait ends well before."""

GOODBYE_WITHIN = 2.0
_SECTION = re.compile(r"[0-9]+(\.[0-9]+)*")


@dataclass(frozen=True)
class Opened:
    """The folder a connection stands in; ``filing`` only where it is open for writing."""

    folder: str
    state: FolderState
    messages: int
    filing: Filing | None


class ImapMailbox:
    """One account on one connection, used by one thread at a time; ``stopping`` cuts a wait short."""

    def __init__(
        self, access: ImapAccess, credential: Credential, stopping: Callable[[], bool] = lambda: False
    ) -> None:
        self._access = access
        self._credential = credential
        self._stopping = stopping
        self._client: IMAPClient | None = None
        self._opened: Opened | None = None
        self._known: dict[str, FolderState] = {}

    @property
    def name(self) -> str:
        return self._access.name

    def open(self, folder: str) -> FolderState:
        """Asks the server afresh: a folder made anew has another UIDVALIDITY."""
        with self._speaking(f"opening folder {folder}") as client:
            self._known[folder] = self._select(client, folder, writable=False).state
            return self._known[folder]

    def uids(self, folder: str, above: int, received_since: datetime | None = None) -> tuple[int, ...]:
        """``received_since`` is compared by its date in UTC with the date the server shows (IMAP SINCE)."""
        wanted: list[Any] = ["UID", f"{above + 1}:*"]
        if received_since is not None:
            wanted += ["SINCE", received_since.astimezone(UTC).date()]
        with self._speaking(f"searching folder {folder}") as client:
            opened = self._select(client, folder, writable=False)
            self._known[folder] = opened.state
            found = {uid for window in windows(opened.messages) for uid in client.search([*window, *wanted])}
        # "n:*" always names the last message too, whatever its UID.
        return tuple(sorted(uid for uid in found if uid > above))

    def heads(self, folder: str, uids: Sequence[int]) -> tuple[MessageHead, ...]:
        """A message that the server cannot list costs its list, not the batch; see ``MessageHead.problem``."""
        with self._speaking(f"opening folder {folder}") as client:
            self._enter(client, folder)
        starts = range(0, len(uids), BATCH)
        return tuple(head for start in starts for head in self._heads(folder, uids[start : start + BATCH]))

    def part(self, key: MessageKey, part: str) -> bytes:
        """Empty where the message has no such part; raises ``ValueError`` for what is no section number."""
        if not _SECTION.fullmatch(part):
            raise ValueError(f"not a section of a message: {part!r}")
        with self._speaking(f"fetching part {part} of message {key.uid} in folder {key.folder}") as client:
            return bytes(self._fetch(client, key, f"BODY[{part}]")[0] or b"")

    def fetch(self, key: MessageKey) -> RawEmail:
        with self._speaking(f"fetching message {key.uid} of folder {key.folder}") as client:
            content, received_at = self._fetch(client, key, "BODY[]")
            return RawEmail(key=key, received_at=received_at, content=content)

    def file(self, key: MessageKey, handling: Handling, target: str) -> None:
        """Raises ``ValueError`` for a flag that belongs to the people who share the mailbox."""
        if handling is Handling.LEAVE:
            return
        if handling is Handling.FLAG:
            keep_off_peoples_flags(target)
        with self._speaking(f"filing message {key.uid} of folder {key.folder}") as client:
            opened = self._enter(client, key.folder, writable=True)
            if opened.state.uidvalidity != key.uidvalidity or opened.filing is None:
                return
            if handling is Handling.FLAG:
                opened.filing.flag(key.uid, target)
            else:
                opened.filing.move(key.uid, target)

    def wait(self, folder: str, within: timedelta) -> bool:
        """Ends after at most five minutes; True also when the server's UIDNEXT has moved since the last look."""
        with self._speaking(f"waiting for mail in folder {folder}") as client:
            if not self._access.idle or not client.has_capability("IDLE"):
                return False
            opened = self._enter(client, folder)
            if opened.state != self._known.get(folder, opened.state):
                return True
            return hear_news(client, min(within, IDLE_AT_MOST), self._stopping)

    def close(self) -> None:
        """Says goodbye where the server listens, for two seconds at most."""
        if self._client is not None:
            with suppress(Exception):
                self._client.socket().settimeout(GOODBYE_WITHIN)
                self._client.logout()
        self._let_go()

    @contextmanager
    def _speaking(self, doing: str) -> Iterator[IMAPClient]:
        """One conversation: connects where needed, and turns what goes wrong into the bot's own errors."""
        if self._client is None:
            self._client = connect(self._access, self._credential)
        try:
            yield self._client
        except MailboxError:
            raise
        except FAULTS as error:
            if is_broken(error) or is_out_of_step(error):
                self._let_go()
            raise fault(self.name, doing, error) from error
        except BaseException:
            # Interrupted in the middle: what is still to come on this connection would be taken for another answer.
            self._let_go()
            raise

    def _let_go(self) -> None:
        client, self._client, self._opened = self._client, None, None
        if client is not None:
            hang_up(client)

    def _enter(self, client: IMAPClient, folder: str, *, writable: bool = False) -> Opened:
        """The folder, opened only if it is not open already; one open for writing serves for reading too."""
        if self._opened and self._opened.folder == folder and (self._opened.filing or not writable):
            return self._opened
        return self._select(client, folder, writable=writable)

    def _select(self, client: IMAPClient, folder: str, *, writable: bool) -> Opened:
        self._opened = None
        said = client.select_folder(folder, readonly=not writable)
        forget_news(client)
        if b"UIDVALIDITY" not in said:
            raise MailboxRefusedError(self.name, f"folder {folder} has no UIDVALIDITY: its mail cannot be told apart")
        uidnext = said.get(b"UIDNEXT") or max(client.search(["UID", "*"]), default=0) + 1
        state = FolderState(uidvalidity=said[b"UIDVALIDITY"], uidnext=uidnext)
        filing = Filing(self.name, client, said.get(b"PERMANENTFLAGS")) if writable else None
        self._opened = Opened(folder, state, said[b"EXISTS"], filing)
        return self._opened

    def _heads(self, folder: str, uids: Sequence[int]) -> tuple[MessageHead, ...]:
        """The whole look; where the server or the parser fails, message by message, then with less and less."""
        try:
            return self._look(folder, uids, WHOLE_LOOK)
        except MailboxRefusedError as refusal:
            if len(uids) > 1:
                return tuple(head for uid in uids for head in self._heads(folder, [uid]))
            log.info("message %d is looked at without its list of parts: %s", uids[0], refusal)
        try:
            return self._look(folder, uids, WITHOUT_PARTS)
        except MailboxRefusedError as refusal:
            problem = f"its headers cannot be fetched: {refusal}"
        try:
            return self._look(folder, uids, ARRIVAL_ONLY, problem)
        except MailboxRefusedError as refusal:
            with self._speaking(f"opening folder {folder}") as client:
                return (
                    unknown_head(self._key(self._enter(client, folder), uids[0]), f"it cannot be looked at: {refusal}"),
                )

    def _look(
        self, folder: str, uids: Sequence[int], items: Sequence[str], problem: str = ""
    ) -> tuple[MessageHead, ...]:
        with self._speaking(f"looking at {len(uids)} messages of folder {folder}") as client:
            opened = self._enter(client, folder)
            wire(client).untagged_responses.pop("FETCH", None)  # what is left of an answer that was cut short
            answer = client.fetch(list(uids), items)
            return read_heads([self._key(opened, uid) for uid in uids], answer, problem)

    def _key(self, opened: Opened, uid: int) -> MessageKey:
        return MessageKey(mailbox=self.name, folder=opened.folder, uidvalidity=opened.state.uidvalidity, uid=uid)

    def _fetch(self, client: IMAPClient, key: MessageKey, item: str) -> tuple[Any, Any]:
        """One item, with PEEK, and the date of arrival, as the server gives them."""
        if self._enter(client, key.folder).state.uidvalidity != key.uidvalidity:
            raise MessageGoneError(self.name, f"folder {key.folder} was made anew since message {key.uid} was seen")
        found = self._ask(client, key.uid, item)
        if found.get(item.encode(), b"") is None:
            # No such part, or just removed by another program: asked again, Dovecot knows which.
            found = self._ask(client, key.uid, item)
        if item.encode() not in found:
            raise MessageGoneError(self.name, f"message {key.uid} is no longer in folder {key.folder}")
        return found[item.encode()], found.get(b"INTERNALDATE")

    @staticmethod
    def _ask(client: IMAPClient, uid: int, item: str) -> dict[bytes, Any]:
        wire(client).untagged_responses.pop("FETCH", None)
        try:
            found = client.fetch([uid], ["INTERNALDATE", item.replace("BODY", "BODY.PEEK")])
        except imaplib.IMAP4.error as error:
            if not is_gone(error):
                raise
            return {}
        return dict(found.get(uid, {}))
