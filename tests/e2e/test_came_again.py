"""The same report once more, by whatever way: joined, never doubled; and what only reads alike: never joined."""

from datetime import timedelta

import pytest

from mailbot.store import LedgerOutcome
from tests.e2e.mails import SHORT, WRONG_CARE_HOME, second_copy
from tests.house import DPO, IG_DESK, IT_DESK, SAM, SAMS_MANAGER, House, report, text_of

LETTER = "A letter was sent to the wrong address."
HEADING = (
    "-----Original Message-----\nFrom: Sam Porter <{writer}>\nSent: 20 November 2026 19:29\n"
    "To: data.protection@council.example\nSubject: Urgent Data Incident\n\n"
)
FOOTER = "\n\nThis email and any attachments are confidential and intended solely for the addressee."


def again(body: str = WRONG_CARE_HOME, number: int = 2, **headers: str) -> bytes:
    return report(body, message_id=f"<report-{number}@mail.council.example>", **headers)


def passed_on(body: str, sender: str, cover: str = "Please see below.", writer: str = SAM) -> bytes:
    return report(
        f"{cover}\n\n{HEADING.format(writer=writer)}{body}",
        sender=sender,
        subject="FW: Urgent Data Incident",
        message_id=f"<passed-on-{sender}>",
        date="Mon, 23 Nov 2026 10:00:00 +0000",
    )


@pytest.fixture
def known(house: House) -> House:
    """One report is in, and everybody was told."""
    house.deliver(report(WRONG_CARE_HOME))
    house.round()
    return house


def test_a_report_sent_once_more_joins_its_incident_and_the_desk_is_told(known: House) -> None:
    known.pass_by(timedelta(minutes=10))
    key = known.deliver(again())

    known.round()

    assert len(known.incident().originals) == 2
    assert known.templates_to(IG_DESK).count("came_again") == 1
    assert known.templates_to(IG_DESK).count("queue_notice") == 1
    with known.app.store.reading() as unit:
        entry = unit.ledger.entry(key)
    assert entry is not None
    assert (entry.outcome, entry.incident_id) == (LedgerOutcome.HANDLED, known.incident().id)


def test_its_reporter_learns_that_nothing_was_lost_when_they_send_it_once_more(known: House) -> None:
    known.deliver(again())

    known.round()

    assert known.templates_to(SAM) == ["acknowledgement", "already_reported"]
    assert "You may stop" in text_of(known.sent_to(SAM)[-1])


def test_nothing_but_its_places_changes_when_a_report_comes_once_more(known: House) -> None:
    before = known.incident()
    known.deliver(again())

    known.round()

    after = known.incident()
    assert after.but(originals=before.originals, version=before.version) == before


def test_the_history_says_that_it_came_again(known: House) -> None:
    known.deliver(again())

    known.round()

    with known.app.store.reading() as unit:
        actions = [entry.action for entry in unit.audit.of_incident(known.incident().id)]
    assert actions.count("reported again") == 1


@pytest.mark.parametrize("sender", [f"Jo Fenn <{SAMS_MANAGER}>", f"Sam Porter <{SAM}>"])
@pytest.mark.parametrize("body", [SHORT, WRONG_CARE_HOME])
def test_a_report_passed_on_later_joins_its_incident(house: House, sender: str, body: str) -> None:
    house.deliver(report(body))
    house.round()
    house.pass_by(timedelta(days=3))
    house.deliver(passed_on(body, sender))

    house.round()

    assert len(house.incident().originals) == 2
    assert "came_again" in house.templates_to(IG_DESK)


def test_a_report_passed_on_with_a_name_and_no_address_joins_by_its_date(known: House) -> None:
    mail = passed_on(WRONG_CARE_HOME, f"Jo Fenn <{SAMS_MANAGER}>").replace(
        b"From: Sam Porter <sam.porter@council.example>\r\nSent", b"From: Sam Porter\r\nSent"
    )
    known.deliver(mail)

    known.round()

    assert len(known.incident().originals) == 2


