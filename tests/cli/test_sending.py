import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mailbot.examples import AT
from mailbot.jobs.marks import PAUSED
from mailbot.mail import Delivery, Outcome
from mailbot.store import LedgerOutcome, OutboxState
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


def problems_told(shell: Shell) -> dict[str, int]:
    """What the next digest says that waits for a person, and how often."""
    assert shell.run("digest").exit_code == 0
    with shell.store().reading() as unit:
        digest = next(row for row in unit.outbox.list() if row.email.template == "triage_digest")
    return {one["what"]: one["count"] for one in digest.email.values["problems"]}  # type: ignore[attr-defined]


def recent(shell: Shell) -> None:
    """Two received mails of today that a person must read."""
    now = datetime.now(UTC)
    with shell.store().unit() as unit:
        for uid in (2, 3):
            held = examples.entry(uid, LedgerOutcome.HELD, because=f"reason {uid}")
            unit.ledger.put(held.but(received_at=now, noted_at=now))


def test_a_received_mail_that_was_dealt_with_is_listed_and_counted_no_more(filled: Shell) -> None:
    recent(filled)
    before = problems_told(filled)

    done = filled.run("held", "--done", "ig/INBOX/7/2", "--because", "rang Ann Other")

    assert done.exit_code == 0, done.output
    assert "reason 2" not in filled.run("held").stdout
    assert "reason 3" in filled.run("held").stdout
    assert before["Mails that a person must read"] == 2
    assert problems_told(filled)["Mails that a person must read"] == 1


def test_why_a_mail_was_dealt_with_is_kept_in_the_history_and_nowhere_else(filled: Shell) -> None:
    recent(filled)

    filled.run("held", "--done", "ig/INBOX/7/2", "--because", "rang Ann Other")

    with filled.store().reading() as unit:
        entry = unit.audit.of_incident(None)[-1]
        left = unit.ledger.entry(examples.key(2))
    assert (entry.action, entry.by) == ("held mail dealt with", "operator")
    assert entry.details == {"mail": "ig/INBOX/7/2", "because": "rang Ann Other"}
    assert left is not None
    assert "Ann" not in left.because


@pytest.mark.parametrize("given_up", [False, True])
def test_a_mail_of_the_bot_that_was_dealt_with_is_never_sent(filled: Shell, given_up: bool) -> None:
    if given_up:
        with filled.store().unit() as unit:
            unit.outbox.release("2" * 32)
            claimed = unit.outbox.claim(AT + timedelta(days=1), "one", 9, timedelta(minutes=1))
            assert "2" * 32 in [row.email.id for row in claimed]
            unit.outbox.record("2" * 32, Delivery(outcome=Outcome.PERMANENT, code=550, text="no such person"), AT, None)

    assert filled.run("held", "--done", "2222", "--because", "rang her").exit_code == 0

    with filled.store().reading() as unit:
        row = unit.outbox.get("2" * 32)
        assert row is not None
        history = unit.audit.of_incident(row.email.incident_id)
    assert row.state is OutboxState.WITHDRAWN
    assert history[-1].details["because"] == "rang her"
    assert "22222222" not in filled.run("held").stdout


def test_a_mail_that_may_be_a_report_cannot_be_set_aside(with_mail_that_waits: Shell) -> None:
    done = with_mail_that_waits.run("held", "--done", "ig/INBOX/7/1", "--because", "it looks like nothing")

    assert done.exit_code == 1
    assert "may be a report" in done.stderr
    assert "reason 1" in with_mail_that_waits.run("held").stdout


@pytest.mark.parametrize("number", ["ig/INBOX/7/9", "f"])
def test_a_number_that_names_no_mail_is_said(filled: Shell, number: str) -> None:
    done = filled.run("held", "--done", number, "--because", "x")

    assert done.exit_code == 1
    assert f"0 mails that wait have the number '{number}'" in done.stderr


@pytest.mark.parametrize("given", [("--done", "2222"), ("--because", "x"), ("--done", "2222", "--because", " ")])
def test_what_is_done_needs_a_reason(filled: Shell, given: tuple[str, ...]) -> None:
    assert filled.run("held", *given).exit_code == 2
    assert "a value is missing" in filled.run("held").stdout


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
