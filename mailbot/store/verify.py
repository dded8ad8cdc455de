"""What is wrong with a chain or a row of seals, in plain words. Reads rows, changes nothing."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row

from mailbot.errors import StoreError
from mailbot.store.chain import GENESIS, link_hash, payload_hash, seal_hash

ERASED = "erased"
"""The action that says that the details of all earlier entries of a history were erased."""

Link = Row[Any]
"""A link with its payload: ``salt`` and ``sealed`` are None where that was erased."""


def chain_problems(
    chain: str, links: Iterable[Link], end: Row[Any] | None, unseal: Callable[[bytes], bytes]
) -> list[str]:
    """The problems of one history, its entries given in order; ``end`` is where it should end."""
    problems: list[str] = []
    unexplained: list[int] = []
    previous, length = GENESIS, 0
    for length, row in enumerate(links, start=1):
        problems += [f"history {chain}, entry {row.seq}: {one}" for one in _link_problems(row, length, previous)]
        if row.action == ERASED:
            unexplained.clear()
        if row.sealed is None:
            unexplained.append(row.seq)
        elif not _is_whole(row, unseal):
            problems.append(f"history {chain}, entry {row.seq}: its details were changed")
        previous = row.hash
    problems += [f"history {chain}, entry {seq}: its details are gone and no erasure is noted" for seq in unexplained]
    if end is None or (end.length, end.head) != (length, previous):
        problems.append(f"history {chain}: its end is not the one that was written last; entries are missing")
    return problems


def seal_problems(seals: Sequence[Row[Any]], links: Mapping[int, Sequence[str]]) -> list[str]:
    """The problems of the seals, given in order; ``links`` holds each seal's hashes in the order of their ids."""
    problems: list[str] = []
    previous = GENESIS
    for number, seal in enumerate(seals, start=1):
        if seal.number != number:
            problems.append(f"seal {number} is missing")
            break
        under = links.get(number, ())
        if seal.head != seal_hash(previous, number, seal.at, under) or seal.links != len(under):
            problems.append(f"seal {number} no longer fits: entries under it, or the seal itself, were changed")
        previous = seal.head
    return problems + [
        f"seal {number} is missing, entries name it" for number in sorted(links.keys() - _numbers(seals))
    ]


def _numbers(seals: Sequence[Row[Any]]) -> set[int]:
    return {seal.number for seal in seals}


def _link_problems(row: Link, place: int, previous: str) -> list[str]:
    if row.seq != place:
        return [f"stands at place {place}: an entry is missing or was moved"]
    if row.hash != link_hash(previous, row.chain, row.seq, at=row.at, action=row.action, payload=row.payload_hash):
        return ["does not fit the entry before it, or was changed"]
    return []


def _is_whole(row: Link, unseal: Callable[[bytes], bytes]) -> bool:
    try:
        return payload_hash(row.salt, unseal(row.sealed)) == str(row.payload_hash)
    except StoreError:
        return False
