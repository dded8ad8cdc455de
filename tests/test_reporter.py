"""Who counts as the Reporter when somebody else sent the mail."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailbot import resources
from mailbot.organisation import Organisation
from mailbot.parse.rules import FormRules
from mailbot.pipeline.reporter import reporter_of
from mailbot.reader import ReadingRules, read
from mailbot.settings.load import load_settings
from tests.house import ENVIRON
from tests.intake.mails import RULES, mail

AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
FORM = FormRules.model_validate(tomllib.loads((Path(__file__).parents[1] / "config" / "form.toml").read_text("utf-8")))
VERDICT = "mx.council.example; dmarc=pass header.from=council.example"
MANAGER = "Jo Fenn <jo.fenn@council.example>"
PASSED_ON = """Sorry, I only saw this now.

From: Sam Porter <{writer}>
Sent: 20 November 2026 09:00
To: Jo Fenn <jo.fenn@council.example>
Subject: Urgent Data Incident

Name of person reporting: Sam Porter
Date of incident: last night
What happened: my laptop was stolen
"""


@pytest.fixture(scope="module")
def organisation() -> Organisation:
    return load_settings(resources.shipped() / "config", ENVIRON).organisation


def forwarded(writer: str = "sam.porter@council.example", verdict: str = VERDICT, sender: str = MANAGER) -> bytes:
    headers = {"Authentication_Results": verdict, "From": sender, "Subject": "FW: Urgent Data Incident"}
    return mail(PASSED_ON.format(writer=writer), **headers)


def test_the_writer_is_the_reporter_when_a_manager_passes_a_report_on(organisation: Organisation) -> None:
    reporter = reporter_of(read(forwarded(), AT, ReadingRules(intake=RULES, form=FORM)), organisation)

    assert (reporter.address, reporter.name) == ("sam.porter@council.example", "Sam Porter")
    assert reporter.may_be_written_to


@pytest.mark.parametrize(
    ("content", "reporter"),
    [
        (forwarded(verdict=""), "jo.fenn@council.example"),
        (forwarded(writer="victim@elsewhere.example"), "jo.fenn@council.example"),
        (forwarded(sender="Eve <eve@elsewhere.example>"), "eve@elsewhere.example"),
    ],
    ids=["an unproven mail", "an outside writer", "an outside forwarder"],
)
def test_the_sender_stays_the_reporter_when_the_heading_may_be_made_up(
    content: bytes, reporter: str, organisation: Organisation
) -> None:
    reading = read(content, AT, ReadingRules(intake=RULES, form=FORM))

    assert reporter_of(reading, organisation).address == reporter


def test_what_was_passed_on_is_what_is_read_and_its_own_date_anchors_it() -> None:
    fields = read(forwarded(), AT, ReadingRules(intake=RULES, form=FORM)).report.fields

    assert fields["description"].value == "my laptop was stolen"
    assert fields["occurred_date"].value == "2026-11-19"
