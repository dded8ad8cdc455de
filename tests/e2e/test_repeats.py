"""Earlier incidents of the same team, type or person are flagged with a new one (para 54)."""

from datetime import datetime, timedelta

import pytest

from mailbot.assessment import Same
from mailbot.incident import Incident
from mailbot.procedure.repeats import FLAGGED
from tests.e2e.conftest import MakeHouse
from tests.e2e.conversation import mail_of
from tests.house import DPO, IG_DESK, LONDON, SAM, SAMS_MANAGER, House, answer_to, report, text_of

MINA = "mina.clough@council.example"
MEMBER = "sofia.marlow@council.example"
NORTH, SOUTH = "Group: Community Care North", "Group: Community Care South"
EMAILED = "What happened: I emailed a list of {} clients to the wrong care home."
POSTED = "What happened: We posted a letter about {} tenants to the wrong address."
SECRET = "What happened: In strict confidence: a colleague deliberately looked up the records of {} neighbours."


def tell(house: House, story: str, *lines: str, sender: str = SAM, at: datetime | None = None) -> Incident:
    """The new incident after a report; no two stories have the same number in them."""
    number = len(house.incidents()) + 1
    body = "\n".join((story.format(number + 10), *lines))
    house.deliver(report(body, sender=sender, message_id=f"<report-{number}@mail.council.example>"), at=at)
    house.round()
    assert len(house.incidents()) == number
    return house.incidents()[-1]


def flagged(incident: Incident) -> dict[str, tuple[Same, ...]]:
    return {one.reference: one.same for one in incident.repeats}


def counted(incident: Incident) -> dict[Same, int]:
    return {one.same: one.count for one in incident.repeat_counts}


def test_the_first_incident_repeats_nothing(house: House) -> None:
    incident = tell(house, EMAILED, NORTH)

    assert (incident.repeats, incident.repeat_counts) == ((), ())


def test_the_same_team_type_and_reporter_are_flagged_on_the_later_incident_only(house: House) -> None:
    tell(house, EMAILED, NORTH)
    house.pass_by(timedelta(days=3))
    later = tell(house, EMAILED, NORTH)

    assert flagged(later) == {"DB2026001": (Same.TEAM, Same.TYPE, Same.REPORTER)}
    assert counted(later) == {Same.TEAM: 1, Same.TYPE: 1, Same.REPORTER: 1}
    assert house.incidents()[0].repeats == ()


def test_the_desk_reads_what_went_before_in_its_first_mail(house: House) -> None:
    tell(house, EMAILED, NORTH)
    house.pass_by(timedelta(days=3))
    tell(house, EMAILED, NORTH)

    text = text_of(mail_of(house, IG_DESK, "queue_notice"))
    assert "Before this" in text
    assert "DB2026001" in text.partition("Before this")[2]


def test_the_same_type_in_another_team_is_counted_and_not_listed(house: House) -> None:
    tell(house, EMAILED, SOUTH, sender=MINA)
    house.pass_by(timedelta(days=3))
    later = tell(house, EMAILED, NORTH)

    assert later.repeats == ()
    assert [(one.same, one.newest) for one in later.repeat_counts] == [(Same.TYPE, ("DB2026001",))]


def test_nothing_is_flagged_when_nothing_is_the_same(house: House) -> None:
    tell(house, POSTED, SOUTH, sender=MINA)
    house.pass_by(timedelta(days=3))
    later = tell(house, EMAILED, NORTH)

    assert (later.repeats, later.repeat_counts) == ((), ())


def test_a_person_is_known_again_by_their_address_and_not_by_their_name(house: House) -> None:
    tell(house, POSTED, SOUTH, f"Staff involved: Jo Fenn ({SAMS_MANAGER})", sender=MINA)
    house.pass_by(timedelta(days=3))
    same = tell(house, EMAILED, NORTH, f"Staff involved: J. Fenn, {SAMS_MANAGER}")
    house.pass_by(timedelta(days=3))
    other = tell(house, EMAILED, "Group: Highways", "Staff involved: Jo Fenn (jo.fenn2@council.example)", sender=DPO)

    assert flagged(same)["DB2026001"] == (Same.INVOLVED,)
    assert not any(Same.INVOLVED in one.same for one in other.repeats)


