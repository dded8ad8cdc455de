"""The demo's own look at the bot's database, to know when to stop next and what has changed: plain SQL, reading only.

Asking the store for every open incident at each stop would take most of the demo's time.
"""

import sqlite3
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from mailbot.rehearsal.books import Books


class Glance:
    """A database of the demo, opened for reading."""

    def __init__(self, database: Path) -> None:
        self._books = Books(database)
        self._file = sqlite3.connect(f"file:{database}?mode=ro", uri=True, isolation_level=None)

    def next_moments(self) -> list[datetime]:
        """The moments at which the bot itself wants to do something next: a step, a mail, another try (UTC)."""
        books = self._books
        return [at for at in (books.next_step_at(), books.next_mail_at(), books.next_retry_at()) if at]

    def histories(self) -> Mapping[str, int]:
        """Id of each incident → how long its history is."""
        return dict(
            self._file.execute("select incident.id, length from audit_chain join incident on incident.id = chain")
        )

    def close(self) -> None:
        """Lets go of the file."""
        self._books.close()
        self._file.close()
