"""The append-only history: one chain per incident and one of the bot itself, sealed together from time to time."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from mailbot.incident import AuditEntry
from mailbot.store.chain import GENESIS, link_hash, payload_hash, printable, seal_hash
from mailbot.store.cipher import Cipher
from mailbot.store.dialect import in_both
from mailbot.store.tables import AuditChainRow, AuditPayloadRow, AuditRow, AuditSealRow
from mailbot.store.tables.base import table_of
from mailbot.store.verify import ERASED, chain_problems, seal_problems

BOT = "bot"

link, payload = table_of(AuditRow), table_of(AuditPayloadRow)
end, seal = table_of(AuditChainRow), table_of(AuditSealRow)


@in_both
def _begin(insert: Any) -> Any:
    return insert(end).values(length=0, head=GENESIS).on_conflict_do_nothing()


OF_CHAIN = link.c.chain == bindparam("its_chain")
END = select(end.c.length, end.c.head).where(end.c.chain == bindparam("its_chain")).with_for_update()
MOVE_ON = update(end).where(end.c.chain == bindparam("its_chain"))
ADD, ADD_PAYLOADS, ADD_SEAL = insert(link), insert(payload), insert(seal)
IDS = select(link.c.id).where(OF_CHAIN, link.c.seq >= bindparam("first")).order_by(link.c.seq)
EVERY = select(link, payload).join(payload, isouter=True)
HISTORY = EVERY.where(OF_CHAIN).order_by(link.c.seq)
ERASE = delete(payload).where(payload.c.audit_id.in_(select(link.c.id).where(OF_CHAIN))).returning(payload.c.audit_id)
LAST_SEAL = select(seal.c.number, seal.c.head).order_by(seal.c.number.desc()).limit(1)
# One statement marks and reads: an entry that another bot commits meanwhile waits for the next seal.
MARK_UNSEALED = (
    update(link)
    .where(link.c.seal_number.is_(None))
    .values(seal_number=bindparam("number"))
    .returning(link.c.id, link.c.hash)
)


class Audit:
    """The history of incidents and of the bot. Belongs to one unit."""

    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._connection = connection
        self._cipher = cipher

    def append(self, incident_id: str | None, entries: Sequence[AuditEntry]) -> None:
        """Adds entries to an incident's chain, or to the bot's own for None. Two bots add one after the other."""
        if not entries:
            return
        chain = incident_id or BOT
        end = self._end(chain)
        said = [_Said(self._cipher.new_salt(), _payload_of(entry)) for entry in entries]
        links = list(_links(chain, *end, zip(entries, said, strict=True)))
        self._connection.execute(ADD, links)
        ids = self._connection.execute(IDS, {"its_chain": chain, "first": links[0]["seq"]}).scalars()
        self._connection.execute(
            ADD_PAYLOADS, [self._payload_row(id_, one) for id_, one in zip(ids, said, strict=True)]
        )
        last = links[-1]
        self._connection.execute(MOVE_ON, {"its_chain": chain, "length": last["seq"], "head": last["hash"]})

    def of_incident(self, incident_id: str | None) -> tuple[AuditEntry, ...]:
        """An incident's history (the bot's own for None), oldest first; of erased entries time and action remain."""
        rows = self._connection.execute(HISTORY, {"its_chain": incident_id or BOT})
        return tuple(self._entry(row) for row in rows)

    def erase(self, incident_id: str, now: datetime, by: str) -> int:
        """Erases who and what from an incident's history and notes that; says of how many entries.

        The chain stays whole: it is made over hashes that without their salts tell nothing.
        """
        count = len(self._connection.execute(ERASE, {"its_chain": incident_id}).all())
        self.append(incident_id, (AuditEntry(at=now, action=ERASED, by=by),))
        return count

    def seal(self, now: datetime) -> str:
        """Seals every entry added since the last seal and returns the head to print; the last one where none was.

        Two bots that seal at once: one of them gets ``ConflictError``.
        """
        last = self._connection.execute(LAST_SEAL).first()
        number, head = (last.number, last.head) if last else (0, GENESIS)
        links = sorted(tuple(row) for row in self._connection.execute(MARK_UNSEALED, {"number": number + 1}))
        if not links:
            return printable(number, head)
        head = seal_hash(head, number + 1, now, (link for _, link in links))
        self._connection.execute(ADD_SEAL, {"number": number + 1, "at": now, "links": len(links), "head": head})
        return printable(number + 1, head)

    def verify(self) -> tuple[str, ...]:
        """Every sign of a history that was changed, shortened or put in another order, in plain words; () when whole."""
        in_order = EVERY.order_by(link.c.chain, link.c.seq).execution_options(yield_per=1000)
        ends = {one.chain: one for one in self._connection.execute(select(end))}
        problems: list[str] = []
        for chain, rows in groupby(self._connection.execute(in_order), key=lambda row: row.chain):
            problems += chain_problems(chain, rows, ends.pop(chain, None), self._cipher.unseal)
        problems += [f"history {chain}: all of its {one.length} entries are gone" for chain, one in ends.items()]
        return (*problems, *self._seal_problems())

    def _seal_problems(self) -> list[str]:
        seals = self._connection.execute(select(seal).order_by(seal.c.number)).all()
        sealed = select(link.c.seal_number, link.c.hash).where(link.c.seal_number.is_not(None))
        in_order = self._connection.execute(sealed.order_by(link.c.seal_number, link.c.id))
        under = {number: [one for _, one in some] for number, some in groupby(in_order, key=lambda row: row[0])}
        return seal_problems(seals, under)

    def _end(self, chain: str) -> tuple[int, str]:
        """The length and the head of a chain, locked until the unit ends; of one that begins now, nothing."""
        row = self._connection.execute(END, {"its_chain": chain}).first()
        if row is None:
            self._connection.execute(_begin(self._connection), {"chain": chain})
            row = self._connection.execute(END, {"its_chain": chain}).one()
        return row.length, row.head

    def _payload_row(self, audit_id: int, said: "_Said") -> dict[str, object]:
        return {"audit_id": audit_id, "salt": said.salt, "sealed": self._cipher.seal(said.payload)}

    def _entry(self, row: Row[Any]) -> AuditEntry:
        is_whole = row.sealed is not None
        said: dict[str, Any] = json.loads(self._cipher.unseal(row.sealed)) if is_whole else {"by": "(erased)"}
        return AuditEntry.model_validate({"at": row.at, "action": row.action} | said)


class _Said(NamedTuple):
    salt: bytes
    payload: bytes


def _links(chain: str, length: int, head: str, said: Iterable[tuple[AuditEntry, _Said]]) -> Iterator[dict[str, Any]]:
    """The next links after an end, each bound to the one before."""
    for seq, (entry, one) in enumerate(said, start=length + 1):
        hashed = payload_hash(one.salt, one.payload)
        head = link_hash(head, chain, seq, at=entry.at, action=entry.action, payload=hashed)
        place = {"chain": chain, "seq": seq, "at": entry.at, "action": entry.action}
        yield place | {"payload_hash": hashed, "hash": head}


def _payload_of(entry: AuditEntry) -> bytes:
    return json.dumps({"by": entry.by, "details": entry.details}, sort_keys=True).encode("ascii")
