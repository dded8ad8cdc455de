import json
from pathlib import Path

import pytest

from mailbot.examples import AT
from mailbot.jobs.marks import PAUSED
from mailbot.store import LedgerOutcome
from tests.cli.conftest import Shell
from tests.store import examples


def test_outbox_as_json_tells_neither_what_a_mail_says_nor_what_its_form_holds(filled: Shell) -> None:
    output = filled.run("outbox", "--json").stdout
    mails = json.loads(output)["mails"]

    assert ["DB2026014 incident report form.docx"] in [one["enclosures"] for one in mails]
    assert "stolen from my car" not in output
    assert all("values" not in one for one in mails)


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


@pytest.fixture
def with_mail_that_waits(filled: Shell) -> Shell:
    """Three received mails wait: one that was fetched, one that was decided on, one that the server refuses."""
    store = filled.store()
    with store.unit() as unit:
        for uid, outcome in enumerate((LedgerOutcome.RETRY, LedgerOutcome.HELD, LedgerOutcome.RETRY), 1):
            email_id = "e2" if outcome is LedgerOutcome.HELD else None
            unit.ledger.put(examples.entry(uid, outcome, because=f"reason {uid}", email_id=email_id))
        unit.kept.put(examples.raw(1, b"fetched\r\n"))
        unit.emails.add("e2", examples.raw(2, b"decided on\r\n"), examples.reading(), None)
    store.close()
    return filled


def test_received_mail_that_waits_is_listed_with_its_reason(with_mail_that_waits: Shell) -> None:
    shown = with_mail_that_waits.run("held").stdout

    assert [f"reason {uid}" in shown for uid in (1, 2, 3)] == [True] * 3
    assert "Saved" not in shown


def test_received_mail_that_waits_is_written_out_as_it_came_where_the_bot_has_it(
    with_mail_that_waits: Shell, tmp_path: Path
) -> None:
    folder = tmp_path / "new" / "saved"

    done = with_mail_that_waits.run("held", "--save", str(folder))

    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        "ig-INBOX-7-1.eml": b"fetched\r\n",
        "ig-INBOX-7-2.eml": b"decided on\r\n",
    }
    assert f"Saved: {folder}/ig-INBOX-7-1.eml" in done.stdout
    assert "Not saved: UID 3 was never fetched, it lies only in ig/INBOX." in done.stdout
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_mail_is_written_into_the_given_folder_whatever_its_folder_on_the_server_is_called(
    filled: Shell, tmp_path: Path
) -> None:
    raw = examples.raw().but(key=examples.key().but(folder="../../Störung/2026"))
    with filled.store().unit() as unit:
        unit.ledger.put(examples.entry(1, LedgerOutcome.RETRY).but(key=raw.key))
        unit.kept.put(raw)

    filled.run("held", "--save", str(tmp_path / "saved"))

    assert [path.name for path in (tmp_path / "saved").iterdir()] == ["ig-.._.._St_rung_2026-7-1.eml"]


def test_the_way_out_is_named_when_the_folder_cannot_be_written_to(with_mail_that_waits: Shell) -> None:
    done = with_mail_that_waits.run("held", "--save", "/dev/null/saved")

    assert done.exit_code == 1
    assert "mailbot: /dev/null/saved cannot be written to: Not a directory" in done.stderr


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
