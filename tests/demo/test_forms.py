"""The demo's forms: each is read by the bot as it was filled in."""

from collections.abc import Callable

import pytest

from mailbot.demo.forms import Answers, content_controls_form, damaged, legacy_fields_form, pdf_form, table_form
from mailbot.intake.email import Document
from mailbot.intake.filetypes import type_of
from mailbot.parse.document import read_document
from mailbot.parse.reading import DocumentReading
from mailbot.settings import load_settings

ANSWERS = {
    "Your name": "Sam “Sammy” Porter & Co <1>",
    "What happened?": "A letter (two pages) went to the wrong house.",
    "Who received the information?": "",
}
FORMS = (table_form, content_controls_form, legacy_fields_form, pdf_form)


def read(content: bytes) -> DocumentReading:
    rules = load_settings(None, {}, need_secrets=False).form
    return read_document(Document(number=0, name="form", type=type_of(content), content=content), rules)


@pytest.mark.parametrize("form", FORMS)
def test_the_bot_reads_what_was_filled_in_when_the_form_is_of_that_kind(form: Callable[[Answers], bytes]) -> None:
    rows = {row.label.rstrip(":"): row.answer for row in read(form(ANSWERS)).rows}
    assert rows == ANSWERS


@pytest.mark.parametrize("form", FORMS)
def test_a_form_has_the_same_bytes_when_made_again(form: Callable[[Answers], bytes]) -> None:
    assert form(ANSWERS) == form(ANSWERS)


def test_a_damaged_form_cannot_be_read_when_a_third_of_it_is_missing() -> None:
    assert read(damaged(table_form(ANSWERS))).outcome.startswith("could not be read")
