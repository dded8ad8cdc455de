"""What people see of a mail and make of it."""

from datetime import UTC, datetime
from random import Random

import pytest

from mailbot.rehearsal.seen import offers_in
from mailbot.rehearsal.words import Directory, finished, questionnaire
from mailbot.settings import Settings

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
HTML = """
<h2>What we ask of you</h2><h3>Stop it</h3>
<ul><li><a href="mailto:bot%2Bdb1-contain-code@council.example?subject=Re%3A%20incident%20%5BDB1%20code%5D&amp;body=Contained%3A%20yes%2C%20">Contained: yes, … (what you asked)</a></li></ul>
<p><a href="tel:01632960300">01632 960 300</a></p>
<h2>What else you can settle by reply</h2>
<a style="color: blue" href="mailto:bot@council.example?body=Group%3A%20%0D%0AActions%3A%20">tap here to answer them</a>
"""


@pytest.fixture
def directory(shipped: Settings) -> Directory:
    organisation = shipped.organisation
    return Directory(
        staff=tuple(organisation.people.values()),
        groups=tuple(one.name for one in organisation.groups),
        types=("Loss of paper",),
    )


def test_a_reader_sees_the_links_that_start_an_answer_under_their_headings() -> None:
    contained, questions = offers_in(HTML)

    assert (contained.label, contained.key, contained.under) == (
        "Contained: yes, … (what you asked)",
        "contained",
        "What we ask of you",
    )
    assert (contained.to, contained.subject) == ("bot+db1-contain-code@council.example", "Re: incident [DB1 code]")
    assert (questions.key, questions.body) == ("", "Group: \nActions: ")
    assert questions.under == "What else you can settle by reply"


def test_every_line_that_a_mail_offers_can_be_finished(shipped: Settings, directory: Directory) -> None:
    lines = [line for rule in shipped.procedure.duties for line in rule.every_ask]
    lines += [one.ask for one in shipped.procedure.answers if one.ask]

    for line in lines:
        said = finished(line, AT, directory, Random(1))
        assert not set("[]…") & set(said), line


@pytest.mark.parametrize(
    ("offered", "said"),
    [
        ("Queue: confirmed", "Queue: confirmed"),
        ("Done: [date]", "Done: 08 December 2026"),
        ("Seen: [date and time]", "Seen: 23 November 2026 09:00"),
        ("Group: [the group in which it happened]", "Group: Highways and Transport"),
    ],
)
def test_open_parts_are_said_as_their_hint_asks(offered: str, said: str, directory: Directory) -> None:
    plain = directory.model_copy(update={"groups": ("Highways and Transport",)})
    finished_line = finished(offered, AT, plain, Random(2))

    assert finished_line.partition(":")[0] == said.partition(":")[0]
    assert finished_line == said or offered == "Done: [date]"


def test_a_list_of_questions_is_answered_line_by_line(directory: Directory) -> None:
    plain = (
        "- Group: In which team, group or service did it happen?\n- Subjects: How many people are affected?\n\nThanks"
    )

    said = questionnaire("Group: \nSubjects: ", plain, AT, directory, Random(1)).splitlines()

    assert said[0].removeprefix("Group: ") in directory.groups
    assert said[1].removeprefix("Subjects: ").isdigit()
