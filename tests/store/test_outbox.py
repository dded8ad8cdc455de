"""The outbox: the order of leaving, claims by lease, the same bytes at every try, every way a mail can end."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from mailbot.errors import StoreError
from mailbot.mail import Delivery, Outcome
from mailbot.notify.email import OutgoingEmail
from mailbot.procedure.decision import Priority
from mailbot.store import OutboxRow, OutboxState, Store, Unit
from tests.store import examples
from tests.store.examples import FRIDAY, HOUR
from tests.store.together import run_each

Connect = Callable[..., Store]

LEASE = timedelta(minutes=10)
TICK = timedelta(microseconds=1)
ACCEPTED = Delivery(outcome=Outcome.ACCEPTED, code=250, text="queued")
LATER = Delivery(outcome=Outcome.TEMPORARY, code=451, text="try later, dpo@council.example")
NEVER = Delivery(outcome=Outcome.PERMANENT, code=550, text="no such user")


def put(store: Store, *emails: OutgoingEmail) -> None:
    with store.unit() as unit:
        for email in emails:
            unit.outbox.add(email)


def claim(store: Store, holder: str = "a", limit: int = 10, at: timedelta = timedelta()) -> list[str]:
    with store.unit() as unit:
        return [row.email.id for row in unit.outbox.claim(FRIDAY + at, holder, limit, LEASE)]


def look(store: Store, email_id: str = "o1") -> OutboxRow:
    with store.reading() as unit:
        row = unit.outbox.get(email_id)
    assert row
    return row


def test_a_mail_waits_exactly_as_it_was_put_in(store: Store) -> None:
    email = examples.outgoing(not_before=FRIDAY + HOUR, duty_id="d1", duty_kind="decide_ico", step="24h", thread="<t>")
    put(store, email)

    assert look(store) == OutboxRow(email=email, state=OutboxState.WAITING, ready_at=FRIDAY + HOUR)


def test_urgent_mail_leaves_first_and_otherwise_the_first_put_in(store: Store) -> None:
    put(
        store,
        examples.outgoing("o1", priority=Priority.DIGEST),
        examples.outgoing("o2"),
        examples.outgoing("o3"),
        examples.outgoing("o4", priority=Priority.URGENT),
    )

    assert claim(store, limit=3) == ["o4", "o2", "o3"]
    assert claim(store) == ["o1"]


def test_a_mail_cannot_be_claimed_before_its_time(store: Store) -> None:
    put(store, examples.outgoing(not_before=FRIDAY + HOUR))

    assert claim(store, at=HOUR - TICK) == []
    assert claim(store, at=HOUR) == ["o1"]


def test_a_claimed_mail_is_nobody_elses_until_its_lease_has_run_out(store: Store) -> None:
    put(store, examples.outgoing())
    first = claim(store, "a")

    assert first == ["o1"]
    assert claim(store, "b", at=LEASE - TICK) == []
    assert claim(store, "b", at=LEASE) == ["o1"]
    assert look(store).claimed_by == "b"
    assert look(store).tries == 2


def test_each_mail_is_claimed_once_when_several_bots_claim_at_the_same_time(url: str, connect: Connect) -> None:
    stores = [connect(url) for _ in range(4)]
    put(stores[0], *(examples.outgoing(f"o{number}") for number in range(40)))
    claimed: list[str] = []

    def claim_all(store: Store) -> None:
        while some := claim(store, f"bot {stores.index(store)}", limit=3):
            claimed.extend(some)

    run_each(claim_all, stores)

    assert sorted(claimed) == sorted(f"o{number}" for number in range(40))


def test_the_claim_is_undone_when_its_unit_is(store: Store) -> None:
    put(store, examples.outgoing())
    with store.reading() as unit:
        assert unit.outbox.counts()[OutboxState.WAITING] == 1
    with pytest.raises(ZeroDivisionError), store.unit() as unit:
        _claim_and_fail(unit)

    assert claim(store) == ["o1"]


def test_the_same_bytes_come_again_when_a_sender_died_after_freezing(store: Store) -> None:
    put(store, examples.outgoing())
    claim(store)
    with store.unit() as unit:
        unit.outbox.freeze("o1", examples.frozen(), FRIDAY)

    with store.unit() as unit:
        (row,) = unit.outbox.claim(FRIDAY + LEASE, "b", 10, LEASE)
    assert row.frozen == examples.frozen()
    assert row.frozen_at == FRIDAY


def test_frozen_bytes_never_change(store: Store) -> None:
    put(store, examples.outgoing())
    with store.unit() as unit:
        unit.outbox.freeze("o1", examples.frozen(), FRIDAY)
        unit.outbox.freeze("o1", examples.frozen(), FRIDAY + HOUR)

    with pytest.raises(StoreError, match="may not change"), store.unit() as unit:
        unit.outbox.freeze("o1", examples.frozen().but(content=b"other"), FRIDAY)
    assert look(store).frozen == examples.frozen()


def test_an_unknown_mail_cannot_be_frozen(store: Store) -> None:
    with pytest.raises(StoreError, match="o404"), store.unit() as unit:
        unit.outbox.freeze("o404", examples.frozen(), FRIDAY)


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
        assert unit.outbox.threads("i1") == {"dpo@council.example": examples.frozen("o1").message_id}


def _claim_and_fail(unit: Unit) -> None:
    assert unit.outbox.claim(FRIDAY, "a", 1, LEASE)
    raise ZeroDivisionError
