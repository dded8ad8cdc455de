"""The people of a rehearsed year: each sees nothing but the mail in front of them, and answers with the words it offers.

They answer late, in part, beside the point or never; they are away, or have left. New kinds of duty need nothing here:
whatever a mail of the bot offers as an answer, somebody taps or types.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from random import Random
from typing import NamedTuple

from mailbot.organisation import Organisation
from mailbot.rehearsal.habits import AGREES, ANSWERS, CHATTERS, PARTLY, TAPS, UNASKED, Habits
from mailbot.rehearsal.letters import Letter, bounce, written
from mailbot.rehearsal.lists import Said, incident_of, is_list, typed
from mailbot.rehearsal.plan import MINUTE, Plan
from mailbot.rehearsal.seen import Offer, Seen
from mailbot.rehearsal.words import CHATTER, Directory, finished, questionnaire

LESS_OFTEN: Mapping[str, float] = {
    "not yet": 0.25, "not possible": 0.3, "not needed": 0.3, "not known": 0.4, "very high": 0.4, "high,": 0.7, "IT": 0.5,
    "leave them": 0.3, "not required": 2.0, "sent back": 0.1, "not so": 0.05, "except": 0.2,
}  # fmt: skip
"""How much likelier or less likely than others people choose an answer that says so."""

SELDOM: Mapping[str, float] = {
    "not an incident": 0.1,
    "controller": 0.3,
    "aware": 0.2,
    "restricted": 0.5,
    "escalate": 0.1,
}
"""Keys of what changes everything: said less often than it is offered."""

PASSING = ("not yet", "sent back", "not so")
"""What nobody goes on saying for ever."""

EITHER: Mapping[str, str] = {"correct": "stands", "likelihood": "severity"}
"""Key → the key of the other answer to the same question."""

BESIDES = ("else", "besides", "also settle")
ASKS_BY_TEXT = "reply"
AWAY = "I am out of the office until {back} and will answer when I am back."


class Arrival(NamedTuple):
    """A mail on its way into the bot's own mailbox."""

    at: datetime
    content: bytes


