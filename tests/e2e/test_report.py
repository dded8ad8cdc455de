"""A report becomes an incident whose people are told within one round (paras 26, 28, 30, 34, 67; DESIGN §2)."""

import logging
from datetime import UTC, datetime, timedelta

import pytest

from mailbot.store import LedgerOutcome, OutboxState
from mailbot.terms import Queue, Stage
from tests.e2e.conftest import MakeHouse
from tests.e2e.mails import OUTSIDE_VERDICT, SHORT, WRONG_CARE_HOME, whole, with_attachment
from tests.house import DPO, IG_DESK, IT_DESK, SAM, SAMS_MANAGER, House, html_of, report, text_of

MARK = "Zebedee Quillfeather"
MARKS = ("Zebedee", "Quillfeather")
DESKS = {IG_DESK, IT_DESK}


def test_a_report_opens_one_incident_with_its_duties_and_clocks_when_it_is_polled(house: House) -> None:
    house.deliver(report(WRONG_CARE_HOME))

    house.poll()

    incident = house.incident()
    assert (incident.reference, incident.queue, incident.stage) == ("DB2026001", Queue.IG, Stage.REPORTING)
    assert incident.discovered_at == datetime(2026, 11, 20, 18, 30, tzinfo=UTC)
    assert incident.aware_at == incident.discovered_at
    kinds = {duty.kind for duty in incident.open_duties}
    assert {"triage", "contain", "assess", "decide_ico", "investigate"} <= kinds
    ico = incident.duty("decide_ico")
    assert ico is not None
    assert ico.due_at == incident.aware_at + timedelta(hours=72)


def test_everybody_the_procedure_names_is_told_in_one_round_when_a_report_arrives(house: House) -> None:
    house.deliver(report(WRONG_CARE_HOME))

    house.round()

    told = {
        row.email.recipient: row.email.template
        for row in house.outbox()
        if row.email.template != "triage_digest_urgent"
    }
    assert told == {
        SAM: "acknowledgement",
        IG_DESK: "queue_notice",
        DPO: "dpo_notice",
        SAMS_MANAGER: "line_manager_notice",
        # Hanna Brook is on leave until the 27th: her deputy stands in.
        "dev.lister@council.example": "group_manager_notice",
    }
    assert {row.state for row in house.outbox()} == {OutboxState.SENT}


def test_every_mail_says_the_reference_in_text_and_html_when_it_is_sent(house: House) -> None:
    house.deliver(report(WRONG_CARE_HOME))

    house.round()

    sent = [mail for address in (SAM, DPO, SAMS_MANAGER, IG_DESK) for mail in house.sent_to(address)]
    assert len(sent) >= 4
    for mail in sent:
        assert "DB2026001" in text_of(mail)
        assert "DB2026001" in html_of(mail)
        assert "http" not in html_of(mail).replace("http://www.w3.org", "")


def test_each_mail_has_one_reader_and_no_copies_when_it_is_sent(house: House) -> None:
    house.deliver(report(WRONG_CARE_HOME))

    house.round()

    for frozen in house.sender.sent:
        assert frozen.content.count(b"\r\nTo: ") == 1
        assert b"\r\nCc:" not in frozen.content
        assert b"\r\nBcc:" not in frozen.content


def test_the_acknowledgement_asks_only_for_what_is_missing_when_the_report_leaves_questions_open(house: House) -> None:
    house.deliver(report("What happened: a letter went to the wrong house\nGroup: Community Care North"))

    house.round()

    text = text_of(house.sent_to(SAM)[0])
    assert "Discovered at:" in text
    assert "Group:" not in text


def test_the_clock_in_the_acknowledgement_is_the_72_hours_in_london_time_when_the_clocks_are_on_summer_time(
    new_house: MakeHouse,
) -> None:
    house = new_house(at=datetime(2026, 6, 5, 22, 30, tzinfo=UTC))
    house.deliver(report("What happened: a letter went to the wrong house", date="Fri, 5 Jun 2026 23:29:00 +0100"))

    house.round()

    assert "Monday 8 June 2026, 11:30pm" in text_of(house.sent_to(SAM)[0])


def marked_report() -> bytes:
    body = f"{MARK} of 7 Mill Lane got the file of another client.\nWhat happened: the file of {MARK} was sent out\nPlace: at {MARK}'s house"
    content = with_attachment(
        f"incident report form {MARK}.docx", b"not a document", body, f"Urgent Data Incident {MARK}"
    )
    return content.replace(b"From: Sam Porter", f"From: {MARK}".encode())


