"""Who reported, and what a proven reply says: on values alone."""

from datetime import UTC, datetime

import pytest

from mailbot.incident import FieldValue, Incident
from mailbot.intake.email import Address, InboundEmail, Kind
from mailbot.parse.reading import AnswerLine, Reading, ReportedIncident
from mailbot.pipeline.outcome import Deciding
from mailbot.pipeline.proof import Proof
from mailbot.pipeline.reply import ReplyContext, events_of
from mailbot.pipeline.reporter import reporter_of
from mailbot.procedure.decision import Answered, FactsArrived
from mailbot.terms import Reference
from tests.house import DPO, IT_DESK, SAM, SAMS_MANAGER
from tests.test_pipeline import deciding, fact, incident, reading

NOW = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)
MEMBER = "sofia.marlow@council.example"
OUTSIDER = "r.tallow@home.example"
REFERENCE = Reference("DB2026001")


__all__ = ["deciding", "incident"]


# ---------------------------------------------------------------- who reported


def from_sender(address: str, *, authenticated: bool = True, automatic: bool = False) -> Reading:
    email = InboundEmail(sender=Address(address=address), authenticated=authenticated, automatic=automatic)
    return reading(email=email)


@pytest.mark.parametrize(
    ("said", "may_be_written_to"),
    [
        (from_sender(SAM), True),
        (from_sender(SAM, authenticated=False), True),  # in the staff list: at worst a colleague wonders
        (from_sender("new.starter@council.example", authenticated=False), False),
        (from_sender("new.starter@council.example"), True),
        (from_sender("447700900123@sms.council.example"), False),
        (from_sender(SAM, automatic=True), False),
        (from_sender(OUTSIDER), True),
        (from_sender(OUTSIDER, authenticated=False), False),
        (from_sender(OUTSIDER, automatic=True), False),
        (from_sender("", authenticated=False), False),
    ],
)
def test_only_people_whose_address_is_theirs_may_be_written_to(
    deciding: Deciding, said: Reading, may_be_written_to: bool
) -> None:
    assert reporter_of(said, deciding.rules.organisation).may_be_written_to is may_be_written_to


def call(authenticated: bool = True, **fields: str) -> Reading:
    email = InboundEmail(sender=Address(address=IT_DESK, name="IT Service Desk"), authenticated=authenticated)
    named = {name: fact(value) for name, value in fields.items()}
    return reading(email=email, call_log=True, report=ReportedIncident(fields=named))


@pytest.mark.parametrize(
    ("said", "address", "may_be_written_to"),
    [
        (call(reporter="Sam Porter", reporter_email=SAM), SAM, True),
        (call(reporter=f"Sam Porter <{SAM.upper()}>"), SAM, True),
        (call(reporter_contact=f"01632 960 411, {SAM}"), SAM, True),
        (call(reporter="Sam Porter"), IT_DESK, False),
        (call(reporter_email=SAM, reporter_contact=SAMS_MANAGER), IT_DESK, False),
        (call(reporter_email=OUTSIDER), OUTSIDER, False),
        (call(authenticated=False, reporter_email=SAM), SAM, False),
    ],
)
def test_a_caller_is_known_by_the_one_address_in_the_log_and_never_by_a_name(
    deciding: Deciding, said: Reading, address: str, may_be_written_to: bool
) -> None:
    reporter = reporter_of(said, deciding.rules.organisation)

    assert (reporter.address, reporter.may_be_written_to) == (address, may_be_written_to)


# ---------------------------------------------------------------- what a proven reply says


def reply(incident: Incident, said: Reading, duty_kind: str = "") -> ReplyContext:
    return ReplyContext(said, incident, Proof(asked=said.email.sender.address, duty_kind=duty_kind), NOW)


def facts(**named: FieldValue) -> ReportedIncident:
    return ReportedIncident(fields=named, missing=("discovered_at",))


def test_the_reporters_labelled_answers_are_facts(deciding: Deciding, incident: Incident) -> None:
    missing = incident.but(missing=("group", "discovered_at"))
    said = reading(Kind.ANSWER, report=facts(group=fact("Libraries")))

    (event,) = events_of(reply(missing, said, "complete_report"), deciding.rules)

    assert isinstance(event, FactsArrived)
    assert (set(event.facts), event.missing) == ({"group"}, ("discovered_at",))


def test_a_question_is_answered_when_the_form_counts_another_field_as_as_good(
    deciding: Deciding, incident: Incident
) -> None:
    missing = incident.but(missing=("group",))

    (event,) = events_of(reply(missing, reading(Kind.ANSWER, report=facts(service=fact("Libraries")))), deciding.rules)

    assert isinstance(event, FactsArrived)
    assert event.missing == ()


def test_running_words_are_no_fact_when_somebody_said_already_what_happened(
    deciding: Deciding, incident: Incident
) -> None:
    said = reading(Kind.ANSWER, report=facts(description=fact("Thank you very much", 0.5)))

    assert events_of(reply(incident.but(missing=()), said), deciding.rules) == ()


