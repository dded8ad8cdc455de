import csv
from pathlib import Path

import pytest
from pypdf import PdfReader
from typer.testing import Result

from tests.cli.conftest import Shell


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_an_example_is_drafted_without_an_incident_or_secrets(shell: Shell, tmp_path: Path) -> None:
    shell.environ = {"MAILBOT_CONFIG": str(shell.home)}

    done = shell.run("--now", "2026-11-24T09:00", "letters", "draft", "--example", "--out", str(tmp_path / "out"))

    assert done.exit_code == 0, done.output
    assert "nothing was sent" in done.stdout
    listed = rows(tmp_path / "out" / "manifest.csv")
    assert {one["channel"] for one in listed} == {"post", "email"}
    first = PdfReader(tmp_path / "out" / listed[0]["file"])
    assert len(first.pages) == int(listed[0]["pages"])
    assert "24 November 2026" in first.pages[0].extract_text()
    assert all("DRAFT" in page.extract_text() for page in first.pages)


LISTED = """\
Name,Address line 1,Town,Postcode,Which data,Address confirmed by,Address confirmed on,Address confirmed from,Shoe size
Margaret Thorne,4 Larch Close,Exampleton,ne98 4xx,your name and address,Callum Reeve,23 November 2026,the electoral roll,5
Peter Vane,,,,your telephone number,Callum Reeve,23 November 2026,the electoral roll,9
"""


def draft_of(shell: Shell, tmp_path: Path, *arguments: str) -> Result:
    (tmp_path / "people.csv").write_text(LISTED, "utf-8")
    files = (
        "--recipients",
        str(tmp_path / "people.csv"),
        "--wording",
        str(shell.home / "config" / "letter_wording.toml"),
    )
    draft = ("letters", "draft", *arguments, *files, "--out", str(tmp_path / "out"))
    return shell.run("--now", "2026-11-24T09:00", *draft)


def test_a_list_is_merged_into_drafts_and_each_row_that_cannot_be_written_to_is_named(
    filled: Shell, tmp_path: Path
) -> None:
    done = draft_of(filled, tmp_path, "DB2026014")

    assert done.exit_code == 0, done.output
    [letter] = rows(tmp_path / "out" / "manifest.csv")
    page = PdfReader(tmp_path / "out" / letter["file"]).pages[0].extract_text()
    assert (letter["letter"], letter["row"], letter["channel"]) == ("DB2026014-0001", "2", "post")
    assert "Margaret Thorne" in page
    assert "Peter Vane" not in page
    assert {one["row"] for one in rows(tmp_path / "out" / "refused.csv")} == {"3"}
    assert "“Shoe size” is not read" in done.stderr


def test_an_incident_that_is_not_there_gets_no_letters(filled: Shell, tmp_path: Path) -> None:
    done = draft_of(filled, tmp_path, "DB2026099")

    assert done.exit_code == 2
    assert "there is no incident DB2026099" in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("arguments", [(), ("--example",), ("DB2026014", "--example")])
def test_letters_are_an_incidents_or_an_example(filled: Shell, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = draft_of(filled, tmp_path, *arguments)

    assert done.exit_code == 2
    assert not (tmp_path / "out").exists()


def test_a_batch_is_one_file_for_the_printer(shell: Shell, tmp_path: Path) -> None:
    done = shell.run("letters", "draft", "--example", "--batch", "--duplex", "--out", str(tmp_path / "out"))

    assert done.exit_code == 0, done.output
    listed = [one for one in rows(tmp_path / "out" / "manifest.csv") if one["channel"] == "post"]
    assert {one["file"] for one in listed} == {"batch-0001.pdf"}


def test_the_letters_say_what_the_wording_says(shell: Shell, tmp_path: Path) -> None:
    own = tmp_path / "wording.toml"
    shipped = (shell.home / "config" / "letter_wording.toml").read_text("utf-8")
    own.write_text(shipped.replace("A laptop was stolen from a car.", "A box of files fell off a van."), "utf-8")

    shell.run("letters", "draft", "--example", "--wording", str(own), "--out", str(tmp_path / "out"))

    page = next((tmp_path / "out").glob("*.html")).read_text("utf-8")
    assert "A box of files fell off a van." in page
    assert "A laptop was stolen" not in page


@pytest.mark.parametrize(
    ("right", "wrong", "problem"),
    [
        ('when = "', 'whem = "', "wording.toml: whem is not a setting; did you mean when?"),
        ('when = "', 'whem = "', "wording.toml: when is missing: add it"),
        ('"social_care"', '"social care"', "wording.toml: kinds[2] must be one of 'contact', 'financial'"),
        ('name = "Callum Reeve"', 'name = ""', "wording.toml: contact.name must not be empty"),
    ],
)
def test_a_mistake_in_the_wording_is_named(shell: Shell, tmp_path: Path, right: str, wrong: str, problem: str) -> None:
    own = tmp_path / "wording.toml"
    shipped = (shell.home / "config" / "letter_wording.toml").read_text("utf-8")
    assert right in shipped
    own.write_text(shipped.replace(right, wrong), "utf-8")

    done = shell.run("letters", "draft", "--example", "--wording", str(own), "--out", str(tmp_path / "out"))

    assert done.exit_code == 2
    assert problem in done.stderr
    assert not (tmp_path / "out").exists()


def test_where_no_letter_can_be_written_the_command_fails_and_says_where_the_reasons_are(
    shell: Shell, tmp_path: Path
) -> None:
    own = tmp_path / "wording.toml"
    shipped = (shell.home / "config" / "letter_wording.toml").read_text("utf-8")
    own.write_text(shipped.replace('phone = "01632 960 311"\n', ""), "utf-8")

    done = shell.run("letters", "draft", "--example", "--wording", str(own), "--out", str(tmp_path / "out"))

    assert done.exit_code == 1
    assert "refused.csv says why" in done.stderr
    reasons = {one["reason"] for one in rows(tmp_path / "out" / "refused.csv")}
    assert len(reasons) == 1
    assert "the telephone number of the person to ask (para 72" in reasons.pop()


def test_drafts_are_not_written_over_others(shell: Shell, tmp_path: Path) -> None:
    command = ("letters", "draft", "--example", "--out", str(tmp_path / "out"))
    shell.run(*command)

    done = shell.run(*command)

    assert done.exit_code == 1
    assert "name a new folder" in done.stderr


def test_the_letter_is_previewed_as_text_page_and_pdf(shell: Shell, tmp_path: Path) -> None:
    text = shell.run("preview", "letter")
    page = shell.run("preview", "letter", "--format", "html")
    pdf = shell.run("preview", "letter", "--format", "pdf", "--out", str(tmp_path / "letter.pdf"))

    assert text.stdout.startswith("DRAFT")
    assert "<h1" in page.stdout
    assert pdf.exit_code == 0, pdf.output
    assert (tmp_path / "letter.pdf").read_bytes().startswith(b"%PDF-")


def test_the_older_way_to_its_page_still_works(shell: Shell, tmp_path: Path) -> None:
    shell.run("preview", "letter", "--html", str(tmp_path / "letter.html"))

    assert "<h1" in (tmp_path / "letter.html").read_text("utf-8")


def test_a_pdf_is_not_thrown_at_the_terminal(shell: Shell) -> None:
    done = shell.run("preview", "letter", "--format", "pdf")

    assert done.exit_code == 1
    assert "--out FILE" in done.stderr
    assert "%PDF" not in done.stdout
