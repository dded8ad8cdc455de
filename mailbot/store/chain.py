"""The hashes of the audit trail, as pure functions: payload, link and seal (DESIGN §8).

Every part is written with its length before it, so that no two different histories hash the same text.
"""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime

GENESIS = "0" * 64


def payload_hash(salt: bytes, payload: bytes) -> str:
    """The hash that stays when the payload and its salt are erased; without the salt nobody can guess the payload."""
    return _hash(salt, payload)


def link_hash(previous: str, chain: str, seq: int, *, at: datetime, action: str, payload: str) -> str:
    """The hash of one entry, bound to its predecessor, its place, its time and what it says."""
    return _hash(*(part.encode() for part in (previous, chain, str(seq), _moment(at), action, payload)))


def seal_hash(previous: str, number: int, at: datetime, links: Iterable[str]) -> str:
    """The hash of a seal over the seal before and over the links since, in the order of their ids."""
    return _hash(*(part.encode() for part in (previous, str(number), _moment(at), *links)))


def printable(number: int, head: str) -> str:
    """A seal as people copy it from a mail: its number and eighty bits of its head, ``12 3f9a0-c117e-5d20b-9184c``."""
    return f"{number} {head[:5]}-{head[5:10]}-{head[10:15]}-{head[15:20]}"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _hash(*parts: bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()
