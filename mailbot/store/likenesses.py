"""Reports found again by keyed fingerprints of what they say: which recent incidents may read like a new one."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Connection, String, TextualSelect, bindparam, column, insert, text
from sqlmodel.sql.sqltypes import UTCDateTime

from mailbot.store.cipher import Cipher
from mailbot.store.tables import LikenessRow
from mailbot.store.tables.base import table_of

ADD = insert(table_of(LikenessRow))
MOST_A_KEY = 20
"""So many of the newest incidents are asked for by each key: a day on which all report the same costs no more."""


class Likenesses:
    """The fingerprints of all reports. Belongs to one unit."""

    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._connection = connection
        self._cipher = cipher

    def add(self, incident_id: str, keys: Sequence[str], received_at: datetime) -> None:
        """Keeps under which keys (``parse.likeness.keys_of``) an incident's report is found again."""
        shared = {"received_at": received_at, "incident_id": incident_id}
        rows = [shared | {"fingerprint": self._fingerprint(key)} for key in keys]
        if rows:
            self._connection.execute(ADD, rows)

    def find(self, keys: Sequence[str], since: datetime, limit: int) -> tuple[str, ...]:
        """The ids of incidents received at or after a moment that share a key, those that share most first, then the newest."""
        if not keys:
            return ()
        asked = {f"key{number}": self._fingerprint(key) for number, key in enumerate(keys)}
        newest: dict[str, datetime] = {}
        shared: Counter[str] = Counter()
        for incident_id, received_at in self._connection.execute(_newest(len(keys)), asked | {"since": since}):
            shared[incident_id] += 1
            newest[incident_id] = received_at
        ranked = sorted(shared, key=lambda one: (-shared[one], -newest[one].timestamp(), one))
        return tuple(ranked[:limit])

    def _fingerprint(self, key: str) -> str:
        return self._cipher.index("likeness", key)


@lru_cache(maxsize=128)
def _newest(number: int) -> TextualSelect:
    """The newest rows of each of so many keys: written out, for to have it composed takes longer than to run it."""
    one = (
        "SELECT * FROM (SELECT incident_id, received_at FROM likeness"
        " WHERE fingerprint = :key{} AND received_at >= :since ORDER BY received_at DESC LIMIT :most) AS newest{}"
    )
    every = text(" UNION ALL ".join(one.format(key, key) for key in range(number)))
    typed = every.bindparams(bindparam("since", type_=UTCDateTime()), bindparam("most", MOST_A_KEY))
    return typed.columns(column("incident_id", String()), column("received_at", UTCDateTime()))
