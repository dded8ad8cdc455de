"""The pipeline's own decisions, on values alone: what is a report, what is held, who reported, what a reply says."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.app import make_writing
from mailbot.incident import FieldValue, Incident
from mailbot.intake.email import Address, Bounce, InboundEmail, Kind
from mailbot.mail import MessageKey, RawEmail
from mailbot.notify.email import OutgoingEmail
from mailbot.parse.reading import AnswerLine, Reading, ReportedIncident
from mailbot.pipeline.decide import decide, opens_incident
from mailbot.pipeline.outcome import Deciding, Fate, Known, Outcome
from mailbot.procedure.decision import Priority
from mailbot.terms import Reference
from mailbot.testing import FixedClock
from tests.house import DPO, IT_DESK, SAM, council_settings

NOW = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)
MEMBER = "sofia.marlow@council.example"
OUTSIDER = "r.tallow@home.example"
REFERENCE = Reference("DB2026001")


@pytest.fixture(scope="module")
def deciding(tmp_path_factory: pytest.TempPathFactory) -> Deciding:
    folder: Path = tmp_path_factory.mktemp("pipeline")
    return make_writing(council_settings(folder), FixedClock(NOW)).deciding


def raw(mailbox: str = "ig", uid: int = 1) -> RawEmail:
    key = MessageKey(mailbox=mailbox, folder="INBOX", uidvalidity=7, uid=uid)
    return RawEmail(key=key, received_at=NOW, content=b"")


def fact(value: str, confidence: float = 1.0) -> FieldValue:
    return FieldValue(value=value, raw=value, source="mail, line 1", confidence=confidence)


def reading(kind: Kind = Kind.REPORT, sender: str = SAM, **fields: object) -> Reading:
    email = InboundEmail(sender=Address(address=sender, name="Sam Porter"), authenticated=True, reply="Hello")
    whole = {"kind": kind, "email": email, "report": ReportedIncident()} | fields
    return Reading.model_validate(whole)


def new(deciding: Deciding, said: Reading | None = None) -> Outcome:
    known = Known(reference=REFERENCE, incident_id="1" * 32)
    return decide(raw(), said or reading(), known, deciding, NOW)


@pytest.fixture
def incident(deciding: Deciding) -> Incident:
    decision = new(deciding).decision
    assert decision is not None
    return decision.incident


def ours(recipient: str = DPO) -> OutgoingEmail:
    return OutgoingEmail(
        id="2" * 32,
        recipient=recipient,
        recipient_name="",
        role="dpo",  # type: ignore[arg-type]
        template="dpo_notice",
        template_version="1",
        values={},
        priority=Priority.NOTICE,
        created_at=NOW,
    )


# ---------------------------------------------------------------- what opens an incident


@pytest.mark.parametrize(("kind", "opens"), [(Kind.REPORT, True), (Kind.FOLLOW_UP, True), (Kind.ANSWER, False), (Kind.OTHER, False), (Kind.BOUNCE, False), (Kind.AUTO_REPLY, False)])  # fmt: skip
def test_reports_and_follow_ups_to_nothing_known_open_an_incident_and_nothing_else_does(
    kind: Kind, opens: bool
) -> None:
    assert opens_incident(reading(kind), Known()) is opens


def test_an_answer_to_nothing_known_opens_an_incident_when_it_has_the_title() -> None:
    assert opens_incident(reading(Kind.ANSWER, titled=True), Known())


def test_nothing_opens_a_second_incident_when_it_was_seen_before_or_belongs_to_one(incident: Incident) -> None:
    assert not opens_incident(reading(), Known(seen_in=("it",)))
    assert not opens_incident(reading(Kind.FOLLOW_UP), Known(incident=incident))


@given(
    kind=st.sampled_from(Kind), titled=st.booleans(), seen=st.booleans(), returned=st.booleans(), linked=st.booleans()
)
def test_every_message_has_a_fate_and_a_reason_whatever_it_is(
    deciding: Deciding, *, kind: Kind, titled: bool, seen: bool, returned: bool, linked: bool
) -> None:
    opened = new(deciding).decision
    assert opened is not None
    said = reading(kind, titled=titled, bounce=Bounce() if kind is Kind.BOUNCE else None)
    known = Known(
        seen_in=("it",) if seen else (),
        incident=opened.incident if linked else None,
        ours=ours() if returned else None,
        incident_id="3" * 32,
    )
    known = known.but(reference=Reference("DB2026002")) if opens_incident(said, known) else known

    outcome = decide(raw(), said, known, deciding, NOW)

    assert outcome.because
    assert outcome.is_new is (known.reference is not None)


# ---------------------------------------------------------------- the same again, machines, the unknown


def test_a_message_seen_in_the_same_mailbox_is_known_and_changes_nothing(
    deciding: Deciding, incident: Incident
) -> None:
    outcome = decide(raw(), reading(), Known(seen_in=("ig",), twin=incident), deciding, NOW)

    assert (outcome.fate, outcome.decision) == (Fate.KNOWN, None)


def test_a_report_seen_in_the_other_mailbox_is_noted_with_its_place(deciding: Deciding, incident: Incident) -> None:
    outcome = decide(raw("it", 9), reading(), Known(seen_in=("ig",), twin=incident), deciding, NOW)

    assert outcome.decision is not None
    assert [(one.mailbox, one.uid) for one in outcome.decision.incident.originals] == [("ig", 1), ("it", 9)]


@pytest.mark.parametrize("kind", [Kind.BOUNCE, Kind.AUTO_REPLY, Kind.DELAY, Kind.DELIVERED, Kind.FEEDBACK])
def test_a_machines_message_about_nothing_of_ours_is_held_and_never_answered(deciding: Deciding, kind: Kind) -> None:
    outcome = decide(raw("bot"), reading(kind), Known(), deciding, NOW)

    assert (outcome.fate, outcome.decision) == (Fate.HELD, None)


@pytest.mark.parametrize(
    ("kind", "permanent", "unreachable"),
    [
        (Kind.BOUNCE, True, (DPO,)),
        (Kind.BOUNCE, False, ()),
        (Kind.AUTO_REPLY, True, (DPO,)),
        (Kind.DELAY, True, ()),
        (Kind.DELIVERED, True, ()),
    ],
)
def test_a_reader_counts_as_not_reached_when_a_mail_failed_for_good_or_met_an_out_of_office(
    deciding: Deciding, incident: Incident, kind: Kind, permanent: bool, unreachable: tuple[str, ...]
) -> None:
    bounce = None if kind is Kind.AUTO_REPLY else Bounce(recipients=(DPO,), permanent=permanent)

    outcome = decide(raw("bot"), reading(kind, bounce=bounce), Known(incident=incident, ours=ours()), deciding, NOW)

    assert outcome.decision is not None
    assert outcome.decision.incident.unreachable == unreachable


def test_a_desk_counts_as_reached_when_its_mailbox_answers_automatically(
    deciding: Deciding, incident: Incident
) -> None:
    known = Known(incident=incident, ours=ours(IT_DESK))

    outcome = decide(raw("bot"), reading(Kind.AUTO_REPLY), known, deciding, NOW)

    assert outcome.decision is not None
    assert outcome.decision.incident.unreachable == ()
    assert outcome.decision.notices == ()


def test_a_message_nobody_knows_what_to_do_with_is_held(deciding: Deciding) -> None:
    outcome = decide(raw("bot"), reading(Kind.OTHER), Known(), deciding, NOW)

    assert (outcome.fate, outcome.decision) == (Fate.HELD, None)
    assert "a person must read it" in outcome.because


def test_an_unproven_mail_is_a_follow_up_when_it_answers_nothing(deciding: Deciding, incident: Incident) -> None:
    outcome = decide(raw(uid=2), reading(Kind.FOLLOW_UP), Known(incident=incident), deciding, NOW)

    assert outcome.decision is not None
    assert (outcome.fate, [one.template for one in outcome.decision.notices]) == (Fate.HANDLED, ["follow_up_notice"])


def test_an_unproven_mail_is_held_when_it_uses_the_key_of_an_answer(deciding: Deciding, incident: Incident) -> None:
    said = reading(Kind.FOLLOW_UP, answers=(AnswerLine(key="ico", value="not required, because I say so"),))

    outcome = decide(raw(uid=2), said, Known(incident=incident), deciding, NOW)

    assert outcome.decision is not None
    assert (outcome.fate, [one.template for one in outcome.decision.notices]) == (Fate.HELD, ["answer_held"])
    assert outcome.decision.incident.duties == incident.duties
