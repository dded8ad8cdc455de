"""What is enclosed with a mail: decided when it is composed, with the values it holds; its bytes are made when it is frozen.

A form filled with what somebody told goes back to that somebody, inside the council, or to a desk. To nobody else. The
severity assessment, which quotes the report too, goes to whoever handles the incident, and only where they are asked for it.
"""

from mailbot.incident import FieldValue, Incident
from mailbot.notify.enclosure import Enclosure
from mailbot.notify.forms.assessment import assessment_form
from mailbot.notify.forms.report_form import filled_report_form
from mailbot.notify.rules import NotifyRules
from mailbot.procedure.decision import Notice
from mailbot.procedure.people import confidant
from mailbot.procedure.standing import deputies

REPORT_FORM, ASSESSMENT_FORM = "report_form", "assessment_form"
ASSESS = "assess"


def enclosed(notice: Notice, incident: Incident, rules: NotifyRules) -> tuple[Enclosure, ...]:
    """The enclosures of a notice, as its template asks for them and its reader may have them."""
    template = rules.templates.messages.get(notice.template)
    encloses = template.encloses if template else ""
    if encloses == ASSESSMENT_FORM:
        return _assessment(notice, incident, rules)
    return _report(notice, incident, rules) if encloses == REPORT_FORM else ()


def _assessment(notice: Notice, incident: Incident, rules: NotifyRules) -> tuple[Enclosure, ...]:
    own = rules.assessment
    is_asked = ASSESS in {notice.duty_kind, *notice.asks}
    if own is None or not is_asked or not _handles(notice.recipient, incident, rules):
        return ()
    form = assessment_form(own, incident, rules.organisation.council, rules.lists)
    return (Enclosure(name=f"{incident.reference} {own.title.lower()}.docx", form=form),)


def _handles(reader: str, incident: Incident, rules: NotifyRules) -> bool:
    """Whether somebody handles the incident: at the acting desk, or, where it is restricted, alone or standing in."""
    organisation = rules.organisation
    if incident.restricted:
        handler = confidant(incident, organisation).address
        return reader in {handler.lower(), *deputies(handler, organisation)}
    desk = organisation.desk(incident.queue)
    return reader in {one.lower() for one in (desk.address, *desk.members)}


def _report(notice: Notice, incident: Incident, rules: NotifyRules) -> tuple[Enclosure, ...]:
    own = rules.form.own if rules.form else None
    if rules.form is None or own is None:
        return ()
    facts = _facts_for(notice.recipient, incident, rules)
    if facts is None or not (incident.missing or incident.reporter.called):
        return ()
    form = filled_report_form(
        rules.form,
        own,
        rules.organisation.council,
        reference=incident.reference,
        facts=_reporter_as_known(incident) | facts,
        missing=incident.missing,
    )
    return (Enclosure(name=f"{incident.reference} {own.title.lower()}.docx", form=form),)


def _reporter_as_known(incident: Incident) -> dict[str, FieldValue]:
    known = {"reporter": incident.reporter.name, "reporter_email": incident.reporter.address}
    return {
        name: FieldValue(value=said, raw=said, source="the mail", confidence=1.0)
        for name, said in known.items()
        if said
    }


def _facts_for(reader: str, incident: Incident, rules: NotifyRules) -> dict[str, FieldValue] | None:
    """What may stand in a reader's form; None where they may have no form at all.

    The Reporter's form holds what the Reporter told, in writing or to a desk that logged the call, and not what others
    added. Of a report that somebody passed on with words of their own it holds nothing.
    """
    if not incident.restricted and reader in {desk.address for desk in rules.organisation.desks}:
        return incident.facts
    reporter = incident.reporter
    if reader != reporter.address or reporter.outside or not rules.organisation.is_inside(reader):
        return None
    first = incident.originals[0].sender if incident.originals else ""
    if not reporter.called and first != reporter.address:
        return {}
    return {name: fact for name, fact in incident.facts.items() if fact.by in {"", reporter.address}}
