"""The report form of config/form.toml, blank or with what was already told. Pure."""

from collections.abc import Mapping
from datetime import datetime, time

from mailbot.incident import FieldValue
from mailbot.notify.forms.form import Form, Question, Section
from mailbot.notify.words import LONDON, day, moment
from mailbot.parse.dates import understand_date
from mailbot.parse.labels import SURE
from mailbot.parse.rules import FieldKind, FormRules, OwnForm, OwnQuestion


def blank_report_form(rules: FormRules, own: OwnForm, council: str) -> Form:
    """The form for somebody who has not reported yet: every required question is marked as needed."""
    needed = frozenset(name for name, field in rules.fields.items() if field.required)
    return _form(rules, own, council, {}, needed)


def filled_report_form(
    rules: FormRules,
    own: OwnForm,
    council: str,
    *,
    reference: str,
    facts: Mapping[str, FieldValue],
    missing: tuple[str, ...],
) -> Form:
    """The form for an incident: answered questions show their answers, what is still missing is marked as needed."""
    form = _form(rules, own, council, facts, frozenset(missing))
    return form.but(reference=reference)


def _form(
    rules: FormRules, own: OwnForm, council: str, facts: Mapping[str, FieldValue], needed: frozenset[str]
) -> Form:
    sections = tuple(
        Section(
            title=section.title,
            about=section.about,
            questions=tuple(_question(one, rules, facts.get(one.field), needed) for one in section.questions),
        )
        for section in own.sections
    )
    return Form(title=own.title, council=council, about=own.about, important=own.important, sections=sections)


def _question(asked: OwnQuestion, rules: FormRules, fact: FieldValue | None, needed: frozenset[str]) -> Question:
    kind = rules.kind_of(asked.field)
    answer = written_answer(fact, kind) if fact else ""
    return Question(
        field=asked.field,
        question=asked.question,
        hint=asked.hint,
        kind=kind,
        choices=asked.choices,
        lines=asked.lines,
        answer=answer,
        needed=asked.field in needed and not answer,
        unsure=bool(answer) and fact is not None and fact.confidence < SURE,
    )


def written_answer(fact: FieldValue, kind: FieldKind) -> str:
    """An answer as it is written into a form, so that whoever reads the form understands the same by it.

    “Last night” says something else a day later, so a moment that was understood is written out.
    """
    if kind not in {FieldKind.DATE, FieldKind.DATETIME}:
        return fact.raw or fact.value
    return next((text for text in _dates(fact.value) if _says(text, fact.value, kind)), fact.raw or fact.value)


def _dates(value: str) -> tuple[str, ...]:
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return ()
    local = at.astimezone(LONDON) if at.tzinfo else at
    on = day(local.date())
    return (on,) if local.time() == time() else (moment(at), f"{on}, {local:%H:%M} {local.tzname()}", value)


def _says(text: str, value: str, kind: FieldKind) -> bool:
    anchor = datetime.fromisoformat(value)
    found = understand_date(text, anchor if anchor.tzinfo else anchor.replace(tzinfo=LONDON))
    if found.at is None:
        return False
    return value == (found.at.astimezone(LONDON).date().isoformat() if kind is FieldKind.DATE else found.iso)
