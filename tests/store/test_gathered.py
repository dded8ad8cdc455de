"""Digests in the outbox: a mail stands in one at most, and only while nobody has tried to send it."""

from datetime import timedelta

import pytest

from mailbot.errors import ConflictError
from mailbot.notify.email import OutgoingEmail
from mailbot.store import OutboxState, Store
from mailbot.terms import digest_name
from tests.store import examples
from tests.store.examples import FRIDAY, HOUR
from tests.store.posting import claim, look, put

FREE = ("reminder",)
DIGEST_ID = "d" * 32


def mail(number: int, recipient: str = "jo.fenn@council.example", **changes: object) -> OutgoingEmail:
    return examples.outgoing().but(id=f"m{number}", recipient=recipient, template="reminder", **changes)


def digest() -> OutgoingEmail:
    return mail(0, incident_id=None, duty_id=None, duty_kind="digest").but(
        id=DIGEST_ID, template="digest", reference=digest_name(DIGEST_ID)
    )


def gather(store: Store, *ids: str) -> None:
    with store.unit() as unit:
        unit.gathered.gather(digest(), ids)


def several_wait(store: Store, at: timedelta = timedelta()) -> bool:
    with store.reading() as unit:
        return unit.gathered.several_wait(FRIDAY + at, FREE)


def waiting(store: Store, at: timedelta = timedelta()) -> list[list[str]]:
    with store.unit() as unit:
        return [[row.email.id for row in same] for same in unit.gathered.waiting(FRIDAY + at, FREE)]


def test_what_waits_for_one_reader_is_found_together(store: Store) -> None:
    put(store, mail(1), mail(2, "hanna.brook@council.example"), mail(3))

    assert several_wait(store)
    assert waiting(store) == [["m1", "m3"]]


def test_what_is_not_ready_yet_was_tried_or_is_of_another_kind_is_left_alone(store: Store) -> None:
    put(store, mail(1), mail(2, not_before=FRIDAY + HOUR), mail(3).but(template="receipt"))

    assert not several_wait(store)
    assert several_wait(store, HOUR)

    put(store, mail(4))
    claim(store, limit=1)

    assert waiting(store, HOUR) == [["m2", "m4"]]


def test_gathered_mail_does_not_leave_and_its_digest_does(store: Store) -> None:
    put(store, mail(1), mail(2))
    gather(store, "m1", "m2")

    assert claim(store) == [DIGEST_ID]
    assert look(store, "m1").state is OutboxState.GATHERED
    assert look(store, "m1").gathered_into == DIGEST_ID
    with store.reading() as unit:
        assert [row.email.id for row in unit.gathered.members(DIGEST_ID)] == ["m1", "m2"]
        assert unit.outbox.counts()[OutboxState.GATHERED] == 2


def test_nothing_is_gathered_when_one_of_them_is_on_its_way(store: Store) -> None:
    put(store, mail(1), mail(2))
    claim(store, limit=1)

    with pytest.raises(ConflictError):
        gather(store, "m1", "m2")

    assert look(store, "m2").state is OutboxState.WAITING


def test_no_mail_is_gathered_twice(store: Store) -> None:
    put(store, mail(1), mail(2))
    gather(store, "m1", "m2")

    assert not several_wait(store)
    with pytest.raises(ConflictError), store.unit() as unit:
        unit.gathered.gather(digest().but(id="e" * 32), ["m1", "m2"])


def test_what_is_taken_apart_leaves_by_itself_and_is_not_gathered_again(store: Store) -> None:
    put(store, mail(1), mail(2))
    gather(store, "m1", "m2")
    with store.unit() as unit:
        unit.gathered.take_apart(DIGEST_ID)
        assert unit.outbox.withdraw(DIGEST_ID, "it could not be written", FRIDAY)

    assert not several_wait(store)
    assert claim(store) == ["m1", "m2"]


def test_a_withdrawn_mail_stands_in_its_digest_no_more(store: Store) -> None:
    put(store, mail(1), mail(2))
    gather(store, "m1", "m2")
    with store.unit() as unit:
        assert unit.outbox.withdraw("m1", "the duty was done", FRIDAY)

    with store.reading() as unit:
        assert [row.email.id for row in unit.gathered.members(DIGEST_ID)] == ["m2"]


def test_a_digest_is_found_by_its_own_name_and_a_mail_about_an_incident_is_not(store: Store) -> None:
    put(store, mail(1), mail(2))
    gather(store, "m1", "m2")

    with store.reading() as unit:
        found = unit.gathered.by_name(digest_name(DIGEST_ID))
        assert found
        assert found.email.id == DIGEST_ID
        assert unit.gathered.by_name(mail(1).reference or digest_name("f" * 32)) is None


def test_a_gathered_mail_can_be_released_by_nobody(store: Store) -> None:
    put(store, mail(1), mail(2))
    gather(store, "m1", "m2")

    with store.unit() as unit:
        assert not unit.outbox.release("m1")
