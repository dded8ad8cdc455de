"""A person is shown what the reader could not read, why, and where it lies; never the thing itself."""

from mailbot.demo.forms import damaged, table_form
from tests.e2e.mails import SHORT, whole, with_attachment
from tests.house import DPO, IG_DESK, SAM, SAMS_MANAGER, House, report, text_of

HOSTILE = b"%PDF-1.7 this is no document " + bytes(range(256)) * 20


def queue_notice(house: House) -> str:
    mail = next(one for one in house.sent_to(IG_DESK) if "New incident" in str(one["Subject"]))
    return " ".join(text_of(mail).split())


def test_the_queue_notice_says_what_could_not_be_read_why_and_where_it_lies(house: House) -> None:
    house.deliver(with_attachment("scan.docx", damaged(table_form({"What happened": "a letter went astray"}))))

    house.round()

    notice = queue_notice(house)
    assert "«scan.docx» could not be read" in notice
    assert "A person must open it" in notice
    assert f"Mailbox ig, folder INBOX, from {SAM}, 20 November 2026, 7:30pm" in notice


def test_the_queue_notice_lists_each_attachment_with_what_was_made_of_it(house: House) -> None:
    house.deliver(with_attachment("form.docx", table_form({"What happened": "a letter went astray"})))

    house.round()

    assert "form.docx: read: 1 answer found" in queue_notice(house)


def test_nothing_that_was_attached_is_ever_sent_on(house: House) -> None:
    house.deliver(with_attachment("list.pdf", HOSTILE))

    house.round()

    assert house.incident().originals[0].files[0].name == "list.pdf"
    for mail in house.sender.sent:
        assert b"list.pdf" not in mail.content or mail.recipient == IG_DESK
        assert HOSTILE[:20] not in mail.content
        assert b"application/pdf" not in mail.content


def test_nobody_but_the_desk_reads_the_name_of_a_file(house: House) -> None:
    house.deliver(with_attachment("Tallow family.docx", damaged(table_form({"What happened": "it was lost"}))))

    house.round()

    for reader in (SAM, SAMS_MANAGER, DPO):
        assert all("Tallow" not in whole(mail) for mail in house.sent_to(reader))


def test_the_desk_is_told_when_a_later_mail_could_not_be_read(house: House) -> None:
    house.deliver(report(SHORT))
    house.round()
    later = with_attachment(
        "more.docx", damaged(table_form({"What happened": "it was lost"})), subject="About DB2026001"
    )
    house.deliver(later.replace(b"<attached@", b"<later@"), "bot")

    house.round()

    notice = next(one for one in house.sent_to(IG_DESK) if "wrote again" in str(one["Subject"]))
    assert "«more.docx» could not be read" in " ".join(text_of(notice).split())
