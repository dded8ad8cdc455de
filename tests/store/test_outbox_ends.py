"""Every way a mail can end, and how it is found and counted then."""

import pytest

from mailbot.mail import Delivery, Outcome
from mailbot.store import OutboxState, Store
from tests.store import examples
from tests.store.examples import FRIDAY, HOUR
from tests.store.posting import TICK, claim, look, put

ACCEPTED = Delivery(outcome=Outcome.ACCEPTED, code=250, text="queued")
LATER = Delivery(outcome=Outcome.TEMPORARY, code=451, text="try later, dpo@council.example")
NEVER = Delivery(outcome=Outcome.PERMANENT, code=550, text="no such user")


@pytest.mark.parametrize(
    ("delivery", "retry_at", "state"),
    [
        (ACCEPTED, None, OutboxState.SENT),
        (ACCEPTED, FRIDAY + HOUR, OutboxState.SENT),
        (LATER, FRIDAY + HOUR, OutboxState.WAITING),
        (LATER, None, OutboxState.GIVEN_UP),
        (NEVER, None, OutboxState.GIVEN_UP),
        (NEVER, FRIDAY + HOUR, OutboxState.GIVEN_UP),
    ],
)
def test_the_servers_answer_decides_where_a_mail_stands(
    store: Store, delivery: Delivery, retry_at: None, state: OutboxState
) -> None:
    put(store, examples.outgoing())
    claim(store)
    with store.unit() as unit:
        unit.outbox.record("o1", delivery, FRIDAY + TICK, retry_at)

    row = look(store)
    assert (row.state, row.delivery, row.claimed_by) == (state, delivery, None)
    assert row.sent_at == (FRIDAY + TICK if state is OutboxState.SENT else None)
    assert row.ended_at == (None if state is OutboxState.WAITING else FRIDAY + TICK)
    assert row.ready_at == (retry_at if state is OutboxState.WAITING else None)


def test_a_mail_is_retried_at_its_moment_when_the_server_asked_to_try_later(store: Store) -> None:
    put(store, examples.outgoing())
    claim(store)
    with store.unit() as unit:
        unit.outbox.record("o1", LATER, FRIDAY, FRIDAY + HOUR)

    assert claim(store, at=HOUR - TICK) == []
    assert claim(store, at=HOUR) == ["o1"]


def test_a_late_failure_does_not_undo_what_another_sender_sent(store: Store) -> None:
    put(store, examples.outgoing())
    claim(store)
    with store.unit() as unit:
        unit.outbox.record("o1", ACCEPTED, FRIDAY, None)
        unit.outbox.record("o1", LATER, FRIDAY, FRIDAY + HOUR)
        unit.outbox.record("o1", NEVER, FRIDAY, None)

    assert look(store).state is OutboxState.SENT
    assert look(store).delivery == ACCEPTED


def test_accepted_mail_is_sent_even_when_it_was_withdrawn_while_under_way(store: Store) -> None:
    put(store, examples.outgoing())
    claim(store)
    with store.unit() as unit:
        assert unit.outbox.withdraw("o1", "the duty is discharged", FRIDAY)
        unit.outbox.record("o1", ACCEPTED, FRIDAY, None)

    assert look(store).state is OutboxState.SENT


def test_a_withdrawn_mail_keeps_its_reason_and_never_leaves(store: Store) -> None:
    put(store, examples.outgoing())
    with store.unit() as unit:
        assert unit.outbox.withdraw("o1", "the duty is discharged", FRIDAY)
        assert not unit.outbox.release("o1")

    row = look(store)
    assert (row.state, row.because, row.ended_at) == (OutboxState.WITHDRAWN, "the duty is discharged", FRIDAY)
    assert claim(store, at=1000 * HOUR) == []


def test_a_held_mail_leaves_when_it_was_released(store: Store) -> None:
    put(store, examples.outgoing())
    with store.unit() as unit:
        assert unit.outbox.hold("o1", "a loop of machines")
        assert not unit.outbox.hold("o1", "again")
    held, claimed_while_held = look(store), claim(store)
    with store.unit() as unit:
        assert unit.outbox.release("o1")

    assert (held.state, held.because) == (OutboxState.HELD, "a loop of machines")
    assert claimed_while_held == []
    assert claim(store) == ["o1"]


def test_a_given_up_mail_can_be_released_once_the_fault_is_mended(store: Store) -> None:
    put(store, examples.outgoing())
    claim(store)
    with store.unit() as unit:
        unit.outbox.record("o1", NEVER, FRIDAY, None)
        assert unit.outbox.release("o1")

    assert claim(store) == ["o1"]


