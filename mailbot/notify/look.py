"""Builds each audience's view of an incident: the one place that decides what of an incident may be said to whom."""

import re
from collections.abc import Iterable
from enum import StrEnum

from mailbot.incident import Duty, Incident
from mailbot.notify.asked import ask_of, asks_of, listed_name, may_say, own_duty
from mailbot.notify.assessed import (
    assessment_view,
    classified_views,
    known_reasons,
    known_type_reasons,
    repeat_count_views,
    repeat_views,
)
from mailbot.notify.enclosed import enclosed
from mailbot.notify.rules import ICO_DUTY, NotifyRules
from mailbot.notify.views import (
    ContactView,
    DeskView,
    DutyView,
    FactView,
    InternalView,
    OnCallView,
    OutsideView,
    QuestionView,
    ReporterView,
)
from mailbot.notify.words import band
from mailbot.procedure.decision import Notice
from mailbot.terms import Queue, Role, Severity, Stage

DOUBTFUL_BELOW = 0.8
NO_ADDRESS = "a sender who gives no address"
CLOSED = re.compile(r"[A-Z]{1,6}20\d{5,8}|\d{1,6}|\d{1,3}(, \d{1,3}){1,99}|\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?")
"""What may be mentioned to anybody: a reference, a number, a date or moment."""


def on_call_view(notice: Notice, incident: Incident, rules: NotifyRules) -> OnCallView:  # noqa: ARG001  one signature for all
    return OnCallView(reference=incident.reference, phone=rules.desk(incident.queue).phone)


def outside_view(notice: Notice, incident: Incident, rules: NotifyRules) -> OutsideView:  # noqa: ARG001  one signature for all
    # Reporters from outside are directed to the Information Governance Team, whichever desk acts (para 34).
    return OutsideView(
        reference=incident.reference,
        council=rules.organisation.council,
        received_at=incident.received_at,
        contact=contact(rules, Queue.IG),
    )


def reporter_view(notice: Notice, incident: Incident, rules: NotifyRules) -> ReporterView:
    own = {
        "it_desk": contact(rules, Queue.IT),
        "ig_desk": contact(rules, Queue.IG),
        "stolen": incident.stolen,
        "safety": bool(incident.safety),
        "restricted": bool(incident.restricted),
        "called": incident.reporter.called,
        "form_attached": bool(enclosed(notice, incident, rules)),
    }
    return ReporterView.model_validate(_letterhead(notice, incident, rules) | own)


def internal_view(notice: Notice, incident: Incident, rules: NotifyRules) -> InternalView:
    return InternalView.model_validate(_letterhead(notice, incident, rules) | _state(incident, rules))


def desk_view(notice: Notice, incident: Incident, rules: NotifyRules) -> DeskView:
    quoted = {
        "mentions": notice.mentions,
        "reporter_address": incident.reporter.address or NO_ADDRESS,
        "facts": _facts(incident),
        "reasons": incident.queue_reasons,
        "rating_reason": None if incident.severity_is_provisional else "; ".join(incident.ratings[-1].reasons) or None,
        "assessment": assessment_view(incident.ratings[-1].assessment),
        "classified": classified_views(incident),
        "repeats": repeat_views(incident),
        "repeat_counts": repeat_count_views(incident),
        "doubts": incident.doubts,
        "flags": (*incident.safety, *incident.restricted),
        "originals": tuple(
            one.model_dump(exclude={"uid"}) | {"sender": one.sender or NO_ADDRESS} for one in incident.originals
        ),
        "alike": tuple(one.model_dump() for one in incident.alike),
    }
    return DeskView.model_validate(_letterhead(notice, incident, rules) | _state(incident, rules) | quoted)


def contact(rules: NotifyRules, queue: Queue) -> ContactView:
    """The desk of a queue as somebody to ring or write to."""
    desk = rules.desk(queue)
    return ContactView(name=queue.desk, phone=desk.phone, address=desk.address, hours=desk.hours)


def duty_view(duty: Duty, rules: NotifyRules) -> DutyView:
    """A duty without its history; its person only by the directory's name."""
    return DutyView(
        title=rules.duty(duty.kind).title,
        holder=duty.holder,
        person=listed_name(duty.person, rules),
        started_at=duty.started_at,
        due_at=duty.due_at,
        is_open=duty.is_open,
        met=duty.discharged.met if duty.discharged else None,
    )


