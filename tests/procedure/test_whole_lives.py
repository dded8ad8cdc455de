"""Whole lives at random, through every kind of duty: right and wrong answers, crashes, outages, changed clocks, holidays."""

from datetime import datetime, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from mailbot.incident import Incident
from mailbot.procedure.decision import Decision, Event, FactsArrived, Misaddressed, TimePassed
from mailbot.procedure.machine import advance
from mailbot.terms import Severity
from mailbot.value import Value
from tests.procedure.conftest import (
    DORA,
    GWEN,
    IGOR,
    RESA,
    RITA,
    SIMON,
    STRANGER,
    a_report,
    a_triage,
    fact,
    london,
    opened_at,
)
from tests.procedure.living import ANSWERING, AT_ANY_TIME, LIFE, PEOPLE, RIGHT, answered, check, right_answer

BEGINNINGS = (
    london("Fri 2026-03-27 18:50"),  # the clocks go forward on Sunday
    london("Thu 2026-04-02 16:00"),  # Good Friday follows, and Easter Monday
    london("Fri 2026-10-23 18:50"),  # the clocks go back on Sunday
    london("Wed 2026-12-23 21:00"),  # Christmas, and a Boxing Day that moves to Monday
    london("Mon 2026-06-15 10:00"),
    london("Sun 2026-10-25 01:30"),  # twice there is half past one
)


class Move(Value):
    """One thing that happens after a pause: a right answer, any answer by anybody, facts, a bounce, or nothing but time."""

    pause: int
    what: str
    which: int
    how: int
    crash: bool


MOVES = st.builds(
    Move,
    pause=st.one_of(st.integers(0, 90), st.integers(0, 3 * 24 * 60), st.integers(0, 28 * 24 * 60)),
    what=st.sampled_from(["right"] * 6 + ["any", "wrong person", "late", "facts", "bounce", "time"]),
    which=st.integers(0, 40),
    how=st.integers(0, 40),
    crash=st.booleans(),
)

OPENINGS = st.builds(
    lambda start, severity, restricted, flags, found, sender, reading: opened_at(
        start,
        report=a_report(
            missing=reading,
            discovered_at=start - timedelta(hours=found),
            occurred_at=start - timedelta(hours=3 * found),
        ),
        triage=a_triage(
            severity=severity,
            restricted=restricted,
            stolen="stolen" in flags,
            allegation="allegation" in flags,
            safety=("address disclosed",) if "safety" in flags else (),
            health_or_social_care="care" in flags,
            personal_data=None if "doubt" in flags else True,
        ),
        sender=sender,
    ),
    st.sampled_from(BEGINNINGS),
    st.sampled_from(Severity),
    st.sampled_from([(), (), (), ("deliberate misuse alleged",)]),
    st.frozensets(st.sampled_from(["stolen", "allegation", "safety", "care", "doubt"]), max_size=3),
    st.integers(0, 200),
    st.sampled_from([RITA, RITA, STRANGER]),
    st.sampled_from([(), ("subjects",)]),
)

EVERY_LINE = (*(line for lines in RIGHT.values() for line in lines), *AT_ANY_TIME)
FACTS = (
    {"subjects": fact("400")},
    {"involved": fact(GWEN)},
    {"involved": fact(f"{DORA} and somebody else")},
    {"group": fact("Adult Care")},
)


def event_of(move: Move, incident: Incident, now: datetime) -> Event:
    """What a move means for the incident as it is."""
    arrived = now - timedelta(hours=move.how) if move.what == "late" else now
    if move.what in {"right", "late"}:
        return right_answer(incident, move.which, move.how, arrived) or TimePassed()
    if move.what == "wrong person":
        return answered(EVERY_LINE[(7 * move.which + move.how) % len(EVERY_LINE)], RESA, now)
    if move.what == "any":
        who = PEOPLE[move.which % len(PEOPLE)]
        return answered(AT_ANY_TIME[move.how % len(AT_ANY_TIME)], ANSWERING.get(who, who), now)
    if move.what == "facts":
        found = now - timedelta(hours=5 * move.which)
        occurred = found - timedelta(hours=move.how) if move.how % 2 else None
        by = incident.reporter.address if move.which % 3 else IGOR
        return FactsArrived(
            facts=FACTS[move.how % len(FACTS)], missing=(), by=by, discovered_at=found, occurred_at=occurred
        )
    if move.what == "bounce":
        return Misaddressed(duty_id=None, recipient=PEOPLE[move.which % len(PEOPLE)], because="it bounced")
    return TimePassed()


def lived(opening: Decision, moves: list[Move]) -> Incident:
    """The incident after such a life, everything checked after each move."""
    incident, now = opening.incident, opening.incident.ratings[0].at
    check(None, opening, now)
    for move in moves:
        now += timedelta(minutes=move.pause)
        event = event_of(move, incident, now)
        decision = advance(incident, event, now, LIFE)
        check(incident, decision, now)
        if move.crash:
            # Whatever was not committed is decided once more, by the next run and from what the store holds.
            assert advance(incident, event, now, LIFE) == decision
            assert advance(decision.incident, TimePassed(), now, LIFE) == Decision(incident=decision.incident)
        incident = decision.incident
    return incident


@settings(max_examples=80, deadline=None)
@given(OPENINGS, st.lists(MOVES, min_size=4, max_size=30))
def test_whatever_people_do_in_whatever_order_every_duty_is_asked_once_and_frozen_when_it_ends(
    opening: Decision, moves: list[Move]
) -> None:
    lived(opening, moves)


def steady(how: int) -> list[Move]:
    """A life in which every open duty is answered in turn, the last one closing the incident."""
    return [Move(pause=240, what="right", which=turn, how=how + turn // 3, crash=False) for turn in range(60)]


@settings(max_examples=3, deadline=None)
@given(st.sampled_from([Severity.MEDIUM, Severity.HIGH]), st.integers(0, 5))
@example(Severity.HIGH, 0)
def test_a_life_in_which_everybody_answers_goes_through_to_the_closing(severity: Severity, how: int) -> None:
    report = a_report(fields={"subjects": fact("4")}, occurred_at=BEGINNINGS[0])
    found = a_triage(severity=severity, stolen=True, health_or_social_care=True)
    opening = opened_at(BEGINNINGS[0], report=report, triage=found)

    incident = lived(opening, steady(how))

    assert incident.closed_at is not None
    assert incident.exit is None


def test_the_lives_know_an_answer_to_every_kind_of_duty() -> None:
    by_form = {"complete_report"}

    assert {rule.kind for rule in LIFE.procedure.duties} - RIGHT.keys() == by_form
    assert SIMON in PEOPLE
