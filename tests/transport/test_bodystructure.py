"""A server's list of parts, in the shapes that servers and hostile messages give it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from imapclient.response_parser import parse_fetch_response  # type: ignore[import-untyped]

from mailbot.transport.bodystructure import DEEPEST, LONGEST_NAME, MOST_PARTS, clean_name, read_parts

PLAIN = b'("TEXT" "PLAIN" NIL NIL NIL "7BIT" 5 1 NIL NIL NIL NIL)'


def parsed(structure: bytes) -> Any:
    return parse_fetch_response([b"1 (UID 1 BODYSTRUCTURE " + structure + b")"])[1][b"BODYSTRUCTURE"]


def named(parameters: bytes, disposition: bytes = b"NIL") -> str:
    (part,) = read_parts(
        parsed(b'("APPLICATION" "PDF" ' + parameters + b' NIL NIL "BASE64" 9 NIL ' + disposition + b" NIL NIL)")
    )
    return part.name


@pytest.mark.parametrize(
    ("parameters", "disposition", "name"),
    [
        (b'("name" "a.pdf")', b"NIL", "a.pdf"),
        (b'("NAME" "a.pdf")', b'("ATTACHMENT" ("FILENAME" "b.pdf"))', "b.pdf"),
        (b'("name" "a.pdf")', b'("attachment" NIL)', "a.pdf"),
        (b"NIL", b'("attachment" ("filename*" "utf-8\'en\'%C3%A9.pdf"))', "é.pdf"),
        (b"NIL", b'("attachment" ("filename*0" "long" "filename*1" "er.pdf"))', "longer.pdf"),
        (b"NIL", b'("attachment" ("filename*0*" "iso-8859-1\'\'%E9" "filename*1" ".pdf"))', "é.pdf"),
        (b'("name" "=?iso-8859-1?Q?r=E9port?= =?utf-8?B?LnBkZg==?=")', b"NIL", "réport.pdf"),
        (b'("name" "=?no-such-charset?Q?x?=")', b"NIL", "=?no-such-charset?Q?x?="),
        (b"NIL", b'("attachment" ("filename*" "utf-8\'\'a.pdf" "filename*0" "b.pdf"))', "utf-8''a.pdf"),
        (b'("name" "../../etc/passwd")', b"NIL", "../../etc/passwd"),
        (b'("name" "caf\xc3\xa9.pdf")', b"NIL", "café.pdf"),
        (b'("name" "caf\xe9.pdf")', b"NIL", "café.pdf"),
        (b'("charset" "utf-8")', b"NIL", ""),
        (b"NIL", b"NIL", ""),
    ],
)
def test_the_name_of_a_part_is_read_in_every_spelling(parameters: bytes, disposition: bytes, name: str) -> None:
    assert named(parameters, disposition) == name


def test_a_name_is_one_short_line() -> None:
    assert clean_name("form\r\nBcc: x\x00.pdf") == "form Bcc: x .pdf"
    assert len(clean_name("x" * 10_000)) == LONGEST_NAME


def test_a_list_without_the_optional_fields_is_enough() -> None:
    (part,) = read_parts(parsed(b'("APPLICATION" "PDF" ("NAME" "a.pdf") NIL NIL "BASE64" 9)'))

    assert (part.section, part.content_type, part.name, part.encoding, part.size) == (
        "1", "application/pdf", "a.pdf", "base64", 9
    )  # fmt: skip


def test_a_forwarded_message_listed_without_its_parts_is_listed_itself() -> None:
    structure = b'("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 99 NIL ("ATTACHMENT" ("FILENAME" "m.eml")) NIL NIL)'

    (part,) = read_parts(parsed(b"(" + structure + b' "MIXED")'))

    assert (part.section, part.content_type, part.name) == ("1", "message/rfc822", "m.eml")


@pytest.mark.parametrize(
    "structure",
    [
        None,
        (),
        b"",
        7,
        (None,),
        (b"text",),
        [b"text", b"plain"],
        (b"text", b"plain", None),
        ((), b"mixed"),
        (b"a",) * 5,
    ],
)
def test_a_list_that_makes_no_sense_is_no_list(structure: object) -> None:
    assert read_parts(structure) == ()


def test_a_list_deeper_than_any_mail_is_no_list() -> None:
    nested: Any = parsed(PLAIN)
    for _ in range(DEEPEST + 1):
        nested = ([nested], b"mixed")

    assert read_parts(nested) == ()


def test_a_list_longer_than_any_mail_is_cut() -> None:
    assert len(read_parts(([parsed(PLAIN)] * (MOST_PARTS + 5), b"mixed"))) == MOST_PARTS


ATOMS = (
    st.none() | st.integers(0, 99) | st.binary(max_size=12) | st.sampled_from([b"text", b"message", b"rfc822", b"name"])
)
LISTS = st.recursive(
    ATOMS, lambda inner: st.lists(inner, max_size=12).map(tuple) | st.lists(inner, max_size=3), max_leaves=40
)


@given(LISTS)
def test_whatever_a_server_sends_never_raises(structure: object) -> None:
    assert all(part.section for part in read_parts(structure))


@given(st.text(max_size=60))
def test_whatever_a_part_is_called_its_name_is_one_line(written: str) -> None:
    assert not set(clean_name(written)) & set("\r\n\x00")
