"""A form of the council's own, blank or filled in as far as the answers are known. Values only."""

from mailbot.parse.rules import FieldKind
from mailbot.value import Value


class Question(Value):
    """One question with the place for its answer.

    ``field``: the name under which the answer is read back. ``choices``: what may be picked, other words may be typed.
    ``ticks``: boxes beside one another to tick one of. ``lines``: how much room there is at least.
    ``needed``: it is waited for. ``unsure``: the answer was read without certainty, so its writer is asked to check it.
    """

    field: str
    question: str
    hint: str = ""
    kind: FieldKind = FieldKind.TEXT
    choices: tuple[str, ...] = ()
    ticks: tuple[str, ...] = ()
    lines: int = 1
    answer: str = ""
    needed: bool = False
    unsure: bool = False


class Stated(Value):
    """Something that the form tells and does not ask."""

    label: str
    said: str


class Column(Value):
    """One column of a table to fill in. Without a ``field`` it is only shown; ``width`` in twentieths of a point."""

    heading: str
    width: int
    field: str = ""
    kind: FieldKind = FieldKind.TEXT


class Rows(Value):
    """A table to fill in, row by row; each of ``rows`` holds what stands in its columns so far."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


class Section(Value):
    """What stands under one heading: what is told, then questions, then a table."""

    title: str
    about: str = ""
    stated: tuple[Stated, ...] = ()
    questions: tuple[Question, ...] = ()
    table: Rows | None = None


class Form(Value):
    """A whole form. ``about``: what is said above the questions; ``important``: what must not be overlooked.

    ``reference`` is the incident it belongs to, empty on a blank form.
    """

    title: str
    council: str
    about: tuple[str, ...] = ()
    important: str = ""
    reference: str = ""
    sections: tuple[Section, ...]