def listed_type(incident: Incident, rules: NotifyRules) -> str | None:
    """The type of incident where it is one of the configured names, else None."""
    return incident.incident_type if incident.incident_type in rules.incident_types else None


def listed_group(incident: Incident, rules: NotifyRules) -> str | None:
    """The directory's name of the group where it occurred, None where the directory has no such group."""
    group = rules.organisation.group(incident.group) if incident.group else None
    return group.name if group else None


def _letterhead(notice: Notice, incident: Incident, rules: NotifyRules) -> dict[str, object]:
    ico = incident.duty(ICO_DUTY)
    own = own_duty(notice, incident)
    asks = asks_of(notice, incident, rules)
    return {
        "reference": incident.reference,
        "council": rules.organisation.council,
        "name": listed_name(notice.recipient, rules),
        "role": notice.role,
        "why": notice.why,
        "received_at": incident.received_at,
        "ico_due_at": ico.due_at if ico and ico.is_open else None,
        "contact": contact(rules, incident.queue),
        "ask": ask_of(own, incident, rules) if own else None,
        "asks": asks,
        "may_say": may_say(notice, incident, asks, rules),
        "late": notice.late,
        "questions": tuple(
            QuestionView(key=label(name), question=rules.questions[name])
            for name in incident.missing
            if name in rules.questions
        ),
        "mentions": _known_mentions(notice, rules),
    }


def _state(incident: Incident, rules: NotifyRules) -> dict[str, object]:
    plain = (
        "queue", "also_tell", "severity", "stage", "occurred_at", "discovered_at", "aware_at", "personal_data",
        "health_or_social_care", "stolen", "allegation",
    )  # fmt: skip
    return {name: getattr(incident, name) for name in plain} | {
        "provisional": incident.severity_is_provisional,
        "severity_reasons": known_reasons(incident, rules),
        "rated_by": None if incident.severity_is_provisional else listed_name(incident.ratings[-1].by, rules),
        "incident_type": listed_type(incident, rules),
        "type_reasons": known_type_reasons(incident, rules),
        "people_affected": band(incident.fact("subjects")),
        "group": listed_group(incident, rules),
        "reporter": listed_name(incident.reporter.address, rules),
        "reporter_outside": incident.reporter.outside,
        "line_manager": listed_name(incident.line_manager, rules),
        "responsible_line_manager": listed_name(incident.responsible_line_manager, rules),
        "safety": bool(incident.safety),
        "restricted": bool(incident.restricted),
        "duties": tuple(duty_view(duty, rules) for duty in incident.duties),
    }


def label(field: str) -> str:
    """A form field's name as people read it: ``Occurred at``."""
    return field.replace("_", " ").capitalize()


def _facts(incident: Incident) -> tuple[FactView, ...]:
    return tuple(
        FactView(
            label=label(name),
            value=fact.raw.strip() or fact.value,
            source=fact.source,
            doubtful=fact.confidence < DOUBTFUL_BELOW,
        )
        for name, fact in incident.facts.items()
        if (fact.raw.strip() or fact.value)
    )


def _known_mentions(notice: Notice, rules: NotifyRules) -> dict[str, str]:
    if not notice.mentions:
        return {}
    words = known_words(rules)
    return {
        key: said
        for key, said in notice.mentions.items()
        if CLOSED.fullmatch(said) or all(line in words for line in said.split("\n"))
    }


def known_words(rules: NotifyRules) -> frozenset[str]:
    """Every word the configuration and the directory know: what may be mentioned outside the handling desk."""
    organisation = rules.organisation
    people = (said for one in organisation.people.values() for said in (one.name, one.address))
    configured: Iterable[str] = (
        *rules.duties, *(one.title for one in rules.duties.values()), *rules.classified_words, *rules.rating_words, *rules.questions, *rules.answer_words,
        *(group.name for group in organisation.groups), *(desk.address for desk in organisation.desks),
    )  # fmt: skip
    enums: tuple[type[StrEnum], ...] = (Queue, Severity, Stage, Role)
    listed = (said for kind in enums for one in kind for said in (one.value, getattr(one, "words", one.value)))
    return frozenset((*people, *configured, *listed))
