"""Sealing, the rotation of keys, and the keyed indexes."""

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from mailbot.errors import StoreError
from mailbot.store.cipher import Cipher, Keys

OLD, NEW = (SecretStr(Fernet.generate_key().decode()) for _ in range(2))
BLIND = SecretStr("a blind key for tests only")
CIPHER = Cipher(Keys(seal=(OLD,), blind=BLIND))


@given(st.binary())
def test_content_comes_back_byte_for_byte(content: bytes) -> None:
    assert CIPHER.unseal(CIPHER.seal(content)) == content


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.none() | st.lists(st.text())))
def test_json_comes_back_whatever_characters_it_holds(content: dict[str, object]) -> None:
    assert CIPHER.unseal_json(CIPHER.seal_json(content)) == content


def test_sealed_bytes_show_nothing_and_differ_each_time() -> None:
    first, second = (CIPHER.seal(b"Rowan Marsh, 4 Example Street") for _ in range(2))

    assert b"Rowan" not in first
    assert first != second


def test_large_mail_takes_less_room_than_it_has_bytes_when_it_repeats_itself() -> None:
    assert len(CIPHER.seal(b"the same line again\r\n" * 1000)) < 1000


def test_old_content_opens_and_new_content_needs_the_new_key_when_keys_rotate() -> None:
    rotated = Cipher(Keys(seal=(NEW, OLD), blind=BLIND))
    sealed_before, sealed_after = CIPHER.seal(b"before"), rotated.seal(b"after")

    assert rotated.unseal(sealed_before) == b"before"
    with pytest.raises(StoreError, match="MAILBOT_KEYS"):
        CIPHER.unseal(sealed_after)


def test_the_old_key_can_go_when_content_was_resealed() -> None:
    resealed = Cipher(Keys(seal=(NEW, OLD), blind=BLIND)).reseal(CIPHER.seal(b"content"))

    assert Cipher(Keys(seal=(NEW,), blind=BLIND)).unseal(resealed) == b"content"


@pytest.mark.parametrize("damage", [b"", b"short", b"\x80" * 80])
def test_changed_bytes_are_refused_in_plain_words(damage: bytes) -> None:
    with pytest.raises(StoreError, match="cannot be opened"):
        CIPHER.unseal(damage)


def test_an_address_is_found_whatever_its_letter_case() -> None:
    assert CIPHER.address_index("Asha.Field@Council.Example ") == CIPHER.address_index("asha.field@council.example")


def test_a_message_id_is_found_with_and_without_its_brackets() -> None:
    assert CIPHER.message_id_index("<one@council.example>") == CIPHER.message_id_index("one@council.example")


def test_indexes_cannot_be_matched_when_their_purpose_or_key_differs() -> None:
    other = Cipher(Keys(seal=(OLD,), blind=SecretStr("another blind key, also long")))

    assert CIPHER.index("address", "one") != CIPHER.index("digest", "one")
    assert CIPHER.index("address", "one") != other.index("address", "one")


@pytest.mark.parametrize(
    ("seal", "blind", "says"),
    [
        ((), BLIND, "at least one key"),
        ((SecretStr("tooshort"),), BLIND, "key 1 is not a Fernet key"),
        ((OLD, SecretStr("tooshort")), BLIND, "key 2 is not a Fernet key"),
        ((OLD,), SecretStr("short"), "at least 16 characters"),
    ],
)
def test_unusable_keys_are_refused_without_showing_them(
    seal: tuple[SecretStr, ...], blind: SecretStr, says: str
) -> None:
    with pytest.raises(ValidationError, match=says) as refusal:
        Keys(seal=seal, blind=blind)

    assert "tooshort" not in str(refusal.value)
