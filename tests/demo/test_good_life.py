"""One incident as it should be: closed, each duty met in time, by nothing but mail that people answered."""

import pytest

from mailbot.demo.script import Script
from tests.demo.conftest import LONGEST, Folder, text_of

pytestmark = pytest.mark.timeout(LONGEST)

REFERENCE = "DB2026041"
PAGE = f"incidents/{REFERENCE}.html"


def test_every_duty_ends_in_time_when_everybody_answers(good_life: Folder) -> None:
    clocks = [cell.text_content() for cell in good_life.page(PAGE).xpath("//td[@data-label='Clock']")]
    assert len(clocks) > 20
    assert [clock for clock in clocks if not clock.startswith("Done ") or "late" in clock] == []


def test_the_incident_is_closed_when_the_support_officer_says_so_for_the_second_time(good_life: Folder) -> None:
    assert "Sofia Marlow is asked again: It cannot be closed yet" in good_life.text(PAGE)
    assert good_life.duty(REFERENCE, "Bring the incident log up to date and close the incident").endswith(
        "Sofia Marlow Done Tue 15 Dec, 10:10: closed"
    )


@pytest.mark.parametrize(
    ("title", "ended"),
    [
        ("Answer the questions that are still open", "the missing facts arrived"),
        ("Assess how severe the incident is", "Done Sat 21 Nov, 09:32: high"),
        ("Give your view on whether the ICO", "view given"),
        ("Give your view, for health and social care", "view given"),
        ("Decide whether the ICO must be told", "reported (in time"),
        ("Decide whether the people affected must be told", "notify"),
        ("Tell the people affected", "told"),
        ("Investigate the incident", "report returned (in time"),
        ("Sign the investigation report", "signed (in time"),
        ("Record the final status with the regulator", "recorded"),
    ],
)
def test_a_duty_ends_as_its_holder_answered(good_life: Folder, title: str, ended: str) -> None:
    assert ended in good_life.duty(REFERENCE, title)


def test_the_forms_of_the_bot_are_read_when_they_come_back_filled_in(good_life: Folder) -> None:
    told = good_life.text(PAGE)
    assert "Abel Tyne returns the investigation report with 3 recommendations" in told
    assert "high – Health and care details, but of one person only" in told


def test_one_recommendation_is_dropped_and_two_are_carried_out(good_life: Folder) -> None:
    told = good_life.text(PAGE)
    assert "Dev Lister accepts recommendation 1, 3 and rejects recommendation 2" in told
    assert "Priya Nand drops recommendation 2" in told
    assert "Mina Clough has carried out recommendation 1" in told
    assert "Abel Tyne has carried out recommendation 3" in told


def test_what_happened_stays_as_it_was_reported_when_a_summary_is_written(good_life: Folder) -> None:
    (row,) = good_life.page(PAGE).xpath("//tr[th[normalize-space()='description']]")
    assert "Data Incident Report Form.docx" in row.text_content()


def test_a_sign_off_shows_each_recommendation_with_its_owner_and_day(good_life: Folder) -> None:
    (asked,) = [one for one in good_life.mails("dev.lister") if "Please sign" in str(one["Subject"])]
    for words in ("Switch off the suggested addresses", "Mina Clough", "4 December 2026", "31 March 2027"):
        assert words in text_of(asked)


def test_nothing_is_chased_when_nobody_is_late(good_life: Folder) -> None:
    assert not [one["Subject"] for one in good_life.mails() if "needs you" in str(one["Subject"])]


def test_every_answer_came_through_the_bots_own_mailbox(good_life: Folder, scripts: dict[str, Script]) -> None:
    rows = good_life.page("mailboxes.html").xpath("//h2[starts-with(., 'BOT')]/following-sibling::table[1]/tbody/tr")
    answers = [row for row in rows if "own" not in row.get("class")]
    assert len(answers) == len(scripts["as-it-should-be"].answers)
    became = {row.xpath("td[@data-label='What became of it']")[0].text_content() for row in answers}
    assert became == {f"{REFERENCE}: handled"}
