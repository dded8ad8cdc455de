"""The command `rehearse`, as an operator meets it."""

import json
from pathlib import Path

import pytest

from mailbot.rehearsal.kept import DUTIES
from tests.cli.conftest import Shell

TOTALS = (
    "incidents",
    "duties",
    "discharged",
    "escalated_to_end",
    "open",
    "forgotten",
    "doubled",
    "late_after_outage",
    "mails",
    "seconds",
)


@pytest.mark.timeout(300)
def test_a_rehearsal_needs_no_secret_touches_no_store_and_prints_its_totals(shell: Shell, tmp_path: Path) -> None:
    shell.environ = {"MAILBOT_CONFIG": shell.environ["MAILBOT_CONFIG"]}
    before = set(tmp_path.rglob("*"))
    kept = tmp_path / "kept"

    ended = shell.run(
        "--now", "2026-12-01T08:00", "rehearse", "--incidents", "1", "--days", "4", "--keep", str(kept), "--json"
    )

    totals = json.loads(ended.stdout)
    assert ended.exit_code == 0
    assert tuple(totals) == TOTALS
    assert (totals["incidents"], totals["forgotten"], totals["doubled"]) == (1, 0, 0)
    assert len((kept / DUTIES).read_text("utf-8").splitlines()) == totals["duties"]
    assert {path for path in tmp_path.rglob("*") if kept not in (path, *path.parents)} == before


def test_a_folder_with_something_in_it_is_not_written_to(shell: Shell) -> None:
    ended = shell.run("rehearse", "--keep", str(shell.home))

    assert ended.exit_code == 2
    # The message stands in a box, which breaks its lines where they end.
    assert "is not empty" in " ".join(ended.output.replace("│", " ").split())
