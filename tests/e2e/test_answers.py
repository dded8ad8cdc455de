"""Answers by reply: who may answer, how that is proven, and what an answer changes (DESIGN §6, §8)."""

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage

import pytest

from mailbot.incident import Queue, Role, Severity
from mailbot.store import LedgerOutcome
from tests.e2e.conftest import MakeHouse
from tests.e2e.conversation import answer, discharge_of, mail_of
from tests.e2e.mails import BOT, SHORT, bare_answer, bounce_of, out_of_office
from tests.house import DPO, IG_DESK, IT_DESK, SAM, SAMS_MANAGER, House, answer_to, report, text_of

MEMBER = "sofia.marlow@council.example"
DEPUTY = "callum.reeve@council.example"
NOT_REQUIRED = "ICO: not required, because the papers came back unopened"


def by_thread(mail: EmailMessage) -> bytes:
    return report(
        NOT_REQUIRED, sender=DPO, subject="", to=BOT, message_id="<a@x.example>", In_Reply_To=str(mail["Message-ID"])
    )


def by_address(mail: EmailMessage) -> bytes:
    return bare_answer(NOT_REQUIRED, DPO, to=str(mail["Reply-To"].addresses[0].addr_spec))


def by_subject(mail: EmailMessage) -> bytes:
    return bare_answer(NOT_REQUIRED, DPO, subject=f"Re: {mail['Subject']}")


@pytest.mark.parametrize("carrier", [by_thread, by_address, by_subject])
def test_an_answer_counts_when_a_single_carrier_survived(
    reported: House, carrier: Callable[[EmailMessage], bytes]
) -> None:
    reported.deliver(carrier(mail_of(reported, DPO, "dpo_notice")), "bot")

    reported.round()

    assert discharge_of(reported.incident(), "decide_ico").startswith("not required: because the papers")
    assert "receipt" in reported.templates_to(DPO)


@pytest.mark.parametrize("mailbox", ["ig", "it"])
def test_an_answer_counts_when_it_was_sent_to_a_desks_mailbox(reported: House, mailbox: str) -> None:
    reported.deliver(by_subject(mail_of(reported, DPO, "dpo_notice")), mailbox)

    reported.round()

    assert discharge_of(reported.incident(), "decide_ico")


def forged(house: House) -> bytes:
    return answer_to(mail_of(house, DPO, "dpo_notice"), NOT_REQUIRED, DPO, Authentication_Results="")


def forged_by_a_gateway_of_their_own(house: House) -> bytes:
    verdict = "mx.elsewhere.example; dmarc=pass header.from=council.example"
    return answer_to(mail_of(house, DPO, "dpo_notice"), NOT_REQUIRED, DPO, Authentication_Results=verdict)


def from_somebody_else(house: House) -> bytes:
    return answer_to(mail_of(house, DPO, "dpo_notice"), NOT_REQUIRED, SAMS_MANAGER)


def from_somebody_asked_for_something_else(house: House) -> bytes:
    return answer_to(mail_of(house, SAMS_MANAGER, "line_manager_notice"), NOT_REQUIRED, SAMS_MANAGER)


def with_a_mistyped_code(house: House) -> bytes:
    code = str(mail_of(house, DPO, "dpo_notice")["Subject"]).replace("DB2026001 ", "DB2026001 0")[:-2] + "]"
    return bare_answer(NOT_REQUIRED, DPO, subject=code)


def with_somebody_elses_code(house: House) -> bytes:
    return answer_to(mail_of(house, SAMS_MANAGER, "line_manager_notice"), NOT_REQUIRED, DPO)


def with_the_reference_alone(house: House) -> bytes:
    return bare_answer(NOT_REQUIRED, DPO, subject="About DB2026001")


@pytest.mark.parametrize(
    "attempt",
    [
        forged,
        forged_by_a_gateway_of_their_own,
        from_somebody_else,
        from_somebody_asked_for_something_else,
        with_a_mistyped_code,
        with_somebody_elses_code,
        with_the_reference_alone,
    ],
)
def test_an_answer_is_held_and_shown_to_the_ig_team_when_it_proves_nothing(
    reported: House, attempt: Callable[[House], bytes]
) -> None:
    before = reported.incident()
    key = reported.deliver(attempt(reported), "bot")

    reported.round()

    after = reported.incident()
    assert (after.duties, after.ratings, after.facts) == (before.duties, before.ratings, before.facts)
    assert "answer_held" in reported.templates_to(IG_DESK)
    assert "receipt" not in reported.templates_to(DPO)
    with reported.app.store.reading() as unit:
        entry = unit.ledger.entry(key)
    assert entry is not None
    assert entry.outcome is LedgerOutcome.HELD


