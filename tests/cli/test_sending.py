import json

import pytest

from mailbot.examples import AT
from mailbot.jobs.marks import PAUSED
from tests.cli.conftest import Shell


def test_outbox_counts_and_lists_mails(filled: Shell) -> None:
    done = filled.run("outbox")

    assert done.exit_code == 0, done.output
    assert "1 held" in done.stdout
    assert "1 waiting" in done.stdout
    assert "a value is missing" in done.stdout


def test_outbox_shows_one_state_when_asked(filled: Shell) -> None:
    mails = json.loads(filled.run("outbox", "--state", "held", "--json").stdout)["mails"]

    assert [one["template"] for one in mails] == ["dpo_notice"]
    assert "values" not in mails[0]
    assert filled.run("outbox", "--state", "lost").exit_code == 2


def test_a_held_mail_waits_again_when_it_is_released(filled: Shell) -> None:
    assert "22222222" in filled.run("held").stdout

    assert filled.run("release", "2222").exit_code == 0

    assert json.loads(filled.run("outbox", "--json").stdout)["counts"]["waiting"] == 2


def test_nothing_is_released_when_the_number_fits_none(filled: Shell) -> None:
    done = filled.run("release", "abc")

    assert done.exit_code == 1
    assert "0 held mails begin with 'abc'" in done.stderr


def test_pause_and_resume_are_kept_in_the_database(filled: Shell) -> None:
    filled.run("pause")
    with filled.store().reading() as unit:
        assert unit.marks.get(PAUSED)

    filled.run("resume")
    with filled.store().reading() as unit:
        assert unit.marks.get(PAUSED) is None


@pytest.mark.parametrize("command", [("pause",), ("tick",), ("digest",), ("poll",), ("release", "2222")])
def test_now_is_refused_when_a_command_writes_and_the_store_is_no_rehearsal(
    filled: Shell, command: tuple[str, ...]
) -> None:
    done = filled.run("--now", "2026-11-23T08:00", *command)

    assert done.exit_code == 1
    assert "--now is refused" in done.stderr


def test_now_is_taken_when_the_store_is_a_rehearsal(shell: Shell) -> None:
    store = shell.store()
    store.migrate()
    store.mark_rehearsal(AT)
    store.close()

    assert shell.run("--now", "2026-11-23T08:00", "pause").exit_code == 0


def test_run_goes_by_the_real_time_only(filled: Shell) -> None:
    assert filled.run("--now", "2026-11-23T08:00", "run").exit_code == 2
