"""A message saved by Outlook (.msg): the streams of a compound file, read as properties. MS-OXMSG. Bounded; pure."""

import io
import struct
from collections.abc import Sequence
from typing import Any

from mailbot.intake.headers import Mail
from mailbot.intake.outlook import OutlookMessage, Properties, Tag, as_mail

MOST_FILES = 100
DEEPEST = 8

_STREAM = "__substg1.0_"
_FIXED = "__properties_version1.0"
_OBJECT, _TEXT, _LETTERS, _BYTES = 0x000D, 0x001F, 0x001E, 0x0102
_CODEPAGE = 0x3FFD
_READ = frozenset(Tag) | {_CODEPAGE}
_HTML_CODEPAGE = 0x3FDE


class BrokenMessageError(Exception):
    """A saved message that cannot be read as one."""


def read_msg(content: bytes, most: int) -> Mail:
    """The message as a mail; at most ``most`` bytes are taken out of it. Raises ``BrokenMessageError``."""
    import olefile  # type: ignore[import-untyped]  # noqa: PLC0415 - costs 30 ms and few mails hold such a file

    try:
        with olefile.OleFileIO(io.BytesIO(content)) as file:
            return as_mail(_Saved(file, most).message((), 32, 0))
    except BrokenMessageError:
        raise
    except Exception as error:
        raise BrokenMessageError(type(error).__name__) from error


class _Saved:
    """The compound file, with what may still be taken out of it."""

    def __init__(self, file: Any, most: int) -> None:
        self.file = file
        self.left = most
        self.names: dict[tuple[str, ...], set[str]] = {}
        for path in file.listdir(streams=True, storages=True):
            self.names.setdefault(tuple(path[:-1]), set()).add(path[-1])

    def message(self, within: Sequence[str], head: int, depth: int) -> OutlookMessage:
        """The message at a place of the file; ``head`` is how long the head of its fixed properties is."""
        found = OutlookMessage(self.properties(within, head))
        children = sorted(self.names.get(tuple(within), ()))
        for name in [one for one in children if one.startswith("__recip_version1.0_")][:MOST_FILES]:
            found.recipients.append(self.properties((*within, name), 8))
        for name in [one for one in children if one.startswith("__attach_version1.0_")][:MOST_FILES]:
            place = (*within, name)
            inner = f"{_STREAM}{Tag.DATA:04X}{_OBJECT:04X}"
            is_message = (*place, inner) in self.names and depth < DEEPEST
            attached = self.message((*place, inner), 24, depth + 1) if is_message else None
            found.files.append((self.properties(place, 8), attached))
        return found

    def properties(self, within: Sequence[str], head: int) -> Properties:
        names = self.names.get(tuple(within), set())
        found = self._fixed((*within, _FIXED), head) if _FIXED in names else {}
        codepage = int.from_bytes(found.get(_CODEPAGE, b"")[:4], "little") or 1252
        for name in sorted(names):
            tag, kind = _tag_of(name)
            if tag in _READ and kind in {_TEXT, _LETTERS, _BYTES} and (*within, name) not in self.names:
                found[tag] = _as_utf_8(self._stream((*within, name)), kind, codepage)
        if Tag.HTML in found:
            found[Tag.HTML] = _html(found[Tag.HTML], found)
        return found

    def _fixed(self, path: Sequence[str], head: int) -> Properties:
        """Numbers and moments: sixteen bytes each, type, number, flags and value."""
        content = self._stream(path)
        found: Properties = {}
        for at in range(head, len(content) - 15, 16):
            kind, tag = struct.unpack_from("<HH", content, at)
            if kind in {0x0003, 0x0040} and (tag in _READ or tag == _HTML_CODEPAGE):
                found[tag] = content[at + 8 : at + (12 if kind == 0x0003 else 16)]  # noqa: PLR2004 - a whole number's type
        return found

    def _stream(self, path: Sequence[str]) -> bytes:
        if self.left <= 0:
            raise BrokenMessageError("too much in it")
        content: bytes = self.file.openstream(list(path)).read(self.left + 1)
        self.left -= len(content)
        return content


def _tag_of(name: str) -> tuple[int, int]:
    digits = name.removeprefix(_STREAM)
    try:
        return (int(digits[:4], 16), int(digits[4:8], 16)) if name.startswith(_STREAM) else (0, 0)
    except ValueError:
        return 0, 0


def _as_utf_8(content: bytes, kind: int, codepage: int) -> bytes:
    if kind == _BYTES:
        return content
    return decoded_text(content, "utf-16-le" if kind == _TEXT else f"cp{codepage}").encode("utf-8", "replace")


def decoded_text(content: bytes, charset: str) -> str:
    """A property's text up to its end mark; Windows-1252 where its own code page is unknown."""
    try:
        text = content.decode(charset, "replace")
    except LookupError:
        text = content.decode("cp1252", "replace")
    return text.partition("\0")[0]


def _html(content: bytes, found: Properties) -> bytes:
    """HTML is kept as bytes in a code page of its own."""
    codepage = int.from_bytes(found.get(_HTML_CODEPAGE, b"")[:4], "little")
    charset = "utf-8" if codepage in {0, 65001} else f"cp{codepage}"
    try:
        return content.decode(charset).encode("utf-8", "replace")
    except (UnicodeError, LookupError):
        return content
