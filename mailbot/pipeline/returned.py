"""What a machine's message says of a mail of ours: whose it was, whether it failed, and whether that is believed. Pure."""

from mailbot.intake.email import Kind
from mailbot.parse.reading import Reading
from mailbot.pipeline.outcome import Deciding, Known
from mailbot.pipeline.proof import prove
from mailbot.procedure.decision import Misaddressed

FAILED = {
    Kind.BOUNCE: "it could not be delivered",
    Kind.AUTO_REPLY: "an automatic reply came back: nobody may be reading it",
}


def returned_of(reading: Reading, known: Known, by: Deciding) -> Misaddressed | None:
    """Whose mail an automatic message is about: the one it names, or, where it names none, its proven sender's.

    An automatic reply is believed only from its reader, and only where the gateway vouches for it: whoever knows one
    Message-ID could otherwise have everybody passed over.
    """
    is_reply = reading.kind is Kind.AUTO_REPLY
    if known.ours is not None:
        recipient = known.ours.recipient
        if is_reply and not _comes_from(recipient, reading):
            return None
        return Misaddressed(duty_id=known.ours.duty_id, recipient=recipient, because="")
    if not is_reply or known.incident is None:
        return None
    proof = prove(reading.email, known.incident, by.tokens, by.rules.organisation)
    sender = reading.email.sender.address.lower()
    return None if proof.problem else Misaddressed(duty_id=None, recipient=sender, because="")


def _comes_from(recipient: str, reading: Reading) -> bool:
    """Whether the gateway vouches that a message comes from that address, or from another of its domain."""
    email = reading.email
    domain = email.sender.address.rpartition("@")[2].lower()
    return email.authenticated and domain == recipient.rpartition("@")[2].lower()


def has_failed(reading: Reading, recipient: str, by: Deciding) -> bool:
    """Whether a mail did not reach its reader. A shared mailbox that confirms each mail's arrival is being read."""
    if reading.kind is Kind.AUTO_REPLY:
        return recipient not in {desk.address for desk in by.rules.organisation.desks}
    return reading.kind in FAILED and (reading.bounce is None or reading.bounce.permanent)
