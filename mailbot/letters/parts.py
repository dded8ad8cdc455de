"""Whether the template says everything that a letter must say: each value is given a mark of its own and looked for.

What only a condition hides is found too: the template is written for an adult and for a child, with and without the
person's own list of data.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, get_args, get_origin

from mailbot.letter import Letter
from mailbot.letters.letter_rules import LetterRules, Part
from mailbot.letters.view import LetterView, model_of
from mailbot.letters.writing import write_view
from mailbot.notify.templates import LETTER
from mailbot.value import Value

CASES: tuple[dict[str, object], ...] = (
    {"child": False, "own_data": ()},
    {"child": False, "data": ()},
    {"child": True, "own_data": ()},
    {"child": True, "data": ()},
)
"""Every kind of letter there is; either the person's own list of data or what is said of it to all must arrive."""

EITHER = {"data": "own_data", "own_data": "data"}


def template_problems(letter: Letter, rules: LetterRules) -> tuple[str, ...]:
    """What the letter's template fails to say, a sentence each; ``letter`` is any letter, whose values are not used.

    Raises ``TemplateError`` where it cannot be written at all.
    """
    found = [problem for case in CASES for problem in _problems(letter, rules, case)]
    return tuple(dict.fromkeys(found))


def marked(model: type[Value], before: str = "") -> dict[str, Any]:
    """The values of a view in which every text is its own name."""
    return {name: _mark(field.annotation, f"{before}{name}") for name, field in model.model_fields.items()}


def _problems(letter: Letter, rules: LetterRules, case: dict[str, object]) -> Iterator[str]:
    view = LetterView.model_validate(marked(LetterView) | case)
    text = write_view(letter, view, rules.templates).text()
    whose = "a child" if view.child else "an adult"
    for part in rules.file.parts:
        if not any(mark in text for mark in _marks(part, case)):
            yield (
                f"templates/{LETTER}.md: the letter about {whose} does not say {part.words} "
                f"({part.source}): print {{{{ {part.name} }}}}"
            )


def _marks(part: Part, case: dict[str, object]) -> tuple[str, ...]:
    name = EITHER[part.name] if case.get(part.name) == () else part.name
    return (_word(name),)


def _mark(annotation: Any, name: str) -> Any:
    inner = model_of(annotation)
    if inner is not None:
        return marked(inner, f"{name}.")
    if get_origin(annotation) is tuple:
        return (_mark(get_args(annotation)[0], name),)
    if annotation is bool:
        return False
    if date in (annotation, *get_args(annotation)):
        return date(2026, 11, 20)
    return _word(name)


def _word(name: str) -> str:
    return f"<{name}>"
