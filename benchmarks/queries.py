"""The queries behind digest and due duties, with the same number of open incidents among more and more closed ones.

    python -m benchmarks.queries [--sizes 1000 100000]

They must not grow with what is closed. The rows are written directly: those of one incident, again and again under
other numbers, all but a hundred of them closed.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from itertools import islice
from pathlib import Path
from statistics import median

from sqlalchemy import Connection, insert

from benchmarks.stand import main, table
from mailbot.app import App, build
from mailbot.examples import AT, example_incident
from mailbot.incident import Incident
from mailbot.jobs.digests import send_digests
from mailbot.procedure.repeats import MOST_COUNTED
from mailbot.store.rows import IncidentRows, to_rows
from mailbot.store.tables import DutyRow, DutyStepRow, IncidentRow, TraitRow
from mailbot.store.unit import Unit
from mailbot.terms import make_reference
from mailbot.testing import FixedClock
from tests.house import council_settings

OPEN = 100
ROUNDS = 7
BATCH = 2000
FIRST_YEAR = 1000
FIRST_RECEIVED = AT - timedelta(days=1000)
NOW = AT + timedelta(hours=70)
SOON = NOW + timedelta(hours=12)
TRAITS = ("type", "team", "team, type", "involved", "reporter")
"""What all incidents have in common here: nowhere can there be more to find."""


def measure() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 100_000], help="incidents in all (1000 100000)")
    sizes = parser.parse_args().sizes
    found = [one_size(size) for size in sizes]
    headings = ("", *(f"{size:,} incidents" for size in sizes), "last to first")
    rows = [
        (name, *(f"{one[name] * 1000:.2f} ms" for one in found), f"{found[-1][name] / found[0][name]:.2f}")
        for name in found[0]
    ]
    table(f"Queries with {OPEN} incidents open", headings, rows)


def one_size(size: int) -> dict[str, float]:
    """Seconds of each query, the median of some rounds."""
    with tempfile.TemporaryDirectory(prefix="mailbot-bench-") as folder:
        app = build(council_settings(Path(folder)), FixedClock(NOW))
        try:
            app.store.migrate()
            write_rows(app, size)
            asked = {name: middle(app, question) for name, question in QUESTIONS.items()}
            return asked | {
                "the whole digest, written": median(timed(lambda: send_digests(app, force=True)) for _ in range(3))
            }
        finally:
            app.close()


QUESTIONS: dict[str, Callable[[Unit], object]] = {
    "incidents with a step due": lambda unit: unit.incidents.due(NOW),
    "duties due before the next digest": lambda unit: unit.incidents.duties_due(NOW, SOON),
    "open incidents, whole": lambda unit: unit.incidents.open(),
    "the newest hundred": lambda unit: unit.incidents.list(),
    "one by its reference": lambda unit: unit.incidents.by_reference(make_reference("DB", FIRST_YEAR, 1)),
    "how many are open": lambda unit: unit.incidents.count_open(),
    "what went before one (para 54)": lambda unit: unit.traits.find(TRAITS, FIRST_RECEIVED, NOW, MOST_COUNTED),
}


def middle(app: App, question: Callable[[Unit], object]) -> float:
    with app.store.reading() as unit:
        return median(timed(lambda: question(unit)) for _ in range(ROUNDS))


def timed(ask: Callable[[], object]) -> float:
    begun = time.perf_counter()
    ask()
    return time.perf_counter() - begun


def write_rows(app: App, size: int) -> None:
    """So many incidents, of which the last hundred are open."""
    incident = example_incident(app.settings)
    closed = ended(incident)
    unread = as_rows(app, closed, 0)  # nobody opens what is sealed in these, so the seal of one does for all
    numbers = iter(range(size))
    with app.store.unit() as unit:
        connection = unit.incidents._connection  # noqa: SLF001 -- the store has no words for what no bot ever does
        while batch := list(islice(numbers, BATCH)):
            opened = {number: incident for number in batch if number >= size - OPEN}
            read = opened | ({0: closed} if 0 in batch else {})
            write(
                connection,
                [(number, as_rows(app, read[number], number) if number in read else unread) for number in batch],
            )
            connection.execute(insert(TraitRow), [one for number in batch for one in trait_fields(app, number)])


def as_rows(app: App, incident: Incident, number: int) -> IncidentRows:
    duties = tuple(duty.but(id=own(duty.id, number)) for duty in incident.duties)
    return to_rows(incident.but(duties=duties), app.store._cipher)  # noqa: SLF001


def trait_fields(app: App, number: int) -> Iterator[dict[str, object]]:
    for trait in TRAITS:
        fingerprint = app.store._cipher.index("trait", trait)  # noqa: SLF001
        yield place_of(number) | {"fingerprint": fingerprint}


def place_of(number: int) -> dict[str, object]:
    year, counted = divmod(number, 999)
    reference = make_reference("DB", FIRST_YEAR + year, counted + 1)
    return {"reference": reference, "received_at": FIRST_RECEIVED + timedelta(minutes=number)}


def ended(incident: Incident) -> Incident:
    """The same incident long closed, every duty discharged."""
    done = {"at": AT, "by": "mailbot", "how": "done", "reason": "", "met": True}
    fields = incident.model_dump()
    for duty in fields["duties"]:
        duty |= {"discharged": done, "next_step_at": None}
    return Incident.model_validate(fields | {"closed_at": AT})


def write(connection: Connection, numbered: Sequence[tuple[int, IncidentRows]]) -> None:
    for row, fields in (
        (IncidentRow, incident_fields),
        (DutyRow, duty_fields),
        (DutyStepRow, step_fields),
    ):
        values = [one for number, rows in numbered for one in fields(number, rows)]
        if values:
            connection.execute(insert(row), values)


def incident_fields(number: int, rows: IncidentRows) -> Iterator[dict[str, object]]:
    yield rows.incident | place_of(number) | {"id": f"{number:032x}"}


def duty_fields(number: int, rows: IncidentRows) -> Iterator[dict[str, object]]:
    for duty in rows.duties:
        yield duty | {"id": own(duty["id"], number), "incident_id": f"{number:032x}"}


def step_fields(number: int, rows: IncidentRows) -> Iterator[dict[str, object]]:
    for step in rows.steps:
        yield step | {"duty_id": own(step["duty_id"], number)}


def own(duty_id: str, number: int) -> str:
    return f"{number:08x}{duty_id[8:]}"


if __name__ == "__main__":
    main(measure)
