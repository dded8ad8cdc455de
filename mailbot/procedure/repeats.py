"""Repeats (para 54): by which traits an incident is found again, and which earlier ones are flagged with it. Pure.

A trait is a team, a type of incident or a person. A person counts by an address alone: two people may share a name. Since
only keyed fingerprints of traits are kept, a trait is a text; where an incident is restricted, the text begins with
whoever alone handles it, so that nobody else's incident ever finds it.
"""

import calendar
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time

from mailbot.assessment import Repeat, RepeatCount, Same
from mailbot.incident import AuditEntry, Incident
from mailbot.procedure.calendar import at_time, day_of
from mailbot.procedure.people import confidant
from mailbot.procedure.rules import Rules
from mailbot.terms import MAILBOT, Reference
from mailbot.value import Instant, Value

MOST_LISTED = 5
MOST_COUNTED = 100
"""So many earlier incidents are looked at for each trait: a team or a type with more has "at least" so many."""
MOST_NAMED = 3
"""So many references stand beside a count."""

FLAGGED = "repeats flagged"

_ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_TELLING = ({Same.TEAM, Same.TYPE}, {Same.INVOLVED})
"""What two incidents have in common that are named before all others."""


class Trait(Value):
    """What an incident may have in common with others, and the text under which it is found."""

    same: tuple[Same, ...]
    key: str


class Earlier(Value):
    """An earlier incident as it is found by a trait."""

    reference: Reference
    received_at: Instant


def kept_traits(incident: Incident, rules: Rules) -> tuple[Trait, ...]:
    """The traits under which others find this incident."""
    place = f"{confidant(incident, rules.organisation).address} alone: " if incident.restricted else ""
    return tuple(_traits(incident, rules, [incident.group] if incident.group else [], place))


def sought_traits(incident: Incident, rules: Rules) -> tuple[Trait, ...]:
    """The traits by which this one finds others: the same, under older names of its team too.

    A restricted incident also finds those that the same person alone handles.
    """
    group = rules.organisation.group(incident.group) if incident.group else None
    names = [group.name, *group.aliases] if group else [incident.group] if incident.group else []
    found = list(_traits(incident, rules, names, ""))
    if incident.restricted:
        found += _traits(incident, rules, names, f"{confidant(incident, rules.organisation).address} alone: ")
    return tuple(found)


def looked_at_since(incident: Incident, rules: Rules) -> datetime:
    """The beginning of the period: that day of the month in London, so many months before it was received."""
    day = day_of(incident.received_at)
    year, month = divmod(day.year * 12 + day.month - 1 - rules.procedure.repeats.within_months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return at_time(date(year, month + 1, min(day.day, last)), time())


def with_repeats(
    incident: Incident, traits: Sequence[Trait], found: Mapping[str, Sequence[Earlier]], since: datetime
) -> Incident:
    """The incident with the earlier ones that share a trait; ``found``: by the trait's key, the newest first.

    Those of the same type alone are counted, not listed: in a big council there is one every week.
    """
    shared: dict[Earlier, set[Same]] = {}
    for trait in traits:
        for earlier in found.get(trait.key, ()):
            shared.setdefault(earlier, set()).update(trait.same)
    listed = [earlier for earlier in _newest_first(shared) if shared[earlier] != {Same.TYPE}]
    listed.sort(key=lambda earlier: not any(one <= shared[earlier] for one in _TELLING))
    return incident.but(
        repeats=tuple(
            Repeat(
                reference=one.reference,
                received_at=one.received_at,
                same=tuple(same for same in Same if same in shared[one]),
            )
            for one in listed[:MOST_LISTED]
        ),
        repeat_counts=tuple(_counts(shared, _uncounted(traits, found), since)),
    )


def flagged(before: Incident, after: Incident, now: datetime) -> tuple[AuditEntry, ...]:
    """What history says where other earlier incidents are flagged than before."""
    if [one.reference for one in before.repeats] == [one.reference for one in after.repeats]:
        return ()
    details = {str(one.reference): ", ".join(one.words) for one in after.repeats}
    return (AuditEntry(at=now, action=FLAGGED, by=MAILBOT, details=details),)


def _traits(incident: Incident, rules: Rules, groups: Iterable[str], place: str) -> Iterator[Trait]:
    kind = _plain(incident.incident_type)
    if kind in {_plain(one) for one in rules.procedure.repeats.types_left_out}:
        kind = ""
    if kind:
        yield Trait(same=(Same.TYPE,), key=f"{place}type {kind}")
    for group in dict.fromkeys(map(_plain, groups)):
        yield Trait(same=(Same.TEAM,), key=f"{place}team {group}")
        if kind:
            yield Trait(same=(Same.TEAM, Same.TYPE), key=f"{place}team {group}, type {kind}")
    for address in _involved(incident, rules):
        yield Trait(same=(Same.INVOLVED,), key=f"{place}involved {address}")
    if _is_a_known_person(incident, rules):
        yield Trait(same=(Same.REPORTER,), key=f"{place}reporter {incident.reporter.address.lower()}")


def _involved(incident: Incident, rules: Rules) -> tuple[str, ...]:
    """Who the report says was involved, by address; the Reporter where they say so of themselves."""
    fact = incident.facts.get("involved")
    if fact is None:
        return ()
    desks = {desk.address.lower() for desk in rules.organisation.desks}
    named = [one.lower() for one in _ADDRESS.findall(f"{fact.value} {fact.raw}")]
    says_so = _plain(fact.value).rstrip(".!") in rules.procedure.repeats.myself and not fact.by
    own = [incident.reporter.address.lower()] if says_so and _is_a_known_person(incident, rules) else []
    return tuple(dict.fromkeys(one for one in (*named, *own) if one not in desks))


def _is_a_known_person(incident: Incident, rules: Rules) -> bool:
    """Whether the Reporter's address stands for one person: a colleague of the directory, or a proven stranger.

    A desk that logged a call without the caller's address, a machine and a shared mailbox are nobody in particular.
    """
    reporter = incident.reporter
    if not reporter.may_be_written_to or not reporter.address:
        return False
    return reporter.outside or rules.organisation.staff(reporter.address) is not None


def _newest_first(earlier: Iterable[Earlier]) -> list[Earlier]:
    return sorted(earlier, key=lambda one: (one.received_at, one.reference), reverse=True)


def _uncounted(traits: Sequence[Trait], found: Mapping[str, Sequence[Earlier]]) -> set[Same]:
    """What more earlier incidents may have in common with this one than were looked at."""
    return {same for trait in traits if len(found.get(trait.key, ())) >= MOST_COUNTED for same in trait.same}


def _counts(
    shared: Mapping[Earlier, Collection[Same]], uncounted: Collection[Same], since: datetime
) -> Iterator[RepeatCount]:
    for same in Same:
        these = _newest_first(earlier for earlier, what in shared.items() if same in what)
        if these:
            newest = tuple(one.reference for one in these[:MOST_NAMED])
            yield RepeatCount(same=same, count=len(these), at_least=same in uncounted, since=since, newest=newest)


def _plain(words: str) -> str:
    return " ".join(words.lower().split())
