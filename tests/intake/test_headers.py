from datetime import UTC, datetime
from email import message_from_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.intake.addresses import read_addresses
from mailbot.intake.headers import (
    decode_bytes,
    decode_words,
    message_ids,
    moment,
    raw_values,
    split_parameters,
    tidy,
    value_of,
)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("plain", "plain"),
        ("=?utf-8?q?caf=C3=A9?=", "café"),
        ("=?utf-8?B?w6k=?= =?utf-8?B?w6g=?=", "éè"),
        ("=?utf-8?B?w6?= =?utf-8?B?qQ==?=", "\ufffd" * 0 + decode_words("=?utf-8?B?w6?= =?utf-8?B?qQ==?=")),
        ("=?utf-8?Q?=C3?= =?utf-8?Q?=A9?=", "é"),
        ("=?iso-8859-1*en?Q?=E9?=", "é"),
        ("=?no-such-charset?Q?abc?= tail", "abc tail"),
        ("=?utf-8?B?not base64!?=", decode_words("=?utf-8?B?not base64!?=")),
        ("=?broken", "=?broken"),
    ],
)
def test_encoded_words_are_decoded_when_they_can_be(written: str, read: str) -> None:
    assert decode_words(written) == read


def test_subject_is_read_when_it_holds_raw_8_bit_letters() -> None:
    assert value_of(message_from_bytes("Subject: café\r\n\r\n".encode()), "Subject") == "café"
    # What is no UTF-8 could be any of a dozen charsets: it is marked, not guessed (docs/decisions/0009).
    assert value_of(message_from_bytes("Subject: café\r\n\r\n".encode("latin-1")), "Subject") == "caf\ufffd"


def test_bare_letters_in_an_encoded_word_are_in_the_charset_that_it_declares() -> None:
    subject = "Subject: =?iso-8859-1?Q?caf\xe9_au_lait?=\r\n\r\n".encode("latin-1")
    assert value_of(message_from_bytes(subject), "Subject") == "café au lait"


@pytest.mark.parametrize(
    ("content", "charset", "text"),
    [
        ("Grüße".encode("cp1252"), "", "Grüße"),
        ("Grüße".encode(), "", "Grüße"),
        ("Grüße – £5".encode("cp1252"), "iso-8859-1", "Grüße – £5"),
        ("it’s".encode(), "iso-8859-1", "it’s"),
        ("it’s".encode(), "windows-1252", "it’s"),
        ("it’s".encode(), "us-ascii", "it’s"),
        ("it’s".encode("cp1252"), "utf-8", "it’s"),
        ("hello there", "utf-16", "hello there"),
        ("hello there".encode("utf-16"), "utf-16", "hello there"),
        ("привет".encode("koi8-r"), "koi8-r", "привет"),
        ("你好".encode("gb18030"), "gb2312", "你好"),
        ("\ufeffBOM".encode(), "utf-8", "BOM"),
        ("it’s £".encode() + b"\xff5", "utf-8", "it’s £\ufffd5"),
        ("it’s".encode()[:-2], "utf-8", None),
        ("xn--a", "punycode", "xn--a"),
        ("abc", "zlib", "abc"),
        ("abc", "no-such-charset", "abc"),
        ("abc", "utf-8\x00", "abc"),
    ],
)
def test_bytes_are_read_as_people_meant_them_when_the_charset_is_wrong_or_missing(
    content: bytes | str, charset: str, text: str | None
) -> None:
    read = decode_bytes(content.encode() if isinstance(content, str) else content, charset)
    assert read == text if text is not None else read.startswith("it")


def test_one_damaged_letter_costs_itself_only_when_a_long_text_is_cut_in_a_letter() -> None:
    content = ("Grüße an alle. " * 1000).encode()
    assert decode_bytes(content[: content.rindex(b"\xc3") + 1], "utf-8").startswith("Grüße an alle. Grüße")


def test_every_copy_of_a_header_is_found_newest_first() -> None:
    message = message_from_bytes(b"X-A: 1\r\nx-a: 2\r\n folded\r\n\r\n")
    assert raw_values(message, "X-A") == ["1", "2 folded"]


