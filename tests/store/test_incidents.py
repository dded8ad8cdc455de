"""Incidents: the round trip, lost updates, what is due, gapless references."""

import string
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event

from mailbot.errors import ConflictError, StoreError
from mailbot.incident import (
    Discharge,
    Duty,
    FieldValue,
    Incident,
    Original,
    Queue,
    Rating,
    Reference,
    Reporter,
    Role,
    SentStep,
    Severity,
    Stage,
)
from mailbot.store import Store
from mailbot.store.cipher import Cipher
from mailbot.store.rows import by_incident, from_rows, to_rows
from tests.store import examples
from tests.store.conftest import KEYS
from tests.store.examples import FRIDAY, HOUR
from tests.store.together import CrashError, crash, run_each

Connect = Callable[..., Store]
CIPHER = Cipher(KEYS)

TEXT = st.text(max_size=8)
TEXTS = st.lists(TEXT, max_size=3).map(tuple)
WORD = st.text(string.ascii_lowercase, min_size=1, max_size=6)
MOMENT = st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone
MAYBE_MOMENT = st.none() | MOMENT
STEPS = st.lists(
    st.builds(
        SentStep,
        plan_version=st.integers(1, 9),
        step=WORD,
        occurrence=st.integers(0, 9),
        recipient=WORD,
        at=MOMENT,
        late=st.booleans(),
    ),
    max_size=3,
    unique_by=lambda one: (one.plan_version, one.step, one.occurrence, one.recipient),
).map(tuple)
DISCHARGES = st.builds(Discharge, at=MOMENT, by=TEXT, how=TEXT, reason=TEXT, met=st.none() | st.booleans())
DUTIES = st.builds(
    Duty,
    id=WORD,
    kind=WORD,
    para=WORD,
    holder=st.sampled_from(Role),
    person=st.none() | TEXT,
    anchored_at=MOMENT,
    started_at=MOMENT,
    due_at=MAYBE_MOMENT,
    plan_version=st.integers(1, 9),
    next_step_at=MAYBE_MOMENT,
    sent=STEPS,
    discharged=st.none() | DISCHARGES,
)
RATINGS = st.builds(
    Rating, severity=st.sampled_from(Severity), at=MOMENT, by=TEXT, provisional=st.booleans(), reasons=TEXTS
)
INCIDENTS = st.builds(
    Incident,
    id=WORD,
    reference=WORD.map(Reference),
    version=st.integers(1, 1000),
    queue=st.sampled_from(Queue),
    also_tell=st.lists(st.sampled_from(Queue), max_size=2).map(tuple),
    queue_reasons=TEXTS,
    ratings=st.lists(RATINGS, min_size=1, max_size=3).map(tuple),
    stage=st.sampled_from(Stage),
    received_at=MOMENT,
    discovered_at=MAYBE_MOMENT,
    occurred_at=MAYBE_MOMENT,
    aware_at=MOMENT,
    reporter=st.builds(Reporter, address=TEXT, name=TEXT, outside=st.booleans(), proven=st.booleans()),
    group=st.none() | TEXT,
    personal_data=st.none() | st.booleans(),
    safety=TEXTS,
    facts=st.dictionaries(
        WORD, st.builds(FieldValue, value=TEXT, raw=TEXT, source=TEXT, confidence=st.floats(0, 1)), max_size=3
    ),
    originals=st.lists(
        st.builds(Original, mailbox=TEXT, folder=TEXT, uid=st.integers(1), sender=TEXT, received_at=MOMENT), max_size=2
    ).map(tuple),
    duties=st.lists(DUTIES, max_size=4, unique_by=lambda one: one.id).map(tuple),
    closed_at=MAYBE_MOMENT,
)


@given(st.lists(INCIDENTS, max_size=3, unique_by=lambda one: one.id))
def test_every_incident_comes_back_equal_from_its_rows(incidents: list[Incident]) -> None:
    # Duties of different incidents may not share an id: the database would refuse that too.
    kept = [one.but(duties=tuple(d.but(id=one.id + "-" + d.id) for d in one.duties)) for one in incidents]
    rows = [to_rows(one, CIPHER) for one in kept]
    mixed = by_incident(
        [one.incident for one in rows],
        [duty for one in reversed(rows) for duty in one.duties],
        [step for one in reversed(rows) for step in one.steps],
    )

    assert [from_rows(one, CIPHER) for one in mixed] == kept


