"""Investigation reports as people send them back: the form of config/investigation_form.toml in every format."""

import io
import tomllib
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from xml.sax.saxutils import escape

from lxml import etree

from mailbot.assessment import Classification
from mailbot.intake.email import Document
from mailbot.investigation import Recommendation
from mailbot.notify.forms.docx import docx_of
from mailbot.notify.forms.form import Form
from mailbot.notify.forms.investigation import investigation_form
from mailbot.notify.views import ContactView, InternalView
from mailbot.parse.blocks import Paragraph
from mailbot.parse.docx import read_docx
from mailbot.parse.investigation_form import read_investigation
from mailbot.parse.investigation_rules import CLEARED, TAG, InvestigationForm
from mailbot.parse.returned import ReturnedInvestigation
from mailbot.parse.rules import FormRules
from mailbot.terms import Queue, Reference, Role, Severity, Stage
from tests.parse.papers import odt

CONFIG = Path(__file__).parents[2] / "config"
OWN = InvestigationForm.model_validate(tomllib.loads((CONFIG / "investigation_form.toml").read_text("utf-8")))
FORM = FormRules.model_validate(tomllib.loads((CONFIG / "form.toml").read_text("utf-8")))
FRIDAY = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)
CODE = "[DB2026014 k7f3q2]"
CHOICES = {
    Classification.ROOT_CAUSE: ("Human Error", "System Error", "Criminal Action"),
    Classification.ACTION_TAKEN: ("Training", "Revised Process"),
}
WORD = {"w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main"}

FILLED = ReturnedInvestigation(
    source="report.docx",
    reference=CODE,
    findings={
        "observations": "Two letters lay in the printer together.\nOne was checked.",
        "non_compliance": "The rule that a second person checks: nobody did.",
        "risks": "An address may be passed on.",
        "consequences": "None that we know of",
        "lessons": "Print one letter at a time",
        "procedure": "Well; the telephone number was wrong",
    },
    root_cause="Human Error",
    action="Training",
    recommendations=(
        Recommendation(
            number=1,
            text="Print letters one at a time, by default",
            owner="hanna.brook@council.example",
            owner_as_written="Hanna Brook <hanna.brook@council.example>",
            due_on=date(2026, 12, 12),
        ),
        Recommendation(
            number=2,
            text="Train the team",
            owner="jo.fenn@council.example",
            owner_as_written="jo.fenn@council.example",
            due_on=date(2027, 1, 31),
        ),
    ),
    cleared=True,
    written_by="Jo Fenn, Team Manager",
)


def view(**changes: object) -> InternalView:
    """What every notice inside the council may say of an invented incident."""
    base: dict[str, object] = {
        "reference": Reference("DB2026014"),
        "council": "Exampleshire County Council",
        "name": "Jo Fenn",
        "role": Role.INCIDENT_LEAD,
        "why": "",
        "received_at": FRIDAY,
        "ico_due_at": None,
        "contact": ContactView(name="IG Team", phone="01632 960300", address="data.protection@council.example"),
        "queue": Queue.IG,
        "severity": Severity.MEDIUM,
        "provisional": True,
        "rated_by": None,
        "stage": Stage.INVESTIGATION,
        "incident_type": "Data posted to the wrong address",
        "people_affected": "1 person",
        "occurred_at": datetime(2026, 11, 19, 9, 0, tzinfo=UTC),
        "discovered_at": None,
        "aware_at": FRIDAY,
        "group": "Libraries and Archives",
    }
    nobody = dict.fromkeys(("ask", "reporter", "line_manager", "responsible_line_manager", "personal_data"))
    nothing = dict.fromkeys(
        ("asks", "may_say", "late", "questions", "also_tell", "severity_reasons", "type_reasons", "duties"), ()
    )
    no = dict.fromkeys(
        ("reporter_outside", "health_or_social_care", "stolen", "allegation", "safety", "restricted"), False
    )
    return InternalView.model_validate(base | nobody | nothing | no | {"mentions": {}} | changes)


def form_of(returned: ReturnedInvestigation | None = None, own: InvestigationForm = OWN) -> Form:
    """The form as it lies before its sender: blank, or filled in and ticked as ``returned`` says."""
    made = investigation_form(own, view(), repeats=(Reference("DB2026003"),), choices=CHOICES, returned=returned)
    return ticked(made, "Yes") if returned and returned.cleared else made


def ticked(form: Form, said: str) -> Form:
    sections = tuple(
        section.but(
            questions=tuple(
                one.but(answer=said) if one.field == f"{TAG}{CLEARED}" else one for one in section.questions
            )
        )
        for section in form.sections
    )
    return form.but(sections=sections)


def read_back(content: bytes, kind: str = "docx", name: str = "report.docx") -> ReturnedInvestigation:
    return read_investigation(Document(number=0, name=name, type=kind, content=content), OWN, FORM, FRIDAY)


def edited(content: bytes, change: Callable[[etree._Element], None]) -> bytes:
    """A Word file whose text somebody changed."""
    into = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as package, zipfile.ZipFile(into, "w") as changed:
        for name in package.namelist():
            part = package.read(name)
            if name == "word/document.xml":
                root = etree.fromstring(part)
                change(root)
                part = etree.tostring(root)
            changed.writestr(name, part)
    return into.getvalue()


def without_controls(root: etree._Element) -> None:
    """As programs do that know no content controls: their words stay."""
    for control in root.xpath("//w:sdt", namespaces=WORD):
        at = control.getparent().index(control)
        for run in control.xpath("w:sdtContent/*", namespaces=WORD):
            control.getparent().insert(at, run)
            at += 1
        control.getparent().remove(control)


Rows = Sequence[Sequence[str] | str]


def rows_of(content: bytes) -> list[list[str] | str]:
    """A Word file as its reader sees it without its controls: paragraphs, and rows of cells."""
    rows: list[list[str] | str] = []
    for block in read_docx(edited(content, without_controls)):
        rows += [block.text] if isinstance(block, Paragraph) else [[cell.text for cell in row] for row in block.rows]
    return rows


def as_odt(rows: Rows) -> bytes:
    def paragraphs(text: str) -> str:
        return "".join(f"<text:p>{escape(line)}</text:p>" for line in text.split("\n"))

    body = ""
    for row in rows:
        if isinstance(row, str):
            body += paragraphs(row)
        else:
            cells = "".join(f"<table:table-cell>{paragraphs(text)}</table:table-cell>" for text in row)
            body += f"<table:table><table:table-row>{cells}</table:table-row></table:table>"
    return odt(body)


def as_rtf(rows: Rows) -> bytes:
    def plain(text: str) -> str:
        text = text.replace("\\", "\\\\").replace("{", r"\{").replace("}", r"\}").replace("\n", r"\line ")
        return "".join(one if ord(one) < 128 else rf"\u{ord(one)}?" for one in text)

    body = ""
    for row in rows:
        if isinstance(row, str):
            body += rf"\pard {plain(row)}\par" + "\n"
        else:
            ends = "".join(rf"\cellx{2000 * at}" for at in range(1, len(row) + 1))
            body += rf"\trowd{ends}" + "".join(rf"\pard\intbl {plain(one)}\cell " for one in row) + "\\row\n"
    return rf"{{\rtf1\ansi\ansicpg1252{{\fonttbl{{\f0 Arial;}}}}{body}}}".encode("cp1252")


def docx_filled(returned: ReturnedInvestigation = FILLED) -> bytes:
    return docx_of(form_of(returned), CODE)
