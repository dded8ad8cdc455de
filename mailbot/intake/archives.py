"""Zip archives: their files taken out within a budget, in memory. A path in a name means nothing; nothing is written. Pure."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import NamedTuple

MOST_ENTRIES = 5_000
ENCRYPTED = 0x1
_SILENT = ("__MACOSX/", "Thumbs.db", ".DS_Store", "desktop.ini")


class File(NamedTuple):
    """A file found inside another: its name without folders, its bytes."""

    name: str
    content: bytes


class Unpacked(NamedTuple):
    """What came out of an archive; ``left_out`` says in plain words why something did not, empty where all did."""

    files: tuple[File, ...] = ()
    left_out: str = ""


def unpack(content: bytes, most_files: int, most_bytes: int) -> Unpacked:
    """The files of a zip archive: at most so many, and at most so many bytes once unpacked, counted while unpacking."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [one for one in archive.infolist()[:MOST_ENTRIES] if not _is_silent(one)]
            return _taken_out(archive, entries, most_files, most_bytes)
    except Exception:  # noqa: BLE001 - whatever a stranger packed: it is said, and a person looks
        return Unpacked(left_out="is damaged")


def _taken_out(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], most_files: int, most_bytes: int) -> Unpacked:
    if any(one.flag_bits & ENCRYPTED for one in entries):
        return Unpacked(left_out="is protected by a password")
    files = []
    left_out = "holds more files than are read" if len(entries) > most_files else ""
    left = most_bytes
    for file in _opened(archive, entries[:most_files], most_bytes):
        left -= len(file.content)
        if left < 0:
            left_out = "unpacks to far more than a report needs"
            break
        files.append(file)
    return Unpacked(tuple(files), left_out)


def _opened(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], most: int) -> Iterator[File]:
    for entry in entries:
        try:
            with archive.open(entry) as opened:
                yield File(base_name(entry.filename), opened.read(most + 1))
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError):
            yield File(base_name(entry.filename), b"")


def _is_silent(entry: zipfile.ZipInfo) -> bool:
    return entry.is_dir() or entry.filename.startswith(_SILENT[0]) or base_name(entry.filename) in _SILENT


def base_name(path: str) -> str:
    """A file's name without any folder, ``../`` or drive in front."""
    return " ".join(path.replace("\\", "/").rpartition("/")[2].split())[:200]
