from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailbot.assessment import Classification
from mailbot.incident import Incident
from mailbot.notify.email import OutgoingEmail
from mailbot.notify.render import Rendered, render
from mailbot.notify.rules import DutyWords, Identity, NotifyRules
from mailbot.notify.templates import Templates, is_of_letter
from mailbot.notify.tokens import Tokens
from mailbot.organisation import Desk, Group, Organisation, StaffEntry
from mailbot.terms import Queue, Role
from tests.notify.examples import example_incident

FOLDER = Path(__file__).parents[2] / "templates"
SATURDAY = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)

PEOPLE = (
    ("alex.reporter", "Alex Reporter"),
    ("lin.manager", "Lin Manager"),
    ("gray.group", "Gray Group"),
    ("dana.officer", "Dana Officer"),
)


def sources() -> dict[str, str]:
    """The files of the bot's own messages."""
    return {path.name: path.read_text("utf-8") for path in FOLDER.iterdir() if not is_of_letter(path.name)}


@pytest.fixture(scope="session")
def templates() -> Templates:
    return Templates.from_sources(sources())


@pytest.fixture(scope="session")
def organisation() -> Organisation:
    return Organisation(
        council="Exampleshire County Council",
        domains=("council.example",),
        desks=(
            Desk(queue=Queue.IT, address="itservicedesk@council.example", phone="01632 960201", hours="8am to 6pm"),
            Desk(queue=Queue.IG, address="data.protection@council.example", phone="01632 960300"),
        ),
        roles={Role.DPO: "dana.officer@council.example"},
        groups=(
            Group(
                name="Safeguarding Adults",
                directorate="Adult Social Care",
                group_manager="gray.group@council.example",
                service_director="dana.officer@council.example",
            ),
        ),
        people={
            f"{local}@council.example": StaffEntry(address=f"{local}@council.example", name=name)
            for local, name in PEOPLE
        },
    )


@pytest.fixture(scope="session")
def identity() -> Identity:
    return Identity(name="Data incident mailbot", address="mailbot@council.example", council="Exampleshire")


@pytest.fixture(scope="session")
def rules(templates: Templates, organisation: Organisation, identity: Identity) -> NotifyRules:
    return NotifyRules(
        identity=identity,
        organisation=organisation,
        templates=templates,
        duties={
            "contain": DutyWords(
                title="Stop the incident from getting worse",
                ask=("Contained: yes, we asked …", "Contained: no, because …"),
                para="36",
            ),
            "decide_ico": DutyWords(
                title="Decide whether to tell the regulator",
                ask=("ICO: reported, 20 November 2026 4pm, reference …", "ICO: not required, because …"),
                para="70",
            ),
            "triage": DutyWords(title="Confirm the queue", ask=("Queue: confirmed", "Queue: refer to IT, because …")),
            "complete_report": DutyWords(title="Complete the report", ask=("Description: …",)),
        },
        questions={
            "occurred_at": "When did it happen?",
            "subjects": "How many people does it concern?",
            "actions": "What has been done so far?",
        },
        classifications={Classification.INCIDENT_TYPE: frozenset({"information sent to the wrong recipient"})},
    )


@pytest.fixture(scope="session")
def tokens(identity: Identity) -> Tokens:
    return Tokens(b"an example key of 32 bytes......", identity)


@pytest.fixture
def incident(rules: NotifyRules) -> Incident:
    return example_incident(rules, SATURDAY)


@pytest.fixture(scope="session")
def write(templates: Templates, tokens: Tokens) -> Callable[[OutgoingEmail], Rendered]:
    def written(email: OutgoingEmail) -> Rendered:
        return render(email, templates, tokens.reply_to(email), email.created_at)

    return written
