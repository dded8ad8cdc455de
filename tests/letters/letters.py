"""Letters for tests: the shipped template and rules, an invented wording, and people with marks of their own."""

from datetime import date
from functools import cache

from mailbot import resources
from mailbot.letter import Channel, Contact, DataKind, Letter, Recipient, Wording
from mailbot.letters.letter_rules import LetterRules
from mailbot.letters.writing import WrittenLetter, write
from mailbot.notify.templates import Templates
from mailbot.settings.load import load_settings
from mailbot.terms import Reference

MONDAY = date(2026, 11, 23)

WORDING = Wording(
    what="A folder was left on a bus.\nIt was handed in.",
    when="On 20 November 2026.",
    data="Your name and address.",
    data_for_child="Your child's name and school.",
    consequences="Somebody may have read it.",
    consequences_for_child="Somebody may know where your child goes to school.",
    done="We have the folder back.",
    to_do="We will use locked cases.",
    kinds=(DataKind.CONTACT, DataKind.FINANCIAL),
    help_offered="We can visit you.",
    contact=Contact(name="Callum Reeve", title="Officer", phone="01632 960 311", email="callum.reeve@council.example"),
    owner=Contact(name="Hanna Brook", title="Group Manager"),
)
MARGARET = Recipient(
    row=2,
    name="Margaret Thorne",
    lines=("4 Larch Close", "Exampleton", "ZZ99 2BB"),
    channel=Channel.POST,
    data=("your bank details", "your address"),
    told_on=date(2026, 11, 21),
    told_by="Zebedee Quill",
)
ROSIE = Recipient(
    row=3,
    name="Rosie Vane",
    addressee="Elif Vane",
    because="mother, checked with the school",
    child=True,
    lines=("9 Station Road", "Exampleton", "ZZ99 4DD"),
    channel=Channel.POST,
)
DEV = Recipient(row=4, name="Dev Pillai", email="dev.pillai@mail.example", channel=Channel.EMAIL)


@cache
def shipped_rules() -> LetterRules:
    return load_settings(None, {}, need_secrets=False).letters


def rules_with(**changed: str) -> LetterRules:
    """The shipped rules with templates changed: ``letter__md="…"``, ``_letter_data__md="…"``."""
    sources = resources.template_sources(resources.shipped() / "config")
    sources |= {name.replace("__", "."): text for name, text in changed.items()}
    return shipped_rules().but(templates=Templates.of_letter(sources), layout=sources["letter.typ"])


def template() -> str:
    return (resources.shipped() / "templates" / "letter.md").read_text("utf-8")


def letter(
    recipient: Recipient = MARGARET, wording: Wording = WORDING, *, draft: bool = False, number: int = 1
) -> Letter:
    return Letter(
        reference=Reference("DB2026014"), number=number, recipient=recipient, wording=wording, on=MONDAY, draft=draft
    )


def written(recipient: Recipient = MARGARET, wording: Wording = WORDING, *, draft: bool = False) -> WrittenLetter:
    return write(letter(recipient, wording, draft=draft), shipped_rules())
