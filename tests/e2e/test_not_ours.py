"""Mail that is none of ours is not fetched whole, flagged, moved or answered (DESIGN §2.3): people share the mailboxes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mailbot.mail import Handling
from mailbot.settings import Settings
from mailbot.store import LedgerOutcome
from tests.e2e.conftest import MakeHouse
from tests.e2e.mails import SHORT, with_attachment
from tests.house import SAM, House, report

LUNCH = report("Shall we have lunch on Thursday?", subject="Lunch", message_id="<lunch@mail.council.example>")
NEAR = report("Somebody sent it to me.", subject="Possible data breach?", message_id="<near@mail.council.example>")


def moving(settings: Settings) -> Settings:
    return settings.but(
        mailboxes=tuple(
            one.but(handled=Handling.MOVE, handled_target="Handled") if one.name == "ig" else one
            for one in settings.mailboxes
        )
    )


def flagging(settings: Settings) -> Settings:
    return settings.but(
        mailboxes=tuple(one.but(handled=Handling.FLAG, handled_target="$Incident") for one in settings.mailboxes)
    )


def test_peoples_mail_is_neither_fetched_nor_flagged_nor_answered(house: House) -> None:
    key = house.deliver(LUNCH)

    house.round()
    house.round()

    box = house.mailboxes["ig"]
    assert (box.fetched, box.peeked, box.flags(key)) == ([], [], frozenset())
    assert box.contents() == (LUNCH,)
    assert house.outbox() == ()
    with house.app.store.reading() as unit:
        assert unit.ledger.entry(key) is None


@pytest.mark.parametrize("change", [moving, flagging])
def test_peoples_mail_stays_where_it_is_when_reports_are_moved_or_flagged(
    new_house: MakeHouse, change: Callable[[Settings], Settings]
) -> None:
    house = new_house(change=change)
    lunch = house.deliver(LUNCH)
    house.deliver(report(SHORT))

    house.poll()

    assert LUNCH in house.mailboxes["ig"].contents()
    assert house.mailboxes["ig"].flags(lunch) == frozenset()


def test_a_report_is_moved_after_it_is_recorded_when_the_mailbox_says_so(new_house: MakeHouse) -> None:
    house = new_house(change=moving)
    house.deliver(report(SHORT))

    house.poll()

    assert house.mailboxes["ig"].contents() == ()
    assert house.mailboxes["ig"].contents("Handled") == (report(SHORT),)
    assert len(house.incidents()) == 1


def test_a_report_gets_the_configured_flag_and_never_seen_when_it_is_recorded(new_house: MakeHouse) -> None:
    house = new_house(change=flagging)
    key = house.deliver(report(SHORT))

    house.poll()

    assert house.mailboxes["ig"].flags(key) == {"$Incident"}


def test_a_near_miss_is_left_alone_and_noted_for_the_ig_team(house: House) -> None:
    key = house.deliver(NEAR)

    house.poll()

    assert house.mailboxes["ig"].fetched == []
    assert house.incidents() == ()
    with house.app.store.reading() as unit:
        entry = unit.ledger.entry(key)
    assert entry is not None
    assert entry.outcome is LedgerOutcome.NOT_OURS


def test_a_form_with_an_innocent_name_is_taken_in_by_its_content(house: House) -> None:
    form = next(Path("../shared/corpus").rglob("*.docx"), None) if Path("../shared/corpus").exists() else None
    if form is None:
        pytest.skip("the corpus of forms is not here")
    reports = [
        one for one in Path("../shared/corpus").rglob("*.docx") if house.app.reader.is_report_form(one.read_bytes())
    ]
    assert reports
    house.deliver(with_attachment("scan0001.docx", reports[0].read_bytes(), "See attached.", subject="As discussed"))

    house.poll()

    assert len(house.mailboxes["ig"].peeked) == 1
    assert len(house.mailboxes["ig"].fetched) == 1
    assert len(house.incidents()) == 1


def test_a_letter_with_an_innocent_name_is_looked_into_but_not_fetched(house: House) -> None:
    house.deliver(with_attachment("scan0001.docx", b"a plain letter", "See attached.", subject="As discussed"))

    house.poll()

    assert house.mailboxes["ig"].fetched == []
    assert house.incidents() == ()


def test_the_bots_own_mail_in_a_desks_mailbox_is_left_alone(house: House) -> None:
    house.deliver(report(SHORT))
    house.round()
    for mail in house.sender.sent:
        house.mailboxes["ig"].deliver(mail.content, house.clock.now())
    fetched = len(house.mailboxes["ig"].fetched)
    sent = len(house.sender.sent)

    house.round()

    assert len(house.mailboxes["ig"].fetched) == fetched
    assert len(house.incidents()) == 1
    assert len(house.sender.sent) == sent


def test_mail_that_only_claims_to_be_the_bots_own_is_a_report_all_the_same(house: House) -> None:
    house.deliver(report(SHORT, sender="mailbot@council.example", message_id="<0.0.1.aaaa@council.example>"))

    house.round()

    assert len(house.incidents()) == 1
    assert SAM not in {row.email.recipient for row in house.outbox()}
    assert "mailbot@council.example" not in {row.email.recipient for row in house.outbox()}


def test_everything_in_the_bots_own_mailbox_is_kept_for_a_person_when_nobody_knows_what_it_is(house: House) -> None:
    key = house.deliver(LUNCH, "bot")

    house.round()

    with house.app.store.reading() as unit:
        entry = unit.ledger.entry(key)
    assert entry is not None
    assert entry.outcome is LedgerOutcome.HELD
    assert house.outbox() == ()
