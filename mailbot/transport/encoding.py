"""Undoes a part's transfer encoding (RFC 2045 §6) as far as it can be undone."""

import binascii
import re

_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")


def decode_part(encoded: bytes, encoding: str) -> bytes:
    """A part's bytes as a server hands them over → the bytes that were meant; ``encoding`` as in ``PartHead``.

    Never raises: of damaged base64 what is whole is decoded, an unknown encoding is left as it is.
    """
    match encoding.strip().lower():
        case "base64":
            return _decode_base64(encoded)
        case "quoted-printable":
            return binascii.a2b_qp(encoded)
        case _:
            return encoded


def _decode_base64(encoded: bytes) -> bytes:
    """Reads to the first padding or the end; line breaks and stray characters between are skipped, as RFC 2045 says."""
    letters = _NOT_BASE64.sub(b"", encoded.split(b"=", 1)[0])
    if len(letters) % 4 == 1:  # one letter alone holds no byte: it was cut
        letters = letters[:-1]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