def test_the_ig_team_reads_whose_answer_was_held_and_why(reported: House) -> None:
    reported.deliver(from_somebody_else(reported), "bot")

    reported.round()

    text = text_of(mail_of(reported, IG_DESK, "answer_held"))
    assert SAMS_MANAGER in text
    assert "belongs to somebody else" in " ".join(text.split())


def test_a_code_of_one_incident_does_not_answer_for_another(reported: House) -> None:
    code = str(mail_of(reported, DPO, "dpo_notice")["Subject"])
    reported.deliver(report("A letter went astray.", message_id="<second@x.example>"))
    reported.round()
    reported.deliver(bare_answer(NOT_REQUIRED, DPO, subject=code.replace("DB2026001", "DB2026002")), "bot")

    reported.round()

    assert [bool(discharge_of(one, "decide_ico")) for one in reported.incidents()] == [False, False]
    assert "answer_held" in reported.templates_to(IG_DESK)


def test_a_replayed_answer_changes_nothing_when_it_comes_a_second_time(reported: House) -> None:
    content = by_subject(mail_of(reported, DPO, "dpo_notice"))
    reported.deliver(content, "bot")
    reported.round()
    before, receipts = reported.incident(), reported.templates_to(DPO).count("receipt")
    reported.deliver(content, "bot")
    reported.deliver(content, "ig")

    reported.round()

    assert reported.incident() == before
    assert reported.templates_to(DPO).count("receipt") == receipts


def test_the_dpos_deputy_may_decide_in_their_place(reported: House) -> None:
    incident = answer(reported, mail_of(reported, DPO, "dpo_notice"), NOT_REQUIRED, DEPUTY)

    assert discharge_of(incident, "decide_ico")


def test_the_report_is_complete_when_the_reporter_answers_what_was_missing(house: House) -> None:
    house.deliver(report(SHORT))
    house.round()
    lines = {
        "line_manager": "Line manager: Jo Fenn",
        "group": "Group: Community Care North",
        "occurred_at": "Occurred at: 20 November 2026, 5pm",
        "discovered_at": "Discovered at: 20 November 2026, 6pm",
        "data_categories": "Data categories: names and care plans",
        "subjects": "Subjects: 40",
        "actions": "Actions: asked them to delete it",
        "description": "Description: the list went to the wrong care home",
    }
    missing = house.incident().missing
    assert set(missing) <= set(lines)

    incident = answer(house, house.sent_to(SAM)[0], "\n".join(lines[name] for name in missing), SAM)

    assert incident.missing == ()
    assert discharge_of(incident, "complete_report")
    assert incident.fact("group") == "Community Care North"
    # What the Reporter writes under a question is no attempt to answer for a desk.
    assert "answer_held" not in house.templates_to(IG_DESK)


def test_what_happened_stays_as_it_was_told_when_an_answer_says_something_else(house: House) -> None:
    house.deliver(report(SHORT))
    house.round()
    told = house.incident().fact("description")

    answer(house, mail_of(house, IG_DESK, "queue_notice"), "Queue: confirmed\nThanks a lot", MEMBER)
    incident = answer(house, house.sent_to(SAM)[0], "Thank you very much.", SAM)

    assert incident.fact("description") == told


@pytest.mark.parametrize(
    ("asked", "sender", "body", "ended"),
    [
        ((IG_DESK, "queue_notice"), MEMBER, "Severity: high, because children are named", ("assess", "high")),
        ((IG_DESK, "queue_notice"), MEMBER, "Queue: IT", ("triage", "IT Service Desk")),
        ((IG_DESK, "queue_notice"), MEMBER, "QUEUE:confirmed.", ("triage", "confirmed")),
        ((DPO, "dpo_notice"), DPO, "ICO: reported, 20 November 2026, 7pm, reference IC-1", ("decide_ico", "reported")),
    ],
)
def test_a_duty_ends_when_the_person_asked_answers_it(
    reported: House, asked: tuple[str, str], sender: str, body: str, ended: tuple[str, str]
) -> None:
    kind, how = ended

    incident = answer(reported, mail_of(reported, *asked), body, sender)

    assert discharge_of(incident, kind).startswith(how)
    assert "receipt" in reported.templates_to(sender)


