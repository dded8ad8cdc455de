"""The story of the demo's weekend (weekend.toml) as values: what arrives when, who answers what, which machines answer."""

import tomllib
from datetime import datetime
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from mailbot.notify.words import LONDON
from mailbot.value import Value

STORY = Path(__file__).with_name("weekend.toml")


def _aware(moment: Any) -> Any:
    """The file's moments are London's."""
    return moment.replace(tzinfo=LONDON) if isinstance(moment, datetime) else moment


LondonMoment = Annotated[datetime, AfterValidator(_aware)]
Form = Literal["", "table", "content_controls", "legacy_fields", "pdf", "damaged", "minutes"]


class Enclosure(Value):
    """A document that goes with a mail: how it is made, what it is called, and question → answer."""

    form: Form = ""
    form_name: str = ""
    answers: dict[str, str] = {}


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
    """Somebody answers the newest mail about an incident and a duty; ``asked`` is whose mail it is, if not theirs."""

    at: LondonMoment
    by: str
    about: str
    duty: str
    words: str
    asked: str = ""

    @property
    def read_by(self) -> str:
        """The address whose mail is answered."""
        return self.asked or parseaddr(self.by)[1]


class Automatic(Value):
    """An address behind which a machine answers every mail (a bounce) or the first one (an absence)."""

    address: str
    kind: Literal["bounce", "out_of_office"]
    words: str = ""


class Weekend(Value):
    """The whole story. ``affected``: names of people whose data is affected, for tests to look for."""

    begins: LondonMoment
    ends: LondonMoment
    affected: tuple[str, ...]
    mails: tuple[Mail, ...]
    answers: tuple[Answer, ...]
    automatic: tuple[Automatic, ...]

    def machine_at(self, address: str) -> Automatic | None:
        """The machine behind an address, None where a person reads."""
        return next((one for one in self.automatic if one.address == address.lower()), None)


def load_weekend() -> Weekend:
    """The story that ships with the package."""
    return Weekend.model_validate(tomllib.loads(STORY.read_text(encoding="utf-8")))
