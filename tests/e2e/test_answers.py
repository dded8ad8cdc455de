"""Answers by reply: who may answer, how that is proven, and what an answer changes (DESIGN §6, §8)."""

from collections.abc import Callable
from email.message import EmailMessage

import pytest

from mailbot.store import LedgerOutcome
from tests.e2e.conversation import discharge_of, mail_of
from tests.e2e.mails import BOT, bare_answer
from tests.house import DPO, IG_DESK, SAMS_MANAGER, House, answer_to, report, text_of

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
