import json
from datetime import UTC, datetime, timedelta

from mailbot.assessment import Repeat, RepeatCount, Same
from mailbot.examples import AT
from mailbot.terms import Reference
from tests.cli.conftest import Shell

NOW = ("--now", "2026-11-21T09:00")


def test_list_shows_what_is_due_next_in_london_time(filled: Shell) -> None:
    done = filled.run(*NOW, "list")

    assert done.exit_code == 0, done.output
    line = done.stdout.splitlines()[1]
    assert line.startswith("DB2026014  20 Nov 2026 19:30  IT")
    assert "left" in line
    assert all(len(one) <= 100 for one in done.stdout.splitlines())


def test_list_names_nobody(filled: Shell) -> None:
    for output in (filled.run("list").stdout, filled.run("list", "--json").stdout):
        assert "sam.porter" not in output
        assert "laptop" not in output


def test_list_as_json_is_one_array(filled: Shell) -> None:
    found = json.loads(filled.run("list", "--json").stdout)

    assert [one["reference"] for one in found] == ["DB2026014"]
    assert found[0]["queue"] == "it"
    assert "decide_ico" in found[0]["open_duties"]


def test_list_keeps_to_one_desk_when_asked(filled: Shell) -> None:
    assert "DB2026014" in filled.run("list", "--queue", "it").stdout
    assert filled.run("list", "--queue", "ig").stdout == "No incidents.\n"
    assert filled.run("list", "--queue", "hr").exit_code == 2


def test_show_tells_times_duties_and_history(filled: Shell) -> None:
    done = filled.run(*NOW, "show", "db2026014")

    assert done.exit_code == 0, done.output
    assert "IT Service Desk (not confirmed)" in done.stdout
    assert "20 November 2026, 6:50pm (discovered)" in done.stdout
    assert "decide ico" in done.stdout
    assert "opened, by mailbot" in done.stdout


def test_show_leaves_out_what_was_reported_unless_asked(filled: Shell) -> None:
    assert "stolen from my car" not in filled.run("show", "DB2026014").stdout
    assert "Ann Other" not in filled.run("show", "DB2026014", "--json").stdout
    assert "stolen from my car" not in filled.run("show", "DB2026014", "--json").stdout
    assert "stolen from my car" in filled.run("show", "DB2026014", "--report").stdout
    assert "Ann Other" in filled.run("show", "DB2026014", "--report", "--json").stdout


def test_show_names_what_went_before_and_why(filled: Shell) -> None:
    since = datetime(2025, 11, 20, tzinfo=UTC)
    with filled.store().unit() as unit:
        incident = unit.incidents.by_reference("DB2026014")
        assert incident is not None
        before = Repeat(
            reference=Reference("DB2026003"), received_at=AT - timedelta(days=30), same=(Same.TEAM, Same.TYPE)
        )
        count = RepeatCount(
            same=Same.TYPE, count=2, since=since, newest=(Reference("DB2026003"), Reference("DB2026002"))
        )
        unit.incidents.save(incident.but(repeats=(before,), repeat_counts=(count,)))

    said = " ".join(filled.run("show", "DB2026014").stdout.split())
    assert "DB2026003 of 21 October 2026 (the same team, the same type of incident)" in said
    assert "2 earlier incidents of the same type since 20 November 2025, the newest DB2026003, DB2026002" in said


def test_show_says_so_when_there_is_no_such_incident(filled: Shell) -> None:
    done = filled.run("show", "DB2026999")

    assert done.exit_code == 1
    assert "there is no incident DB2026999" in done.stderr


def test_a_database_without_tables_is_named_with_what_to_do(shell: Shell) -> None:
    done = shell.run("list")

    assert done.exit_code == 1
    assert "run `mailbot migrate`" in done.stderr


def test_migrate_makes_the_database_ready_and_may_run_twice(shell: Shell) -> None:
    assert shell.run("migrate").exit_code == 0
    assert shell.run("migrate").exit_code == 0
    assert shell.run("list").stdout == "No incidents.\n"
