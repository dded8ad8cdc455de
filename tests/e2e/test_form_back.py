"""What is missing is asked for with our own form, and the form that comes back completes the incident (para 31)."""

import io
import zipfile
from datetime import timedelta
from email.message import EmailMessage

import pytest

from mailbot.notify.forms.docx import TYPE, docx_of
from mailbot.notify.forms.form import Form
from mailbot.store import OutboxState
from tests.e2e.mails import OUTSIDE_VERDICT, OUTSIDER, SHORT, WRONG_CARE_HOME, with_attachment
from tests.e2e.test_reporters import call_log
from tests.house import DPO, IG_DESK, SAM, SAMS_MANAGER, VERDICT, House, answer_to, report

ANSWERS = {
    "group": "Community Care North",
    "occurred_at": "20 November 2026, 6pm",
    "discovered_at": "20 November 2026, 6:30pm",
    "data_categories": "names and care plans",
    "subjects": "40",
    "actions": "I asked them to delete it.\nThey have not answered yet.",
}


def forms(email: EmailMessage) -> list[tuple[str, bytes]]:
    found = [part for part in email.iter_attachments() if part.get_content_type() == TYPE]
    return [(str(part.get_filename()), part.get_payload(decode=True)) for part in found]  # type: ignore[misc]


def text_in(docx: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        return package.read("word/document.xml").decode()


def queued(house: House, template: str) -> Form:
    row = next(row for row in house.outbox() if row.email.template == template)
    return row.email.enclosures[0].form


def filled(form: Form, **answers: str) -> Form:
    """The form as its reader filled it in."""
    sections = tuple(
        section.but(questions=tuple(one.but(answer=answers.get(one.field, one.answer)) for one in section.questions))
        for section in form.sections
    )
    return form.but(sections=sections)


def code_on(email: EmailMessage) -> str:
    return "[" + str(email["Subject"]).rpartition("[")[2]


def mailed(content: bytes, *, sender: str = SAM, to: str = IG_DESK, subject: str = "Urgent Data Incident", reply: EmailMessage | None = None) -> bytes:  # fmt: skip
    email = EmailMessage()
    email["Authentication-Results"] = VERDICT
    email["From"], email["To"], email["Subject"] = sender, to, subject
    email["Date"], email["Message-ID"] = "Sat, 21 Nov 2026 08:00:00 +0000", "<the-form@mail.council.example>"
    if reply is not None:
        email["In-Reply-To"] = email["References"] = str(reply["Message-ID"])
    email.set_content("Here it is.")
    email.add_attachment(content, maintype="application", subtype="octet-stream", filename="form.docx")
    return email.as_bytes().replace(b"\n", b"\r\n")


@pytest.fixture
def asked(house: House) -> House:
    """A short report is in, and its Reporter was asked for what is missing."""
    house.deliver(report(SHORT))
    house.round()
    return house


def test_the_first_mail_carries_the_form_when_something_is_missing(asked: House) -> None:
    acknowledgement = asked.sent_to(SAM)[0]

    (name, content) = forms(acknowledgement)[0]

    assert name == "DB2026001 incident report form.docx"
    assert SHORT in text_in(content)
    assert code_on(acknowledgement) in text_in(content)
    assert "do not attach or copy in the information itself" in text_in(content)


def test_no_form_is_sent_when_nothing_is_missing(house: House) -> None:
    house.deliver(report(WRONG_CARE_HOME))

    house.round()

    assert house.incident().missing == ()
    assert [forms(mail) for mail in house.sent_to(SAM)] == [[]]


def test_each_reminder_of_what_is_missing_carries_the_form(asked: House) -> None:
    asked.pass_by(timedelta(days=3, hours=16))

    asked.round()

    assert asked.templates_to(SAM)[-1] == "report_missing"
    assert len(forms(asked.sent_to(SAM)[-1])) == 1


def test_the_form_completes_the_incident_when_it_comes_back_as_a_reply(asked: House) -> None:
    acknowledgement = asked.sent_to(SAM)[0]
    form = docx_of(filled(queued(asked, "acknowledgement"), **ANSWERS), code_on(acknowledgement))

    asked.deliver(mailed(form, to=str(acknowledgement["Reply-To"]), subject="Re: it", reply=acknowledgement), "bot")
    asked.round()

    incident = asked.incident()
    assert incident.missing == ()
    assert {name: incident.fact(name) for name in ("subjects", "data_categories", "actions")} == {
        name: ANSWERS[name] for name in ("subjects", "data_categories", "actions")
    }
    duty = incident.duty("complete_report")
    assert duty is not None
    assert not duty.is_open
    assert incident.occurred_at is not None


@pytest.mark.parametrize("mailbox", ["ig", "it", "bot"])
def test_the_form_completes_the_incident_when_it_comes_back_in_a_new_mail(asked: House, mailbox: str) -> None:
    form = docx_of(filled(queued(asked, "acknowledgement"), **ANSWERS), code_on(asked.sent_to(SAM)[0]))

    asked.deliver(mailed(form), mailbox)
    asked.round()

    assert asked.incident().missing == ()
    assert "external_ref" not in asked.incident().facts


def test_nobody_else_completes_it_by_the_form_when_it_was_passed_to_them(asked: House) -> None:
    form = docx_of(filled(queued(asked, "acknowledgement"), **ANSWERS), code_on(asked.sent_to(SAM)[0]))
    before = asked.incident()

    asked.deliver(mailed(form, sender=SAMS_MANAGER))
    asked.round()

    assert asked.incident().facts == before.facts
    assert "answer_held" in asked.templates_to(IG_DESK)


def test_typed_answers_complete_the_incident_and_no_reminder_follows(asked: House) -> None:
    lines = "\n".join(f"{name.replace('_', ' ').capitalize()}: {answer}" for name, answer in ANSWERS.items())

    asked.deliver(answer_to(asked.sent_to(SAM)[0], lines), "bot")
    asked.round()
    asked.pass_by(timedelta(days=5))
    asked.round()

    assert asked.incident().missing == ()
    assert "report_missing" not in asked.templates_to(SAM)


def test_a_half_filled_form_leaves_the_rest_to_be_asked(asked: House) -> None:
    acknowledgement = asked.sent_to(SAM)[0]
    form = docx_of(filled(queued(asked, "acknowledgement"), subjects="12"), code_on(acknowledgement))

    asked.deliver(mailed(form, to=str(acknowledgement["Reply-To"]), subject="Re: it", reply=acknowledgement), "bot")
    asked.round()

    assert asked.incident().fact("subjects") == "12"
    assert "subjects" not in asked.incident().missing
    assert "actions" in asked.incident().missing


def test_what_a_desk_added_is_not_in_the_form_that_its_reporter_gets(asked: House) -> None:
    notice = next(mail for mail in asked.sent_to(IG_DESK) if "DB2026001" in str(mail["Subject"]))
    member = asked.app.settings.organisation.desks[1].members[0]
    asked.deliver(answer_to(notice, "Recipients: Mr Tallow of 4 Elm Road", sender=member), "bot")
    asked.round()
    assert asked.incident().fact("recipients") == "Mr Tallow of 4 Elm Road"
    asked.pass_by(timedelta(days=3, hours=16))

    asked.round()

    assert "Tallow" not in text_in(forms(asked.sent_to(SAM)[-1])[0][1])


def test_a_caller_gets_the_form_with_the_desks_note_to_check(house: House) -> None:
    house.deliver(call_log(), "it")

    house.round()

    (_, content) = forms(house.sent_to(SAM)[0])[0]
    assert "a list of clients went to the wrong care home" in text_in(content)


def test_the_form_of_a_report_that_a_manager_passed_on_holds_none_of_the_managers_words(house: House) -> None:
    house.deliver(
        report(
            f"Involved: Sam, as always\n\n-----Original Message-----\nFrom: Sam Porter <{SAM}>\nSent: 20 November 2026 19:00\n"
            f"To: Jo Fenn\nSubject: Urgent Data Incident\n\n{SHORT}",
            sender=f"Jo Fenn <{SAMS_MANAGER}>",
            subject="FW: Urgent Data Incident",
        )
    )

    house.round()

    (_, content) = forms(house.sent_to(SAM)[0])[0]
    assert "as always" not in text_in(content)


def test_a_form_goes_to_nobody_but_the_reporter_inside_and_a_desk(house: House) -> None:
    house.deliver(report(SHORT))
    house.deliver(report(SHORT, sender=OUTSIDER, message_id="<o@home.example>", Authentication_Results=OUTSIDE_VERDICT))
    house.deliver(with_attachment("note.txt", b"Please treat in confidence: a colleague deliberately took it."), "it")
    for _ in range(10):
        house.round()
        house.pass_by(timedelta(days=1))

    desks = {desk.address for desk in house.app.settings.organisation.desks}
    enclosed = [(one.name, row.email.recipient) for row in house.outbox() for one in row.email.enclosures]
    with_form = {reader for name, reader in enclosed if name.endswith("incident report form.docx")}
    assert with_form <= {SAM, *desks}
    assert SAM in with_form
    assert DPO not in with_form
    assert {reader for _, reader in enclosed} <= {SAM, DPO, *desks}
    assert {row.state for row in house.outbox()} <= {OutboxState.SENT, OutboxState.WITHDRAWN}
