"""A written letter → the exact bytes of its mail: to one person, answered by the named contact and not by the bot."""

from datetime import datetime

from mailbot.errors import LetterError
from mailbot.letter import Channel
from mailbot.letters.writing import WrittenLetter
from mailbot.mail import FrozenEmail
from mailbot.notify.message import Envelope, freeze_plain, mailbox_of
from mailbot.notify.rules import Identity
from mailbot.notify.tokens import Tokens

KIND = "letter"
"""Stands in the Message-ID where a notice has its kind of duty: a bounce or a stray answer shows that it is a letter's."""


def freeze_letter(
    written: WrittenLetter, email_id: str, identity: Identity, tokens: Tokens, now: datetime
) -> FrozenEmail:
    """The message to the letter's one recipient. ``email_id`` is its own, as for every mail; ``now`` becomes its Date.

    It comes from the council, answers go to the contact of the wording, bounces to the bot. Its subject bears no code
    and its Reply-To no token, for nothing that comes back is an answer to the bot. Raises ``LetterError`` for a
    draft, for a letter that does not go by email, and where there is no address to write or to answer to.
    """
    letter = written.letter
    recipient, contact = letter.recipient, letter.wording.contact
    if letter.draft:
        raise LetterError(f"letter {letter.name}: it is a draft, and a draft is never sent")
    if recipient.channel is not Channel.EMAIL or not recipient.email:
        raise LetterError(f"letter {letter.name}: it does not go by email")
    if not contact.email:
        raise LetterError(f"letter {letter.name}: its contact {contact.name} has no email address for answers")
    who = (
        ("From", mailbox_of(identity.council, identity.address)),
        ("To", mailbox_of(recipient.written_to, recipient.email)),
        ("Reply-To", mailbox_of(contact.name, contact.email)),
    )
    message_id = tokens.message_id(letter.reference, KIND, email_id, recipient.email)
    envelope = Envelope(sender=identity.address, recipient=recipient.email, headers=who)
    return freeze_plain(email_id, envelope, written.rendered(), message_id, now)
