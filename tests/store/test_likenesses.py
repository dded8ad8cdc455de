"""Reports found again by what they say, without a word of it in the clear."""

from datetime import timedelta

from sqlalchemy import text

from mailbot.store import Store
from mailbot.store.engine import make_engine, read_url
from mailbot.store.likenesses import MOST_A_KEY
from tests.store import examples
from tests.store.examples import FRIDAY, HOUR

STORY = "story a letter went astray"


def remember(store: Store, number: int, *keys: str) -> None:
    at = FRIDAY + number * HOUR
    with store.unit() as unit:
        unit.incidents.add(examples.incident(f"i{number}", received_at=at))
        unit.likenesses.add(f"i{number}", keys, at)


def test_incidents_are_found_that_share_most_first_and_then_the_newest(store: Store) -> None:
    remember(store, 1, STORY, "words 1")
    remember(store, 2, "words 1")
    remember(store, 3, "words 1")
    remember(store, 4, "words 2")

    with store.reading() as unit:
        found = unit.likenesses.find((STORY, "words 1"), FRIDAY, 10)
    assert found == ("i1", "i3", "i2")


def test_nothing_is_found_when_it_came_before_the_moment_asked_for(store: Store) -> None:
    remember(store, 1, STORY)

    with store.reading() as unit:
        assert unit.likenesses.find((STORY,), FRIDAY + HOUR, 10) == ("i1",)
        assert unit.likenesses.find((STORY,), FRIDAY + HOUR + timedelta(microseconds=1), 10) == ()


def test_nothing_is_found_by_no_keys_or_by_others(store: Store) -> None:
    remember(store, 1, STORY)

    with store.reading() as unit:
        assert unit.likenesses.find((), FRIDAY, 10) == ()
        assert unit.likenesses.find(("story of another kind",), FRIDAY, 10) == ()


def test_so_many_of_the_newest_are_found_and_no_more_when_all_report_the_same(store: Store) -> None:
    for number in range(MOST_A_KEY + 5):
        remember(store, number, STORY)

    with store.reading() as unit:
        found = unit.likenesses.find((STORY,), FRIDAY, 1_000)
        some = unit.likenesses.find((STORY,), FRIDAY, 2)
    assert found == tuple(f"i{number}" for number in range(MOST_A_KEY + 4, 4, -1))
    assert some == found[:2]


def test_no_word_of_a_report_stands_in_the_clear(store: Store, url: str) -> None:
    remember(store, 1, STORY)

    with make_engine(read_url(url), migrating=True).connect() as connection:
        (fingerprint,) = connection.execute(text("SELECT fingerprint FROM likeness")).scalars()
    assert len(fingerprint) == 64
    assert "letter" not in fingerprint
