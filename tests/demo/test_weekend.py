"""What the demo shows, read from the folder that it leaves behind."""

import re
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest

from mailbot.demo.letters import ADDRESSES
from mailbot.demo.weekend import Weekend
from tests.demo.conftest import Weekends

UNTOUCHED = (
    "Printer on the second floor is out of toner again",
    "Your weekend offers: data sticks at half price",
    "Data for urgent meeting on Monday",
    "Request for a copy of my housing file",
    "Was this a data breach?",
)
HANDLING_DESKS = frozenset({ADDRESSES["it"], ADDRESSES["ig"]})


def text_of(message: Message) -> str:
    """What its reader reads of a mail; a form that is enclosed is looked into apart."""
    parts = [part.get_payload(decode=True) for part in message.walk() if part.get_content_maintype() == "text"]
    return " ".join(part.decode() for part in parts if isinstance(part, bytes)) + str(message["Subject"])


def mails(weekends: Weekends) -> list[Message]:
    return [message_from_bytes(file.read_bytes()) for file in sorted((weekends.first / "mails").glob("*.eml"))]


def tree(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_at_least_twelve_reports_become_incidents_when_the_weekend_is_over(weekends: Weekends) -> None:
    references = sorted(file.stem for file in (weekends.first / "incidents").glob("*.html"))
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
def test_what_happened_is_read_when_the_form_is_of_that_kind(weekends: Weekends, reference: str, source: str) -> None:
    rows = weekends.page(f"incidents/{reference}.html").xpath("//tr[th[normalize-space()='description']]")
    assert len(rows) == 1
    assert source in rows[0].text_content()


def test_one_incident_is_opened_when_the_same_report_comes_to_both_mailboxes(weekends: Weekends) -> None:
    links = weekends.page("mailboxes.html").xpath("//tr[contains(., 'FW: Urgent Data Incident (SEN)')]//a/text()")
    assert links == ["DB2026004", "DB2026004"]
    assert "The same report lies in the IG mailbox too" in weekends.text("incidents/DB2026004.html")


@pytest.mark.parametrize("subject", UNTOUCHED)
def test_a_mail_stays_untouched_when_it_is_none_of_ours(weekends: Weekends, subject: str) -> None:
    (row,) = weekends.page("mailboxes.html").xpath(f"//tr[contains(th, '{subject}')]")
    fetched, flags = (row.xpath(f"td[@data-label='{label}']")[0].text_content() for label in ("Fetched", "Flags"))
    assert fetched in {"no", "one part"}
    assert flags == "none"
    assert row.get("class") == "alone"


def test_no_mail_is_marked_as_read_when_the_bot_has_read_it(weekends: Weekends) -> None:
    flags = weekends.page("mailboxes.html").xpath("//td[@data-label='Flags']/text()")
    assert len(flags) > 40
    assert not [one for one in flags if "Seen" in one]


def test_no_notice_names_the_people_affected_when_it_leaves_the_handling_desk(
    weekends: Weekends, story: Weekend
) -> None:
    named = [(mail["To"], name) for mail in mails(weekends) for name in story.affected if name in text_of(mail)]
    assert named, "the desks' own notices quote the report"
    assert {to for to, _ in named} <= HANDLING_DESKS


def test_a_form_goes_to_nobody_but_who_reported_when_it_holds_what_was_told(weekends: Weekends) -> None:
    readers = {
        str(mail["To"])
        for mail in mails(weekends)
        if any("report form" in (part.get_filename() or "") for part in mail.walk())
    }
    acknowledged = {
        str(mail["To"])
        for mail in mails(weekends)
        if "We have your report" in text_of(mail) or "few facts" in text_of(mail)
    }
    assert readers
    assert readers <= acknowledged


def test_each_mail_has_one_reader_when_it_leaves(weekends: Weekends) -> None:
    assert all(str(mail["To"]).count("@") == 1 and not mail["Cc"] and not mail["Bcc"] for mail in mails(weekends))


def test_an_outside_reporter_reads_nothing_of_the_report_when_answered(weekends: Weekends) -> None:
    (answer,) = [mail for mail in mails(weekends) if "linnet.marsh" in str(mail["To"])]
    assert not [word for word in ("Abernale", "neighbour", "pub", "arrears") if word in text_of(answer)]


def test_an_incident_is_opened_when_its_form_cannot_be_read(weekends: Weekends) -> None:
    page = weekends.page("incidents/DB2026008.html")
    first = page.xpath("//li[@class='in']/a/@href")[0].removeprefix("../")
    assert "could not be read" in weekends.text(first)
    assert "Done: Answer the questions that are still open" in page.text_content()


def test_the_deputy_is_told_when_somebody_is_away(weekends: Weekends) -> None:
    assert "Hanna Brook is away: Dev Lister is told instead" in weekends.text("incidents/DB2026001.html")
    assert "Nadia Croft is told instead of Bea Winslow" in weekends.text("incidents/DB2026009.html")


def test_nothing_changes_when_an_answer_is_forged(weekends: Weekends) -> None:
    said = weekends.text("incidents/DB2026005.html")
    assert "An answer in the name of Priya Nand is held and changes nothing" in said
    assert not re.search(r"Done: Decide whether the ICO must be told", said)


def test_the_dpos_decision_ends_the_clock_when_it_comes_by_reply(weekends: Weekends) -> None:
    assert "Done: Decide whether the ICO must be told, and tell it within the 72 hours: not required" in weekends.text(
        "incidents/DB2026001.html"
    )


def test_the_ig_team_has_a_digest_when_monday_begins(weekends: Weekends) -> None:
    assert "Mon 23 Nov, 08:00 Triage digest, 23 November 2026" in weekends.text("index.html")


def test_every_link_leads_somewhere_when_the_folder_is_browsed(weekends: Weekends) -> None:
    for file in weekends.first.rglob("*.html"):
        if file.name.endswith(".body.html"):
            continue
        page = weekends.page(file.relative_to(weekends.first).as_posix())
        targets = [str(one) for one in page.xpath("//@href | //@src")]
        assert targets
        assert not [one for one in targets if not (file.parent / one).is_file()], file.name


def test_a_line_tells_of_each_event_while_the_weekend_goes_by(weekends: Weekends) -> None:
    lines = weekends.progress.read_text(encoding="utf-8").splitlines()
    assert "Fri 20 Nov 17:42  DB2026001  Incident opened for the Information Governance Team" in "\n".join(lines)
    assert lines[-1].endswith(f"Open {weekends.first / 'index.html'} in a browser.")


def test_the_folder_is_the_same_byte_for_byte_when_the_demo_is_run_again(weekends: Weekends) -> None:
    first, second = tree(weekends.first), tree(weekends.second)
    assert first.keys() == second.keys()
    assert [path for path, content in first.items() if second[path] != content] == []
