"""Answers need proof: token, sender and the gateway's verdict, each alone too little (DESIGN §8)."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.incident import Duty, Incident, Rating, Reporter
from mailbot.intake.email import Address, InboundEmail
from mailbot.notify.rules import Identity
from mailbot.notify.tokens import Tokens
from mailbot.organisation import Desk, Organisation
from mailbot.pipeline.proof import prove
from mailbot.terms import Queue, Reference, Role, Severity

NOW = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)
DPO, DEPUTY, MEMBER, STRANGER = (f"{one}@council.example" for one in ("dpo", "deputy", "member", "stranger"))
IG, IT = "ig@council.example", "it@council.example"
REFERENCE = Reference("DB2026001")
TOKENS = Tokens(b"t" * 32, Identity(name="Bot", address="bot@council.example", council="Council", plus_addresses=True))
ORGANISATION = Organisation(
    council="Council",
    domains=("council.example",),
    desks=(Desk(queue=Queue.IT, address=IT, phone="1"), Desk(queue=Queue.IG, address=IG, phone="2", members=(MEMBER,))),
    roles={Role.DPO: DPO},
    deputies={DPO: DEPUTY},
)


def duty(kind: str) -> Duty:
    return Duty(id=kind, kind=kind, para="", holder=Role.DPO, person=DPO, anchored_at=NOW, started_at=NOW, due_at=None)


INCIDENT = Incident(
    id="1" * 32,
    reference=REFERENCE,
    queue=Queue.IG,
    ratings=(Rating(severity=Severity.MEDIUM, at=NOW, by="mailbot", provisional=True),),
    received_at=NOW,
    aware_at=NOW,
    reporter=Reporter(address="sam@council.example"),
    duties=(duty("decide_ico"), duty("contain")),
)


def email(sender: str, *, authenticated: bool = True, **fields: object) -> InboundEmail:
    return InboundEmail.model_validate({"sender": Address(address=sender), "authenticated": authenticated} | fields)


def threaded(
    asked: str, sender: str, kind: str | None = "decide_ico", reference: Reference = REFERENCE
) -> InboundEmail:
    return email(sender, in_reply_to=TOKENS.message_id(reference, kind, "9" * 32, asked))


def with_code(asked: str, sender: str, kind: str | None = "decide_ico") -> InboundEmail:
    return email(sender, subject=f"Re: {TOKENS.subject_code(REFERENCE, kind, asked)}")


def test_the_person_asked_has_proven_it_when_token_sender_and_verdict_agree() -> None:
    proof = prove(threaded(DPO, DPO), INCIDENT, TOKENS, ORGANISATION)

    assert (proof.asked, proof.duty_kind, proof.problem) == (DPO, "decide_ico", "")


def test_the_duty_is_found_by_the_code_alone_when_the_carrier_does_not_name_it() -> None:
    assert prove(with_code(DPO, DPO, "contain"), INCIDENT, TOKENS, ORGANISATION).duty_kind == "contain"
    assert prove(with_code(DPO, DPO, None), INCIDENT, TOKENS, ORGANISATION).duty_kind == ""


@pytest.mark.parametrize("sender", [DPO.upper(), "Dpo@Council.Example"])
def test_the_case_of_an_address_does_not_matter(sender: str) -> None:
    assert prove(threaded(DPO, sender), INCIDENT, TOKENS, ORGANISATION).problem == ""


def test_a_deputy_proves_it_for_the_person_they_stand_in_for() -> None:
    assert prove(threaded(DPO, DEPUTY), INCIDENT, TOKENS, ORGANISATION).asked == DPO


def test_nobody_proves_it_for_their_own_deputy() -> None:
    assert prove(threaded(DEPUTY, DPO), INCIDENT, TOKENS, ORGANISATION).problem


def test_a_listed_member_proves_it_for_their_desk_and_no_other_does() -> None:
    assert prove(threaded(IG, MEMBER), INCIDENT, TOKENS, ORGANISATION).asked == IG
    assert prove(threaded(IT, MEMBER), INCIDENT, TOKENS, ORGANISATION).problem


def test_nothing_is_proven_when_the_gateway_does_not_vouch_for_the_sender() -> None:
    mail = threaded(DPO, DPO).but(authenticated=False)

    assert "does not vouch" in prove(mail, INCIDENT, TOKENS, ORGANISATION).problem


def test_nothing_is_proven_when_the_code_is_somebody_elses() -> None:
    assert "somebody else" in prove(threaded(DPO, STRANGER), INCIDENT, TOKENS, ORGANISATION).problem


def test_nothing_is_proven_when_the_mail_carries_no_code() -> None:
    assert "no code" in prove(email(DPO, subject="Re: DB2026001"), INCIDENT, TOKENS, ORGANISATION).problem


def test_nothing_is_proven_when_the_code_is_of_another_incident() -> None:
    other = Reference("DB2026002")

    assert prove(threaded(DPO, DPO, reference=other), INCIDENT, TOKENS, ORGANISATION).problem


def test_a_good_code_counts_when_a_bad_one_stands_before_it() -> None:
    good = TOKENS.subject_code(REFERENCE, "contain", DPO)
    mail = threaded(STRANGER, DPO).but(subject=f"Re: {good}")

    assert prove(mail, INCIDENT, TOKENS, ORGANISATION).duty_kind == "contain"


@given(st.text("0123456789abcdefghjkmnpqrstvwxyz", min_size=6, max_size=6))
def test_a_guessed_code_proves_nothing(code: str) -> None:
    real = {
        TOKENS.token(REFERENCE, kind, asked)[:6] for kind in ("decide_ico", "contain", "") for asked in (DPO, DEPUTY)
    }
    mail = email(DPO, subject=f"[{REFERENCE} {code}]")

    assert bool(prove(mail, INCIDENT, TOKENS, ORGANISATION).problem) is (code not in real)
