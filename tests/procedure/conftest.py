"""A small council and its procedure as shipped, for the tests of this step."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from mailbot.incident import FieldValue, Original, Reporter
from mailbot.intake.email import Address, InboundEmail, Kind
from mailbot.organisation import Absence, Desk, Group, OnCall, Organisation, StaffEntry
from mailbot.parse.reading import Reading, ReportedIncident
from mailbot.procedure.calendar import WorkingCalendar, build_calendar
from mailbot.procedure.decision import Decision
from mailbot.procedure.machine import open_incident
from mailbot.procedure.rules import ProcedureRules, Rules
from mailbot.terms import Queue, Reference, Role, Severity
from mailbot.triage.triage import Triage

CONFIG = Path(__file__).parents[2] / "config" / "procedure.toml"
LONDON = ZoneInfo("Europe/London")

RITA = "rita.reporter@council.example"
LIAM = "liam.linemanager@council.example"
RESA = "resa.responsible@council.example"
GWEN = "gwen.groupmanager@council.example"
GUY = "guy.deputy@council.example"
STELLA = "stella.director@council.example"
DORA = "dora.dpo@council.example"
DAN = "dan.deputydpo@council.example"
SIMON = "simon.siro@council.example"
CARA = "cara.caldicott@council.example"
HEATHER = "heather.hr@council.example"
ITSEC = "it.security@council.example"
IGOR = "igor.ig@council.example"
IVY = "ivy.it@council.example"
IG_DESK = "data.protection@council.example"
IT_DESK = "itservicedesk@council.example"
ROTA = ("oncall1@sms.council.example", "oncall2@sms.council.example")
STRANGER = "pat@public.example"


def london(text: str) -> datetime:
    """``Fri 2026-11-20 18:50`` as London reads its clock; the weekday is checked."""
    moment = datetime.strptime(text[4:], "%Y-%m-%d %H:%M").replace(tzinfo=LONDON)
    assert moment.strftime("%a") == text[:3], f"{text}: it is a {moment:%A}"
    return moment.astimezone(UTC)


def the_rules() -> ProcedureRules:
    return ProcedureRules.model_validate(tomllib.loads(CONFIG.read_text("utf-8")))


def the_organisation(absences: tuple[Absence, ...] = ()) -> Organisation:
    people = [
        StaffEntry(address=RITA, name="Rita Reporter", group="Housing", line_manager=LIAM),
        StaffEntry(address=LIAM, name="Liam Linemanager", group="Housing", line_manager=GWEN),
        StaffEntry(address=RESA, name="Resa Responsible", group="Housing", line_manager=GWEN),
        StaffEntry(address=GWEN, name="Gwen Groupmanager", group="Housing", line_manager=STELLA),
        StaffEntry(address=GUY, name="Guy Deputy", group="Housing", line_manager=GWEN),
        StaffEntry(address=STELLA, name="Stella Director"),
        StaffEntry(address=DORA, name="Dora Dee", line_manager=STELLA),
        StaffEntry(address=IGOR, name="Igor Iggs"),
        StaffEntry(address=IVY, name="Ivy Itts"),
    ]
    return Organisation(
        council="Exampleshire",
        domains=("council.example",),
        desks=(
            Desk(queue=Queue.IT, address=IT_DESK, phone="01632 960001", members=(IVY,)),
            Desk(queue=Queue.IG, address=IG_DESK, phone="01632 960002", members=(IGOR,)),
        ),
        roles={
            Role.DPO: DORA,
            Role.SIRO: SIMON,
            Role.CALDICOTT_GUARDIAN: CARA,
            Role.HR: HEATHER,
            Role.IT_SECURITY_TEAM: ITSEC,
        },
        groups=(
            Group(name="Housing", directorate="Place", group_manager=GWEN, service_director=STELLA, aliases=("Homes",)),
            Group(
                name="Adult Care",
                directorate="Social Care",
                group_manager=GUY,
                service_director=STELLA,
                health_or_social_care=True,
            ),
        ),
        people={one.address: one for one in people},
        deputies={DORA: DAN, GWEN: GUY},
        absences=absences,
        on_call=tuple(OnCall(address=address, name="On call") for address in ROTA),
    )


CALENDAR = build_calendar(the_rules().calendar, range(2025, 2029))


def rules_with(absences: tuple[Absence, ...] = ()) -> Rules:
    return Rules(procedure=the_rules(), calendar=CALENDAR, organisation=the_organisation(absences))


RULES = rules_with()


def fact(value: str, confidence: float = 1.0) -> FieldValue:
    return FieldValue(value=value, raw=value, source="form.docx, table 1 row 1", confidence=confidence)


def a_triage(**changes: object) -> Triage:
    given: dict[str, object] = {
        "queue": Queue.IG,
        "severity": Severity.MEDIUM,
        "reasons": ("Information sent to the wrong recipient (para 28)",),
        "personal_data": True,
    }
    return Triage.model_validate(given | changes)


def a_report(**changes: object) -> ReportedIncident:
    return ReportedIncident.model_validate(changes)


def opened_at(
    now: datetime,
    *,
    triage: Triage | None = None,
    report: ReportedIncident | None = None,
    sender: str = RITA,
    proven: bool = True,
    received_at: datetime | None = None,
    received_lines_at: datetime | None = None,
    call_log: bool = False,
    rules: Rules = RULES,
) -> Decision:
    """An incident reported by a mail that arrived at ``received_at`` (``now`` where it is not given)."""
    arrived = received_at or now
    email = InboundEmail(sender=Address(address=sender), received_lines_at=received_lines_at)
    return open_incident(
        reading=Reading(kind=Kind.REPORT, email=email, report=report or a_report(), call_log=call_log),
        triage=triage or a_triage(),
        original=Original(mailbox="ig", folder="INBOX", uid=7, sender=sender, received_at=arrived),
        reporter=Reporter(address=sender, outside=not sender.endswith("council.example"), proven=proven),
        reference=Reference("DB2026014"),
        incident_id="0f" * 16,
        now=now,
        rules=rules,
    )


def recipients(decision: Decision) -> list[str]:
    return [notice.recipient for notice in decision.notices]


def templates(decision: Decision) -> dict[str, str]:
    """Recipient → template, for decisions in which nobody gets two mails."""
    assert len(set(recipients(decision))) == len(decision.notices)
    return {notice.recipient: notice.template for notice in decision.notices}


@pytest.fixture
def calendar() -> WorkingCalendar:
    return CALENDAR
