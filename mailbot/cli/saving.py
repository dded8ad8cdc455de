"""Received mails that wait for a person, written out as they came: for when nobody can read them in their mailbox."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mailbot.errors import MailbotError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from mailbot.mail import MessageKey
    from mailbot.store import LedgerEntry, Unit


def save_waiting(unit: Unit, entries: Iterable[LedgerEntry], folder: Path) -> tuple[str, ...]:
    """Writes each mail into a folder, for the bot's own account alone, and says in a line where it is to be found.

    Raises ``MailbotError`` where the folder cannot be written to.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return tuple(_save(unit, one, folder) for one in entries)
    except OSError as error:
        raise MailbotError(f"{folder} cannot be written to: {error.strerror}") from error


def _save(unit: Unit, entry: LedgerEntry, folder: Path) -> str:
    content = _content(unit, entry)
    if content is None:
        return (
            f"Not saved: UID {entry.key.uid} was never fetched, it lies only in {entry.key.mailbox}/{entry.key.folder}."
        )
    path = folder / _name(entry.key)
    path.touch(mode=0o600)
    path.write_bytes(content)
    return f"Saved: {path}"


def _content(unit: Unit, entry: LedgerEntry) -> bytes | None:
    if entry.email_id:
        return unit.emails.raw(entry.email_id)
    kept = unit.kept.get(entry.key)
    return kept.content if kept else None


def _name(key: MessageKey) -> str:
    """The name of a folder on the server is no path on this machine."""
    return re.sub(r"[^A-Za-z0-9._-]+", "_", f"{key.mailbox}-{key.folder}-{key.uidvalidity}-{key.uid}.eml")
