import json
import re
from datetime import UTC, datetime, timedelta

from mailbot.assessment import Repeat, RepeatCount, Same
from mailbot.examples import AT
from mailbot.incident import OriginalFile, Rating, Reporter
from mailbot.terms import Reference, Severity
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


def test_show_says_why_it_is_rated_and_counted_so(filled: Shell) -> None:
    said = filled.run("show", "DB2026014").stdout

    rated = next(line for line in said.splitlines() if line.startswith("Rated so:"))
    assert "people are named outright; " in rated
    assert "(not known: the careful value)" in rated
    for label, value in (
        ("Incident type", "Loss/theft of device containing personal data (proposed; equipment was stolen)"),
        ("Medium", "Laptop (proposed; a laptop or computer was lost, stolen or thrown away)"),
        ("Root cause", "Criminal Action (proposed; something was stolen)"),
    ):
        assert re.search(rf"^{label}: +{re.escape(value)}$", said, re.MULTILINE), label


def test_show_gives_the_passages_behind_the_reasons_only_when_asked(filled: Shell) -> None:
    passage = "because: “My work laptop was stolen from my car”"

    assert passage not in filled.run("show", "DB2026014").stdout
    assert filled.run("show", "DB2026014", "--report").stdout.count(passage) >= 4


def test_show_withholds_why_a_person_rated_it_so_unless_asked(filled: Shell) -> None:
    with filled.store().unit() as unit:
        incident = unit.incidents.by_reference("DB2026014")
        assert incident is not None
        said = Rating(
            severity=Severity.MEDIUM,
            at=AT,
            by="callum.reeve@council.example",
            provisional=False,
            reasons=("Ann is safe",),
        )
        unit.incidents.save(incident.but(ratings=(*incident.ratings, said)))

    assert "Ann is safe" not in filled.run("show", "DB2026014").stdout
    assert "Ann is safe" not in filled.run("show", "DB2026014", "--json").stdout
    assert "Ann is safe" in filled.run("show", "DB2026014", "--report").stdout


def test_show_names_no_reporter_from_outside_and_no_file_unless_asked(filled: Shell) -> None:
    with filled.store().unit() as unit:
        incident = unit.incidents.by_reference("DB2026014")
        assert incident is not None
        outside = Reporter(address="ann@home.example", name="Ann Other", outside=True)
        file = OriginalFile(name="Ann Other.docx", outcome="read")
        originals = tuple(one.but(sender="ann@home.example", files=(file,)) for one in incident.originals)
        unit.incidents.save(incident.but(reporter=outside, originals=originals))

    for words in ("ann@home.example", "Ann Other"):
        assert words not in filled.run("show", "DB2026014", "--json").stdout
        assert words in filled.run("show", "DB2026014", "--json", "--report").stdout


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
