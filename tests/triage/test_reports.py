"""How many reports in the words of staff and residents reach the right desk: those the rules were mended by, and those not."""

import tomllib
from collections import defaultdict
from typing import Any

import pytest

from mailbot.terms import Queue
from tests.triage.conftest import ROOT, Sort

HERE = ROOT / "tests" / "triage"


def load(name: str) -> Any:
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))


LINES = load("reports.toml")["lines"]
MENDED_BY = [*load("reports.toml")["reports"], *load("reports_later.toml")["reports"]]
UNSEEN = load("reports_unseen.toml")["reports"]


def shares(reports: list[dict[str, Any]], sort: Sort) -> dict[Queue, float]:
    """Of the reports for each desk, the share that it gets."""
    right: dict[Queue, list[bool]] = defaultdict(list)
    for report in reports:
        desk = Queue(LINES[report["line"]]["queue"])
        right[desk].append(sort(report["text"]).queue is desk)
    return {desk: sum(found) / len(found) for desk, found in right.items()}


def test_every_line_of_both_columns_is_among_the_reports(sort: Sort) -> None:
    for reports, least in ((MENDED_BY, 6), (UNSEEN, 2)):
        lines = [report["line"] for report in reports]
        assert all(lines.count(line) >= least for line in LINES)


def test_the_right_desk_gets_reports_by_which_the_rules_were_mended(sort: Sort) -> None:
    assert min(shares(MENDED_BY, sort).values()) >= 0.95


def test_the_right_desk_gets_most_reports_that_the_rules_have_never_met(sort: Sort) -> None:
    found = shares(UNSEEN, sort)

    assert found[Queue.IG] >= 0.95
    assert found[Queue.IT] >= 0.7


def test_the_right_desk_hears_of_nearly_every_report(sort: Sort) -> None:
    heard = [
        Queue(LINES[report["line"]]["queue"]) in {found.queue, *found.also_tell}
        for report in (*MENDED_BY, *UNSEEN)
        for found in [sort(report["text"])]
    ]

    assert sum(heard) / len(heard) >= 0.98


@pytest.mark.parametrize("expected", [True, False])
def test_the_other_desk_is_told_where_it_has_to_be(expected: bool, sort: Sort) -> None:
    told = [bool(sort(report["text"]).also_tell) is expected for report in MENDED_BY if report.get("also") is expected]

    assert sum(told) / len(told) >= 0.8


def test_the_reason_names_the_line_that_a_report_is_about(sort: Sort, rules: Any) -> None:
    words = {rule.name: rule.words for rule in rules.rules}
    named = [
        any(reason.startswith(words[report["line"]]) for reason in sort(report["text"]).reasons) for report in MENDED_BY
    ]

    assert sum(named) / len(named) >= 0.9
