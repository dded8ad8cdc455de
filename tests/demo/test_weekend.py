"""What the weekend shows, read from the folder that the demo leaves behind."""

import re

import pytest

from tests.demo.conftest import LONGEST, Folder, text_of

pytestmark = pytest.mark.timeout(LONGEST)

UNTOUCHED = (
    "Printer on the second floor is out of toner again",
    "Your weekend offers: data sticks at half price",
    "Data for urgent meeting on Monday",
    "Request for a copy of my housing file",
    "Was this a data breach?",
)


def test_at_least_twelve_reports_become_incidents_when_the_weekend_is_over(weekend: Folder) -> None:
    references = sorted(file.stem for file in (weekend.root / "incidents").glob("*.html"))
    assert len(references) >= 12
    assert references == [f"DB2026{number:03}" for number in range(1, len(references) + 1)]


@pytest.mark.parametrize(
    ("reference", "source"),
    [
        ("DB2026001", "Data Incident Report Form.docx, table 1 row"),
        ("DB2026002", "incident report form EH.docx"),
        ("DB2026003", "Data Breach Report Form.pdf, field"),
        ("DB2026004", "Incident Report Form v3.docx, paragraph"),
        ("DB2026005", "mail, line"),
    ],
)
def test_what_happened_is_read_when_the_form_is_of_that_kind(weekend: Folder, reference: str, source: str) -> None:
    rows = weekend.page(f"incidents/{reference}.html").xpath("//tr[th[normalize-space()='description']]")
    assert len(rows) == 1
    assert source in rows[0].text_content()


def test_one_incident_is_opened_when_the_same_report_comes_to_both_mailboxes(weekend: Folder) -> None:
    links = weekend.page("mailboxes.html").xpath("//tr[contains(., 'FW: Urgent Data Incident (SEN)')]//a/text()")
    assert links == ["DB2026004", "DB2026004"]
    assert "The same report lies in the IG mailbox too" in weekend.text("incidents/DB2026004.html")


@pytest.mark.parametrize("subject", UNTOUCHED)
def test_a_mail_stays_untouched_when_it_is_none_of_ours(weekend: Folder, subject: str) -> None:
    (row,) = weekend.page("mailboxes.html").xpath(f"//tr[contains(th, '{subject}')]")
    fetched, flags = (row.xpath(f"td[@data-label='{label}']")[0].text_content() for label in ("Fetched", "Flags"))
    assert fetched in {"no", "one part"}
    assert flags == "none"
    assert row.get("class") == "alone"


def test_no_mail_is_marked_as_read_when_the_bot_has_read_it(weekend: Folder) -> None:
    flags = weekend.page("mailboxes.html").xpath("//td[@data-label='Flags']/text()")
    assert len(flags) > 40
    assert not [one for one in flags if "Seen" in one]


def test_a_form_goes_to_nobody_but_who_reported_when_it_holds_what_was_told(weekend: Folder) -> None:
    readers = {
        str(mail["To"])
        for mail in weekend.mails()
        if any("report form" in (part.get_filename() or "") for part in mail.walk())
    }
    acknowledged = {
        str(mail["To"])
        for mail in weekend.mails()
        if "We have your report" in text_of(mail) or "few facts" in text_of(mail)
    }
    assert readers
    assert readers <= acknowledged


def test_an_outside_reporter_reads_nothing_of_the_report_when_answered(weekend: Folder) -> None:
    (answer,) = [mail for mail in weekend.mails() if "linnet.marsh" in str(mail["To"])]
    assert not [word for word in ("Abernale", "neighbour", "pub", "arrears") if word in text_of(answer)]


def test_an_incident_is_opened_when_its_form_cannot_be_read(weekend: Folder) -> None:
    page = weekend.page("incidents/DB2026008.html")
    first = page.xpath("//li[@class='in']/a/@href")[0].removeprefix("../")
    assert "could not be read" in weekend.text(first)
    assert "Done: Answer the questions that are still open" in page.text_content()


def test_the_deputy_is_told_when_somebody_is_away(weekend: Folder) -> None:
    assert "Dev Lister is told in place of Hanna Brook" in weekend.text("incidents/DB2026001.html")
    assert "Nadia Croft is told instead of Bea Winslow" in weekend.text("incidents/DB2026009.html")


def test_nothing_changes_when_an_answer_is_forged(weekend: Folder) -> None:
    said = weekend.text("incidents/DB2026005.html")
    assert "An answer in the name of Priya Nand is held and changes nothing" in said
    assert not re.search(r"Done: Decide whether the ICO must be told", said)


def test_the_dpos_decision_ends_the_clock_when_it_comes_by_reply(weekend: Folder) -> None:
    assert "Done: Decide whether the ICO must be told, and tell it within the 72 hours: not required" in weekend.text(
        "incidents/DB2026001.html"
    )


def test_the_ig_team_has_a_digest_when_monday_begins(weekend: Folder) -> None:
    assert "Mon 23 Nov, 08:00 Triage digest, 23 November 2026" in weekend.text("index.html")
