"""The outcome of a rehearsal in words: what would have happened, for people who know the council and not the bot."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mailbot.notify.words import counted
from mailbot.rehearsal.outcome import Outcome
from mailbot.rehearsal.plan import Plan

BUSIEST = 10
MOST_NAMED = 20


class Table(NamedTuple):
    """A table with its title; ``empty`` is said where it has no rows."""

    title: str
    headings: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    empty: str


def opening(outcome: Outcome, plan: Plan) -> str:
    """The whole in a few sentences."""
    totals = outcome.totals
    done = f"of {totals.duties:,} duties {totals.discharged:,} were done"
    return (
        f"{counted(totals.incidents, 'incident')} in {counted(plan.days, 'day')}: {done}, "
        f"{totals.escalated_to_end} were asked for to the end without an answer, {totals.open} are still being asked for. "
        f"{counted(totals.mails, 'mail')} left. {counted(totals.late_after_outage, 'reminder')} left late after an outage, "
        f"and said so. Forgotten: {totals.forgotten}. Said twice: {totals.doubled}."
    )


def tables(outcome: Outcome, plan: Plan) -> tuple[Table, ...]:
    """Mails for each of the busiest readers, duties by kind, and what was asked for to the end."""
    return (
        Table(
            "Who got most mail", ("Reader", "Mails", "A week", "Busiest week"), _readers(outcome, plan), "No mail left."
        ),
        Table(
            "Duties by kind", ("Duty", "Duties", "In time", "Too late", "Never"), _kinds(outcome), "There were none."
        ),
        Table(
            "Nobody answered to the end",
            ("Incident", "Duty"),
            list(_ends(outcome)),
            "Everything was answered or still is asked for.",
        ),
    )


def _readers(outcome: Outcome, plan: Plan) -> list[tuple[str, ...]]:
    totals = {reader: sum(weeks.values()) for reader, weeks in outcome.weekly.items()}
    busiest = sorted(totals, key=lambda reader: (-totals[reader], reader))[:BUSIEST]
    weeks = max(plan.days / 7, 1)
    return [
        (reader, str(totals[reader]), f"{totals[reader] / weeks:.1f}", str(max(outcome.weekly[reader].values())))
        for reader in busiest
    ]


def _kinds(outcome: Outcome) -> list[tuple[str, ...]]:
    return [
        (kind.replace("_", " "), str(one.duties), str(one.met), str(one.missed), str(one.to_the_end))
        for kind, one in outcome.kinds.items()
    ]


def _ends(outcome: Outcome) -> Iterator[tuple[str, ...]]:
    for label in outcome.to_the_end[:MOST_NAMED]:
        incident, _, kind = label.partition(" ")
        yield incident, kind.replace("_", " ")
    if len(outcome.to_the_end) > MOST_NAMED:
        yield "…", f"and {len(outcome.to_the_end) - MOST_NAMED} more"
