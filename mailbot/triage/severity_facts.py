"""What a report tells of each factor of its severity, and what stands in where it tells nothing. Pure."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from mailbot.parse.counts import understand_count
from mailbot.triage.evidence import Evidence
from mailbot.triage.phrases import Passage
from mailbot.triage.sentences import Sentence, sentences_in
from mailbot.triage.severity_people import number_told
from mailbot.triage.severity_rows import Askable, Level, Protection, Seen, Unknown, is_bare
from mailbot.triage.severity_rules import SeverityRules

DANGER = "danger"
"""The flag that stands for a safety row of triage.toml, beside that file's own flags."""
COUNTED_IN = ("subjects", "records")
NOTHING = Sentence("", ())
AFTERTHOUGHT = 6
"""So many words by which a next sentence may still doubt the one before: "It was encrypted. At least I think so."."""


class Chosen(NamedTuple):
    """One factor with the step that counts, and the passage that set it."""

    name: str
    level: Level
    quote: str = ""

    @property
    def is_known(self) -> bool:
        return not isinstance(self.level, Unknown)

    @property
    def field(self) -> str:
        """The question that would settle it; empty where it is known."""
        return self.level.field if isinstance(self.level, Unknown) else ""


class Facts(NamedTuple):
    """Everything the arithmetic needs. ``many``: whether many people are affected, None where nobody said."""

    data: Chosen
    ease: Chosen
    circumstances: tuple[Chosen, ...]
    protection: Protection | None
    protected_by: str
    many: bool | None
    in_danger: bool


class Signs:
    """The signs of severity.toml in one report, each looked for once."""

    def __init__(self, evidence: Evidence, flags: Collection[str], rules: SeverityRules) -> None:
        self._evidence, self._flags, self._rules = evidence, flags, rules
        self._seen: dict[str, str | None] = {}

    def quote(self, row: Seen) -> str | None:
        """The passage that shows a row, empty where it needs none; None where the report does not show it."""
        if any(self.has(name) for name in row.unless):
            return None
        if is_bare(row):
            return ""
        found = (*self._answers(row), *self._passages(row), *self._others(row))
        return found[0] if found else None

    def named(self, name: str) -> str | None:
        """The passage that shows a named sign; None where it is not shown."""
        if name not in self._seen:
            self._seen[name] = None
            self._seen[name] = self.quote(self._rules.signs[name])
        return self._seen[name]

    def has(self, name: str) -> bool:
        """Whether a named sign is shown."""
        return self.named(name) is not None

    def speak_against(self, sign: Askable) -> bool:
        """Whether something denies it, so that it need not be asked."""
        return any(self.has(name) for name in sign.denied_by)

    def stated(self, name: str) -> str | None:
        """The passage that says a named sign outright, nothing denying or doubting it; None where it is not so shown.

        What makes an incident graver counts however it is said; what makes it less grave only so (para 25).
        """
        sign = self._rules.signs[name]
        if any(self.has(other) for other in (*sign.unless, *sign.denied_by, *sign.doubted_by)):
            return None
        found = (*self._answers(sign, plainly=True), *self._stated(sign.phrases, self._plain), *self._others(sign))
        return found[0] if found else None

    @cached_property
    def _plain(self) -> tuple[Sentence, ...]:
        return tuple(self._stating(self._evidence.whole))

    def _stating(self, sentences: Sequence[Sentence]) -> Iterator[Sentence]:
        """The sentences that neither ask nor hedge, and of which no afterthought says that it is not sure."""
        plainly = self._rules.plainly
        following = [*sentences, NOTHING][1:]
        for one, after in zip(sentences, following, strict=True):
            taken_back = len(after.written) <= AFTERTHOUGHT and self._says(after, plainly.afterthoughts)
            if not (one.asks or taken_back or self._says(one, plainly.hedges)):
                yield one

    def _says(self, sentence: Sentence, phrases: tuple[str, ...]) -> bool:
        """Whether a sentence holds a phrase, denied or not: "I do not think so" is no surer than "I think so"."""
        return bool(phrases and self._rules.compiled(phrases).find((sentence._replace(denied=frozenset()),)))

    def _stated(self, phrases: tuple[str, ...], sentences: Sequence[Sentence]) -> list[str]:
        found: tuple[Passage, ...] = self._rules.compiled(phrases).find(sentences) if phrases else ()
        return [one.quote for one in found if not self._says(one.behind, self._rules.plainly.contrasts)]

    def _answers(self, row: Seen, *, plainly: bool = False) -> list[str]:
        return [
            f"{field.replace('_', ' ')}: {answer[:80]}"
            for field, phrases in row.answers.items()
            if (answer := self._evidence.answer(field).strip()) and self._answered(answer, phrases, plainly=plainly)
        ]

    def _answered(self, answer: str, phrases: tuple[str, ...], *, plainly: bool) -> bool:
        sentences = sentences_in(answer)
        if plainly:
            return bool(self._stated(phrases, tuple(self._stating(sentences))))
        return bool(self._rules.compiled(phrases).find(sentences))

    def _passages(self, row: Seen) -> list[str]:
        found = self._rules.compiled(row.phrases).find(self._evidence.whole) if row.phrases else ()
        return [passage.quote for passage in found]

    def _others(self, row: Seen) -> list[str]:
        flagged = [""] if any(flag in self._flags for flag in row.flags) else []
        return [quote for name in row.signs if (quote := self.named(name)) is not None] + flagged


