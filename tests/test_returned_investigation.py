"""An investigation report in a mail: known for what it is, and never taken for an incident report."""

import pytest

from mailbot.intake.email import Kind
from mailbot.notify.forms.docx import docx_of
from mailbot.notify.forms.report_form import blank_report_form, filled_report_form
from mailbot.parse.reading import Reading
from mailbot.parse.returned import MAIL, Shortcoming
from mailbot.reader import PAIRING, ReadingRules, read
from tests.intake.mails import RULES, mail, mail_with
from tests.parse.investigations import CODE, FILLED, FORM, FRIDAY, OWN, docx_filled, form_of

ALL = ReadingRules(intake=RULES, form=FORM, investigation=OWN)
LINE = "Recommendation 1: Train the team, owner jo.fenn@council.example, by 12 December 2026"
REPLY = "Re: [DB2026014 k7f3q2] Please investigate"


def sent_with(*files: tuple[str, bytes], subject: str = REPLY) -> Reading:
    return read(mail_with(*files, Subject=subject), FRIDAY, ALL)


def test_a_report_attached_to_a_reply_is_read() -> None:
    reading = sent_with(("report.docx", docx_filled()))

    assert reading.kind is Kind.ANSWER
    assert reading.investigation == FILLED
    assert reading.email.attachments[0].outcome == "read: an investigation report"


def test_nothing_in_it_is_a_fact_of_the_incident() -> None:
    with_form, without = sent_with(("report.docx", docx_filled())), sent_with(("note.txt", b"Hello"))

    assert with_form.report.fields.keys() == without.report.fields.keys()


def test_a_report_sent_in_a_mail_of_its_own_is_an_answer_and_opens_no_incident() -> None:
    reading = sent_with(("report.docx", docx_filled()), subject="as discussed")

    assert reading.kind is Kind.ANSWER
    assert reading.reference == CODE


def test_a_blank_form_that_belongs_to_no_incident_changes_nothing() -> None:
    blank = docx_of(form_of().but(reference=""))

    assert sent_with(("report.docx", blank), subject="the form for the intranet").kind is Kind.OTHER


def test_an_incident_report_form_is_still_one() -> None:
    own = FORM.own or pytest.fail("the shipped form.toml describes a form")
    report = filled_report_form(FORM, own, "Exampleshire", reference="", facts={}, missing=())

    reading = sent_with(("form.docx", docx_of(report)), subject="as discussed")

    assert reading.kind is Kind.REPORT
    assert reading.investigation is None


def test_both_forms_in_one_mail_are_each_read_as_what_they_are() -> None:
    own = FORM.own or pytest.fail("the shipped form.toml describes a form")
    report = docx_of(blank_report_form(FORM, own, "Exampleshire"))

    reading = sent_with(("form.docx", report), ("report.docx", docx_filled()))

    assert reading.investigation == FILLED
    assert reading.email.attachments[0].outcome == "read: it is an empty form"


def test_recommendations_typed_into_the_reply_are_read() -> None:
    reading = read(mail(f"{LINE}\n\n> {LINE.replace('1', '2')}", Subject=REPLY), FRIDAY, ALL)

    assert reading.investigation is not None
    assert reading.investigation.source == MAIL
    assert [one.number for one in reading.investigation.recommendations] == [1]


def test_a_mail_without_any_of_it_has_none() -> None:
    assert read(mail("Investigation: not yet", Subject=REPLY), FRIDAY, ALL).investigation is None


def test_a_document_that_the_reader_died_on_is_left_out() -> None:
    content = mail_with(("report.docx", docx_filled()), Subject=REPLY)

    reading = read(content, FRIDAY, ALL, skip={0: "it took too long"})

    assert reading.investigation is None
    assert "took too long" in reading.email.attachments[0].outcome


def test_nothing_typed_is_taken_where_the_reader_died_over_the_mail_itself() -> None:
    assert read(mail(LINE, Subject=REPLY), FRIDAY, ALL, skip={PAIRING: "it broke off"}).investigation is None


def test_an_older_draft_beside_the_report_is_asked_about() -> None:
    draft = docx_filled(FILLED.but(root_cause="System Error"))

    reading = sent_with(("report.docx", docx_filled()), ("draft.docx", draft))

    assert reading.investigation is not None
    assert [one.what for one in reading.investigation.problems] == [Shortcoming.SEVERAL_FORMS]


def test_a_reading_survives_the_way_out_of_the_reader_s_process() -> None:
    reading = sent_with(("report.docx", docx_filled()))

    assert Reading.model_validate_json(reading.model_dump_json()) == reading
