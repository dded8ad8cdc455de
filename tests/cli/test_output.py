import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.cli.logs import MaskingFormatter
from mailbot.cli.output import WIDTH, print_facts, print_line, print_table


def test_a_table_fits_a_hundred_columns_when_a_cell_is_long(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("Reference", "Why"), [("DB2026014", "because " * 40)], "None.")

    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= WIDTH
    assert lines[1].startswith("DB2026014  because")
    assert lines[1].endswith("…")


def test_a_table_without_rows_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("Reference",), [], "No incidents.")

    assert capsys.readouterr().out == "No incidents.\n"


@given(st.lists(st.tuples(st.text(), st.text(), st.text()), min_size=1, max_size=5))
def test_no_cell_breaks_its_row_or_moves_the_cursor(rows: list[tuple[str, str, str]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        printed: list[str] = []
        patch.setattr("mailbot.cli.output.typer.echo", printed.append)
        print_table(("One", "Two", "Three"), rows, "None.")

    assert len(printed) == len(rows) + 1
    assert all(line.isprintable() and len(line) <= WIDTH for line in printed)


def test_facts_without_a_value_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    print_facts([("Desk", "IT Service Desk"), ("Closed", "")])

    assert capsys.readouterr().out == "Desk: IT Service Desk\n"


@pytest.mark.parametrize(
    ("written", "masked"),
    [
        ("sent to sam.porter@council.example", "sent to s…@council.example"),
        ("<o'neil+x@mail.council.example>, a@b.example", "<o…@mail.council.example>, a…@b.example"),
        ("no address here @ all", "no address here @ all"),
    ],
)
def test_addresses_are_masked_in_the_log(written: str, masked: str) -> None:
    record = logging.LogRecord("mailbot", logging.INFO, "", 0, "%s", (written,), None)

    assert MaskingFormatter("%(message)s").format(record) == masked


def test_a_line_keeps_its_columns_but_no_control_characters(capsys: pytest.CaptureFixture[str]) -> None:
    print_line("20 Nov  opened\x1b[2J by \rsomebody")

    assert capsys.readouterr().out == "20 Nov  opened [2J by  somebody\n"
