"""One incident in which everything goes wrong: the bot says so each time, asks the next person, and ends honest."""

import pytest

from tests.demo.conftest import LONGEST, Folder, sent_at, text_of

pytestmark = pytest.mark.timeout(LONGEST)

REFERENCE = "DB2026042"
PAGE = f"incidents/{REFERENCE}.html"
OFF_FROM, UP_AGAIN = "11-24 16:30", "11-25 11:20"


def test_the_deputy_is_told_when_a_notice_bounces(gone_wrong: Folder) -> None:
    told = gone_wrong.text(PAGE)
    assert "Noel Birch was not reached: it could not be delivered" in told
    assert "Una Pickett is told instead of Noel Birch" in told
    (first, *_) = gone_wrong.mails("una.pickett")
    assert "please help to contain it" in str(first["Subject"])
    assert sent_at(first) == "11-20 21:06"


def test_the_deputy_is_told_when_an_automatic_reply_comes_back(gone_wrong: Folder) -> None:
    assert "Nadia Croft is told instead of Bea Winslow" in gone_wrong.text(PAGE)


def test_an_answer_is_held_and_changes_nothing_when_the_wrong_person_gives_it(gone_wrong: Folder) -> None:
    assert "An answer in the name of Leah Samson is held and changes nothing" in gone_wrong.text(PAGE)
    assert gone_wrong.duty(REFERENCE, "Stop any further harm").endswith("Done Mon 23 Nov, 09:40: contained")
    assert [one for one in gone_wrong.mails("data.protection") if "an answer was held" in str(one["Subject"])]


def test_an_unclear_answer_is_asked_again_when_it_is_none(gone_wrong: Folder) -> None:
    assert "Callum Reeve is asked again: The bot did not understand this answer" in gone_wrong.text(PAGE)
    assert "high" in gone_wrong.duty(REFERENCE, "Assess how severe the incident is")


def test_nothing_is_called_graver_when_a_person_rates_it_lower(gone_wrong: Folder) -> None:
    assert not [one for one in gone_wrong.mails() if "looks graver" in str(one["Subject"])]


def test_the_reasons_are_asked_for_when_the_regulator_was_told_late(gone_wrong: Folder) -> None:
    assert "Priya Nand is asked again: This comes after the time limit" in gone_wrong.text(PAGE)
    assert "reported (late, due Thu 19 Nov, 10:00)" in gone_wrong.duty(REFERENCE, "Decide whether the ICO must be told")


def test_what_was_due_in_an_outage_leaves_late_and_says_so(gone_wrong: Folder) -> None:
    every = gone_wrong.mails()
    assert not [sent_at(one) for one in every if OFF_FROM <= sent_at(one) < UP_AGAIN]
    late = [one for one in every if sent_at(one) == UP_AGAIN and REFERENCE in str(one["Subject"])]
    assert late
    assert all("This mail is late" in text_of(one) for one in late)


def test_nobody_answering_climbs_to_the_siro_when_no_lead_is_named(gone_wrong: Folder) -> None:
    asked = [one for one in gone_wrong.mails() if "Name an Incident Lead to investigate" in text_of(one)]
    stood_in = [one for one in gone_wrong.mails("gareth.holm") if "does not progress" in str(one["Subject"])]
    first: dict[str, str] = {}
    for mail in (*asked, *stood_in):
        first.setdefault(str(mail["To"].addresses[0].username), sent_at(mail))
    chain = ["nadia.croft", "tom.ashgrove", "priya.nand", "gareth.holm"]
    assert [name for name in first if name in chain] == chain
    assert [first[name] for name in chain] == ["11-23 10:10", "11-24 09:00", "11-26 09:00", "11-27 11:30"]


def test_a_rejected_recommendation_is_decided_by_the_dpo(gone_wrong: Folder) -> None:
    told = gone_wrong.text(PAGE)
    assert "Nadia Croft accepts recommendation 1 and rejects recommendation 2" in told
    assert "Priya Nand keeps recommendation 2" in told


def test_it_is_not_closed_and_says_what_is_open_when_the_story_ends(gone_wrong: Folder, demo: Folder) -> None:
    (ending,) = demo.page("index.html").xpath("//section[@id='when-it-goes-wrong']//p[starts-with(., 'Still open')]")
    assert "number 1) – Una Pickett, 2 days overdue" in ending.text_content().replace("48 hours", "2 days")
    assert "number 2) – Leah Samson" in ending.text_content()
    assert "Bring the incident log up to date" not in gone_wrong.text(PAGE)
