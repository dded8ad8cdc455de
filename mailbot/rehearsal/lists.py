"""How people answer a mail that asks about several incidents: each link by itself, or one reply that names each."""

import re
from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from mailbot.rehearsal.seen import Offer

CODE = re.compile(r"\[\s*([A-Za-z]+\d+)\s")
FORGETS = 0.05
"""How often somebody writes an answer without saying which incident it is about."""


class Said(NamedTuple):
    """One thing that somebody wants to say, and the offer that it takes up; None for words of their own."""

    offer: Offer | None
    words: str


def incident_of(offer: Offer) -> str:
    """The incident that an offer is about, by the code in its subject, in lower case; empty where it names none."""
    found = CODE.search(offer.subject)
    return found[1].lower() if found else ""


def is_list(offers: Sequence[Offer]) -> bool:
    """Whether a mail makes several requests, each with a code of its own."""
    return len({one.subject for one in offers}) > 1


def typed(said: Sequence[Said], offers: Sequence[Offer], chance: Random) -> str:
    """What is written above the quoted mail: each answer with its incident where the mail asks about several."""
    if len({incident_of(one) for one in offers}) < 2:  # noqa: PLR2004  one incident needs no name
        return "\n".join(one.words for one in said)
    return "\n\n".join(_named(one, chance) for one in said)


def _named(one: Said, chance: Random) -> str:
    if one.offer is None or chance.random() < FORGETS:
        return one.words
    reference = incident_of(one.offer).upper()
    return f"{reference}\n{one.words}" if "\n" in one.words else f"{reference}: {one.words}"
