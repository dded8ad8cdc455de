"""Who reported, and whether anything is sent to them (paras 30, 31, 34; DESIGN §8: no backscatter)."""

from datetime import UTC, datetime, timedelta

import pytest

from mailbot.store import LedgerOutcome, OutboxState
from mailbot.terms import Queue, Role
from tests.e2e.conversation import mail_of
from tests.e2e.mails import OUTSIDE_VERDICT, OUTSIDER, SHORT, WRONG_CARE_HOME, whole
from tests.house import IG_DESK, IT_DESK, SAM, SAMS_MANAGER, House, answer_to, report, text_of

OUTSIDE = f"R Tallow <{OUTSIDER}>"
STORY = "Your office sent me the purple folder of my neighbour."
CALL = """Name of caller: Sam Porter
Email: sam.porter@council.example
Date and time of call: 20/11/2026 18:45
What happened: a list of clients went to the wrong care home
When did it happen: 20/11/2026 17:00"""


def call_log(body: str = CALL, **headers: str) -> bytes:
    return report(body, sender=f"IT Service Desk <{IT_DESK}>", subject="Incident call log", **headers)


def all_recipients(house: House) -> set[str]:
    return {row.email.recipient for row in house.outbox()}


def test_an_outsider_gets_nothing_when_the_gateway_does_not_vouch_for_the_address(house: House) -> None:
    house.deliver(report(STORY, sender=OUTSIDE, Authentication_Results=""))

    house.round()

    assert house.incident().reporter.outside
    assert OUTSIDER not in all_recipients(house)


def test_an_outsider_gets_an_acknowledgement_that_repeats_nothing_when_the_gateway_vouches(house: House) -> None:
    house.deliver(report(STORY, sender=OUTSIDE, Authentication_Results=OUTSIDE_VERDICT))

    house.round()

    assert house.templates_to(OUTSIDER) == ["acknowledgement_outside"]
    mail = whole(house.sent_to(OUTSIDER)[0])
    assert "DB2026001" in mail
    assert "purple folder" not in mail
    assert "Urgent Data Incident" not in mail


def test_an_outsiders_report_goes_to_the_ig_team_and_to_no_manager_before_it_is_substantiated(house: House) -> None:
    house.deliver(report(STORY, sender=OUTSIDE, Authentication_Results=OUTSIDE_VERDICT), "it")

    house.round()

    incident = house.incident()
    assert (incident.queue, incident.allegation) == (Queue.IG, True)
    roles = {row.email.role for row in house.outbox()}
    assert not roles & {Role.LINE_MANAGER, Role.RESPONSIBLE_LINE_MANAGER, Role.GROUP_MANAGER, Role.SIRO}


def test_an_outsider_is_never_chased_by_mail_when_answers_are_missing(house: House) -> None:
    house.deliver(report(STORY, sender=OUTSIDE, Authentication_Results=OUTSIDE_VERDICT))

    for _ in range(8):
        house.round()
        house.pass_by(timedelta(days=1))

    assert house.templates_to(OUTSIDER) == ["acknowledgement_outside"]


@pytest.mark.parametrize(
    ("headers", "asked"),
    [({}, True), ({"sender": OUTSIDE, "Authentication_Results": OUTSIDE_VERDICT}, False)],
    ids=["inside the council", "outside the council"],
)
def test_the_desk_reads_whether_the_reporter_was_asked_for_what_is_missing(
    headers: dict[str, str], asked: bool, house: House
) -> None:
    house.deliver(report(STORY, **headers))

    house.round()

    notice = " ".join(text_of(mail_of(house, IG_DESK, "queue_notice")).split())
    assert ("The reporter has been asked" in notice) is asked
    assert ("does not ask this reporter by mail" in notice) is not asked


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-generated"},
        {"Precedence": "bulk"},
        {"List_Id": "<staff.council.example>"},
        {"Return_Path": "<>"},
    ],
    ids=lambda one: next(iter(one)),
)
def test_a_machines_report_opens_an_incident_that_nobody_answers(house: House, headers: dict[str, str]) -> None:
    house.deliver(report(SHORT, **headers))

    for _ in range(6):
        house.round()
        house.pass_by(timedelta(days=1))

    incident = house.incident()
    assert not incident.reporter.reachable
    assert SAM not in all_recipients(house)
    duty = incident.duty("complete_report")
    assert duty is not None
    assert duty.holder is Role.QUEUE_TEAM


def test_a_report_without_a_sender_opens_an_incident_and_no_mail_goes_nowhere(house: House) -> None:
    house.deliver(report(SHORT, sender="", Authentication_Results=""))

    house.round()

    assert house.incident().reporter.address == ""
    assert all(all_recipients(house))
    assert {row.state for row in house.outbox()} == {OutboxState.SENT}
    assert "queue_notice" in house.templates_to(IG_DESK)


def test_the_caller_named_in_a_desks_log_becomes_the_reporter_and_is_acknowledged(house: House) -> None:
    house.deliver(call_log(), "it")

    house.round()

    incident = house.incident()
    assert (incident.reporter.address, incident.reporter.name) == (SAM, "Sam Porter")
    assert incident.line_manager == SAMS_MANAGER
    assert house.templates_to(SAM) == ["acknowledgement"]
    assert "Discovered at:" in text_of(house.sent_to(SAM)[0])


def test_a_caller_is_asked_to_put_it_in_writing_and_a_writer_is_not(house: House) -> None:
    house.deliver(call_log(), "it")
    house.deliver(report(SHORT, message_id="<written@mail.council.example>"))

    house.round()

    called, wrote = (text_of(mail) for mail in house.sent_to(SAM))
    assert "Please put it in writing" in called
    assert "Please put it in writing" not in wrote


