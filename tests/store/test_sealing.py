"""What lies in the database: nothing personal in clear, and everything opened by a new key after resealing."""

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr
from sqlalchemy import LargeBinary, inspect

from mailbot.errors import StoreError
from mailbot.incident import Discharge, Incident, Original, Reporter
from mailbot.intake.email import Address
from mailbot.mail import Delivery, FrozenEmail, Outcome
from mailbot.store import LedgerOutcome, Store, Unit, tables
from mailbot.store.reseal import SEALED
from tests.store import examples
from tests.store.conftest import KEYS
from tests.store.examples import FRIDAY, HOUR

Connect = Callable[..., Store]

MARK = "zebra"
"""Part of every personal text that the tests below store."""


def personal_incident() -> Incident:
    told = examples.step(recipient=f"told.{MARK}@council.example")
    ended = Discharge(at=FRIDAY, by=f"{MARK}@council.example", how=f"said {MARK}", reason=f"because {MARK}", met=True)
    return examples.incident(
        reporter=Reporter(address=f"{MARK}@council.example", name=f"Asha {MARK}"),
        facts={"description": examples.fact(f"A letter about {MARK}")},
        group=f"Group {MARK}",
        line_manager=f"manager.{MARK}@council.example",
        doubts=(f"is it {MARK}?",),
        originals=(Original(mailbox="ig", folder="INBOX", uid=1, sender=f"{MARK}@x.example", received_at=FRIDAY),),
        duties=(examples.duty(person=f"person.{MARK}@council.example", sent=(told,), discharged=ended),),
    )


def store_personal_things(unit: Unit) -> None:
    unit.incidents.add(personal_incident())
    reading = examples.reading(
        sender=Address(address=f"{MARK}@council.example", name=MARK),
        subject=f"Urgent Data Incident {MARK}",
        message_id=f"<{MARK}@council.example>",
        digest=MARK,
        text=f"Dear {MARK}",
    )
    unit.emails.add("e1", examples.raw(content=b"Subject: zebra\r\n\r\nzebra zebra zebra\r\n"), reading, "i1")
    unit.ledger.put(examples.entry(1, incident_id="i1", email_id="e1", because=f"title {MARK}"))
    unit.ledger.put(examples.entry(2, LedgerOutcome.NOT_OURS, because=f"speaks of {MARK}"))
    unit.ledger.put(examples.entry(3, LedgerOutcome.KEPT, retry_at=FRIDAY))
    unit.kept.put(examples.raw(3, f"Subject: {MARK}".encode()))
    to = {"recipient": f"{MARK}@council.example", "recipient_name": MARK, "values": {"name": MARK}, "thread": MARK}
    for number in (1, 2):
        unit.outbox.add(examples.outgoing(f"o{number}", incident_id="i1", **to))
    message_id = f"<{MARK}.token@council.example>"
    content = f"To: {MARK}".encode()
    frozen = FrozenEmail(message_id=message_id, envelope_from=MARK, recipient=MARK, content=content)
    unit.outbox.freeze("o1", frozen, FRIDAY)
    unit.outbox.claim(FRIDAY, "bot", 1, HOUR)
    unit.outbox.record("o1", Delivery(outcome=Outcome.PERMANENT, code=550, text=f"no {MARK}"), FRIDAY, None)
    unit.outbox.withdraw("o2", f"not wanted by {MARK}", FRIDAY)
    unit.audit.append("i1", [examples.audit_entry(by=MARK, details={MARK: MARK})])


def test_no_personal_text_stands_in_the_files_of_the_database(tmp_path: Path, connect: Connect) -> None:
    store = connect(f"sqlite:///{tmp_path}/store.sqlite")
    store.migrate()
    with store.unit() as unit:
        store_personal_things(unit)
        unit.marks.put("visible", "giraffe", FRIDAY)

    files = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"giraffe" in files
    assert MARK.encode() not in files.lower()


def test_everything_opens_with_the_new_key_alone_when_it_was_resealed(url: str, connect: Connect) -> None:
    new = SecretStr(Fernet.generate_key().decode())
    with connect(url, KEYS).unit() as unit:
        store_personal_things(unit)
    rows = sum(connect(url, KEYS.but(seal=(new, *KEYS.seal))).reseal())

    with connect(url, KEYS.but(seal=(new,))).reading() as unit:
        assert unit.incidents.get("i1") == personal_incident()
        assert unit.emails.of_incident("i1")[0].reading.email.text == f"Dear {MARK}"
        assert MARK.encode() in unit.emails.raw("e1")
        assert unit.kept.get(examples.key(3)) == examples.raw(3, f"Subject: {MARK}".encode())
        assert unit.ledger.since(FRIDAY, {LedgerOutcome.NOT_OURS})[0].because == f"speaks of {MARK}"
        assert [row.email.recipient_name for row in unit.outbox.list()] == [MARK, MARK]
        assert unit.audit.of_incident("i1")[0].by == MARK
        assert unit.audit.verify() == ()
    assert rows == 10
    with pytest.raises(StoreError, match="MAILBOT_KEYS"), connect(url, KEYS).reading() as unit:
        unit.incidents.get("i1")


@pytest.mark.parametrize("moment", range(4))
def test_a_kept_mail_that_is_taken_in_while_all_is_resealed_opens_with_the_new_key_alone(
    url: str, connect: Connect, moment: int
) -> None:
    new = SecretStr(Fernet.generate_key().decode())
    with connect(url, KEYS).unit() as unit:
        unit.incidents.add(examples.incident())
        unit.emails.add("e5", examples.raw(5), examples.reading(), None)
        unit.ledger.put(examples.entry(1, LedgerOutcome.KEPT, retry_at=FRIDAY))
        unit.kept.put(examples.raw(1))
    both = connect(url, KEYS.but(seal=(new, *KEYS.seal)))

    for number, _ in enumerate(both.reseal()):
        if number == moment:
            with both.unit() as unit:
                unit.emails.add("e1", examples.raw(1), examples.reading(), None)

    with connect(url, KEYS.but(seal=(new,))).reading() as unit:
        assert unit.emails.raw("e1") == examples.raw(1).content


def test_resealing_knows_every_sealed_column_of_the_tables() -> None:
    salts = {("audit_payload", "salt")}
    binary = {
        (table.name, column.name)
        for table in tables.Table.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }

    assert {(inspect(row).local_table.name, name) for row, names in SEALED for name in names} == binary - salts
