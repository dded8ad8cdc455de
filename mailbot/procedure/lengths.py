"""Lengths of time and points in a duty's life, as config/procedure.toml writes them: ``72 hours``, ``due - 4 hours``.

Values with their own small grammar. They know no calendar: ``clocks`` and ``ladder`` apply them.
"""

import re
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator

from mailbot.value import Value


class Unit(StrEnum):
    """What a length is counted in. Hours and minutes are real ones; days are London's days."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working days"
    WORKING_MORNINGS = "working mornings"


class Base(StrEnum):
    """The point of a duty's life that a step is counted from."""

    START = "start"
    ANCHOR = "anchor"
    DUE = "due"


class Length(Value):
    """A number of units; in an ``Offset`` it may be negative."""

    amount: int
    unit: Unit


class Offset(Value):
    """A point in a duty's life: so long after (or before) its start, its anchor or the moment it is due."""

    base: Base
    length: Length


_UNITS = {
    "m": Unit.MINUTES,
    "minute": Unit.MINUTES,
    "minutes": Unit.MINUTES,
    "h": Unit.HOURS,
    "hour": Unit.HOURS,
    "hours": Unit.HOURS,
    "d": Unit.DAYS,
    "day": Unit.DAYS,
    "days": Unit.DAYS,
    "wd": Unit.WORKING_DAYS,
    "working day": Unit.WORKING_DAYS,
    "working days": Unit.WORKING_DAYS,
}
_LENGTH = re.compile(r"(\d{1,4})\s*([a-z ]+)")
_OFFSET = re.compile(r"(start|anchor|due)(?:\s*([+-])\s*(\S.*))?")


def read_length(text: str) -> Length:
    """``72 hours``, ``5 working days``, ``10 days``, ``next working morning``; raises ValueError on anything else."""
    plain = " ".join(text.lower().split())
    if plain == "next working morning":
        return Length(amount=1, unit=Unit.WORKING_MORNINGS)
    match = _LENGTH.fullmatch(plain)
    if not match or match[2] not in _UNITS:
        raise ValueError(
            f"“{text}” is no length of time: write “30 minutes”, “72 hours”, “10 days”, "
            "“5 working days” or “next working morning”"
        )
    return Length(amount=int(match[1]), unit=_UNITS[match[2]])


def read_offset(text: str) -> Offset:
    """``start``, ``anchor + 24 hours``, ``due - 1 working day``; raises ValueError on anything else."""
    match = _OFFSET.fullmatch(" ".join(text.lower().split()))
    if not match:
        raise ValueError(f"“{text}” is no point in time: write “start”, “anchor + 24 hours” or “due - 1 working day”")
    length = read_length(match[3]) if match[3] else Length(amount=0, unit=Unit.MINUTES)
    if length.unit is Unit.WORKING_MORNINGS:
        raise ValueError(f"“{text}”: a step takes working days, not the next working morning")
    amount = -length.amount if match[2] == "-" else length.amount
    return Offset(base=Base(match[1]), length=length.but(amount=amount))


def _length_from(given: Any) -> Any:
    return read_length(given) if isinstance(given, str) else given


def _offset_from(given: Any) -> Any:
    return read_offset(given) if isinstance(given, str) else given


WrittenLength = Annotated[Length, BeforeValidator(_length_from)]
WrittenOffset = Annotated[Offset, BeforeValidator(_offset_from)]
