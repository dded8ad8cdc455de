"""What people tell after their first mail: nothing graver is overlooked, no new incident is lost in an old one."""

import pytest

from mailbot.terms import Severity
from tests.e2e.conversation import answer, mail_of
from tests.e2e.mails import BOT, WRONG_CARE_HOME, out_of_office
from tests.house import DPO, IG_DESK, SAM, SAMS_MANAGER, House, answer_to, report, text_of

ROTA = "01632960777@sms.council.example"
DEPUTY = "callum.reeve@council.example"
DANGER = "What happened: We gave the address of her refuge to her violent ex-husband. She is at risk of harm."
TESS = "Tess Orme <tess.orme@council.example>"
OTHER_STORY = WRONG_CARE_HOME.replace("care home", "school").replace("40", "12")


@pytest.fixture
def form_follows(house: House) -> House:
    house.deliver(report("Form to follow."))
    house.round()
    return house


@pytest.mark.parametrize("told", [DANGER, DANGER.removeprefix("What happened: ")], ids=["labelled", "running words"])
def test_a_danger_told_by_reply_wakes_the_rota_and_the_desk(form_follows: House, told: str) -> None:
    incident = answer(form_follows, mail_of(form_follows, SAM, "acknowledgement"), told, SAM)

    assert incident.safety
    assert form_follows.templates_to(ROTA) == ["on_call_notice"]
    assert form_follows.templates_to(SAM)[-1] == "acknowledgement_safety"
    text = text_of(mail_of(form_follows, IG_DESK, "follow_up_notice"))
    assert "graver" in text
    assert "refuge" not in text


def test_a_danger_told_by_reply_is_seen_though_the_story_was_told_before(reported: House) -> None:
    words = "I forgot to say: her violent ex-husband has her address now, she is at risk of harm."
    incident = answer(reported, mail_of(reported, SAM, "acknowledgement"), words, SAM)

    assert incident.safety
    assert reported.templates_to(ROTA) == ["on_call_notice"]


@pytest.mark.parametrize("told", ["Encrypted: no", "It was not encrypted after all, I am sorry."])
def test_the_desk_is_told_when_later_words_speak_against_a_persons_rating(house: House, told: str) -> None:
    house.deliver(
        report("A memory stick with care records of clients was posted to the wrong house. It was encrypted.")
    )
    house.round()
    answer(house, mail_of(house, IG_DESK, "queue_notice"), "Severity: low, because nobody can read it", DPO)

    answer(house, house.sent_to(SAM)[0], told, SAM)

    incident = house.incident()
    assert (incident.severity, incident.severity_is_provisional) == (Severity.LOW, False)
    news = text_of(mail_of(house, IG_DESK, "follow_up_notice"))
    assert "would now propose very high" in " ".join(news.split())


def test_confidence_asked_for_by_reply_is_kept(form_follows: House) -> None:
    told = "What happened: In strict confidence: Mo Trellis deliberately looked up the records of her neighbour."
    incident = answer(form_follows, mail_of(form_follows, SAM, "acknowledgement"), told, SAM)

    assert incident.restricted
    assert form_follows.templates_to(DPO)[-1] != "dpo_notice"
    assert "follow_up_notice" not in form_follows.templates_to(IG_DESK)


def test_answers_that_come_later_get_a_receipt_and_are_shown_to_the_desk(form_follows: House) -> None:
    answer(form_follows, mail_of(form_follows, SAM, "acknowledgement"), "Group: Community Care North", SAM)

    assert "**" not in text_of(mail_of(form_follows, SAM, "receipt"))
    assert "1 answer" in text_of(mail_of(form_follows, SAM, "receipt"))
    assert "told us more" in text_of(mail_of(form_follows, IG_DESK, "follow_up_notice"))


def test_thanks_change_nothing_and_raise_nothing(reported: House) -> None:
    before = reported.incident()
    after = answer(reported, mail_of(reported, SAM, "acknowledgement"), "Thank you very much!", SAM)

    assert (after.safety, after.restricted, after.ratings, after.facts) == (
        before.safety,
        before.restricted,
        before.ratings,
        before.facts,
    )
    assert "receipt" not in reported.templates_to(SAM)


def test_a_titled_report_that_names_another_number_opens_its_own_incident_and_names_the_other(reported: House) -> None:
    subject = "Urgent Data Incident - same printer as DB2026001"
    reported.deliver(report(OTHER_STORY, sender=TESS, subject=subject, message_id="<n2@x.example>"))
    reported.round()

    assert [one.reference for one in reported.incidents()] == ["DB2026001", "DB2026002"]
    assert [one.reference for one in reported.incidents()[1].alike] == ["DB2026001"]
    with reported.app.store.reading() as unit:
        history = unit.audit.of_incident(reported.incidents()[1].id)
    assert "names another incident" in {one.action for one in history}
    queue_notices = [text_of(one) for one in reported.sent_to(IG_DESK) if "DB2026002" in str(one["Subject"])]
    assert any("DB2026001" in text for text in queue_notices)