def test_somebody_elses_words_of_the_same_thing_are_an_incident_of_their_own(known: House) -> None:
    known.deliver(passed_on(WRONG_CARE_HOME, f"Jo Fenn <{SAMS_MANAGER}>", writer="asha.field@council.example"))

    known.round()

    assert len(known.incidents()) == 2


def test_a_copy_into_which_a_gateway_wrote_is_the_same_mail(known: House) -> None:
    known.deliver(second_copy(report(WRONG_CARE_HOME + FOOTER)), "it")

    known.round()

    assert len(known.incident().originals) == 2
    assert known.templates_to(IT_DESK) == ["queue_notice_copy"]
    assert known.templates_to(SAM) == ["acknowledgement"]


def test_a_marked_copy_in_the_same_mailbox_changes_nothing(known: House) -> None:
    before = known.incident()
    known.deliver(second_copy(report(WRONG_CARE_HOME + FOOTER)))

    known.round()

    assert known.incident() == before


def test_five_reports_in_the_same_words_are_five_incidents_each_shown_as_alike(house: House) -> None:
    people = ("sam.porter", "jo.fenn", "asha.field", "lin.moss", "pat.reed")
    for number, name in enumerate(people):
        house.deliver(again(LETTER, number, sender=f"{name}@council.example"))
        house.round()

    incidents = house.incidents()
    assert len(incidents) == 5
    assert [len(one.alike) for one in incidents] == [0, 1, 2, 3, 4]
    newest = text_of(house.sent_to(IG_DESK)[-1])
    assert all(f"It looks like {one.reference}:" in newest for one in incidents[:4])
    assert "told in the same words" in newest


def test_the_same_few_words_of_one_person_are_two_incidents(house: House) -> None:
    house.deliver(again(LETTER, 1))
    house.deliver(again(LETTER, 2))

    house.round()

    assert len(house.incidents()) == 2
    assert [one.reference for one in house.incidents()[1].alike] == ["DB2026001"]


def test_the_same_words_on_another_day_are_another_incident(known: House) -> None:
    known.pass_by(timedelta(days=2))
    known.deliver(again())

    known.round()

    assert len(known.incidents()) == 2


def test_nearly_the_same_words_are_shown_and_joined_to_nothing(house: House) -> None:
    house.deliver(again("The housing benefit letter of a tenant was sent to the wrong address in Elm Road", 1))
    house.deliver(
        again(
            "The housing benefit letter of a tenant was sent to an incorrect address in Elm Road",
            2,
            sender=SAMS_MANAGER,
        )
    )

    house.round()

    first, second = house.incidents()
    assert [one.reference for one in second.alike] == [first.reference]
    assert "nearly the same words" in second.alike[0].because


def test_what_lies_longer_than_a_month_ago_is_not_alike_any_more(house: House) -> None:
    house.deliver(again(LETTER, 1))
    house.round()
    house.pass_by(timedelta(days=31))
    house.deliver(again(LETTER, 2, sender=SAMS_MANAGER))

    house.round()

    assert house.incidents()[-1].alike == ()


def test_a_restricted_incident_is_named_to_nobody_as_alike(house: House) -> None:
    secret = (
        "Please treat this in confidence. A colleague deliberately looked up the record of her neighbour on Friday."
    )
    house.deliver(again(secret, 1))
    house.round()
    assert house.incident().restricted
    house.deliver(again(secret, 2, sender=SAMS_MANAGER))

    house.round()

    assert [one.alike for one in house.incidents()] == [(), ()]


def test_only_its_handler_hears_that_a_restricted_report_came_again(house: House) -> None:
    secret = "Please treat this in confidence. A colleague deliberately looked up the record of her neighbour.\nWhen did it happen: today, 5pm"
    house.deliver(again(secret, 1))
    house.deliver(again(secret, 2))

    house.round()

    assert len(house.incidents()) == 1
    assert "came_again" in house.templates_to(DPO)
    assert "came_again" not in house.templates_to(IG_DESK)


def test_a_report_is_known_again_after_a_crash_and_a_second_round(known: House) -> None:
    known.deliver(again())
    known.round()
    sent = len(known.sender.sent)

    known.round()

    assert len(known.sender.sent) == sent
