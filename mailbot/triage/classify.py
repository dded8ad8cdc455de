"""What an incident is probably counted under, and why: proposals for people to confirm (config/classification.toml). Pure."""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from mailbot.assessment import Classification, Classified, Reason
from mailbot.triage.classification import ClassificationRules, Clue, Listed
from mailbot.triage.evidence import Evidence

FURTHER = 0.25
"""Each further clue for the same value adds this share of its weight."""
MOST_REASONS = 3
MOST_QUOTED = 80
"""Characters quoted of an answer on the form."""


class NamedByRow(NamedTuple):
    """The type of incident that the weightiest row of para 28 names, with that row's weight and reason."""

    type: str
    weight: float
    reason: Reason


class Proposals(NamedTuple):
    """What triage proposes; ``data_types`` and ``subject_types`` hold every value that something speaks for."""

    classified: dict[Classification, Classified]
    data_types: tuple[str, ...]
    subject_types: tuple[str, ...]


class _Scored(NamedTuple):
    """A value for which something speaks, the weightiest reason first."""

    listed: Listed
    points: float
    reasons: tuple[Reason, ...]


def classify(
    evidence: Evidence, flags: Collection[str], named: NamedByRow | None, rules: ClassificationRules
) -> Proposals:
    """One value of each closed list, as far as the report speaks for one; nothing is proposed where nothing does.

    ``flags``: names of the flags of config/triage.toml that were found.
    """
    scores = _with_row(_Scores(evidence, flags, "", rules).of(rules.incident_type), named, rules)
    incident_type = _best(scores, rules.incident_type, rules) or _row_alone(named, rules)
    found = {Classification.INCIDENT_TYPE: incident_type}
    told = _Scores(evidence, flags, incident_type.value if incident_type else "", rules)
    for one in (Classification.MEDIUM, Classification.ROOT_CAUSE, Classification.ACTION_TAKEN):
        found[one] = _best(told.of(rules.rows(one)), rules.rows(one), rules)
    return Proposals(
        classified={one: value for one, value in found.items() if value},
        data_types=_all(told.of(rules.data_type), rules),
        subject_types=_all(told.of(rules.subject_type), rules),
    )


def refined(
    standing: dict[Classification, Classified], found: dict[Classification, Classified]
) -> dict[Classification, Classified]:
    """What stands, with the proposals among it that later words make more exact; what a person said never changes."""
    better = {
        one: proposal
        for one, proposal in found.items()
        if one not in standing or (not standing[one].is_confirmed and standing[one].value != proposal.value)
    }
    return standing | better


class _Scores:
    """What speaks for each value of a list in one report."""

    def __init__(
        self, evidence: Evidence, flags: Collection[str], incident_type: str, rules: ClassificationRules
    ) -> None:
        self._evidence, self._flags, self._type, self._rules = evidence, flags, incident_type, rules

    def of(self, rows: Iterable[Listed]) -> list[_Scored]:
        """Every value of the list for which something speaks, in the list's order."""
        found = [
            (one, [(clue, quote) for clue in one.clues if (quote := self._quote(clue)) is not None]) for one in rows
        ]
        return [_scored(one, clues) for one, clues in found if clues]

    def _quote(self, clue: Clue) -> str | None:
        """The passage that shows a clue, empty where it needs none; None where nothing shows it."""
        if self._says(clue.unless):
            return None
        quotes = (*self._answered(clue), *self._passages(clue.phrases))
        if quotes:
            return quotes[0]
        return "" if self._type in clue.types or any(flag in self._flags for flag in clue.flags) else None

    def _says(self, phrases: tuple[str, ...]) -> bool:
        return bool(self._passages(phrases))

    def _passages(self, phrases: tuple[str, ...]) -> tuple[str, ...]:
        found = self._rules.compiled(phrases).find(self._evidence.whole) if phrases else ()
        return tuple(passage.quote for passage in found)

    def _answered(self, clue: Clue) -> tuple[str, ...]:
        fields = [field for field, phrases in clue.answers.items() if self._answers(field, phrases)]
        fields += [field for field in clue.given if self._is_given(field)]
        return tuple(
            f"{field.replace('_', ' ')}: {self._evidence.answer(field).strip()[:MOST_QUOTED]}" for field in fields
        )

    def _answers(self, field: str, phrases: tuple[str, ...]) -> bool:
        said = self._evidence.answered(field)
        return bool(said) and bool(self._rules.compiled(phrases).find(said))

    def _is_given(self, field: str) -> bool:
        sentences = self._evidence.answered(field)
        return bool(sentences) and not f"{sentences[0].words} ".startswith(
            tuple(f"{one} " for one in self._rules.no_answer)
        )


def _scored(listed: Listed, clues: Sequence[tuple[Clue, str]]) -> _Scored:
    ordered = sorted(clues, key=lambda one: -one[0].weight)
    points = ordered[0][0].weight + FURTHER * sum(clue.weight for clue, _ in ordered[1:])
    # A passage that shows two things is quoted for the weightier.
    by_quote = {quote: Reason(words=clue.words, quote=quote) for clue, quote in reversed(ordered)}
    reasons = tuple(one for one in (by_quote[quote] for quote in dict.fromkeys(quote for _, quote in ordered)))
    return _Scored(listed, points, reasons[:MOST_REASONS])


def _with_row(scores: list[_Scored], named: NamedByRow | None, rules: ClassificationRules) -> list[_Scored]:
    """The row of para 28 leans towards its own type where the clues speak for that too."""
    return [
        one._replace(points=one.points + rules.row_share * named.weight)
        if named and one.listed.value == named.type
        else one
        for one in scores
    ]


def _row_alone(named: NamedByRow | None, rules: ClassificationRules) -> Classified | None:
    return Classified(value=named.type, reasons=(named.reason,)) if named and named.weight >= rules.row_from else None


def _best(scores: Sequence[_Scored], rows: Sequence[Listed], rules: ClassificationRules) -> Classified | None:
    left = _without_outdone(scores, rules)
    best = max(left, key=lambda one: one.points, default=None)
    if best is None or best.points < rules.propose_from:
        return None
    several = next((one for one in rows if one.several), None)
    said = [one for one in left if one.points >= max(rules.as_good_as_said, rules.several_share * best.points)]
    if several and len(said) > 1:
        return Classified(value=several.value, reasons=tuple(one.reasons[0] for one in said))
    return Classified(value=best.listed.value, reasons=best.reasons)


def _without_outdone(scores: Sequence[_Scored], rules: ClassificationRules) -> list[_Scored]:
    """The values that no better one stands over."""
    outdone = {value for one in scores if one.points >= rules.as_good_as_said for value in one.listed.over}
    return [one for one in scores if one.listed.value not in outdone]


def _all(scores: Sequence[_Scored], rules: ClassificationRules) -> tuple[str, ...]:
    return tuple(one.listed.value for one in _without_outdone(scores, rules) if one.points >= rules.propose_from)
