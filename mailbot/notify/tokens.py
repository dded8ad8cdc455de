"""The proof that an answer comes from the person asked: a token bound to incident, duty and person by HMAC.

Four carriers, because each is lost somewhere: the Message-ID (``mailto:`` links drop In-Reply-To), the plus-address
of Reply-To (some servers have none), a short code in the subject (people type new ones) and the same code on a form
of ours (sent back in a new mail). Each suffices alone.
Everything is lower case without look-alike letters, as servers change case and people retype codes.
"""

import hashlib
import hmac
import re
from enum import StrEnum

from pydantic import SecretBytes

from mailbot.intake.email import InboundEmail
from mailbot.notify.email import OutgoingEmail
from mailbot.notify.rules import Identity
from mailbot.terms import Reference
from mailbot.value import Value

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
KEY_LENGTH = 16
TOKEN_LENGTH = 16
CODE_LENGTH = 6
LOCAL_PART_LIMIT = 64
NOTHING = "0"
MESSAGE_ID = re.compile(r"<?([a-z0-9]+)\.([a-z0-9_]+)\.([a-z0-9]+)\.([0-9a-z]{16})([0-9a-z]{16})@([^@<>\s]+?)>?")
SUBJECT_CODE = re.compile(rf"\[\s*([a-z]+\d+)\s+([0-9a-z]{{{CODE_LENGTH}}})\s*\]", re.IGNORECASE)
PLUS_DETAIL = re.compile(r"([a-z]+\d+)-(?:([a-z_]+)-)?([0-9a-z]{16})")


class CarriedBy(StrEnum):
    """Where in a mail a token was found."""

    MESSAGE_ID = "message_id"
    PLUS_ADDRESS = "plus_address"
    SUBJECT = "subject"
    FORM = "form"


class Carrier(Value):
    """One token found in a mail. ``duty_kind`` is "" for a mail without a duty, None where the carrier does not name it."""

    by: CarriedBy
    reference: Reference
    duty_kind: str | None
    token: str


class ReplyTo(Value):
    """Where an answer to a mail goes, and the subject that lets it prove itself where the address cannot."""

    address: str
    subject: str


