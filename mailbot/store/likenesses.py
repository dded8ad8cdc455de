"""Reports found again by keyed fingerprints of what they say: which recent incidents may read like a new one."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select, union_all
from sqlmodel import Session, col

from mailbot.store.cipher import Cipher
from mailbot.store.tables import LikenessRow

MOST_A_KEY = 20
"""So many of the newest incidents are asked for by each key: a day on which all report the same costs no more."""


class Likenesses:
    """The fingerprints of all reports. Belongs to one unit."""

    def __init__(self, session: Session, cipher: Cipher) -> None:
        self._session = session
        self._cipher = cipher

    def add(self, incident_id: str, keys: Sequence[str], received_at: datetime) -> None:
        """Keeps under which keys (``parse.likeness.keys_of``) an incident's report is found again."""
        self._session.add_all(
            LikenessRow(fingerprint=self._fingerprint(key), received_at=received_at, incident_id=incident_id)
            for key in keys
        )

    def find(self, keys: Sequence[str], since: datetime, limit: int) -> tuple[str, ...]:
        """The ids of incidents received at or after a moment that share a key, those that share most first, then the newest."""
        if not keys:
            return ()
        asked = [self._newest(self._fingerprint(key), since).subquery() for key in keys]
        newest: dict[str, datetime] = {}
        shared: Counter[str] = Counter()
        for incident_id, received_at in self._session.execute(union_all(*(select(one) for one in asked))):
            shared[incident_id] += 1
            newest[incident_id] = received_at
        ranked = sorted(shared, key=lambda one: (-shared[one], -newest[one].timestamp(), one))
        return tuple(ranked[:limit])

    def _newest(self, fingerprint: str, since: datetime) -> Select[str, datetime]:
        at = col(LikenessRow.received_at)
        query = select(col(LikenessRow.incident_id), at).where(col(LikenessRow.fingerprint) == fingerprint, at >= since)
        return query.order_by(at.desc()).limit(MOST_A_KEY)

    def _fingerprint(self, key: str) -> str:
        return self._cipher.index("likeness", key)