def test_running_words_are_the_story_when_nobody_has_told_it_yet(deciding: Deciding, incident: Incident) -> None:
    said = reading(Kind.ANSWER, report=facts(description=fact("A letter was lost", 0.5)))

    (event,) = events_of(reply(incident.but(missing=("description",)), said), deciding.rules)

    assert isinstance(event, FactsArrived)
    assert (set(event.facts), event.missing) == ({"description"}, ())


def test_a_manager_supplies_no_facts(deciding: Deciding, incident: Incident) -> None:
    said = reading(Kind.ANSWER, sender=SAMS_MANAGER, report=facts(group=fact("Libraries")))

    assert events_of(reply(incident, said), deciding.rules) == ()


def test_a_desks_member_names_the_group_both_as_a_fact_and_as_an_answer(deciding: Deciding, incident: Incident) -> None:
    line = AnswerLine(key="group", value="Libraries")
    said = reading(Kind.ANSWER, sender=MEMBER, report=facts(group=fact("Libraries")), answers=(line,))

    events = events_of(reply(incident, said), deciding.rules)

    assert [type(one) for one in events] == [FactsArrived, Answered]


def test_what_the_reporter_writes_under_a_desks_key_is_only_a_fact(deciding: Deciding, incident: Incident) -> None:
    line = AnswerLine(key="group", value="Libraries")
    said = reading(Kind.ANSWER, report=facts(group=fact("Libraries")), answers=(line,))

    assert [type(one) for one in events_of(reply(incident, said), deciding.rules)] == [FactsArrived]


def test_words_that_answer_nothing_are_asked_about_when_their_writer_was_asked_to_act(
    deciding: Deciding, incident: Incident
) -> None:
    said = reading(Kind.ANSWER, sender=DPO)

    (event,) = events_of(reply(incident, said, "decide_ico"), deciding.rules)

    assert isinstance(event, Answered)
    assert (event.key, event.value, event.by) == ("", "Hello", DPO)


def test_several_lines_are_several_answers_each_with_its_own_duty(deciding: Deciding, incident: Incident) -> None:
    lines = (AnswerLine(key="queue", value="confirmed"), AnswerLine(key="severity", value="low, because it came back"))
    said = reading(Kind.ANSWER, sender=MEMBER, answers=(*lines, AnswerLine(key="by", value="Sofia Marlow")))

    events = [one for one in events_of(reply(incident, said, "triage"), deciding.rules) if isinstance(one, Answered)]

    assert [(one.key, one.duty_kind, one.signed) for one in events] == [
        ("queue", "triage", "Sofia Marlow"),
        ("severity", "assess", "Sofia Marlow"),
    ]


def test_an_order_to_close_counts_last_wherever_it_stands_in_the_reply(deciding: Deciding, incident: Incident) -> None:
    lines = (("close", "yes"), ("medium", "Letter"), ("summary", "A letter went astray."))
    answers = tuple(AnswerLine(key=key, value=value) for key, value in lines)
    said = reading(email=InboundEmail(sender=Address(address=MEMBER)), answers=answers)
    events = events_of(ReplyContext(said, incident, Proof(asked=MEMBER), NOW), deciding.rules)

    assert [event.key for event in events if isinstance(event, Answered)] == ["medium", "summary", "close"]


@pytest.mark.parametrize("below", ["By: Sofia Marlow", "Queue: confirmed", "- Close: yes\nLessons: none"])
def test_a_fact_of_a_desk_ends_where_its_next_answer_begins(deciding: Deciding, incident: Incident, below: str) -> None:
    said = "they deleted it\nand said so"
    given = FieldValue(value=f"{said}\n{below}", raw=f"{said}\n{below}", source="mail, line 1", confidence=0.9)
    email = InboundEmail(sender=Address(address=MEMBER))
    (event,) = events_of(reply(incident, reading(email=email, report=facts(actions=given))), deciding.rules)

    assert isinstance(event, FactsArrived)
    assert event.facts["actions"].value == said


def test_an_answer_of_a_desk_is_no_fact_too_when_it_is_signed_below(deciding: Deciding, incident: Incident) -> None:
    text = "very high, because health information is involved\nBy: Sofia Marlow"
    given = FieldValue(value=text, raw=text, source="mail, line 1", confidence=0.9)
    lines = (("severity", "very high, because health information is involved"), ("by", "Sofia Marlow"))
    answers = tuple(AnswerLine(key=key, value=value) for key, value in lines)
    email = InboundEmail(sender=Address(address=MEMBER))
    said = reading(email=email, report=facts(severity=given), answers=answers)

    (event,) = events_of(reply(incident, said, "assess"), deciding.rules)

    assert isinstance(event, Answered)
    assert event.key == "severity"


def test_what_a_reporter_writes_below_a_question_stays_part_of_it(deciding: Deciding, incident: Incident) -> None:
    text = "we asked for it back\nNote: they have not answered"
    given = FieldValue(value=text, raw=text, source="mail, line 1", confidence=0.9)
    (event,) = events_of(reply(incident, reading(report=facts(actions=given))), deciding.rules)

    assert isinstance(event, FactsArrived)
    assert event.facts["actions"].value == text
