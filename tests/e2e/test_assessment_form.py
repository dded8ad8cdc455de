"""The severity assessment goes to the desk, is filled in as in Word, comes back, and everybody who must know is told."""

from email.message import EmailMessage

import pytest

from mailbot.notify.forms.docx import TYPE, docx_of
from mailbot.notify.forms.form import Form
from mailbot.parse.assessment_rules import TAG
from mailbot.terms import Severity
from tests.e2e.conversation import answer, mail_of
from tests.house import DPO, IG_DESK, SAM, SAMS_MANAGER, VERDICT, House, report, text_of

MEMBER = "sofia.marlow@council.example"
CARE = "I emailed a care plan with health details of Jonah Reed to the wrong care home. They have not answered."


def form_in(house: House, template: str = "queue_notice") -> Form:
    row = next(row for row in reversed(house.outbox()) if row.email.template == template and row.email.enclosures)
    return row.email.enclosures[0].form


def filled(form: Form, **answers: str) -> Form:
    sections = tuple(
        section.but(
            questions=tuple(
                one.but(answer=answers.get(one.field.removeprefix(TAG), one.answer)) for one in section.questions
            )
        )
        for section in form.sections
    )
    return form.but(sections=sections)


def code_on(email: EmailMessage) -> str:
    return "[" + str(email["Subject"]).rpartition("[")[2]


def sent_back(
    house: House,
    content: bytes,
    *,
    sender: str = MEMBER,
    reply: EmailMessage | None = None,
    text: str = "Here it is.",
    name: str = "form.docx",
    mailbox: str = "bot",
) -> None:
    """Somebody sends a filled-in form, as a reply to a mail of the bot or in a mail of its own."""
    number = len(house.mailboxes[mailbox].contents())
    email = EmailMessage()
    email["Authentication-Results"] = VERDICT
    email["From"], email["To"] = sender, str(reply["Reply-To"]) if reply else IG_DESK
    email["Subject"] = f"Re: {reply['Subject']}" if reply else "The form"
    email["Date"], email["Message-ID"] = "Fri, 20 Nov 2026 20:30:00 +0000", f"<form-{number}@mail.council.example>"
    if reply is not None:
        email["In-Reply-To"] = email["References"] = str(reply["Message-ID"])
    email.set_content(text)
    email.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    house.deliver(email.as_bytes().replace(b"\n", b"\r\n"), mailbox)
    house.round()


def other(severity: Severity) -> Severity:
    return Severity.LOW if severity is not Severity.LOW else Severity.HIGH


@pytest.fixture
def cared_for(house: House) -> House:
    house.deliver(report(CARE))
    house.round()
    return house


def test_the_queue_notice_carries_the_form_and_no_other_mail_does(cared_for: House) -> None:
    notice = mail_of(cared_for, IG_DESK, "queue_notice")
    (part,) = [one for one in notice.iter_attachments() if one.get_content_type() == TYPE]

    assert part.get_filename() == "DB2026001 severity assessment.docx"
    with_form = {
        row.email.recipient
        for row in cared_for.outbox()
        if any(TAG in one.form.model_dump_json() for one in row.email.enclosures)
    }
    assert with_form == {IG_DESK}


def test_a_form_filled_in_and_returned_sets_the_rating_and_everybody_is_told(cared_for: House) -> None:
    notice = mail_of(cared_for, IG_DESK, "queue_notice")
    before = cared_for.incident()
    chosen = other(before.severity)
    answers = {"rating": chosen.words.capitalize(), "because": "We know the care home, and they are bound."}

    sent_back(cared_for, docx_of(filled(form_in(cared_for), **answers), code_on(notice)), reply=notice)

    incident = cared_for.incident()
    rating = incident.ratings[-1]
    assert (rating.severity, rating.by, rating.provisional) == (chosen, MEMBER, False)
    assert rating.reasons == (answers["because"],)
    assert incident.facts == before.facts
    assert cared_for.templates_to(MEMBER) == ["receipt"]
    for reader in (SAMS_MANAGER, DPO):
        assert cared_for.templates_to(reader)[-1] == "severity_changed"
        assert "We know the care home" not in text_of(mail_of(cared_for, reader, "severity_changed"))
        assert "Sofia Marlow" in text_of(mail_of(cared_for, reader, "severity_changed"))
    assert "severity_changed" not in cared_for.templates_to(SAM)


@pytest.mark.parametrize("mailbox", ["ig", "bot"])
def test_the_form_counts_in_a_mail_of_its_own(cared_for: House, mailbox: str) -> None:
    notice = mail_of(cared_for, IG_DESK, "queue_notice")
    form = filled(form_in(cared_for), checked="I have checked this form and confirm it")

    sent_back(cared_for, docx_of(form, code_on(notice)), mailbox=mailbox)

    assert not cared_for.incident().severity_is_provisional


def test_an_untouched_form_is_asked_about_with_a_form_that_can_be_used(cared_for: House) -> None:
    notice = mail_of(cared_for, IG_DESK, "queue_notice")

    sent_back(cared_for, docx_of(form_in(cared_for), code_on(notice)), reply=notice)

    assert cared_for.incident().severity_is_provisional
    asked = mail_of(cared_for, MEMBER, "answer_unclear")
    assert "came back as it was sent" in text_of(asked)
    again = filled(form_in(cared_for, "answer_unclear"), checked="I have checked this form and confirm it")
    sent_back(cared_for, docx_of(again, code_on(asked)), reply=asked)
    assert not cared_for.incident().severity_is_provisional


