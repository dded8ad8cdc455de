"""Random lives of incidents: whatever happens, in whatever order and after whatever outage, these things hold."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from mailbot.incident import Discharge, Incident
from mailbot.procedure.decision import Answered, Decision, Event, FactsArrived, Misaddressed, TimePassed
from mailbot.procedure.ladder import due_steps
from mailbot.procedure.machine import advance
from mailbot.procedure.rows import Hours
from mailbot.terms import Severity
from tests.procedure.conftest import (
    DORA,
    GWEN,
    IGOR,
    LIAM,
    RITA,
    RULES,
    SIMON,
    STRANGER,
    a_report,
    a_triage,
    fact,
    london,
    opened_at,
)

START = london("Thu 2026-01-01 00:00")

ANSWERS = [
    ("queue", "confirmed", IGOR),
    ("queue", "IT", IGOR),
    ("severity", "low, because one person is affected", IGOR),
    ("severity", "very high, because many are affected", IGOR),
    ("contained", "yes, they deleted it", IGOR),
    ("personal data", "no, because it was a price list", IGOR),
    ("personal data", "yes", IGOR),
    ("ico", "reported, IC-1, because we waited", DORA),
    ("ico", "not required, because it was encrypted", DORA),
    ("investigation", "returned", GWEN),
    ("group", "Adult Care", IGOR),
    ("responsible manager", LIAM, IGOR),
    ("restricted", "released, because HR agrees", DORA),
    ("siro view", "report it", SIMON),
    ("ico", "reported", STRANGER),
]

EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.just(TimePassed()),
    st.sampled_from([Answered(duty_kind="", key=key, value=value, by=by) for key, value, by in ANSWERS]),
    st.integers(-400, 100).map(
        lambda hours: FactsArrived(
            facts={"subjects": fact("3")}, missing=(), by=RITA, discovered_at=START + timedelta(hours=hours)
        )
    ),
    st.sampled_from([DORA, GWEN, LIAM, RITA, SIMON, IGOR, STRANGER]).map(
        lambda who: Misaddressed(duty_id=None, recipient=who, because="it bounced")
    ),
)

OPENINGS = st.builds(
    lambda minutes, found, severity, restricted, stolen, safety, sender: opened_at(
        START + timedelta(minutes=minutes),
        report=a_report(
            missing=("subjects",),
            discovered_at=START + timedelta(minutes=minutes - found),
            occurred_at=START + timedelta(minutes=minutes - 3 * found),
        ),
        triage=a_triage(severity=severity, restricted=restricted, stolen=stolen, safety=safety),
        sender=sender,
    ),
    st.integers(0, 365 * 24 * 60),
    st.integers(0, 14 * 24 * 60),
    st.sampled_from(Severity),
    st.sampled_from([(), ("deliberate misuse alleged",)]),
    st.booleans(),
    st.sampled_from([(), ("address disclosed",)]),
    st.sampled_from([RITA, STRANGER]),
)

PAUSES = st.one_of(st.integers(0, 90), st.integers(0, 20 * 24 * 60))


def check_once(before: Incident | None, after: Decision) -> None:
    """No step twice to anybody in a plan, nothing about a duty that was over before, and what was met stays."""
    for duty in after.incident.duties:
        keys = [(one.plan_version, one.step, one.occurrence, one.recipient) for one in duty.sent]
        assert len(keys) == len(set(keys)), duty.kind
    if before is None:
        return
    over = {duty.id: duty for duty in before.duties if not duty.is_open}
    for duty in after.incident.duties:
        if duty.id in over:
            assert duty == over[duty.id]
    receipts = {"receipt", "answer_unclear", "answer_held"}
    assert not {one.duty_id for one in after.notices if one.template not in receipts} & over.keys()


@settings(max_examples=60, deadline=None)
@given(OPENINGS, st.lists(st.tuples(PAUSES, EVENTS), max_size=12))
def test_in_every_life_each_step_is_sent_once_and_none_is_skipped(
    opening: Decision, life: list[tuple[int, Event]]
) -> None:
    check_once(None, opening)
    incident, now = opening.incident, opening.incident.ratings[0].at
    for pause, event in life:
        now += timedelta(minutes=pause)
        decision = advance(incident, event, now, RULES)
        check_once(incident, decision)
        incident = decision.incident
        for duty in incident.open_duties:
            rule = RULES.procedure.duty(duty.kind).for_incident(incident)
            assert due_steps(rule, duty, now, RULES.calendar) == [], duty.kind
            assert duty.next_step_at is None or duty.next_step_at > now
        assert incident.tell_next_at is None or incident.tell_next_at > now


@settings(max_examples=40, deadline=None)
@given(OPENINGS, PAUSES)
def test_asking_again_at_the_same_moment_says_nothing_new(opening: Decision, pause: int) -> None:
    now = opening.incident.ratings[0].at + timedelta(minutes=pause)
    once = advance(opening.incident, TimePassed(), now, RULES)
    again = advance(once.incident, TimePassed(), now, RULES)

    assert again == Decision(incident=once.incident)


@settings(max_examples=40, deadline=None)
@given(OPENINGS, st.integers(1, 20 * 24 * 60))
def test_an_outage_loses_nothing_that_a_running_bot_would_have_sent(opening: Decision, outage: int) -> None:
    end = opening.incident.ratings[0].at + timedelta(minutes=outage)
    ticking = opening.incident
    while ticking.next_step_at and ticking.next_step_at <= end:
        ticking = advance(ticking, TimePassed(), ticking.next_step_at, RULES).incident
    silent = advance(opening.incident, TimePassed(), end, RULES).incident

    for running in ticking.duties:
        rule, late = RULES.procedure.duty(running.kind), silent.duty(running.kind)
        assert late is not None
        missed = {sent.step for sent in running.sent} - {sent.step for sent in late.sent}
        hours = {rule.hours_of(step) for step in rule.steps if step.name in missed}
        # At night, what may wait for the office waits for it, and nothing else does.
        assert hours <= (set() if RULES.calendar.is_open(end) else {Hours.OFFICE}), running.kind


@given(st.integers(0, 200))
def test_what_was_met_is_never_computed_again(hours: int) -> None:
    opened = opened_at(START).incident
    ended = Discharge(at=START, by=DORA, how="reported", met=True)
    duties = tuple(duty.but(discharged=ended, next_step_at=None) for duty in opened.duties)
    facts = FactsArrived(facts={}, missing=(), by=RITA, discovered_at=START - timedelta(hours=hours))

    after = advance(opened.but(duties=duties), facts, START + timedelta(hours=hours), RULES).incident

    assert after.duties[: len(duties)] == duties