@pytest.mark.parametrize(
    ("before", "is_flagged"),
    [
        (datetime(2025, 11, 19, 23, 59, tzinfo=LONDON), False),
        (datetime(2025, 11, 20, 0, 0, tzinfo=LONDON), True),
    ],
)
def test_the_period_reaches_back_to_the_same_day_a_year_before(
    new_house: MakeHouse, before: datetime, is_flagged: bool
) -> None:
    house = new_house(before)
    tell(house, EMAILED, NORTH)
    house.clock.set(datetime(2026, 11, 20, 19, 30, tzinfo=LONDON))
    later = tell(house, EMAILED, NORTH)

    assert (flagged(later) != {}) is is_flagged


def test_the_turn_of_the_year_changes_nothing(new_house: MakeHouse) -> None:
    house = new_house(datetime(2026, 12, 31, 23, 50, tzinfo=LONDON))
    tell(house, EMAILED, NORTH)
    house.clock.set(datetime(2027, 1, 1, 0, 10, tzinfo=LONDON))
    later = tell(house, EMAILED, NORTH)

    assert later.reference == "DB2027001"
    assert list(flagged(later)) == ["DB2026001"]


def test_an_incident_received_at_the_same_moment_or_later_is_not_before(house: House) -> None:
    moment = house.clock.now()
    tell(house, EMAILED, NORTH, at=moment)
    same_moment = tell(house, EMAILED, NORTH, at=moment)
    received_before = tell(house, EMAILED, NORTH, at=moment - timedelta(minutes=5))

    assert flagged(same_moment) == flagged(received_before) == {}


def test_a_team_named_by_an_answer_flags_what_went_before_in_it(house: House) -> None:
    tell(house, POSTED, SOUTH, sender=MINA)
    house.pass_by(timedelta(days=3))
    assert tell(house, EMAILED, "Group: Somewhere Else").repeats == ()

    notice = mail_of(house, IG_DESK, "queue_notice")
    house.deliver(answer_to(notice, "Group: Community Care South", MEMBER), "bot")
    house.round()

    later = house.incidents()[-1]
    assert flagged(later) == {"DB2026001": (Same.TEAM,)}
    with house.app.store.reading() as unit:
        history = unit.audit.of_incident(later.id)
    assert [one.details for one in history if one.action == FLAGGED] == [{"DB2026001": "the same team"}]


def test_a_team_named_by_an_answer_is_what_later_incidents_find(house: House) -> None:
    tell(house, EMAILED, "Group: Somewhere Else")
    notice = mail_of(house, IG_DESK, "queue_notice")
    house.deliver(answer_to(notice, "Group: Community Care South", MEMBER), "bot")
    house.round()
    house.pass_by(timedelta(days=3))

    assert flagged(tell(house, POSTED, SOUTH, sender=MINA)) == {"DB2026001": (Same.TEAM,)}


def test_a_restricted_incident_is_flagged_with_no_other(house: House) -> None:
    assert tell(house, SECRET, NORTH).restricted
    house.pass_by(timedelta(days=3))
    later = tell(house, EMAILED, NORTH)

    assert (later.repeats, later.repeat_counts) == ((), ())


def test_whoever_handles_a_restricted_incident_sees_what_went_before_open_or_restricted(house: House) -> None:
    tell(house, SECRET, NORTH)
    house.pass_by(timedelta(days=3))
    tell(house, EMAILED, NORTH)
    house.pass_by(timedelta(days=3))

    assert set(flagged(tell(house, SECRET, NORTH))) == {"DB2026001", "DB2026002"}


def test_what_was_restricted_meanwhile_is_named_in_no_further_mail(house: House) -> None:
    tell(house, EMAILED, NORTH)
    house.pass_by(timedelta(days=3))
    assert flagged(tell(house, EMAILED, NORTH)) != {}

    told = mail_of(house, SAM, "acknowledgement")
    first = next(one for one in house.sent_to(SAM) if "DB2026001" in str(one["Subject"]))
    assert told is not first
    house.deliver(answer_to(first, "In strict confidence: my colleague deliberately did it to spy on her."), "bot")
    house.round()
    assert house.incidents()[0].restricted
    notice = [one for one in house.sent_to(IG_DESK) if "DB2026002" in str(one["Subject"])][-1]
    house.deliver(answer_to(notice, "Queue: confirmed", MEMBER, message_id="<answer-2@mail.council.example>"), "bot")
    house.round()

    assert house.incidents()[1].repeats == ()
