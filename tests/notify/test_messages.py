"""Every shipped message, written out as its reader gets it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from mailbot.incident import Incident
from mailbot.notify.compose import compose
from mailbot.notify.email import OutgoingEmail
from mailbot.notify.render import REPLY_MARKER, Rendered
from mailbot.notify.rules import NotifyRules
from mailbot.procedure.decision import Notice
from mailbot.terms import Role
from tests.notify.conftest import sources
from tests.notify.examples import example_email

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
NAMES = sorted(name.removesuffix(".md") for name in sources() if name.endswith(".md") and not name.startswith("_"))
ABOUT_NONE_ALONE = {"alarm", "flood_notice", "triage_digest", "triage_digest_urgent", "digest", "receipts"}
ABOUT_AN_INCIDENT = [name for name in NAMES if name not in ABOUT_NONE_ALONE]
BY_TEXT = {"on_call_notice", "on_call_noted"}
WITH_HTML = [name for name in NAMES if name not in BY_TEXT]


@pytest.mark.parametrize("name", NAMES)
def test_every_message_can_be_written(
    name: str, rules: NotifyRules, write: Callable[[OutgoingEmail], Rendered]
) -> None:
    mail = write(example_email(name, rules, NOW))

    assert mail.text.strip()
    assert not any(sign in mail.text + mail.subject for sign in ("{{", "{%", "&amp;", "**", "zzv", "](", "None"))
    assert "zzv" not in mail.html


@pytest.mark.parametrize("name", WITH_HTML)
def test_every_page_is_readable_by_all_and_loads_nothing(
    name: str, rules: NotifyRules, write: Callable[[OutgoingEmail], Rendered]
) -> None:
    html = write(example_email(name, rules, NOW)).html

    assert '<html lang="en-GB">' in html
    assert html.count("<h1") == 1
    assert "<title>" in html
    assert "width=device-width" in html
    assert not any(
        sign in html for sign in ("<img", "<link", "<script", "src=", "url(", "@import", "http://", "https://")
    )


@pytest.mark.parametrize("name", ABOUT_AN_INCIDENT)
def test_every_message_about_an_incident_names_it(
    name: str, rules: NotifyRules, write: Callable[[OutgoingEmail], Rendered]
) -> None:
    mail = write(example_email(name, rules, NOW))

    assert "DB2026014" in mail.subject
    assert "DB2026014" in mail.text


@pytest.mark.parametrize("name", WITH_HTML)
def test_every_message_says_why_its_reader_gets_it(
    name: str, rules: NotifyRules, write: Callable[[OutgoingEmail], Rendered]
) -> None:
    assert "You get this mail because" in write(example_email(name, rules, NOW)).text


def acknowledgement(
    incident: Incident, rules: NotifyRules, write: Callable[[OutgoingEmail], Rendered], name: str = "acknowledgement"
) -> str:
    notice = Notice(template=name, recipient=incident.reporter.address, role=Role.REPORTER, why="you reported it")
    return " ".join(write(compose((notice,), incident, rules, NOW, lambda: "1" * 32)[0]).text.split())


def test_an_acknowledgement_says_all_that_a_reporter_needs_at_two_in_the_morning(
    incident: Incident, rules: NotifyRules, write: Callable[[OutgoingEmail], Rendered]
) -> None:
    text = acknowledgement(incident, rules, write)

    for words in (
        "You did the right thing", "Its reference is DB2026014", "Ask them to delete it or send it back",
        "Keep the evidence", "Don't forward the data", "01632 960201", "01632 960300", "Tell your line manager",
        "When did it happen?", "That time ends on Monday 23 November 2026, 6:30pm", "you may stop",
    ):  # fmt: skip
        assert words in text
    assert REPLY_MARKER not in text


def test_an_acknowledgement_repeats_nothing_of_the_report(
    incident: Incident, rules: NotifyRules, write: Callable[[OutgoingEmail], Rendered]
) -> None:
    assert "care home" not in acknowledgement(incident, rules, write)


def test_an_acknowledgement_speaks_of_the_police_only_when_something_was_stolen(
    incident: Incident, rules: NotifyRules, write: Callable[[OutgoingEmail], Rendered]
) -> None:
    assert "ring 101" in acknowledgement(incident.but(stolen=True), rules, write)
    assert "ring 101" not in acknowledgement(incident, rules, write)


def test_an_acknowledgement_asks_nothing_when_nothing_is_missing(
    incident: Incident, rules: NotifyRules, write: Callable[[OutgoingEmail], Rendered]
) -> None:
    assert "still need to know" not in acknowledgement(incident.but(missing=()), rules, write)


def test_an_acknowledgement_sends_nobody_to_a_manager_who_may_be_involved(
    incident: Incident, rules: NotifyRules, write: Callable[[OutgoingEmail], Rendered]
) -> None:
    text = acknowledgement(incident.but(restricted=("data of staff",)), rules, write)

    assert "line manager" not in text
    assert "confidential" in text


def test_a_reporter_in_danger_is_told_to_ring_first(
    incident: Incident, rules: NotifyRules, write: Callable[[OutgoingEmail], Rendered]
) -> None:
    text = acknowledgement(incident.but(safety=("a child is missing",)), rules, write, "acknowledgement_safety")

    assert text.index("ring 999") < text.index("Keep the evidence")
    assert "Don't write to the people affected" in text
    assert "a child is missing" not in text


def reminder(
    incident: Incident, rules: NotifyRules, write: Callable[[OutgoingEmail], Rendered], due_at: datetime | None
) -> str:
    duties = tuple(duty.but(due_at=due_at) for duty in incident.duties)
    notice = Notice(
        template="reminder", recipient="dana.officer@council.example", role=Role.DPO, why="it is yours",
        duty_kind="decide_ico",
    )  # fmt: skip
    return " ".join(
        write(compose((notice,), incident.but(duties=duties), rules, NOW, lambda: "1" * 32)[0]).text.split()
    )


def test_a_reminder_says_by_when_how_long_is_left_and_how_to_answer(
    incident: Incident, rules: NotifyRules, write: Callable[[OutgoingEmail], Rendered]
) -> None:
    text = reminder(incident, rules, write, NOW + timedelta(hours=3))

    assert "by Saturday 21 November 2026, 12:30pm (3 hours left)" in text
    assert "ICO: not required, because …" in text
    assert text.startswith(REPLY_MARKER)


def test_a_reminder_turns_to_overdue_at_the_moment_itself(
    incident: Incident, rules: NotifyRules, write: Callable[[OutgoingEmail], Rendered]
) -> None:
    assert "Please do this by" in reminder(incident, rules, write, NOW + timedelta(minutes=1))
    assert "is now 2 hours overdue" in reminder(incident, rules, write, NOW - timedelta(hours=2))


def test_a_duty_without_a_number_in_law_shows_how_long_it_has_run(
    incident: Incident, rules: NotifyRules, write: Callable[[OutgoingEmail], Rendered]
) -> None:
    text = reminder(incident, rules, write, None)

    assert "It has been open for 14 hours" in text
    assert "Please do this as soon as you can" in text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "on_call_notice",
            "Urgent data incident DB2026014. Please ring 01632 960300 now. Then reply with one word: reached.",
        ),
        ("on_call_noted", "Thank you, noted for DB2026014. We stop ringing round."),
    ],
)
def test_an_urgent_address_gets_no_more_than_one_text_message_holds(
    name: str, text: str, rules: NotifyRules, write: Callable[[OutgoingEmail], Rendered]
) -> None:
    mail = write(example_email(name, rules, NOW))

    assert " ".join(mail.text.split()) == text
    assert len(mail.subject) + len(text) <= 160
    assert mail.html == ""
