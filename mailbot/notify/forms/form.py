"""A form of the council's own, blank or filled in as far as the answers are known. Values only."""

from mailbot.parse.rules import FieldKind
from mailbot.value import Value


class Question(Value):
    """One question with the place for its answer.

    ``field``: the name under which the answer is read back. ``choices``: what may be picked, other words may be typed.
    ``lines``: how much room there is at least.
    ``needed``: it is waited for. ``unsure``: the answer was read without certainty, so its writer is asked to check it.
    """

    field: str
    question: str
    hint: str = ""
    kind: FieldKind = FieldKind.TEXT
    choices: tuple[str, ...] = ()
    lines: int = 1
    answer: str = ""
    needed: bool = False
    unsure: bool = False


class Section(Value):
    """Questions under one heading."""

    title: str
    about: str = ""
    questions: tuple[Question, ...]


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
