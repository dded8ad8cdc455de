"""Sealing what is personal before it is stored, and finding it again by a keyed index (DESIGN §8)."""

import base64
import hashlib
import hmac
import json
import secrets
import zlib
from collections.abc import Callable

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import SecretStr, field_validator

from mailbot.errors import StoreError
from mailbot.value import Value


class Keys(Value):
    """The store's secrets. The first of ``seal`` encrypts, all of them decrypt (Fernet keys, newest first).

    ``blind`` keys the indexes of addresses, digests and Message-IDs. It does not rotate: a new one would no longer
    find what the old one indexed.
    """

    seal: tuple[SecretStr, ...]
    blind: SecretStr

    @field_validator("seal")
    @classmethod
    def _are_fernet_keys(cls, keys: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        if not keys:
            raise ValueError("at least one key is needed: `mailbot init` makes one")
        for number, key in enumerate(keys, start=1):
            try:
                Fernet(key.get_secret_value())
            except ValueError:
                raise ValueError(
                    f"key {number} is not a Fernet key (32 bytes in URL-safe base64): `mailbot init` makes one"
                ) from None
        return keys

    @field_validator("blind")
    @classmethod
    def _is_long_enough(cls, key: SecretStr) -> SecretStr:
        if len(key.get_secret_value()) < SHORTEST_BLIND_KEY:
            raise ValueError(f"the blind key needs at least {SHORTEST_BLIND_KEY} characters")
        return key


SHORTEST_BLIND_KEY = 16
SALT_BYTES = 16


def random_salt() -> bytes:
    """Sixteen bytes that nobody can guess."""
    return secrets.token_bytes(SALT_BYTES)


class Cipher:
    """Seals and unseals with the keys it was made of. Sealed bytes are compressed first, then encrypted and signed.

    ``new_salt`` makes what keeps the hashes of the history from being guessed.
    """

    def __init__(self, keys: Keys, new_salt: Callable[[], bytes] = random_salt) -> None:
        self.new_salt = new_salt
        self._fernet = MultiFernet([Fernet(key.get_secret_value()) for key in keys.seal])
        self._blind = keys.blind.get_secret_value().encode()

    def seal(self, content: bytes) -> bytes:
        token = self._fernet.encrypt(zlib.compress(content, level=1))
        # The token's base64 is for URLs; a database keeps bytes, a quarter fewer of them.
        return base64.urlsafe_b64decode(token)

    def unseal(self, sealed: bytes) -> bytes:
        """The content again; raises ``StoreError`` when no configured key opens it, or when it was changed."""
        try:
            return zlib.decompress(self._fernet.decrypt(base64.urlsafe_b64encode(sealed)))
        except InvalidToken:
            raise StoreError(
                "a sealed column cannot be opened: its key is not among MAILBOT_KEYS (keep old keys after the new one),"
                " or the stored bytes were changed"
            ) from None

    def reseal(self, sealed: bytes) -> bytes:
        """The same content sealed with the newest key."""
        return self.seal(self.unseal(sealed))

    def seal_json(self, content: object) -> bytes:
        """Seals anything JSON can say. ASCII only, so that no odd character can refuse to be stored."""
        return self.seal(json.dumps(content, separators=(",", ":"), sort_keys=True).encode("ascii"))

    def unseal_json(self, sealed: bytes) -> dict[str, object]:
        content: dict[str, object] = json.loads(self.unseal(sealed))
        return content

    def index(self, purpose: str, text: str) -> str:
        """A keyed fingerprint to look something up by without storing it: HMAC-SHA256, 64 hexadecimal digits.

        The purpose keeps indexes of different kinds apart, so that one cannot be matched with another.
        """
        return hmac.new(self._blind, f"{purpose}\0{text}".encode("utf-8", "replace"), hashlib.sha256).hexdigest()

    def address_index(self, address: str) -> str:
        """The fingerprint of a mail address, whatever its letter case."""
        return self.index("address", address.strip().lower())

    def message_id_index(self, message_id: str) -> str:
        """The fingerprint of a Message-ID, with or without its angle brackets."""
        return self.index("message-id", message_id.strip().removeprefix("<").removesuffix(">"))
