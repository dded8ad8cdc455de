"""Which earlier incidents are flagged with a new one (para 54)."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from mailbot.assessment import Classification, Classified, Same
from mailbot.incident import FieldValue, Incident
from mailbot.procedure.repeats import (
    FLAGGED,
    MOST_COUNTED,
    MOST_LISTED,
    Earlier,
    Trait,
    flagged,
    kept_traits,
    looked_at_since,
    sought_traits,
    with_repeats,
)
from mailbot.procedure.rules import RepeatRules
from mailbot.terms import Reference
from tests.procedure.conftest import DORA, GWEN, IG_DESK, LIAM, RITA, RULES, SIMON, STRANGER, fact, london, opened_at

NOW = london("Fri 2026-11-20 18:50")
EMAILED = "Data emailed to incorrect recipient"
TEAM, KIND, BOTH = "team housing", f"type {EMAILED.lower()}", f"team housing, type {EMAILED.lower()}"


def an_incident(incident_type: str = EMAILED, **changes: object) -> Incident:
    classified = {Classification.INCIDENT_TYPE: Classified(value=incident_type)} if incident_type else {}
    return opened_at(NOW).incident.but(**{"classified": classified, "group": "Housing"} | changes)


def involving(words: str, **changes: object) -> Incident:
    return an_incident().but(facts={"involved": fact(words)}, **changes)


def keys(incident: Incident) -> set[str]:
    return {one.key for one in kept_traits(incident, RULES)}


def involved(incident: Incident) -> set[str]:
    return {one.key for one in kept_traits(incident, RULES) if Same.INVOLVED in one.same}


def earlier(number: int, days: int = 1) -> Earlier:
    return Earlier(reference=Reference(f"DB2026{number:03d}"), received_at=NOW - timedelta(days=days))


def repeated(found: Mapping[str, tuple[Earlier, ...]], incident: Incident | None = None) -> Incident:
    incident = incident or an_incident()
    return with_repeats(incident, sought_traits(incident, RULES), found, NOW - timedelta(days=365))


def listed(incident: Incident) -> list[str]:
    return [one.reference for one in incident.repeats]


def test_an_incident_is_found_by_its_team_its_type_both_and_its_reporter() -> None:
    assert keys(an_incident()) == {TEAM, KIND, BOTH, f"reporter {RITA}"}


def test_nothing_is_found_by_what_is_not_known() -> None:
    assert keys(an_incident("", group=None)) == {f"reporter {RITA}"}


@pytest.mark.parametrize("incident_type", ["Other non-cyber incident", "Other cyber incident", "Not Provided"])
def test_a_type_that_says_nothing_is_nothing_in_common(incident_type: str) -> None:
    assert keys(an_incident(incident_type)) == {TEAM, f"reporter {RITA}"}


def test_an_older_name_of_a_team_is_looked_for_too() -> None:
    sought = {one.key for one in sought_traits(an_incident(), RULES)}

    assert {TEAM, "team homes", BOTH, f"team homes, type {EMAILED.lower()}"} <= sought


def test_a_person_is_involved_by_their_address() -> None:
    assert involved(involving("Liam Linemanager (Liam.Linemanager@council.example).")) == {f"involved {LIAM}"}


def test_a_name_alone_is_nobody() -> None:
    assert involved(involving("Liam Linemanager")) == set()


def test_the_same_name_at_another_address_is_another_person() -> None:
    one, other = involving(f"Pat Lee <{LIAM}>"), involving("Pat Lee <pat.lee2@council.example>")

    assert involved(one).isdisjoint(involved(other))


def test_a_desks_shared_mailbox_is_nobody_in_particular() -> None:
    assert involved(involving(IG_DESK)) == set()


@pytest.mark.parametrize("words", ["me", "Myself.", "It was me!", "just  me"])
def test_the_reporter_is_involved_when_they_say_so_of_themselves(words: str) -> None:
    assert involved(involving(words)) == {f"involved {RITA}"}


@pytest.mark.parametrize("words", ["me and Liam", "not me", "meera", "somebody who works with me"])
def test_other_words_with_me_in_them_name_nobody(words: str) -> None:
    assert involved(involving(words)) == set()


def test_who_wrote_me_for_somebody_else_is_not_taken_for_the_reporter() -> None:
    said = FieldValue(value="me", raw="me", source="mail, line 3", confidence=1.0, by=LIAM)

    assert involved(an_incident(facts={"involved": said})) == set()


@pytest.mark.parametrize(
    ("who", "known"),
    [
        ({"address": RITA}, True),
        ({"address": "housing@council.example"}, False),
        ({"address": RITA, "reachable": False}, False),
        ({"address": STRANGER, "outside": True, "proven": True}, True),
        ({"address": STRANGER, "outside": True}, False),
        ({"address": ""}, False),
    ],
    ids=["a colleague", "a shared mailbox", "a machine", "a proven stranger", "anybody", "nobody"],
)
def test_a_reporter_counts_when_the_address_stands_for_one_person(who: dict[str, object], known: bool) -> None:
    incident = an_incident()
    traits = kept_traits(incident.but(reporter=incident.reporter.model_validate(who)), RULES)

    assert any(Same.REPORTER in one.same for one in traits) is known


@pytest.mark.parametrize(
    ("received", "since"),
    [
        ("Fri 2026-11-20 18:50", "Thu 2025-11-20 00:00"),
        ("Thu 2026-01-01 00:00", "Wed 2025-01-01 00:00"),
        ("Thu 2026-12-31 23:59", "Wed 2025-12-31 00:00"),
        ("Wed 2026-07-01 00:30", "Tue 2025-07-01 00:00"),
        ("Tue 2028-02-29 09:00", "Sun 2027-02-28 00:00"),
    ],
)
def test_the_period_begins_on_the_same_day_a_year_before(received: str, since: str) -> None:
    assert looked_at_since(an_incident(received_at=london(received)), RULES) == london(since)


@pytest.mark.parametrize(
    ("months", "since"), [(1, "Sat 2026-02-28 00:00"), (3, "Wed 2025-12-31 00:00"), (27, "Sun 2023-12-31 00:00")]
)
def test_the_period_ends_with_a_shorter_month(months: int, since: str) -> None:
    rules = RULES.but(procedure=RULES.procedure.but(repeats=RepeatRules(within_months=months)))

    assert looked_at_since(an_incident(received_at=london("Tue 2026-03-31 12:00")), rules) == london(since)


def test_what_is_the_same_is_said_of_each() -> None:
    one, other = earlier(1, days=9), earlier(2, days=3)
    found = repeated({TEAM: (other, one), KIND: (one,), BOTH: (one,), f"reporter {RITA}": (one,)})

    assert {each.reference: each.words for each in found.repeats} == {
        "DB2026001": ("the same team", "the same type of incident", "reported by the same person"),
        "DB2026002": ("the same team",),
    }


def test_same_team_and_type_stand_first_and_the_newest_of_them_before_all() -> None:
    newest, middle, oldest = earlier(3, days=1), earlier(2, days=2), earlier(1, days=3)
    found = repeated({TEAM: (newest, middle, oldest), BOTH: (middle, oldest), KIND: (middle, oldest)})

    assert listed(found) == ["DB2026002", "DB2026001", "DB2026003"]


def test_whoever_is_involved_again_stands_before_the_same_team() -> None:
    found = repeated(
        {TEAM: (earlier(3, days=1),), f"involved {LIAM}": (earlier(1, days=9),)}, involving(f"Liam ({LIAM})")
    )

    assert listed(found) == ["DB2026001", "DB2026003"]


def test_the_same_type_elsewhere_is_counted_with_the_newest_named_and_not_listed() -> None:
    found = repeated({KIND: tuple(earlier(number, days=20 - number) for number in range(12, 0, -1))})

    assert found.repeats == ()
    (count,) = found.repeat_counts
    assert (count.words, count.newest) == (
        "12 earlier incidents of the same type",
        ("DB2026012", "DB2026011", "DB2026010"),
    )


def test_so_many_are_listed_and_all_are_counted() -> None:
    found = repeated({TEAM: tuple(earlier(number, days=20 - number) for number in range(MOST_LISTED + 2, 0, -1))})

    assert listed(found) == [f"DB2026{number:03d}" for number in range(MOST_LISTED + 2, 2, -1)]
    assert found.repeat_counts[0].words == f"{MOST_LISTED + 2} earlier incidents in the same team"


@pytest.mark.parametrize(
    ("number", "words"), [(MOST_COUNTED - 1, "99 earlier"), (MOST_COUNTED, "at least 100 earlier")]
)
def test_a_count_says_where_it_stopped(number: int, words: str) -> None:
    found = repeated({KIND: tuple(earlier(one, days=200 - one) for one in range(number))})

    assert found.repeat_counts[0].words.startswith(words)


def test_one_that_two_people_share_is_counted_once() -> None:
    found = repeated(
        {f"involved {LIAM}": (earlier(1),), f"involved {GWEN}": (earlier(1),)}, involving(f"{LIAM} and {GWEN}")
    )

    assert found.repeat_counts[0].words == "1 earlier incident in which the same person is named as involved"


def test_what_is_no_longer_shared_is_no_longer_flagged() -> None:
    after = repeated({}, repeated({TEAM: (earlier(1),)}))

    assert (after.repeats, after.repeat_counts) == ((), ())


def test_history_says_which_are_flagged_and_why_when_others_are_than_before() -> None:
    before, after = an_incident(), repeated({TEAM: (earlier(1),)})
    (entry,) = flagged(before, after, NOW)

    assert (entry.action, entry.details) == (FLAGGED, {"DB2026001": "the same team"})
    assert flagged(after, after, NOW) == ()
    assert flagged(after, before, NOW)[0].details == {}


def test_a_restricted_incident_is_found_by_nobody_else() -> None:
    restricted = involving(LIAM, restricted=("an allegation against a colleague",))
    others = {one.key for one in sought_traits(involving(LIAM), RULES)}

    assert others.isdisjoint(keys(restricted))


def test_whoever_handles_a_restricted_incident_sees_open_ones_and_their_own() -> None:
    restricted = an_incident(restricted=("an allegation against a colleague",))
    sought = {one.key for one in sought_traits(restricted, RULES)}

    assert keys(an_incident()) <= sought
    assert keys(restricted) <= sought
    assert all(key.startswith(f"{DORA} alone: ") for key in keys(restricted))


def test_the_dpo_does_not_find_the_incident_that_names_them() -> None:
    names_the_dpo = involving(f"Dora Dee ({DORA})", restricted=("somebody in the chain of notices is named",))
    the_dpos = an_incident(restricted=("an allegation against a colleague",))

    assert all(key.startswith(f"{SIMON} alone: ") for key in keys(names_the_dpo))
    assert {one.key for one in sought_traits(the_dpos, RULES)}.isdisjoint(keys(names_the_dpo))


def test_an_incident_that_is_released_is_found_like_any_other() -> None:
    restricted = an_incident(restricted=("an allegation against a colleague",))

    assert keys(restricted.but(restricted=())) == keys(an_incident())


def test_a_trait_says_what_is_the_same_when_it_is_found() -> None:
    said = {one.key: one for one in sought_traits(an_incident(), RULES)}

    assert said[BOTH] == Trait(same=(Same.TEAM, Same.TYPE), key=BOTH)
