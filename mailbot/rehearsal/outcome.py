"""What a rehearsal comes to: totals for machines, and what people want to know beside them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from mailbot.rehearsal.books import DutyRecord
from mailbot.rehearsal.counting import Recount
from mailbot.rehearsal.matching import fresh_steps
from mailbot.rehearsal.plan import Outage
from mailbot.value import Value

AFTER_OUTAGE = timedelta(minutes=10)


class Totals(Value):
    """The figures. Every duty is discharged, escalated to the end of its ladder, or open with steps still to come."""

    incidents: int = 0
    duties: int = 0
    discharged: int = 0
    escalated_to_end: int = 0
    open: int = 0
    forgotten: int = 0
    doubled: int = 0
    late_after_outage: int = 0
    mails: int = 0
    seconds: float = 0.0


class ByKind(Value):
    """What became of the duties of one kind. ``met`` and ``missed`` are those that had a deadline and were done."""

    duties: int = 0
    met: int = 0
    missed: int = 0
    to_the_end: int = 0


class Outcome(Value):
    """All of it. ``weekly``: reader → the mails of each week that had any, by its Monday; ``faults`` in plain words."""

    totals: Totals
    kinds: dict[str, ByKind] = {}
    to_the_end: tuple[str, ...] = ()
    weekly: dict[str, dict[date, int]] = {}
    faults: tuple[str, ...] = ()


def count_outcome(recount: Recount, duties: Sequence[DutyRecord], incidents: int, outages: Sequence[Outage]) -> Outcome:
    """What one store's year came to, after ``Recount.finish``."""
    ended = {one.id for one in duties if recount.is_at_its_end(one)}
    discharged = sum(one.discharged_at is not None for one in duties)
    totals = Totals(
        incidents=incidents,
        duties=len(duties),
        discharged=discharged,
        escalated_to_end=len(ended),
        open=len(duties) - discharged - len(ended),
        forgotten=len(recount.forgotten),
        doubled=len(recount.doubled),
        late_after_outage=_late_after(duties, outages),
        mails=len(recount.left),
    )
    return Outcome(
        totals=totals,
        kinds={kind: _of_kind([one for one in duties if one.kind == kind], ended) for kind in _kinds(duties)},
        to_the_end=tuple(one.label for one in duties if one.id in ended),
        weekly=_weekly(recount),
        faults=(*recount.forgotten, *recount.doubled),
    )


def together(parts: Sequence[Outcome], seconds: float) -> Outcome:
    """The outcome of several stores as one."""
    sums: Counter[str] = Counter()
    for part in parts:
        sums.update(part.totals.model_dump(exclude={"seconds"}))
    kinds = {kind: _added([part.kinds[kind] for part in parts if kind in part.kinds]) for kind in _all_kinds(parts)}
    weekly: dict[str, Counter[date]] = {}
    for part in parts:
        for reader, weeks in part.weekly.items():
            weekly.setdefault(reader, Counter()).update(weeks)
    return Outcome(
        totals=Totals.model_validate(dict(sums) | {"seconds": round(seconds, 1)}),
        kinds=kinds,
        to_the_end=tuple(one for part in parts for one in part.to_the_end),
        weekly={reader: dict(sorted(weeks.items())) for reader, weeks in sorted(weekly.items())},
        faults=tuple(one for part in parts for one in part.faults),
    )


def _late_after(duties: Iterable[DutyRecord], outages: Sequence[Outage]) -> int:
    return sum(
        step.late and any(one.ends <= step.at < one.ends + AFTER_OUTAGE for one in outages)
        for duty in duties
        for step in fresh_steps(duty)
    )


def _kinds(duties: Iterable[DutyRecord]) -> list[str]:
    return list(dict.fromkeys(one.kind for one in duties))


def _all_kinds(parts: Iterable[Outcome]) -> list[str]:
    return sorted({kind for part in parts for kind in part.kinds})


def _of_kind(duties: Sequence[DutyRecord], ended: set[str]) -> ByKind:
    return ByKind(
        duties=len(duties),
        met=sum(one.met is True for one in duties),
        missed=sum(one.met is False for one in duties),
        to_the_end=sum(one.id in ended for one in duties),
    )


def _added(some: Sequence[ByKind]) -> ByKind:
    sums: Counter[str] = Counter()
    for one in some:
        sums.update(one.model_dump())
    return ByKind.model_validate(dict(sums))


def _weekly(recount: Recount) -> dict[str, dict[date, int]]:
    weekly: dict[str, Counter[date]] = {}
    for mail in recount.left:
        monday = mail.at.date() - timedelta(days=mail.at.weekday())
        weekly.setdefault(mail.recipient, Counter())[monday] += 1
    return {reader: dict(weeks) for reader, weeks in weekly.items()}