def test_the_clock_starts_with_the_call_when_a_desk_logged_it_later(house: House) -> None:
    house.deliver(call_log(), "it")

    house.poll()

    incident = house.incident()
    assert (incident.aware_at, incident.aware_because) == (datetime(2026, 11, 20, 18, 45, tzinfo=UTC), "call")


def test_a_callers_own_answers_count_when_they_verify_the_log(house: House) -> None:
    house.deliver(call_log(), "it")
    house.round()

    house.deliver(answer_to(house.sent_to(SAM)[0], "Group: Community Care South"), "bot")
    house.poll()

    assert house.incident().fact("group") == "Community Care South"


def test_nobody_is_guessed_from_a_name_when_the_log_gives_no_address(house: House) -> None:
    house.deliver(call_log(CALL.replace("Email: sam.porter@council.example\n", "")), "it")

    house.round()

    assert house.incident().reporter.address == IT_DESK
    assert SAM not in all_recipients(house)
    assert "acknowledgement" not in house.templates_to(IT_DESK)


def test_a_caller_from_outside_is_not_written_to_on_the_word_of_a_log(house: House) -> None:
    house.deliver(call_log(CALL.replace(SAM, OUTSIDER)), "it")

    house.round()

    assert house.incident().reporter.outside
    assert OUTSIDER not in all_recipients(house)


def test_the_caller_is_not_written_to_when_the_gateway_does_not_vouch_for_the_desk(house: House) -> None:
    house.deliver(call_log(Authentication_Results=""), "it")

    house.round()

    assert SAM not in all_recipients(house)
    assert house.incident().facts


def test_a_follow_up_to_nothing_known_is_a_report(house: House) -> None:
    house.deliver(report(SHORT, subject="RE: Urgent Data Incident", In_Reply_To="<unknown@elsewhere.example>"))

    house.round()

    assert house.templates_to(SAM) == ["acknowledgement"]


def test_mail_that_names_an_incident_nobody_knows_is_a_report(house: House) -> None:
    house.deliver(report(SHORT, subject="Urgent Data Incident DB2026777"))

    house.poll()

    assert house.incident().reference == "DB2026001"


def test_a_titled_mail_with_a_code_of_nothing_known_is_a_report(house: House) -> None:
    house.deliver(report(SHORT, subject="Urgent Data Incident [DB2026777 abcdef]"))

    house.poll()

    assert len(house.incidents()) == 1


def test_a_mail_that_only_names_the_reference_joins_as_a_follow_up_and_changes_nothing(house: House) -> None:
    house.deliver(report(WRONG_CARE_HOME))
    house.round()
    before = house.incident()
    key = house.deliver(
        report(
            "I found the letter.",
            sender=SAMS_MANAGER,
            subject="About DB2026001",
            message_id="<f@x.example>",
        ),
        "bot",
    )

    house.round()

    after = house.incident()
    assert "follow_up_notice" in house.templates_to(IG_DESK)
    assert len(after.originals) == 2
    assert (after.facts, after.duties) == (before.facts, before.duties)
    with house.app.store.reading() as unit:
        entry = unit.ledger.entry(key)
    assert entry is not None
    assert entry.outcome is LedgerOutcome.HANDLED
    assert house.templates_to(SAMS_MANAGER) == ["line_manager_notice"]


def test_the_desk_learns_who_wrote_again_and_where_it_lies(house: House) -> None:
    house.deliver(report(WRONG_CARE_HOME))
    house.round()
    house.deliver(
        report(
            "I found it.",
            sender=SAMS_MANAGER,
            subject="About DB2026001",
            message_id="<f@x.example>",
        ),
        "bot",
    )

    house.round()

    mail = next(one for one in house.sent_to(IG_DESK) if "wrote again" in str(one["Subject"]))
    assert SAMS_MANAGER in text_of(mail)
    assert "I found it." not in text_of(mail)


PASSED_ON = f"""Please see below.

-----Original Message-----
From: Sam Porter <{SAM}>
Sent: 20 November 2026 19:00
To: Colleague
Subject: Urgent Data Incident

{SHORT}"""
COLLEAGUE = "mina.clough@council.example"


def test_whoever_passes_a_report_on_is_thanked_and_told_its_number_but_nothing_else(house: House) -> None:
    house.deliver(report(PASSED_ON, sender=f"A Colleague <{COLLEAGUE}>", subject="FW: Urgent Data Incident"))

    house.round()

    assert house.templates_to(SAM) == ["acknowledgement"]
    assert house.templates_to(COLLEAGUE) == ["passed_on"]
    mail = whole(house.sent_to(COLLEAGUE)[0])
    assert "DB2026001" in mail
    assert "care home" not in mail


def test_a_manager_who_passes_a_report_on_gets_the_managers_notice_and_no_second_mail(house: House) -> None:
    house.deliver(report(PASSED_ON, sender=f"Jo Fenn <{SAMS_MANAGER}>", subject="FW: Urgent Data Incident"))

    house.round()

    assert house.templates_to(SAMS_MANAGER) == ["line_manager_notice"]


def test_a_desk_that_passes_a_report_on_is_not_thanked(house: House) -> None:
    house.deliver(report(PASSED_ON, sender=f"IT Service Desk <{IT_DESK}>", subject="FW: Urgent Data Incident"))

    house.round()

    assert "passed_on" not in house.templates_to(IT_DESK)


def test_nobody_is_thanked_for_passing_on_whom_the_gateway_does_not_vouch_for(house: House) -> None:
    house.deliver(
        report(
            PASSED_ON,
            sender=f"A Colleague <{COLLEAGUE}>",
            subject="FW: Urgent Data Incident",
            Authentication_Results="",
        )
    )

    house.round()

    assert "passed_on" not in {row.email.template for row in house.outbox()}
