"""Drafts in a folder: files, what is in them, and what is not and why."""

import csv
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import pytest

from mailbot.errors import PressError
from mailbot.letter import Channel, Letter, Recipient
from mailbot.letters.letter_rules import LetterRules
from mailbot.letters.merge import Held, letters_of
from mailbot.press.drafts import Drafted, Drafts, safe
from mailbot.terms import Reference
from mailbot.testing import RecordingPress
from tests.letters.letters import DEV, MARGARET, MONDAY, ROSIE, WORDING, shipped_rules


def rules(batch: int = 100) -> LetterRules:
    file = shipped_rules().file
    return shipped_rules().but(file=file.but(limits=file.limits.but(batch=batch)))


def drafted(
    folder: Path, recipients: Sequence[Recipient], press: RecordingPress | None = None, *, batch: int = 0
) -> Drafted:
    drafts = Drafts(folder, rules(batch or 100), press or RecordingPress(), batch=bool(batch))
    return drafts.write(letters_of(recipients, WORDING, Reference("DB2026014"), MONDAY))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_each_letter_has_a_file_and_a_row_that_says_which(tmp_path: Path) -> None:
    done = drafted(tmp_path / "out", (MARGARET, ROSIE, DEV))

    listed = rows(tmp_path / "out" / "manifest.csv")
    assert [(one["letter"], one["row"], one["file"], one["pages"], one["channel"]) for one in listed] == [
        ("DB2026014-0001", "2", "DB2026014-0001.pdf", "1", "post"),
        ("DB2026014-0002", "3", "DB2026014-0002.pdf", "1", "post"),
        ("DB2026014-0003", "4", "DB2026014-0003.html", "", "email"),
    ]
    for one in listed:
        assert one["sha256"] == sha256((tmp_path / "out" / one["file"]).read_bytes()).hexdigest()
    assert done == Drafted(letters=3, files=3, pages=2, held=0)
    assert rows(tmp_path / "out" / "refused.csv") == []


def test_who_cannot_be_written_to_is_listed_with_the_reason_and_no_name(tmp_path: Path) -> None:
    recipients = (MARGARET.but(name="Zoë 字"), MARGARET, ROSIE.but(channel=Channel.TELEPHONE))

    done = drafted(tmp_path / "out", recipients)

    refused = rows(tmp_path / "out" / "refused.csv")
    assert [one["row"] for one in refused] == ["2", "3"]
    assert "字 (U+5B57" in refused[0]["reason"]
    assert "told by telephone" in refused[1]["reason"]
    assert "Zoë" not in (tmp_path / "out" / "refused.csv").read_text("utf-8")
    assert [one["letter"] for one in rows(tmp_path / "out" / "manifest.csv")] == ["DB2026014-0002"]
    assert (done.letters, done.held) == (1, 2)


def test_a_row_that_gave_no_letter_is_listed_with_the_others(tmp_path: Path) -> None:
    (letter,) = letters_of((MARGARET.but(row=3),), WORDING, Reference("DB2026014"), MONDAY)
    made: list[Letter | Held] = [Held("", 2, "there is no name"), letter]

    done = Drafts(tmp_path / "out", rules(), RecordingPress()).write(made)

    assert [(one["row"], one["reason"]) for one in rows(tmp_path / "out" / "refused.csv")] == [
        ("2", "there is no name")
    ]
    assert (done.letters, done.held) == (1, 1)


def test_a_batch_holds_as_many_letters_for_the_post_as_is_said_and_the_last_one_the_rest(tmp_path: Path) -> None:
    press = RecordingPress()

    done = drafted(tmp_path / "out", (*[MARGARET] * 3, DEV, *[ROSIE] * 2), press, batch=2)

    listed = rows(tmp_path / "out" / "manifest.csv")
    assert [one["file"] for one in listed if one["channel"] == "post"] == [
        "batch-0001.pdf", "batch-0001.pdf", "batch-0002.pdf", "batch-0002.pdf", "batch-0003.pdf",
    ]  # fmt: skip
    assert [len(one) for one in press.documents] == [2, 2, 1]
    assert done == Drafted(letters=6, files=4, pages=5, held=0)


def test_a_batch_of_which_nothing_can_be_printed_leaves_no_file(tmp_path: Path) -> None:
    press = RecordingPress()
    press.refuse("DB2026014-0001")

    done = drafted(tmp_path / "out", (MARGARET,), press, batch=2)

    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["manifest.csv", "refused.csv"]
    assert done == Drafted(held=1)


def test_what_is_there_is_never_overwritten(tmp_path: Path) -> None:
    drafted(tmp_path, (MARGARET,))

    with pytest.raises(PressError, match="letters in it already"):
        drafted(tmp_path, (ROSIE,))
    assert len(rows(tmp_path / "manifest.csv")) == 1


def test_only_its_owner_can_look_into_a_new_folder(tmp_path: Path) -> None:
    drafted(tmp_path / "out", (MARGARET,))

    assert (tmp_path / "out").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("cell", ["=1+1", "+44", "-2", "@x", "\tx", "\rx"])
def test_a_cell_that_a_spreadsheet_would_work_out_is_shown_instead(cell: str) -> None:
    assert safe(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["DB2026014-0001", "", 3, "it has 11 pages"])
def test_any_other_cell_is_left_as_it_is(cell: object) -> None:
    assert safe(cell) == str(cell)
