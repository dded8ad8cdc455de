"""Files that old programs wrote into the text itself (uuencode): taken out of it, so that both can be read. Pure."""

import binascii
import re

from mailbot.intake.archives import File, base_name

MOST_FILES = 20

_BEGIN = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]{1,200})\r?$", re.MULTILINE)
_END = re.compile(rb"^(?:`?\r?\n)?end[ \t]*\r?$", re.MULTILINE)


def split_uuencoded(content: bytes) -> tuple[bytes, tuple[File, ...]]:
    """A text without the files encoded in it, and those files; without an end, the text stays as it is."""
    kept: list[bytes] = []
    files: list[File] = []
    at = 0
    while len(files) < MOST_FILES:
        begin = _BEGIN.search(content, at)
        end = _END.search(content, begin.end()) if begin else None
        if begin is None or end is None:
            break
        found = _decoded(content[begin.end() : end.start()])
        kept.append(content[at : begin.start() if found else end.end()])
        if found:
            files.append(File(base_name(begin[1].decode("utf-8", "replace")), found))
        at = end.end()
    return b"".join((*kept, content[at:])), tuple(files)


def _decoded(lines: bytes) -> bytes:
    """The bytes behind encoded lines; empty where one of them is no such line."""
    found = bytearray()
    for line in lines.splitlines():
        if not line.strip():
            continue
        try:
            found += binascii.a2b_uu(line)
        except binascii.Error:
            length = ((line[0] - 32 & 63) * 4 + 5) // 3  # some programs pad their lines
            try:
                found += binascii.a2b_uu(line[:length])
            except binascii.Error:
                return b""
    return bytes(found)