def test_incidents_come_back_equal_through_both_engines(store: Store) -> None:
    number = iter(range(1_000_000))

    @settings(max_examples=15, deadline=None)
    @given(INCIDENTS)
    def round_trip(drawn: Incident) -> None:
        id_ = f"i{next(number)}"
        kept = drawn.but(id=id_, reference=id_, duties=tuple(d.but(id=f"{id_}-{d.id}") for d in drawn.duties))
        with store.unit() as unit:
            unit.incidents.add(kept)
        with store.reading() as unit:
            assert unit.incidents.get(id_) == kept
            assert unit.incidents.by_reference(id_) == kept

    round_trip()


def test_an_unknown_incident_is_none(store: Store) -> None:
    with store.reading() as unit:
        assert unit.incidents.get("nowhere") is None
        assert unit.incidents.by_reference("DB2026001") is None


def test_a_saved_incident_has_the_next_version_and_all_changes(store: Store) -> None:
    with store.unit() as unit:
        unit.incidents.add(examples.incident(duties=(examples.duty(),)))
    with store.unit() as unit:
        read = _get(unit.incidents.get("i1"))
        told = examples.duty(sent=(examples.step(),), next_step_at=FRIDAY + 48 * HOUR)
        saved = unit.incidents.save(read.but(group="Housing", duties=(told, examples.duty("d2", kind="contain"))))

    assert saved.version == read.version + 1
    with store.reading() as unit:
        assert unit.incidents.get("i1") == saved


def test_the_second_to_save_the_same_version_must_decide_again(store: Store) -> None:
    with store.unit() as unit:
        unit.incidents.add(examples.incident())
    with store.unit() as unit:
        unit.incidents.save(examples.incident(group="Housing"))

    with pytest.raises(ConflictError, match="DB2026001"), store.unit() as unit:
        unit.incidents.save(examples.incident(group="Libraries"))
    with store.reading() as unit:
        assert _get(unit.incidents.get("i1")).group == "Housing"


def test_the_same_step_to_the_same_person_is_refused_a_second_time(store: Store) -> None:
    twice = (examples.step(), examples.step(recipient="DPO@council.example", at=FRIDAY + HOUR))

    with pytest.raises(ConflictError), store.unit() as unit:
        unit.incidents.add(examples.incident(duties=(examples.duty(sent=twice),)))


ENDED = Discharge(at=FRIDAY + HOUR, by="dpo@council.example", how="reported", met=True)


@pytest.mark.parametrize(
    ("duties", "says"),
    [
        ((), "lose its duty"),
        ((examples.duty(sent=(examples.step(),)),), "frozen"),
        ((examples.duty(sent=(examples.step(),), discharged=ENDED.but(met=False)),), "frozen"),
        ((examples.duty(discharged=ENDED),), "lose a step"),
    ],
)
def test_a_save_that_rewrites_the_past_is_refused(store: Store, duties: tuple[Duty, ...], says: str) -> None:
    with store.unit() as unit:
        unit.incidents.add(examples.incident(duties=(examples.duty(sent=(examples.step(),), discharged=ENDED),)))

    with pytest.raises(StoreError, match=says), store.unit() as unit:
        unit.incidents.save(examples.incident(duties=duties))


def test_incidents_are_due_from_the_very_moment_of_their_next_step_oldest_first(store: Store) -> None:
    with store.unit() as unit:
        for number, hours in enumerate((30, 24, 48), start=1):
            duty = examples.duty(f"d{number}", next_step_at=FRIDAY + hours * HOUR)
            unit.incidents.add(examples.incident(f"i{number}", duties=(duty,)))

    with store.reading() as unit:
        assert unit.incidents.due(FRIDAY + 24 * HOUR - timedelta(microseconds=1), 10) == ()
        assert unit.incidents.due(FRIDAY + 24 * HOUR, 10) == ("i2",)
        assert unit.incidents.due(FRIDAY + 48 * HOUR, 10) == ("i2", "i1", "i3")
        assert unit.incidents.due(FRIDAY + 48 * HOUR, 2) == ("i2", "i1")


