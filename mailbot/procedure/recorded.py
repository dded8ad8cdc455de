"""What an answer changed, in words: for the receipt, and for a history that keeps the old value beside the new one."""

from collections.abc import Iterator

from mailbot.assessment import Classification
from mailbot.incident import Incident


def recorded_words(before: Incident, after: Incident) -> dict[str, str]:
    """What a receipt mentions of a new rating or classification: configured words only."""
    counted = next((new for _, _, new in _counted_anew(before, after)), "")
    return ({"counted": counted} if counted else {}) | (
        {"rating": after.severity.words} if after.ratings != before.ratings else {}
    )


def history_of(before: Incident, after: Incident) -> dict[str, str]:
    """Old and new value of what changed; nothing where neither rating nor classification did."""
    details: dict[str, str] = {}
    if after.ratings != before.ratings:
        details |= {"severity after": after.severity.value}
    for one, old, new in _counted_anew(before, after):
        details |= {f"{one.words} before": old, f"{one.words} after": new}
    return details


def _counted_anew(before: Incident, after: Incident) -> Iterator[tuple[Classification, str, str]]:
    for one in Classification:
        if before.classified.get(one) != after.classified.get(one):
            yield one, before.counted_under(one), after.counted_under(one)
