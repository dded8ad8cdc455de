"""Received mail: kept byte for byte, found by what it is and who sent it."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailbot.errors import StoreError
from mailbot.intake.email import Address
from mailbot.store import Store
from tests.store import examples
from tests.store.examples import FRIDAY, HOUR

SENDER = "asha.field@council.example"


def test_mail_comes_back_with_its_reading_and_its_exact_bytes(store: Store) -> None:
    content = b"\x00\xff\r\nnot even text\n"
    with store.unit() as unit:
        unit.incidents.add(examples.incident())
        unit.emails.add("e1", examples.raw(content=content), examples.reading(), "i1")

    with store.reading() as unit:
        (found,) = unit.emails.of_incident("i1")
        assert (found.id, found.key, found.received_at) == ("e1", examples.key(), FRIDAY)
        assert found.reading == examples.reading()
        assert found.kind is found.reading.kind
        assert unit.emails.raw("e1") == content


def test_any_bytes_are_kept_exactly(store: Store) -> None:
    number = iter(range(1_000_000))

    @settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.binary(max_size=3000))
    def kept(content: bytes) -> None:
        email_id = f"e{next(number)}"
        with store.unit() as unit:
            unit.emails.add(email_id, examples.raw(content=content), examples.reading(), None)
        with store.reading() as unit:
            assert unit.emails.raw(email_id) == content

    kept()


def test_the_bytes_of_an_unknown_mail_are_an_error_that_names_it(store: Store) -> None:
    with pytest.raises(StoreError, match="e404"), store.reading() as unit:
        unit.emails.raw("e404")


def test_the_first_incident_of_a_digest_or_message_id_is_found(store: Store) -> None:
    later = examples.raw(2).but(received_at=FRIDAY + HOUR)
    with store.unit() as unit:
        unit.incidents.add(examples.incident("i1"))
        unit.incidents.add(examples.incident("i2"))
        unit.emails.add("e0", examples.raw(0).but(received_at=FRIDAY - HOUR), examples.reading(), None)
        unit.emails.add("e2", later, examples.reading(), "i2")
        unit.emails.add("e1", examples.raw(), examples.reading(), "i1")

    with store.reading() as unit:
        assert unit.emails.incident_of_digest("digest-one") == "i1"
        assert unit.emails.incident_of_digest("digest-two") is None
        assert unit.emails.incident_of_message_id("one@council.example") == "i1"
        assert unit.emails.incident_of_message_id("<two@council.example>") is None


def test_the_mailboxes_in_which_the_same_mail_lay_are_named_once_each(store: Store) -> None:
    with store.unit() as unit:
        for number, mailbox in enumerate(("it", "ig", "ig")):
            raw = examples.raw(number).but(key=examples.key(number, mailbox))
            unit.emails.add(f"e{number}", raw, examples.reading(), None)

    with store.reading() as unit:
        assert unit.emails.mailboxes_of_digest("digest-one") == ("ig", "it")
        assert unit.emails.mailboxes_of_digest("digest-two") == ()
        assert unit.emails.mailboxes_of_digest("") == ()


def test_nothing_is_found_by_an_empty_digest_or_message_id(store: Store) -> None:
    with store.unit() as unit:
        unit.incidents.add(examples.incident())
        unit.emails.add("e1", examples.raw(), examples.reading(digest="", message_id=""), "i1")

    with store.reading() as unit:
        assert unit.emails.incident_of_digest("") is None
        assert unit.emails.incident_of_message_id("") is None


def test_mail_is_counted_by_sender_from_the_very_moment_on(store: Store) -> None:
    other = examples.reading(sender=Address(address="rowan.marsh@elsewhere.example"))
    with store.unit() as unit:
        unit.emails.add("e1", examples.raw(1), examples.reading(), None)
        unit.emails.add("e2", examples.raw(2).but(received_at=FRIDAY + HOUR), examples.reading(), None)
        unit.emails.add("e3", examples.raw(3), other, None)

    with store.reading() as unit:
        assert unit.emails.from_sender_since(SENDER.upper(), FRIDAY) == 2
        assert unit.emails.from_sender_since(SENDER, FRIDAY + timedelta(microseconds=1)) == 1
        assert unit.emails.from_sender_since("nobody@elsewhere.example", FRIDAY) == 0


def test_the_mail_that_opened_each_incident_is_found_at_once(store: Store) -> None:
    with store.unit() as unit:
        for incident_id in ("i1", "i2", "i3"):
            unit.incidents.add(examples.incident(incident_id))
        for uid, incident_id, hours in ((1, "i1", 2), (2, "i1", 1), (3, "i2", 3), (4, "i3", 0)):
            raw = examples.raw(uid).but(received_at=FRIDAY + hours * HOUR)
            unit.emails.add(f"e{uid}", raw, examples.reading(), incident_id)

    with store.reading() as unit:
        found = unit.emails.first_of_each(("i1", "i2", "nowhere"))
        assert unit.emails.first_of_each(()) == {}
    assert {incident: email.id for incident, email in found.items()} == {"i1": "e2", "i2": "e3"}
