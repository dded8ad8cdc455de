"""What holds for the whole folder: the start page, every link, every mail."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import html

from mailbot.demo.letters import ADDRESSES
from mailbot.demo.script import Script
from tests.demo.conftest import LONGEST, Folder, Played, sent_at, text_of

pytestmark = pytest.mark.timeout(LONGEST)

HANDLING_DESKS = frozenset({ADDRESSES["it"], ADDRESSES["ig"]})
STORIES = ("as-it-should-be", "when-it-goes-wrong")


def tree(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.fixture(scope="module")
def start(demo: Folder) -> html.HtmlElement:
    return demo.page("index.html")


def pages(demo: Folder) -> list[Path]:
    """Every page of the demo, without the bodies of its mails."""
    return [file for file in sorted(demo.root.rglob("*.html")) if not file.name.endswith(".body.html")]


@pytest.mark.parametrize("story", STORIES)
def test_every_mail_to_a_reader_of_a_story_is_linked_from_the_start_page(
    demo: Folder, start: html.HtmlElement, story: str
) -> None:
    linked = {str(one).partition("#")[0] for one in start.xpath("//@href")}
    assert {one for one in linked if one.startswith(f"{story}/mails/")} == {
        f"{story}/mails/{file.stem}.html" for file in (demo.root / story / "mails").glob("*.eml")
    }


@pytest.mark.parametrize("story", STORIES)
def test_the_clock_stands_beside_each_moment_until_the_decision(start: html.HtmlElement, story: str) -> None:
    moments = start.xpath(f"//section[@id='{story}']//ol/li/p[@class='at']")
    assert len(moments) > 20
    assert all(moment.xpath("time/@datetime") and moment.xpath("span[contains(@class, 'clock')]") for moment in moments)


def test_the_clock_counts_down_and_stops_at_the_decision(start: html.HtmlElement) -> None:
    said = start.xpath("//section[@id='as-it-should-be']//p[@class='at']/span/text()")
    left = [int(one.split()[0]) for one in said if "left" in one]
    assert left == sorted(left, reverse=True)
    assert left[0] == 71
    assert said[-1] == "ICO: told, in time"


def test_a_paragraph_stands_beside_what_the_bot_does(start: html.HtmlElement) -> None:
    steps = start.xpath("//ol//li[contains(@class, 'out')]")
    assert len(steps) > 100
    assert [one.text_content() for one in steps if not re.search(r"para \d", one.text_content())] == []


def test_every_link_leads_somewhere_when_the_folder_is_browsed(demo: Folder) -> None:
    for file in pages(demo):
        page = demo.page(file.relative_to(demo.root).as_posix())
        targets = [str(one).partition("#") for one in page.xpath("//@href | //@src")]
        assert targets
        assert not [path for path, _, _ in targets if path and not (file.parent / path).is_file()], file.name
        ids = set(page.xpath("//@id"))
        assert not [place for path, _, place in targets if not path and place not in ids], file.name


def test_a_page_has_one_heading_a_landmark_and_no_script(demo: Folder) -> None:
    for file in pages(demo):
        page = demo.page(file.relative_to(demo.root).as_posix())
        levels = [int(one.tag[1]) for one in page.xpath("//h1 | //h2 | //h3 | //h4")]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after - before <= 1 for before, after in pairwise(levels)), file.name
        assert len(page.xpath("//main")) == len(page.xpath("//nav[@aria-label]")) == 1
        assert page.get("lang") == "en-GB"
        assert not page.xpath("//script")
        assert not page.xpath("//iframe[not(@title)]")


def test_no_notice_names_the_people_affected_when_it_leaves_the_handling_desk(
    demo: Folder, scripts: dict[str, Script]
) -> None:
    for folder, script in scripts.items():
        mails = Folder(demo.root / folder).mails()
        named = [(str(mail["To"]), name) for mail in mails for name in script.affected if name in text_of(mail)]
        assert named, "the desks' own notices quote the report"
        assert {to for to, _ in named} <= HANDLING_DESKS, folder


def test_each_mail_has_one_reader_when_it_leaves(demo: Folder) -> None:
    every = demo.mails()
    assert len(every) > 400
    assert all(len(mail["To"].addresses) == 1 and not mail["Cc"] and not mail["Bcc"] for mail in every)


def test_no_mail_leaves_before_the_story_begins_or_after_it_ends(demo: Folder, scripts: dict[str, Script]) -> None:
    for folder, script in scripts.items():
        moments = [sent_at(mail) for mail in Folder(demo.root / folder).mails()]
        assert f"{script.begins:%m-%d %H:%M}" <= min(moments)
        assert max(moments) <= f"{script.ends:%m-%d %H:%M}"


def test_a_line_tells_of_each_thing_worth_it_while_the_stories_go_by(played: Played) -> None:
    lines = played.progress.read_text(encoding="utf-8").splitlines()
    assert "  Fri 20 Nov 17:42  DB2026001  Incident opened for the Information Governance Team" in "\n".join(lines)
    assert "  Sat 21 Nov 15:30  DB2026041  Priya Nand: decide ICO – reported" in lines
    assert lines[-1].endswith(f"Open {played.first / 'index.html'} in a browser.")
    assert len(lines) < 120
    assert max(map(len, lines[:-1])) <= 140


def test_the_folder_is_the_same_byte_for_byte_when_the_demo_is_run_again(played: Played) -> None:
    first, second = tree(played.first), tree(played.second)
    assert first.keys() == second.keys()
    assert [path for path, content in first.items() if second[path] != content] == []
