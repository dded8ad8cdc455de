"""Files as Outlook writes them: saved messages (.msg) and packets (winmail.dat), written by hand."""

import struct
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from mailbot.intake.outlook import Tag
from tests.intake.compound import compound

Properties = Mapping[int, str | bytes | datetime | int]

FROM_SAM: dict[int, str | bytes | datetime | int] = {
    Tag.SUBJECT: "Urgent Data Incident",
    Tag.SENDER_NAME: "Sam Reporter",
    Tag.SENDER_SMTP: "sam.reporter@council.example",
    Tag.SENDER_ADDRESS: "/O=COUNCIL/OU=EXCHANGE/CN=SAM",
    Tag.BODY: "My work laptop was stolen last night.\r\n\r\nSam",
    Tag.SUBMITTED_AT: datetime(2026, 11, 20, 19, 30, tzinfo=UTC),
    Tag.MESSAGE_ID: "<saved@council.example>",
}


def msg(
    own: Properties, files: Sequence[tuple[Properties, Properties | None]] = (), to: Sequence[Properties] = ()
) -> bytes:
    """A saved message; a file with properties of its own message is an attached message."""
    return compound(_message(own, files, to, 32))


def _message(
    own: Properties, files: Sequence[tuple[Properties, Properties | None]], to: Sequence[Properties], head: int
) -> dict[str, object]:
    tree: dict[str, object] = dict(_streams(own, head))
    for number, one in enumerate(to):
        tree[f"__recip_version1.0_#{number:08X}"] = _streams(one, 8)
    for number, (one, inner) in enumerate(files):
        storage: dict[str, object] = dict(_streams(one, 8))
        if inner is not None:
            storage["__substg1.0_3701000D"] = _message(inner, (), (), 24)
        tree[f"__attach_version1.0_#{number:08X}"] = storage
    return tree


def _streams(own: Properties, head: int) -> dict[str, bytes]:
    streams, fixed = {}, bytearray(head)
    for tag, value in own.items():
        if isinstance(value, str):
            streams[f"__substg1.0_{tag:04X}001F"] = value.encode("utf-16-le")
        elif isinstance(value, bytes):
            streams[f"__substg1.0_{tag:04X}0102"] = value
        elif isinstance(value, datetime):
            fixed += struct.pack("<HHIQ", 0x40, tag, 6, _ticks(value))
        else:
            fixed += struct.pack("<HHIQ", 0x03, tag, 6, value)
    return streams | {"__properties_version1.0": bytes(fixed)}


def _ticks(moment: datetime) -> int:
    return int((moment - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()) * 10_000_000


def winmail(own: Properties, files: Sequence[tuple[str, bytes]] = ()) -> bytes:
    """A packet with the message's properties and plain attachments, the long name beside the short one."""
    content = b"\x78\x9f\x3e\x22\x01\x00" + _attribute(1, 0x9007, struct.pack("<II", 1252, 0))
    content += _attribute(1, 0x9003, _block(own))
    for name, data in files:
        short = name[:8].upper().encode("cp1252", "replace") + b"\0"
        content += _attribute(2, 0x9002, bytes(14)) + _attribute(2, 0x8010, short) + _attribute(2, 0x800F, data)
        content += _attribute(2, 0x9005, _block({Tag.LONG_FILE_NAME: name}))
    return content


def _attribute(level: int, name: int, data: bytes) -> bytes:
    return struct.pack("<BHHI", level, name, 6, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def _block(own: Properties) -> bytes:
    """Properties as a packet keeps them, with a named one in front that nobody asked for."""
    named = struct.pack("<HH", 0x0003, 0x8001) + bytes(16) + struct.pack("<III", 0, 1, 7)
    pieces = [named]
    for tag, value in own.items():
        kind, data = (0x1F, value.encode("utf-16-le") + b"\0\0") if isinstance(value, str) else (0x0102, value)
        assert isinstance(data, bytes)
        pieces.append(struct.pack("<HHII", kind, tag, 1, len(data)) + data + bytes(-len(data) % 4))
    return struct.pack("<I", len(pieces)) + b"".join(pieces)


def packed_rich_text(text: bytes) -> bytes:
    """Rich text in its compressed form, without a single repetition: each byte stands for itself."""
    runs = b"".join(b"\0" + text[at : at + 8] for at in range(0, len(text), 8))
    return struct.pack("<II", len(runs) + 12, len(text)) + b"LZFu" + bytes(4) + runs
