"""Para 69 over a whole life: what anybody wrote in a report, an answer or a file's name reaches only who may read it.

Every free text carries a mark of its own. It may stand in mails to the desk that handles the incident, in the review of
the investigation report, in a reporter's own form, and a reason for a rejection in the mail to the DPO who decides on it.
It may stand nowhere else: in no other mail, digest, enclosure, log line, and nothing that a command prints unasked.
"""

import io
import logging
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage

import pytest
from typer.testing import CliRunner

from mailbot import resources
from mailbot.cli import commands
from mailbot.cli.logs import quieten
from mailbot.notify.forms.docx import docx_of
from mailbot.notify.forms.report_form import blank_report_form
from mailbot.store import OutboxRow
from tests.e2e.mails import bare_answer
from tests.e2e.test_form_back import filled
from tests.e2e.test_whole_life import GROUP_MANAGER, IG_MEMBER, LEAD, MONDAY, OFFICER, OWNER, answer
from tests.house import DPO, ENVIRON, IG_DESK, SAM, VERDICT, House, html_of, parsed, text_of

MARK = re.compile(r"qx[a-z_]*zq", re.IGNORECASE)
HANDLING = frozenset({"desk", "review"})
"""Audiences of whoever handles an incident (``notify.views``)."""

OWN_FORMS = frozenset(
    {("acknowledgement", SAM), ("report_missing", SAM), ("investigate", LEAD), ("restricted_notice", DPO)}
)
"""Mails whose form gives its reader back what they wrote themselves, or goes to whoever alone handles the incident."""

PLAIN = {
    "group": "Community Care North",
    "line_manager": "Jo Fenn",
    "line_manager_email": "jo.fenn@council.example",
    "reporter": "Sam Porter",
    "reporter_email": SAM,
    "occurred_at": "20 November 2026, 6pm",
    "discovered_at": "20 November 2026, 6:30pm",
    "subjects": "40",
}
"""Answers without which nobody could be told; all others are marked, and in the second life these are as well."""


def mark(name: str) -> str:
    return f"Qx{name}zq"


def marked_form(house: House, plain: dict[str, str]) -> bytes:
    """The council's report form with a mark in every field but the plain ones."""
    settings = house.app.settings
    assert settings.form.own is not None
    form = blank_report_form(settings.form, settings.form.own, settings.organisation.council)
    fields = [one.field for section in form.sections for one in section.questions]
    told = {name: f"names and care plans of {mark(name)}, sent to the wrong care home" for name in fields}
    return docx_of(filled(form, **(told | plain)))


def marked_report(house: House, plain: dict[str, str]) -> bytes:
    """A mail with marks in subject, text, names of files and a saved message, and the marked form."""
    email = EmailMessage()
    email["Authentication-Results"] = VERDICT
    email["From"], email["To"] = f"Sam Porter <{SAM}>", IG_DESK
    email["Subject"] = f"Urgent Data Incident - {mark('subject')}"
    email["Date"], email["Message-ID"] = "Fri, 20 Nov 2026 19:29:00 +0000", "<marked@mail.council.example>"
    email.set_content(
        f"{plain.get('wanted', 'Hello,')}\nIt is about {mark('body')} and her daughter {mark('daughter')}.\nSam"
    )
    files = (("form", "docx", marked_form(house, plain)), ("list", "zip", b"PK broken"), ("locked", "pdf", b"%PDF-1.4"))
    for name, ending, content in files:
        named = f"{mark(name)}.{ending}"
        email.add_attachment(content, maintype="application", subtype="octet-stream", filename=named)
    return email.as_bytes().replace(b"\n", b"\r\n")


def live(house: House) -> None:
    """From the report to the closing, with a mark in every reason and every text that somebody may write."""
    house.pass_by(MONDAY)
    house.round()
    answer(house, IG_MEMBER, "triage", "Queue: confirmed", to=IG_DESK)
    answer(house, IG_MEMBER, "assess", f"Severity: medium, because {mark('severity')} is known to us", to=IG_DESK)
    answer(house, IG_MEMBER, "recommend_investigation", f"Investigation recommended: yes, because {mark('recommended')} came again", to=IG_DESK)  # fmt: skip
    answer(house, GROUP_MANAGER, "nominate_lead", f"Incident lead: {LEAD}\n{mark('nominated')} knows her")
    answer(house, IG_MEMBER, "assign_support_officer", f"Support officer: {OFFICER}", to=IG_DESK)
    answer(house, IG_MEMBER, "name_people", f"Responsible manager: {LEAD}", to=IG_DESK)
    answer(house, LEAD, "contain", f"Perhaps {mark('unclear')} has it back, I am not sure")
    answer(house, LEAD, "contain", f"Contained: yes, {mark('contained')} deleted it and confirmed that")
    answer(house, IG_MEMBER, "tell_others", f"Others: not needed, because {mark('others')} is told", to=IG_DESK)
    answer(house, DPO, "decide_ico", f"ICO: not required, because {mark('ico')} deleted it unread")
    house.deliver(bare_answer(f"ICO: reported. {mark('forged')}", "a.stranger@elsewhere.example", subject=f"Re: [DB2026001 abc234] {mark('forgedsubject')}"), "bot")  # fmt: skip
    house.deliver(bare_answer(f"What about {mark('lost')}?", SAM, subject=mark("lostsubject"), message_id="<lost@mail.council.example>"), "bot")  # fmt: skip
    house.round()
    house.pass_by(timedelta(days=1))
    house.round()
    answer(house, LEAD, "investigate", f"Conclusion: {mark('conclusion')} was told\nRecommendation 1: Ring {mark('first')}, {OWNER}, by 18 December 2026")  # fmt: skip
    answer(house, OFFICER, "review_report", f"Review: sent back, because {mark('sentback')} is named in it")
    house.pass_by(timedelta(days=1))
    house.round()
    answer(house, LEAD, "investigate", f"Recommendation 1: Switch off the suggested addresses, {OWNER}, by 18 December 2026\nRecommendation 2: Train the team, {OWNER}, by 15 January 2027")  # fmt: skip
    answer(house, OFFICER, "review_report", "Review: accepted\nNo personal data: confirmed")
    answer(house, GROUP_MANAGER, "sign_off", f"1 accept, reject 2 because {mark('rejected')} does not need it")
    answer(house, DPO, "review_rejection", f"Decision: drop 2, because {mark('dropped')} is right")
    house.pass_by(timedelta(days=2))
    house.round()
    answer(house, OWNER, "carry_out", f"Done: 1, {mark('done')} did it last Friday")
    house.pass_by(timedelta(days=5, hours=9))
    house.round()


