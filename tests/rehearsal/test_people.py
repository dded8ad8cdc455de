"""What people see of a mail and make of it."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from random import Random

import pytest

from mailbot.organisation import StaffEntry
from mailbot.parse.dates import understand_date
from mailbot.rehearsal.seen import offers_in, see
from mailbot.rehearsal.words import Directory, finished, questionnaire
from mailbot.settings import Settings
from tests.procedure.test_offered import Offered, offered, trouble

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


def test_a_reader_sees_the_texts_of_a_mail_that_encloses_a_file() -> None:
    message = EmailMessage()
    message["Subject"], message["Message-ID"] = "DB1: what happened?", "<db1.contain.1.code@council.example>"
    message.set_content("Waiting – since Friday.\n", cte="quoted-printable")
    message.add_alternative(HTML, subtype="html", cte="quoted-printable")
    message.add_attachment(b"not to be opened", maintype="application", subtype="octet-stream", filename="form.docx")

    seen = see(message.as_bytes(policy=SMTP))

    assert (seen.subject, seen.message_id) == ("DB1: what happened?", "<db1.contain.1.code@council.example>")
    assert seen.text == "Waiting – since Friday."
    assert seen.offers == offers_in(HTML)


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
        ("Group: [the group in which it happened]", "Group: Highways and Transport"),
        ("Line manager: [full name or email address]", "Line manager: Jo Fenn"),
        ("Copy to: [email address]", "Copy to: jo.fenn@council.example"),
    ],
)
def test_open_parts_are_said_as_their_hint_asks(offered: str, said: str, directory: Directory) -> None:
    jo = StaffEntry(address="jo.fenn@council.example", name="Jo Fenn")
    plain = directory.but(groups=("Highways and Transport",), staff=(jo,))

    assert finished(offered, AT, plain, Random(2)) == said


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize(
    "offered", ["People told: yes, [when, by whom, how they were told]", "ICO: reported, [date and time]"]
)
def test_what_was_done_was_done_before_it_is_said(offered: str, seed: int, directory: Directory) -> None:
    said = understand_date(finished(offered, AT, directory, Random(seed)).partition(",")[2], AT)

    assert said.at is not None
    assert AT - timedelta(days=2) < said.at < AT


@pytest.mark.parametrize("seed", range(10))
def test_one_of_the_words_between_brackets_is_chosen(seed: int, directory: Directory) -> None:
    said = finished("Medium: [Email, Letter, Paper or Verbal]", AT, directory, Random(seed))

    assert said.removeprefix("Medium: ") in {"Email", "Letter", "Paper", "Verbal"}


def test_a_list_of_questions_is_answered_line_by_line(directory: Directory) -> None:
    plain = (
        "- Group: In which team, group or service did it happen?\n- Subjects: How many people are affected?\n\nThanks"
    )

    said = questionnaire("Group: \nSubjects: ", plain, AT, directory, Random(1)).splitlines()

    assert said[0].removeprefix("Group: ") in directory.groups
    assert said[1].removeprefix("Subjects: ").isdigit()


@pytest.mark.parametrize("one", [one for one in offered() if not one.rows[0].reads], ids=lambda one: one.line[:40])
def test_what_people_write_is_what_the_mail_asked_for(one: Offered, directory: Directory) -> None:
    said = [finished(one.line, AT, directory, Random(seed)) for seed in range(40)]

    assert not {line: problem for line in said if (problem := trouble(line, one))}