def test_a_report_that_names_a_restricted_incident_is_restricted_too(house: House) -> None:
    house.deliver(report("In strict confidence: Mo Trellis deliberately looked up the records of her neighbour."))
    house.round()
    before = len(house.outbox())
    subject = "Urgent Data Incident DB2026001"
    house.deliver(report("More about it.", sender=f"Jo <{SAMS_MANAGER}>", subject=subject, message_id="<n2@x.example>"))
    house.round()

    assert house.incidents()[1].restricted
    readers = {row.email.recipient for row in house.outbox()[before:] if row.email.incident_id}
    assert readers == {SAMS_MANAGER, DPO, "hr.advice@council.example"}


def test_a_reply_among_people_that_names_a_number_opens_nothing(reported: House) -> None:
    subject = "RE: Urgent Data Incident DB2026001"
    reported.deliver(
        report("Any news?", sender=TESS, subject=subject, message_id="<n2@x.example>", In_Reply_To="<a@b>")
    )
    reported.round()

    assert len(reported.incidents()) == 1
    assert "follow_up_notice" in reported.templates_to(IG_DESK)


def test_the_desk_is_asked_whether_it_is_another_incident_when_a_reply_tells_one_under_the_title(
    reported: House,
) -> None:
    content = answer_to(
        reported.sent_to(SAM)[0],
        "I have another one to report: I lost a memory stick with 300 children's records on the train today.",
    )
    reported.deliver(content.replace(b"Subject: Re: ", b"Subject: Urgent Data Incident Re: "), "bot")
    reported.round()

    mail = mail_of(reported, IG_DESK, "follow_up_notice")
    assert "another incident" in text_of(mail)
    rows = [row.email for row in reported.outbox() if row.email.template == "follow_up_notice"]
    assert [row.priority for row in rows] == [0]


def test_somebody_can_be_reached_again_when_a_proven_answer_comes_from_them(reported: House) -> None:
    mail = mail_of(reported, DPO, "dpo_notice")
    reported.deliver(out_of_office(mail, DPO), "bot")
    reported.round()
    unreachable = reported.incident().unreachable

    incident = answer(reported, mail, "ICO: not yet", DPO)

    assert unreachable == (DPO,)
    assert incident.unreachable == ()


@pytest.mark.parametrize(
    ("sender", "verdict"),
    [(DPO, ""), ("eve@elsewhere.example", "mx.council.example; dmarc=pass header.from=elsewhere.example")],
    ids=["unproven", "from elsewhere"],
)
def test_an_automatic_reply_is_not_believed_unless_it_comes_from_the_reader_and_is_proven(
    reported: House, sender: str, verdict: str
) -> None:
    mail = mail_of(reported, DPO, "dpo_notice")
    content = report(
        "I am away.",
        sender=sender,
        subject=f"Automatic reply: {mail['Subject']}",
        to=BOT,
        message_id="<away@x.example>",
        Auto_Submitted="auto-replied",
        In_Reply_To=str(mail["Message-ID"]),
        Authentication_Results=verdict,
    )
    reported.deliver(content, "bot")
    reported.round()

    assert reported.incident().unreachable == ()
    assert reported.templates_to(DEPUTY) == []


def test_many_automatic_replies_of_one_reader_pass_them_over_once(reported: House) -> None:
    mail = mail_of(reported, DPO, "dpo_notice")
    for number in range(5):
        away = out_of_office(mail, DPO).replace(b"<away-", f"<away-{number}-".encode())
        reported.deliver(away, "bot")
    reported.round()

    assert reported.templates_to(DEPUTY) == ["dpo_notice"]


@pytest.mark.parametrize(
    "sender",
    ["447700900123@sms.council.example", "new.starter@council.example", ROTA, "duty.desk@council.example"],
)
def test_an_unproven_sender_who_is_not_in_the_staff_list_is_not_written_to(house: House, sender: str) -> None:
    house.deliver(report("Our laptop was lost.", sender=f"<{sender}>", Authentication_Results=""))
    house.round()

    assert not {row.email.template for row in house.outbox() if row.email.recipient == sender} & {
        "acknowledgement",
        "report_missing",
    }


def test_a_gateway_to_telephones_is_not_written_to_though_it_is_proven(house: House) -> None:
    verdict = "mx.council.example; dmarc=pass header.from=sms.council.example"
    house.deliver(report("Lost.", sender="<447700900123@sms.council.example>", Authentication_Results=verdict))
    house.round()

    assert house.sent_to("447700900123@sms.council.example") == []


def test_a_new_colleague_is_acknowledged_when_the_gateway_vouches_for_them(house: House) -> None:
    house.deliver(report("Our laptop was lost.", sender="<new.starter@council.example>"))
    house.round()

    assert house.templates_to("new.starter@council.example") == ["acknowledgement"]
