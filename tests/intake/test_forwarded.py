"""Reports that somebody else passes on: below a heading in the text, or as an attached mail."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.intake.email import Forwarded
from mailbot.intake.message import read_message
from tests.intake.mails import RULES, mail, mail_with
from tests.intake.outlook_files import FROM_SAM, msg

JO = "Jo Fenn <jo.fenn@council.example>"
SAM = "sam.reporter@council.example"
WORDS = "My work laptop was stolen last night."

OUTLOOK = f"""One for you.

Jo

________________________________
From: Reporter, Sam <{SAM}>
Sent: 20 November 2026 19:02
To: Fenn, Jo <jo.fenn@council.example>
Subject: Urgent Data Incident

{WORDS}
"""
OUTLOOK_US = f"""From: Sam Reporter [mailto:{SAM}]
Sent: Friday, November 20, 2026 7:02 PM
To: Jo Fenn
Subject: Urgent Data Incident

{WORDS}
"""
IPHONE = f"""

Begin forwarded message:

> From: Sam Reporter <{SAM}>
> Date: 20 November 2026 at 19:02:11 GMT
> To: Jo Fenn <jo.fenn@council.example>
> Subject: Urgent Data Incident
>
> {WORDS}
"""
GMAIL = f"""---------- Forwarded message ---------
From: *Sam Reporter* <{SAM}>
Date: Fri, 20 Nov 2026 at 19:02
Subject: Urgent Data Incident
To: Jo Fenn <jo.fenn@council.example>


{WORDS}
"""
GERMAN = f"""Von: Sam Reporter <{SAM}>
Gesendet: Freitag, 20. November 2026 19:02
An: Jo Fenn <jo.fenn@council.example>
Betreff: Urgent Data Incident

{WORDS}
"""


def passed_on(body: str, subject: str = "FW: Urgent Data Incident", **headers: str) -> Forwarded | None:
    return read_message(mail(body, Subject=subject, **({"From": JO} | headers)), RULES)[0].forwarded


@pytest.mark.parametrize("body", [OUTLOOK, OUTLOOK_US, IPHONE, GMAIL, GERMAN])
def test_the_first_writer_is_found_when_a_report_is_sent_on(body: str) -> None:
    found = passed_on(body)

    assert found is not None
    assert found.sender.address == SAM
    assert set(found.sender.name.replace(",", "").split()) == {"Sam", "Reporter"}
    assert found.subject == "Urgent Data Incident"
    assert found.date in {
        None,
        datetime(2026, 11, 20, 19, 2, tzinfo=UTC),
        datetime(2026, 11, 20, 19, 2, 11, tzinfo=UTC),
    }
    assert found.text == WORDS
    assert not found.attached


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("1 July 2026 09:05", datetime(2026, 7, 1, 8, 5, tzinfo=UTC)),
        ("Wednesday, July 1, 2026 12:05 AM", datetime(2026, 6, 30, 23, 5, tzinfo=UTC)),
        ("Wed, 1 Jul 2026 09:05:00 +0100", datetime(2026, 7, 1, 8, 5, tzinfo=UTC)),
        ("31 June 2026 09:05", None),
        ("yesterday", None),
    ],
)
def test_the_date_of_a_heading_is_londons_where_it_names_no_zone(written: str, at: datetime | None) -> None:
    found = passed_on(OUTLOOK.replace("20 November 2026 19:02", written))

    assert found is not None
    assert found.date == at


def test_the_first_of_all_is_found_when_a_report_was_sent_on_twice() -> None:
    again = f"From: Lee Lead <lee@council.example>\nSent: 20 November 2026 20:00\nTo: IG\nSubject: FW: Urgent Data Incident\n\nSee below.\n\n{OUTLOOK}"
    found = passed_on(again, "FW: FW: Urgent Data Incident")

    assert found is not None
    assert found.sender.address == SAM


def test_the_writer_of_an_attached_mail_is_found_whatever_it_is_attached_as() -> None:
    attached = mail(WORDS, Date="Fri, 20 Nov 2026 19:02:00 +0000")
    for name, content in (("report.eml", attached), ("report.msg", msg(FROM_SAM))):
        email, _ = read_message(mail_with((name, content), From=JO), RULES)

        assert email.forwarded is not None
        assert email.forwarded.sender.address == SAM
        assert email.forwarded.text.startswith("My work laptop was stolen last night.")
        assert email.forwarded.attached
        assert [one for one in email.problems if "passed this report on" in one]


@pytest.mark.parametrize(
    ("body", "subject"),
    [
        (OUTLOOK, "RE: Urgent Data Incident"),
        (OUTLOOK.replace("Subject: Urgent Data Incident", "Subject: Your mailbox is full"), "FW: Urgent Data Incident"),
        (
            OUTLOOK.replace(SAM, "jo.fenn@council.example").replace("Jo\n", "It is worse. " * 20, 1),
            "FW: Urgent Data Incident",
        ),
        ("From: the depot\nTo: the town hall, by van\n\nA box was lost.", "FW: Urgent Data Incident"),
        (WORDS, "FW: Urgent Data Incident"),
    ],
    ids=["a reply", "evidence of another subject", "her own mail, with news", "a story", "nothing below"],
)
def test_nobody_else_is_named_when_the_sender_reports(body: str, subject: str) -> None:
    assert passed_on(body, subject) is None


def test_a_suspicious_mail_that_is_attached_was_not_written_by_the_reporter() -> None:
    bait = mail("Click here", Subject="Your parcel", From="Boss <boss@council.example>")

    assert read_message(mail_with(("bait.eml", bait)), RULES)[0].forwarded is None


def test_an_answer_to_the_bot_passes_nothing_on() -> None:
    assert passed_on(OUTLOOK, "FW: [DB2026014 k7f3q2] Urgent Data Incident") is None


@given(
    st.lists(
        st.sampled_from(
            [
                "From: a <a@x.example>",
                "Sent:",
                "To: b",
                "Subject: Urgent Data Incident",
                "",
                "> From: ",
                " more",
                "words",
            ]
        ),
        max_size=30,
    )
)
def test_nothing_is_raised_whatever_stands_below_one_another(lines: list[str]) -> None:
    found = passed_on("\n".join(lines))

    assert found is None or found.sender.address or found.sender.name
