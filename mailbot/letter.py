"""The vocabulary of letters to the people affected: who gets one, what it says, and what became of it (paras 72, 73).

Everything in here is personal data or a person's words. It is shown to the handling desk, the Incident Lead and the
owner of the breach; internal notices have no field for any of it (para 69).
"""

from datetime import date
from enum import StrEnum

from pydantic import Field

from mailbot.terms import Reference
from mailbot.value import Instant, Value


class Channel(StrEnum):
    """How somebody is told in writing. ``TELEPHONE``: a safety flag stands, or no safe address is known; nothing is written."""

    EMAIL = "email"
    POST = "post"
    TELEPHONE = "telephone"


class DataKind(StrEnum):
    """The kinds of personal data that the letter has advice for."""

    CONTACT = "contact"
    FINANCIAL = "financial"
    IDENTITY = "identity"
    CREDENTIALS = "credentials"
    HEALTH = "health"
    SOCIAL_CARE = "social_care"
    CRIMINAL = "criminal"
    WORKERS = "workers"
    WHEREABOUTS = "whereabouts"
    OTHER = "other"


class Confirmed(Value):
    """Who confirmed an address, when, and from which source: never the record at fault (para 73)."""

    by: str
    on: date
    source: str = Field(min_length=1)


class Recipient(Value):
    """One person affected, as a row of the list names them.

    ``row`` is the row of the list (its heading is row 1). ``addressee`` is who the letter is written to where that is
    somebody else: a parent or carer; ``because`` says why they receive it, and is needed for a child. ``lines`` is the
    postal address, a line each, the postcode or country last. ``data`` are the things of this person that were involved,
    in words that fit after "This was".
    """

    row: int = Field(ge=1)
    name: str = Field(min_length=1)
    addressee: str = ""
    because: str = ""
    child: bool = False
    lines: tuple[str, ...] = ()
    email: str = ""
    channel: Channel
    data: tuple[str, ...] = ()
    confirmed: Confirmed | None = None
    told_on: date | None = None
    told_by: str = ""

    @property
    def written_to(self) -> str:
        """Whose name stands above the address."""
        return self.addressee or self.name


class Contact(Value):
    """Whom somebody may ask: a person of the council who knows about it."""

    name: str = Field(min_length=1)
    title: str = ""
    phone: str = ""
    email: str = ""


class Wording(Value):
    """What the letter says to everybody, as a named person wrote it (para 72, UK GDPR Article 34(2)).

    ``what`` and ``when`` tell what happened; ``data`` which personal data; ``consequences`` what it could lead to;
    ``done`` and ``to_do`` the measures taken and proposed; ``kinds`` choose the advice. ``owner`` signs the letter. ``data_for_child`` and
    ``consequences_for_child`` stand in place of the others where a parent or carer is told about a child.
    """

    what: str = Field(min_length=1)
    when: str = Field(min_length=1)
    data: str = Field(min_length=1)
    consequences: str = Field(min_length=1)
    done: str = Field(min_length=1)
    to_do: str = Field(min_length=1)
    kinds: tuple[DataKind, ...] = ()
    data_for_child: str = ""
    consequences_for_child: str = ""
    help_offered: str = ""
    contact: Contact
    owner: Contact


class Letter(Value):
    """One letter to one person: everything that stands in it, and nothing of anybody else.

    ``number`` counts the letters of an incident; ``on`` is its date. ``draft``: not approved, and marked so.
    """

    reference: Reference
    number: int = Field(ge=1)
    recipient: Recipient
    wording: Wording
    on: date
    draft: bool = True

    @property
    def name(self) -> str:
        """``DB2026014-0001``: what its files are called. It names nobody."""
        return f"{self.reference}-{self.number:04d}"


class Fate(StrEnum):
    """What became of one letter."""

    QUEUED = "queued"
    PRINTED = "printed"
    SENT = "sent"
    REFUSED = "refused"
    BOUNCED = "bounced"
    RETURNED = "returned"
    HELD = "held"


class Delivery(Value):
    """One change in what became of a letter: when, to what, by whom it was told, and why."""

    at: Instant
    fate: Fate
    by: str
    because: str = ""
