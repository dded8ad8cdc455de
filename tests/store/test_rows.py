"""Every incident comes back equal from its rows, through both engines."""

import string
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from mailbot.incident import Discharge, Duty, FieldValue, Incident, Original, Rating, Reporter, SentStep
from mailbot.store import Store
from mailbot.store.cipher import Cipher
from mailbot.store.rows import by_incident, from_rows, to_rows
from mailbot.terms import Queue, Reference, Role, Severity, Stage
from tests.store.conftest import KEYS

CIPHER = Cipher(KEYS)

TEXT = st.text(max_size=8)
TEXTS = st.lists(TEXT, max_size=3).map(tuple)
WORD = st.text(string.ascii_lowercase, min_size=1, max_size=6)
MOMENT = st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone
MAYBE_MOMENT = st.none() | MOMENT
STEPS = st.lists(
    st.builds(
        SentStep,
        plan_version=st.integers(1, 9),
        step=WORD,
        occurrence=st.integers(0, 9),
        recipient=WORD,
        at=MOMENT,
        late=st.booleans(),
        role=st.none() | st.sampled_from(Role),
    ),
    max_size=3,
    unique_by=lambda one: (one.plan_version, one.step, one.occurrence, one.recipient),
).map(tuple)
DISCHARGES = st.builds(Discharge, at=MOMENT, by=TEXT, how=TEXT, reason=TEXT, met=st.none() | st.booleans())
DUTIES = st.builds(
    Duty,
    id=WORD,
    kind=WORD,
    para=WORD,
    holder=st.sampled_from(Role),
    person=st.none() | TEXT,
    anchored_at=MOMENT,
    started_at=MOMENT,
    due_at=MAYBE_MOMENT,
    plan_version=st.integers(1, 9),
    next_step_at=MAYBE_MOMENT,
    sent=STEPS,
    discharged=st.none() | DISCHARGES,
)
RATINGS = st.builds(
    Rating, severity=st.sampled_from(Severity), at=MOMENT, by=TEXT, provisional=st.booleans(), reasons=TEXTS
)
INCIDENTS = st.builds(
    Incident,
    id=WORD,
    reference=WORD.map(Reference),
    version=st.integers(1, 1000),
    queue=st.sampled_from(Queue),
    also_tell=st.lists(st.sampled_from(Queue), max_size=2).map(tuple),
    queue_reasons=TEXTS,
    ratings=st.lists(RATINGS, min_size=1, max_size=3).map(tuple),
    stage=st.sampled_from(Stage),
    received_at=MOMENT,
    discovered_at=MAYBE_MOMENT,
    occurred_at=MAYBE_MOMENT,
    aware_at=MOMENT,
    reporter=st.builds(Reporter, address=TEXT, name=TEXT, outside=st.booleans(), proven=st.booleans()),
    group=st.none() | TEXT,
    personal_data=st.none() | st.booleans(),
    safety=TEXTS,
    facts=st.dictionaries(
        WORD, st.builds(FieldValue, value=TEXT, raw=TEXT, source=TEXT, confidence=st.floats(0, 1)), max_size=3
    ),
    originals=st.lists(
        st.builds(Original, mailbox=TEXT, folder=TEXT, uid=st.integers(1), sender=TEXT, received_at=MOMENT), max_size=2
    ).map(tuple),
    duties=st.lists(DUTIES, max_size=4, unique_by=lambda one: one.id).map(tuple),
    closed_at=MAYBE_MOMENT,
)


@given(st.lists(INCIDENTS, max_size=3, unique_by=lambda one: one.id))
def test_every_incident_comes_back_equal_from_its_rows(incidents: list[Incident]) -> None:
    # Duties of different incidents may not share an id: the database would refuse that too.
    kept = [one.but(duties=tuple(d.but(id=one.id + "-" + d.id) for d in one.duties)) for one in incidents]
    rows = [to_rows(one, CIPHER) for one in kept]
    mixed = by_incident(
        [one.incident for one in rows],
        [duty for one in reversed(rows) for duty in one.duties],
        [step for one in reversed(rows) for step in one.steps],
    )

    assert [from_rows(one, CIPHER) for one in mixed] == kept


def test_incidents_come_back_equal_through_both_engines(store: Store) -> None:
    number = iter(range(1_000_000))

    @settings(max_examples=15, deadline=None)
    @given(INCIDENTS)
    def round_trip(drawn: Incident) -> None:
        id_ = f"i{next(number)}"
        kept = drawn.but(id=id_, reference=id_, duties=tuple(d.but(id=f"{id_}-{d.id}") for d in drawn.duties))
        with store.unit() as unit:
            unit.incidents.add(kept)
        with store.reading() as unit:
            assert unit.incidents.get(id_) == kept
            assert unit.incidents.by_reference(id_) == kept

    round_trip()
