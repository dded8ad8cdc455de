"""References: counted per year, given out once, without a gap."""

from collections.abc import Callable
from contextlib import suppress

from mailbot.store import Store
from tests.store.together import CrashError, crash, run_each

Connect = Callable[..., Store]


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
