"""Every reading keeps its promises, however the mail was damaged on its way or on purpose (see fuzz_reader.py for hours of it)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.seeds import DOCUMENTS, SEEDS, check, check_document

PLACES = st.integers(min_value=0, max_value=4000)
LINES = st.sampled_from(
    (
        b"\r\n",
        b"\r\n\r\n",
        b"Content-Type: multipart/mixed; boundary=b\r\n",
        b"Content-Type: message/rfc822\r\n\r\n",
        b"Content-Transfer-Encoding: base64\r\n",
        b"Content-Disposition: attachment; filename*0*=utf-8''%\r\n",
        b"--b\r\n",
        b"=?utf-8?B?w6?=",
        b"\x00",
        b"\xff\xfe",
        b"From: ",
        b"> ",
    )
)


@pytest.mark.parametrize("seed", SEEDS)
def test_seed_is_read_when_nothing_happened_to_it(seed: bytes) -> None:
    check(seed)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SEEDS), PLACES)
def test_reading_keeps_its_promises_when_a_mail_is_cut_off(seed: bytes, place: int) -> None:
    check(seed[:place])


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SEEDS), st.sampled_from(SEEDS), PLACES, PLACES)
def test_reading_keeps_its_promises_when_two_mails_run_together(one: bytes, other: bytes, end: int, start: int) -> None:
    check(one[:end] + other[start:])


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(SEEDS), PLACES, st.binary(max_size=40) | LINES, st.integers(min_value=0, max_value=40))
def test_reading_keeps_its_promises_when_a_piece_is_replaced(
    seed: bytes, place: int, piece: bytes, length: int
) -> None:
    check(seed[:place] + piece + seed[place + length :])


@settings(max_examples=40, deadline=None)
@given(st.lists(LINES | st.binary(max_size=30), max_size=30))
def test_reading_keeps_its_promises_when_a_mail_is_noise(pieces: list[bytes]) -> None:
    check(b"".join(pieces))


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(DOCUMENTS), PLACES, st.binary(max_size=20), st.integers(min_value=0, max_value=40))
def test_reading_keeps_its_promises_when_a_document_is_damaged(seed: bytes, at: int, piece: bytes, length: int) -> None:
    check_document(seed[:at] + piece + seed[at + length :])
