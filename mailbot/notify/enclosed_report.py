"""The investigation report form that goes with the request to investigate (paras 51, 52): it holds nothing of the report (69)."""

from mailbot.incident import Duty, Incident
from mailbot.notify.enclosure import Enclosure
from mailbot.notify.forms.investigation import investigation_form
from mailbot.notify.look import internal_view
from mailbot.notify.rules import NotifyRules
from mailbot.parse.returned import ReturnedInvestigation
from mailbot.procedure.conditions import INVESTIGATE
from mailbot.procedure.decision import Notice

INVESTIGATION_FORM = "investigation_form"


def report_enclosed(notice: Notice, incident: Incident, rules: NotifyRules) -> tuple[Enclosure, ...]:
    """The form, where the mail asks for the investigation and its template encloses it."""
    template = rules.templates.messages.get(notice.template)
    own, duty = rules.investigation, incident.duty(INVESTIGATE)
    is_asked = INVESTIGATE in {notice.duty_kind, *notice.asks}
    if own is None or duty is None or not is_asked or template is None or template.encloses != INVESTIGATION_FORM:
        return ()
    form = investigation_form(
        own,
        internal_view(notice, incident, rules),
        repeats=tuple(one.reference for one in incident.repeats),
        due_at=duty.due_at,
        choices=rules.lists,
        returned=_written_before(notice, duty, incident),
    )
    return (Enclosure(name=f"{incident.reference} investigation report.docx", form=form),)


def _written_before(notice: Notice, duty: Duty, incident: Incident) -> ReturnedInvestigation | None:
    """What came back before, for the one who wrote it: a report that was sent back need not be written twice (53)."""
    report = incident.investigation
    if report is None or notice.recipient not in {duty.person, report.by} or notice.recipient != report.by:
        return None
    return ReturnedInvestigation(source="", findings=report.findings, recommendations=report.recommendations)
