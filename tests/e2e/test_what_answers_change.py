"""What a proven answer changes, and what is done with one that is not clear (DESIGN §6)."""

from datetime import timedelta

import pytest

from mailbot.terms import Queue, Role, Severity
from tests.e2e.conftest import MakeHouse
from tests.e2e.conversation import answer, discharge_of, mail_of
from tests.e2e.mails import SHORT
from tests.house import DPO, IG_DESK, IT_DESK, SAM, SAMS_MANAGER, House, answer_to, report, text_of

MEMBER = "sofia.marlow@council.example"
DEPUTY = "callum.reeve@council.example"
NOT_REQUIRED = "ICO: not required, because the papers came back unopened"


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


def test_two_answers_that_do_not_agree_are_settled_by_one_line_of_the_mail_that_shows_both(reported: House) -> None:
    notice = mail_of(reported, DPO, "dpo_notice")
    first = answer(reported, notice, "ICO: reported, reference IC-123456-A1B2", DPO)

    second = answer(reported, notice, "ICO: not required, because it was encrypted", DPO)

    assert second.ico == first.ico
    assert second.duties == first.duties
    shown = mail_of(reported, DPO, "contradiction")
    text = text_of(shown)
    assert "ICO: reported" in text
    assert "ICO: not required" in text
    assert "Stands: ICO" in text
    assert "encrypted" not in text
    line = next(line for line in text.splitlines() if "Correct: " in line)
    said = line[line.index("Correct: ") :].partition("…")[0]

    corrected = answer(reported, shown, f"{said} it was encrypted", DPO)

    assert corrected.ico is not None
    assert not corrected.ico.reported
    assert corrected.duties[: len(first.duties)] == first.duties
    assert discharge_of(corrected, "decide_ico").startswith("not required")
    assert mail_of(reported, DPO, "receipt")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Not an incident: because it was a drill", "not to be a data incident"),
        ("Near miss: the mail was stopped at the gateway", "It was a near miss"),
    ],
)
def test_the_reporter_is_thanked_and_told_what_came_of_it_when_it_ends_early(
    reported: House, line: str, words: str
) -> None:
    answer(reported, mail_of(reported, IG_DESK, "queue_notice"), line, MEMBER)

    text = " ".join(text_of(mail_of(reported, SAM, "ended_reporter")).split())
    assert words in text
    assert "Reporting it was right" in text
    assert "drill" not in text
    assert reported.templates_to(SAM).count("ended_reporter") == 1


def test_a_decision_on_the_people_affected_is_not_replaced_in_silence(reported: House) -> None:
    notice = mail_of(reported, DPO, "dpo_notice")
    answer(reported, notice, "Data subjects: not required, because nobody was harmed", DPO)

    answer(reported, notice, "Data subjects: notify, because they were", DPO)

    text = text_of(mail_of(reported, DPO, "contradiction"))
    assert "Data subjects: not required" in text
    assert "Correct: Data subjects: notify, because" in text
