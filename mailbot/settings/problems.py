"""Turns what pydantic says into sentences that name the file, the key and what to do."""

import types
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

WORDS = {
    "missing": "is missing: add it",
    "string_type": "must be a text in quotation marks",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "literal_error": "must be one of {expected}",
    "enum": "must be one of {expected}",
    "greater_than_equal": "must be {ge} or more",
    "greater_than": "must be more than {gt}",
    "less_than_equal": "must be {le} or less",
    "less_than": "must be less than {lt}",
    "too_short": "must hold at least {min_length} item(s)",
    "too_long": "must hold at most {max_length} item(s)",
    "string_too_short": "must not be empty",
    "tuple_type": "must be a list in square brackets",
    "list_type": "must be a list in square brackets",
    "dict_type": "must be a table of keys",
    "model_type": "must be a table of keys",
    "model_attributes_type": "must be a table of keys",
    "time_parsing": 'must be a time such as "08:00"',
    "time_type": 'must be a time such as "08:00"',
    "date_parsing": "must be a date such as 2026-12-29",
    "date_type": "must be a date such as 2026-12-29",
    "date_from_datetime_parsing": "must be a date such as 2026-12-29",
    "date_from_datetime_inexact": "must be a date without a time",
    "datetime_type": "must be a date and time such as 2026-11-20T17:00:00",
    "datetime_parsing": "must be a date and time such as 2026-11-20T17:00:00",
    "value_error": "{error}",
    "assertion_error": "{error}",
}
"""Pydantic's kind of error → our words; what stands in braces comes from the error's own context."""


def problems_of(
    error: ValidationError,
    model: type[BaseModel],
    file: str,
    origins: Mapping[str, str] | None = None,
    within: str = "",
) -> list[str]:
    """One sentence per error of validating ``model`` from ``file``.

    ``within`` is the dotted key of the part that was validated. ``origins`` maps a dotted key to the environment
    variable its value came from, which is then named instead of the file.
    """
    sentences = []
    for one in error.errors():
        path = tuple(step for step in one["loc"] if not _is_tag(step))
        key = dotted((within, *path) if within else path)
        place = (origins or {}).get(key)
        where = f"environment: {place}" if place else f"{file}: {key}" if key else file
        sentences.append(f"{where} {_in_words(one, model, path)}")
    return sentences


def dotted(path: Sequence[object]) -> str:
    """``("groups", 2, "name")`` → ``groups[3].name``: list items are counted from one, as people do."""
    text = ""
    for step in path:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text


def nearest(word: str, known: Sequence[str]) -> str:
    """``; did you mean …?`` where a known word is close, else the list of what is known, if it is short."""
    close = get_close_matches(word, known, n=1, cutoff=0.6)
    if close:
        return f"; did you mean {close[0]}?"
    return f"; known are: {', '.join(known)}" if 0 < len(known) <= 20 else ""  # noqa: PLR2004 -- a longer list helps nobody


def model_at(model: type[BaseModel], path: Sequence[object]) -> type[BaseModel] | None:
    """The model that stands at a path of fields, list numbers and table keys; None where there is none."""
    current: Any = model
    for step in path:
        if isinstance(current, type) and issubclass(current, BaseModel):
            field = current.model_fields.get(str(step))
            current = field.annotation if field else None
        else:
            current = _inner(current)
        current = _without_none(current)
    return current if isinstance(current, type) and issubclass(current, BaseModel) else None


def takes_list(annotation: Any) -> bool:
    """Whether a setting of that type takes several values."""
    return get_origin(_without_none(annotation)) in {tuple, list, set, frozenset}


def _in_words(error: ErrorDetails, model: type[BaseModel], path: tuple[object, ...]) -> str:
    if error["type"] == "extra_forbidden":
        if "password" in str(path[-1]):
            return "is a secret: it stands in the environment or in .env, never in this file"
        holder = model_at(model, path[:-1])
        return f"is not a setting{nearest(str(path[-1]), sorted(holder.model_fields)) if holder else ''}"
    words = WORDS.get(error["type"])
    return words.format_map(_Context(error.get("ctx", {}))) if words else f"cannot be used: {error['msg']}"


class _Context(dict[str, Any]):
    """An error's context; a value it lacks shows as an ellipsis rather than breaking the report of a problem."""

    def __missing__(self, key: str) -> str:
        return "…"


def _is_tag(step: object) -> bool:
    """Pydantic puts names of its own wrappers into paths; no key of ours has such characters."""
    return isinstance(step, str) and ("[" in step or "(" in step)


def _inner(annotation: Any) -> Any:
    arguments = [one for one in get_args(annotation) if one is not Ellipsis]
    return arguments[-1] if arguments else None


def _without_none(annotation: Any) -> Any:
    if get_origin(annotation) in {Union, types.UnionType}:
        chosen = [one for one in get_args(annotation) if one is not type(None)]
        return chosen[0] if chosen else None
    return annotation
