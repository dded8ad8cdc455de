"""A year in small: nothing forgotten, nothing said twice, the same again for the same seed, and files that say so too."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from mailbot.rehearsal import Plan, rehearse
from mailbot.rehearsal.kept import DUTIES, MAILS
from mailbot.rehearsal.plan import draw_outages
from mailbot.rehearsal.summary import opening, tables
from mailbot.settings import Settings
from tests.rehearsal.conftest import CHRISTMAS, Rehearsed

pytestmark = pytest.mark.timeout(600)  # whoever tests first waits for the rehearsal that all of them look at


def duties(rehearsed: Rehearsed) -> Iterator[dict[str, Any]]:
    return map(json.loads, (rehearsed.folder / DUTIES).read_text("utf-8").splitlines())


def test_nothing_is_forgotten_and_nothing_said_twice_over_christmas(rehearsed: Rehearsed) -> None:
    totals = rehearsed.outcome.totals

    assert rehearsed.outcome.faults == ()
    assert (totals.forgotten, totals.doubled) == (0, 0)
    assert totals.incidents == CHRISTMAS.incidents
    assert totals.mails > totals.duties > totals.incidents


def test_every_duty_is_done_at_its_end_or_still_asked_for(rehearsed: Rehearsed) -> None:
    totals = rehearsed.outcome.totals

    assert totals.duties == totals.discharged + totals.escalated_to_end + totals.open
    assert totals.discharged > 0


def test_nothing_is_forgotten_when_the_clocks_go_forward(shipped: Settings) -> None:
    plan = Plan(incidents=1, days=6, seed=5, begins=datetime(2027, 3, 25, tzinfo=UTC))

    outcome = rehearse(shipped, plan)

    assert outcome.faults == ()
    assert outcome.totals.incidents == 1


def test_the_same_seed_gives_the_same_year(shipped: Settings) -> None:
    plan = Plan(incidents=1, days=4, seed=9, begins=datetime(2026, 10, 23, tzinfo=UTC))

    first, second = (rehearse(shipped, plan) for _ in range(2))

    assert first.totals.model_dump(exclude={"seconds"}) == second.totals.model_dump(exclude={"seconds"})
    assert (first.weekly, first.kinds, first.to_the_end) == (second.weekly, second.kinds, second.to_the_end)


def test_the_kept_files_agree_with_the_totals(rehearsed: Rehearsed) -> None:
    totals, kept = rehearsed.outcome.totals, list(duties(rehearsed))

    assert len(kept) == totals.duties
    assert len({one["incident"] for one in kept}) == totals.incidents
    assert sum(one["discharged"] is not None for one in kept) == totals.discharged
    assert len(list((rehearsed.folder / MAILS).iterdir())) == totals.mails


def test_every_step_that_was_sent_points_to_a_kept_mail_of_its_reader(rehearsed: Rehearsed) -> None:
    mails = {}
    for path in (rehearsed.folder / MAILS).iterdir():
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        mails[mail["Message-ID"]] = mail["To"].addresses[0].addr_spec
    steps = [step for duty in duties(rehearsed) for step in duty["steps"] if step["message_id"]]

    assert len(steps) > CHRISTMAS.incidents
    assert all(mails[step["message_id"]] == step["recipient"] for step in steps)


def test_no_step_leaves_at_christmas_unless_it_may_leave_at_any_hour(rehearsed: Rehearsed, shipped: Settings) -> None:
    office = {
        (rule.kind, step.name)
        for rule in shipped.procedure.duties
        for step in rule.steps
        if rule.hours_of(step).value == "office" and rule.limit is None
    }
    sent = [
        (duty["duty"], step["step"], step["decided"][:10])
        for duty in duties(rehearsed)
        for step in duty["steps"]
        if (duty["duty"], step["step"]) in office
    ]

    assert sent
    assert not [one for one in sent if one[2] in {"2026-12-25", "2026-12-28", "2027-01-01"}]


def test_people_read_what_would_have_happened(rehearsed: Rehearsed) -> None:
    said = opening(rehearsed.outcome, CHRISTMAS)
    busiest, kinds, _ = tables(rehearsed.outcome, CHRISTMAS)

    assert "2 incidents in 14 days" in said
    assert "Forgotten: 0. Said twice: 0." in said
    mails = [int(row[1]) for row in busiest.rows]
    assert 1 < len(mails) <= 10
    assert mails == sorted(mails, reverse=True)
    assert [row[0] for row in kinds.rows] == sorted(row[0] for row in kinds.rows)


def test_two_stores_side_by_side_give_one_outcome(
    shipped: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mailbot.rehearsal.parts.ENOUGH_FOR_TWO", 2)
    plan = Plan(incidents=2, days=3, seed=4, begins=datetime(2026, 11, 9, tzinfo=UTC))

    outcome = rehearse(shipped, plan, keep=tmp_path)

    kept = [
        json.loads(line) for part in (1, 2) for line in (tmp_path / f"part-{part}" / DUTIES).read_text().splitlines()
    ]
    assert outcome.faults == ()
    assert {one["incident"] for one in kept} == {"DB2026001", "DB2026002"}
    assert outcome.totals.duties == len(kept)


@pytest.mark.parametrize("parts", [1, 2, 3])
def test_a_year_dealt_out_over_stores_has_all_its_incidents_under_numbers_of_their_own(parts: int) -> None:
    plan = CHRISTMAS.but(incidents=101)
    dealt = plan.parted(parts)

    numbers = [number for one in dealt for number in range(one.first, one.first + one.incidents)]
    assert numbers == list(range(1, 102))
    assert {draw_outages(one) for one in dealt} == {draw_outages(plan)}
