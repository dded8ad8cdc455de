"""Earlier incidents found again by what they have in common with a later one, without a word of it in the clear."""

from datetime import timedelta

from sqlalchemy import text

from mailbot.store import Store
from mailbot.store.engine import make_engine, read_url
from mailbot.terms import Reference
from tests.store import examples
from tests.store.examples import FRIDAY, HOUR

TEAM, KIND = "team housing", "type data emailed to incorrect recipient"
TICK = timedelta(microseconds=1)


def remember(store: Store, number: int, *keys: str, after: timedelta | None = None) -> None:
    at = FRIDAY + (number * HOUR if after is None else after)
    with store.unit() as unit:
        incident = unit.incidents.add(examples.incident(f"i{number}", received_at=at))
        unit.traits.keep(incident.reference, at, keys)


def found(
    store: Store, *keys: str, since: timedelta = -HOUR, before: timedelta = 500 * HOUR, most: int = 10
) -> dict[str, list[str]]:
    with store.reading() as unit:
        earlier = unit.traits.find(keys, FRIDAY + since, FRIDAY + before, most)
    return {key: [one.reference for one in these] for key, these in earlier.items()}


def test_the_newest_are_found_first_under_each_key(store: Store) -> None:
    remember(store, 1, TEAM, KIND)
    remember(store, 2, TEAM)
    remember(store, 3, KIND)

    assert found(store, TEAM, KIND) == {TEAM: ["DB2026002", "DB2026001"], KIND: ["DB2026003", "DB2026001"]}


def test_an_earlier_incident_comes_back_with_the_moment_it_was_received(store: Store) -> None:
    remember(store, 1, TEAM)

    with store.reading() as unit:
        (earlier,) = unit.traits.find((TEAM,), FRIDAY, FRIDAY + 2 * HOUR, 10)[TEAM]
    assert (earlier.reference, earlier.received_at) == ("DB2026001", FRIDAY + HOUR)


def test_nothing_is_found_under_no_key_or_another(store: Store) -> None:
    remember(store, 1, TEAM)

    assert found(store) == {}
    assert found(store, "team highways") == {}


def test_the_period_holds_its_first_moment(store: Store) -> None:
    remember(store, 1, TEAM)

    assert found(store, TEAM, since=HOUR) == {TEAM: ["DB2026001"]}
    assert found(store, TEAM, since=HOUR + TICK) == {}


def test_only_what_was_received_before_is_earlier(store: Store) -> None:
    remember(store, 1, TEAM)

    assert found(store, TEAM, before=HOUR) == {}
    assert found(store, TEAM, before=HOUR + TICK) == {TEAM: ["DB2026001"]}


def test_so_many_of_the_newest_are_found_and_no_more(store: Store) -> None:
    for number in range(1, 8):
        remember(store, number, TEAM)

    assert found(store, TEAM, most=3) == {TEAM: ["DB2026007", "DB2026006", "DB2026005"]}


def test_two_received_at_once_are_found_in_the_order_of_their_numbers(store: Store) -> None:
    remember(store, 1, TEAM, after=HOUR)
    remember(store, 2, TEAM, after=HOUR)

    assert found(store, TEAM) == {TEAM: ["DB2026002", "DB2026001"]}


def test_an_incident_is_found_by_what_is_true_of_it_now(store: Store) -> None:
    remember(store, 1, TEAM, KIND)
    with store.unit() as unit:
        unit.traits.keep(Reference("DB2026001"), FRIDAY + HOUR, ("team highways", KIND))

    assert found(store, TEAM, KIND, "team highways") == {KIND: ["DB2026001"], "team highways": ["DB2026001"]}


def test_an_incident_stands_once_under_each_key_however_often_it_is_kept(store: Store, url: str) -> None:
    remember(store, 1, TEAM, KIND)
    with store.unit() as unit:
        unit.traits.keep(Reference("DB2026001"), FRIDAY + HOUR, (KIND, TEAM, TEAM))

    with make_engine(read_url(url), migrating=True).connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM trait")).scalar_one() == 2
    assert found(store, TEAM, KIND) == {TEAM: ["DB2026001"], KIND: ["DB2026001"]}


def test_nothing_leads_to_an_incident_any_more_when_its_traits_are_taken_back(store: Store, url: str) -> None:
    remember(store, 1, TEAM, KIND)
    with store.unit() as unit:
        unit.traits.keep(Reference("DB2026001"), FRIDAY + HOUR, ())

    with make_engine(read_url(url), migrating=True).connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM trait")).scalar_one() == 0


def test_no_word_of_a_trait_stands_in_the_clear(store: Store, url: str) -> None:
    remember(store, 1, "reporter asha.field@council.example")

    with make_engine(read_url(url), migrating=True).connect() as connection:
        (fingerprint,) = connection.execute(text("SELECT fingerprint FROM trait")).scalars()
    assert len(fingerprint) == 64
    assert "asha" not in fingerprint
