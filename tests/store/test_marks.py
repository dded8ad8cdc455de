"""Marks: one value per name."""

from mailbot.store import Mark, Store
from tests.store.examples import FRIDAY, HOUR


def test_a_mark_has_the_value_put_last(store: Store) -> None:
    with store.unit() as unit:
        assert unit.marks.get("polled:ig") is None
        unit.marks.put("polled:ig", "1", FRIDAY)
        assert unit.marks.get("polled:ig") == Mark(name="polled:ig", value="1", at=FRIDAY)
        unit.marks.put("polled:ig", "2", FRIDAY + HOUR)
        assert unit.marks.get("polled:ig") == Mark(name="polled:ig", value="2", at=FRIDAY + HOUR)


def test_a_cleared_mark_is_gone_and_clearing_it_again_does_no_harm(store: Store) -> None:
    with store.unit() as unit:
        unit.marks.put("sending paused", "yes", FRIDAY)
        unit.marks.put("polled:ig", "", FRIDAY)
        unit.marks.clear("sending paused")
        unit.marks.clear("sending paused")

    with store.reading() as unit:
        assert [one.name for one in unit.marks.all()] == ["polled:ig"]


def test_marks_are_found_by_how_their_names_begin_and_by_nothing_else(store: Store) -> None:
    with store.unit() as unit:
        for name in ("a_b:2", "a_b:1", "axb:3", "b"):
            unit.marks.put(name, "", FRIDAY)

    with store.reading() as unit:
        assert [one.name for one in unit.marks.starting("a_b:")] == ["a_b:1", "a_b:2"]


def test_of_some_names_those_are_told_under_which_a_mark_was_put(store: Store) -> None:
    with store.unit() as unit:
        for name in ("said:d1", "said:d3"):
            unit.marks.put(name, "", FRIDAY)

    with store.reading() as unit:
        assert unit.marks.put_among(["said:d1", "said:d2"]) == {"said:d1"}
        assert unit.marks.put_among([]) == frozenset()
