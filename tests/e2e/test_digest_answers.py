"""One reply to a digest answers several incidents, each by itself; what names none is asked again (DESIGN §6, §8)."""

import re
from email.message import EmailMessage
from urllib.parse import unquote

import pytest

from mailbot.incident import Incident
from mailbot.jobs.send import send_outbox
from mailbot.store import LedgerOutcome
from tests.e2e.mails import bare_answer, bounce_of, out_of_office
from tests.house import IG_DESK, SAM, House, answer_to, html_of, report, text_of
from tests.jobs.test_gather import after_a_weekend, chased, new_week

__all__ = ["after_a_weekend", "chased", "new_week"]

MEMBER = "Sofia Marlow <sofia.marlow@council.example>"
RECOMMENDED = "investigation recommended: yes, because it happened before"
MANAGER = "dev.lister@council.example"
"""Stands in for the Group Manager, who is away in that week."""
SOFIA = "sofia.marlow@council.example"
MEDIUM = "severity: medium, because names are in it"


def digest_to(house: House, address: str) -> EmailMessage:
    """The newest digest that an address got."""
    return [one for one in house.sent_to(address) if "DIGEST" in str(one["Subject"])][-1]


@pytest.fixture
def asked(chased: House) -> House:
    """On Monday morning the IG Team got one digest about the three incidents of Friday."""
    send_outbox(chased.app)
    return chased


def reply(house: House, body: str, sender: str = MEMBER, *, to: str = IG_DESK, **headers: str) -> None:
    number = len(house.mailboxes["bot"].contents())
    message_id = f"<answer-{number}@mail.council.example>"
    house.deliver(answer_to(digest_to(house, to), body, sender, message_id=message_id, **headers), "bot")
    house.round()


def ask_for_leads(house: House) -> None:
    """The IG Team rates all three as medium and recommends an investigation: the Group Manager gets one digest."""
    reply(house, f"DB2026001, DB2026002 and DB2026003: {MEDIUM}")
    reply(house, f"DB2026001, DB2026002 and DB2026003: {RECOMMENDED}")


def open_kinds(incident: Incident) -> set[str]:
    return {duty.kind for duty in incident.open_duties}


def still_open(house: House, kind: str) -> list[bool]:
    return [kind in open_kinds(one) for one in house.incidents()]


def last_to(house: House, address: str) -> str:
    return " ".join(text_of(house.sent_to(address)[-1]).split())


def test_a_group_manager_answers_three_incidents_in_one_reply(asked: House) -> None:
    ask_for_leads(asked)
    reply(
        asked,
        "DB2026001 and DB2026002: Incident lead: jo.fenn@council.example\n"
        "DB2026003: Incident lead: somebody whom the directory does not know",
        MANAGER,
        to=MANAGER,
    )

    assert [one.incident_lead for one in asked.incidents()] == ["jo.fenn@council.example"] * 2 + [None]
    assert still_open(asked, "nominate_lead") == [False, False, True]
    said = last_to(asked, MANAGER)
    assert "DB2026001: recorded" in said
    assert "DB2026003: not recorded" in said


def test_one_reply_is_one_receipt_that_says_what_was_recorded_of_each(asked: House) -> None:
    before = len(asked.sent_to(SOFIA))

    reply(asked, f"DB2026001: queue: confirmed\nDB2026002: {MEDIUM}\nDB2026003: queue: perhaps")

    assert len(asked.sent_to(SOFIA)) == before + 1
    said = last_to(asked, SOFIA)
    assert "DB2026003: not recorded" in said
    assert "DB2026001: recorded – Confirm which desk acts" in said
    assert "DB2026002: recorded – Assess how severe" in said
    assert still_open(asked, "triage") == [False, True, True]
    assert still_open(asked, "assess") == [True, False, True]


def test_several_answers_about_one_incident_of_a_list_are_each_named_in_the_one_receipt(asked: House) -> None:
    before = len(asked.sent_to(SOFIA))

    reply(asked, f"DB2026001: queue: confirmed\nDB2026001: {MEDIUM}\nDB2026002: {MEDIUM}\nDB2026002: queue: perhaps")

    assert len(asked.sent_to(SOFIA)) == before + 1
    said = last_to(asked, SOFIA)
    assert "DB2026002: not recorded" in said
    assert "Queue: confirmed" in said.partition("DB2026001: recorded")[2]
    assert still_open(asked, "triage") == [False, True, True]
    assert still_open(asked, "assess") == [False, False, True]


def test_an_answer_that_names_no_incident_is_asked_again_and_the_others_are_recorded(asked: House) -> None:
    reply(asked, "DB2026001: queue: confirmed\n\nSeverity: confirmed")

    assert still_open(asked, "triage") == [False, True, True]
    assert still_open(asked, "assess") == [True] * 3
    assert "does not say which one it means" in last_to(asked, SOFIA)


def test_the_quoted_digest_is_neither_an_answer_nor_does_it_name_an_incident(asked: House) -> None:
    reply(asked, "Queue: confirmed")

    assert still_open(asked, "triage") == [True] * 3