@pytest.mark.parametrize(
    "changes", [{"closed_at": FRIDAY}, {"duties": (examples.duty(discharged=ENDED),)}, {"duties": ()}]
)
def test_nothing_is_due_when_closed_discharged_or_without_a_duty(store: Store, changes: dict[str, Any]) -> None:
    with store.unit() as unit:
        unit.incidents.add(examples.incident(**({"duties": (examples.duty(),)} | changes)))

    with store.reading() as unit:
        assert unit.incidents.due(FRIDAY + 1000 * HOUR, 10) == ()


def test_open_incidents_are_listed_by_desk_the_longest_known_first(store: Store) -> None:
    with store.unit() as unit:
        unit.incidents.add(examples.incident("i1", aware_at=FRIDAY + HOUR))
        unit.incidents.add(examples.incident("i2", queue=Queue.IT))
        unit.incidents.add(examples.incident("i3", aware_at=FRIDAY - HOUR))
        unit.incidents.add(examples.incident("i4", closed_at=FRIDAY))

    with store.reading() as unit:
        assert [one.id for one in unit.incidents.open()] == ["i3", "i2", "i1"]
        assert [one.id for one in unit.incidents.open(Queue.IT)] == ["i2"]
        assert [one.id for one in unit.incidents.open(limit=1)] == ["i3"]
        assert unit.incidents.count_open() == 3


def test_the_list_has_the_newest_first_and_can_be_narrowed(store: Store) -> None:
    with store.unit() as unit:
        unit.incidents.add(examples.incident("i1"))
        unit.incidents.add(examples.incident("i2", received_at=FRIDAY + HOUR, queue=Queue.IT))
        unit.incidents.add(examples.incident("i3", received_at=FRIDAY + 2 * HOUR, closed_at=FRIDAY + 3 * HOUR))

    with store.reading() as unit:
        assert [one.id for one in unit.incidents.list()] == ["i3", "i2", "i1"]
        assert [one.id for one in unit.incidents.list(closed=True)] == ["i3"]
        assert [one.id for one in unit.incidents.list(Queue.IG, closed=False)] == ["i1"]
        assert [one.id for one in unit.incidents.list(since=FRIDAY + HOUR)] == ["i3", "i2"]
        assert [one.id for one in unit.incidents.list(limit=1)] == ["i3"]


def test_many_open_incidents_take_as_many_queries_as_one(store: Store) -> None:
    def queries() -> int:
        said: list[str] = []

        def note(_c: object, _u: object, statement: str, *_rest: object) -> None:
            said.append(statement)

        event.listen(Engine, "before_cursor_execute", note)
        with store.reading() as unit:
            unit.incidents.open()
        event.remove(Engine, "before_cursor_execute", note)
        return sum("SELECT" in one for one in said)

    with store.unit() as unit:
        unit.incidents.add(examples.incident("i1", duties=(examples.duty("d1", sent=(examples.step(),)),)))
    one = queries()
    with store.unit() as unit:
        for number in range(2, 12):
            unit.incidents.add(examples.incident(f"i{number}", duties=(examples.duty(f"d{number}"),)))

    assert queries() == one


def test_references_count_on_per_year_and_from_the_configured_number(store: Store) -> None:
    with store.unit() as unit:
        given_out = [unit.incidents.next_reference("DB", year) for year in (2026, 2026, 2027)]
        after_the_councils_own = [unit.incidents.next_reference("DB", 2026, start=20) for _ in range(2)]

    assert given_out == ["DB2026001", "DB2026002", "DB2027001"]
    assert after_the_councils_own == ["DB2026020", "DB2026021"]


def test_a_reference_is_given_again_when_the_unit_that_took_it_was_undone(store: Store) -> None:
    with suppress(CrashError), store.unit() as unit:
        assert unit.incidents.next_reference("DB", 2026) == "DB2026001"
        crash()

    with store.unit() as unit:
        assert unit.incidents.next_reference("DB", 2026) == "DB2026001"


def test_references_have_no_gap_and_no_double_when_several_bots_take_them_and_some_fail(
    url: str, connect: Connect
) -> None:
    taken: list[str] = []

    def take(store: Store) -> None:
        for turn in range(6):
            with suppress(CrashError):
                with store.unit() as unit:
                    reference = unit.incidents.next_reference("DB", 2026)
                    if turn % 3 == 2:
                        crash()
                taken.append(reference)

    run_each(take, [connect(url) for _ in range(4)])

    assert sorted(taken) == [f"DB2026{number:03d}" for number in range(1, 17)]


def _get(found: Incident | None) -> Incident:
    assert found is not None
    return found
