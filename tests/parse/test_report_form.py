from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from mailbot.intake.email import Address, InboundEmail
from mailbot.parse.document import read_document
from mailbot.parse.reading import ReportedIncident
from mailbot.parse.report_form import read_report
from mailbot.parse.rules import FormRules
from tests.parse.papers import form, paper

RECEIVED_AT = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)
SENDER = Address(address="sam.reporter@council.example", name="Sam Reporter")


def report(rules: FormRules, *rows: list[str], body: str = "") -> ReportedIncident:
    documents = [read_document(paper(form(*rows)), rules)] if rows else []
    return read_report(InboundEmail(sender=SENDER, text=body, reply=body), documents, RECEIVED_AT, rules)


def test_each_answer_tells_where_it_stood_and_how_sure_it_is(rules: FormRules) -> None:
    place = report(rules, ["What happened?", "A letter went astray."], ["Location", "Town Hall"]).fields["place"]

    assert (place.value, place.raw, place.source, place.confidence) == (
        "Town Hall",
        "Town Hall",
        "form.docx, table 1 row 2",
        1.0,
    )


def test_date_and_time_meet_when_they_are_asked_for_separately(rules: FormRules) -> None:
    read = report(rules, ["Date of incident", "Fri 18/9/2026"], ["Time of incident", "about 7pm"])

    assert read.fields["occurred_at"].value == "2026-09-18T19:00:00+01:00"
    assert read.occurred_at == datetime(2026, 9, 18, 18, 0, tzinfo=UTC)
    assert (read.fields["occurred_date"].value, read.fields["occurred_time"].value) == ("2026-09-18", "19:00")
    assert read.doubtful == ()


def test_the_day_alone_is_the_moment_when_no_time_is_given(rules: FormRules) -> None:
    read = report(rules, ["Date of incident", "18/09/2026"])

    assert read.fields["occurred_at"].value == "2026-09-18T00:00:00+01:00"
    assert read.fields["occurred_at"].confidence < 1


def test_a_date_is_kept_as_written_and_doubtful_when_it_is_not_understood(rules: FormRules) -> None:
    read = report(rules, ["Date and time discovered", "ask Lee"])

    assert (read.discovered_at, read.fields["discovered_at"].value, read.doubtful) == (
        None,
        "ask Lee",
        ("discovered_at",),
    )


def test_a_date_is_doubtful_when_form_and_mail_disagree(rules: FormRules) -> None:
    read = report(rules, ["Date discovered", "19/11/2026"], body="Date discovered: 18/11/2026")

    assert read.fields["discovered_at"].value.startswith("2026-11-19")
    assert read.doubtful == ("discovered_at",)
    assert "18/11/2026" in read.fields["other"].value


def test_a_field_is_doubtful_when_its_label_only_resembles_a_wording(rules: FormRules) -> None:
    assert report(rules, ["Full name of reporter", "Sam Reporter"]).doubtful == ("reporter",)


def test_labelled_lines_are_read_when_the_report_is_the_mail_itself(rules: FormRules) -> None:
    read = report(rules, body="When did it happen: yesterday 4pm\nWhat happened: I left a folder on the train.")

    assert read.fields["description"].source == "mail, line 2"
    assert read.occurred_at == datetime(2026, 11, 19, 16, 0, tzinfo=UTC)


def test_the_mail_is_the_description_when_nothing_is_labelled(rules: FormRules) -> None:
    read = report(rules, body="I left a folder on the train.")

    assert (read.fields["description"].value, read.fields["description"].source) == (
        "I left a folder on the train.",
        "mail, whole text",
    )
    assert read.fields["description"].confidence < 1


def test_the_whole_text_is_read_when_a_first_mail_was_forwarded(rules: FormRules) -> None:
    email = InboundEmail(
        sender=SENDER, reply="See below.", text="See below.\n> What happened: I left a folder on the train."
    )

    assert read_report(email, [], RECEIVED_AT, rules).fields["description"].value == "I left a folder on the train."


def test_what_is_missing_is_listed_when_the_report_is_thin(rules: FormRules) -> None:
    read = report(
        rules,
        ["What happened?", "A letter went astray."],
        ["Service", "Adult Social Care"],
        ["Date of incident", "18/09/2026"],
    )

    assert read.missing == ("line_manager", "discovered_at", "data_categories", "subjects", "actions")
    assert all(rules.question(name) for name in read.missing)


def test_an_unknown_question_is_kept_with_its_answer(rules: FormRules) -> None:
    assert report(rules, ["Zebra crossing colour", "Mauve"]).fields["other"].value == "Zebra crossing colour: Mauve"


def test_nothing_is_answered_when_the_form_is_empty(rules: FormRules) -> None:
    assert report(rules, ["What happened?", ""], ["Location", "Click or tap here to enter text."]).fields == {}


def test_the_form_is_refused_when_a_required_field_has_no_question(rules: FormRules) -> None:
    fields = {name: field.model_dump() for name, field in rules.fields.items()}
    fields["place"] |= {"required": True, "ask": ""}

    with pytest.raises(ValidationError, match=r"fields\.place is required but has no question"):
        FormRules.model_validate(rules.model_dump(exclude={"fields"}) | {"fields": fields})
