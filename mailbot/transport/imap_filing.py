"""Marks or moves a handled message in a folder open for writing, and touches no other."""

import imaplib
from collections.abc import Sequence
from typing import Any

from imapclient import IMAPClient  # type: ignore[import-untyped]

from mailbot.errors import MailboxRefusedError
from mailbot.transport.imap_connect import wire

PEOPLES_FLAGS = frozenset({"\\seen", "\\deleted", "\\answered", "\\draft", "\\recent"})
"""Flags by which people know what they themselves have done in a shared mailbox."""


def keep_off_peoples_flags(flag: str) -> None:
    """Raises ``ValueError`` for a flag that is not the bot's to set."""
    if flag.lower() in PEOPLES_FLAGS:
        raise ValueError(f"the flag {flag} belongs to the people who share the mailbox")


class Filing:
    """The writing half of a mailbox. ``kept`` are the flags the server keeps (PERMANENTFLAGS; None: all)."""

    def __init__(self, mailbox: str, client: IMAPClient, kept: Sequence[bytes] | None) -> None:
        self._mailbox = mailbox
        self._client = client
        self._kept = None if kept is None else {flag.decode("ascii", "replace").lower() for flag in kept}

    def flag(self, uid: int, flag: str) -> None:
        """Adds one flag; raises ``MailboxRefusedError`` where the server would forget it."""
        if self._kept is not None and not self._kept & {flag.lower(), "\\*"}:
            raise MailboxRefusedError(
                self._mailbox,
                f"the server does not keep the flag {flag}: set `handled_target` to \\Flagged, or `handled` to move",
            )
        self._client.add_flags([uid], [flag], silent=True)

    def move(self, uid: int, folder: str) -> None:
        """Moves the message, making the folder where it is missing; does nothing when the message is not there."""
        flags = self._client.fetch([uid], ["FLAGS"]).get(uid, {}).get(b"FLAGS")
        if flags is None:
            return
        if self._client.has_capability("MOVE"):
            self._making(folder, self._client.move, uid)
        # One already marked as deleted was copied before, or a person wants it gone: it is left alone.
        elif b"\\deleted" not in {flag.lower() for flag in flags}:
            self._copy_away(uid, folder)

    def _copy_away(self, uid: int, folder: str) -> None:
        """What MOVE does, in three steps (RFC 6851 §3.3)."""
        self._making(folder, self._client.copy, uid)
        self._client.add_flags([uid], ["\\Deleted"], silent=True)
        if self._client.has_capability("UIDPLUS"):  # a plain EXPUNGE would remove what other people marked
            self._client.uid_expunge([uid])

    def _making(self, folder: str, act: Any, uid: int) -> None:
        try:
            act([uid], folder)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            if "[trycreate]" not in str(error).lower() and self._client.folder_exists(folder):
                raise
            wire(self._client).untagged_responses.pop("TRYCREATE", None)
            self._client.create_folder(folder)
            act([uid], folder)
