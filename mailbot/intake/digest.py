"""One message's fingerprint, the same in two mailboxes and after a change of UIDVALIDITY. Pure.

Taken over From, Date, Message-ID and the decoded parts. Not over Received lines, other headers, transfer encodings
or boundaries: two copies of one mail differ in all of these. The same Message-ID with other content is another mail.
"""

import hashlib

from mailbot.intake.addresses import read_addresses
from mailbot.intake.headers import Mail, decode_bytes, message_ids, moment, raw_value
from mailbot.intake.parts import Leaf


def digest_of(message: Mail, leaves: tuple[Leaf, ...]) -> str:
    """64 lower-case hexadecimal digits."""
    sender = read_addresses(raw_value(message, "From"))
    date = raw_value(message, "Date")
    at = moment(date)
    ids = message_ids(raw_value(message, "Message-ID"))
    taken = hashlib.sha256()
    for piece in (
        sender[0].address.lower() if sender else "",
        at.isoformat() if at else date,
        ids[0] if ids else raw_value(message, "Message-ID"),
    ):
        _add(taken, piece.encode("utf-8", "replace"))
    for leaf in leaves:
        _add(taken, leaf.name.encode("utf-8", "replace"))
        _add(taken, _same_everywhere(leaf))
    return taken.hexdigest()


def _add(taken: "hashlib._Hash", piece: bytes) -> None:
    taken.update(len(piece).to_bytes(8, "big") + piece)


def _same_everywhere(leaf: Leaf) -> bytes:
    if leaf.content_type == "message/rfc822":
        return b""  # its own leaves follow; flattening it again would bring its headers and encodings back
    if not leaf.content_type.startswith("text/"):
        return leaf.content
    lines = decode_bytes(leaf.content, leaf.charset).splitlines()
    return "\n".join(line.rstrip() for line in lines).strip().encode("utf-8", "replace")
