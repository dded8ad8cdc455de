"""The demo's stories (stories/*.toml) as values: what arrives when, who answers what, which machines answer, when the bot is off."""

import tomllib
from datetime import datetime
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from mailbot.notify.words import LONDON
from mailbot.value import Value

STORIES = Path(__file__).with_name("stories")


def _aware(moment: Any) -> Any:
    """The file's moments are London's."""
    return moment.replace(tzinfo=LONDON) if isinstance(moment, datetime) else moment


LondonMoment = Annotated[datetime, AfterValidator(_aware)]
Form = Literal["", "table", "content_controls", "legacy_fields", "pdf", "damaged", "minutes", "enclosed"]


class Enclosure(Value):
    """A document that goes with a mail: how it is made, what it is called, and question → answer.

    ``enclosed`` is the form that came with the mail that is answered, filled in; ``rows`` go into its table.
    """

    form: Form = ""
    form_name: str = ""
    answers: dict[str, str] = {}
    rows: tuple[tuple[str, ...], ...] = ()


class Mail(Enclosure):
    """A mail that arrives in one or more of the council's mailboxes ("it", "ig", "bot").

    ``vouched``: the council's gateway says that it comes from where it claims to come from.
    """

    at: LondonMoment
    to: tuple[str, ...]
    sender: str = Field(alias="from")
    subject: str
    text: str
    shows: str
    vouched: bool = True


class Answer(Enclosure):
    """Somebody answers a mail of the bot about an incident: the newest that offers a link for what they write.

    Where none does, it is the newest about that ``duty``. ``asked`` is whose mail it is, if not theirs. ``taps``: they
    tap the link on a phone, which quotes nothing; otherwise they reply, with the mail quoted below.
    """

    at: LondonMoment
    by: str
    about: str
    words: str
    duty: str = ""
    asked: str = ""
    taps: bool = False
    shows: str = ""

    @property
    def read_by(self) -> str:
        """The address whose mail is answered."""
        return self.asked or parseaddr(self.by)[1]

    @property
    def key(self) -> str:
        """What the answer answers: "contained" for "Contained: yes, …"; "" where there is no such line."""
        before, colon, _ = self.words.strip().partition(":")
        return before.lower() if colon and "\n" not in before else ""


class Automatic(Value):
    """An address behind which a machine answers every mail (a bounce) or the first one (an absence), until a moment."""

    address: str
    kind: Literal["bounce", "out_of_office"]
    words: str = ""
    until: LondonMoment | None = None


class Outage(Value):
    """The bot is off from one moment to another; mail that comes meanwhile waits in the mailboxes."""

    from_at: LondonMoment
    until_at: LondonMoment

    def covers(self, moment: datetime) -> bool:
        """Whether the bot is off at that moment."""
        return self.from_at <= moment < self.until_at


class Script(Value):
    """A whole story. ``short`` is its title in a few words, ``folder`` where its pages stand, ``first_number`` that of its first incident.

    ``affected``: names of people whose data is affected, for tests to look for. ``deputies``: who stands in for whom,
    besides those of config/organisation.toml.
    """

    title: str
    short: str
    folder: str
    about: str
    begins: LondonMoment
    ends: LondonMoment
    first_number: int = 1
    affected: tuple[str, ...]
    deputies: dict[str, str] = {}
    mails: tuple[Mail, ...]
    answers: tuple[Answer, ...]
    automatic: tuple[Automatic, ...] = ()
    outages: tuple[Outage, ...] = ()

    def machine_at(self, address: str, at: datetime) -> Automatic | None:
        """The machine behind an address at a moment, None where a person reads."""
        found = (one for one in self.automatic if one.address == address.lower())
        return next((one for one in found if one.until is None or at < one.until), None)

    def up_again(self, moment: datetime) -> datetime:
        """That moment, or the end of the outage in which the bot is off then."""
        return next((one.until_at for one in self.outages if one.covers(moment)), moment)


def load_script(name: str) -> Script:
    """A story that ships with the package, by the name of its file."""
    return Script.model_validate(tomllib.loads((STORIES / f"{name}.toml").read_text(encoding="utf-8")))