def test_a_form_of_another_incident_is_asked_about(cared_for: House) -> None:
    notice = mail_of(cared_for, IG_DESK, "queue_notice")
    form = filled(form_in(cared_for), rating="Low", because="It is fine.")

    sent_back(cared_for, docx_of(form, "[DB2026099 k7f3q2]"), reply=notice)

    assert cared_for.incident().severity_is_provisional
    assert "belongs to another incident" in text_of(mail_of(cared_for, MEMBER, "answer_unclear"))


def test_a_form_made_before_the_rating_changed_is_asked_about(cared_for: House) -> None:
    notice = mail_of(cared_for, IG_DESK, "queue_notice")
    form = filled(form_in(cared_for), rating="Low", because="It is fine.")
    answer(cared_for, notice, "Severity: very high", MEMBER)

    sent_back(cared_for, docx_of(form, code_on(notice)), reply=notice)

    assert cared_for.incident().severity is Severity.VERY_HIGH
    assert "older one" in text_of(mail_of(cared_for, MEMBER, "answer_unclear"))


def test_a_form_and_a_typed_rating_in_one_mail_are_asked_about(cared_for: House) -> None:
    notice = mail_of(cared_for, IG_DESK, "queue_notice")
    form = filled(form_in(cared_for), rating="Low", because="It is fine.")

    sent_back(cared_for, docx_of(form, code_on(notice)), reply=notice, text="Severity: very high")

    assert cared_for.incident().severity_is_provisional
    assert "both rate the incident" in text_of(mail_of(cared_for, MEMBER, "answer_unclear"))


def test_a_question_about_the_form_names_it_in_the_councils_own_words(cared_for: House) -> None:
    notice = mail_of(cared_for, IG_DESK, "queue_notice")

    sent_back(cared_for, docx_of(filled(form_in(cared_for), data="Jonah’s whole file"), code_on(notice)), reply=notice)

    text = text_of(mail_of(cared_for, MEMBER, "answer_unclear"))
    assert "What does the information tell about people?" in text
    assert "Jonah" not in text


@pytest.mark.parametrize("sender", [SAM, SAMS_MANAGER])
def test_somebody_elses_form_is_held_and_changes_nothing(cared_for: House, sender: str) -> None:
    notice = mail_of(cared_for, IG_DESK, "queue_notice")
    before = cared_for.incident()
    form = filled(form_in(cared_for), rating="Low", because="It is fine.")

    sent_back(cared_for, docx_of(form, code_on(notice)), sender=sender, reply=notice)

    after = cared_for.incident()
    assert (after.ratings, after.facts) == (before.ratings, before.facts)
    assert "answer_held" in cared_for.templates_to(IG_DESK)


def test_the_dpo_gets_the_form_of_a_restricted_incident(house: House) -> None:
    house.deliver(report("In strict confidence: Mo Trellis deliberately looked up the records of her neighbour."))
    house.round()

    notice = mail_of(house, DPO, "restricted_notice")
    form = form_in(house, "restricted_notice")
    sent_back(
        house,
        docx_of(filled(form, checked="I have checked this form and confirm it"), code_on(notice)),
        sender=DPO,
        reply=notice,
    )

    incident = house.incident()
    assert (incident.severity_is_provisional, incident.ratings[-1].by) == (False, DPO)
    assert {row.email.recipient for row in house.outbox() if row.email.enclosures} <= {DPO, SAM}


def typed(house: House, text: str) -> None:
    answer(house, mail_of(house, IG_DESK, "queue_notice"), text, MEMBER)


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("Likelihood: 3, impact: 4", Severity.VERY_HIGH),
        ("likelihood 3\nimpact 2", Severity.HIGH),
        ("L3 I4", Severity.VERY_HIGH),
    ],
)
def test_a_line_about_the_grid_sets_the_rating(cared_for: House, text: str, severity: Severity) -> None:
    typed(cared_for, text + "\nbecause it is so" if severity.rank < cared_for.incident().severity.rank else text)
    incident = cared_for.incident()
    assert (incident.severity, incident.severity_is_provisional) == (severity, False)
    assert incident.ratings[-1].assessment is not None


@pytest.mark.parametrize(
    "text",
    [
        "Severity: high -> low because it is gone",
        "Severity: high\nSeverity: low, because it is gone",
        "Likelihood: 3, impact: 4\nSeverity: low, because it is gone",
    ],
)
def test_two_ratings_in_one_mail_are_asked_about(cared_for: House, text: str) -> None:
    typed(cared_for, text)

    assert cared_for.incident().severity_is_provisional
    assert cared_for.templates_to(MEMBER)[-1] == "answer_unclear"


def test_a_correction_of_the_medium_is_recorded_and_is_no_fact_of_the_report(cared_for: House) -> None:
    before = cared_for.incident().facts
    typed(cared_for, "Medium: letter\n\nAction: training")

    incident = cared_for.incident()
    counted = {
        one.value: classified.value for one, classified in incident.classified.items() if classified.by == MEMBER
    }
    assert counted == {"medium": "Letter", "action_taken": "Training"}
    assert incident.facts == before


def test_an_unknown_medium_is_asked_again_with_the_list(cared_for: House) -> None:
    typed(cared_for, "Medium: carrier pigeon")
    text = text_of(mail_of(cared_for, MEMBER, "answer_unclear"))
    assert "Letter" in text
    assert "pigeon" not in text.partition("On Friday")[0]
