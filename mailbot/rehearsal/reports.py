"""Who reports what when in a rehearsed year: mails as the council's own staff, and people outside it, write them."""

import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Literal, NamedTuple

from mailbot.notify.words import LONDON
from mailbot.organisation import Organisation, StaffEntry
from mailbot.rehearsal.letters import OUTSIDE, Letter
from mailbot.rehearsal.plan import DAY, Plan
from mailbot.value import Value

STORIES = Path(__file__).with_name("reports.toml")
PLACES = (
    "a care home", "a former address", "another family", "the wrong solicitor", "a supplier", "a school", "the town library",
    "the leisure centre", "a neighbour", "the railway station", "a housing office", "the market", "a clinic", "a bus depot",
)  # fmt: skip
FIRST = ("Ada", "Ben", "Cleo", "Dan", "Edie", "Fay", "Gil", "Hal", "Ines", "Jem", "Kay", "Lou")
LAST = ("Arden", "Bolt", "Crane", "Dray", "Elms", "Frost", "Gorse", "Holt", "Ives", "Judd")
EVENING, MORNING = 17, 8
OUT_OF_HOURS = 0.6
QUIET_END = 2 * DAY
"""The last reports still get their first answers before the rehearsal ends."""


class Story(Value):
    """A row of reports.toml."""

    share: int
    text: str
    told: int
    to: Literal["it", "ig"]
    who: Literal["staff", "outside"] = "staff"


class Report(NamedTuple):
    """A report as it arrives, and in which desk's mailbox ("it" or "ig")."""

    letter: Letter
    to: str


def draw_reports(plan: Plan, organisation: Organisation) -> list[Report]:
    """So many reports as are planned, in order of time; no two alike, so that each opens an incident of its own."""
    stories = tuple(Story.model_validate(one) for one in tomllib.loads(STORIES.read_text("utf-8"))["reports"])
    reporters = [one for one in organisation.people.values() if one.group]
    reports = []
    for number in range(plan.first, plan.first + plan.incidents):
        chance = plan.chance("report", number)
        story = chance.choices(stories, [one.share for one in stories])[0]
        reports.append(_report(plan, organisation, story, chance.choice(reporters), number=number, chance=chance))
    return sorted(reports, key=lambda one: (one.letter.at, one.letter.name))


def _report(
    plan: Plan, organisation: Organisation, story: Story, reporter: StaffEntry, *, number: int, chance: Random
) -> Report:
    at = _moment(plan, chance)
    outside = story.who == "outside"
    name = f"{chance.choice(FIRST)} {chance.choice(LAST)}" if outside else reporter.name
    address = f"{name.lower().replace(' ', '.')}.{number}@{OUTSIDE}" if outside else reporter.address
    desk = next(one for one in organisation.desks if one.queue.value == story.to)
    letter = Letter(
        name=f"rehearsed-report-{plan.seed}-{number}",
        sender=address,
        sender_name=name,
        to=desk.address,
        subject="Urgent Data Incident",
        text=_text(story, reporter, at, organisation, number=number, chance=chance),
        at=at,
    )
    return Report(letter, story.to)


def _moment(plan: Plan, chance: Random) -> datetime:
    span = max(plan.ends - QUIET_END - plan.begins, timedelta(hours=1))
    at = plan.begins + chance.random() * span
    local = at.astimezone(LONDON)
    if chance.random() < OUT_OF_HOURS and MORNING <= local.hour < EVENING:
        at += timedelta(hours=9)
    return min(at, plan.begins + span).replace(second=0, microsecond=0)


def _text(
    story: Story, reporter: StaffEntry, at: datetime, organisation: Organisation, *, number: int, chance: Random
) -> str:
    """The story in its reporter's words, with some of the form's questions answered below it."""
    happened = at.astimezone(LONDON) - timedelta(hours=chance.randint(1, 70), minutes=chance.randint(0, 59))
    noticed = min(happened + timedelta(hours=chance.randint(0, 20)), at.astimezone(LONDON))
    place = f"{chance.choice(PLACES)} in {chance.choice(LAST)} {chance.choice(('Road', 'Street', 'Lane', 'Way'))}"
    said = story.text.format(
        number=f"{chance.randint(100, 999)}-{number}", place=place, group=chance.choice(organisation.groups).name
    )
    manager = organisation.staff(reporter.line_manager)
    answers = {
        "Group": reporter.group,
        "Line manager": manager.name if manager else "not known",
        "Date of incident": f"{happened:%d %B %Y}",
        "Time of incident": f"{happened:%H:%M}",
        "When was it discovered": f"{noticed:%d %B %Y} {noticed:%H:%M}",
        "How many people are affected": str(chance.choice((1, 1, 2, 5, 30, 120))),
        "What kind of data": chance.choice(
            ("names and addresses", "health records", "bank details", "email addresses")
        ),
        "Who was involved": chance.choice(("me", "somebody in my team", "not known")),
        "What has been done to contain it": chance.choice(("we asked for it back", "nothing yet", "it was deleted")),
        "Telephone": reporter.phone or "01632 960 000",
    }
    told = [f"{label}: {answer}" for label, answer in list(answers.items())[: story.told]]
    return "\n".join(["Hello,", "", said, "", *told, "", reporter.name if story.who == "staff" else "Yours sincerely"])