def facts_of(evidence: Evidence, signs: Signs, is_safety: bool, rules: SeverityRules) -> Facts:  # noqa: FBT001
    """The step of every factor: the gravest that the report shows, else the configured stand-in."""
    protection = next((one for one in rules.protections if _protects(one, signs)), None)
    return Facts(
        data=_data(signs, rules),
        ease=_gravest("ease of identification", rules.ease.levels, signs) or _unknown_ease(rules),
        circumstances=_circumstances(signs, rules),
        protection=protection,
        protected_by=(signs.stated(protection.needs[0]) or "") if protection else "",
        many=_are_many(evidence, rules),
        in_danger=is_safety,
    )


def _data(signs: Signs, rules: SeverityRules) -> Chosen:
    found = [one for each in rules.data.classes if (one := _gravest(f"data: {each.name}", each.levels, signs))]
    if found:
        # Of classes that weigh the same the last in the file speaks: health is named before habits.
        return max(reversed(found), key=lambda one: one.level.points)
    none = signs.quote(rules.data.none)
    if none is not None:
        return Chosen("data: none", rules.data.none, none)
    quoted = [(level, signs.quote(level)) for level in rules.data.unknown]
    return next(Chosen("data", level, quote) for level, quote in quoted if quote is not None)


def _gravest(name: str, levels: Iterable[Level], signs: Signs) -> Chosen | None:
    found = [Chosen(name, level, quote) for level in levels if (quote := signs.quote(level)) is not None]
    return max(found, key=lambda one: one.level.points, default=None)


def _unknown_ease(rules: SeverityRules) -> Chosen:
    return Chosen("ease of identification", rules.ease.unknown)


def _circumstances(signs: Signs, rules: SeverityRules) -> tuple[Chosen, ...]:
    found: list[Chosen] = []
    for one in rules.circumstances:
        chosen = _gravest(one.name, one.levels, signs)
        if chosen is None and one.unknown is not None:
            chosen = Chosen(one.name, one.unknown)
        found += [chosen] if chosen else []
    return tuple(found)


def _protects(protection: Protection, signs: Signs) -> bool:
    needed = all(signs.stated(name) is not None for name in protection.needs)
    return needed and not any(signs.has(name) for name in protection.unless)


def _are_many(evidence: Evidence, rules: SeverityRules) -> bool | None:
    """By the number on the form, else by one that stands before a word for people."""
    answers: Sequence[str] = [answer for field in COUNTED_IN if (answer := evidence.answer(field))]
    numbers = [number for answer in answers if (number := understand_count(answer)) is not None]
    number = max(numbers, default=None)
    if number is None:
        number = number_told(evidence.whole, rules.people.nouns)
    return None if number is None else number > rules.people.more_than
