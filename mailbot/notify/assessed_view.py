"""How a rating, a classification and what went before are shown: to the handling desk, and without quotations to others."""

from mailbot.assessment import GridOutcome
from mailbot.notify.known import Known
from mailbot.terms import Reference, Severity
from mailbot.value import Instant, Value


class FactorView(Value):
    """One factor of a rating with the passage that set it; ``known`` is False where the cautious value stands in."""

    words: Known
    points: float
    source: Known
    quote: str
    known: bool


class ChangeView(Value):
    """An answer that would change the rating."""

    words: Known
    severity: Severity


class GridView(Value):
    """The NHS grid beside the rating."""

    likelihood: int
    impact: int
    outcome: GridOutcome


class AssessmentView(Value):
    """How a rating was worked out. ``axes``: why the two numbers of the grid are what they are."""

    score: float
    factors: tuple[FactorView, ...]
    axes: tuple[FactorView, ...]
    beside: tuple[Known, ...]
    grid: GridView | None
    would_change: tuple[ChangeView, ...]


class ClassifiedView(Value):
    """What the incident is counted under, why the bot thinks so, or who said so."""

    title: Known
    value: Known
    reasons: tuple[str, ...]
    confirmed: bool


class RepeatView(Value):
    """An earlier incident with something in common."""

    reference: Reference
    received_at: Instant
    same: tuple[Known, ...]


class RepeatCountView(Value):
    """How many earlier incidents have one thing in common with this one, and the newest of them."""

    words: Known
    since: Instant
    newest: tuple[Reference, ...]
