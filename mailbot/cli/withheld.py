"""An incident as it may be shown on a screen that others see: without what was reported, and without what people wrote
of it since: their reasons, summaries and names of files (para 69). Also a mail of the outbox, without what it tells.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from mailbot.assessment import BECAUSE
from mailbot.value import Value

if TYPE_CHECKING:
    from mailbot.assessment import Assessment, Classified
    from mailbot.incident import Duty, Incident, Original, Rating, Reporter
    from mailbot.notify.email import OutgoingEmail

Held = TypeVar("Held", bound=Value)


def without_words(incident: Incident) -> Incident:
    """The same incident without its facts, without the passages of the report that its reasons quote, and without the
    words in which anybody gave a reason. An outside reporter may be one of the people affected: they are left out too.
    """
    return incident.but(
        facts={},
        queue_reasons=tuple(one.partition(BECAUSE)[0] for one in incident.queue_reasons),
        classified={one: _classified(found) for one, found in incident.classified.items()},
        ratings=tuple(_rating(one) for one in incident.ratings),
        reporter=_reporter(incident.reporter),
        originals=tuple(_original(one) for one in incident.originals),
        duties=tuple(_duty(one) for one in incident.duties),
        investigation=None,
        ico=_without(incident.ico, "reason"),
        data_subjects=_without(incident.data_subjects, "reason", "exception"),
        processing=_without(incident.processing, "controller"),
        exit=_without(incident.exit, "reason"),
        publishable_summary="",
        lessons="",
    )


def mail_without_words(email: OutgoingEmail) -> dict[str, object]:
    """What may be shown of a mail, for JSON: not its values, and of what is enclosed the name alone."""
    shown = email.model_dump(mode="json", exclude={"values", "enclosures"})
    return shown | {"enclosures": [one.name for one in email.enclosures]}


def _without(value: Held | None, *names: str) -> Held | None:
    return value.but(**dict.fromkeys(names, "")) if value else None


def _classified(found: Classified) -> Classified:
    return found.but(reasons=tuple(reason.but(quote="") for reason in found.reasons))


def _rating(rating: Rating) -> Rating:
    """The bot's own reasons are words of the configuration; a person's are withheld."""
    own = rating.but(assessment=_assessment(rating.assessment) if rating.assessment else None)
    return own if rating.provisional else own.but(reasons=())


def _assessment(assessment: Assessment) -> Assessment:
    return assessment.but(factors=tuple(one.but(quote="") for one in assessment.factors))


def _reporter(reporter: Reporter) -> Reporter:
    return reporter.but(address="", name="") if reporter.outside else reporter


def _original(original: Original) -> Original:
    """Where it lies; who sent it and what hung on it is for the desk to see there."""
    return original.but(sender="", files=(), problems=())


def _duty(duty: Duty) -> Duty:
    return duty.but(discharged=duty.discharged.but(reason="")) if duty.discharged else duty
