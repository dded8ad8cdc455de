"""Recipients and a wording → one letter each; and each letter → ready to print or to send, or held with its reason."""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from datetime import date
from typing import NamedTuple

from mailbot.errors import LetterError, TemplateError
from mailbot.letter import Channel, Letter, Recipient, Wording
from mailbot.letters.letter_rules import LetterRules
from mailbot.letters.printable import unprintable
from mailbot.letters.row import Refused
from mailbot.letters.sheet import Sheet
from mailbot.letters.writing import WrittenLetter, letterhead, write
from mailbot.terms import Reference

BY_TELEPHONE = "this person is told by telephone: nothing is written to them"
NO_CARER = "this is a child, and it is not said which parent or carer gets the letter, and why"
NO_ADDRESS = "there is no postal address"
NO_EMAIL = "there is no email address"


class Held(NamedTuple):
    """A letter that does not leave: its number and row, and why. The reason names nobody."""

    name: str
    row: int
    because: str


class Ready(NamedTuple):
    """A letter that may leave. ``sheet`` is what the press takes, None where it goes by email."""

    written: WrittenLetter
    sheet: Sheet | None

    @property
    def letter(self) -> Letter:
        return self.written.letter


def letters_of(
    recipients: Iterable[Recipient], wording: Wording, reference: Reference, on: date, *, draft: bool = True
) -> Iterator[Letter]:
    """One letter to each, numbered from 1 in their order; ``on`` is the date they bear. Keeps none of them."""
    for number, one in enumerate(recipients, 1):
        yield Letter(reference=reference, number=number, recipient=one, wording=wording, on=on, draft=draft)


def letters_for(
    entries: Iterable[Recipient | Refused], wording: Wording, reference: Reference, on: date
) -> Iterator[Letter | Held]:
    """As ``letters_of``, of a list while it is read: a row that is refused is held, with what is wrong and what to do."""
    number = 0
    for one in entries:
        if isinstance(one, Refused):
            yield Held("", one.row, f"{one.column}: {one.problem}. {one.what_to_do}")
        else:
            number += 1
            yield Letter(reference=reference, number=number, recipient=one, wording=wording, on=on)


def prepare(letter: Letter, rules: LetterRules, characters: AbstractSet[str]) -> Ready | Held:
    """Writes one letter for the way it goes. ``characters``: what the press can print (``ports.Press``)."""
    because = _no_way(letter.recipient)
    if because:
        return held(letter, because)
    try:
        written = write(letter, rules)
        sheet = written.sheet(letterhead(rules)) if letter.recipient.channel is Channel.POST else None
    except (LetterError, TemplateError) as error:
        return held(letter, str(error).removeprefix(f"letter {letter.name}: "))
    because = unprintable(sheet, characters) if sheet else ""
    return held(letter, because) if because else Ready(written, sheet)


def held(letter: Letter, because: str) -> Held:
    """That letter, held."""
    return Held(letter.name, letter.recipient.row, because)


def _no_way(recipient: Recipient) -> str:
    if recipient.channel is Channel.TELEPHONE:
        return BY_TELEPHONE
    if recipient.child and not (recipient.addressee and recipient.because):
        return NO_CARER
    if recipient.channel is Channel.POST and not recipient.lines:
        return NO_ADDRESS
    return NO_EMAIL if recipient.channel is Channel.EMAIL and not recipient.email else ""
