"""The same mail again, in another mailbox or under another number; and mail from before the watch (DESIGN §9)."""

from datetime import datetime, timedelta

from mailbot.jobs.poll import poll_mailboxes
from mailbot.store import LedgerOutcome
from mailbot.terms import Queue
from tests.e2e.conftest import AnotherBot
from tests.e2e.mails import WRONG_CARE_HOME, second_copy
from tests.house import FRIDAY_EVENING, IG_DESK, IT_DESK, LONDON, SAM, House, report, text_of

MONDAY_MORNING = datetime(2026, 11, 23, 8, 5, tzinfo=LONDON)


def test_a_report_sent_to_both_mailboxes_is_one_incident_of_which_both_desks_are_told(house: House) -> None:
    house.deliver(second_copy(report(WRONG_CARE_HOME), b"one.council.example"), "ig")
    house.deliver(second_copy(report(WRONG_CARE_HOME), b"two.council.example"), "it")

    house.round()

    incident = house.incident()
    assert {one.mailbox for one in incident.originals} == {"ig", "it"}
    assert {incident.queue, *incident.also_tell} == {Queue.IT, Queue.IG}
    assert house.templates_to(SAM) == ["acknowledgement"]
    assert "queue_notice" in house.templates_to(IG_DESK)
    assert house.templates_to(IT_DESK) == ["queue_notice_copy"]


def test_the_second_mailboxs_copy_changes_nothing_when_it_comes_again_in_the_same_mailbox(house: House) -> None:
    house.deliver(report(WRONG_CARE_HOME))
    house.round()
    before = house.incident()
    house.deliver(second_copy(report(WRONG_CARE_HOME)))

    house.round()

    assert house.incident() == before
    assert house.templates_to(SAM) == ["acknowledgement"]


def test_a_copy_that_arrives_hours_later_in_the_other_mailbox_tells_the_other_desk(house: House) -> None:
    house.deliver(report(WRONG_CARE_HOME), "ig")
    house.round()
    house.pass_by(timedelta(hours=5))
    house.deliver(second_copy(report(WRONG_CARE_HOME)), "it")

    house.round()

    assert len(house.incident().originals) == 2
    assert "queue_notice_copy" in house.templates_to(IT_DESK)


def test_the_same_message_id_with_other_content_is_another_incident(house: House) -> None:
    house.deliver(report(WRONG_CARE_HOME))
    house.deliver(report("A laptop was stolen from my car."))

    house.round()

    assert [one.reference for one in house.incidents()] == ["DB2026001", "DB2026002"]


def test_nothing_is_new_when_the_server_numbers_the_folder_anew(house: House) -> None:
    house.deliver(report(WRONG_CARE_HOME))
    house.round()
    sent = len(house.sender.sent)
    house.mailboxes["ig"].renumber()

    house.round()
    house.round()

    assert len(house.incidents()) == 1
    assert len(house.sender.sent) == sent


def test_a_new_report_is_taken_in_when_it_comes_while_the_folder_is_numbered_anew(house: House) -> None:
    house.deliver(report(WRONG_CARE_HOME))
    house.poll()
    house.mailboxes["ig"].renumber()
    house.deliver(report("A laptop was stolen.", message_id="<report-2@mail.council.example>"))

    house.poll()

    assert len(house.incidents()) == 2


def test_a_waiting_message_is_taken_in_once_when_the_folder_is_numbered_anew_meanwhile(house: House) -> None:
    stuck = house.deliver(report(WRONG_CARE_HOME))
    house.mailboxes["ig"].refuse_message(stuck)
    house.poll()
    house.mailboxes["ig"]._refused.clear()
    house.mailboxes["ig"].renumber()
    house.pass_by(timedelta(hours=1))

    house.poll()
    house.poll()

    assert house.incident().reference == "DB2026001"
    with house.app.store.reading() as unit:
        assert unit.ledger.waiting() == ()


def waiting_before_the_watch(house: House, another_bot: AnotherBot) -> House:
    """A bot that has just been set up beside a mailbox in which a report lies for two days already."""
    house.deliver(report(WRONG_CARE_HOME), at=house.clock.now() - timedelta(days=2))
    return another_bot(house, empty=True)


def test_a_first_look_only_looks_when_reports_lie_there_already(house: House, another_bot: AnotherBot) -> None:
    new = waiting_before_the_watch(house, another_bot)

    new.round()
    new.round()

    assert new.incidents() == ()
    assert house.mailboxes["ig"].fetched == []
    with new.app.store.reading() as unit:
        assert len(unit.ledger.since(new.clock.now() - timedelta(days=3), (LedgerOutcome.BEFORE_WATCH,))) == 1


def test_the_morning_digest_lists_what_lay_there_before_the_watch(house: House, another_bot: AnotherBot) -> None:
    new = waiting_before_the_watch(house, another_bot)
    new.round()
    new.clock.set(MONDAY_MORNING)

    new.round()

    assert "Reports that lay there before the bot began" in text_of(new.sent_to(IG_DESK)[-1])


def test_what_lay_there_is_taken_in_when_the_operator_says_since_when(house: House, another_bot: AnotherBot) -> None:
    new = waiting_before_the_watch(house, another_bot)
    new.round()

    poll_mailboxes(new.app, since=new.clock.now() - timedelta(days=3))
    new.work()

    assert new.incident().received_at == FRIDAY_EVENING - timedelta(days=2)
    assert new.templates_to(SAM) == ["acknowledgement"]


def test_mail_from_before_that_moment_stays_unanswered_when_the_operator_says_since_when(
    house: House, another_bot: AnotherBot
) -> None:
    new = waiting_before_the_watch(house, another_bot)
    new.round()

    poll_mailboxes(new.app, since=new.clock.now() - timedelta(hours=47))

    assert new.incidents() == ()


def test_mail_from_before_the_watch_stays_unanswered_when_the_server_numbers_the_folder_anew(
    house: House, another_bot: AnotherBot
) -> None:
    new = waiting_before_the_watch(house, another_bot)
    new.round()
    house.mailboxes["ig"].renumber()

    new.round()

    assert new.incidents() == ()


def test_a_mail_of_the_very_second_in_which_the_watch_begins_is_answered(house: House, another_bot: AnotherBot) -> None:
    house.clock.pass_by(timedelta(microseconds=700_000))
    house.deliver(report(WRONG_CARE_HOME))

    new = another_bot(house, empty=True)
    new.poll()

    assert len(new.incidents()) == 1
