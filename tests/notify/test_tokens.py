from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.intake.email import Address, InboundEmail
from mailbot.notify.email import OutgoingEmail
from mailbot.notify.rules import Identity
from mailbot.notify.tokens import CarriedBy, Tokens
from mailbot.procedure.decision import Priority
from mailbot.terms import Reference, Role

BOT = Identity(name="Mailbot", address="mailbot@council.example", council="Exampleshire")
TOKENS = Tokens(b"k" * 32, BOT)
REFERENCE = Reference("DB2026014")
KIND = "decide_ico"
DPO = "dana.officer@council.example"
ID = "0123456789abcdef" * 2


def inbound(**fields: object) -> InboundEmail:
    return InboundEmail.model_validate({"sender": Address(address=DPO)} | fields)


def outgoing(**fields: object) -> OutgoingEmail:
    return OutgoingEmail.model_validate(
        {
            "id": ID,
            "recipient": DPO,
            "recipient_name": "",
            "role": Role.DPO,
            "template": "reminder",
            "template_version": "1",
            "values": {},
            "priority": Priority.CLOCK,
            "reference": REFERENCE,
            "duty_kind": KIND,
            "created_at": datetime(2026, 11, 21, tzinfo=UTC),
        }
        | fields
    )


def message_id() -> str:
    return TOKENS.message_id(REFERENCE, KIND, ID, DPO)


def carried(email: InboundEmail) -> list[tuple[CarriedBy, str, str | None]]:
    for carrier in TOKENS.find(email):
        assert TOKENS.proves(carrier.token, REFERENCE, KIND, DPO)
    return [(one.by, one.reference, one.duty_kind) for one in TOKENS.find(email)]


def test_the_message_id_alone_proves_an_answer() -> None:
    assert carried(inbound(in_reply_to=message_id())) == [(CarriedBy.MESSAGE_ID, REFERENCE, KIND)]


def test_the_references_alone_prove_an_answer() -> None:
    references = ("<other@elsewhere.example>", message_id(), "<later@elsewhere.example>")

    assert carried(inbound(references=references)) == [(CarriedBy.MESSAGE_ID, REFERENCE, KIND)]


@pytest.mark.parametrize("field", ["to", "cc", "delivered_to"])
def test_the_plus_address_alone_proves_an_answer(field: str) -> None:
    address = TOKENS.reply_address(REFERENCE, KIND, DPO)
    recipients = (address,) if field == "delivered_to" else (Address(address=address),)

    assert carried(inbound(**{field: recipients})) == [(CarriedBy.PLUS_ADDRESS, REFERENCE, KIND)]


def test_the_subject_code_alone_proves_an_answer() -> None:
    code = TOKENS.subject_code(REFERENCE, KIND, DPO)

    assert carried(inbound(subject=f"RE: FW: something {code}")) == [(CarriedBy.SUBJECT, REFERENCE, None)]


def test_the_code_on_a_form_of_ours_alone_proves_an_answer() -> None:
    code = TOKENS.subject_code(REFERENCE, KIND, DPO)
    (carrier,) = TOKENS.find(inbound(), code)
    assert (carrier.by, carrier.reference) == (CarriedBy.FORM, REFERENCE)
    assert TOKENS.proves(carrier.token, REFERENCE, KIND, DPO)


def test_every_carrier_survives_a_server_that_changes_its_case() -> None:
    upper = inbound(
        in_reply_to=message_id().upper(),
        to=(Address(address=TOKENS.reply_address(REFERENCE, KIND, DPO).upper()),),
        subject=TOKENS.subject_code(REFERENCE, KIND, DPO).upper(),
    )

    assert [by for by, _, _ in carried(upper)] == [
        CarriedBy.MESSAGE_ID,
        CarriedBy.PLUS_ADDRESS,
        CarriedBy.SUBJECT,
    ]


@pytest.mark.parametrize(
    ("reference", "kind", "address"),
    [
        (Reference("DB2026015"), KIND, DPO),
        (REFERENCE, "contain", DPO),
        (REFERENCE, None, DPO),
        (REFERENCE, KIND, "lin.manager@council.example"),
    ],
)
def test_a_token_proves_nothing_for_another_incident_duty_or_person(
    reference: Reference, kind: str | None, address: str
) -> None:
    token = TOKENS.token(REFERENCE, KIND, DPO)

    assert TOKENS.proves(token, REFERENCE, KIND, DPO)
    assert not TOKENS.proves(token, reference, kind, address)
    assert not TOKENS.proves(token[:6], reference, kind, address)


@pytest.mark.parametrize("length", [0, 1, 5, 7, 15, 17])
def test_a_piece_of_a_token_proves_nothing(length: int) -> None:
    token = TOKENS.token(REFERENCE, KIND, DPO) + "0"

    assert not TOKENS.proves(token[:length], REFERENCE, KIND, DPO)


def test_another_key_makes_other_tokens() -> None:
    stranger = Tokens(b"s" * 32, BOT)

    assert not TOKENS.is_ours(stranger.message_id(REFERENCE, KIND, ID, DPO))
    assert not TOKENS.proves(stranger.token(REFERENCE, KIND, DPO), REFERENCE, KIND, DPO)


def test_our_message_id_is_known_alone_with_and_without_brackets() -> None:
    assert TOKENS.is_ours(message_id())
    assert TOKENS.is_ours(message_id().strip("<>"))
    assert TOKENS.is_ours(TOKENS.message_id(None, None, ID, DPO))


@pytest.mark.parametrize("place", range(1, 90))
def test_a_message_id_changed_in_any_place_is_not_ours(place: int) -> None:
    ours = message_id()
    changed = ours[:place] + ("x" if ours[place] != "x" else "y") + ours[place + 1 :]

    assert not TOKENS.is_ours(changed)


def test_a_message_id_follows_from_its_mail_alone() -> None:
    assert message_id() == TOKENS.message_id(REFERENCE, KIND, ID, DPO.upper())
    assert message_id() != TOKENS.message_id(REFERENCE, KIND, "f" * 32, DPO)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz_", max_size=60), st.integers(1, 60))
def test_the_plus_address_fits_in_64_characters_and_still_proves(kind: str, length: int) -> None:
    bot = Identity(name="M", address=f"{'b' * length}@council.example", council="E")
    tokens = Tokens(b"k" * 32, bot)
    address = tokens.reply_address(REFERENCE, kind or None, DPO)

    assert len(address.partition("@")[0]) <= 64
    for carrier in tokens.find(inbound(to=(Address(address=address),))):
        assert tokens.proves(carrier.token, REFERENCE, kind or None, DPO)


def test_the_bare_address_takes_answers_where_there_are_no_plus_addresses() -> None:
    plain = Tokens(b"k" * 32, BOT.but(plus_addresses=False))

    assert plain.reply_to(outgoing()).address == "mailbot@council.example"
    assert plain.subject_code(REFERENCE, KIND, DPO) in plain.reply_to(outgoing()).subject


def test_a_digest_has_neither_code_nor_plus_address() -> None:
    assert TOKENS.reply_to(outgoing(reference=None, duty_kind=None)).address == "mailbot@council.example"


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=300))
def test_nothing_a_stranger_writes_makes_the_search_fail(subject: str, message: str, address: str) -> None:
    email = inbound(subject=subject, in_reply_to=message, references=(message,), to=(Address(address=address),))

    assert all(carrier.by is CarriedBy.SUBJECT for carrier in TOKENS.find(email))


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 16 bytes"):
        Tokens(b"short", BOT)


def test_a_key_is_not_shown() -> None:
    assert "kkkk" not in repr(vars(TOKENS))
