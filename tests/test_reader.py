import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailbot.intake.email import Kind
from mailbot.parse.rules import FormRules
from mailbot.reader import PAIRING, ReadingRules, is_form, read, read_headers_only
from tests.intake.mails import PDF, RULES, delivery_report, mail, mail_with

AT = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)
FORM = FormRules.model_validate(
    tomllib.loads((Path(__file__).parent.parent / "config" / "form.toml").read_text("utf-8"))
)
RULES_ALL = ReadingRules(intake=RULES, form=FORM)
FORM_TEXT = b"Data Incident Report Form\n\nName of person reporting: Sam Reporter\nWhat happened: a letter went to a wrong house\n"


def test_report_is_read_from_the_mails_own_labelled_lines() -> None:
    reading = read(mail("What happened: my phone was taken"), AT, RULES_ALL)
    assert reading.kind is Kind.REPORT
    assert reading.report.fields["description"].value == "my phone was taken"
    assert reading.report.missing


def test_report_is_read_from_an_attached_form() -> None:
    reading = read(mail_with(("form.txt", FORM_TEXT)), AT, RULES_ALL)
    assert reading.report.fields["description"].value == "a letter went to a wrong house"
    assert reading.email.attachments[0].outcome.startswith("read: ")


def test_mail_without_title_is_a_report_when_a_document_is_a_form_by_its_content() -> None:
    assert read(mail_with(("scan.txt", FORM_TEXT), Subject="as discussed"), AT, RULES_ALL).kind is Kind.REPORT
    assert (
        read(mail_with(("scan.txt", b"Minutes of a meeting"), Subject="as discussed"), AT, RULES_ALL).kind is Kind.OTHER
    )
    assert is_form(FORM_TEXT, RULES_ALL)
    assert not is_form(b"Minutes of a meeting", RULES_ALL)


def test_broken_form_is_still_a_report_and_says_so() -> None:
    reading = read(mail_with(("incident report form.pdf", PDF), Subject="help"), AT, RULES_ALL)
    assert reading.kind is Kind.REPORT
    assert reading.email.attachments[0].outcome
    assert any("incident report form.pdf" in one and "A person must open it" in one for one in reading.problems)


def test_each_document_is_announced_before_it_is_opened_and_the_pairing_last() -> None:
    announced: list[int] = []
    read(
        mail_with(("a.txt", b"one"), ("b.png", b"\x89PNG\r\n\x1a\n"), ("c.txt", b"two")),
        AT,
        RULES_ALL,
        announced.append,
    )
    assert announced == [0, 1, 2, PAIRING]


def test_skipped_documents_and_pairing_are_named_with_their_reason() -> None:
    content = mail_with(("a.txt", FORM_TEXT), ("b.txt", b"two"))
    announced: list[int] = []
    reading = read(content, AT, RULES_ALL, announced.append, {0: "it took too long", PAIRING: "it broke off"})
    assert announced == [1, PAIRING]
    assert reading.email.attachments[0].outcome == "not read: it took too long"
    assert reading.report.fields == {}
    assert [one for one in reading.problems if "a.txt" in one and "took too long" in one]
    assert [one for one in reading.problems if "putting the answers together" in one and "broke off" in one]


def test_reply_is_read_into_answers() -> None:
    reading = read(
        mail("ICO: not required, because no risk\n\n> ICO: reported", Subject="Re: [DB2026014 k7f3q2]"), AT, RULES_ALL
    )
    assert reading.kind is Kind.ANSWER
    assert [(one.key, one.value) for one in reading.answers] == [("ico", "not required, because no risk")]


@pytest.mark.parametrize(
    ("sender", "is_log"), [("itservicedesk@council.example", True), ("sam@council.example", False)]
)
def test_call_log_counts_only_when_a_desk_sent_it(sender: str, is_log: bool) -> None:
    reading = read(mail("Reporter: Kim Caller", From=sender, Subject="Incident call log"), AT, RULES_ALL)
    assert reading.call_log is is_log


def test_machines_mail_is_read_without_opening_its_documents() -> None:
    opened: list[int] = []
    reading = read(delivery_report("failed"), AT, RULES_ALL, opened.append)
    assert reading.kind is Kind.BOUNCE
    assert reading.bounce is not None
    assert reading.bounce.recipients == ("gone@council.example",)
    assert opened == []


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (mail(), Kind.REPORT),
        (mail(Subject="Lunch?"), Kind.REPORT),
        (mail(Subject="Automatic reply: x"), Kind.AUTO_REPLY),
    ],
)
def test_headers_alone_make_a_report_when_nobody_can_say_that_it_is_none(content: bytes, kind: Kind) -> None:
    reading = read_headers_only(content, RULES_ALL, "It was too odd.")
    assert (reading.kind, reading.problems, reading.email.text) == (kind, ("It was too odd.",), "")
    assert reading.email.sender.address == "sam.reporter@council.example"


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.text(max_size=200))
def test_nothing_raises_when_body_and_document_are_noise(noise: bytes, text: str) -> None:
    for content in (
        noise,
        mail_with(("form.docx", noise), ("form.pdf", b"%PDF-1.7\n" + noise), ("zip", b"PK\x03\x04" + noise), body=text),
    ):
        reading = read(content, AT, RULES_ALL)
        assert type(reading).model_validate_json(reading.model_dump_json()) == reading