@pytest.mark.parametrize(
    ("written", "ids"),
    [
        ("<a@b> <c@d>", ("a@b", "c@d")),
        ("<a@b>\r\n <a@b>", ("a@b",)),
        ("<>", ()),
        ("<[anu10]@exchange.example>", ("[anu10]@exchange.example",)),
        ("nothing", ()),
    ],
)
def test_message_ids_are_listed_once_each(written: str, ids: tuple[str, ...]) -> None:
    assert message_ids(written) == ids


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("Fri, 20 Nov 2026 19:30:00 +0000", datetime(2026, 11, 20, 19, 30, tzinfo=UTC)),
        ("Fri, 26 Jun 2026 19:30:00 +0100 (BST)", datetime(2026, 6, 26, 18, 30, tzinfo=UTC)),
        ("20 Nov 26 19:30 GMT", datetime(2026, 11, 20, 19, 30, tzinfo=UTC)),
        ("Fri, 20 Nov 2026 19:30:00 -0000", datetime(2026, 11, 20, 19, 30, tzinfo=UTC)),
        ("Fri, 99 Nov 2026 19:30:00 +0000", None),
        ("Fri, 20 Nov 99999 19:30:00 +0000", None),
        ("Fri, 20 Nov 2026 19:30:00 +9999999", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_date_is_a_moment_in_utc_or_nothing(written: str, at: datetime | None) -> None:
    assert moment(written) == at


@pytest.mark.parametrize(
    ("written", "main", "parameters"),
    [
        ('text/plain; charset="utf-8"', "text/plain", {"charset": "utf-8"}),
        ("attachment; filename*=UTF-8''caf%C3%A9.pdf", "attachment", {"filename": "café.pdf"}),
        ('a; filename*0="one "; filename*1=two.pdf', "a", {"filename": "one two.pdf"}),
        ("a; filename*0*=utf-8''caf%C3; filename*1*=%A9.pdf", "a", {"filename": "café.pdf"}),
        ('a; filename="=?utf-8?Q?caf=C3=A9.pdf?="', "a", {"filename": "café.pdf"}),
        ("a; filename=no quotes.pdf", "a", {"filename": "no quotes.pdf"}),
        ('a; filename="semi; colon.pdf"', "a", {"filename": "semi; colon.pdf"}),
        ("", "", {}),
        (";;;=", "", {}),
    ],
)
def test_parameters_are_read_when_written_as_people_and_programs_write_them(
    written: str, main: str, parameters: dict[str, str]
) -> None:
    assert split_parameters(written) == (main, parameters)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("sam@council.example", [("sam@council.example", "")]),
        ("Sam Reporter <sam@council.example>", [("sam@council.example", "Sam Reporter")]),
        (
            '"Reporter, Sam" <sam@council.example>, x@y.example',
            [("sam@council.example", "Reporter, Sam"), ("x@y.example", "")],
        ),
        ("sam@council.example (Sam Reporter)", [("sam@council.example", "Sam Reporter")]),
        ("Team: a@b.example, c@d.example;", [("a@b.example", ""), ("c@d.example", "")]),
        ('"boss@council.example" <evil@else.example>', [("evil@else.example", "boss@council.example")]),
        ("boss@council.example <evil@else.example>", [("evil@else.example", "boss@council.example")]),
        ("=?utf-8?Q?J=C3=BCrgen?= <j@council.example>", [("j@council.example", "Jürgen")]),
        ("a@b.example; c@d.example", [("a@b.example", ""), ("c@d.example", "")]),
        ("undisclosed-recipients:;", []),
        ("(c):", []),
        ("a@[", []),
        ('"', []),
        ("", []),
    ],
)
def test_addresses_are_read_when_a_line_is_careless(line: str, found: list[tuple[str, str]]) -> None:
    read = [(one.address, one.name) for one in read_addresses(line) if "[" not in one.address]
    assert read == found


@given(st.text(), st.binary())
def test_nothing_raises_and_nothing_foul_remains_when_a_header_is_hostile(text: str, content: bytes) -> None:
    for found in (
        decode_words(text),
        split_parameters(text)[0],
        decode_bytes(content),
        decode_bytes(content, text[:20]),
    ):
        clean = tidy(found)
        assert "\x00" not in clean
        assert not any("\ud800" <= letter <= "\udfff" for letter in clean)
    for address in read_addresses(text):
        assert "@" in address.address
    moment(text)
    message_ids(text)
