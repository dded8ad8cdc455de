"""The provisional severity of para 40: points for what a report says, every point with its reason. People correct it (43)."""

from collections.abc import Collection
from typing import NamedTuple

from mailbot.parse.counts import understand_count
from mailbot.terms import Severity
from mailbot.triage.evidence import Evidence
from mailbot.triage.rules import SeverityRow, SeverityRules


class Provisional(NamedTuple):
    """A rating and its reasons, the weightiest first."""

    severity: Severity
    reasons: tuple[str, ...]


def rate(evidence: Evidence, flags: Collection[str], is_safety: bool, rules: SeverityRules) -> Provisional:  # noqa: FBT001
    """Adds up the rows that fit; what is not known counts as the worse (25: err on the side of caution)."""
    counted = [(row.points, row.words) for row in rules.rows if _fits(row, evidence, flags)]
    counted.append(_number(evidence, rules))
    points = sum(worth for worth, _ in counted)
    reasons = [words for worth, words in sorted(counted, key=lambda one: -abs(one[0])) if worth]
    severity = _band(points, rules)
    if is_safety and not severity.at_least(rules.safety_at_least):
        severity = rules.safety_at_least
    if is_safety:
        reasons.insert(0, "somebody may be in danger")
    return Provisional(severity, tuple(reasons))


def _fits(row: SeverityRow, evidence: Evidence, flags: Collection[str]) -> bool:
    if any(flag in flags for flag in row.unless) or evidence.says(row.unless_phrases):
        return False
    is_bare = not row.phrases and not row.answers and not row.flags
    return is_bare or any(flag in flags for flag in row.flags) or evidence.find(row, evidence.whole) is not None


def _number(evidence: Evidence, rules: SeverityRules) -> tuple[float, str]:
    answer = evidence.answer("subjects") or evidence.answer("records")
    number = understand_count(answer) if answer else None
    if number is None:
        return rules.unknown_number, "the number of people is not known"
    reached = [(points, f"{least:,} people or more") for least, points in rules.numbers if number >= least]
    return max(reached, default=(0.0, ""))


def _band(points: float, rules: SeverityRules) -> Severity:
    bounds = (
        (rules.very_high_from, Severity.VERY_HIGH),
        (rules.high_from, Severity.HIGH),
        (rules.medium_from, Severity.MEDIUM),
    )
    return next((severity for bound, severity in bounds if points >= bound), Severity.LOW)
