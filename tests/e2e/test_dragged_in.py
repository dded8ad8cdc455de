"""Reports whose date of arrival is not when they came: dragged in from another account, or dated by a wrong clock."""

from datetime import timedelta

from mailbot.store import LedgerOutcome
from tests.e2e.conftest import AnotherBot
from tests.e2e.mails import WRONG_CARE_HOME
from tests.house import IG_DESK, House, report, text_of

RECEIVED = "from a.council.example by mx.council.example; Fri, 20 Nov 2026 19:29:30 +0000"


def test_a_report_becomes_an_incident_when_it_is_dragged_in_with_an_old_date(house: House) -> None:
    house.pass_by(timedelta(days=30))
    house.deliver(report(WRONG_CARE_HOME), at=house.clock.now() - timedelta(days=45))

    house.round()

    assert house.incident().reference == "DB2026001"


def test_what_lay_there_before_is_listed_by_when_it_was_found_and_not_by_its_date(
    house: House, another_bot: AnotherBot
) -> None:
    house.deliver(report(WRONG_CARE_HOME), at=house.clock.now() - timedelta(days=13))
    new = another_bot(house, empty=True)
    new.round()
    new.pass_by(timedelta(days=5))
    new.round()

    assert new.incidents() == ()
    with new.app.store.reading() as unit:
        (entry,) = unit.ledger.since(new.clock.now() - timedelta(days=6), (LedgerOutcome.BEFORE_WATCH,))
    assert entry.noted_at - entry.received_at > timedelta(days=12)
    assert "Reports that lay there before the bot began" in text_of(new.sent_to(IG_DESK)[-1])


def test_the_year_and_the_clocks_are_of_today_when_the_mailboxs_date_lies_ahead(house: House) -> None:
    house.deliver(report("A letter went astray.", Received=RECEIVED), at=house.clock.now() + timedelta(days=60))

    house.round()

    incident, ico = house.incident(), house.incident().duty("decide_ico")
    assert incident.reference == "DB2026001"
    assert ico is not None
    assert ico.due_at is not None
    assert ico.due_at <= house.clock.now() + timedelta(hours=72)


def test_the_clock_starts_with_the_received_line_when_the_mailboxs_date_is_days_later(house: House) -> None:
    came = house.clock.now() - timedelta(seconds=30)
    house.pass_by(timedelta(days=4))
    house.deliver(report("A letter went astray.", Received=RECEIVED))

    house.round()

    assert house.incident().aware_at == came
