"""Whether an answer comes from the person who was asked (DESIGN §8): token, sender and the gateway's verdict.

Anyone may report; only the person asked, or whoever stands in for them, may answer. What is not proven is held and
shown to the IG Team. A pure question to values; nothing is looked up anywhere.
"""

from collections.abc import Iterator, Sequence

from mailbot.incident import Incident
from mailbot.intake.email import InboundEmail
from mailbot.notify.gathering import DIGEST_KIND
from mailbot.notify.tokens import Carrier, Tokens
from mailbot.organisation import Organisation
from mailbot.terms import Reference
from mailbot.value import Value


class Proof(Value):
    """``asked`` is whose request was answered, ``duty_kind`` for which duty ("" for the incident as a whole).

    ``problem`` says in plain words why nothing is proven; it is empty when everything is.
    """

    asked: str = ""
    duty_kind: str = ""
    problem: str = ""


def prove(
    email: InboundEmail, incident: Incident, tokens: Tokens, organisation: Organisation, on_form: str = ""
) -> Proof:
    """What a mail proves about its sender's right to answer for an incident. ``on_form``: the reference on its form."""
    carriers = [one for one in tokens.find(email, on_form) if one.reference == incident.reference]
    return _proof(email, carriers, _kinds(incident), tokens, organisation)


def prove_listed(email: InboundEmail, name: Reference, tokens: Tokens, organisation: Organisation) -> Proof:
    """What a mail proves about its sender's right to answer a digest, by the digest's own code."""
    carriers = [one for one in tokens.find(email) if one.reference == name]
    return _proof(email, carriers, (DIGEST_KIND,), tokens, organisation)


def _proof(
    email: InboundEmail,
    carriers: Sequence[Carrier],
    kinds: tuple[str, ...],
    tokens: Tokens,
    organisation: Organisation,
) -> Proof:
    if not carriers:
        return Proof(problem="it carries no code of the mail it answers")
    proof = next(_proofs(email, carriers, kinds, tokens, organisation), None)
    if proof is None:
        return Proof(problem="its code belongs to somebody else's mail, or to another incident")
    if not email.authenticated:
        return Proof(problem="the council's mail gateway does not vouch for its sender")
    return proof


def _proofs(
    email: InboundEmail,
    carriers: Sequence[Carrier],
    every: tuple[str, ...],
    tokens: Tokens,
    organisation: Organisation,
) -> Iterator[Proof]:
    for carrier in carriers:
        kinds = (carrier.duty_kind,) if carrier.duty_kind is not None else every
        for asked in _asked_instead_of(email.sender.address, organisation):
            for kind in kinds:
                if tokens.proves(carrier.token, carrier.reference, kind or None, asked):
                    yield Proof(asked=asked, duty_kind=kind)


def _kinds(incident: Incident) -> tuple[str, ...]:
    return (*dict.fromkeys(duty.kind for duty in incident.duties), "")


def _asked_instead_of(sender: str, organisation: Organisation) -> tuple[str, ...]:
    """The sender, those whose deputy the sender is, and the shared mailboxes in whose name the sender may answer."""
    sender = sender.lower()
    stood_in_for = [person for person, deputy in organisation.deputies.items() if deputy == sender]
    desks = [desk.address for desk in organisation.desks if sender in desk.members]
    return tuple(dict.fromkeys((sender, *stood_in_for, *desks)))
