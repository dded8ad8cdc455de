"""Bounces, delays and automatic replies: whoever stands in is told at once (DESIGN §5)."""

from mailbot.store import LedgerOutcome
from tests.e2e.conversation import answer, discharge_of, mail_of
from tests.e2e.mails import BOT, bounce_of, out_of_office
from tests.house import DPO, IG_DESK, House, report

MEMBER = "sofia.marlow@council.example"
DEPUTY = "callum.reeve@council.example"
NOT_REQUIRED = "ICO: not required, because the papers came back unopened"


def test_the_deputy_is_told_at_once_when_a_required_notice_bounces(reported: House) -> None:
    reported.deliver(bounce_of(mail_of(reported, DPO, "dpo_notice")), "bot")

    reported.round()

    assert reported.templates_to(DEPUTY) == ["dpo_notice"]
    assert DPO in reported.incident().unreachable


def test_the_deputy_is_told_at_once_when_a_required_notice_meets_an_out_of_office(reported: House) -> None:
    reported.deliver(out_of_office(mail_of(reported, DPO, "dpo_notice"), DPO), "bot")

    reported.round()

    assert reported.templates_to(DEPUTY) == ["dpo_notice"]
    assert reported.templates_to(DPO) == ["dpo_notice"]


def test_a_deputy_may_answer_when_they_were_told_instead(reported: House) -> None:
    reported.deliver(bounce_of(mail_of(reported, DPO, "dpo_notice")), "bot")
    reported.round()

    incident = answer(reported, mail_of(reported, DEPUTY, "dpo_notice"), NOT_REQUIRED, DEPUTY)

    assert discharge_of(incident, "decide_ico")


def test_nobody_is_passed_over_when_a_mail_is_only_delayed(reported: House) -> None:
    reported.deliver(bounce_of(mail_of(reported, DPO, "dpo_notice"), status="4.4.1", action="delayed"), "bot")

    reported.round()

    assert reported.incident().unreachable == ()
    assert reported.templates_to(DEPUTY) == []


def test_a_desk_stays_told_when_its_mailbox_confirms_each_mail_automatically(reported: House) -> None:
    mail = mail_of(reported, IG_DESK, "queue_notice")
    content = report(
        "Thank you, your mail has arrived and has the number 4711.",
        sender=IG_DESK,
        subject="Your request was received",
        to=BOT,
        message_id="<auto@x.example>",
        Auto_Submitted="auto-replied",
        In_Reply_To=str(mail["Message-ID"]),
    )
    sent = len(reported.outbox())
    reported.deliver(content, "bot")

    reported.round()

    assert reported.incident().unreachable == ()
    assert len(reported.outbox()) == sent


def test_an_out_of_office_counts_by_its_code_when_it_names_no_thread(reported: House) -> None:
    mail = mail_of(reported, DPO, "dpo_notice")
    content = report(
        "I am away.",
        sender=DPO,
        subject=f"Automatic reply: {mail['Subject']}",
        to=BOT,
        message_id="<away@x.example>",
        Auto_Submitted="auto-replied",
    )
    reported.deliver(content, "bot")

    reported.round()

    assert reported.templates_to(DEPUTY) == ["dpo_notice"]


def test_a_strangers_automatic_reply_changes_nothing_when_it_guesses_the_reference(reported: House) -> None:
    content = report(
        "I am away.",
        sender="eve@elsewhere.example",
        subject="Automatic reply: DB2026001",
        to=BOT,
        message_id="<eve@x.example>",
        Auto_Submitted="auto-replied",
        Authentication_Results="",
    )
    key = reported.deliver(content, "bot")

    reported.round()

    assert reported.incident().unreachable == ()
    with reported.app.store.reading() as unit:
        entry = unit.ledger.entry(key)
    assert entry is not None
    assert entry.outcome is LedgerOutcome.HELD


def test_a_bounce_of_nothing_of_ours_is_held_for_a_person(reported: House) -> None:
    content = bounce_of(mail_of(reported, DPO, "dpo_notice")).replace(b"decide_ico", b"nothing")
    sent = len(reported.outbox())
    reported.deliver(content, "bot")

    reported.round()

    assert reported.incident().unreachable == ()
    assert len(reported.outbox()) == sent