def bytes_in(email: EmailMessage) -> Iterator[str]:
    """What stands in the files of a mail, names and packed parts included."""
    for part in email.iter_attachments():
        yield str(part.get_filename())
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        if content.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(content)) as package:
                yield from (package.read(name).decode("utf-8", "replace") for name in package.namelist())
        yield content.decode("utf-8", "replace")


def shown_in(row: OutboxRow, *, files: bool) -> str:
    """Everything that leaves with a mail, and what is kept of it."""
    assert row.frozen is not None
    email = parsed(row.frozen)
    kept = row.email.but(enclosures=()).model_dump_json()
    parts = [kept, str(email), text_of(email), html_of(email), *(bytes_in(email) if files else ())]
    return "\n".join((*parts, *(f"{name}: {value}" for name, value in email.items())))


def may_read(row: OutboxRow, house: House) -> bool:
    """Whether a mail goes to whoever handles the incident, or to the DPO who decides on a rejection."""
    audience = house.app.settings.templates.message(row.email.template).audience
    return audience in HANDLING or (row.email.template, row.email.recipient) == ("rejection", DPO)


def leaks(house: House) -> dict[str, set[str]]:
    """Marks by the mail in which nobody may have put them."""
    found = {}
    for row in (one for one in house.outbox() if one.frozen and not may_read(one, house)):
        is_own = (row.email.template, row.email.recipient) in OWN_FORMS
        if marks := set(MARK.findall(shown_in(row, files=not is_own))):
            found[f"{row.email.template} to {row.email.recipient}"] = marks
    return found


def printed(house: House, *arguments: str) -> str:
    environ = ENVIRON | {
        "MAILBOT_CONFIG": str(resources.shipped() / "config"),
        "MAILBOT_STORE__URL": house.app.settings.store.url,
    }
    done = CliRunner(env=environ).invoke(commands, list(arguments))
    assert done.exit_code == 0, done.output
    return done.output


LOOKING = (
    ("list", "--all"),
    ("list", "--all", "--json"),
    ("show", "DB2026001"),
    ("show", "DB2026001", "--json"),
    ("outbox", "--limit", "1000"),
    ("outbox", "--limit", "1000", "--json"),
    ("held",),
)


def printed_marks(house: House) -> dict[tuple[str, ...], set[str]]:
    """Marks by the command that prints them unasked."""
    return {command: found for command in LOOKING if (found := set(MARK.findall(printed(house, *command))))}


@pytest.fixture
def lived(house: House, caplog: pytest.LogCaptureFixture) -> House:
    """An incident that went through everything, its report and its answers marked."""
    quieten()
    caplog.set_level(logging.DEBUG)
    house.deliver(marked_report(house, PLAIN))
    house.round()
    live(house)
    return house


@pytest.mark.timeout(400)  # a whole life, and every command that looks at it
def test_what_people_wrote_reaches_nobody_who_may_not_read_it(lived: House, caplog: pytest.LogCaptureFixture) -> None:
    sent = [row for row in lived.outbox() if row.frozen]
    read = set().union(*(MARK.findall(shown_in(row, files=True)) for row in sent if may_read(row, lived)))

    assert leaks(lived) == {}
    assert set(MARK.findall(caplog.text)) == set()
    assert printed_marks(lived) == {}
    # The marks were there to be found: the desk, the reviewer and the DPO read them.
    assert {mark(name) for name in ("description", "recipients", "first", "rejected", "form")} <= {
        f"{one}" for one in read
    }
    assert {row.email.template for row in sent} >= {
        "acknowledgement", "dpo_notice", "group_manager_notice", "line_manager_notice", "senior_notice", "receipt",
        "answer_unclear", "answer_held", "sign_off", "rejection", "ruled_receipt", "recommendation", "triage_digest",
    }  # fmt: skip


@pytest.mark.parametrize("asked_for", ["", "Please treat this in confidence, my manager is involved."])
def test_a_report_that_is_nothing_but_marks_tells_nobody_anything(
    house: House, caplog: pytest.LogCaptureFixture, asked_for: str
) -> None:
    quieten()
    caplog.set_level(logging.DEBUG)
    house.deliver(marked_report(house, {"wanted": asked_for} if asked_for else {}))
    house.round()
    for _ in range(3):
        house.pass_by(timedelta(days=1, hours=14))
        house.round()

    assert bool(house.incident().restricted) is bool(asked_for)
    assert leaks(house) == {}
    assert set(MARK.findall(caplog.text)) == set()
    assert printed_marks(house) == {}
