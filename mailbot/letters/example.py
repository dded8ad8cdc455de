"""Invented recipients, one of each kind: for previews, for checks, and to try a draft before there is an incident."""

from datetime import date

from mailbot.letter import Channel, Confirmed, Letter, Recipient, Wording
from mailbot.terms import Reference

ON = date(2026, 11, 24)
REFERENCE = Reference("DB2026014")
CHECKED = Confirmed(by="Callum Reeve", on=date(2026, 11, 23), source="council tax register")

RECIPIENTS = (
    Recipient(
        row=2,
        name="Margaret Thorne",
        lines=("4 Larch Close", "Exampleton", "ZZ99 2BB"),
        channel=Channel.POST,
        data=("your name and address", "your telephone number", "the plan for your care from May 2026"),
        confirmed=CHECKED,
        told_on=date(2026, 11, 23),
        told_by="Hanna Brook",
    ),
    Recipient(
        row=3,
        name="Łukasz O'Brien-Ní Dhomhnaill",
        lines=("Flat 2", "17 Mill Lane", "Upper Sampleford", "Exampleton", "ZZ99 3CC"),
        channel=Channel.POST,
        confirmed=CHECKED,
    ),
    Recipient(
        row=4,
        name="Rosie Ağaoğlu",
        addressee="Mrs Elif Ağaoğlu",
        because="mother, lives with the child",
        child=True,
        lines=("9 Station Road", "Exampleton", "ZZ99 4DD"),
        channel=Channel.POST,
        data=("your child's name and date of birth", "the name of your child's school"),
        confirmed=CHECKED,
    ),
    Recipient(row=5, name="Dev Pillai", email="dev.pillai@mail.example", channel=Channel.EMAIL, confirmed=CHECKED),
)


def example_letters(wording: Wording, on: date = ON, *, draft: bool = True) -> tuple[Letter, ...]:
    """A letter to each of them."""
    return tuple(
        Letter(reference=REFERENCE, number=number, recipient=one, wording=wording, on=on, draft=draft)
        for number, one in enumerate(RECIPIENTS, 1)
    )
