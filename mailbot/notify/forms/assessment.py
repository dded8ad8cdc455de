"""The severity assessment of config/assessment_form.toml for one incident: what the bot proposes and why, to be corrected.

It quotes the report: who may have it is for ``enclosed`` to say (para 69). Pure.
"""

from collections.abc import Mapping
from datetime import datetime

from mailbot.assessment import Assessment, Classification, explained
from mailbot.incident import Incident
from mailbot.notify.forms.docx import docx_of
from mailbot.notify.forms.form import Form, Question, Section, Stated
from mailbot.notify.words import moment
from mailbot.parse.assessment_form import digest_of, own_words, stamp_of
from mailbot.parse.assessment_rules import (
    IMPACT,
    LIKELIHOOD,
    RATING,
    STAMP,
    TAG,
    AssessmentForm,
    AssessmentQuestion,
    AssessmentSection,
)
from mailbot.parse.docx import read_docx
from mailbot.procedure.proposed import RATINGS, factor_of, proposed_answers
from mailbot.procedure.rating import standing_assessment

NOT_KNOWN = "Not known yet"
REPORTED = "In the report"
"""Stands before a fact's name, so that no fact can be taken for the question that has its name."""


def assessment_form(
    own: AssessmentForm, incident: Incident, council: str, choices: Mapping[Classification, tuple[str, ...]]
) -> Form:
    """The form as the bot proposes to fill it in. ``choices``: the closed lists of config/classification.toml."""
    grid_is_asked = incident.health_or_social_care
    proposed = proposed_answers(own, incident)
    sections = (
        _section(one, incident, proposed, choices)
        for one in own.sections
        if grid_is_asked or not {LIKELIHOOD, IMPACT} & {question.name for question in one.questions}
    )
    form = Form(
        title=own.title,
        council=council,
        about=own.about,
        important=own.important,
        reference=incident.reference,
        sections=tuple(section for section in sections if section.stated or section.questions),
    )
    return _stamped(form, own, len(incident.ratings))


def _stamped(form: Form, own: AssessmentForm, rating: int) -> Form:
    """The form with the row by which it is known again, and by which words written beside its boxes are noticed."""
    first, *others = form.sections

    def with_stamp(said: str) -> Form:
        return form.but(sections=(first.but(stated=(*first.stated, Stated(label=STAMP, said=said))), *others))

    said = own_words(read_docx(docx_of(with_stamp(STAMP))), own)
    return with_stamp(stamp_of(own.version, rating, digest_of(said)))


def _section(
    section: AssessmentSection,
    incident: Incident,
    proposed: Mapping[str, str],
    choices: Mapping[Classification, tuple[str, ...]],
) -> Section:
    told = tuple(Stated(label=label, said=_told(name, incident)) for name, label in section.tells.items())
    questions = tuple(_question(one, incident, proposed[one.name], choices) for one in section.questions)
    return Section(
        title=section.title,
        about=section.about,
        stated=(*told, *(_reported(incident) if section.report else ())),
        questions=questions,
    )


def _told(name: str, incident: Incident) -> str:
    if name == "severity":
        provisional = " (provisional)" if incident.severity_is_provisional else ""
        return f"{incident.severity.words.capitalize()}{provisional}"
    if name == "subjects":
        return incident.fact(name) or NOT_KNOWN
    told = getattr(incident, name)
    return (moment(told) if isinstance(told, datetime) else told) or NOT_KNOWN


def _reported(incident: Incident) -> tuple[Stated, ...]:
    return tuple(
        Stated(label=f"{REPORTED}: {name.replace('_', ' ')}", said=said)
        for name, fact in incident.facts.items()
        if (said := fact.raw.strip() or fact.value)
    )


def _question(
    asked: AssessmentQuestion,
    incident: Incident,
    proposed: str,
    choices: Mapping[Classification, tuple[str, ...]],
) -> Question:
    listed = {one.value: choices.get(one, ()) for one in Classification} | {RATING: RATINGS}
    hints = (asked.hint, _because(asked, incident))
    return Question(
        field=f"{TAG}{asked.name}",
        question=asked.question,
        hint=" ".join(hint for hint in hints if hint),
        choices=tuple(one.shown for one in asked.choices) or listed.get(asked.name, ()),
        ticks=asked.ticks,
        lines=asked.lines,
        answer=proposed,
    )


def _because(asked: AssessmentQuestion, incident: Incident) -> str:
    """Why the bot proposes what it proposes, with the passage that made it."""
    counted = next((one for one in Classification if one.value == asked.name), None)
    if counted:
        classified = incident.classified.get(counted)
        return "; ".join(reason.text for reason in classified.reasons) if classified else ""
    assessment = standing_assessment(incident)
    return _of_factor(asked, assessment) if assessment and asked.has_points else ""


def _of_factor(asked: AssessmentQuestion, assessment: Assessment) -> str:
    factor = factor_of(asked, assessment)
    if factor is None:
        return ""
    unknown = "" if factor.known else " The report does not say: the careful value is proposed."
    return f"The bot’s reason: {explained(f'{factor.words} ({factor.source})', factor.quote)}.{unknown}"
