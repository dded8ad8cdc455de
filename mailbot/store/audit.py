"""The append-only history: one chain per incident and one of the bot itself, sealed together from time to time."""

import json
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from sqlmodel import Session, col, delete, insert, select, update

from mailbot.incident import AuditEntry
from mailbot.store.chain import GENESIS, link_hash, payload_hash, printable, seal_hash
from mailbot.store.cipher import Cipher
from mailbot.store.dialect import insert_into
from mailbot.store.tables import AuditChainRow, AuditPayloadRow, AuditRow, AuditSealRow
from mailbot.store.verify import ERASED, chain_problems, seal_problems

BOT = "bot"


class Audit:
    """The history of incidents and of the bot. Belongs to one unit."""

    def __init__(self, session: Session, cipher: Cipher) -> None:
        self._session = session
        self._cipher = cipher

    def append(self, incident_id: str | None, entries: Sequence[AuditEntry]) -> None:
        """Adds entries to an incident's chain, or to the bot's own for None. Two bots add one after the other."""
        if not entries:
            return
        end = self._end(incident_id or BOT)
        said = [_Said(self._cipher.new_salt(), _payload_of(entry)) for entry in entries]
        links = [_link(end, entry, one) for entry, one in zip(entries, said, strict=True)]
        # Written as plain values: a report brings a score of entries, and as many objects twice over cost the most of all.
        self._session.execute(insert(AuditRow), links)
        of_these = (col(AuditRow.chain) == end.chain, col(AuditRow.seq) >= links[0]["seq"])
        ids = self._session.exec(select(AuditRow.id).where(*of_these).order_by(col(AuditRow.seq)))
        payloads = [self._payload_row(id_, one) for id_, one in zip(ids, said, strict=True)]
        self._session.execute(insert(AuditPayloadRow), payloads)

    def of_incident(self, incident_id: str | None) -> tuple[AuditEntry, ...]:
        """An incident's history (the bot's own for None), oldest first; of erased entries time and action remain."""
        query = (
            select(AuditRow, AuditPayloadRow)
            .join(AuditPayloadRow, isouter=True)
            .where(AuditRow.chain == (incident_id or BOT))
            .order_by(col(AuditRow.seq))
        )
        return tuple(self._entry(row, payload) for row, payload in self._session.exec(query))

    def erase(self, incident_id: str, now: datetime, by: str) -> int:
        """Erases who and what from an incident's history and notes that; says of how many entries.

        The chain stays whole: it is made over hashes that without their salts tell nothing.
        """
        of_chain = select(AuditRow.id).where(AuditRow.chain == incident_id)
        erased = delete(AuditPayloadRow).where(col(AuditPayloadRow.audit_id).in_(of_chain))
        count = len(self._session.execute(erased.returning(col(AuditPayloadRow.audit_id))).all())
        self.append(incident_id, (AuditEntry(at=now, action=ERASED, by=by),))
        return count

    def seal(self, now: datetime) -> str:
        """Seals every entry added since the last seal and returns the head to print; the last one where none was.

        Two bots that seal at once: one of them gets ``ConflictError``.
        """
        last = self._session.exec(select(AuditSealRow).order_by(col(AuditSealRow.number).desc()).limit(1)).first()
        number, head = (last.number, last.head) if last else (0, GENESIS)
        # One statement marks and reads: an entry that another bot commits meanwhile waits for the next seal.
        unsealed = update(AuditRow).where(col(AuditRow.seal_number).is_(None)).values(seal_number=number + 1)
        links = sorted(self._session.execute(unsealed.returning(col(AuditRow.id), col(AuditRow.hash))).all())
        if not links:
            return printable(number, head)
        head = seal_hash(head, number + 1, now, (link for _, link in links))
        self._session.add(AuditSealRow(number=number + 1, at=now, links=len(links), head=head))
        self._session.flush()
        return printable(number + 1, head)

    def verify(self) -> tuple[str, ...]:
        """Every sign of a history that was changed, shortened or put in another order, in plain words; () when whole."""
        links = select(AuditRow, AuditPayloadRow).join(AuditPayloadRow, isouter=True)
        in_order = links.order_by(col(AuditRow.chain), col(AuditRow.seq)).execution_options(yield_per=1000)
        ends = {end.chain: end for end in self._session.exec(select(AuditChainRow))}
        problems: list[str] = []
        for chain, pairs in groupby(self._session.exec(in_order), key=lambda pair: pair[0].chain):
            problems += chain_problems(chain, pairs, ends.pop(chain, None), self._payload)
        problems += [f"history {chain}: all of its {end.length} entries are gone" for chain, end in ends.items()]
        return (*problems, *self._seal_problems())

    def _seal_problems(self) -> list[str]:
        seals = self._session.exec(select(AuditSealRow).order_by(col(AuditSealRow.number))).all()
        sealed = select(AuditRow.seal_number, AuditRow.hash).where(col(AuditRow.seal_number).is_not(None))
        in_order = self._session.exec(sealed.order_by(col(AuditRow.seal_number), col(AuditRow.id)))
        links = {number: [link for _, link in some] for number, some in groupby(in_order, key=lambda one: one[0])}
        return seal_problems(seals, {number: some for number, some in links.items() if number is not None})

    def _end(self, chain: str) -> AuditChainRow:
        begin = insert_into(self._session, AuditChainRow).values(chain=chain, length=0, head=GENESIS)
        self._session.execute(begin.on_conflict_do_nothing())
        locked = select(AuditChainRow).where(AuditChainRow.chain == chain).with_for_update()
        return self._session.exec(locked.execution_options(populate_existing=True)).one()

    def _payload_row(self, audit_id: int | None, said: "_Said") -> dict[str, object]:
        return {"audit_id": audit_id, "salt": said.salt, "sealed": self._cipher.seal(said.payload)}

    def _payload(self, row: AuditPayloadRow) -> bytes:
        return self._cipher.unseal(row.sealed)

    def _entry(self, row: AuditRow, payload: AuditPayloadRow | None) -> AuditEntry:
        said: dict[str, Any] = json.loads(self._payload(payload)) if payload else {"by": "(erased)"}
        return AuditEntry.model_validate({"at": row.at, "action": row.action} | said)


class _Said(NamedTuple):
    salt: bytes
    payload: bytes


def _link(end: AuditChainRow, entry: AuditEntry, said: _Said) -> dict[str, object]:
    """The next link after ``end``, which moves on with it."""
    hashed = payload_hash(said.salt, said.payload)
    end.length += 1
    end.head = link_hash(end.head, end.chain, end.length, at=entry.at, action=entry.action, payload=hashed)
    place = {"chain": end.chain, "seq": end.length, "at": entry.at, "action": entry.action}
    return place | {"payload_hash": hashed, "hash": end.head}


def _payload_of(entry: AuditEntry) -> bytes:
    return json.dumps({"by": entry.by, "details": entry.details}, sort_keys=True).encode("ascii")
