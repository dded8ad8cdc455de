"""Jinja2 as the templates meet it: sandboxed, strict about missing values, and never trusting a value's text."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from jinja2 import DictLoader, StrictUndefined, TemplateSyntaxError, Undefined, nodes, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment
from pydantic import BaseModel

from mailbot.errors import TemplateError
from mailbot.notify import words
from mailbot.notify.slots import MARK, Markdown, Slots
from mailbot.notify.templates import LAYOUT, Templates

SLOTS = "__slots"
NOW = "__now"
RECENT = timedelta(hours=1)
REFUSED = (nodes.Macro, nodes.CallBlock, nodes.FilterBlock, nodes.AssignBlock, nodes.ImportedName, nodes.Extends)
"""What would turn rendered Markdown into a value again; a template shares pieces by ``include`` instead."""


class Absent(StrictUndefined):
    """A field without a value: a template may ask whether it is there, but not print it."""

    __slots__ = ()

    def __bool__(self) -> bool:  # type: ignore[override]  # its parent never returns
        return False


def absent_if_empty(value: Any, name: str) -> Any:
    """The value itself, or ``Absent`` bearing the field's name where there is nothing to say."""
    return Absent(name=name) if value is None or value == "" else value


class TemplateEnvironment(SandboxedEnvironment):
    """Shows templates the fields of views and nothing behind them."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, dict) and attribute not in obj:
            return Absent(name=attribute)
        return absent_if_empty(super().getattr(obj, attribute), attribute)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if isinstance(obj, BaseModel):
            return attr in type(obj).model_fields
        return super().is_safe_attribute(obj, attr, value)


@pass_context
def into_slot(context: Context, value: Any) -> str:
    """What every printed expression goes through: it becomes a mark, put in place after the Markdown is read."""
    if isinstance(value, Markdown):
        return value
    if isinstance(value, Undefined):
        return str(value)
    if isinstance(value, (date, timedelta)):
        raise TemplateError(
            f"a date is printed as it is; write {{{{ … | {'moment' if isinstance(value, datetime) else 'day'} }}}}"
        )
    slots: Slots = context[SLOTS]
    return slots.mark(str(value))


@pass_context
def time_left(context: Context, due_at: datetime) -> str:
    """``10 hours left`` or ``2 days overdue``, as of the moment the mail is written."""
    return words.time_left(due_at, context[NOW])


@pass_context
def elapsed(context: Context, since: datetime) -> str:
    """How long ago something was: ``26 hours``."""
    return words.length(context[NOW] - since)


@pass_context
def is_past(context: Context, at: datetime) -> bool:
    """Whether a moment has passed when the mail is written."""
    return bool(at <= context[NOW])


@pass_context
def is_recent(context: Context, at: datetime) -> bool:
    """Whether a moment lies less than an hour back: too short a time to be worth telling."""
    return bool(context[NOW] - at < RECENT)


@pass_context
def phone_link(context: Context, number: str) -> Markdown:
    """A telephone number that a phone can ring by a touch."""
    slots: Slots = context[SLOTS]
    digits = "".join(one for one in number if one in "+0123456789")
    return Markdown(f"[{slots.mark(number)}](tel:{slots.mark(digits, trusted=True)})")


FILTERS = {
    "clock": words.clock,
    "counted": words.counted,
    "day": words.day,
    "deadline": words.deadline,
    "elapsed": elapsed,
    "listed": words.listed,
    "moment": words.moment,
    "written_moment": words.written_moment,
    "phone": phone_link,
    "sentence": words.sentence,
    "time_left": time_left,
}


@lru_cache(maxsize=8)
def environment(templates: Templates) -> TemplateEnvironment:
    """The environment of a set of templates, made and checked once. Raises ``TemplateError`` naming file and line."""
    sources = {LAYOUT: templates.layout} | templates.parts
    for name, template in templates.messages.items():
        sources |= {f"{name}.md": template.body, f"{name}.md (subject)": template.subject}
    made = TemplateEnvironment(
        loader=DictLoader(sources), undefined=StrictUndefined, finalize=into_slot, cache_size=-1,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, auto_reload=False,
    )  # fmt: skip
    made.filters.update(FILTERS)
    made.tests |= {"past": is_past, "recent": is_recent}
    _check(made, sources)
    return made


def _check(made: TemplateEnvironment, sources: Mapping[str, str]) -> None:
    problems = []
    for name, source in sources.items():
        try:
            refused = next(made.parse(source).find_all(REFUSED), None)
        except TemplateSyntaxError as error:
            problems.append(f"templates/{name}, line {error.lineno}: {error.message}")
            continue
        if refused is not None:
            kind = type(refused).__name__
            problems.append(f"templates/{name}, line {refused.lineno}: {kind} cannot be used; share a piece by include")
        if MARK.search(source):
            problems.append(f"templates/{name}: holds a text that the bot uses as a mark of its own")
    if problems:
        raise TemplateError("\n".join(problems))
