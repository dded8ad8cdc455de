"""Small compound files (the container of .doc and .msg), written by hand: MS-CFB, version 3, everything in one FAT sector or a few."""

import struct
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

SECTOR, MINI, CUTOFF = 512, 64, 4096
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD

Tree = Mapping[str, Any]
"""Names to bytes (a stream) or to another tree (a storage)."""


class _Writer:
    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []
        self.sectors: list[bytes] = []
        self.fat: list[int] = []
        self.mini = bytearray()
        self.minifat: list[int] = []

    def big(self, content: bytes) -> int:
        first = len(self.sectors)
        pieces = [content[at : at + SECTOR].ljust(SECTOR, b"\0") for at in range(0, len(content), SECTOR)]
        self.sectors += pieces
        self.fat += [first + number + 1 for number in range(len(pieces))]
        if pieces:
            self.fat[-1] = END
        return first if pieces else END

    def small(self, content: bytes) -> int:
        first = len(self.minifat)
        count = -(-len(content) // MINI)
        self.mini += content.ljust(count * MINI, b"\0")
        self.minifat += [first + number + 1 for number in range(count)]
        if count:
            self.minifat[-1] = END
        return first if count else END

    def add(self, name: str, kind: int, content: Tree | bytes) -> int:
        entry: dict[str, Any] = {
            "name": name,
            "kind": kind,
            "left": FREE,
            "right": FREE,
            "child": FREE,
            "start": 0,
            "size": 0,
        }
        self.entries.append(entry)
        number = len(self.entries) - 1
        if isinstance(content, bytes):
            entry["size"] = len(content)
            entry["start"] = self.big(content) if len(content) >= CUTOFF else self.small(content)
        else:
            children = [self.add(one, 2 if isinstance(inner, bytes) else 1, inner) for one, inner in content.items()]
            for one, following in pairwise(children):  # a list instead of a balanced tree: readers walk it all the same
                self.entries[one]["right"] = following
            entry["child"] = children[0] if children else FREE
        return number


def compound(tree: Tree) -> bytes:
    """The bytes of a compound file with these streams and storages."""
    writer = _Writer()
    root = writer.add("Root Entry", 5, tree)
    writer.entries[root]["size"] = len(writer.mini)
    writer.entries[root]["start"] = writer.big(bytes(writer.mini))
    minifat = writer.big(_numbers(writer.minifat)) if writer.minifat else END
    directory = b"".join(_entry(one) for one in writer.entries)
    start = writer.big(directory.ljust(-(-len(directory) // SECTOR) * SECTOR, b"\0"))
    fats = 1
    while (len(writer.fat) + fats) * 4 > fats * SECTOR:
        fats += 1
    places = [len(writer.sectors) + number for number in range(fats)]
    table = _numbers([*writer.fat, *(FAT for _ in places)]).ljust(fats * SECTOR, b"\xff")
    minifats = -(-len(writer.minifat) * 4 // SECTOR)
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, fats, start, 0, CUTOFF, minifat, minifats, END, 0)
    head += _numbers(places).ljust(436, b"\xff")
    return head + b"".join(writer.sectors) + table


def _numbers(numbers: list[int]) -> bytes:
    return struct.pack(f"<{len(numbers)}I", *numbers)


def _entry(one: dict[str, Any]) -> bytes:
    name = str(one["name"]).encode("utf-16-le")
    return (
        name.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(name) + 2, one["kind"], 1, one["left"], one["right"], one["child"])
        + bytes(36)
        + struct.pack("<IQ", one["start"], one["size"])
    )
