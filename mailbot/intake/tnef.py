"""Outlook's packet (winmail.dat, TNEF): the body and the attachments that other mail programs do not see. MS-OXTNEF. Pure."""

import struct
from collections.abc import Iterator

from mailbot.intake.msg import decoded_text
from mailbot.intake.outlook import OutlookMessage, Properties, Tag

SIGNATURE = b"\x78\x9f\x3e\x22"
MOST_ATTRIBUTES = 5_000
MOST_PROPERTIES = 2_000
DEEPEST = 4

_CODEPAGE, _SUBJECT, _BODY, _PROPERTIES = 0x9007, 0x8004, 0x800C, 0x9003
_NEW_FILE, _TITLE, _DATA, _FILE_PROPERTIES = 0x9002, 0x8010, 0x800F, 0x9005
_SIZES = {0x02: 4, 0x03: 4, 0x04: 4, 0x0A: 4, 0x0B: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x14: 8, 0x40: 8, 0x48: 16}
_OBJECT, _LETTERS, _TEXT, _BYTES = 0x0D, 0x1E, 0x1F, 0x0102
_MANY, _NAMED = 0x1000, 0x8000
_CLASS_ID = 16


def read_tnef(content: bytes, depth: int = 0) -> OutlookMessage:
    """The packet as a message; what is broken off is read as far as it goes. Never raises."""
    message = OutlookMessage({})
    codepage = "cp1252"
    for name, data in _attributes(content):
        if name == _CODEPAGE:
            codepage = f"cp{int.from_bytes(data[:4], 'little')}"
        elif name == _NEW_FILE:
            message.files.append(({}, None))
        elif name in {_TITLE, _DATA, _FILE_PROPERTIES}:
            _into_file(message, name, data, codepage, depth)
        elif name == _PROPERTIES:
            message.own |= _properties(data, codepage)
        elif name in {_SUBJECT, _BODY}:
            tag = Tag.SUBJECT if name == _SUBJECT else Tag.BODY
            message.own.setdefault(tag, decoded_text(data, codepage).encode("utf-8", "replace"))
    return message


def _into_file(message: OutlookMessage, name: int, data: bytes, codepage: str, depth: int) -> None:
    own, inner = message.files.pop() if message.files else ({}, None)
    if name == _TITLE:
        own.setdefault(Tag.FILE_NAME, decoded_text(data, codepage).encode("utf-8", "replace"))
    elif name == _DATA:
        own[Tag.DATA] = data
    else:
        own |= _properties(data, codepage)
        attached = own.get(Tag.DATA, b"")
        if attached[_CLASS_ID : _CLASS_ID + 4] == SIGNATURE and depth < DEEPEST:
            inner = read_tnef(attached[_CLASS_ID:], depth + 1)
    message.files.append((own, inner))


def _attributes(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Each attribute's number and data: level, number, type, length, data, checksum."""
    at = 6
    for _ in range(MOST_ATTRIBUTES):
        if at + 9 > len(content):
            return
        _, name, _, length = struct.unpack_from("<BHHI", content, at)
        yield name, content[at + 9 : at + 9 + length]
        at += 9 + length + 2


def _properties(data: bytes, codepage: str) -> Properties:
    """The properties of a block, in UTF-8 where they are text; the reading ends where it no longer makes sense."""
    found: Properties = {}
    reader = _Block(data)
    try:
        for _ in range(min(reader.number(), MOST_PROPERTIES)):
            tag, values = reader.property(codepage)
            if values:
                found[tag] = values[0]
    except (struct.error, ValueError, LookupError):
        return found
    return found


class _Block:
    """A block of properties, read from its beginning."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def number(self) -> int:
        (found,) = struct.unpack_from("<I", self.data, self.at)
        self.at += 4
        return int(found)

    def property(self, codepage: str) -> tuple[int, list[bytes]]:
        kind, tag = struct.unpack_from("<HH", self.data, self.at)
        self.at += 4
        if tag >= _NAMED:
            self._skip_name()
        many, kind = bool(kind & _MANY), kind & ~_MANY
        is_long = kind in {_OBJECT, _LETTERS, _TEXT, _BYTES}
        count = self.number() if many or is_long else 1
        if count > MOST_PROPERTIES:
            raise ValueError("more values than a message has")
        return tag, [self._value(kind, codepage, is_long=is_long) for _ in range(count)]

    def _skip_name(self) -> None:
        self.at += 16
        if self.number() == 0:
            self.at += 4
        else:
            self._take(self.number())

    def _value(self, kind: int, codepage: str, *, is_long: bool) -> bytes:
        content = self._take(self.number() if is_long else _SIZES[kind])
        if kind in {_TEXT, _LETTERS}:
            charset = "utf-16-le" if kind == _TEXT else codepage
            return decoded_text(content, charset).encode("utf-8", "replace")
        return content

    def _take(self, length: int) -> bytes:
        """So many bytes; the next value begins at a multiple of four."""
        if length < 0 or self.at + length > len(self.data):
            raise ValueError("a value reaches beyond the block")
        content = self.data[self.at : self.at + length]
        self.at += length + (-length) % 4
        return content
