"""Earlier incidents found again by keyed fingerprints of what they have in common with a later one (para 54)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Connection, Integer, String, TextualSelect, bindparam, column, delete, insert, select, text
from sqlmodel.sql.sqltypes import UTCDateTime

from mailbot.procedure.repeats import Earlier
from mailbot.store.cipher import Cipher
from mailbot.store.tables import TraitRow
from mailbot.store.tables.base import table_of
from mailbot.terms import Reference

trait = table_of(TraitRow)
KEPT = select(trait.c.fingerprint).where(trait.c.reference == bindparam("its_reference"))
FORGET = delete(trait).where(
    trait.c.reference == bindparam("its_reference"), trait.c.fingerprint == bindparam("its_fingerprint")
)
KEEP = insert(trait)


class Traits:
    """The fingerprints of all incidents' traits. Belongs to one unit."""

    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._connection = connection
        self._cipher = cipher

    def keep(self, reference: Reference, received_at: datetime, keys: Sequence[str]) -> None:
        """Keeps under which keys (``procedure.repeats``) an incident is found from now on; no keys: by nobody any more."""
        wanted = {self._fingerprint(key) for key in keys}
        kept = set(self._connection.execute(KEPT, {"its_reference": reference}).scalars())
        for one in sorted(kept - wanted):
            self._connection.execute(FORGET, {"its_reference": reference, "its_fingerprint": one})
        shared = {"received_at": received_at, "reference": reference}
        if new := [shared | {"fingerprint": one} for one in sorted(wanted - kept)]:
            self._connection.execute(KEEP, new)

    def find(
        self, keys: Sequence[str], since: datetime, before: datetime, most: int
    ) -> Mapping[str, tuple[Earlier, ...]]:
        """By key, the newest incidents kept under it, received at or after one moment and before another."""
        if not keys:
            return {}
        asked = {f"key{number}": self._fingerprint(key) for number, key in enumerate(keys)}
        period = {"since": since, "before": before, "most": most}
        found: dict[str, list[Earlier]] = defaultdict(list)
        for number, reference, received_at in self._connection.execute(_newest(len(keys)), asked | period):
            found[keys[number]].append(Earlier(reference=reference, received_at=received_at))
        return {key: tuple(earlier) for key, earlier in found.items()}

    def _fingerprint(self, key: str) -> str:
        return self._cipher.index("trait", key)


@lru_cache(maxsize=128)
def _newest(number: int) -> TextualSelect:
    """The newest rows of each of so many keys: written out, for to have it composed takes longer than to run it."""
    one = (
        "SELECT * FROM (SELECT {0} AS asked, reference, received_at FROM trait"
        " WHERE fingerprint = :key{0} AND received_at >= :since AND received_at < :before"
        " ORDER BY received_at DESC, reference DESC LIMIT :most) AS newest{0}"
    )
    every = text(" UNION ALL ".join(one.format(key) for key in range(number)))
    typed = every.bindparams(bindparam("since", type_=UTCDateTime()), bindparam("before", type_=UTCDateTime()))
    columns = column("asked", Integer()), column("reference", String()), column("received_at", UTCDateTime())
    return typed.columns(*columns)
