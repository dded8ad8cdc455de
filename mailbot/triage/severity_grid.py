"""The NHS grid beside the rating: how likely harm is, and how grave it would be. Reportable by its axes, not their product."""

from mailbot.assessment import AXES, Factor, Grid
from mailbot.triage.severity_facts import Facts, Signs
from mailbot.triage.severity_rows import GridRow, GridRules


def grid_of(facts: Facts, signs: Signs, rules: GridRules) -> tuple[Grid | None, tuple[Factor, ...]]:
    """The grid and the reasons for its two axes; nothing where no health or social care data is involved."""
    if not facts.data.level.points or not any(signs.has(name) for name in rules.applies):
        return None, ()
    floor = _floor(facts, signs, rules)
    rows = zip(AXES, (rules.likelihood, rules.impact), strict=True)
    axes = tuple(_raised(_axis(name, axis, facts, signs), floor, rules) for name, axis in rows)
    return Grid(likelihood=int(axes[0].points), impact=int(axes[1].points)), axes


def _axis(name: str, rows: tuple[GridRow, ...], facts: Facts, signs: Signs) -> Factor:
    row, quote = next((row, quote) for row in rows if (quote := _fits(row, facts, signs)) is not None)
    return Factor(
        name=name,
        points=row.points,
        words=row.words,
        source=row.source,
        quote=quote,
        known=row.known,
        field=row.field,
    )


def _fits(row: GridRow, facts: Facts, signs: Signs) -> str | None:
    """The passage for a row that fits, empty where it needs none; None where it does not fit."""
    if row.protected and facts.protection is None:
        return None
    if row.data_from is not None and facts.data.level.points < row.data_from:
        return None
    return signs.quote(row) if not (row.protected or row.data_from is not None) else _unless(row, signs)


def _unless(row: GridRow, signs: Signs) -> str | None:
    return None if any(signs.has(name) for name in row.unless) else ""


def _floor(facts: Facts, signs: Signs, rules: GridRules) -> str | None:
    """Words and the group whose data it is, where the floor holds; None where the data is contained."""
    if facts.protection and facts.protection.contained:
        return None
    return next((row.words for row in rules.floor if signs.quote(row) is not None), None)


def _raised(axis: Factor, floor: str | None, rules: GridRules) -> Factor:
    if floor is None or axis.points >= rules.floor_at:
        return axis
    return axis.but(points=rules.floor_at, words=floor)
