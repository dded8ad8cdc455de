"""Incidents: lost updates, the past that stays, what is due and what is listed."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event

from mailbot.errors import ConflictError, StoreError
from mailbot.incident import Discharge, Duty, Incident
from mailbot.store import Store
from mailbot.terms import Queue
from tests.store import examples
from tests.store.examples import FRIDAY, HOUR
from tests.store.together import CrashError, crash


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


def test_what_another_bot_saved_is_read_by_one_that_had_read_before(url: str, connect: Callable[..., Store]) -> None:
    here, elsewhere = connect(url), connect(url)
    with here.unit() as unit:
        unit.incidents.add(examples.incident(duties=(examples.duty(),)))
    with here.reading() as unit:
        before = _get(unit.incidents.get("i1"))
    with elsewhere.unit() as unit:
        changed = unit.incidents.save(before.but(duties=(examples.duty(sent=(examples.step(),)),)))

    with here.reading() as unit:
        assert unit.incidents.get("i1") == changed


def test_what_was_read_in_a_unit_that_was_undone_is_not_read_again(store: Store) -> None:
    with store.unit() as unit:
        unit.incidents.add(examples.incident(group="Housing"))
    with suppress(CrashError), store.unit() as unit:
        unit.incidents.save(_get(unit.incidents.get("i1")).but(group="Libraries"))
        assert _get(unit.incidents.get("i1")).group == "Libraries"
        crash()

    with store.reading() as unit:
        assert _get(unit.incidents.get("i1")).group == "Housing"


def test_an_incident_is_saved_whole_in_a_unit_that_did_not_read_it(store: Store) -> None:
    with store.unit() as unit:
        unit.incidents.add(examples.incident(duties=(examples.duty(sent=(examples.step(),)),)))
    with store.reading() as unit:
        read = _get(unit.incidents.get("i1"))
    with store.unit() as unit:
        steps = (examples.step(), examples.step(occurrence=2))
        saved = unit.incidents.save(read.but(duties=(examples.duty(sent=steps), examples.duty("d2", kind="contain"))))

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


def test_open_duties_are_found_by_when_they_fall_due(store: Store) -> None:
    def due(duty_id: str, hours: int) -> Duty:
        return examples.duty(duty_id, kind=duty_id, due_at=FRIDAY + hours * HOUR)

    ended = due("d4", 2).but(discharged=ENDED)
    with store.unit() as unit:
        unit.incidents.add(examples.incident(duties=(due("d1", 1), due("d3", 3), due("d2", 2), ended)))

    with store.reading() as unit:
        found = unit.incidents.duties_due(FRIDAY + HOUR, FRIDAY + 3 * HOUR)
        assert [(one.incident_id, one.duty_id) for one in found] == [("i1", "d2"), ("i1", "d3")]
        assert found[0].due_at == FRIDAY + 2 * HOUR


def _get(found: Incident | None) -> Incident:
    assert found is not None
    return found


def test_an_incident_is_named_without_reading_all_of_it(store: Store) -> None:
    with store.unit() as unit:
        unit.incidents.add(examples.incident("i1"))
        unit.incidents.add(examples.incident("i2", restricted=("an allegation",)))

    with store.reading() as unit:
        named = [unit.incidents.named(one) for one in ("i1", "i2", "i3")]
    assert [one and (one.reference, one.restricted) for one in named] == [
        ("DB2026001", False),
        ("DB2026002", True),
        None,
    ]
