"""How grave an incident is and of which kind, with the reasons: what the bot proposes and people set (paras 39, 40, 43).

``words`` come from the configuration and may be shown to whoever is told of the rating; a ``quote`` holds words of
the report and is for the handling desk alone (para 69).
"""

from enum import StrEnum

from pydantic import Field

from mailbot.terms import MAILBOT, Reference, Severity
from mailbot.value import Instant, Value


class Factor(Value):
    """One factor of an assessment: how it was set, by which method, and why.

    ``known`` is False where the report does not say and the cautious value stands in; ``field`` then names the
    question of the form whose answer would settle it.
    """

    name: str
    points: float
    words: str
    source: str
    quote: str = ""
    known: bool = True
    field: str = ""


AXES = ("likelihood", "impact")
"""Names of the factors that explain the two axes of the NHS grid; they are no part of ENISA's score."""


class GridOutcome(StrEnum):
    """What the two axes of the NHS grid say, never their product."""

    NO_IMPACT = "no_impact"
    IMPACT_UNLIKELY = "impact_unlikely"
    REPORT_TO_ICO = "report_to_ico"
    REPORT_TO_ICO_AND_DHSC = "report_to_ico_and_dhsc"


class Grid(Value):
    """The NHS grid: how likely harm is and how grave it would be, each from 1 to 5."""

    likelihood: int = Field(ge=1, le=5)
    impact: int = Field(ge=1, le=5)

    @property
    def outcome(self) -> GridOutcome:
        """Reportable from likelihood 3 and impact 2 on; to the health department too from impact 4 on."""
        if self.likelihood == 1 or self.impact == 1:
            return GridOutcome.NO_IMPACT
        if self.likelihood == 2:  # noqa: PLR2004 - the row of the grid
            return GridOutcome.IMPACT_UNLIKELY
        return GridOutcome.REPORT_TO_ICO_AND_DHSC if self.impact >= 4 else GridOutcome.REPORT_TO_ICO  # noqa: PLR2004


class Change(Value):
    """An answer still missing that would change the rating: which question, and what the rating would then be."""

    field: str
    words: str
    severity: Severity


class Assessment(Value):
    """A rating worked out by the ENISA method: ``score`` = data × ease of identification + circumstances.

    ``beside`` stands next to the score and does not change it (more than a hundred people, unreadable data).
    ``grid`` is set where health or social care data is involved; it does not change the score either.
    """

    severity: Severity
    score: float
    factors: tuple[Factor, ...]
    beside: tuple[str, ...] = ()
    grid: Grid | None = None
    would_change: tuple[Change, ...] = ()


class Classification(StrEnum):
    """What an incident is counted under: the regulator's type, and the columns of the published report."""

    INCIDENT_TYPE = "incident_type"
    MEDIUM = "medium"
    ROOT_CAUSE = "root_cause"
    ACTION_TAKEN = "action_taken"

    @property
    def words(self) -> str:
        return self.value.replace("_", " ")


BECAUSE = ", because: “"
"""What parts words of the configuration from the passage of the report behind them."""


def explained(words: str, quote: str) -> str:
    """Words with the passage that made them fit, as one sentence for the handling desk."""
    return f"{words}{BECAUSE}{quote}”" if quote else words


class Reason(Value):
    """Why something is proposed: words of the configuration, and the passage of the report that made them fit."""

    words: str
    quote: str = ""

    @property
    def text(self) -> str:
        """Both as one sentence, for the handling desk."""
        return explained(self.words, self.quote)


class Classified(Value):
    """One classification as it stands: proposed by the bot, or said by a person. ``value`` is one of the configured list."""

    value: str
    reasons: tuple[Reason, ...] = ()
    by: str = MAILBOT
    at: Instant | None = None

    @property
    def is_confirmed(self) -> bool:
        return self.by != MAILBOT


class Same(StrEnum):
    """What an earlier incident has in common with another (para 54). A person counts by address, never by name."""

    TEAM = "team"
    TYPE = "type"
    INVOLVED = "involved"
    REPORTER = "reporter"

    @property
    def words(self) -> str:
        return _SAME_WORDS[self]


_SAME_WORDS = {
    Same.TEAM: "the same team",
    Same.TYPE: "the same type of incident",
    Same.INVOLVED: "the same person is named as involved",
    Same.REPORTER: "reported by the same person",
}
_COUNTED_WORDS = {
    Same.TEAM: "in the same team",
    Same.TYPE: "of the same type",
    Same.INVOLVED: "in which the same person is named as involved",
    Same.REPORTER: "reported by the same person",
}


class Repeat(Value):
    """An earlier incident of the same team or person within the configured period (para 54)."""

    reference: Reference
    received_at: Instant
    same: tuple[Same, ...] = Field(min_length=1)

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(one.words for one in self.same)


class RepeatCount(Value):
    """How many earlier incidents have one thing in common with this one, received at or after ``since``.

    ``at_least``: there may be more, nobody counted on. ``newest``: a few of them, the newest first.
    """

    same: Same
    count: int = Field(ge=1)
    at_least: bool = False
    since: Instant
    newest: tuple[Reference, ...]

    @property
    def words(self) -> str:
        """Such as "3 earlier incidents in the same team"."""
        number = f"at least {self.count}" if self.at_least else str(self.count)
        return f"{number} earlier incident{'s' if self.count > 1 else ''} {_COUNTED_WORDS[self.same]}"