def test_a_link_of_the_digest_answers_its_own_request(asked: House) -> None:
    html = html_of(digest_to(asked, IG_DESK)).replace("&amp;", "&")
    links = re.findall(r'href="mailto:([^?"]+)\?subject=([^&"]+)&body=([^"]+)"[^>]*>Queue: confirmed', html)
    address, subject = links[1][:2]

    content = bare_answer(
        "Queue: confirmed", MEMBER, to=unquote(address), subject="typed anew", message_id="<tap@x.example>"
    )
    asked.deliver(content, "bot")
    asked.round()

    assert len(links) == 3
    assert "DB2026002" in subject
    assert still_open(asked, "triage") == [True, False, True]


@pytest.mark.parametrize("carrier", ["message_id", "plus_address", "subject"])
def test_each_carrier_of_the_digests_code_suffices_alone(asked: House, carrier: str) -> None:
    mail = digest_to(asked, IG_DESK)
    address = str(mail["Reply-To"].addresses[0].addr_spec) if carrier == "plus_address" else "mailbot@council.example"
    code = str(mail["Subject"])[-25:] if carrier == "subject" else "no code"
    thread = {"In_Reply_To": str(mail["Message-ID"])} if carrier == "message_id" else {}
    content = report(
        "DB2026002: queue: confirmed",
        sender=MEMBER,
        subject=f"AW: {code}",
        message_id="<carried@x.example>",
        to=address,
        **thread,
    )
    asked.deliver(content, "bot")
    asked.round()

    assert still_open(asked, "triage") == [True, False, True]


def test_nobody_but_its_reader_or_whoever_stands_in_may_answer_a_digest(asked: House) -> None:
    reply(asked, "DB2026001: queue: confirmed", SAM)

    assert still_open(asked, "triage") == [True] * 3
    assert "answer_held" in asked.templates_to(IG_DESK)


def test_a_digest_is_answered_by_nobody_when_the_gateway_does_not_vouch_for_the_sender(asked: House) -> None:
    reply(asked, "DB2026001: queue: confirmed", Authentication_Results="mx.council.example; dmarc=fail")

    assert still_open(asked, "triage") == [True] * 3


def test_a_digest_opens_no_incident_that_it_did_not_ask_about(asked: House) -> None:
    other = report("I left my bag with papers of 3 clients in a cafe", message_id="<other@mail.council.example>")
    asked.deliver(other)
    asked.round()

    reply(asked, "DB2026004: queue: confirmed\nDB2026001: queue: confirmed", to=IG_DESK)

    assert still_open(asked, "triage") == [False, True, True, True]


def test_a_digest_answers_nothing_that_it_did_not_ask(asked: House) -> None:
    reply(asked, "DB2026001: ICO: not required, because it is harmless")

    assert "did not ask this of you" in last_to(asked, SOFIA)


def test_the_same_reply_once_more_changes_nothing(asked: House) -> None:
    content = answer_to(digest_to(asked, IG_DESK), "DB2026001: queue: confirmed", MEMBER)
    asked.deliver(content, "bot")
    asked.round()
    before = asked.incidents()

    asked.deliver(content, "bot")
    asked.poll()

    assert asked.incidents() == before


def test_a_shared_mailbox_signs_once_for_every_incident(asked: House) -> None:
    reply(asked, "DB2026001: queue: confirmed\nDB2026002: queue: confirmed\n\nBy: Sofia Marlow", IG_DESK)

    assert still_open(asked, "triage") == [False, False, True]


def test_one_reply_is_one_line_in_the_ledger(asked: House) -> None:
    content = answer_to(digest_to(asked, IG_DESK), "DB2026001: queue: confirmed\nDB2026002: queue: IG", MEMBER)
    key = asked.deliver(content, "bot")
    asked.round()

    with asked.app.store.reading() as unit:
        entry = unit.ledger.entry(key)
    assert entry is not None
    assert (entry.outcome, entry.because) == (
        LedgerOutcome.HANDLED,
        "an answer to a digest about DB2026001, DB2026002",
    )


@pytest.mark.parametrize("returned", ["bounce", "away"])
def test_every_duty_hears_of_it_when_a_digest_comes_back(asked: House, returned: str) -> None:
    ask_for_leads(asked)
    mail = digest_to(asked, MANAGER)

    asked.deliver(bounce_of(mail) if returned == "bounce" else out_of_office(mail, MANAGER), "bot")
    asked.round()

    assert all(MANAGER in one.unreachable for one in asked.incidents())


def test_nobody_is_passed_over_when_a_strangers_automatic_reply_names_a_digest(asked: House) -> None:
    name = str(digest_to(asked, IG_DESK)["Subject"])[-25:-8]
    content = report(
        "I am away.",
        sender="eve@elsewhere.example",
        subject=f"Automatic reply: {name} aaaaaa]",
        to="mailbot@council.example",
        message_id="<eve@x.example>",
        Auto_Submitted="auto-replied",
    )
    asked.deliver(content, "bot")
    asked.round()

    assert all(one.unreachable == () for one in asked.incidents())


def test_a_receipt_in_a_list_can_be_objected_to_like_any_other(asked: House) -> None:
    reply(asked, f"DB2026001: queue: confirmed\nDB2026002: {MEDIUM}")
    reply(asked, "DB2026002: severity: high, because their addresses are in it", to=SOFIA)

    assert asked.incidents()[1].severity.value == "high"
