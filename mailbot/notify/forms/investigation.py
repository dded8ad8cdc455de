"""The investigation report of config/investigation_form.toml for one incident (para 52). Pure.

It is built from the view that every notice inside the council has, so that it cannot hold a word of the report, nor
data of the people affected (69).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from mailbot.assessment import Classification
from mailbot.notify.forms.form import Column, Form, Question, Rows, Section, Stated
from mailbot.notify.views import InternalView
from mailbot.notify.words import day, listed, moment
from mailbot.parse.investigation_rules import (
    ACTION,
    ROOT_CAUSE,
    TAG,
    InvestigationForm,
    InvestigationQuestion,
    InvestigationSection,
    RecommendationTable,
)
from mailbot.parse.recommendation_table import BY_WHEN, OWNER, WHAT
from mailbot.parse.returned import ReturnedInvestigation
from mailbot.parse.rules import FieldKind
from mailbot.terms import Reference

NOT_KNOWN, NONE_KNOWN = "Not known yet", "None that the bot knows of"
CLASSIFIED = {ROOT_CAUSE: Classification.ROOT_CAUSE, ACTION: Classification.ACTION_TAKEN}

_WIDTHS = (800, 3_538, 3_600, 1_700)
"""An address must stand on one line: a page that cuts it in two cannot be read back."""


def investigation_form(
    own: InvestigationForm,
    view: InternalView,
    *,
    repeats: Sequence[Reference] = (),
    due_at: datetime | None = None,
    choices: Mapping[Classification, tuple[str, ...]] | None = None,
    returned: ReturnedInvestigation | None = None,
) -> Form:
    """The form for whoever investigates.

    ``repeats``: the earlier incidents of para 54, the newest first. ``due_at`` (aware): by when the report is due.
    ``choices``: the lists of the published report, offered for root cause and action taken. ``returned``: what came
    back before, so that a report sent back for more (53) need not be written twice.
    """
    told = _told(view, repeats, due_at)
    before = returned or ReturnedInvestigation(source="")
    sections: list[Section] = []
    for section in own.sections:
        if section.title == own.recommendations.before:
            sections.append(_recommendations(own.recommendations, before))
        sections.append(_section(section, told, before, choices or {}))
    if not own.recommendations.before:
        sections.append(_recommendations(own.recommendations, before))
    return Form(
        title=own.title,
        council=view.council,
        about=own.about,
        important=own.important,
        reference=view.reference,
        sections=tuple(sections),
    )


def _told(view: InternalView, repeats: Sequence[Reference], due_at: datetime | None) -> dict[str, str]:
    """What the form can tell, by the names under which the configuration asks for it."""
    provisional = " (provisional)" if view.provisional else ""
    return {
        "group": view.group or NOT_KNOWN,
        "incident_type": view.incident_type or NOT_KNOWN,
        "severity": f"{view.severity.words.capitalize()}{provisional}",
        "occurred_at": _at(view.occurred_at),
        "discovered_at": _at(view.discovered_at),
        "received_at": _at(view.received_at),
        "due_at": _at(due_at),
        "repeats": listed(tuple(dict.fromkeys(repeats))) or NONE_KNOWN,
    }


def _at(at: datetime | None) -> str:
    return moment(at) if at else NOT_KNOWN


def _section(
    section: InvestigationSection,
    told: Mapping[str, str],
    before: ReturnedInvestigation,
    choices: Mapping[Classification, tuple[str, ...]],
) -> Section:
    return Section(
        title=section.title,
        about=section.about,
        stated=tuple(Stated(label=label, said=told[name]) for name, label in section.tells.items()),
        questions=tuple(_question(one, before, choices) for one in section.questions),
    )


def _question(
    asked: InvestigationQuestion, before: ReturnedInvestigation, choices: Mapping[Classification, tuple[str, ...]]
) -> Question:
    listed_choices = choices.get(CLASSIFIED[asked.field], ()) if asked.field in CLASSIFIED else ()
    answer = before.answer(asked.field)
    return Question(
        field=f"{TAG}{asked.field}",
        question=asked.question,
        hint=asked.hint,
        kind=asked.kind,
        choices=asked.choices or listed_choices,
        ticks=asked.ticks,
        lines=asked.lines,
        answer=answer,
        needed=(asked.needed or bool(asked.ticks)) and not answer,
    )


def _recommendations(asked: RecommendationTable, before: ReturnedInvestigation) -> Section:
    fields = ("", WHAT, OWNER, BY_WHEN)
    kinds = (FieldKind.TEXT, FieldKind.TEXT, FieldKind.TEXT, FieldKind.DATE)
    columns = (
        Column(heading=heading, width=width, field=field, kind=kind)
        for heading, width, field, kind in zip(asked.headings, _WIDTHS, fields, kinds, strict=True)
    )
    table = Rows(columns=tuple(columns), rows=_rows(asked.rows, before))
    return Section(title=asked.title, about=asked.about, table=table)


def _rows(count: int, before: ReturnedInvestigation) -> tuple[tuple[str, str, str, str], ...]:
    """The rows made before under their numbers, then empty ones, numbered on."""
    made = [
        (str(one.number), one.text, one.owner_as_written, day(one.due_on) if one.due_on else "")
        for one in before.recommendations
    ]
    if before.none_because:
        made = [("1", before.none_because, "", "")]
    used = max((int(number) for number, *_ in made), default=0)
    spare = max(count - len(made), 2 if made else count)
    return (*made, *((str(number), "", "", "") for number in range(used + 1, used + spare + 1)))
