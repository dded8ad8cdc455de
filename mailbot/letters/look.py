"""Letter → the view its template is given, and what that view lacks."""

from collections.abc import Iterator
from typing import Any

from mailbot.letter import Contact, Letter
from mailbot.letters.letter_rules import Advice, LetterRules, Part
from mailbot.letters.view import AdviceView, ComplaintsView, ContactView, LetterView, RegulatorView
from mailbot.organisation import Complaints, Regulator

TEXTS = ("what", "when", "data", "consequences", "done", "to_do", "help_offered")
FOR_CHILD = ("data", "consequences")


def view_of(letter: Letter, rules: LetterRules) -> LetterView:
    """What the template may use of one letter, the council's own words beside it."""
    wording, recipient = letter.wording, letter.recipient
    organisation = rules.organisation
    texts = {name: getattr(wording, name) for name in TEXTS}
    if recipient.child:
        texts |= {name: said for name in FOR_CHILD if (said := getattr(wording, f"{name}_for_child"))}
    return LetterView(
        council=organisation.council,
        number=letter.name,
        on=letter.on,
        draft=letter.draft,
        child=recipient.child,
        name=recipient.name,
        written_to=recipient.written_to,
        told_on=recipient.told_on,
        own_data=recipient.data,
        advice=tuple(_advice(rules.file.advice_on(kind), child=recipient.child) for kind in wording.kinds),
        contact=_contact(wording.contact),
        owner=_contact(wording.owner),
        complaints=_complaints(organisation.complaints),
        regulator=_regulator(organisation.regulator),
        **{name: paragraphs(said) for name, said in texts.items()},
    )


def lacks(view: LetterView, parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts that every letter must have and this one has no value for."""
    return tuple(one for one in parts if not value_at(view, one.name))


def value_at(view: Any, name: str) -> Any:
    """The value of a dotted name, None where anything on the way to it is missing."""
    for step in name.split("."):
        view = getattr(view, step, None)
    return view


def paragraphs(text: str) -> tuple[str, ...]:
    """The lines that say something: whoever begins a new line begins a new paragraph."""
    return tuple(_lines(text))


def _lines(text: str) -> Iterator[str]:
    return (" ".join(line.split()) for line in text.splitlines() if line.strip())


def _advice(row: Advice, *, child: bool) -> AdviceView:
    return AdviceView(title=row.title, steps=row.for_child or row.steps if child else row.steps)


def _contact(one: Contact) -> ContactView:
    return ContactView(name=one.name, title=one.title or None, phone=one.phone or None, email=one.email or None)


def _complaints(one: Complaints | None) -> ComplaintsView | None:
    if one is None:
        return None
    return ComplaintsView(name=one.name, phone=one.phone, email=one.email, address=", ".join(one.address) or None)


def _regulator(one: Regulator) -> RegulatorView:
    return RegulatorView(
        name=one.name,
        phone=one.phone,
        hours=one.hours,
        complaints=one.complaints,
        address=", ".join(one.address) or None,
    )
