"""What ``mailbot check`` finds, with doubles in place of the servers."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mailbot import checks, resources
from mailbot.app import App, build
from mailbot.checks import Finding, check_alive, check_all
from mailbot.jobs.marks import FAILING, PAUSED, POLLED, TICKED
from mailbot.ports import Clock
from mailbot.settings import Settings, load_settings
from mailbot.store import Store
from mailbot.testing import FixedClock, InMemoryMailbox, RecordingSender

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
"""A Saturday."""

SECRETS = {
    "MAILBOT_KEYS": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
    "MAILBOT_TOKEN_KEY": "t" * 40,
    "MAILBOT_BLIND_KEY": "b" * 40,
    "MAILBOT_SMTP_PASSWORD": "x",
    "MAILBOT_PASSWORD_IT": "x",
    "MAILBOT_PASSWORD_IG": "x",
    "MAILBOT_PASSWORD_BOT": "x",
}


class NoReader:
    """Stands where nothing is read."""

    def close(self) -> None: ...


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    shutil.copytree(resources.shipped() / "config", tmp_path / "config")
    return load_settings(tmp_path, SECRETS)


@pytest.fixture
def store(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The migrated database; whatever a check builds talks to doubles."""
    mailboxes = {one.name: InMemoryMailbox(one.name, folders=one.folders) for one in settings.mailboxes}

    def with_doubles(settings: Settings, clock: Clock) -> App:
        return build(settings, clock, mailboxes=mailboxes, sender=RecordingSender(), reader=NoReader())  # type: ignore[arg-type]

    monkeypatch.setattr(checks, "build", with_doubles)
    app = with_doubles(settings, FixedClock(NOW))
    app.store.migrate()
    return app.store


Spoil = Callable[[Store], None]


def by_layer(findings: list[Finding]) -> dict[str, Finding]:
    return {one.layer: one for one in findings}


def test_every_layer_says_something_when_all_is_well(settings: Settings, store: Store) -> None:
    found = list(check_all(settings, FixedClock(NOW)))

    assert [one.layer for one in found if not one.ok] == []
    assert {
        "configuration",
        "templates",
        "calendar",
        "database",
        "mailbox it",
        "smtp",
        "audit chain",
        "open duties",
        "sending",
    } <= set(by_layer(found))


def test_the_database_is_named_when_it_was_not_migrated(settings: Settings, store: Store, tmp_path: Path) -> None:
    elsewhere = settings.but(store=settings.store.but(url=f"sqlite:///{tmp_path / 'new.db'}"))

    found = by_layer(list(check_all(elsewhere, FixedClock(NOW))))

    assert not found["database"].ok
    assert found["database"].advice == "run `mailbot migrate`"
    assert "audit chain" not in found


def test_paused_sending_is_a_failure_that_names_the_way_out(settings: Settings, store: Store) -> None:
    with store.unit() as unit:
        unit.marks.put(PAUSED, "yes", NOW)

    found = by_layer(list(check_alive(settings, FixedClock(NOW), timedelta(minutes=10))))

    assert not found["sending"].ok
    assert "resume" in found["sending"].advice


@pytest.mark.parametrize(("minutes", "ok"), [(0, True), (10, True), (11, False), (600, False)])
def test_rounds_fail_when_the_last_one_is_older_than_the_limit(
    settings: Settings, store: Store, minutes: int, ok: bool
) -> None:
    with store.unit() as unit:
        for name in (TICKED, POLLED + "it", POLLED + "ig", POLLED + "bot"):
            unit.marks.put(name, "", NOW - timedelta(minutes=minutes))

    found = by_layer(list(check_alive(settings, FixedClock(NOW), timedelta(minutes=10))))

    assert {one.ok for name, one in found.items() if name.startswith("rounds") or name == "duties"} == {ok}


def test_rounds_fail_for_a_monitor_when_there_was_none_yet(settings: Settings, store: Store) -> None:
    assert not by_layer(list(check_alive(settings, FixedClock(NOW), timedelta(minutes=10))))["rounds it"].ok
    assert by_layer(list(check_all(settings, FixedClock(NOW))))["rounds it"].ok


def test_a_mailbox_that_cannot_be_read_is_named_with_its_reason(settings: Settings, store: Store) -> None:
    with store.unit() as unit:
        unit.marks.put(POLLED + "ig", "", NOW)
        unit.marks.put(FAILING + "ig", "the server refused the password", NOW)

    found = by_layer(list(check_all(settings, FixedClock(NOW))))

    assert not found["rounds ig"].ok
    assert "refused the password" in found["rounds ig"].text


def test_pictures_are_left_to_people_and_no_fault_is_found_when_nothing_reads_them(
    settings: Settings, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "tesseract", str)
    finding = by_layer(list(check_all(settings, FixedClock(NOW))))["pictures"]

    assert finding.ok
    assert "people must open scans" in finding.text
    assert "tesseract-ocr" in finding.advice


def test_a_letter_that_leaves_out_what_it_must_say_fails_the_check_with_the_part(
    settings: Settings, store: Store
) -> None:
    folder = settings.folder.parent / "templates"
    folder.mkdir()
    shipped = (resources.shipped() / "templates" / "letter.md").read_text("utf-8")
    (folder / "letter.md").write_text(
        shipped.replace("{% for paragraph in consequences %}", "{% for paragraph in () %}")
    )

    found = {one.layer: one for one in check_all(load_settings(settings.folder, SECRETS), FixedClock(NOW))}

    assert not found["letters"].ok
    assert "does not say what it could lead to (para 72" in found["letters"].text
    assert found["letters"].advice


def test_a_page_that_cannot_be_printed_fails_the_check(settings: Settings, store: Store) -> None:
    broken = settings.but(letters=settings.letters.but(layout=settings.letters.layout + "#nosuchthing"))

    found = {one.layer: one for one in check_all(broken, FixedClock(NOW))}

    assert not found["letters"].ok
    assert "templates/letter.typ" in found["letters"].text