class Tokens:
    """Makes and checks tokens. ``key``: at least 16 secret bytes; whoever holds it can answer for anybody."""

    def __init__(self, key: bytes, identity: Identity) -> None:
        if len(key) < KEY_LENGTH:
            raise ValueError(f"the token key must have at least {KEY_LENGTH} bytes")
        self._key = SecretBytes(key)
        self._identity = identity

    def token(self, reference: Reference | None, duty_kind: str | None, address: str) -> str:
        """The token of one person for one duty (or for the incident as a whole): 16 characters."""
        return self._mac("person", reference or "", duty_kind or "", address)

    def message_id(self, reference: Reference | None, duty_kind: str | None, email_id: str, address: str) -> str:
        """``<reference.kind.id.token@domain>``: carries the person's token and a seal by which it is verified alone."""
        parts = (reference or NOTHING, duty_kind or NOTHING, email_id)
        token = self.token(reference, duty_kind, address)
        return f"<{'.'.join(parts).lower()}.{token}{self._seal(*parts, token)}@{self._identity.domain}>"

    def subject_code(self, reference: Reference, duty_kind: str | None, address: str) -> str:
        """``[DB2026014 k7f3q2]``."""
        return f"[{reference} {self.token(reference, duty_kind, address)[:CODE_LENGTH]}]"

    def reply_address(self, reference: Reference | None, duty_kind: str | None, address: str) -> str:
        """``bot+db2026014-contain-token@…``, its local part at most 64 characters; the bare address where there are no such.

        The kind of duty is left out where it would not fit; the token says it all the same.
        """
        if not (reference and self._identity.plus_addresses):
            return self._identity.address
        token = self.token(reference, duty_kind, address)
        full = f"{self._identity.local_part}+{'-'.join(filter(None, (reference.lower(), duty_kind, token)))}"
        short = f"{self._identity.local_part}+{reference.lower()}-{token}"
        fitting = next((one for one in (full, short) if len(one) <= LOCAL_PART_LIMIT), self._identity.local_part)
        return f"{fitting}@{self._identity.domain}"

    def reply_to(self, email: OutgoingEmail) -> ReplyTo:
        """Address and subject of an answer to that mail."""
        who = (email.reference, email.duty_kind, email.recipient)
        code = self.subject_code(email.reference, email.duty_kind, email.recipient) if email.reference else ""
        return ReplyTo(address=self.reply_address(*who), subject=f"Re: incident {code}" if code else "Re:")

    def is_ours(self, message_id: str) -> bool:
        """Whether this bot made that Message-ID; nothing but the Message-ID is needed to tell."""
        return self._carrier_of_message_id(message_id) is not None

    def find(self, email: InboundEmail, on_form: str = "") -> tuple[Carrier, ...]:
        """Every token a mail carries, the surest carrier first, each once. Only ``proves`` says whether one is good.

        ``on_form`` is the reference that stands on a form of ours, which may come back in a mail of its own.
        """
        found = [self._carrier_of_message_id(one) for one in (email.in_reply_to, *reversed(email.references))]
        recipients = [*(one.address for one in (*email.to, *email.cc)), *email.delivered_to]
        found += [self._carrier_of_address(one) for one in recipients]
        found += [
            Carrier(by=by, reference=Reference(name.upper()), duty_kind=None, token=code.lower())
            for by, said in ((CarriedBy.SUBJECT, email.subject), (CarriedBy.FORM, on_form))
            for name, code in SUBJECT_CODE.findall(said[:1_000])
        ]
        return tuple(dict.fromkeys(carrier for carrier in found if carrier))

    def proves(self, token: str, reference: Reference, duty_kind: str | None, address: str) -> bool:
        """Whether a token (or a subject's code) is that person's for that duty of that incident."""
        if len(token) not in {TOKEN_LENGTH, CODE_LENGTH}:
            return False
        expected = self.token(reference, duty_kind, address)[: len(token)]
        return hmac.compare_digest(expected.encode(), token.lower().encode())

    def _carrier_of_message_id(self, message_id: str) -> Carrier | None:
        found = MESSAGE_ID.fullmatch(message_id.strip().lower())
        if not found or found[6] != self._identity.domain.lower():
            return None
        reference, kind, email_id, token, seal = found.groups()[:5]
        if not hmac.compare_digest(self._seal(reference, kind, email_id, token), seal):
            return None
        named = Reference("" if reference == NOTHING else reference.upper())
        duty_kind = "" if kind == NOTHING else kind
        return Carrier(by=CarriedBy.MESSAGE_ID, reference=named, duty_kind=duty_kind, token=token)

    def _carrier_of_address(self, address: str) -> Carrier | None:
        local, _, domain = address.lower().strip("<> ").rpartition("@")
        own, _, detail = local.partition("+")
        found = PLUS_DETAIL.fullmatch(detail)
        if not found or own != self._identity.local_part.lower() or domain != self._identity.domain.lower():
            return None
        reference = Reference(found[1].upper())
        return Carrier(by=CarriedBy.PLUS_ADDRESS, reference=reference, duty_kind=found[2], token=found[3])

    def _seal(self, reference: str, duty_kind: str, email_id: str, token: str) -> str:
        return self._mac("message-id", reference, duty_kind, email_id, token)

    def _mac(self, *parts: str) -> str:
        # Lengths stand before the parts, so that no two different lists of parts give the same bytes.
        text = "".join(f"{len(part)}:{part}" for part in (one.lower() for one in parts))
        digest = hmac.new(self._key.get_secret_value(), text.encode(), hashlib.sha256).digest()
        return "".join(ALPHABET[byte % 32] for byte in digest[:TOKEN_LENGTH])
