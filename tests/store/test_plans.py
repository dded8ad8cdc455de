"""The queries behind due duties, digest and sending: by index, so that they do not grow with what is finished."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from mailbot.store import LedgerOutcome, Store, Unit
from mailbot.store.engine import make_engine, read_url
from mailbot.terms import Reference
from tests.store import examples
from tests.store.examples import FRIDAY, HOUR

Connect = Callable[..., Store]

QUERIES: list[tuple[Callable[[Unit], object], str]] = [
    (lambda unit: unit.incidents.due(FRIDAY, 10), "ix_incident_due"),
    (lambda unit: unit.incidents.duties_due(FRIDAY, FRIDAY + HOUR), "ix_duty_open"),
    (lambda unit: unit.incidents.open(), "ix_incident_open"),
    (lambda unit: unit.incidents.count_open(), "ix_incident_open"),
    (lambda unit: unit.incidents.list(), "ix_incident_received"),
    (lambda unit: unit.incidents.by_reference("DB2026001"), "reference=?"),
    (lambda unit: unit.outbox.claim(FRIDAY, "a", 10, HOUR), "ix_outbox_ready"),
    (lambda unit: unit.outbox.oldest_waiting(), "ix_outbox_ready"),
    (lambda unit: unit.gathered.several_wait(FRIDAY, ("reminder",)), "ix_outbox_state|ix_outbox_ready"),
    (lambda unit: unit.gathered.members("d1"), "ix_outbox_gathered"),
    (lambda unit: unit.gathered.by_name(Reference("DIGEST0000000001")), "ix_outbox_digest"),
    (lambda unit: unit.gathered.incidents_open_with("dpo@council.example"), "ix_duty_open"),
    (lambda unit: unit.outbox.sent_since(FRIDAY), "ix_outbox_sent"),
    (lambda unit: unit.outbox.sent_to_since("dpo@council.example", FRIDAY), "ix_outbox_recipient"),
    (lambda unit: unit.outbox.by_message_id("<one@council.example>"), "message_id_index=?"),
    (lambda unit: unit.outbox.of_incident("i1"), "ix_outbox_incident_id"),
    (lambda unit: unit.ledger.retries_due("ig", FRIDAY), "ix_ledger_retry"),
    (lambda unit: unit.kept.due("ig", FRIDAY), "ix_ledger_retry"),
    (lambda unit: unit.kept.get(examples.key()), "sqlite_autoindex_kept"),
    (lambda unit: unit.ledger.unfiled("ig"), "ix_ledger_unfiled"),
    (lambda unit: unit.ledger.waiting(), "ix_ledger_outcome"),
    (lambda unit: unit.ledger.since(FRIDAY, {LedgerOutcome.NOT_OURS}), "ix_ledger_outcome"),
    (lambda unit: unit.ledger.stuck(FRIDAY), "ix_ledger_outcome"),
    (lambda unit: unit.emails.incident_of_digest("one"), "ix_email_digest_index"),
    (lambda unit: unit.emails.incident_of_message_id("<one@council.example>"), "ix_email_message_id_index"),
    (lambda unit: unit.emails.of_message_id("<two@council.example>"), "ix_email_message_id_index"),
    (lambda unit: unit.emails.first_of_each(("i1", "i2")), "ix_email_incident_id"),
    (lambda unit: unit.traits.find(("one", "two"), FRIDAY, FRIDAY + HOUR, 5), "sqlite_autoindex_trait"),
    (lambda unit: unit.traits.keep(Reference("DB2026001"), FRIDAY, ()), "ix_trait_reference"),
    (lambda unit: unit.incidents.named("i1"), "id=?"),
    (lambda unit: unit.likenesses.find(("one", "two"), FRIDAY, 5), "sqlite_autoindex_likeness"),
    (lambda unit: unit.emails.from_sender_since("dpo@council.example", FRIDAY), "ix_email_sender"),
    (lambda unit: unit.emails.of_incident("i1"), "ix_email_incident_id"),
    (lambda unit: unit.audit.of_incident("i1"), "uq_audit|sqlite_autoindex_audit"),
    (lambda unit: unit.audit.seal(FRIDAY + timedelta(days=1)), "ix_audit_seal_number"),
]


@pytest.mark.parametrize(("query", "index"), QUERIES, ids=[index for _, index in QUERIES])
def test_a_query_goes_by_its_index(
    tmp_path: Path, sqlite_template: Path, connect: Connect, query: Callable[[Unit], object], index: str
) -> None:
    path = tmp_path / "store.sqlite"
    path.write_bytes(sqlite_template.read_bytes())
    said: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_rest: object) -> None:
        said.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    with connect(f"sqlite:///{path}").unit() as unit:
        query(unit)
    event.remove(Engine, "before_cursor_execute", note)

    plans = _plans(f"sqlite:///{path}", [one for one in said if one[0].startswith(("SELECT", "UPDATE"))])
    assert any(one in plans for one in index.split("|")), plans


def _plans(url: str, statements: list[tuple[str, Any]]) -> str:
    with make_engine(read_url(url), migrating=True).connect() as connection:
        return "\n".join(
            str(row)
            for statement, parameters in statements
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        )
