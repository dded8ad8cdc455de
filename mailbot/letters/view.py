"""What the letter's template may use: one person's letter as typed values. No field can hold another person's data.

Nobody of the council is in it but the contact and the owner of the breach: who erred, who told whom, and who
received the data by mistake have no field.
"""

import types
from collections.abc import Iterator
from datetime import date
from typing import Any, Union, get_args, get_origin

from mailbot.value import Value


class AdviceView(Value):
    """What to do about one kind of data."""

    title: str
    steps: tuple[str, ...]


class ContactView(Value):
    """Whom to ask, or who signs."""

    name: str
    title: str | None
    phone: str | None
    email: str | None


class ComplaintsView(Value):
    """Who in the council takes a complaint; ``address`` in one line."""

    name: str
    phone: str
    email: str
    address: str | None


class RegulatorView(Value):
    """To whom one may complain about the council; ``address`` in one line."""

    name: str
    phone: str
    hours: str
    complaints: str
    address: str | None


class LetterView(Value):
    """One letter. Texts of several paragraphs are tuples, a paragraph each; what is not known is None or empty.

    ``name`` is the person affected, ``written_to`` who reads it: for a child somebody else. ``own_data`` are the
    things of this person that were involved, ``data`` what is said of the data to everybody.
    """

    council: str
    number: str
    on: date
    draft: bool
    child: bool
    name: str
    written_to: str
    told_on: date | None
    what: tuple[str, ...]
    when: tuple[str, ...]
    data: tuple[str, ...]
    own_data: tuple[str, ...]
    consequences: tuple[str, ...]
    done: tuple[str, ...]
    to_do: tuple[str, ...]
    advice: tuple[AdviceView, ...]
    help_offered: tuple[str, ...]
    contact: ContactView
    owner: ContactView
    complaints: ComplaintsView | None
    regulator: RegulatorView


def names_in(model: type[Value], before: str = "") -> Iterator[str]:
    """Every value of a view by its dotted name (``contact.phone``); a list of views counts as one."""
    for name, field in model.model_fields.items():
        inner = model_of(field.annotation)
        if inner is not None:
            yield from names_in(inner, f"{before}{name}.")
        yield f"{before}{name}"


def model_of(annotation: Any) -> type[Value] | None:
    """The view that stands in a field, where one stands there by itself; None for anything else."""
    if get_origin(annotation) in {Union, types.UnionType}:
        annotation = next(one for one in get_args(annotation) if one is not type(None))
    return annotation if isinstance(annotation, type) and issubclass(annotation, Value) else None