def test_containment_ends_when_the_responsible_manager_says_what_was_done(reported: House) -> None:
    desk = mail_of(reported, IG_DESK, "queue_notice")
    answer(reported, desk, f"Responsible manager: {SAMS_MANAGER}", MEMBER)
    assert "Stop any further harm" in "".join(text_of(one) for one in reported.sent_to(SAMS_MANAGER))

    last = reported.sent_to(SAMS_MANAGER)[-1]
    incident = answer(reported, last, "Contained: yes, the home deleted it and told nobody", SAMS_MANAGER)

    assert discharge_of(incident, "contain").startswith("contained")


def test_a_confirmed_rating_tells_senior_staff_at_once_when_it_is_high(reported: House) -> None:
    incident = answer(
        reported,
        mail_of(reported, IG_DESK, "queue_notice"),
        "Severity: high, because of children",
        MEMBER,
    )

    assert (incident.severity, incident.severity_is_provisional) == (Severity.HIGH, False)
    assert reported.templates_to("gareth.holm@council.example")[0] == "senior_notice"


def test_the_other_desk_is_told_that_it_acts_when_the_incident_is_referred_to_it(reported: House) -> None:
    incident = answer(reported, mail_of(reported, IG_DESK, "queue_notice"), "Queue: IT", MEMBER)

    assert incident.queue is Queue.IT
    assert "queue_notice" in reported.templates_to(IT_DESK)


def test_an_unclear_answer_is_asked_again_and_changes_nothing(reported: House) -> None:
    before = reported.incident()

    incident = answer(reported, mail_of(reported, DPO, "dpo_notice"), "ICO: hmm, let me think", DPO)

    assert incident.duties == before.duties
    assert reported.templates_to(DPO).count("answer_unclear") == 1
    reported.round()
    assert reported.templates_to(DPO).count("answer_unclear") == 1


def test_nothing_is_sent_in_answer_when_a_machine_answers_under_a_persons_name(reported: House) -> None:
    mail = mail_of(reported, DPO, "dpo_notice")
    before = len(reported.templates_to(DPO))

    answer(reported, mail, "ICO: hmm, let me think", DPO, Precedence="bulk", Auto_Submitted="no")

    assert len(reported.templates_to(DPO)) == before


def test_a_shared_mailbox_is_asked_who_answered_when_nobody_signed(reported: House) -> None:
    incident = answer(reported, mail_of(reported, IG_DESK, "queue_notice"), "Queue: confirmed", IG_DESK)

    assert not discharge_of(incident, "triage")
    assert "answer_unclear" in reported.templates_to(IG_DESK)


def test_a_shared_mailbox_answers_when_a_listed_member_signed(reported: House) -> None:
    incident = answer(
        reported, mail_of(reported, IG_DESK, "queue_notice"), "Queue: confirmed\nBy: Sofia Marlow", IG_DESK
    )

    duty = incident.duty("triage")
    assert duty is not None
    assert duty.discharged is not None
    assert duty.discharged.by == MEMBER


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


def test_a_forged_answer_in_a_restricted_incident_is_shown_to_nobody_but_the_dpo(new_house: MakeHouse) -> None:
    house = new_house()
    house.deliver(report("In strict confidence: my colleague looked up her neighbour's file deliberately."))
    house.round()
    assert house.incident().restricted
    notice = mail_of(house, DPO, "restricted_notice")

    answer(house, notice, NOT_REQUIRED, SAMS_MANAGER)

    held = [row.email.recipient for row in house.outbox() if row.email.template == "answer_held"]
    assert held == [DPO]


def test_the_answer_comes_in_time_when_the_bot_reads_it_late(reported: House) -> None:
    ico = reported.incident().duty("decide_ico")
    assert ico is not None
    assert ico.due_at is not None
    mail = mail_of(reported, DPO, "dpo_notice")
    content = answer_to(mail, "ICO: reported, reference IC-77", DPO)
    reported.deliver(content, "bot", at=ico.due_at - timedelta(minutes=5))
    reported.clock.set(ico.due_at + timedelta(hours=3))

    reported.poll()

    duty = reported.incident().duty("decide_ico")
    assert duty is not None
    assert duty.discharged is not None
    assert duty.discharged.met is True


def test_a_reporter_is_not_asked_to_act_when_they_thank_the_bot(reported: House) -> None:
    before = len(reported.templates_to(SAM))

    answer(reported, reported.sent_to(SAM)[0], "Thank you, I will.", SAM)

    assert len(reported.templates_to(SAM)) == before
    assert Role.QUEUE_TEAM in {row.email.role for row in reported.outbox() if row.email.template == "follow_up_notice"}