def test_data_of_affected_people_stays_with_the_handling_desk_when_a_report_is_full_of_it(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    house.deliver(marked_report())

    house.round()
    for _ in range(8):
        house.pass_by(timedelta(hours=12))
        house.round()

    assert house.incident().reporter.address == SAM
    internal = [row for row in house.outbox() if row.email.recipient not in DESKS]
    assert {row.email.recipient for row in internal} >= {SAM, DPO, SAMS_MANAGER}
    for row in internal:
        for mail in house.sent_to(row.email.recipient):
            assert not [mark for mark in MARKS if mark in whole(mail)], row.email.template
    assert not [mark for mark in MARKS if mark in caplog.text]


def test_digests_and_alarms_hold_no_data_of_affected_people_when_the_desk_gets_them(house: House) -> None:
    house.deliver(marked_report())
    house.sender.refuse(SAMS_MANAGER)

    for _ in range(7):
        house.round()
        house.pass_by(timedelta(hours=12))

    rows = [row for row in house.outbox() if row.email.template in {"triage_digest", "triage_digest_urgent", "alarm"}]
    assert {row.email.template for row in rows} == {"triage_digest", "triage_digest_urgent", "alarm"}
    for row in rows:
        assert row.frozen is not None
        assert not [mark for mark in MARKS if mark.encode() in row.frozen.content]


def test_the_handling_desk_reads_the_report_in_its_notice_when_it_has_to_act(house: House) -> None:
    house.deliver(marked_report())

    house.round()

    assert any(MARK in text_of(mail) for mail in house.sent_to(IG_DESK))


def test_an_affected_person_who_reports_is_named_to_no_manager_when_they_write_from_outside(house: House) -> None:
    house.deliver(
        report(
            "Your council sent my file to my neighbour.",
            sender=f"{MARK} <z.q@home.example>",
            Authentication_Results=OUTSIDE_VERDICT,
        )
    )

    house.round()

    others = [
        mail
        for row in house.outbox()
        if row.email.recipient not in {*DESKS, "z.q@home.example"}
        for mail in house.sent_to(row.email.recipient)
    ]
    assert others
    assert not [mark for mail in others for mark in (*MARKS, "z.q@home.example") if mark in whole(mail)]


def test_an_unreadable_form_opens_an_incident_and_starts_the_clock_when_nothing_in_it_can_be_read(house: House) -> None:
    house.deliver(with_attachment("incident report form.docx", b"\x00\x01 broken", body=""))

    house.round()

    incident = house.incident()
    assert incident.missing
    assert incident.duty("decide_ico") is not None
    assert house.templates_to(SAM) == ["acknowledgement"]


def test_the_original_bytes_are_kept_unchanged_when_a_report_is_taken_in(house: House) -> None:
    content = report(SHORT)
    key = house.deliver(content)

    house.poll()

    with house.app.store.reading() as unit:
        entry = unit.ledger.entry(key)
        assert entry is not None
        assert entry.outcome is LedgerOutcome.HANDLED
        assert entry.email_id is not None
        assert unit.emails.raw(entry.email_id) == content


def test_one_reports_failure_stops_no_other_when_the_server_cannot_hand_it_over(house: House) -> None:
    stuck = house.deliver(report(SHORT))
    house.deliver(report("Another letter went astray.", message_id="<report-2@mail.council.example>"))
    house.mailboxes["ig"].refuse_message(stuck)

    house.poll()

    assert len(house.incidents()) == 1
    with house.app.store.reading() as unit:
        entry = unit.ledger.entry(stuck)
    assert entry is not None
    assert (entry.outcome, entry.tries) == (LedgerOutcome.RETRY, 1)


def test_a_report_that_waited_is_taken_in_with_its_own_arrival_when_the_server_hands_it_over_at_last(
    house: House,
) -> None:
    arrived = house.clock.now()
    stuck = house.deliver(report(SHORT))
    house.mailboxes["ig"].refuse_message(stuck)
    house.poll()
    house.mailboxes["ig"]._refused.clear()
    house.pass_by(timedelta(hours=3))

    house.round()

    assert house.incident().received_at == arrived
    assert house.templates_to(SAM) == ["acknowledgement"]


def test_a_waiting_report_is_closed_as_gone_when_a_person_deletes_it_meanwhile(house: House) -> None:
    stuck = house.deliver(report(SHORT))
    house.mailboxes["ig"].refuse_message(stuck)
    house.poll()
    house.mailboxes["ig"].remove(stuck)
    house.pass_by(timedelta(hours=1))

    house.poll()

    with house.app.store.reading() as unit:
        entry = unit.ledger.entry(stuck)
    assert entry is not None
    assert entry.outcome is LedgerOutcome.GONE