def test_a_sent_mail_is_neither_withdrawn_nor_held_nor_released(store: Store) -> None:
    put(store, examples.outgoing())
    claim(store)
    with store.unit() as unit:
        unit.outbox.record("o1", ACCEPTED, FRIDAY, None)
        outbox = unit.outbox
        assert [outbox.withdraw("o1", "", FRIDAY), outbox.hold("o1", ""), outbox.release("o1")] == [False] * 3

    assert look(store).state is OutboxState.SENT


def test_a_claim_given_back_does_not_count_as_a_try(store: Store) -> None:
    put(store, examples.outgoing())
    claim(store)
    with store.unit() as unit:
        assert unit.outbox.put_back("o1")
        assert not unit.outbox.put_back("o1")

    assert look(store).tries == 0
    assert claim(store, "b") == ["o1"]


def test_sent_mail_is_counted_in_all_and_by_address_from_the_very_moment_on(store: Store) -> None:
    put(store, examples.outgoing("o1"), examples.outgoing("o2", recipient="siro@council.example"))
    claim(store)
    with store.unit() as unit:
        before = unit.outbox.sent_since(FRIDAY)
        unit.outbox.record("o1", ACCEPTED, FRIDAY, None)
        unit.outbox.record("o2", ACCEPTED, FRIDAY + HOUR, None)

    with store.reading() as unit:
        assert before == 0
        assert unit.outbox.sent_since(FRIDAY) == 2
        assert unit.outbox.sent_since(FRIDAY + TICK) == 1
        assert unit.outbox.sent_to_since("SIRO@council.example", FRIDAY) == 1
        assert unit.outbox.sent_to_since("dpo@council.example", FRIDAY + TICK) == 0


def test_a_mail_is_found_by_its_message_id_once_frozen(store: Store) -> None:
    put(store, examples.outgoing())
    with store.unit() as unit:
        before = unit.outbox.by_message_id(examples.frozen().message_id)
        unit.outbox.freeze("o1", examples.frozen(), FRIDAY)

    with store.reading() as unit:
        found = unit.outbox.by_message_id("o1.k7f3q2@council.example")
        assert before is None
        assert found
        assert found.email.id == "o1"
        assert unit.outbox.by_message_id("<a.stranger@elsewhere.example>") is None


def test_mail_is_listed_by_state_newest_first_and_by_incident_in_order(store: Store) -> None:
    with store.unit() as unit:
        unit.incidents.add(examples.incident())
        for number in (1, 2, 3):
            unit.outbox.add(examples.outgoing(f"o{number}", incident_id="i1" if number != 2 else None))
        unit.outbox.hold("o3", "why not")

    with store.reading() as unit:
        assert [row.email.id for row in unit.outbox.list()] == ["o3", "o2", "o1"]
        assert [row.email.id for row in unit.outbox.list(OutboxState.WAITING, limit=1)] == ["o2"]
        assert [row.email.id for row in unit.outbox.of_incident("i1")] == ["o1", "o3"]
        counts = unit.outbox.counts()
        assert (counts[OutboxState.WAITING], counts[OutboxState.HELD], counts[OutboxState.SENT]) == (2, 1, 0)


def test_the_longest_waiting_is_the_one_that_could_have_left_first(store: Store) -> None:
    with store.unit() as unit:
        nothing = unit.outbox.oldest_waiting()
        unit.outbox.add(examples.outgoing("o1", not_before=FRIDAY + HOUR))
        unit.outbox.add(examples.outgoing("o2", created_at=FRIDAY + 2 * HOUR))

    with store.reading() as unit:
        assert nothing is None
        assert unit.outbox.oldest_waiting() == FRIDAY + HOUR


def test_a_persons_thread_begins_with_their_first_mail_about_the_incident(store: Store) -> None:
    with store.unit() as unit:
        unit.incidents.add(examples.incident())
        for number in (1, 2):
            unit.outbox.add(examples.outgoing(f"o{number}", incident_id="i1"))
            unit.outbox.freeze(f"o{number}", examples.frozen(f"o{number}"), FRIDAY)
        unit.outbox.add(examples.outgoing("o3", incident_id="i1", recipient="siro@council.example"))

    with store.reading() as unit:
        about = unit.outbox.threads("i1", ["DPO@council.example", "siro@council.example"])
        assert about == {"dpo@council.example": examples.frozen("o1").message_id}
        assert unit.outbox.threads("i1", []) == {}
