"""The ``Key: value`` lines of one reply, in the order in which they count. Pure."""

from mailbot.incident import FieldValue
from mailbot.parse.answers import read_answers
from mailbot.parse.axes import LIKELIHOOD
from mailbot.parse.reading import AnswerLine
from mailbot.procedure.effect import Effect
from mailbot.procedure.rules import Rules

CLOSING = frozenset({Effect.CLOSE})
SIGNED = "by"
RATINGS = frozenset({Effect.RATE, Effect.CONFIRM_RATING, Effect.RATE_BY_GRID})


def in_order(lines: tuple[AnswerLine, ...], rules: Rules) -> list[AnswerLine]:
    """The lines as they stand, but an order to close comes last: the same reply may say what was missing for it."""
    return sorted(_one_rating(lines, rules), key=lambda line: _has_effect(line, CLOSING, rules))


def rates(line: AnswerLine, rules: Rules) -> bool:
    """Whether a line rates the incident."""
    return _has_effect(line, RATINGS, rules)


def as_stated(fact: FieldValue, rules: Rules) -> FieldValue:
    """A fact of a desk's reply without the lines below it that are answers of their own, or sign it ("By: …")."""
    return fact.but(value=_above_answers(fact.value, rules), raw=_above_answers(fact.raw, rules))


def _above_answers(text: str, rules: Rules) -> str:
    lines = text.split("\n")
    end = next((at for at, line in enumerate(lines) if at and _is_answer(line, rules)), len(lines))
    return "\n".join(lines[:end])


def _is_answer(line: str, rules: Rules) -> bool:
    keys = [one.key for one in read_answers(line)]
    return any(key == SIGNED or rules.procedure.kind_answered_by(key) is not None for key in keys)


def _has_effect(line: AnswerLine, effects: frozenset[Effect], rules: Rules) -> bool:
    return any(row.effect in effects for row in rules.procedure.answers_to(line.key))


def _one_rating(lines: tuple[AnswerLine, ...], rules: Rules) -> tuple[AnswerLine, ...]:
    """The lines; where two of them rate the incident, both are one answer, which nobody understands: it is asked again."""
    rating = [line for line in lines if rates(line, rules)]
    if len({(line.key, line.value.lower()) for line in rating}) < 2:  # noqa: PLR2004  one says it, two may differ
        return lines
    key = next((line.key for line in rating if line.key != LIKELIHOOD), rating[0].key)
    both = AnswerLine(key=key, value=" / ".join(line.value for line in rating))
    return (both, *(line for line in lines if line not in rating))
