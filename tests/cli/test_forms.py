from pathlib import Path

from mailbot.examples import STORY
from mailbot.intake.email import Document
from mailbot.parse.document import read_document
from tests.cli.conftest import Shell


def answers_in(shell: Shell, file: Path) -> dict[str, str]:
    paper = Document(number=0, name=file.name, type="docx", content=file.read_bytes())
    reading = read_document(paper, shell.settings().form)
    assert reading.is_form
    return {row.field: row.answer for row in reading.rows if row.answer}


def test_form_writes_a_blank_form_that_is_read_as_empty(shell: Shell, tmp_path: Path) -> None:
    done = shell.run("form", str(tmp_path / "form.docx"))

    assert done.exit_code == 0, done.output
    assert answers_in(shell, tmp_path / "form.docx") == {}


def test_form_fills_in_what_was_told_of_an_incident(filled: Shell, tmp_path: Path) -> None:
    done = filled.run("form", str(tmp_path / "form.docx"), "--incident", "db2026014")

    assert done.exit_code == 0, done.output
    assert answers_in(filled, tmp_path / "form.docx")["description"] == STORY


def test_form_says_so_when_there_is_no_such_incident(filled: Shell, tmp_path: Path) -> None:
    done = filled.run("form", str(tmp_path / "form.docx"), "--incident", "DB2026999")

    assert done.exit_code == 1
    assert "there is no incident DB2026999" in done.output
    assert not (tmp_path / "form.docx").exists()


def test_form_says_what_to_add_when_the_council_has_none_of_its_own(shell: Shell, tmp_path: Path) -> None:
    rules = tmp_path / "config" / "form.toml"
    rules.write_text(rules.read_text("utf-8").partition("\n[own]")[0], "utf-8")

    done = shell.run("form", str(tmp_path / "form.docx"))

    assert done.exit_code == 1
    assert "[own]" in done.output
