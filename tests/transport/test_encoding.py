import base64
from binascii import b2a_qp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.transport.encoding import decode_part


@given(st.binary(max_size=300))
def test_base64_is_undone_however_its_lines_are_broken(content: bytes) -> None:
    encoded = base64.encodebytes(content).replace(b"\n", b"\r\n")

    assert decode_part(encoded, "base64") == content
    assert decode_part(encoded.rstrip(b"=\r\n"), " BASE64 ") == content


@given(st.binary(max_size=300))
def test_quoted_printable_is_undone(content: bytes) -> None:
    assert decode_part(b2a_qp(content, istext=False), "quoted-printable") == content


@pytest.mark.parametrize("encoding", ["7bit", "8bit", "binary", "", "x-unknown"])
def test_what_is_not_encoded_is_left_as_it_is(encoding: str) -> None:
    assert decode_part(b"=41 QUJD\xff", encoding) == b"=41 QUJD\xff"


@pytest.mark.parametrize(
    ("encoded", "decoded"),
    [(b"QUJD!QUJD", b"ABCABC"), (b"QUJDQ", b"ABC"), (b"QUI=trailing words", b"AB"), (b"", b""), (b"\xff\x00", b"")],
)
def test_of_damaged_base64_what_is_whole_is_kept(encoded: bytes, decoded: bytes) -> None:
    assert decode_part(encoded, "base64") == decoded


@given(st.binary(max_size=200), st.sampled_from(["base64", "quoted-printable", "7bit"]))
def test_nothing_that_a_stranger_encodes_raises(encoded: bytes, encoding: str) -> None:
    assert len(decode_part(encoded, encoding)) <= len(encoded)