class People:
    """Everybody who gets mail of the bot. ``bot`` is its address, ``gateway`` the server that vouches for senders."""

    def __init__(
        self, plan: Plan, organisation: Organisation, habits: Habits, directory: Directory, *, bot: str, gateway: str
    ) -> None:
        self._plan = plan
        self._organisation = organisation
        self._habits = habits
        self._directory = directory
        self._bot = bot
        self._gateway = gateway
        self._answering: dict[tuple[str, str], datetime] = {}
        self._said_away: set[tuple[str, datetime]] = set()

    def receive(self, mail: Seen, recipient: str, at: datetime) -> list[Arrival]:
        """What comes of one mail that reached an address at that moment (aware); nothing, most often for a notice."""
        name = mail.message_id.strip("<>").rpartition("@")[0]
        chance = self._plan.chance("mail", name)
        reader = recipient.lower()
        if self._habits.has_left(reader, at):
            when = at + 2 * MINUTE
            return [Arrival(when, bounce(reader, mail.message_id, self._bot, f"bounce-{name}", when))]
        return [*self._away(mail, reader, at, name), *self._answer(mail, reader, at, name, chance)]

    def _away(self, mail: Seen, reader: str, at: datetime, name: str) -> list[Arrival]:
        absence = self._habits.absence(reader, at)
        if absence is None or (reader, absence.begins) in self._said_away:
            return []
        self._said_away.add((reader, absence.begins))
        person = self._organisation.person(reader)
        letter = Letter(
            name=f"away-{name}",
            sender=reader,
            sender_name=person.name,
            to=mail.reply_to,
            subject=f"Automatic reply: {mail.subject}",
            text=AWAY.format(back=f"{absence.ends:%d %B %Y}"),
            at=at + MINUTE,
            answers=mail.message_id,
            automatic=True,
        )
        return [Arrival(letter.at, written(letter, self._gateway))]

    def _answer(self, mail: Seen, reader: str, at: datetime, name: str, chance: Random) -> list[Arrival]:
        about = name.partition(".")[0]
        texts = self._organisation.is_on_call(reader)
        mail = mail.but(offers=tuple(one for one in mail.offers if self._heeds(reader, incident_of(one) or about, at)))
        asked = mail.offers or (texts and ASKS_BY_TEXT in mail.text)
        if not asked or not self._heeds(reader, about, at):
            return []
        if chance.random() >= ANSWERS:
            return []
        when = self._habits.texts_at(at, chance) if texts else self._habits.answer_at(reader, at, chance)
        said = self._said(mail, about, when, chance, texts=texts)
        for one in (*(incident_of(said_one.offer) for said_one in said if said_one.offer), about) if said else ():
            self._answering[reader, one] = when
        letters = self._letters(mail, reader, said, when, name=name, chance=chance) if said else []
        return [Arrival(when, written(one, self._gateway)) for one in letters]

    def _heeds(self, reader: str, about: str, at: datetime) -> bool:
        """Whether somebody looks at what is asked about an incident: neither ignores it nor has an answer under way."""
        busy = self._answering.get((reader, about))
        return not (busy and busy > at) and not self._habits.ignores(reader, about)

    def _said(self, mail: Seen, about: str, at: datetime, chance: Random, *, texts: bool) -> list[Said]:
        if texts:
            return [Said(None, chance.choices(("Reached", "ok", "Taken", "Who is this?"), (5, 2, 2, 1))[0])]
        if chance.random() < CHATTERS:
            return [Said(None, chance.choice(CHATTER))]
        asked = [list(same) for _, same in groupby(sorted(mail.offers, key=_section), key=_section)]
        lines = [self._line(mail, about, same, at, chance) for same in asked if _wants(same, chance)]
        return lines[:1] if chance.random() < PARTLY else lines

    def _line(self, mail: Seen, about: str, same: Sequence[Offer], at: datetime, chance: Random) -> Said:
        offer = self._chosen(incident_of(same[0]) or about, same, chance)
        if not offer.key:
            return Said(offer, questionnaire(offer.body, mail.plain, at, self._directory, chance))
        return Said(offer, finished(offer.label, at, self._directory, chance))

    def _chosen(self, about: str, same: Sequence[Offer], chance: Random) -> Offer:
        """What somebody answers: mostly what those who know the incident say too, now and then what they think themselves."""
        final = [one for one in same if not any(words in one.label for words in PASSING)]
        if final and chance.random() < AGREES:
            same, chance = final, self._plan.chance("agreed", about, same[0].key)
        return chance.choices(same, [_liking(one) for one in same])[0]

    def _letters(
        self, mail: Seen, reader: str, said: Sequence[Said], at: datetime, *, name: str, chance: Random
    ) -> list[Letter]:
        """Tapped on a phone, or typed above the quoted mail; who answers for a desk writes in their own name, or signs.

        A link of a list answers its own request, so each that is tapped makes a mail.
        """
        sender, signed = self._sender(reader, chance)
        taps = bool(mail.offers) and chance.random() < TAPS
        quoted = "\n".join(f"> {line}".rstrip() for line in mail.plain.splitlines())
        typed_reply = Letter(
            name=f"answer-{name}",
            sender=sender,
            sender_name=self._organisation.person(sender).name,
            to=mail.reply_to,
            subject=f"Re: {mail.subject}",
            text=f"{typed(said, mail.offers, chance)}{signed}\n\nOn that day, {self._bot} wrote:\n{quoted}",
            at=at,
            answers=mail.message_id,
        )
        if not taps:
            return [typed_reply]
        tapped = [[one] for one in said] if is_list(mail.offers) else [list(said)]
        return [
            typed_reply.but(
                name=f"answer-{name}-{number}",
                to=(same[0].offer or mail.offers[0]).to,
                subject=(same[0].offer or mail.offers[0]).subject,
                text="\n".join(one.words for one in same) + signed,
                answers="",
            )
            for number, same in enumerate(tapped, 1)
        ]

    def _sender(self, reader: str, chance: Random) -> tuple[str, str]:
        desk = next((one for one in self._organisation.desks if one.address.lower() == reader), None)
        if desk is None or not desk.members:
            return reader, ""
        member = chance.choice(desk.members)
        own = chance.random() < TAPS
        return (member, "") if own else (reader, f"\nBy: {self._organisation.person(member).name}")


def _section(offer: Offer) -> tuple[str, str, str]:
    """What belongs together as one question of a request: the offers of one key, or of keys of which one can be meant."""
    return offer.under, EITHER.get(offer.key, offer.key), offer.subject


def _wants(same: Sequence[Offer], chance: Random) -> bool:
    """Whether somebody answers this at all: what a mail only offers besides is left alone mostly."""
    besides = any(word in same[0].under.lower() for word in BESIDES)
    return chance.random() < (UNASKED if besides else 1.0) * SELDOM.get(same[0].key, 1.0)


def _liking(offer: Offer) -> float:
    liking = 1.0
    for words, factor in LESS_OFTEN.items():
        liking *= factor if words in offer.label else 1.0
    return liking
